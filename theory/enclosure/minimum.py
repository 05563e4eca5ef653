"""``minimum``: the infimum of a landscape, from both sides, and where it can be attained.

Branch and bound: a cell counts with its range or with the second-order form, whichever is higher;
a cell on which the slope has one sign is as low as its lower end; a tail counts with a polynomial
below.  The upper bound is a value (or, at a cut, a limit of values) of the function.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

from flint import arb, ctx, fmpq

from theory.enclosure.landscape import Stretch
from theory.enclosure.polynomial_bounds import Bound, shifted
from theory.enclosure.quadrature import NARROW, NotBounded, NotReached

MOST_CELLS = 20_000
POLISH = 400  # cells spent on narrowing the minimisers once the value is known
INFINITY = arb.pos_inf()

Tails = tuple[Bound, Bound]


@dataclass(frozen=True)
class Minimum:
    """lower <= infimum <= upper; the boxes, if any, hold every minimiser."""

    lower: arb
    upper: arb
    boxes: tuple[tuple[fmpq, fmpq], ...]


@dataclass(frozen=True)
class _Cell:
    stretch: Stretch
    low: fmpq | None
    high: fmpq | None


def minimum(
    stretches: list[Stretch],
    points: Mapping[fmpq, arb],
    tails: Tails,
    step: fmpq,
    relative: arb,
    absolute: arb,
    polish: int = POLISH,
) -> Minimum:
    """Until upper - lower <= max(relative |upper|, absolute); ``points``: values at the cuts."""
    return _Search(points, tails, step, polish).run(stretches, relative, absolute)


class _Search:
    def __init__(self, points: Mapping[fmpq, arb], tails: Tails, step: fmpq, polish: int):
        self.points, self.tails, self.step, self.polish = points, tails, step, polish
        self.best = INFINITY
        for value in points.values():
            self._attained(value)
        self.count = 0
        self.heap: list[tuple[arb, int, _Cell]] = []

    def run(self, stretches: list[Stretch], relative: arb, absolute: arb) -> Minimum:
        for stretch in stretches:
            self._add(_Cell(stretch, stretch.low, stretch.high))
        while self.heap and self.heap[0][0] < self.best - self._gap(relative, absolute):
            if self.count > MOST_CELLS:
                raise NotReached("too many cells")
            bound, _, cell = heappop(self.heap)
            self._split(cell, bound.is_finite())
        lower = self.heap[0][0] if self.heap else self.best
        for value in self.points.values():
            lower = lower.min(value.lower())
        if self.polish:
            self._narrow()
        return Minimum(lower, self.best, tuple(self._boxes()))

    def _gap(self, relative: arb, absolute: arb) -> arb:
        return (relative * abs(self.best)).max(absolute) if self.best.is_finite() else arb(0)

    def _attained(self, value: arb | None) -> None:
        if value is not None and value.is_finite():
            self.best = self.best.min(value.upper())

    def _add(self, cell: _Cell) -> None:
        """Bound a cell and keep it, unless all of it lies above a value."""
        for low in self._bound(cell):
            if low[0] <= self.best:
                self.count += 1
                # Of equal bounds the newest cell is first: where nothing is known, down to a point.
                heappush(self.heap, (low[0], -self.count, low[1]))

    def _bound(self, cell: _Cell) -> list[tuple[arb, _Cell]]:
        if cell.low is None or cell.high is None:
            return [(self._tail(cell), cell)]
        m, r = (cell.low + cell.high) / 2, (cell.high - cell.low) / 2
        value = cell.stretch.at(m, 1)
        self._attained(value[0] if value else None)
        found = cell.stretch.range(cell.low, cell.high)
        bound = found[0] if found else -INFINITY
        if bound > self.best:
            return []
        form = cell.stretch.expansion(m, r)
        if form is None:
            return [(bound, cell)]
        slope = form.slope + form.bend.real * 2 * arb(0, arb(r).upper())
        if not form.higher and (slope > 0 or slope < 0):
            end = cell.low if slope > 0 else cell.high
            lowest = cell.stretch.at(end, 1)
            if lowest is not None and lowest[0].is_finite():
                self._attained(lowest[0])
                return [(lowest[0].lower(), _Cell(cell.stretch, end, end))]
        return [(bound.max(form.lowest(arb(r))), cell)]

    def _tail(self, cell: _Cell) -> arb:
        right = cell.high is None
        start, first = (cell.low, cell.stretch.low) if right else (cell.high, cell.stretch.high)
        below = self.tails[1 if right else 0]
        assert start is not None and first is not None
        if below is None:
            return -INFINITY
        p = shifted(below, arb(abs(start - first)))
        return p[0].lower() if all(c >= 0 for c in p[1:]) else -INFINITY

    def _split(self, cell: _Cell, known: bool = True) -> None:
        low, high = cell.low, cell.high
        if low is not None and high is not None:
            relative = (high - low) / max(abs(low), abs(high), self.step)
            if not known and relative <= NARROW:
                raise NotBounded(low)
            if relative <= fmpq(1, 2**ctx.prec):
                raise NotReached("a cell")
            ends = [low, (low + high) / 2, high]
        elif low is not None:
            first = cell.stretch.low
            ends = [low, low + max(self.step, low - (low if first is None else first)), None]
        else:
            assert high is not None
            first = cell.stretch.high
            ends = [None, high - max(self.step, (high if first is None else first) - high), high]
        for a, b in pairwise(ends):
            self._add(_Cell(cell.stretch, a, b))

    def _narrow(self) -> None:
        """Narrow the cells that may hold a minimiser, the widest first."""
        for _ in range(self.polish):
            self.heap = [item for item in self.heap if item[0] <= self.best]
            if not self.heap:
                return
            widest = max(self.heap, key=lambda item: _width(item[2]))
            if _width(widest[2]) <= self.step * fmpq(1, 2 ** (ctx.prec // 2)):
                break
            self.heap.remove(widest)
            self._split(widest[2])

    def _boxes(self) -> list[tuple[fmpq, fmpq]]:
        cells = [cell for low, _, cell in self.heap if low <= self.best]
        found = [(c.low, c.high) for c in cells if c.low is not None and c.high is not None]
        if len(found) < len(cells):
            return []
        points = [(p, p) for p, value in self.points.items() if value.lower() <= self.best]
        merged: list[tuple[fmpq, fmpq]] = []
        for low, high in sorted([*found, *points]):
            if merged and low <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
            else:
                merged.append((low, high))
        return merged


def _width(cell: _Cell) -> fmpq:
    """A tail is the first to be narrowed."""
    if cell.low is None or cell.high is None:
        return fmpq(2**4096)
    return cell.high - cell.low
