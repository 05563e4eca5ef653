"""The search for a counterexample in one dimension: draw, climb, make exact, confirm, shrink."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from flint import arb

from numerics.falsify.climb import FEASIBLE, Climber
from numerics.falsify.confirm import Broken, broken, ratio_at, satisfies
from numerics.falsify.draws import draw, draw_nice, onto_kinks
from numerics.falsify.goals import problem as lower_claim
from numerics.falsify.kinks import all_nonzero, kinks
from numerics.falsify.outcomes import Refutation
from numerics.falsify.problem import Problem
from numerics.falsify.rationalise import LEVELS, exact_points, floats, off_guards
from numerics.falsify.repair_plan import Repairs
from numerics.falsify.repairs import Point
from numerics.falsify.shrink import digits, shrink
from numerics.falsify.tape import Array, Tape
from numerics.falsify.witnesses import sharpness_at, witness
from theory.claims import Claim
from theory.statements import Convex, Maximizes

MOST_KINKS = 40
CLEAR = 1e-12  # a violation that doubles cannot fake
TOUCHING = -1e-13  # a float this close may still be a violation
SHRINKING = 1.5  # seconds


@dataclass(frozen=True)
class Effort:
    """How much one visit to a dimension may cost."""

    draws: int
    elites: int
    rounds: int


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
        self.rng = rng
        self.climber = Climber(self.problem, self.repairs, rng)
        self.best: Array = np.zeros((len(self.problem.symbols), 0))
        relations = [g.condition.formula for g in self.problem.goals]
        found = kinks([*relations, self.problem.hypotheses.formula])[:MOST_KINKS]
        self._kinks = Tape(self.problem.symbols, found)
        atoms = [r for g in self.problem.goals for r in g.condition.atoms]
        self._strict = any(r.rel_op in ("<", ">", "!=") for r in atoms)
        self._seconds = 1e-5  # for one column, measured as we go
        self.on_kink: Refutation | None = None

    def visit(self, effort: Effort, deadline: float, attained: Attained) -> Refutation | None:
        """Search once more; the refutation, or None."""
        hit = self._readable(effort, deadline)
        if hit is not None or not self.problem.goals or not self.problem.symbols:
            return hit
        rows = self._draws(self._affordable(effort.draws, deadline))
        values = self.climber.score(rows)
        order = np.argsort(-values, kind="stable")
        if (hit := self._confirm(rows[:, order[:8]], deadline)) is not None:
            return hit
        elites = self._diverse(rows[:, order], effort.elites)
        self.best = self.climber.climb(np.hstack([self.best, elites]), effort.rounds, deadline)
        self.best = self.best[:, : effort.elites // 2]
        if (hit := self._confirm(self.best[:, :6], deadline)) is not None:
            return hit
        self._measure(attained)
        return None

    def _readable(self, effort: Effort, deadline: float) -> Refutation | None:
        """Try small round numbers; of those that break the claim, the simplest first."""
        n = self._affordable(effort.draws, deadline) if self.problem.symbols else 1
        rows = self.repairs.tight(draw_nice(self.problem, self.rng, n), self.rng)
        if not self.problem.goals:
            self.climber.points += int(np.count_nonzero(self.problem.slack(rows) >= FEASIBLE))
            return None
        start = time.monotonic()
        values = self.climber.score(rows)
        self._seconds = (time.monotonic() - start) / n
        clear, ties = np.flatnonzero(values > CLEAR), np.flatnonzero(np.abs(values) <= CLEAR)
        clear = clear[np.argsort(-values[clear])][:60]
        zeros = np.count_nonzero(rows[:, ties] == 0, axis=0)
        ties = ties[np.argsort(-zeros)][: 30 if self._strict else 0]
        for columns, most in ((rows[:, clear], 12), (rows[:, ties], 8)):
            points = list(exact_points(self.problem, self.repairs, columns, (1e-3,)))
            for point in sorted(points, key=digits)[:most]:
                if (hit := self._settle(point, deadline)) is not None:
                    return hit
        return None

    def _affordable(self, n: int, deadline: float) -> int:
        """As many draws as take a fifth of the time left, by the speed of the last ones."""
        left = max(deadline - time.monotonic(), 0.05)
        return max(200, min(n, int(left / 5 / max(self._seconds, 1e-7))))

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
        found = self.climber.climb(rows[:, order], 60, time.monotonic() + 2, inside)
        return np.hstack([rows, found])

    def _diverse(self, ordered: Array, count: int) -> Array:
        """The best draws, and draws from everywhere: the best alone share one basin."""
        best = ordered[:, : count // 2]
        others = ordered[:, self.rng.integers(ordered.shape[1], size=count - best.shape[1])]
        return np.hstack([best, others])

    def _confirm(self, columns: Array, deadline: float) -> Refutation | None:
        """The first column that rounds to a confirmed witness."""
        if not columns.shape[1]:
            return None
        values = self.problem.violation(columns)
        inside = self.problem.slack(columns) >= FEASIBLE
        clear, touching = inside & (values > CLEAR), inside & (np.abs(values) <= CLEAR)
        hit = self._first(columns[:, clear], LEVELS, deadline, 3.0)
        return hit or self._first(columns[:, touching][:, :2], (0.3, 1e-3, 0.0), deadline, 0.3)

    def _first(
        self, columns: Array, levels: tuple[float, ...], deadline: float, seconds: float
    ) -> Refutation | None:
        now = time.monotonic()
        until = now + min(seconds, max(0.3, (deadline - now) / 3))
        for point in exact_points(self.problem, self.repairs, columns, levels):
            if time.monotonic() > until:
                break
            if (hit := self._settle(point, deadline)) is not None:
                return hit
        return None

    def _settle(self, point: Point, deadline: float) -> Refutation | None:
        """The refutation at an exact point, or next to it where the point lies on a kink."""
        if self._clearly_fine(point) or not satisfies(self.problem, point):
            return None
        found = broken(self.problem, point, 1024)
        if found is None and not self._smooth_at(point):
            for beside in off_guards(self.problem, point):
                if satisfies(self.problem, beside):
                    point, found = beside, found or broken(self.problem, beside, 1024)
                if found is not None:
                    break
        if found is None or (found.on_kink and self.on_kink is not None):
            return None
        return self._refutation(point, found, deadline)

    def _smooth_at(self, point: Point) -> bool:
        return all(all_nonzero(g.guards, point) for g in self.problem.goals)

    def _refutation(self, point: Point, found: Broken, deadline: float) -> Refutation | None:
        """The witness, made readable; one on a kink is only kept for want of a better."""
        until = min(deadline, time.monotonic() + SHRINKING)
        point, found = shrink(self.problem, self.repairs, point, found, until)
        detail = _sentence(self.problem, found)
        hit = Refutation(witness(self.problem, point, found), detail, found.severity, found.on_kink)
        self.on_kink = self.on_kink or (hit if hit.on_kink else None)
        return None if hit.on_kink else hit

    def _clearly_fine(self, point: Point) -> bool:
        return bool(self.problem.violation(floats(self.problem, [point]))[0] < TOUCHING)

    def _measure(self, attained: Attained) -> None:
        """Confirm the best ratio of a single bound at exact points."""
        if isinstance(self.problem.claim.holds, Convex | Maximizes):
            return
        if len(self.problem.goals) != 1 or not self.best.shape[1]:
            return
        goal = self.problem.goals[0]
        relation = goal.condition.single
        if relation is None or relation.rel_op in ("==", "!="):
            return
        for point in exact_points(self.problem, self.repairs, self.best[:, :1], (0.02, 1e-4, 1e-8)):
            if not satisfies(self.problem, point) or not self._smooth_at(point):
                continue
            if (ratio := ratio_at(relation, point)) is not None and ratio > 0:
                attained.offer(ratio, self.problem, point)


def _sentence(problem: Problem, found: Broken) -> str:
    where = f" ({found.goal.what})" if found.goal.what else ""
    kink = "; it lies where sign(0) = 0 is used" if found.on_kink else ""
    return (
        f"an exact rational point in dimension {problem.dimension} satisfies the hypotheses and "
        f"violates the statement{where}; confirmed by ball arithmetic{kink}"
    )
