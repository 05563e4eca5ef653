"""Second derivatives along with values; every kink and jump is refused.

.. math:: \\nabla^2 f(u) = f''(u) \\nabla u \\nabla u^\\top + f'(u) \\nabla^2 u.

The Hessian is kept as its lower triangle, entry (i, j <= i) at i (i + 1)/2 + j.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from numerics.certificates.decimals.derivatives import FirstOrder
from numerics.certificates.decimals.intervals import Interval, Intervals

Triangle = tuple[Interval | None, ...]


class SecondOrder(FirstOrder):
    """Values are (interval, gradient, triangle of the Hessian)."""

    order = 2

    def __init__(self, arithmetic: Intervals, size: int) -> None:
        super().__init__(arithmetic, size, strict=True)
        self.straight: Triangle = (None,) * (size * (size + 1) // 2)

    def start(self, value: Interval, direction: int | None) -> Any:
        return (*super().start(value, direction), self.straight)

    def prepare(self, name: str, extra: Any) -> Any:
        prepared = super().prepare(name, extra)
        return (*prepared, self.straight) if name == "constant" else prepared

    def on_pi(self, v: Sequence[Any], extra: None) -> Any:
        return self.r.pi(), self.flat, self.straight

    def still(self, value: Interval) -> Any:
        return value, self.flat, self.straight

    def _summed(self, weights: Sequence[Interval], triangles: Sequence[Triangle]) -> list[Any]:
        result: list[Any] = list(self.straight)
        for w, triangle in zip(weights, triangles, strict=True):
            for k, h in enumerate(triangle):
                if h is not None:
                    result[k] = self._plus(result[k], self.r.mul(w, h))
        return result

    def _plus(self, old: Interval | None, new: Interval) -> Interval:
        return new if old is None else self.r.add(old, new)

    def on_linear(self, v: Sequence[Any], extra: Any) -> Any:
        value, gradient = super().on_linear(v, extra)
        return value, gradient, tuple(self._summed(extra[0], [x[2] for x in v]))

    def on_mul(self, v: Sequence[Any], extra: None) -> Any:
        """H(ab) = a H(b) + b H(a) + da db^T + db da^T."""
        (a, da, ha), (b, db, hb) = v
        value, gradient = super().on_mul([(a, da), (b, db)], None)
        triangle, k = self._summed([b, a], [ha, hb]), 0
        for i in range(self.size):
            for j in range(i + 1):
                for g, h in ((da[i], db[j]), (da[j], db[i])):
                    if g is not None and h is not None:
                        triangle[k] = self._plus(triangle[k], self.r.mul(g, h))
                k += 1
        return value, gradient, tuple(triangle)

    def chain(self, v: Any, f: Sequence[Interval]) -> Any:
        value, gradient = super().chain(v, f)
        # Abs and the like come without f'': straight pieces, and kinks were refused.
        bend = f[2] if len(f) > 2 else None
        triangle, k = self._summed([f[1]], [v[2]]), 0
        for i in range(self.size):
            for j in range(i + 1):
                g, h = v[1][i], v[1][j]
                if bend is not None and g is not None and h is not None:
                    square = self.r.powi(g, 2) if i == j else self.r.mul(g, h)
                    triangle[k] = self._plus(triangle[k], self.r.mul(bend, square))
                k += 1
        return value, gradient, tuple(triangle)

    def on_norm(self, v: Sequence[Any], p: Fraction) -> Any:
        """(sum |v_i|^p)^(1/p), step by step."""
        total = self.on_linear(
            [self._raised(x, p) for x in v],
            self.prepare("linear", ((Fraction(1),) * len(v), Fraction(0))),
        )
        return self.on_powq([total], 1 / p)

    def _raised(self, x: Any, p: Fraction) -> Any:
        if p.denominator == 1 and p % 2 == 0:
            return self.on_powi([x], int(p))
        size = self.absolute(x)
        return self.on_powi([size], int(p)) if p.denominator == 1 else self.on_powq([size], p)
