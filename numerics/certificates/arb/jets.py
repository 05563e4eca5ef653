"""Forward derivatives of first and second order over any interval arithmetic.

.. math:: \\partial_i \\phi(u) = \\phi'(u)\\,u_i, \\qquad
          \\partial_{ij} \\phi(u) = \\phi''(u)\\,u_i u_j + \\phi'(u)\\,u_{ij}

A value is (value, gradient, Hessian); entries that vanish identically are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flint import fmpq

from numerics.certificates.arb.intervals import Interval, Value

Gradient = dict[int, Interval]
Hessian = dict[tuple[int, int], Interval]


class Jet(NamedTuple):
    """value, {i: d/dx_i}, {(i, j): d^2/dx_i dx_j with i <= j}."""

    value: Interval
    gradient: Gradient
    hessian: Hessian


class SmoothDerivatives:
    """The arithmetic of jets over ``base`` for smooth functions; ``order`` is 1 or 2."""

    def __init__(self, base: Any, order: int, clarke: bool) -> None:
        self.base, self.order, self.clarke = base, order, clarke and order == 1
        self.unit = base.hull(base.const(fmpq(-1)), base.one)

    def const(self, value: fmpq) -> Jet:
        return Jet(self.base.const(value), {}, {})

    def seed(self, value: Interval, index: int | None) -> Jet:
        """The index-th variable; None for a variable that stays fixed."""
        return Jet(value, {} if index is None else {index: self.base.one}, {})

    def prepare(self, op: str, extra: Any) -> Any:
        return (extra, self.base.prepare(op, extra)) if op == "lin" else extra

    def named(self, name: str, _: Any) -> Jet | None:
        value = self.base.named(name, _)
        return None if value is None else Jet(value, {}, {})

    def lin(self, extra: Any, args: Sequence[Jet]) -> Jet:
        (_, factors), ready = extra
        value = self.base.lin(ready, [a.value for a in args])
        gradient = self._mixed([(c, a.gradient) for c, a in zip(factors, args, strict=True)])
        if self.order == 1:
            return Jet(value, gradient, {})
        hessian = self._mixed([(c, a.hessian) for c, a in zip(factors, args, strict=True)])
        return Jet(value, gradient, hessian)

    def _mixed(self, parts: Sequence[tuple[fmpq, dict[Any, Interval]]]) -> dict[Any, Interval]:
        """Entrywise sums with exact coefficients."""
        rows: dict[Any, list[Interval]] = {}
        for c, entries in parts:
            for key, entry in entries.items():
                rows.setdefault(key, []).append(entry if c == 1 else self.base.scaled(c, entry))
        return self._added(rows)

    def _added(self, rows: dict[Any, list[Interval]]) -> dict[Any, Interval]:
        return {k: v[0] if len(v) == 1 else self.base.sum(v) for k, v in rows.items()}

    def _weighted(self, parts: Sequence[tuple[Interval, dict[Any, Interval]]]) -> Any:
        """Entrywise sums with interval coefficients."""
        rows: dict[Any, list[Interval]] = {}
        for c, entries in parts:
            for key, entry in entries.items():
                rows.setdefault(key, []).append(self.base.times(c, entry))
        return self._added(rows)

    def mul(self, _: Any, args: Sequence[Jet]) -> Jet:
        a, b = args
        value = self.base.times(a.value, b.value)
        gradient = self._weighted([(b.value, a.gradient), (a.value, b.gradient)])
        if self.order == 1 or not gradient:
            return Jet(value, gradient, {})
        rows = [(b.value, a.hessian), (a.value, b.hessian)]
        cross: Hessian = {}
        for i in gradient:
            for j in (j for j in gradient if i <= j):
                terms = [*self._cross(a, b, i, j), *self._cross(b, a, i, j)]
                if terms:
                    cross[i, j] = self.base.sum(terms)
        return Jet(value, gradient, self._weighted([*rows, (self.base.one, cross)]))

    def _cross(self, a: Jet, b: Jet, i: int, j: int) -> list[Interval]:
        if i in a.gradient and j in b.gradient:
            return [self.base.times(a.gradient[i], b.gradient[j])]
        return []

    def chain(self, a: Jet, value: Value, first: Any, second: Any) -> Jet | None:
        """phi(a) from phi, phi' and phi''; each derivative a function, called where needed."""
        if value is None:
            return None
        if not a.gradient:
            return Jet(value, {}, {})
        slope = first()
        if slope is None:
            return None
        gradient = {i: self.base.times(slope, g) for i, g in a.gradient.items()}
        if self.order == 1:
            return Jet(value, gradient, {})
        bend = second()
        if bend is None:
            return None
        parts = [(slope, a.hessian), (bend, self._squares(a.gradient))]
        return Jet(value, gradient, self._weighted(parts))

    def _squares(self, g: Gradient) -> Hessian:
        base = self.base
        return {
            (i, j): base.power(fmpq(2), (g[i],)) if i == j else base.times(g[i], g[j])
            for i in g
            for j in g
            if i <= j
        }

    def power(self, r: fmpq, args: Sequence[Jet]) -> Jet | None:
        (a,) = args
        return self.chain(
            a, self.base.power(r, (a.value,)), lambda: self._slope(r, a), lambda: self._bend(r, a)
        )

    def _slope(self, r: fmpq, a: Jet) -> Value:
        """r a^(r-1)."""
        if r == 1:
            return self.base.one
        found = self.base.power(r - 1, (a.value,))
        return None if found is None else self.base.scaled(r, found)

    def _bend(self, r: fmpq, a: Jet) -> Value:
        if r == 1:
            return self.base.zero
        found = self._slope(r - 1, a)
        return None if found is None else self.base.scaled(r, found)

    def exp(self, _: Any, args: Sequence[Jet]) -> Jet | None:
        value = self.base.exp(None, (args[0].value,))
        return self.chain(args[0], value, lambda: value, lambda: value)

    def log(self, _: Any, args: Sequence[Jet]) -> Jet | None:
        (a,) = args
        value = self.base.log(None, (a.value,))
        bend = fmpq(-1)
        return self.chain(
            a,
            value,
            lambda: self.base.power(fmpq(-1), (a.value,)),
            lambda: self._scaled_power(bend, fmpq(-2), a.value),
        )

    def _scaled_power(self, c: fmpq, r: fmpq, value: Interval) -> Value:
        found = self.base.power(r, (value,))
        return None if found is None else self.base.scaled(c, found)

    def sin(self, _: Any, args: Sequence[Jet]) -> Jet | None:
        return self._wave(args[0], "sin", "cos", fmpq(-1))

    def cos(self, _: Any, args: Sequence[Jet]) -> Jet | None:
        (a,) = args
        value = self.base.cos(None, (a.value,))
        slope = lambda: self.base.scaled(fmpq(-1), self.base.sin(None, (a.value,)))  # noqa: E731
        return self.chain(a, value, slope, lambda: self.base.scaled(fmpq(-1), value))

    def sinh(self, _: Any, args: Sequence[Jet]) -> Jet | None:
        return self._wave(args[0], "sinh", "cosh", fmpq(1))

    def cosh(self, _: Any, args: Sequence[Jet]) -> Jet | None:
        return self._wave(args[0], "cosh", "sinh", fmpq(1))

    def _wave(self, a: Jet, name: str, other: str, bend: fmpq) -> Jet | None:
        """f' = g and f'' = +-f."""
        value = getattr(self.base, name)(None, (a.value,))
        return self.chain(
            a,
            value,
            lambda: getattr(self.base, other)(None, (a.value,)),
            lambda: self.base.scaled(bend, value),
        )

    def tanh(self, _: Any, args: Sequence[Jet]) -> Jet | None:
        (a,) = args
        base, value = self.base, self.base.tanh(None, (a.value,))
        if value is None:
            return None
        slope = base.minus(base.one, base.power(fmpq(2), (value,)))
        return self.chain(
            a, value, lambda: slope, lambda: base.scaled(fmpq(-2), base.times(value, slope))
        )

    def atan(self, _: Any, args: Sequence[Jet]) -> Jet | None:
        (a,) = args
        base = self.base
        room = base.sum((base.one, base.power(fmpq(2), (a.value,))))

        def bend() -> Value:
            found = base.power(fmpq(-2), (room,))
            return base.scaled(fmpq(-2), base.times(a.value, found))

        value = base.atan(None, (a.value,))
        return self.chain(a, value, lambda: base.power(fmpq(-1), (room,)), bend)

    def erf(self, _: Any, args: Sequence[Jet]) -> Jet | None:
        (a,) = args
        base = self.base
        value = base.erf(None, (a.value,))
        bell = base.exp(None, (base.scaled(fmpq(-1), base.power(fmpq(2), (a.value,))),))
        root = base.power(fmpq(-1, 2), (base.named("pi", ()),))
        if bell is None or root is None:
            return None
        slope = base.scaled(fmpq(2), base.times(root, bell))
        return self.chain(
            a, value, lambda: slope, lambda: base.scaled(fmpq(-2), base.times(a.value, slope))
        )
