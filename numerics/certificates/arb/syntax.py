"""Statement trees as typed nodes: every operation, arity and sort is checked here, once.

.. math:: \\{\\text{"op"}: \\text{"Add"}, \\text{"args"}: [\\ldots]\\} \\mapsto
          \\text{Node}(\\text{"Add"}, \\text{"scalar"}, \\ldots)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import fmpq

from numerics.certificates.arb.outcome import Malformed, shown
from numerics.certificates.arb.reader import keys, list_of, rational, text_of

SCALAR, VECTOR, MATRIX, CONDITION = "scalar", "vector", "matrix", "condition"
PAIR, PIECE = "pair", "piece"
RELATIONS = {
    "Equality": "eq",
    "Unequality": "ne",
    "LessThan": "le",
    "StrictLessThan": "lt",
    "GreaterThan": "ge",
    "StrictGreaterThan": "gt",
}
_UNARY = "exp log Abs sign tanh sinh cosh sin cos atan erf"
_MANY = (1, 10**6)
# operation: (its sort, the sorts of its arguments in order or the one sort of all, arity)
_TABLE: dict[str, tuple[str, tuple[str, ...] | str, tuple[int, int]]] = {
    **{n: (SCALAR, SCALAR, (1, 1)) for n in _UNARY.split()},
    **{n: (SCALAR, SCALAR, _MANY) for n in ("Add", "Mul", "Max", "Min")},
    **{n: (CONDITION, SCALAR, (2, 2)) for n in RELATIONS},
    "Pow": (SCALAR, SCALAR, (2, 2)),
    "Piecewise": (SCALAR, PIECE, _MANY),
    "ExprCondPair": (PIECE, (SCALAR, CONDITION), (2, 2)),
    "And": (CONDITION, CONDITION, _MANY),
    "Or": (CONDITION, CONDITION, _MANY),
    "Not": (CONDITION, CONDITION, (1, 1)),
    "Norm": (SCALAR, (VECTOR, SCALAR), (2, 2)),
    "Dot": (SCALAR, VECTOR, (2, 2)),
    "PeakSlope": (SCALAR, VECTOR, (2, 2)),
    "VectorSum": (VECTOR, PAIR, (0, 10**6)),
    "Ones": (VECTOR, VECTOR, (0, 0)),
    "Unit": (VECTOR, VECTOR, (1, 1)),
    "Sign": (VECTOR, VECTOR, (1, 1)),
    "Peak": (VECTOR, VECTOR, (1, 1)),
    "AbsPower": (VECTOR, (VECTOR, SCALAR), (2, 2)),
    "Hadamard": (VECTOR, VECTOR, _MANY),
    "MatrixSum": (MATRIX, PAIR, (0, 10**6)),
    "Outer": (MATRIX, VECTOR, (2, 2)),
    "Diag": (MATRIX, VECTOR, (1, 1)),
    "InOrthant": (CONDITION, VECTOR, (2, 2)),
    "ZeroComponent": (CONDITION, VECTOR, (1, 1)),
    "TiedPeak": (CONDITION, VECTOR, (1, 1)),
}
PROBE = "t''"  # the bound variable of a support function
_NAMED = ("oo", "-oo", "pi", "E", "nan")
FACTS = frozenset(["real", "extended_real", "finite", "commutative", "complex"])
SIGNS = frozenset(["positive", "nonnegative", "negative", "nonpositive", "nonzero"])


@dataclass(frozen=True, eq=False, slots=True)
class Node:
    """One operation: ``data`` is the number or name of a leaf, ``names`` the variables inside."""

    op: str
    sort: str
    args: tuple[Node, ...] = ()
    data: Any = None
    names: frozenset[str] = frozenset()


def parse(tree: Any, where: str) -> Node:
    """The node of a JSON tree; the nesting is already known to be shallow."""
    if isinstance(tree, str):
        return Node("number", SCALAR, data=rational(tree, where))
    if not isinstance(tree, dict):
        raise Malformed(f"{where}: expected an object or a number in quotes, got {shown(tree)}")
    for key, reader in _READERS.items():
        if key in tree:
            return reader(tree, where)
    raise Malformed(f"{where}: expected one of {', '.join(_READERS)}")


def scalar(tree: Any, where: str) -> Node:
    """A node of sort scalar."""
    return of_sort(parse(tree, where), SCALAR, where)


def of_sort(node: Node, sort: str, where: str) -> Node:
    """The node itself, once it has the expected sort."""
    if node.sort != sort:
        raise Malformed(f"{where}: expected a {sort}, got the {node.sort} {node.op}")
    return node


def _truth(tree: Any, where: str) -> Node:
    if type(keys(tree, {"truth"}, where)["truth"]) is not bool:
        raise Malformed(f"{where}: expected truth to be true or false")
    return Node("truth", CONDITION, data=tree["truth"])


def _number(tree: Any, where: str) -> Node:
    name = keys(tree, {"number"}, where)["number"]
    if name not in _NAMED:
        raise Malformed(f"{where}: expected one of {', '.join(_NAMED)}, got {shown(name)}")
    return Node("named", SCALAR, data=name)


def _name(tree: Any, key: str, where: str) -> str:
    name = text_of(tree[key], where)
    if key == "vector" and name == PROBE:
        return name
    if not name.strip() or any(mark in name for mark in "'[]") or len(name) > 200:
        raise Malformed(f"{where}: expected a name without primes and brackets, got {shown(name)}")
    return name


def _variable(key: str, sort: str) -> Any:
    def read(tree: Any, where: str) -> Node:
        name = _name(keys(tree, {key}, where), key, where)
        return Node(key, sort, data=(name, key), names=frozenset((name,)))

    return read


def _symbol(tree: Any, where: str) -> Node:
    name = _name(keys(tree, {"symbol", "assume"}, where), "symbol", where)
    assume = tree["assume"]
    if not isinstance(assume, dict) or any(type(v) is not bool for v in assume.values()):
        raise Malformed(f"{where}: expected assumptions that are true or false")
    known = (name, "symbol", tuple(sorted(assume.items())))
    return Node("symbol", SCALAR, data=known, names=frozenset((name,)))


def _operation(tree: Any, where: str) -> Node:
    name = keys(tree, {"op", "args"}, where)["op"]
    trees = list_of(tree["args"], where)
    if name == "Tuple":
        return _pair(trees, where)
    if not isinstance(name, str) or name not in _TABLE:
        raise Malformed(f"{where}: expected a known operation, got {shown(name)}")
    sort, sorts, (least, most) = _TABLE[name]
    if not least <= len(trees) <= most:
        raise Malformed(f"{where}: expected another number of arguments of {name}")
    wanted = (sorts,) * len(trees) if isinstance(sorts, str) else sorts
    args = tuple(of_sort(parse(t, where), s, where) for t, s in zip(trees, wanted, strict=True))
    _check_sum(name, args, where)
    return Node(name, sort, args, names=_names(args))


def _pair(trees: list[Any], where: str) -> Node:
    if len(trees) != 2:
        raise Malformed(f"{where}: expected a pair of a coefficient and a term")
    args = (scalar(trees[0], where), parse(trees[1], where))
    if args[1].sort not in (VECTOR, MATRIX):
        raise Malformed(f"{where}: expected a vector or a matrix after its coefficient")
    return Node("Tuple", PAIR, args, names=_names(args))


def _check_sum(name: str, args: tuple[Node, ...], where: str) -> None:
    wanted = {"VectorSum": VECTOR, "MatrixSum": MATRIX}.get(name)
    if wanted and any(pair.args[1].sort != wanted for pair in args):
        raise Malformed(f"{where}: expected every term of {name} to be a {wanted}")


def _names(args: tuple[Node, ...]) -> frozenset[str]:
    return frozenset().union(*(a.names for a in args))


_READERS = {
    "truth": _truth,
    "number": _number,
    "label": _variable("label", SCALAR),
    "vector": _variable("vector", VECTOR),
    "signs": _variable("signs", VECTOR),
    "symbol": _symbol,
    "op": _operation,
}


def nodes(*roots: Node) -> list[Node]:
    """Every node below the roots, the roots included."""
    found, waiting = [], list(roots)
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting += node.args
    return found


def constant(node: Node) -> fmpq | None:
    """The exact number that a leaf is, or None."""
    return node.data if node.op == "number" else None


def conjuncts(node: Node) -> list[Node]:
    """The parts of a conjunction, or the condition itself."""
    return [c for a in node.args for c in conjuncts(a)] if node.op == "And" else [node]
