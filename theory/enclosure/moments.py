"""``Moments``: the weights (u - c)^k of a quadrature, k = 0, 1, ..., count - 1."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, factorial

from flint import arb, arb_series, fmpq


@dataclass(frozen=True)
class Moments:
    """Powers about an exact centre; ``unit`` is the length in which errors are counted."""

    centre: fmpq
    unit: arb
    count: int = 4

    @property
    def units(self) -> tuple[arb, ...]:
        return tuple(self.unit**k for k in range(self.count))

    def series(self, m: fmpq, r: fmpq, length: int) -> list[arb_series]:
        distance = arb_series([arb(m - self.centre), arb(r)], length)
        powers = [arb_series([1], length)]
        while len(powers) < self.count:
            powers.append(powers[-1] * distance)
        return powers

    def on_disc(self, m: fmpq, radius: fmpq) -> list[arb]:
        farthest = arb(abs(m - self.centre) + radius)
        return [farthest**k for k in range(self.count)]

    def on_cell(self, m: fmpq, r: fmpq) -> list[arb]:
        low, high = arb(m - r - self.centre), arb(m + r - self.centre)
        return [arb(1), *(self._power(low, high, k) for k in range(1, self.count))]

    def _power(self, low: arb, high: arb, k: int) -> arb:
        ends = (low**k).union(high**k)
        return ends.union(0) if low < 0 < high else ends

    def on_tail(self, start: fmpq, decay: arb) -> list[arb]:
        distance = arb(abs(start - self.centre))
        return [
            sum(
                (
                    comb(k, j) * factorial(j) * distance ** (k - j) / decay ** (j + 1)
                    for j in range(k + 1)
                ),
                arb(0),
            )
            for k in range(self.count)
        ]
