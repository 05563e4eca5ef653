r"""The loss of a network against a perturbation of its input, with derivatives, also on boxes.

.. math:: \delta \mapsto l(x + \delta, \theta), \qquad |\delta_i - c_i| \le r_i

The chain rule of second-order jets, once in floats and once in intervals rounded outwards.
Interval jets have the shape (m, 1 + n + n (n + 1)/2, N): value, gradient, lower half of the
Hessian.  Source: ours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from numerics.families.activations import Activation, ThreeIntervals, logistic_at, logistic_on
from numerics.families.derivatives import Array
from numerics.families.jets import variables
from numerics.families.landscapes import Enclosure, Points
from numerics.intervals import Interval, interval


@dataclass(frozen=True)
class NetworkLandscape:
    """``layers`` are pairs of weights (m, l) and biases (m,); x is (n,)."""

    layers: tuple[tuple[Array, Array], ...]
    activation: Activation
    label: float
    x: Array

    @property
    def inputs(self) -> int:
        """n."""
        return len(self.x)

    def at(self, points: Array) -> Points:
        """Floats at points (N, n)."""
        jet = variables(self.x + points, self.inputs)
        for weight, bias in self.layers[:-1]:
            jet = jet.affine(weight, bias)
            jet = jet.apply(*self.activation.at(jet.value))
        weight, bias = self.layers[-1]
        jet = jet.affine(self.label * weight, self.label * bias)
        jet = jet.apply(*logistic_at(jet.value))
        return Points(jet.value[:, 0], jet.gradient[:, 0], jet.hessian[:, 0])

    def on(self, boxes: list[Interval]) -> Enclosure:
        """Enclosures over boxes."""
        rows = [_input(interval(self.x[i]) + box, i, len(boxes)) for i, box in enumerate(boxes)]
        for weight, bias in self.layers[:-1]:
            jet = _apply(_affine(rows, weight, bias), self.activation.on)
            rows = [jet.row(i) for i in range(len(weight))]
        weight, bias = self.layers[-1]
        loss = _apply(_affine(rows, self.label * weight, self.label * bias), logistic_on)
        return _enclosure(loss.row(0), len(boxes))


def _input(side: Interval, i: int, n: int) -> Interval:
    """The jet of input i."""
    lo = np.zeros((1 + n + n * (n + 1) // 2, len(side.lo)))
    hi = lo.copy()
    lo[0], hi[0] = side.lo, side.hi
    lo[1 + i] = hi[1 + i] = 1.0
    return interval(lo, hi)


def _affine(rows: list[Interval], weight: Array, bias: Array) -> Interval:
    """W z + b."""
    total = interval(weight[:, 0, None, None]) * rows[0]
    for j, row in enumerate(rows[1:], start=1):
        total = total + interval(weight[:, j, None, None]) * row
    value = Interval(total.lo[:, 0], total.hi[:, 0]) + interval(bias[:, None])
    total.lo[:, 0], total.hi[:, 0] = value.lo, value.hi
    return total


def _apply(jet: Interval, function: Callable[[Interval], ThreeIntervals]) -> Interval:
    """f(z) by the chain rule."""
    part = [Interval(jet.lo[:, c], jet.hi[:, c]) for c in range(jet.lo.shape[1])]
    f, first, second = function(part[0])
    n = _inputs(len(part))
    out = [f] + [first * g for g in part[1 : 1 + n]]
    for (i, j), h in zip(_lower_half(n), part[1 + n :], strict=True):
        square = part[1 + i] * part[1 + j]
        if i == j:
            square = square.clip(0.0, np.inf)  # a square is not negative
        out.append(first * h + second * square)
    return Interval(np.stack([o.lo for o in out], 1), np.stack([o.hi for o in out], 1))


def _enclosure(row: Interval, n: int) -> Enclosure:
    part = [Interval(row.lo[c], row.hi[c]) for c in range(len(row.lo))]
    hessian: list[list[Interval]] = [[part[0]] * n for _ in range(n)]
    for (i, j), h in zip(_lower_half(n), part[1 + n :], strict=True):
        hessian[i][j] = hessian[j][i] = h
    return Enclosure(part[0], part[1 : 1 + n], hessian)


def _lower_half(n: int) -> list[tuple[int, int]]:
    return [(i, j) for i in range(n) for j in range(i + 1)]


def _inputs(components: int) -> int:
    """The n with 1 + n + n (n + 1)/2 = components."""
    return next(n for n in range(components) if 1 + n + n * (n + 1) // 2 == components)
