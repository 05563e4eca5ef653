"""An exact point that certainly satisfies every hypothesis of a claim: it is not vacuous."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from numerics.falsify.climb import Climber
from numerics.falsify.confirm import satisfies
from numerics.falsify.draws import draw, draw_nice
from numerics.falsify.goals import at_one_point
from numerics.falsify.rationalise import LEVELS, exact_points, floats
from numerics.falsify.repair_plan import Repairs
from numerics.falsify.repairs import Point
from numerics.falsify.scope import dimensions_of
from numerics.falsify.tape import Array
from numerics.falsify.unsupported import Unsupported
from theory import clock
from theory.claims import Claim
from theory.enclosure import Unsupported as NotEnclosed

DRAWS, ELITES, ROUNDS, NEAREST = 400, 40, 80, 6
CLEARLY_OUTSIDE = -1e-9


def feasible_point(claim: Claim, dimension: int | None, seed: int, deadline: float) -> Point | None:
    """Exact values of all coordinates and scalars; None where none was found in time.

    ``dimension=None`` tries the dimensions of the claim, ``deadline`` is a value of
    ``clock.now()``.  None is no proof that the hypotheses contradict each other.
    """
    with np.errstate(all="ignore"):
        return _feasible_point(claim, dimension, seed, deadline)


def _feasible_point(
    claim: Claim, dimension: int | None, seed: int, deadline: float
) -> Point | None:
    dimensions = dimensions_of(claim) if dimension is None else (dimension,)
    searches = [_Feasibility(claim, d, seed, deadline) for d in dimensions[:5]]
    for attempt in range(2):
        for search in searches:
            if clock.now() > deadline:
                return None
            try:
                point = search.quick() if attempt == 0 else search.thorough()
            except (Unsupported, NotEnclosed):
                return None
            if point is not None:
                return point
    return None


class _Feasibility:
    """One dimension; the problem is built when it is first needed."""

    def __init__(self, claim: Claim, d: int, seed: int, deadline: float) -> None:
        self.claim, self.d, self.deadline = claim, d, deadline
        self.rng = np.random.default_rng(seed)

    def quick(self) -> Point | None:
        """Small round numbers, mended."""
        self.problem = at_one_point(self.claim, self.d)
        self.repairs = Repairs(self.problem)
        if not self.problem.symbols:
            return {} if satisfies(self.problem, {}) else None
        return self._first(draw_nice(self.problem, self.rng, DRAWS), (1e-3, 0.1))

    def thorough(self) -> Point | None:
        """Every family of draws, and a climb towards the domain."""
        if not self.problem.symbols:
            return None
        rows = self.repairs.floats(draw(self.problem, self.rng, 4 * DRAWS))
        # The finest last: a thin set rejects every coarser rounding of a point inside.
        if (point := self._first(rows, (0.1, 1e-3, 1e-12, 0.0))) is not None:
            return point
        climber = Climber(self.problem, self.repairs, self.rng)
        best = rows[:, np.argsort(-self._depth(rows), kind="stable")[:ELITES]]
        best = climber.climb(best, ROUNDS, min(self.deadline, clock.now() + 3), self._depth)
        return self._first(best, LEVELS[2:])

    def _depth(self, rows: Array) -> Array:
        return np.minimum(self.problem.slack(rows), 0.01)

    def _first(self, rows: Array, levels: tuple[float, ...]) -> Point | None:
        slack = self.problem.slack(self.repairs.floats(rows.copy()))
        best = rows[:, np.argsort(-slack, kind="stable")[:NEAREST]]
        return next(self._exact(best, levels), None)

    def _exact(self, columns: Array, levels: tuple[float, ...]) -> Iterator[Point]:
        for point in exact_points(self.problem, self.repairs, columns, levels):
            if clock.now() > self.deadline:
                return
            outside = self.problem.slack(floats(self.problem, [point]))[0] < CLEARLY_OUTSIDE
            if not outside and satisfies(self.problem, point):
                yield point
