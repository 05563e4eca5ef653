"""A claim as typed nodes: its variables, its hypotheses, and what kind of statement it makes.

.. math:: \\forall\\, \\text{variables}: \\quad \\text{given} \\Rightarrow \\text{holds}
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from flint import fmpq

from numerics.certificates.arb.outcome import Malformed, Rejected, shown
from numerics.certificates.arb.reader import keys
from numerics.certificates.arb.syntax import (
    CONDITION,
    FACTS,
    MATRIX,
    PROBE,
    SCALAR,
    SIGNS,
    VECTOR,
    Node,
    nodes,
    of_sort,
    parse,
)

MAX_DIMENSION = 16
PAIRS = ("Lipschitz", "Smooth", "Convex")
_FIELDS = {
    "Equal": ("left", "right"),
    "Lipschitz": ("f", "wrt", "constant"),
    "Smooth": ("f", "wrt", "constant"),
    "Differentiable": ("f", "wrt"),
    "Convex": ("f", "wrt"),
    "Maximizes": ("point", "objective", "wrt", "over"),
    "Not": ("statement",),
}


@dataclass(frozen=True)
class AttackSet:
    """A ball of exponent p and a radius, or a support function of the probe vector."""

    p: Node | None
    radius: Node | None
    support: Node | None

    @property
    def roots(self) -> list[Node]:
        """The nodes inside."""
        return [n for n in (self.p, self.radius, self.support) if n is not None]


@dataclass(frozen=True)
class Statement:
    """``kind`` is "condition" or the name of a statement; ``parts`` its fields."""

    kind: str
    parts: dict[str, Any]
    given: tuple[Node, ...]
    dimensions: tuple[int, ...] | None
    variables: dict[str, Node] = field(default_factory=dict)

    def named(self, *ops: str) -> list[str]:
        """The free variables of the given kinds, sorted by name."""
        return sorted(n for n, v in self.variables.items() if v.op in ops)

    @property
    def wrt(self) -> str | None:
        """The name of the variable of a derivative, a pair or a maximisation."""
        node = self.parts.get("wrt")
        return None if node is None else node.data[0]

    @property
    def roots(self) -> list[Node]:
        """Every node of the hypotheses and the statement."""
        return [*self.given, *_roots(self.parts.values())]


def read_statement(tree: Any) -> Statement:
    """The typed form of the statement of a certificate."""
    given = tuple(of_sort(parse(g, "given"), CONDITION, "given") for g in tree["given"])
    kind, parts = _holds(tree["holds"], "holds")
    plain = Statement(kind, parts, given, _dimensions(tree["dimensions"]))
    return Statement(kind, parts, given, plain.dimensions, _variables(plain))


def _dimensions(value: Any) -> tuple[int, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not value or any(type(d) is not int for d in value):
        raise Malformed(f"dimensions: expected null or a list of integers, got {shown(value)}")
    if any(d < 1 for d in value) or sorted(set(value)) != value:
        raise Malformed("dimensions: expected increasing integers >= 1")
    if value[-1] > MAX_DIMENSION:
        raise Rejected(f"a dimension is larger than {MAX_DIMENSION}, the most this program checks")
    return tuple(value)


def _holds(tree: Any, where: str) -> tuple[str, dict[str, Any]]:
    if not isinstance(tree, dict) or "kind" not in tree:
        return "condition", {"condition": of_sort(parse(tree, where), CONDITION, where)}
    kind = tree["kind"]
    if not isinstance(kind, str) or kind not in _FIELDS:
        raise Malformed(f"{where}: expected a kind of statement, got {shown(kind)}")
    keys(tree, {"kind", *_FIELDS[kind]}, where)
    parts = {name: _field(kind, name, tree[name], f"{where}: {name}") for name in _FIELDS[kind]}
    if kind == "Equal" and parts["left"].sort != parts["right"].sort:
        raise Malformed(f"{where}: expected two vectors or two matrices")
    return kind, parts


def _field(kind: str, name: str, tree: Any, where: str) -> Any:
    if name == "over":
        return _attack_set(tree, where)
    if name == "statement":
        if isinstance(tree, dict) and tree.get("kind") == "Not":
            raise Malformed(f"{where}: expected a statement inside Not, got another Not")
        return _holds(tree, where)[1]
    if name == "constant" and tree is None:
        return None
    node = parse(tree, where)
    if name == "wrt":
        if node.op not in ("vector", "symbol") or (kind == "Maximizes" and node.op != "vector"):
            raise Malformed(f"{where}: expected a vector or a real symbol")
        return node
    allowed = {
        "left": (VECTOR, MATRIX),
        "right": (VECTOR, MATRIX),
        "point": (VECTOR,),
        "f": (SCALAR, VECTOR) if kind == "Lipschitz" else (SCALAR,),
    }.get(name, (SCALAR,))
    if node.sort not in allowed:
        raise Malformed(f"{where}: expected a {' or a '.join(allowed)}, got a {node.sort}")
    return node


def _attack_set(tree: Any, where: str) -> AttackSet:
    if isinstance(tree, dict) and "support" in tree:
        keys(tree, {"support"}, where)
        return AttackSet(None, None, of_sort(parse(tree["support"], where), SCALAR, where))
    keys(tree, {"ball", "radius"}, where)
    p, radius = (of_sort(parse(tree[k], where), SCALAR, where) for k in ("ball", "radius"))
    return AttackSet(p, radius, None)


def _roots(values: Iterable[Any]) -> list[Node]:
    found: list[Node] = []
    for value in values:
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, AttackSet):
            found += value.roots
        elif isinstance(value, dict):
            found += _roots(value.values())
    return found


def _variables(statement: Statement) -> dict[str, Node]:
    """The free variables by name; one name has one meaning."""
    found: dict[str, Node] = {}
    for node in nodes(*statement.roots):
        if node.op in ("label", "signs", "vector", "symbol"):
            other = found.setdefault(node.data[0], node)
            if other.data != node.data:
                raise Malformed(f"expected one variable called {shown(node.data[0])}, got two")
    _check_bound(statement)
    inner = statement.parts.get("statement", statement.parts)
    if "over" in inner:
        found.pop(inner["wrt"].data[0], None)
        found.pop(PROBE, None)
    return found


def _check_bound(statement: Statement) -> None:
    """What a statement binds does not occur where it is not bound."""
    parts = statement.parts
    constant = parts.get("constant")
    if constant is not None and statement.wrt in constant.names:
        raise Malformed("holds: expected a constant that does not depend on wrt")
    if statement.kind == "Maximizes":
        bound = {statement.wrt, PROBE}
        over = parts["over"]
        if any(bound & g.names for g in (parts["point"], *statement.given)):
            raise Malformed("holds: expected a point and hypotheses that do not depend on wrt")
        outside = over.roots if over.support is None else [parts["objective"]]
        if any(PROBE in n.names for n in outside) or statement.wrt in _names(over.roots):
            raise Malformed("holds: expected an attack set that does not depend on wrt")


def _names(roots: Iterable[Node]) -> frozenset[str]:
    return frozenset().union(*(r.names for r in roots))


def sign_of_assumptions(symbol: Node) -> tuple[bool, bool]:
    """(at least 0, at most 0) as far as the assumptions of a symbol say; others are refused."""
    facts = dict(symbol.data[2])
    for fact, truth in facts.items():
        if fact not in FACTS | SIGNS or not truth:
            raise Rejected(f"the assumption {shown(fact)} is not one that this program understands")
    lower = any(facts.get(f) for f in ("positive", "nonnegative"))
    return lower, any(facts.get(f) for f in ("negative", "nonpositive"))


def admits(symbol: Node, value: fmpq) -> bool:
    """Whether a number satisfies the assumptions of a symbol."""
    sign_of_assumptions(symbol)
    truths = {
        "positive": value > 0,
        "nonnegative": value >= 0,
        "negative": value < 0,
        "nonpositive": value <= 0,
        "nonzero": value != 0,
    }
    return all(truths.get(fact, True) for fact, _ in symbol.data[2])
