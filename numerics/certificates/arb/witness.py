"""Witness certificates: an exact rational point that certainly violates the statement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flint import fmpq

from numerics.certificates.arb.attacks import AttackViolation
from numerics.certificates.arb.kinks import Kink
from numerics.certificates.arb.outcome import Malformed, Outcome, Rejected
from numerics.certificates.arb.pairs import ChordViolation, Sides, SlopeViolation
from numerics.certificates.arb.points import Point, check_hypotheses, read_values, rising
from numerics.certificates.arb.reader import keys, list_of, rational, whole
from numerics.certificates.arb.relations import DifferentEntries, FalseCondition
from numerics.certificates.arb.stated import fits, stated_pair
from numerics.certificates.arb.statement import MAX_DIMENSION, PAIRS, Statement
from numerics.certificates.arb.syntax import Node

_OPTIONAL = frozenset(["lhs", "rhs", "h", "left", "right", "path", "limit"])


def check_witness(statement: Statement, body: Any) -> Outcome:
    """The outcome of a witness certificate; Rejected where it does not convince."""
    witness = keys(keys(body, {"witness"}, "body")["witness"], {"dimension", "values"}, "witness",
                   _OPTIONAL)  # fmt: skip
    if "path" in witness or "limit" in witness:
        raise Rejected("a limit along a path is not checked by this program")
    if statement.kind == "Not":
        raise Rejected("the failure of a negation is not checkable by a point")
    d = _dimension(statement, witness)
    if statement.kind == "Differentiable" or "h" in witness:
        return _kink(statement, d, witness)
    if "left" in witness or "right" in witness:
        raise Malformed("witness: expected no one-sided derivatives without a direction h")
    sides = _violation(statement, d, witness).sides
    return _settled(sides, witness, ("lhs", "rhs"))


def _dimension(statement: Statement, witness: Mapping[str, Any]) -> int:
    d = whole(witness["dimension"], "dimension")
    if not 1 <= d <= MAX_DIMENSION:
        raise Rejected(f"expected a dimension from 1 to {MAX_DIMENSION}")
    if statement.dimensions is not None and d not in statement.dimensions:
        raise Rejected(f"the statement is not about dimension {d}")
    return d


def _violation(statement: Statement, d: int, witness: Mapping[str, Any]) -> Any:
    bound = _bound(statement)
    optional = statement.kind == "Maximizes"
    point = read_values(statement, d, witness["values"], bound, optional)
    if statement.kind in PAIRS:
        wrt = statement.wrt or ""
        second = {**point, wrt: point[f"{wrt}'"]}
        first, second = ({n: p[n] for n in statement.variables} for p in (point, second))
        check_hypotheses(statement, d, first, second)
        violation = ChordViolation if statement.kind == "Convex" else SlopeViolation
        return violation(statement, d, first, second)
    check_hypotheses(statement, d, point)
    kinds: dict[str, Callable[[Statement, int, Point], Any]] = {
        "condition": FalseCondition,
        "Equal": DifferentEntries,
        "Maximizes": AttackViolation,
    }
    return kinds[statement.kind](statement, d, point)


def _bound(statement: Statement) -> dict[str, Node]:
    """What a witness names besides the free variables: a second point, or an attack."""
    if statement.wrt is None:
        return {}
    name = f"{statement.wrt}'" if statement.kind in PAIRS else statement.wrt
    return {name: statement.parts["wrt"]}


def _kink(statement: Statement, d: int, witness: Mapping[str, Any]) -> Outcome:
    if statement.kind not in ("Differentiable", "Smooth"):
        raise Rejected("a kink breaks only claims of differentiability and smoothness")
    if "h" not in witness:
        raise Rejected("a witness against differentiability needs a direction h")
    if "lhs" in witness or "rhs" in witness:
        raise Malformed("witness: expected no lhs and rhs beside a direction h")
    point = read_values(statement, d, witness["values"], {}, False)
    check_hypotheses(statement, d, point)
    h: list[fmpq] = [rational(c, "h") for c in list_of(witness["h"], "h")]
    if len(h) != len(point[statement.wrt or ""]):
        raise Rejected("the direction h has the wrong number of components")
    return _settled(Kink(statement, d, point, h).sides, witness, ("left", "right"))


def _settled(
    sides: Callable[[], list[Sides] | None], witness: Mapping[str, Any], names: tuple[str, str]
) -> Outcome:
    """Certain violation first, then agreement with what the witness states."""
    stated = stated_pair(witness, names)
    violated = False

    def test() -> bool | None:
        nonlocal violated
        found = sides()
        if found is None:
            return None
        violated = True
        if stated == [None, None] or any(fits(stated, pair) for pair in found):
            return True
        return None

    if rising(test):
        return Outcome(True, "the statement is certainly false at the witness", ("exact point",))
    if violated:
        raise Rejected(f"the stated {names[0]} and {names[1]} are not those at the witness")
    raise Rejected("the statement is not certainly false at the witness")
