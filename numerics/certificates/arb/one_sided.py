"""One-sided derivatives at an exact point, kinks included.

.. math:: f'(\\theta; h) = \\lim_{t\\downarrow 0} \\frac{f(\\theta + t h) - f(\\theta)}{t}, \\qquad
          |u|'(h) = |u'(h)| \\text{ where } u = 0 \\text{ exactly}.

A kink is believed only where its inner value is exactly zero or exactly tied.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import fmpq

from numerics.certificates.arb.derivatives import Derivatives
from numerics.certificates.arb.intervals import Interval
from numerics.certificates.arb.jets import Jet
from numerics.certificates.arb.tape import slots_of


class OneSided(Derivatives):
    """Jets with the one entry {0: right derivative along a line}."""

    def __init__(self, base: Any) -> None:
        super().__init__(base, 1, clarke=False)

    def along(self, value: Interval, slope: fmpq) -> Jet:
        """value + t slope."""
        return Jet(value, {} if slope == 0 else {0: self.base.const(slope)}, {})

    def slope(self, jet: Jet) -> Interval:
        """The right derivative."""
        return jet.gradient.get(0, self.base.zero)

    def _bent(self, value: Interval, slope: Interval) -> Jet:
        return Jet(value, {0: slope}, {})

    def abs(self, _: Any, args: Sequence[Jet]) -> Jet | None:
        (a,) = args
        if a.gradient and self.base.is_zero(a.value):
            return self._bent(a.value, self.base.abs(None, (self.slope(a),)))
        return super().abs(None, args)

    def maximum(self, _: Any, args: Sequence[Jet]) -> Jet | None:
        base = self.base
        kept = self._candidates(args)
        gaps = [base.minus(kept[0].value, a.value) for a in kept[1:]]
        if not kept[1:] or not any(a.gradient for a in kept):
            return super().maximum(None, args)
        if not all(base.is_zero(g) for g in gaps):
            return None
        return self._bent(kept[0].value, base.maximum(None, [self.slope(a) for a in kept]))

    def norm(self, p: fmpq, args: Sequence[Jet]) -> Jet | None:
        moving = any(a.gradient for a in args)
        if moving and all(self.base.is_zero(a.value) for a in args):
            slope = self.base.norm(p, [self.slope(a) for a in args])
            return None if slope is None else self._bent(self.base.zero, slope)
        return super().norm(p, args)

    def power(self, r: fmpq, args: Sequence[Jet]) -> Jet | None:
        (a,) = args
        if r.q == 1 or not a.gradient or self.base.positive(a.value):
            return super().power(r, args)
        # A root near zero: only where the inner value certainly grows, and only if it is flat.
        grows = self.base.is_zero(a.value) and self.base.positive(self.slope(a))
        return self._bent(self.base.zero, self.base.zero) if grows and r > 1 else None

    def piece(self, pieces: Any, values: Sequence[Jet | None]) -> Jet | None:
        for condition, slot in pieces:
            signs: dict[int, Interval] = {}
            for s in slots_of(condition):
                side = self._side_of(values[s])
                if side is None:
                    return None
                signs[s] = side
            known = self.base.truth(condition, signs)
            if known is None:
                return None
            if known:
                return values[slot]
        return None

    def _side_of(self, jet: Jet | None) -> Interval | None:
        """A number with the sign that the value has for small t > 0."""
        if jet is None or not jet.gradient or not self.base.is_zero(jet.value):
            return None if jet is None else jet.value
        slope = self.slope(jet)
        if self.base.positive(slope):
            return self.base.one
        return self.base.const(fmpq(-1)) if self.base.negative(slope) else None
