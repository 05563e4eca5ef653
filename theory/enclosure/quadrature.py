"""``Quadrature``: rigorous integrals of w(u) exp(-b (g(u) - g0)) over the line or an interval.

The cell with the largest error is refined until the sum of all errors is small: first by a Taylor
polynomial, then into halves; a tail into a bounded cell and a shorter tail.

Source: Johansson, *Numerical integration in arbitrary-precision ball arithmetic* (2018), for
adaptive refinement with analytic bounds; here the integrand is an exponential, and its exponent
is what is bounded.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from flint import arb, ctx, fmpq

from theory.enclosure.analytic import series_length
from theory.enclosure.cell_integrals import LONGEST, Cell, CellIntegrals, Weights, log_of
from theory.enclosure.landscape import Stretch
from theory.enclosure.polynomial_bounds import Bound

NARROW = fmpq(1, 2**48)  # relative width at which a cell without a bound is given up
MOST_CELLS = 15_000
ROUND = 16  # the fewest refinements between two sums of all errors


class NotReached(ArithmeticError):
    """The accuracy was not reached at this precision."""


class TooManyCells(ArithmeticError):
    """The accuracy was not reached with as many cells as are allowed."""


class NotBounded(ValueError):
    """The function is not provably defined and bounded; ``at`` says where."""

    def __init__(self, at: fmpq):
        super().__init__(f"the function is not provably defined and bounded near {at}")
        self.at = at


class Quadrature:
    """Integrals over the stretches, at the precision of flint's context."""

    def __init__(
        self,
        stretches: list[Stretch],
        weights: Weights,
        inverse_temperature: fmpq,
        ground: arb,
        step: fmpq,
        tails: tuple[Bound, Bound] = (None, None),
    ):
        self.weights, self.step = weights, step
        self.cells = CellIntegrals(weights, inverse_temperature, ground, tails)
        self.start = [self.cells.new(s, s.low, s.high) for s in stretches]

    def integrals(self, digits: float) -> list[arb]:
        """Balls for all weights; errors below 10^-digits times the integral of w_0."""
        self.digits = digits
        with series_length(LONGEST):
            return self._refined(arb(10) ** arb(-digits))

    def _refined(self, tolerance: arb) -> list[arb]:
        units = self.weights.units
        heap = [(-log_of(cell.error(units)), -i, cell) for i, cell in enumerate(self.start)]
        heapify(heap)
        count, next_sum = len(heap), 0
        for step in range(MOST_CELLS):
            if step == next_sum:
                next_sum += max(ROUND, len(heap) // 8)
                cells = [cell for _, _, cell in heap]
                if self._error(cells) <= tolerance * _mass(cells):
                    return [_sum(cells, k) for k in range(self.weights.count)]
            for new in self._refine(heappop(heap)[2]):
                count += 1
                # Among errors that are not known the newest cell is first: down to a bad point.
                heappush(heap, (-log_of(new.error(units)), -count, new))
        raise TooManyCells(f"quadrature: {MOST_CELLS} refinements did not reach the accuracy")

    def _error(self, cells: list[Cell]) -> arb:
        units = self.weights.units
        return sum((cell.error(units) for cell in cells), arb(0))

    def _refine(self, cell: Cell) -> list[Cell]:
        if cell.low is None or cell.high is None:
            return self._shorter_tail(cell)
        if not cell.fine:
            cell.fine = True
            found = self.cells.taylor(cell.stretch, cell.low, cell.high, self.digits)
            if found and found.error(self.weights.units) < cell.error(self.weights.units) / 64:
                return [found]
        if cell.rounded:
            raise NotReached("rounding is larger than the accuracy")
        return self._halves(cell)

    def _halves(self, cell: Cell) -> list[Cell]:
        assert cell.low is not None and cell.high is not None
        middle = (cell.low + cell.high) / 2
        size = max(abs(cell.low), abs(cell.high), self.step)
        if cell.high - cell.low < size * NARROW and not cell.values[0].is_finite():
            raise NotBounded(middle)
        if cell.high - cell.low < size * fmpq(1, 2**ctx.prec):
            raise NotReached("a cell")
        stretch = cell.stretch
        return [
            self.cells.new(stretch, cell.low, middle),
            self.cells.new(stretch, middle, cell.high),
        ]

    def _shorter_tail(self, cell: Cell) -> list[Cell]:
        """A bounded cell as long as the tail is away from the cut, and the tail beyond it."""
        stretch = cell.stretch
        if cell.high is None:
            assert cell.low is not None and stretch.low is not None
            end = cell.low + max(self.step, cell.low - stretch.low)
            return [self.cells.new(stretch, cell.low, end), self.cells.new(stretch, end, None)]
        assert stretch.high is not None
        end = cell.high - max(self.step, stretch.high - cell.high)
        return [self.cells.new(stretch, None, end), self.cells.new(stretch, end, cell.high)]


def _mass(cells: list[Cell]) -> arb:
    """A lower bound of the integral of w_0 = 1."""
    known = [cell.values[0].lower() for cell in cells if cell.values[0].is_finite()]
    return sum((low for low in known if low > 0), arb(0))


def _sum(cells: list[Cell], k: int) -> arb:
    return sum((cell.values[k] for cell in cells), arb(0))
