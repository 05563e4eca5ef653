"""From a JSON tree to the object of a claim: a closed table of constructors, no eval.

.. math:: \\{\\text{"op"}: \\text{"Add"}, \\text{"args"}: [\\text{"1/2"}, \\dots]\\}
          \\mapsto \\tfrac12 + \\dots

A stranger's tree is bounded in size, depth and exponents before SymPy sees it; what SymPy then
makes of it may still take long, which is for the clock of the caller.

>>> decode({"op": "Add", "args": ["1/2", {"symbol": "t", "assume": {"real": True}}]})
t + 1/2
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal
from typing import Any

import sympy
from sympy import Basic, Rational, Symbol, Tuple
from sympy.core.symbol import Str

from theory import directional, hypotheses, kink_sets, matrices, scalars, statements, vectors
from theory.attack_sets import AttackSet, NormBall
from theory.attack_sets.support_function import PROBE

_RELATIONS = ["Equality", "Unequality", "LessThan", "GreaterThan"]
_RELATIONS += ["StrictLessThan", "StrictGreaterThan"]
_NAMES = """Add Mul Pow exp log Abs sign Max Min Piecewise ExprCondPair tanh sinh cosh sin cos atan
erf And Or Not"""
_SYMPY = [*_NAMES.split(), *_RELATIONS]
_OURS = {
    vectors: "VectorSum Ones Unit Sign Peak AbsPower Hadamard",
    scalars: "Norm Dot",
    matrices: "MatrixSum Outer Diag",
    hypotheses: "InOrthant",
    kink_sets: "ZeroComponent TiedPeak",
    directional: "PeakSlope",
}
_STATEMENTS = "Equal Lipschitz Smooth Differentiable Convex Maximizes Not"
NAMED = {"oo": sympy.oo, "-oo": -sympy.oo, "pi": sympy.pi, "E": sympy.E, "nan": sympy.nan}
CONSTRUCTORS: dict[str, Any] = {
    **{n: getattr(sympy, n, None) for n in _SYMPY},
    "ExprCondPair": sympy.functions.elementary.piecewise.ExprCondPair,
    "Tuple": Tuple,
    **{n: getattr(module, n) for module, names in _OURS.items() for n in names.split()},
}
_WORDS = """positive negative nonnegative nonpositive nonzero zero real finite integer noninteger
    even odd rational irrational algebraic transcendental prime composite complex hermitian
    commutative extended_real extended_positive extended_negative extended_nonnegative
    extended_nonpositive extended_nonzero"""
_ASSUMPTIONS = frozenset(_WORDS.split())
_KEYS = {
    "truth": {"truth"},
    "number": {"number"},
    "label": {"label"},
    "vector": {"vector"},
    "signs": {"signs"},
    "symbol": {"symbol", "assume"},
    "ball": {"ball", "radius"},
    "support": {"support"},
    "op": {"op", "args"},
}
_NUMBER = re.compile(r"(-?[0-9]+)(?:/([0-9]+))?")
MAX_DEPTH, MAX_NODES, MAX_DIGITS = 100, 50_000, 10_000
MAX_EXPONENT, MAX_BITS = 1_000, 100_000  # of a power, and of the number that it may come to


class Malformed(ValueError):
    """The JSON does not describe a claim; the message says where and what was expected."""


def decode(tree: Any) -> Any:
    """The object of a JSON tree; anything outside the table is refused."""
    try:
        return _Reader().read(tree, 0)
    except RecursionError:
        raise Malformed("expected a statement that is nested less deeply") from None


class _Reader:
    """One reading: counts the nodes, so that a small file stays a small statement."""

    def __init__(self) -> None:
        self.nodes = 0

    def read(self, tree: Any, depth: int) -> Any:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            limit = f"{MAX_NODES} parts, nested at most {MAX_DEPTH} levels deep"
            raise Malformed(f"expected a statement of at most {limit}")
        if tree is None or isinstance(tree, bool):
            return tree
        if isinstance(tree, str):
            return _number(tree)
        if isinstance(tree, list):
            return tuple(self.read(t, depth + 1) for t in tree)
        if not isinstance(tree, dict):
            raise Malformed(f"expected an object, a list or a number in quotes, got {_shown(tree)}")
        return self._object(tree, depth + 1)

    def _object(self, tree: dict[str, Any], depth: int) -> Any:
        if "kind" in tree:
            return self._statement(tree, depth)
        key = next((k for k in _KEYS if k in tree), None)
        if key is None:
            raise Malformed(f"expected one of kind, {', '.join(_KEYS)}, got {_shown(sorted(tree))}")
        expect_keys(tree, _KEYS[key], key)
        if key in ("ball", "support", "op"):
            return self._composite(key, tree, depth)
        return checked(key, lambda: _LEAVES[key](tree))

    def _composite(self, key: str, tree: dict[str, Any], depth: int) -> Any:
        if key == "ball":
            p, radius = (self.read(tree[k], depth) for k in ("ball", "radius"))
            return checked(key, lambda: NormBall(p, radius))
        if key == "support":
            form = self.read(tree["support"], depth)
            return checked(key, lambda: AttackSet(lambda t: form.xreplace({PROBE: t})))
        name, args = tree["op"], tree["args"]
        if not isinstance(name, str) or name not in CONSTRUCTORS or not isinstance(args, list):
            raise Malformed(f"expected a known operation with its arguments, got {_shown(name)}")
        read = [self.read(a, depth) for a in args]
        _check_arguments(name, read)
        # A relation stays as it is written: Eq(a, a) is an identity that someone states.
        options = {"evaluate": False} if name in _RELATIONS else {}
        return checked(name, lambda: CONSTRUCTORS[name](*read, **options))

    def _statement(self, tree: dict[str, Any], depth: int) -> Any:
        kind = tree["kind"]
        if not isinstance(kind, str) or kind not in _STATEMENTS.split():
            raise Malformed(f"expected a kind of statement, got {_shown(kind)}")
        cls = getattr(statements, kind)
        names = [f.name for f in fields(cls)]
        expect_keys(tree, {"kind", *names}, kind)
        values = {name: self.read(tree[name], depth) for name in names}
        return checked(kind, lambda: cls(**values))


def checked(what: str, make: Callable[[], Any]) -> Any:
    """The result, or the objection of SymPy or of a constructor in one sentence."""
    try:
        return make()
    except (Malformed, RecursionError):
        raise
    except Exception as reason:
        said = " ".join(f"{reason!s:.400}".split())
        raise Malformed(f"malformed {what}: {said:.150}") from None


def _shown(value: Any) -> str:
    return ascii(value if isinstance(value, str) else f"{type(value).__name__} {value!s:.60}")[:80]


def expect_keys(tree: dict[str, Any], keys: set[str], what: str) -> None:
    if set(tree) != keys:
        raise Malformed(f"{what}: expected the keys {', '.join(sorted(keys))} and no others")


def _number(text: str) -> Rational:
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise Malformed(f"expected an exact number such as '-3/2', got {_shown(text)}")
    if max(len(part or "") for part in match.groups()) > MAX_DIGITS:
        raise Malformed(f"expected a number of at most {MAX_DIGITS} digits")
    top, bottom = (int(Decimal(part or "1")) for part in match.groups())
    if bottom == 0:
        raise Malformed("expected a denominator that is not 0")
    return Rational(top, bottom)


def _check_arguments(name: str, args: list[Any]) -> None:
    """What SymPy would compute for hours, or take for a scalar although it is none."""
    if name in _SYMPY and not all(_is_scalar(a) for a in args):
        raise Malformed(f"{name}: expected scalars or conditions")
    if name in ("Pow", "AbsPower") and len(args) == 2:
        base, exponent = args
        size = max((abs(q) for q in _numbers(exponent)), default=0)
        bits = sum(int(q.p).bit_length() + int(q.q).bit_length() for q in _numbers(base))
        if size > MAX_EXPONENT or bits * size > MAX_BITS:
            raise Malformed(f"{name}: expected an exponent of moderate size")
    with_logs = [a for a in args if name == "exp" and a.has(sympy.log)]
    if any(abs(q) > MAX_EXPONENT for a in with_logs for q in _numbers(a)):
        raise Malformed("exp: expected logarithms with factors of moderate size")


def _is_scalar(arg: Any) -> bool:
    return isinstance(arg, Basic) and not isinstance(arg, vectors.VectorExpr | matrices.MatrixSum)


def _numbers(arg: Any) -> set[Any]:
    return arg.atoms(Rational) if isinstance(arg, Basic) else set()


def _vector(cls: Any, name: Any) -> Any:
    if not isinstance(name, str) or not name.rstrip("'").isidentifier():
        raise Malformed(f"expected a name, got {_shown(name)}")
    return Basic.__new__(cls, Str(name))


def _symbol(tree: dict[str, Any]) -> Symbol:
    name, assumptions = tree["symbol"], tree["assume"]
    if not isinstance(name, str) or not isinstance(assumptions, dict):
        raise Malformed("expected a symbol with a name and its assumptions")
    for word, truth in assumptions.items():
        if word not in _ASSUMPTIONS or not isinstance(truth, bool):
            raise Malformed(f"expected assumptions that are true or false, got {_shown(word)}")
    try:
        return Symbol(name, **assumptions)
    except ValueError:
        raise Malformed(f"the assumptions on {_shown(name)} contradict each other") from None


def _named(tree: dict[str, Any]) -> Any:
    if not isinstance(tree["number"], str) or tree["number"] not in NAMED:
        raise Malformed(f"expected one of {', '.join(NAMED)}, got {_shown(tree['number'])}")
    return NAMED[tree["number"]]


def _truth(tree: dict[str, Any]) -> Any:
    if not isinstance(tree["truth"], bool):
        raise Malformed(f"expected true or false, got {_shown(tree['truth'])}")
    return sympy.true if tree["truth"] else sympy.false


_LEAVES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "truth": _truth,
    "number": _named,
    "label": lambda tree: vectors.Label(tree["label"]),
    "vector": lambda tree: _vector(vectors.Vector, tree["vector"]),
    "signs": lambda tree: _vector(vectors.Signs, tree["signs"]),
    "symbol": _symbol,
}
