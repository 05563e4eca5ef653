"""Confirmed violations in the words of the JSON result: exact rationals, decimals that differ."""

from __future__ import annotations

from typing import Any

import sympy as sp
from flint import arb, ctx

from numerics.falsify.confirm import Broken
from numerics.falsify.problem import Problem, primed, wrt_symbols
from numerics.falsify.repairs import Point
from theory.claims import Claim
from theory.coordinates import coordinate
from theory.statements import Maximizes
from theory.vectors import Vector
from theory.verdicts import Witness


def values_of(claim: Claim, d: int, point: Point) -> dict[str, str | list[str]]:
    """One entry for every free variable, as exact rationals."""
    result: dict[str, str | list[str]] = {}
    for v in claim.free_variables:
        if isinstance(v, Vector):
            result[v.name] = [str(point[coordinate(v, i)]) for i in range(d)]
        else:
            result[v.name] = str(point[v])
    return result


def witness(problem: Problem, point: Point, found: Broken) -> Witness:
    """The witness of a violated relation."""
    d, claim = problem.dimension, problem.claim
    values = values_of(claim, d, point)
    if problem.partner is not None:
        wrt = claim.holds.wrt
        second = [str(point[primed(s)]) for s in wrt_symbols(wrt, d)]
        values[problem.partner[1]] = second if isinstance(wrt, Vector) else second[0]
    if isinstance(claim.holds, Maximizes) and found.goal.what == "better":
        attack = [sp.sympify(c).xreplace(point) for c in problem.names["delta"]]
        values[claim.holds.wrt.name] = [str(c) for c in attack]
    lhs, rhs = decimals(found.lhs, found.rhs)
    return Witness(d, values, lhs=lhs, rhs=rhs)


def decimals(lhs: arb | None, rhs: arb | None) -> tuple[str | None, str | None]:
    """Both sides with enough digits to be seen apart."""
    if lhs is None or rhs is None:
        return None, None
    if lhs.overlaps(rhs):
        return decimal(lhs, 12), decimal(rhs, 12)
    for digits in (12, 17, 25, 40, 60, 75):
        left, right = decimal(lhs, digits), decimal(rhs, digits)
        if left != right:
            break
    return left, right


def decimal(ball: arb, digits: int = 20) -> str:
    """The middle of a ball in decimals."""
    with ctx.workprec(600):
        return ball.mid().str(digits, radius=False)


def sharpness_at(problem: Problem, point: Point) -> dict[str, Any]:
    """Where a ratio was attained."""
    values = values_of(problem.claim, problem.dimension, point)
    if problem.partner is not None:
        wrt = problem.claim.holds.wrt
        second = [str(point[primed(s)]) for s in wrt_symbols(wrt, problem.dimension)]
        values[problem.partner[1]] = second if isinstance(wrt, Vector) else second[0]
    return {"dimension": problem.dimension, "values": values}
