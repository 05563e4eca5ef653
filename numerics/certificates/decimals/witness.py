"""Witnesses: an exact rational point where every hypothesis holds and the statement fails.

.. math:: \\theta, x, y, \\dots \\in \\mathbb Q: \\quad
          \\text{hypotheses}(\\theta, x, y) \\land \\lnot\\, \\text{statement}(\\theta, x, y).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numerics.certificates.decimals.case import Case, Layout
from numerics.certificates.decimals.outcome import Malformed, Rejected, shown
from numerics.certificates.decimals.reader import count, items, keys, mapping, rational
from numerics.certificates.decimals.scene import Scene, Value
from numerics.certificates.decimals.statement import MAX_DIMENSION, Statement
from numerics.certificates.decimals.symbols import Variable
from numerics.certificates.decimals.witness_kinks import check_kink
from numerics.certificates.decimals.witness_maxima import check_maximum
from numerics.certificates.decimals.witness_pairs import check_pair
from numerics.certificates.decimals.witness_points import check_equal, check_relation

_OPTIONAL = ("lhs", "rhs", "h", "left", "right", "path", "limit")
_PAIRS = ("Lipschitz", "Smooth", "Convex")
_RULES: dict[str, Callable[[Scene], None]] = {
    "relation": check_relation,
    "Equal": check_equal,
    "Maximizes": check_maximum,
    **dict.fromkeys(_PAIRS, check_pair),
}


def check_witness(statement: Statement, body: Any) -> tuple[str, ...]:
    """The facts that were checked; Rejected says why not."""
    witness = keys(body, ["witness"], "body")["witness"]
    keys(witness, ("dimension", "values"), "witness", _OPTIONAL)
    if "path" in witness or "limit" in witness:
        raise Rejected("a limit along a path is not checked by this program")
    rule = _rule(statement, witness)
    d = _dimension(statement, witness["dimension"])
    values = _values(statement, d, witness)
    scene = Scene(statement, _case(statement, d, values), values, witness)
    scene.check_hypotheses(scene.inputs())
    rule(scene)
    return (f"checked in dimension {d} at exact rational values",)


def _rule(statement: Statement, witness: dict[str, Any]) -> Callable[[Scene], None]:
    kink = "h" in witness
    if kink != ("left" in witness) or kink != ("right" in witness):
        raise Malformed("expected h, left and right together")
    if kink and statement.kind in ("Differentiable", "Smooth"):
        return check_kink
    if kink or statement.kind not in _RULES:
        raise Rejected(f"a statement of kind {statement.kind} cannot be refuted by such a point")
    return _RULES[statement.kind]


def _dimension(statement: Statement, value: Any) -> int:
    d = count(value, "dimension", 10**9)
    if statement.dimensions is not None and d not in statement.dimensions:
        raise Rejected(f"the dimension {d} is not one of the claimed ones")
    if d > MAX_DIMENSION:
        raise Rejected(f"dimensions above {MAX_DIMENSION} are not checked")
    return d


def _values(statement: Statement, d: int, witness: dict[str, Any]) -> dict[str, Value]:
    """The components of every variable, of a second point, and of a better attack."""
    tree = mapping(witness["values"], "values")
    wanted = dict(statement.variables)
    wrt = statement.wrt
    if wrt is not None and statement.kind in _PAIRS and "h" not in witness:
        wanted[f"{wrt.name}'"] = Variable(f"{wrt.name}'", wrt.kind, wrt.facts)
    if wrt is not None and statement.kind == "Maximizes" and wrt.name in tree:
        wanted[wrt.name] = wrt
    keys(tree, list(wanted), "values")
    return {name: _value(v, d, tree[name]) for name, v in wanted.items()}


def _value(v: Variable, d: int, tree: Any) -> Value:
    parts = items(tree, f"value of {shown(v.name)}") if v.has_components else [tree]
    if len(parts) != (d if v.has_components else 1):
        raise Rejected(f"{shown(v.name)} does not have {d} components")
    value = tuple(rational(p, f"value of {shown(v.name)}") for p in parts)
    if v.kind in ("label", "signs") and any(x not in (1, -1) for x in value):
        raise Rejected(f"{shown(v.name)} is not made of signs")
    if not all(_admissible(v, fact, wanted, value) for fact, wanted in v.facts):
        raise Rejected(f"an assumption on {shown(v.name)} fails at the witness")
    return value


def _admissible(v: Variable, fact: str, wanted: bool, value: Value) -> bool:
    (x,) = value
    truths = {
        "positive": x > 0,
        "negative": x < 0,
        "nonnegative": x >= 0,
        "nonpositive": x <= 0,
        "nonzero": x != 0,
        "zero": x == 0,
        "integer": x.denominator == 1,
    }
    return truths.get(fact, True) is wanted


def _case(statement: Statement, d: int, values: dict[str, Value]) -> Case:
    layout = Layout(statement, d, rotated=False)
    signs = statement.named("label", "signs")
    pattern = {v.name: tuple(int(x) for x in values[v.name]) for v in signs}
    return Case(layout, layout.names, pattern)
