"""The gradient of a q-norm as one object with one Lipschitz rule.

.. math:: J_q(v) = \\nabla\\|v\\|_q = \\operatorname{sign}(v)\\odot|v|^{q-1}/\\|v\\|_q^{q-1},
          \\qquad \\|J_q(v) - J_q(v')\\|_2
          \\le \\frac{q\\,\\|v-v'\\|_2}{\\max(\\|v\\|_q, \\|v'\\|_q)} \\quad (q\\ge 2).

The map v -> ||v||_q J_q(v), the gradient of ||v||_q^2/2 and 0 at v = 0, is (q-1)-Lipschitz from
the q-norm to its dual (Ball, Carlen and Lieb 1994), the dual norm is at least the 2-norm, the
q-norm at most; dividing by ||v'||_q costs one more.
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, Expr, Pow

from theory.scalars import Norm, norm
from theory.vectors import AbsPower, Hadamard, Sign, VectorExpr, combine


class DualDirection(VectorExpr):
    """J_q(v); an atom of the Lipschitz calculus, with 2-norm at most 1."""

    def __new__(cls, v: VectorExpr, q: Expr) -> DualDirection:
        return Basic.__new__(cls, v, q)

    @property
    def inner(self) -> VectorExpr:
        return self.args[0]  # type: ignore[return-value]

    @property
    def q(self) -> Expr:
        return self.args[1]  # type: ignore[return-value]

    def _sympystr(self, printer: Any) -> str:
        return f"dual_direction({printer._print(self.inner)}, {self.q})"


class DualityMap(DualDirection):
    """||v||_q J_q(v), which is 0 at v = 0: the gradient of ||v||_q^2/2."""

    def _sympystr(self, printer: Any) -> str:
        return f"duality_map({printer._print(self.inner)}, {self.q})"


def with_duality_maps(v: VectorExpr) -> VectorExpr:
    """Write c ||v||_q^(2-q) sign(v)|v|^(q-1) as c ||v||_q J_q(v), where c does not divide by it."""
    return combine(_as_duality_map(c, b) for c, b in v.terms())


def _as_duality_map(c: Expr, b: VectorExpr) -> tuple[Expr, VectorExpr]:
    base = _signed_power(b)
    if base is None:
        return c, b
    v, q = base
    rest = c / norm(v, q) ** (2 - q)
    divided = any(_divides(p, v, q) for p in rest.atoms(Pow))
    return (c, b) if divided else (rest, DualityMap(v, q))


def with_dual_directions(v: VectorExpr) -> VectorExpr:
    """Write c ||v||_q^(1-q) sign(v)|v|^(q-1) as c J_q(v), for q > 2."""
    return combine(_rewritten(c, b) for c, b in v.terms())


def _rewritten(c: Expr, b: VectorExpr) -> tuple[Expr, VectorExpr]:
    base = _signed_power(b)
    if base is not None:
        v, q = base
        divisor = norm(v, q) ** (1 - q)
        rest = c / divisor
        if not rest.has(norm(v, q)) or not any(_divides(p, v, q) for p in rest.atoms(Pow)):
            return rest, DualDirection(v, q)
    return c, b


def _divides(p: Any, v: VectorExpr, q: Expr) -> bool:
    return p.exp.is_negative is True and p.base == norm(v, q)


def _signed_power(b: VectorExpr) -> tuple[VectorExpr, Expr] | None:
    """(v, r + 1) when b = sign(v)|v|^r with r > 1."""
    if not isinstance(b, Hadamard) or len(b.args) != 2:
        return None
    power = next((f for f in b.args if isinstance(f, AbsPower)), None)
    signs = next((f for f in b.args if isinstance(f, Sign)), None)
    if power is None or signs is None or power.inner != signs.inner:
        return None
    return (power.inner, power.exponent + 1) if (power.exponent - 1).is_positive else None


def rate_divisors(d: DualDirection, there: VectorExpr) -> tuple[Expr, Expr]:
    """||v||_q at either point: the rate is q over whichever is more useful."""
    return Norm(d.inner, d.q), Norm(there, d.q)
