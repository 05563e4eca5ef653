"""How a refutation grows towards a kink: the ratio of both sides against the distance.

.. math:: \\theta_h = k + h\\,v,\\quad \\theta'_h = k + h\\,v', \\qquad
          \\frac{\\|f(\\theta_h) - f(\\theta'_h)\\|}{L\\,\\|\\theta_h - \\theta'_h\\|}
          \\sim \\frac ch

where f jumps at the kink k: no constant L helps.  A shrunk witness alone does not show that.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import sympy as sp
from flint import arb

from numerics.falsify.confirm import broken, ratio_at, satisfies
from numerics.falsify.goals import problem as lower_claim
from numerics.falsify.problem import Problem, primed, wrt_symbols
from numerics.falsify.rationals import exact_end
from numerics.falsify.repairs import Point
from numerics.falsify.unsupported import Unsupported
from theory import clock
from theory.calculus import KinkError
from theory.claims import Claim
from theory.enclosure import Unsupported as NotEnclosed
from theory.statements import Lipschitz
from theory.vectors import Vector
from theory.verdicts import Witness

SMALLEST, MEMBERS = 14, 5  # h = 1/10, ..., 1/10^14; as many as a reader wants to see
GROWS = 3  # from one step to the next; c/h grows by 10
REFUSED = (Unsupported, NotEnclosed, KinkError, ValueError)


def severity_family(claim: Claim, witness: Witness, seconds: float = 1.0) -> list[dict[str, str]]:
    """Pairs (distance h to the kink, lhs/rhs) with balls behind each; empty where there are none.

    ``distance`` is the largest coordinate of the second point's distance from the kink, exact;
    ``ratio`` is a decimal below lhs/rhs.  At every entry the claim is violated.
    """
    holds, until = claim.holds, clock.now() + seconds
    if not isinstance(holds, Lipschitz) or holds.constant is None or witness.lhs is None:
        return []
    try:
        problem = lower_claim(claim, witness.dimension)
        point = _point(problem, witness)
        for centre in _centres(problem, point):
            family = _family(problem, point, centre, until)
            if len(family) >= 3 and _grows([r for _, r in family]):
                return [{"distance": str(h), "ratio": _below(r)} for h, r in family]
    except REFUSED:
        pass
    return []


def _ends(problem: Problem) -> list[tuple[sp.Symbol, sp.Symbol]]:
    """The coordinates of the first point, each with that of the second."""
    first = wrt_symbols(problem.claim.holds.wrt, problem.dimension)
    return [(s, primed(s)) for s in first]


def _point(problem: Problem, witness: Witness) -> Point:
    names = {s.name: s for s in problem.symbols}
    point: Point = {}
    for name, value in witness.values.items():
        if isinstance(value, str):
            point[names[name]] = sp.Rational(value)
        else:
            parts = (f"{name}[{k + 1}]" for k in range(len(value)))
            point.update({names[n]: sp.Rational(v) for n, v in zip(parts, value, strict=True)})
    return point


def _centres(problem: Problem, point: Point) -> Iterator[list[sp.Rational]]:
    """Where the segment crosses a kink, then next to the second point, then the origin."""
    ends = [(point[a], point[b]) for a, b in _ends(problem)]
    t = sp.Dummy("t", real=True)
    line = {s: a + t * (b - a) for (s, _), (a, b) in zip(_ends(problem), ends, strict=True)}
    guards = dict.fromkeys(g for goal in problem.goals for g in goal.guards)
    for g in guards:
        crossing = _zero(_without_abs(g.xreplace({**point, **line}), t), t)
        if crossing is not None:
            yield [a + crossing * (b - a) for a, b in ends]
    second = [b for _, b in ends]
    for k in sorted(range(len(second)), key=lambda k: abs(second[k])):
        if second[k] != 0:
            yield [*second[:k], sp.S.Zero, *second[k + 1 :]]
    if isinstance(problem.claim.holds.wrt, Vector):
        yield [sp.S.Zero for _ in ends]


def _without_abs(g: sp.Expr, t: sp.Symbol) -> sp.Expr:
    """g with |a| resolved where a keeps its sign on [0, 1]."""
    signs = {}
    for atom in g.atoms(sp.Abs):
        start, end = (atom.args[0].xreplace({t: e}) for e in (sp.S.Zero, sp.S.One))
        if (start * end).is_positive:
            signs[atom] = atom.args[0] * sp.sign(start)
    return sp.expand(g.xreplace(signs))


def _zero(g: sp.Expr, t: sp.Symbol) -> sp.Rational | None:
    """The rational zero in [0, 1] of a linear function of t."""
    if not g.is_polynomial(t) or sp.degree(g, t) != 1:
        return None
    zero = -g.coeff(t, 0) / g.coeff(t, 1)
    return zero if zero.is_Rational and 0 <= zero <= 1 else None


def _family(
    problem: Problem, point: Point, centre: Sequence[sp.Rational], until: float
) -> list[tuple[sp.Rational, arb]]:
    """(h, ratio) for h = 1/10, 1/100, ... as long as the claim is violated there."""
    size = max(abs(point[b] - c) for (_, b), c in zip(_ends(problem), centre, strict=True))
    found: list[tuple[sp.Rational, arb]] = []
    for k in range(1, SMALLEST + 1) if size else ():
        if clock.now() > until:
            break
        h = sp.Rational(1, 10**k)
        member = _scaled(problem, point, centre, h / size)
        if not satisfies(problem, member) or (hit := broken(problem, member)) is None:
            if found:
                break
            continue
        ratio = None if hit.relation is None else ratio_at(hit.relation, member)
        if ratio is None or hit.on_kink:
            break
        found.append((h, ratio))
        if len(found) == MEMBERS:
            break
    return found


def _scaled(problem: Problem, point: Point, centre: Sequence[Any], t: Any) -> Point:
    """Both points moved towards the centre, to t times their distance from it."""
    member = dict(point)
    for (a, b), c in zip(_ends(problem), centre, strict=True):
        member[a], member[b] = c + t * (point[a] - c), c + t * (point[b] - c)
    return member


def _grows(ratios: Sequence[arb]) -> bool:
    """Whether the last step still multiplies the ratio."""
    return bool(ratios[-1] > GROWS * ratios[-2])


def _below(ratio: arb) -> str:
    """A decimal with at least six digits that is not above the ratio.

    >>> _below(arb(1) / 3), _below(arb(12345678))
    ('0.333333', '12345678')
    """
    low = exact_end(ratio.lower())
    places = max(0, 6 - len(str(math.floor(low))) + (low < 1))
    whole, part = divmod(math.floor(low * 10**places), 10**places)
    return f"{whole}.{part:0{places}d}" if places else str(whole)
