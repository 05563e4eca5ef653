"""What would break each kind of statement, as relations between plain numbers.

.. math:: \\|f(\\theta)-f(\\theta')\\| > L\\,\\|\\theta-\\theta'\\|; \\qquad
          2 f\\bigl(\\tfrac{\\theta+\\theta'}2\\bigr) > f(\\theta)+f(\\theta').
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from numerics.falsify.attacks import attack_parts
from numerics.falsify.conditions import ROUNDING, Condition, lower
from numerics.falsify.kinks import jumps, kinks
from numerics.falsify.problem import (
    Goal,
    Problem,
    conjunction,
    layout,
    primed,
    wrt_symbols,
)
from numerics.falsify.unsupported import Unsupported
from theory.calculus import derivative, gradient
from theory.claims import Claim
from theory.coordinates import coordinates, in_coordinates, matrix_coordinates
from theory.statements import Convex, Differentiable, Equal, Lipschitz, Maximizes, Not, Smooth
from theory.vectors import Vector, VectorExpr


def problem(claim: Claim, d: int) -> Problem:
    """The claim in dimension d, ready to be attacked; Unsupported where it has no such form."""
    holds = claim.holds
    if isinstance(holds, Not | Differentiable) and not isinstance(holds, Convex):
        return at_one_point(claim, d)
    if isinstance(holds, Convex):
        return _convex(claim, holds, d)
    if isinstance(holds, Lipschitz):
        return _lipschitz(claim, holds, d)
    if isinstance(holds, Maximizes):
        return _maximizes(claim, holds, d)
    goals = _equal(holds, d) if isinstance(holds, Equal) else _boolean(holds, d)
    return at_one_point(claim, d, goals)


def at_one_point(claim: Claim, d: int, goals: tuple[Goal, ...] = ()) -> Problem:
    """The free variables and hypotheses of any claim, at one point."""
    symbols, groups = layout(claim.free_variables, d)
    hypotheses = Condition(conjunction(claim.given, d))
    return Problem(claim, d, tuple(symbols), groups, hypotheses, goals, claim.given)


def _boolean(holds: Any, d: int) -> tuple[Goal, ...]:
    formula = lower(holds, d)
    parts = formula.args if isinstance(formula, sp.And) else (formula,)
    sides = tuple(s for r in formula.atoms(Relational) for s in (r.lhs, r.rhs))
    return tuple(Goal(Condition(p), jumps=jumps([p]), defined=sides) for p in parts if p != sp.true)


def entries(side: Any, d: int) -> list[sp.Expr]:
    """The components of a vector or matrix, row by row."""
    if isinstance(side, VectorExpr):
        return list(coordinates(side, d))
    return [e for row in matrix_coordinates(side, d) for e in row]


def _equal(holds: Equal, d: int) -> tuple[Goal, ...]:
    left, right = entries(holds.left, d), entries(holds.right, d)
    goals, sides = [], tuple(dict.fromkeys((*left, *right)))
    for k, (a, b) in enumerate(zip(left, right, strict=True)):
        relation = sp.Eq(a, b, evaluate=False)
        if a != b:
            place = _place(k, d, holds)
            goals.append(Goal(Condition(relation), (), jumps([relation]), sides, place))
    return tuple(goals)


def _place(k: int, d: int, holds: Equal) -> str:
    if isinstance(holds.left, VectorExpr):
        return f"component {k + 1}"
    return f"entry ({k // d + 1}, {k % d + 1})"


def function_of_pairs(holds: Lipschitz, d: int) -> list[sp.Expr]:
    """The components of f, or of its gradient off the kinks for Smooth."""
    if not isinstance(holds, Smooth):
        f = holds.f
        return list(coordinates(f, d)) if isinstance(f, VectorExpr) else [in_coordinates(f, d)]
    if isinstance(holds.wrt, Vector):
        return list(coordinates(gradient(holds.f, holds.wrt, "almost everywhere"), d))
    return [derivative(in_coordinates(holds.f, d), holds.wrt, "almost everywhere")]


def two_norm(components: list[sp.Expr]) -> sp.Expr:
    """The Euclidean length of explicit components."""
    if len(components) == 1:
        return sp.Abs(components[0])
    return sp.sqrt(sp.Add(*(c**2 for c in components)))


def _pair(claim: Claim, wrt: Any, d: int) -> tuple[Any, ...]:
    """Symbols, groups and names with a second point, and the map to it."""
    symbols, groups = layout(claim.free_variables, d)
    first = wrt_symbols(wrt, d)
    second = {s: primed(s) for s in first}
    if isinstance(wrt, Vector):
        groups[f"{wrt.name}'"] = tuple(range(len(symbols), len(symbols) + d))
    symbols = [*symbols, *second.values()]
    return tuple(symbols), groups, first, second


def _lipschitz(claim: Claim, holds: Lipschitz, d: int) -> Problem:
    symbols, groups, first, second = _pair(claim, holds.wrt, d)
    f = function_of_pairs(holds, d)
    g = [c.xreplace(second) for c in f]
    goals: tuple[Goal, ...] = ()
    if holds.constant is not None:
        lhs = two_norm([a - b for a, b in zip(f, g, strict=True)])
        length = two_norm([s - second[s] for s in first])
        relation = sp.Le(lhs, in_coordinates(holds.constant, d) * length, evaluate=False)
        noise = sp.Add(*(sp.Abs(c) for c in (*f, *g))) * 10 * sp.Float(ROUNDING)
        goals = (Goal(Condition(relation, {relation: noise}), _guards(holds, f, first, second, d)),)
    given = conjunction(claim.given, d)
    both = Condition(sp.And(given, given.xreplace(second)))
    raw = (*claim.given, *(("second", g) for g in claim.given if first_in(g, holds.wrt)))
    return Problem(claim, d, symbols, groups, both, goals, raw, _partner(holds.wrt))


def first_in(g: Any, wrt: Any) -> bool:
    """Whether a hypothesis speaks about wrt."""
    return bool(wrt in g.atoms(Vector, sp.Symbol))


def _partner(wrt: Any) -> tuple[str, str]:
    return (wrt.name, f"{wrt.name}'")


def _guards(
    holds: Lipschitz, f: list[sp.Expr], first: Any, second: Any, d: int
) -> tuple[sp.Expr, ...]:
    """No jump of f, and for Smooth no kink, at either point."""
    at_first = jumps(f, first)
    if isinstance(holds, Smooth):
        at_first = kinks([in_coordinates(holds.f, d), *f], first)
    return (*at_first, *(g.xreplace(second) for g in at_first))


def _convex(claim: Claim, holds: Convex, d: int) -> Problem:
    symbols, groups, first, second = _pair(claim, holds.wrt, d)
    f = in_coordinates(holds.f, d)
    middle = {s: (s + second[s]) / 2 for s in first}
    ends = [f, f.xreplace(second)]
    relation = sp.Le(f.xreplace(middle), sp.Add(*ends) / 2, evaluate=False)
    noise = sp.Add(*(sp.Abs(e) for e in ends)) * sp.Float(ROUNDING)
    given = conjunction(claim.given, d)
    inside = sp.And(given, given.xreplace(second), given.xreplace(middle))
    raw = (*claim.given, *(("second", g) for g in claim.given if first_in(g, holds.wrt)))
    gaps = sp.Add(*((s - second[s]) ** 2 for s in first))
    sizes = sp.Add(*(c**2 for s in first for c in (s, second[s])))
    goal = Goal(Condition(relation, {relation: noise}, {relation: gaps / sizes}))
    return Problem(claim, d, symbols, groups, Condition(inside), (goal,), raw, _partner(holds.wrt))


def _maximizes(claim: Claim, holds: Maximizes, d: int) -> Problem:
    symbols, groups = layout(claim.free_variables, d)
    parts = attack_parts(holds.over, d)
    if parts is None:
        raise Unsupported(f"no points of the {holds.over}")
    for ball in parts.balls:
        groups[ball.name] = tuple(range(len(symbols), len(symbols) + d))
        symbols += ball.symbols
    point = coordinates(holds.point, d)
    delta = dict(zip(wrt_symbols(holds.wrt, d), parts.point, strict=True))
    objective = in_coordinates(holds.objective, d)
    best = objective.xreplace(dict(zip(wrt_symbols(holds.wrt, d), point, strict=True)))
    better = sp.Le(objective.xreplace(delta), best, evaluate=False)
    goals = [Goal(Condition(better), jumps=jumps([better]), what="better")]
    goals += [Goal(Condition(r), jumps=jumps([r]), what="outside") for r in parts.contains(point)]
    inside = sp.And(conjunction(claim.given, d), *(b.condition for b in parts.balls))
    return Problem(
        claim,
        d,
        tuple(symbols),
        groups,
        Condition(inside),
        tuple(goals),
        (*claim.given, *parts.balls),
        names={"delta": parts.point},
    )
