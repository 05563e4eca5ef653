"""``SoftAttack``: the mean over all perturbations instead of the worst one, enclosed.

.. math:: S(\\theta) = \\tau \\log \\frac{1}{2\\epsilon} \\int_{-\\epsilon}^{\\epsilon}
          e^{\\phi(\\theta (x + \\delta))/\\tau} d\\delta, \\quad
          S' = \\langle \\phi' z \\rangle, \\quad
          S'' = \\langle \\phi'' z^2 \\rangle + \\tfrac1\\tau \\operatorname{Var}(\\phi' z),

z = x + delta, for the linear model of one weight and a smooth loss phi of its output.  S is smooth
for every tau > 0 and tends to the worst case as tau -> 0.  For phi(m) = m the curvature at
theta = 0 is epsilon^2/(3 tau).

    >>> m = sp.Symbol("m", real=True)
    >>> SoftAttack(m, x=1, epsilon=1, tau=2).at(0).curvature.overlaps(arb(1) / 6)
    True
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import acb, arb, arb_series, ctx, fmpq

from numerics.local_entropy.local_entropy import ROUNDS, lacking
from numerics.local_entropy.tilted import T, exact, function
from theory.enclosure.analytic import analytic_series, disc
from theory.enclosure.landscape import Stretch, bounded_landscape
from theory.enclosure.quadrature import NotBounded, NotReached, Quadrature, TooManyCells


@dataclass(frozen=True)
class SoftValue:
    """Balls for S, S' and S'' at one theta."""

    value: arb
    slope: arb
    curvature: arb


@dataclass(frozen=True)
class Functions:
    """The weights 1, w_1, w_2, ... of a quadrature, analytic on the interval."""

    exprs: tuple[sp.Expr, ...]
    symbol: sp.Symbol

    @property
    def count(self) -> int:
        return 1 + len(self.exprs)

    @property
    def units(self) -> tuple[arb, ...]:
        return (arb(1),) * self.count

    def series(self, m: fmpq, r: fmpq, length: int) -> list[arb_series] | None:
        found = [analytic_series(e, self.symbol, acb(arb(m)), length) for e in self.exprs]
        if any(series is None for series in found):
            return None
        scaled = [[s[j].real * arb(r**j) for j in range(length)] for s in found if s is not None]
        return [arb_series([1], length), *(arb_series(s, length) for s in scaled)]

    def on_disc(self, m: fmpq, radius: fmpq) -> list[arb] | None:
        found = [analytic_series(e, self.symbol, disc(arb(m), arb(radius)), 1) for e in self.exprs]
        if any(series is None for series in found):
            return None
        return [arb(1), *(s[0].abs_upper() for s in found if s is not None)]

    def on_cell(self, m: fmpq, r: fmpq) -> list[arb] | None:
        bounds = self.on_disc(m, r)
        return None if bounds is None else [arb(1), *(arb(0, b.upper()) for b in bounds[1:])]

    def on_tail(self, start: fmpq, decay: arb) -> list[arb]:
        raise AssertionError("a bounded interval has no tail")


@dataclass(frozen=True, init=False)
class SoftAttack:
    """phi as a smooth SymPy expression of one symbol; x, epsilon > 0 and tau > 0 exact."""

    phi: sp.Expr
    x: fmpq
    epsilon: fmpq
    tau: fmpq

    def __init__(self, phi: Any, x: Any, epsilon: Any, tau: Any) -> None:
        expr = function(phi)
        if expr.has(sp.Abs, sp.Max, sp.Min, sp.Piecewise, sp.sign, sp.Heaviside):
            raise ValueError(f"soft attack: expected a smooth loss without folds, got {phi}")
        object.__setattr__(self, "phi", expr)
        object.__setattr__(self, "x", exact(x, "x"))
        object.__setattr__(self, "epsilon", exact(epsilon, "epsilon", positive=True))
        object.__setattr__(self, "tau", exact(tau, "tau", positive=True))

    def at(self, theta: Any, digits: int = 10) -> SoftValue:
        """S, S' and S'' to so many digits, or to 10^(-2 digits) of tau, 1 and 1."""
        where = exact(theta, "theta")
        aimed, bits = digits + 3.0, 96 + 4 * digits
        for _ in range(ROUNDS):
            with ctx.workprec(bits):
                try:
                    found = self._value(where, aimed)
                except NotReached:
                    bits *= 2
                    continue
                except TooManyCells:
                    break
                except NotBounded as undefined:
                    raise ValueError(
                        "soft attack: expected phi defined and bounded under every perturbation, "
                        f"which cannot be shown near x + delta = {undefined.at}"
                    ) from None
                parts = (
                    (found.value, arb(self.tau)),
                    (found.slope, arb(1)),
                    (found.curvature, arb(1)),
                )
                missing = max(lacking(value, unit, digits) for value, unit in parts)
                if missing <= 0:
                    return found
            aimed, bits = aimed + missing + 0.5, bits + 4 + int(4 * missing)
        raise ArithmeticError(f"soft attack: {digits} digits were not reached at theta = {theta}")

    def _value(self, theta: fmpq, digits: float) -> SoftValue:
        """The moments 1, a, a^2 and c for a = phi' z and c = phi'' z^2, in z = x + delta."""
        margin = sp.Rational(int(theta.p), int(theta.q)) * T
        slope = sp.diff(self.phi, T).xreplace({T: margin}) * T
        bend = sp.diff(self.phi, T, 2).xreplace({T: margin}) * T**2
        low, high = self.x - self.epsilon, self.x + self.epsilon
        stretches = bounded_landscape(-self.phi.xreplace({T: margin}), T, low, high)
        ground = self._ground(stretches)
        weights = Functions((slope, slope**2, bend), T)
        step = self.epsilon * fmpq(1, 2)
        quadrature = Quadrature(stretches, weights, 1 / self.tau, ground, step)
        mass, *rest = quadrature.integrals(digits)
        first, second, bent = (value / mass for value in rest)
        tau = arb(self.tau)
        level = tau * (mass / arb(2 * self.epsilon)).log() - ground
        return SoftValue(level, first, bent + (second - first * first) / tau)

    def _ground(self, stretches: list[Stretch]) -> arb:
        """The least of a few values; any number does, a good one keeps exponentials small."""
        ground = arb.pos_inf()
        for stretch in stretches:
            assert stretch.low is not None and stretch.high is not None
            for i in range(9):
                value = stretch.at(stretch.low + (stretch.high - stretch.low) * fmpq(i, 8), 1)
                if value is not None and math.isfinite(float(value[0])):
                    ground = ground.min(value[0].mid())
        return ground if ground.is_finite() else arb(0)
