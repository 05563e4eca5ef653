"""Try to break a claim: small dimensions first, then larger ones, each a little longer.

.. math:: \\text{claim} \\mapsto \\text{Refutation (an exact witness)} \\mid
          \\text{Survival (points tried, best ratio)}

A failure of this search is `Survival`, never a proof.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from numerics.falsify.differentiability import KinkSearch
from numerics.falsify.ladder import PATTERNS, climb_ladder
from numerics.falsify.outcomes import Refutation, Survival
from numerics.falsify.paths import PathSearch
from numerics.falsify.scope import dimensions_of
from numerics.falsify.search import Attained, Effort, Search
from numerics.falsify.unknowns import falsify_unknowns
from numerics.falsify.unsupported import Unsupported
from theory import clock
from theory.calculus import KinkError
from theory.claims import Claim, restated
from theory.enclosure import Unsupported as NotEnclosed
from theory.general.atoms import about_unknowns
from theory.statements import Convex, Differentiable, Lipschitz, Not, Smooth

QUICK = Effort(draws=3000, elites=24, rounds=25, ties=0, checks=16, swept=20)
THOROUGH = Effort(draws=8000, elites=32, rounds=250, ascents=4, work=1e8)
PATIENT = Effort(draws=20000, elites=48, rounds=500, ascents=16, work=3e8)
LADDER = Effort(draws=0, elites=0, rounds=0)  # dimensions above those tried; see ``ladder``
GROWTH = 1e-4  # of the score from one dimension to the next
LAST = 0.2  # seconds in which nothing new is begun
REFUSED = (Unsupported, NotEnclosed, KinkError)


def falsify(claim: Claim, seed: int, deadline: float) -> Refutation | Survival:
    """Search until ``deadline`` (a ``clock.now()`` value) or until nothing new is likely."""
    if isinstance(claim.holds, Not):
        return Survival(0, (), detail="negations are not searched")
    if about_unknowns(claim):
        return falsify_unknowns(claim, seed, deadline)
    claim = restated(claim)
    with np.errstate(all="ignore"):  # what overflows or is undefined scores -inf
        return _searched(claim, seed, deadline, dimensions_of(claim))


def _searched(
    claim: Claim, seed: int, deadline: float, tried: tuple[int, ...]
) -> Refutation | Survival:
    result = Survival(0, ())
    for search in _searches(claim):
        try:
            found = search(claim, seed, deadline, tried)
        except REFUSED as reason:
            found = Survival(0, (), detail=f"not searched: {reason}")
        if isinstance(found, Refutation):
            return found
        result = _joined(result, found)
    return result


def _searches(claim: Claim) -> list:
    """What can break this kind of statement, the plainest witness first."""
    holds = claim.holds
    if isinstance(holds, Lipschitz):
        main = _by_paths if holds.constant is None else _by_points
        return [main, _by_kinks] if isinstance(holds, Smooth) else [main]
    if isinstance(holds, Differentiable) and not isinstance(holds, Convex):
        return [_by_kinks]
    return [_by_points]


def _joined(a: Survival, b: Survival) -> Survival:
    kept = a if a.attained is not None else b
    return Survival(
        a.points + b.points,
        tuple(dict.fromkeys((*a.dimensions, *b.dimensions))),
        kept.attained,
        kept.at,
        "; ".join(filter(None, (a.detail, b.detail))),
    )


def _by_kinks(
    claim: Claim, seed: int, deadline: float, tried: tuple[int, ...]
) -> Refutation | Survival:
    """One-sided derivatives that differ."""
    return _by_exact_points(KinkSearch, claim, deadline, tried)


def _by_paths(
    claim: Claim, seed: int, deadline: float, tried: tuple[int, ...]
) -> Refutation | Survival:
    """A path on which the ratio is unbounded."""
    return _by_exact_points(PathSearch, claim, deadline, tried)


def _by_exact_points(
    kind: type[KinkSearch] | type[PathSearch], claim: Claim, deadline: float, tried: tuple[int, ...]
) -> Refutation | Survival:
    points = 0
    visited: list[int] = []
    for d in [d for d in tried if d <= kind.LARGEST]:
        if clock.now() >= deadline:
            break
        search = kind(claim, d)
        found = search.search(deadline)
        points, visited = points + search.points, [*visited, d]
        if found is not None:
            return found
    return Survival(points, tuple(visited))


def _by_points(
    claim: Claim, seed: int, deadline: float, tried: tuple[int, ...]
) -> Refutation | Survival:
    """A point, or a pair of points, at which the relation fails."""
    searches: dict[int, Search] = {}
    attained, lowering = Attained(), 0.0
    for d, effort, share in _plan(tried):
        now = clock.now()
        if now >= deadline - LAST:
            break
        until = now + share * (deadline - now)
        if effort is LADDER:
            if _grows_with_dimension(claim, searches) and (
                found := climb_ladder(claim, seed, until)
            ):
                return found
            continue
        if d not in searches:
            if searches and now + 2 * lowering > deadline:
                continue
            searches[d] = Search(claim, d, np.random.default_rng([seed, d]))
            lowering = clock.now() - now
        if (found := searches[d].visit(effort, until + lowering, attained)) is not None:
            return found
    for search in searches.values():
        if search.on_kink is not None:
            return search.on_kink
    points = sum(s.climber.points for s in searches.values())
    return Survival(points, tuple(searches), attained.ratio, attained.at or {})


def _plan(tried: tuple[int, ...]) -> Iterator[tuple[int, Effort, float]]:
    """(dimension, effort, share of the remaining time)."""
    small = [d for d in tried if d <= 3] or list(tried[:2])
    rest = [d for d in tried if d not in small]
    yield from ((d, PATTERNS, 0.3) for d in small)
    yield from ((d, QUICK, 0.3) for d in small)
    yield from ((d, PATTERNS, 0.3) for d in rest)
    yield (tried[-1], LADDER, 0.4)
    yield from ((d, THOROUGH, 0.35) for d in small)
    yield from ((d, QUICK, 0.3) for d in rest)
    yield from ((d, PATIENT, 0.4) for d in small[-2:])
    yield from ((d, THOROUGH, 0.4) for d in rest)


def _grows_with_dimension(claim: Claim, searches: dict[int, Search]) -> bool:
    """Whether a claim about every dimension comes closer to failing as the dimension grows."""
    if claim.dimensions is not None or max(searches) < 10:
        return False
    nearest = [searches[d].nearest for d in sorted(searches)[-3:]]
    return all(b > a + GROWTH for a, b in pairwise(nearest))
