"""Climb from the best draws to the worst violation: random steps of every size, in batches.

Steps from 1e-6 to 1 of a coordinate, a vector, a scalar's logarithm or the distance of the two
points; kinks and scales that stop gradient methods do not stop it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from numerics.falsify.draws import within_reach
from numerics.falsify.problem import Problem
from numerics.falsify.repair_plan import Repairs
from numerics.falsify.tape import Array
from theory import clock

COPIES = 24
FEASIBLE = -1e-12  # the exact repair moves a point by more than this
Score = Callable[[Array], Array]
Move = Callable[[Array, Array], Array]


@dataclass
class Climber:
    """Improve columns of floats under a score; every accepted point met the hypotheses."""

    problem: Problem
    repairs: Repairs
    rng: np.random.Generator
    points: int = 0
    smallest: float = -6.0  # the logarithm of the smallest relative step

    def score(self, rows: Array) -> Array:
        """The violation where the hypotheses hold, else -inf; counts the points that count."""
        inside = self.problem.slack(rows) >= FEASIBLE
        values = self.problem.violation(rows)
        self.points += int(np.count_nonzero(inside & np.isfinite(values)))
        return np.where(inside, values, -np.inf)

    def fine_score(self, rows: Array) -> Array:
        """The same with the digits of longdouble, for the last climb to a touching point."""
        inside = self.problem.slack(rows) >= FEASIBLE
        return np.where(inside, self.problem.violation(rows.astype(np.longdouble)), -np.inf)

    def climb(self, rows: Array, rounds: int, deadline: float, score: Score | None = None) -> Array:
        """The columns after some rounds, each no worse than before."""
        measure = score or self.score
        best, last, stalled = measure(rows), -np.inf, 0
        for _ in range(rounds):
            if clock.now() > deadline or stalled > 25 or not rows.shape[1]:
                break
            with np.errstate(all="ignore"):  # a column that leaves the numbers scores -inf
                rows, best = self._round(rows, best, measure)
            top = float(best.max(initial=-np.inf))
            stalled = stalled + 1 if top <= last + 1e-11 * (1 + abs(last)) else 0
            last = max(top, last)
        return rows[:, np.argsort(-best, kind="stable")]

    def _round(self, rows: Array, best: Array, measure: Score) -> tuple[Array, Array]:
        m = rows.shape[1]
        trial = self.repairs.floats(self._mutate(np.repeat(rows, COPIES, axis=1)))
        values = measure(trial).reshape(m, COPIES)
        winner = values.argmax(axis=1)
        value = values[np.arange(m), winner]
        better = value > best
        rows = rows.copy()
        rows[:, better] = trial[:, (np.arange(m) * COPIES + winner)[better]]
        return rows, np.where(better, value, best)

    def _mutate(self, rows: Array) -> Array:
        n, rng = rows.shape[1], self.rng
        size = 10 ** rng.uniform(self.smallest, 0.3, n)
        kind = rng.integers(8, size=n)
        for k, move in enumerate(self._moves()):
            chosen = np.flatnonzero(kind % len(self._moves()) == k)
            if chosen.size:
                rows[:, chosen] = move(rows[:, chosen], size[chosen])
        self._keep_domains(rows)
        return rows

    def _moves(self) -> list[Move]:
        moves: list[Move] = [self._one_row, self._everything, self._one_group]
        moves += [self._stretch, self._mix]
        if self.problem.partner is not None:
            moves += [self._distance, self._translate]
        return moves

    def free(self) -> Array:
        """The rows that hold real numbers."""
        discrete = set(self.problem.discrete)
        return np.array([k for k in range(len(self.problem.symbols)) if k not in discrete])

    def _one_row(self, rows: Array, size: Array) -> Array:
        n = rows.shape[1]
        k, columns = self.rng.integers(rows.shape[0], size=n), np.arange(n)
        g = self.rng.standard_normal(n)
        value = rows[k, columns]
        add = self.rng.random(n) < 0.3
        top = np.abs(rows).max(axis=0)
        moved = np.where(add, value + size * g * top, value * np.exp(size * g))
        discrete = np.isin(k, self.problem.discrete)
        flip = self.rng.random(n) < 0.15
        rows[k, columns] = np.where(discrete | flip, -value, moved)
        return rows

    def _everything(self, rows: Array, size: Array) -> Array:
        free = self.free()
        if free.size:
            rows[free] *= 1 + size * self.rng.standard_normal((free.size, rows.shape[1]))
        return rows

    def _one_group(self, rows: Array, size: Array) -> Array:
        group = self._some_group()
        if group is None:
            return self._everything(rows, size)
        step = self.rng.standard_normal((len(group), rows.shape[1]))
        rows[group] += size * step * (np.abs(rows[group]).max(axis=0) + 1e-12)
        return rows

    def _stretch(self, rows: Array, size: Array) -> Array:
        group = self._some_group()
        chosen = self.free() if group is None or self.rng.random() < 0.2 else group
        if len(chosen):
            rows[chosen] *= np.exp(2 * size * self.rng.standard_normal(rows.shape[1]))
        return rows

    def _mix(self, rows: Array, size: Array) -> Array:
        v, w = self._some_group(), self._some_group()
        if v is None or w is None or len(v) != len(w):
            return self._everything(rows, size)
        scale = (np.abs(rows[v]).max(axis=0) + 1e-12) / (np.abs(rows[w]).max(axis=0) + 1e-12)
        rows[v] = rows[v] + size * self.rng.standard_normal(rows.shape[1]) * scale * rows[w]
        return rows

    def _some_group(self) -> list[int] | None:
        groups = [list(rows) for rows in self.problem.vectors.values()]
        return groups[self.rng.integers(len(groups))] if groups else None

    def _ends(self) -> tuple[list[int], list[int]]:
        first, second = self.problem.partner or ("", "")
        if first in self.problem.groups:
            return list(self.problem.groups[first]), list(self.problem.groups[second])
        names = [s.name for s in self.problem.symbols]
        return [names.index(first)], [names.index(second)]

    def _distance(self, rows: Array, size: Array) -> Array:
        first, second = self._ends()
        factor = np.exp(4 * size * self.rng.standard_normal(rows.shape[1]))
        anchor, gap = rows[first], rows[second] - rows[first]
        about = np.where(self.rng.random(rows.shape[1]) < 0.5, 0.5, 0.0)
        centre = anchor + about * gap
        rows[first] = centre - about * factor * gap
        rows[second] = rows[first] + factor * gap
        return rows

    def _translate(self, rows: Array, size: Array) -> Array:
        first, second = self._ends()
        step = size * self.rng.standard_normal((len(first), rows.shape[1]))
        step = step * (np.abs(rows[first]).max(axis=0) + 1e-12)
        rows[first] += step
        rows[second] += step
        return rows

    def _keep_domains(self, rows: Array) -> None:
        for k in self.problem.scalars:
            symbol = self.problem.symbols[k]
            if symbol.is_nonnegative:
                rows[k] = np.abs(rows[k])
            elif symbol.is_nonpositive:
                rows[k] = -np.abs(rows[k])
            if symbol.is_integer:
                rows[k] = np.round(rows[k])
        rows[:] = within_reach(rows)
