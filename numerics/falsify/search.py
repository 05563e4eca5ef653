"""The search for a counterexample in one dimension: draw, climb, make exact, confirm, shrink.

Counts come first, so that the same seed gives the same witness; the clock is only a cap.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
from flint import arb

from numerics.falsify.ascend import Ascent
from numerics.falsify.climb import FEASIBLE, Climber
from numerics.falsify.confirm import ratio_at, satisfies
from numerics.falsify.draws import draw, draw_nice, onto_kinks
from numerics.falsify.goals import problem as lower_claim
from numerics.falsify.kinks import kinks
from numerics.falsify.outcomes import Refutation
from numerics.falsify.problem import Problem
from numerics.falsify.rationalise import LEVELS, exact_points
from numerics.falsify.repair_plan import Repairs
from numerics.falsify.repairs import Point
from numerics.falsify.settle import TOUCHING, Settler
from numerics.falsify.shrink import digits
from numerics.falsify.structured import draw_patterns
from numerics.falsify.sweep import swept_points
from numerics.falsify.tape import Array, Tape
from numerics.falsify.witnesses import sharpness_at
from theory import clock
from theory.claims import Claim
from theory.statements import Convex, Maximizes

MOST_KINKS = 40
CLEAR = 1e-12  # a violation that doubles cannot fake
CLOSE = -1e-3  # from here on a climb in longdouble may still end in a violation


@dataclass(frozen=True)
class Effort:
    """How much one visit to a dimension may cost; ``work`` bounds operations times draws."""

    draws: int
    elites: int
    rounds: int
    ascents: int = 0
    ties: int = 2  # columns that touch without a violation, to be checked exactly
    checks: int = 60  # exact points that rounding may hide, tried for one set of columns
    swept: int = 0
    work: float = 3e7


@dataclass
class Attained:
    """The best lhs/rhs confirmed so far, and where."""

    ratio: float | None = None
    at: dict | None = None

    def offer(self, ratio: arb, problem: Problem, point: Point) -> None:
        value = float(ratio.lower())
        if self.ratio is None or value > self.ratio:
            self.ratio, self.at = value, sharpness_at(problem, point)


class Search:
    """One claim in one dimension; visits may be repeated and continue from the best so far."""

    def __init__(self, claim: Claim, dimension: int, rng: np.random.Generator) -> None:
        self.problem = lower_claim(claim, dimension)
        self.repairs = Repairs(self.problem)
        self._root, self.rng, self.visits = rng, rng, 0
        self.nearest = -np.inf  # the largest violation of a readable column
        self.climber = Climber(self.problem, self.repairs, self.rng)
        self.best: Array = np.zeros((len(self.problem.symbols), 0))
        self._nice = self.best  # the best readable columns
        relations = [g.condition.formula for g in self.problem.goals]
        found = kinks([*relations, self.problem.hypotheses.formula])[:MOST_KINKS]
        self._kinks = Tape(self.problem.symbols, found)
        atoms = [r for g in self.problem.goals for r in g.condition.atoms]
        self._strict = any(r.rel_op in ("<", ">", "!=") for r in atoms)
        self._settler = Settler(self.problem, self.repairs)

    @property
    def on_kink(self) -> Refutation | None:
        """A witness that lies where sign(0) is a convention, for want of a better."""
        return self._settler.on_kink

    def visit(self, effort: Effort, deadline: float, attained: Attained) -> Refutation | None:
        """Search once more; the refutation, or None."""
        # A stream of its own for every visit: what the clock cut short elsewhere changes nothing.
        self.visits += 1
        self.rng = self._root.spawn(1)[0]
        self.climber.rng = self.rng
        hit = self._readable(effort, deadline)
        if hit is not None or not self.problem.goals or not self.problem.symbols:
            return hit
        if not effort.elites:
            return None
        hit = self._swept(effort, deadline) or self._climbed(effort, deadline)
        return hit or self._measured(attained, deadline)

    def _climbed(self, effort: Effort, deadline: float) -> Refutation | None:
        """Draw, climb from the best, and climb on in longdouble where the sides nearly touch."""
        rows = self._draws(self._affordable(effort))
        values = self.climber.score(rows)
        order = np.argsort(-values, kind="stable")
        if (hit := self._confirm(rows[:, order[:8]], effort, deadline)) is not None:
            return hit
        elites = np.hstack([self._diverse(rows[:, order], effort.elites), self._nice])
        climbed = self.climber.climb(np.hstack([self.best, elites]), effort.rounds, deadline)
        self._keep(np.hstack([climbed, self._ascended(climbed, effort, deadline)]), effort.elites)
        if (hit := self._confirm(self.best[:, :6], effort, deadline)) is not None:
            return hit
        return self._refined(effort, deadline)

    def _keep(self, rows: Array, elites: int) -> None:
        order = np.argsort(-self.climber.score(rows), kind="stable")
        self.best = rows[:, order[: elites // 2]]

    def _ascended(self, rows: Array, effort: Effort, deadline: float) -> Array:
        """The best columns and as many others, after gradient steps."""
        free = self.climber.free()
        if not effort.ascents or not free.size or not rows.shape[1]:
            return rows[:, :0]
        step = max(1, rows.shape[1] // effort.ascents)
        chosen = np.hstack([rows[:, : effort.ascents], rows[:, ::step]])
        ascent = Ascent(self.climber.score, self.repairs.floats, free)
        return ascent(chosen, 100, min(deadline, clock.now() + 2))

    def _refined(self, effort: Effort, deadline: float) -> Refutation | None:
        """A last climb with more digits, where a violation may hide below the rounding."""
        scores = self.climber.fine_score(self.best)
        near = self.best[:, scores > CLOSE][:, :8]
        if not near.shape[1]:
            return None
        self.climber.smallest = -11
        near = self.climber.climb(near, effort.rounds // 2, deadline, self.climber.fine_score)
        self.climber.smallest = -6
        self.best = np.hstack([near, self.best])[:, : max(1, effort.elites // 2)]
        return self._confirm(near[:, :6], effort, deadline)

    def _swept(self, effort: Effort, deadline: float) -> Refutation | None:
        """Ties of floats at every scale, by exact arithmetic."""
        if not effort.swept:
            return None
        until = min(deadline, clock.now() + 0.3)
        for point in swept_points(self.problem, self.repairs, effort.swept):
            if clock.now() > until:
                break
            if (hit := self._settle(point, deadline)) is not None:
                return hit
        return None

    def _readable(self, effort: Effort, deadline: float) -> Refutation | None:
        """Try small round numbers and patterns; of those that break the claim, the simplest."""
        rows = self._readable_rows(effort)
        if not self.problem.goals:
            self.climber.points += int(np.count_nonzero(self.problem.slack(rows) >= FEASIBLE))
            return None
        values = self.climber.score(rows)
        self.nearest = max(self.nearest, float(values.max()))
        self._nice = rows[:, np.argsort(-values, kind="stable")[:4]]
        clear, ties = np.flatnonzero(values > CLEAR), np.flatnonzero(np.abs(values) <= CLEAR)
        clear = _spread(rows, clear[np.argsort(-values[clear], kind="stable")], 60)
        zeros = np.count_nonzero(rows[:, ties] == 0, axis=0)
        ties = ties[np.argsort(-zeros, kind="stable")][: 30 if self._strict else 0]
        for columns, most in ((rows[:, clear], 12), (rows[:, ties], 8)):
            points = list(exact_points(self.problem, self.repairs, columns, (1e-3,)))
            for point in sorted(points, key=digits)[:most]:
                if (hit := self._settle(point, deadline)) is not None:
                    return hit
        return None

    def _readable_rows(self, effort: Effort) -> Array:
        n = self._affordable(effort) if self.problem.symbols else 1
        nice = draw_nice(self.problem, self.rng, n)
        drawn = np.hstack([nice, draw_patterns(self.problem, self.rng, max(n // 3, 1))])
        return self.repairs.tight(drawn, self.rng)

    def looks_broken(self, effort: Effort) -> bool:
        """Whether a readable column breaks the statement in floats."""
        return bool(self.climber.score(self._readable_rows(effort)).max() > CLEAR)

    def _affordable(self, effort: Effort) -> int:
        """As many draws as the work allows, by the length of the formulas."""
        return max(200, min(effort.draws, int(effort.work / self.problem.operations)))

    def _draws(self, n: int) -> Array:
        rows = draw(self.problem, self.rng, n)
        half = n // 3
        rows[:, :half] = self.repairs.tight(rows[:, :half], self.rng)
        rows[:, half:] = self.repairs.floats(rows[:, half:])
        if self._kinks.outputs:
            beside = onto_kinks(self._kinks, self.problem, self.rng, rows[:, -half:])
            rows = np.hstack([rows, self.repairs.floats(beside)])
        return self._made_feasible(rows)

    def _made_feasible(self, rows: Array) -> Array:
        """Where hardly a column meets the hypotheses, climb into their domain first."""
        if np.count_nonzero(self.problem.slack(rows) >= FEASIBLE) >= 20:
            return rows

        def inside(columns: Array) -> Array:
            return np.minimum(self.problem.slack(columns), 0)

        order = np.argsort(-inside(rows), kind="stable")[:40]
        found = self.climber.climb(rows[:, order], 60, clock.now() + 2, inside)
        return np.hstack([rows, found])

    def _diverse(self, ordered: Array, count: int) -> Array:
        """The best draws, and draws from everywhere: the best alone share one basin."""
        best = ordered[:, : count // 2]
        others = ordered[:, self.rng.integers(ordered.shape[1], size=count - best.shape[1])]
        return np.hstack([best, others])

    def _confirm(self, columns: Array, effort: Effort, deadline: float) -> Refutation | None:
        """The first column that rounds to a confirmed witness."""
        if not columns.shape[1]:
            return None
        values = self.problem.violation(columns.astype(np.longdouble))
        inside = self.problem.slack(columns) >= FEASIBLE
        clear, touching = inside & (values > TOUCHING), inside & (np.abs(values) <= TOUCHING)
        hit = self._first(columns[:, clear], LEVELS, effort, deadline, 3.0)
        ties = columns[:, touching][:, : effort.ties]
        return hit or self._first(ties, (0.3, 1e-3, 0.0), effort, deadline, 0.3)

    def _first(
        self,
        columns: Array,
        levels: tuple[float, ...],
        effort: Effort,
        deadline: float,
        seconds: float,
    ) -> Refutation | None:
        now, checks = clock.now(), 0
        until = now + min(seconds, max(0.3, (deadline - now) / 3))
        few, others = columns[:, :2], columns[:, 2:]  # to the end with the best ones first
        for point in chain.from_iterable(
            exact_points(self.problem, self.repairs, part, levels) for part in (few, others)
        ):
            if clock.now() > until or checks > effort.checks:
                break
            checks += not self._settler.hopeless(point)
            if (hit := self._settle(point, deadline)) is not None:
                return hit
        return None

    def _settle(self, point: Point, deadline: float) -> Refutation | None:
        return self._settler.settle(point, deadline)

    def _measured(self, attained: Attained, deadline: float) -> Refutation | None:
        """Confirm the best ratio of a single bound at exact points; above 1 it is a violation."""
        if isinstance(self.problem.claim.holds, Convex | Maximizes):
            return None
        if len(self.problem.goals) != 1 or not self.best.shape[1]:
            return None
        goal = self.problem.goals[0]
        relation = goal.condition.single
        if relation is None or relation.rel_op in ("==", "!="):
            return None
        for point in exact_points(self.problem, self.repairs, self.best[:, :1], (0.02, 1e-4, 1e-8)):
            if not satisfies(self.problem, point) or not self._settler.smooth_at(point):
                continue
            if (ratio := ratio_at(relation, point)) is not None and ratio > 0:
                attained.offer(ratio, self.problem, point)
                if ratio > 1 and (hit := self._settle(point, deadline)) is not None:
                    return hit
        return None


def _spread(rows: Array, ordered: Array, count: int) -> Array:
    """Indices of different columns: the first ones and, from there to the last, every so many.

    The worst columns alone may all lie on one jump, where nothing is confirmed.
    """
    _, first = np.unique(rows[:, ordered], axis=1, return_index=True)
    different = ordered[np.sort(first)]
    best, others = different[: count // 2], different[count // 2 :]
    return np.concatenate([best, others[:: max(1, len(others) // (count - len(best) + 1))]])[:count]
