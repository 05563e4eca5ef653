"""Derivatives across kinks and jumps, or the refusal to take them.

.. math:: \\partial |u| \\subseteq [-1, 1]\\,\\partial u, \\qquad
          \\partial \\max(u, v) \\subseteq \\operatorname{hull}(\\partial u, \\partial v)

With ``clarke`` a kink inside the box gives the hull of the slopes on its sides (first order only);
otherwise a kink is refused, and so is every jump: the derivative is then undefined.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import fmpq

from numerics.certificates.arb.intervals import Interval, Value
from numerics.certificates.arb.jets import Jet, SmoothDerivatives
from numerics.certificates.arb.tape import Condition, slots_of


class Derivatives(SmoothDerivatives):
    """The arithmetic of jets over ``base``; ``order`` is 1 or 2."""

    def abs(self, _: Any, args: Sequence[Jet]) -> Jet | None:
        (a,) = args
        value = self.base.abs(None, (a.value,))
        return self.chain(a, value, lambda: self._side(a.value), lambda: self.base.zero)

    def _side(self, a: Interval) -> Value:
        """The slope of |.|: on a whole box with a >= 0 it is the slope of a, if ends may count."""
        base = self.base
        if base.positive(a) or (self.clarke and base.nonnegative(a)):
            return base.one
        if base.negative(a) or (self.clarke and base.nonpositive(a)):
            return base.const(fmpq(-1))
        return self.unit if self.clarke else None

    def _locally_constant(self, value: Value, args: Sequence[Jet], settled: bool) -> Jet | None:
        """A jump is refused unless the value is settled or nothing moves."""
        if value is None or not (settled or not any(a.gradient for a in args)):
            return None
        return Jet(value, {}, {})

    def _nonzero(self, a: Jet) -> bool:
        return self.base.positive(a.value) or self.base.negative(a.value)

    def sign(self, _: Any, args: Sequence[Jet]) -> Jet | None:
        value = self.base.sign(None, (args[0].value,))
        return self._locally_constant(value, args, self._nonzero(args[0]))

    def nonzero(self, _: Any, args: Sequence[Jet]) -> Jet | None:
        value = self.base.nonzero(None, (args[0].value,))
        return self._locally_constant(value, args, self._nonzero(args[0]))

    def _top(self, args: Sequence[Jet]) -> int | None:
        """The one component that is certainly the largest in size and not zero."""
        base = self.base
        sizes = [base.abs(None, (a.value,)) for a in args]
        for i, size in enumerate(sizes):
            gaps = [base.minus(size, s) for j, s in enumerate(sizes) if j != i]
            if self._nonzero(args[i]) and all(base.positive(g) for g in gaps):
                return i
        return None

    def peak(self, i: int, args: Sequence[Jet]) -> Jet | None:
        value = self.base.peak(i, [a.value for a in args])
        return self._locally_constant(value, args, self._top(args) is not None)

    def tip(self, _: Any, args: Sequence[Jet]) -> Jet | None:
        half = len(args) // 2
        top = self._top(args[:half])
        if top is not None:
            return self.mul(None, (self.sign(None, (args[top],)), args[half + top]))  # type: ignore[arg-type]
        value = self.base.tip(None, [a.value for a in args])
        return self._locally_constant(value, args, False)

    def maximum(self, _: Any, args: Sequence[Jet]) -> Jet | None:
        value = self.base.maximum(None, [a.value for a in args])
        kept = self._candidates(args)
        if len(kept) == 1:
            return Jet(value, kept[0].gradient, kept[0].hessian)
        if not any(a.gradient for a in kept):
            return Jet(value, {}, {})
        return self._hull(value, kept) if self.clarke else None

    def _candidates(self, args: Sequence[Jet]) -> list[Jet]:
        """The arguments that may be the largest one somewhere on the box."""
        base, kept = self.base, list(args)
        lower = base.nonpositive if self.clarke else base.negative
        for a in args:
            others = [b for b in kept if b is not a]
            if any(lower(base.minus(a.value, b.value)) for b in others):
                kept = others
        return kept

    def _hull(self, value: Interval, jets: Sequence[Jet]) -> Jet:
        def entry(name: str, key: Any) -> Interval:
            found = [getattr(j, name).get(key, self.base.zero) for j in jets]
            result = found[0]
            for f in found[1:]:
                result = self.base.hull(result, f)
            return result

        gradient = {k: entry("gradient", k) for j in jets for k in j.gradient}
        return Jet(value, gradient, {k: entry("hessian", k) for j in jets for k in j.hessian})

    def piece(self, pieces: Any, values: Sequence[Jet | None]) -> Jet | None:
        """The piece that the conditions settle; a hull where the conditions do not move."""
        possible: list[Jet] = []
        for condition, slot in pieces:
            looked_at = [values[s] for s in slots_of(condition)]
            if None in looked_at:
                return None
            moving = any(j is not None and j.gradient for j in looked_at)
            known = self._truth(condition, values, strict=moving and not self.clarke)
            if known is False:
                continue
            found = values[slot]
            if found is None or (known is None and moving):
                return None
            possible.append(found)
            if known:
                return self._joined(possible)
        return None

    def _joined(self, possible: list[Jet]) -> Jet:
        value = possible[0].value
        for j in possible[1:]:
            value = self.base.hull(value, j.value)
        return possible[0] if len(possible) == 1 else self._hull(value, possible)

    def _truth(
        self, condition: Condition, values: Sequence[Jet | None], strict: bool
    ) -> bool | None:
        plain = {s: j.value for s in slots_of(condition) if (j := values[s]) is not None}
        return self.base.truth(condition, plain, strict)

    def norm(self, p: fmpq, args: Sequence[Jet]) -> Jet | None:
        value = self.base.norm(p, [a.value for a in args])
        if value is None or not any(a.gradient for a in args):
            return None if value is None else Jet(value, {}, {})
        if not (self.clarke or self.base.positive(value)):
            return None
        if self.order == 2 and p != 2:
            return self._norm_as_root(p, args)
        shares = [self._share(a.value, value, p) for a in args]
        parts = [(s, a.gradient) for s, a in zip(shares, args, strict=True)]
        gradient = self._weighted(parts)
        if self.order == 1:
            return Jet(value, gradient, {})
        parts2 = [(self.base.one, self._squares(a.gradient)) for a in args]
        parts2 += [(a.value, a.hessian) for a in args]
        parts2 += [(self.base.const(fmpq(-1)), self._squares(gradient))]
        inverse = self.base.power(fmpq(-1), (value,))
        return Jet(value, gradient, self._weighted([(inverse, self._weighted(parts2))]))

    def _share(self, a: Interval, value: Interval, p: fmpq) -> Interval:
        """sign(a) (|a|/||v||)^(p-1), which lies in [-1, 1]; at v = 0 any such number may do."""
        base = self.base
        low = 0 if base.nonnegative(a) else -1
        high = 0 if base.nonpositive(a) else 1
        if not base.positive(value):
            return base.hull(base.const(fmpq(low)), base.const(fmpq(high)))
        ratio = base.clipped(base.times(a, base.power(fmpq(-1), (value,))), low, high)
        return ratio if p == 2 else self._signed_power(ratio, p - 1)

    def _signed_power(self, a: Interval, r: fmpq) -> Interval:
        """sign(a) |a|^r at both ends."""
        ends = []
        for end in a:
            point = (end, end)
            size = self.base.power(r, (self.base.abs(None, (point,)),))
            ends.append(self.base.times(self.base.sign(None, (point,)), size))
        return ends[0][0], ends[1][1]

    def _norm_as_root(self, p: fmpq, args: Sequence[Jet]) -> Jet | None:
        even = p.q == 1 and p.p % 2 == 0
        powers = []
        for a in args:
            size = a if even else self.abs(None, (a,))
            found = None if size is None else self.power(p, (size,))
            if found is None:
                return None
            powers.append(found)
        extra = (fmpq(0), (fmpq(1),) * len(powers))
        total = self.lin((extra, self.base.prepare("lin", extra)), powers)
        return self.power(1 / p, (total,))
