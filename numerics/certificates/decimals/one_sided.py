"""Right derivatives at a rational point along a direction, exact at kinks.

.. math:: D f(\\theta; h) = \\lim_{t \\downarrow 0} \\frac{f(\\theta + t h) - f(\\theta)}{t},
          \\qquad D |u| = |D u| \\text{ where } u = 0.

A kink is decided only where the inner value is exactly zero or exactly tied; a condition is the
pair of its truth at t = 0 and its truth for small t > 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from numerics.certificates.decimals.derivatives import FirstOrder
from numerics.certificates.decimals.evaluate import MAYBE, Natural, all_of, opposite
from numerics.certificates.decimals.exact import Exact
from numerics.certificates.decimals.intervals import Interval, Undefined


class OneSided(FirstOrder):
    """Values are (interval, (right derivative,))."""

    def __init__(self, arithmetic: Exact) -> None:
        super().__init__(arithmetic, 1)

    def moving(self, value: Fraction, speed: Fraction | None) -> Any:
        """value + t speed; None does not move at all."""
        return (value, value), (None if speed is None else (speed, speed),)

    def slope(self, v: Any) -> Interval:
        return self.r.constant(Fraction(0)) if v[1][0] is None else v[1][0]

    def _is_zero(self, v: Any) -> bool:
        return bool(v[0][0] == v[0][1] == 0)

    def absolute(self, v: Any) -> Any:
        if self._is_zero(v):
            return v[0], (self.r.abs(self.slope(v)),)
        if v[0][0] <= 0 <= v[0][1]:
            raise Undefined("a kink that is not decided")
        return super().absolute(v)

    def on_max(self, v: Sequence[Any], extra: None) -> Any:
        bar = max(x[0][0] for x in v)
        tied = self._tied([x for x in v if x[0][1] >= bar])
        return tied[0][0], (self.r.max(*(self.slope(x) for x in tied)),)

    def on_min(self, v: Sequence[Any], extra: None) -> Any:
        bar = min(x[0][1] for x in v)
        tied = self._tied([x for x in v if x[0][0] <= bar])
        return tied[0][0], (self.r.min(*(self.slope(x) for x in tied)),)

    def _tied(self, active: Sequence[Any]) -> Sequence[Any]:
        """One argument, or several that are exactly equal."""
        ends = {end for x in active for end in x[0]}
        if len(active) > 1 and len(ends) > 1:
            raise Undefined("a tie that is not decided")
        return active

    def on_norm(self, v: Sequence[Any], p: Fraction) -> Any:
        if all(self._is_zero(x) for x in v):
            return (Fraction(0), Fraction(0)), (self.r.norm([self.slope(x) for x in v], p),)
        if self.r.norm([x[0] for x in v], p)[0] <= 0:
            raise Undefined("a kink that is not decided")
        return super().on_norm(v, p)

    def on_powq(self, v: Sequence[Any], q: Fraction) -> Any:
        grows = v[0][0][0] > 0 or v[0][1][0] is None or v[0][1][0][0] > 0
        if not grows:
            raise Undefined("a power that is no integer, next to 0")
        return super().on_powq(v, q)

    def on_truth(self, v: Sequence[Any], value: bool) -> Any:
        return value, value

    def _later(self, v: Any, rule: Any) -> Any:
        """The truth for small t > 0: of the value where it is not 0, else of its slope."""
        value, (slope,) = v
        if value[0] > 0 or value[1] < 0:
            return rule(value)
        if not self._is_zero(v):
            return MAYBE
        if slope is None:
            return rule(value)
        return rule(slope) if slope[0] > 0 or slope[1] < 0 else MAYBE

    def _pair(self, v: Any, name: str) -> Any:
        natural = getattr(Natural(self.r), name)

        def rule(interval: Interval) -> Any:
            return natural([interval], None)

        return rule(v[0]), self._later(v, rule)

    def on_nonneg(self, v: Sequence[Any], extra: None) -> Any:
        return self._pair(v[0], "on_nonneg")

    def on_pos(self, v: Sequence[Any], extra: None) -> Any:
        return self._pair(v[0], "on_pos")

    def on_zero(self, v: Sequence[Any], extra: None) -> Any:
        return self._pair(v[0], "on_zero")

    def on_and(self, v: Sequence[Any], extra: None) -> Any:
        pairs = [(None, None) if t is None else t for t in v]
        return all_of([t[0] for t in pairs]), all_of([t[1] for t in pairs])

    def on_or(self, v: Sequence[Any], extra: None) -> Any:
        return self.on_not([self.on_and([self.on_not([t], None) for t in v], None)], None)

    def on_not(self, v: Sequence[Any], extra: None) -> Any:
        return None if v[0] is None else (opposite(v[0][0]), opposite(v[0][1]))

    def on_piecewise(self, v: Sequence[Any], extra: None) -> Any:
        """The piece for t > 0; where the piece at t = 0 is another, both must agree there."""
        now, later = self._chosen(v, 0), self._chosen(v, 1)
        if now is not later and not (now[0] == later[0] and later[0][0] == later[0][1]):
            raise Undefined("a jump, or a seam that is not decided")
        return later

    def _chosen(self, v: Sequence[Any], moment: int) -> Any:
        for k in range(0, len(v), 2):
            truth = None if v[k] is None else v[k][moment]
            if truth is True and v[k + 1] is not None:
                return v[k + 1]
            if truth is not False:
                break
        raise Undefined("no piece applies for certain")
