"""``LocalEntropy``: the smoothed loss of EntropySGD in one dimension, enclosed with derivatives.

.. math:: E(\\theta) = -\\tfrac1b \\log \\int e^{-b (f(t) + \\frac{\\gamma}{2}(\\theta - t)^2)} dt,
          \\quad E' = \\gamma(\\theta - \\langle t \\rangle),
          \\quad E'' = \\gamma - b \\gamma^2 \\operatorname{Var} t,
          \\quad E''' = -b^2 \\gamma^3 \\langle (t - \\langle t \\rangle)^3 \\rangle.

E contains the constant E_0 = -log(2 pi/(b gamma))/(2b) of f = 0; ``normalised`` is E - E_0, which
comes close to f as gamma grows.  The mean is over the density proportional to the integrand.

Units: E in those of f; b = 1 is EntropySGD's definition.  Source: Chaudhari et al. 2017.

    >>> t = sp.Symbol("t", real=True)
    >>> found = LocalEntropy(sp.Abs(t), 1).at(0)
    >>> found.slope.contains(0), 0 < found.curvature < 1
    (True, True)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from numerics.local_entropy.moreau_envelope import lowest, power_of_two, unbounded
from numerics.local_entropy.tilted import Declared, Tilted, declared, exact, function, tilted
from theory.enclosure.moments import Moments
from theory.enclosure.quadrature import NotBounded, NotReached, Quadrature, TooManyCells

ROUNDS = 24
MOST_BITS = 16_384


@dataclass(frozen=True)
class EntropyValue:
    """Balls for E, E - E_0, E', E'' and E''' at one theta."""

    value: arb
    normalised: arb
    slope: arb
    curvature: arb
    third: arb


@dataclass(frozen=True)
class _Aim:
    """What the next round of quadrature uses: nothing here is trusted."""

    centre: fmpq
    unit: arb
    digits: float
    bits: int


@dataclass(frozen=True, init=False)
class LocalEntropy:
    """f as a SymPy expression of one symbol; gamma, b > 0 exact; ``bound``: see ``tilted``."""

    f: sp.Expr
    gamma: fmpq
    b: fmpq
    bound: Declared

    def __init__(self, f: Any, gamma: Any, inverse_temperature: Any = 1, bound: Any = None) -> None:
        object.__setattr__(self, "f", function(f))
        object.__setattr__(self, "gamma", exact(gamma, "gamma", positive=True))
        b = exact(inverse_temperature, "inverse_temperature", positive=True)
        object.__setattr__(self, "b", b)
        object.__setattr__(self, "bound", declared(bound))

    def at(self, theta: Any, digits: int = 10) -> EntropyValue:
        """E, E' and E'' to so many digits, or absolutely to 10^(-2 digits) of their units.

        The units are 1/b, sqrt(gamma/b) and gamma.  NotIntegrable and ValueError in one sentence;
        ArithmeticError where the accuracy was not reached.
        """
        where = exact(theta, "theta")
        problem = tilted(self.f, self.gamma, where, self.bound)
        try:
            return self._enclosed(problem, digits)
        except NotBounded as undefined:
            raise unbounded(undefined, where) from None
        except TooManyCells:
            raise ArithmeticError(
                f"local entropy: {digits} digits were not reached at theta = {theta}; "
                "expected a function with fewer waves where its weight lies"
            ) from None

    def _enclosed(self, problem: Tilted, digits: int) -> EntropyValue:
        ground, aim = self._start(problem)
        for _ in range(ROUNDS):
            with ctx.workprec(aim.bits):
                try:
                    moments = self._moments(problem, ground, aim)
                except NotReached:
                    aim = _more_bits(aim)
                    continue
                found = self._value(moments, ground, aim.centre)
                missing = self._missing(found, digits)
                if missing <= 0:
                    return found
                aim = _next_aim(aim, moments, missing)
        raise ArithmeticError(f"local entropy: {digits} digits were not reached in {ROUNDS} rounds")

    def _start(self, problem: Tilted) -> tuple[fmpq, _Aim]:
        """About the minimum of the tilted function, and an aim with bits to spare for its size."""
        scale = 1 / arb(self.b)
        ground = _dyadic(lowest(problem, self.gamma, 0, absolute=scale, polish=0).upper)
        size = float((arb(self.b * ground).abs_upper() + 1).log()) / math.log(2)
        unit = (scale / arb(self.gamma)).sqrt()
        return ground, _Aim(fmpq(0), unit.mid(), 4.0, 96 + int(size))

    def _moments(self, problem: Tilted, ground: fmpq, aim: _Aim) -> list[arb]:
        step = power_of_two(1 / arb(self.b * self.gamma).sqrt())
        weights = Moments(aim.centre, aim.unit)
        stretches = list(problem.stretches)
        found = Quadrature(stretches, weights, self.b, arb(ground), step, problem.tails)
        return found.integrals(aim.digits)

    def _value(self, moments: list[arb], ground: fmpq, centre: fmpq) -> EntropyValue:
        b, gamma = arb(self.b), arb(self.gamma)
        mean, variance, third = central(moments)
        value = arb(ground) - moments[0].log() / b
        return EntropyValue(
            value=value,
            normalised=value + (2 * arb.pi() / (b * gamma)).log() / (2 * b),
            slope=-gamma * (arb(centre) + mean),
            curvature=gamma - b * gamma * gamma * variance,
            third=-b * b * gamma * gamma * gamma * third,
        )

    def _missing(self, found: EntropyValue, digits: int) -> float:
        """Digits that the worst of the three still lacks."""
        gamma, b = arb(self.gamma), arb(self.b)
        units = (1 / b, (gamma / b).sqrt(), gamma)
        values = (found.value, found.slope, found.curvature)
        return max(lacking(v, unit, digits) for v, unit in zip(values, units, strict=True))


def central(moments: list[arb]) -> tuple[arb, arb, arb]:
    """Mean, variance and third central moment, relative to the centre of the moments."""
    first, second, third = (m / moments[0] for m in moments[1:4])
    square = first * first
    return first, second - square, third - 3 * first * second + 2 * first * square


def lacking(value: arb, unit: arb, digits: int) -> float:
    if not value.is_finite():
        return float(digits)
    allowed = (abs(value).lower() * arb(10) ** (-digits)).max(
        unit.lower() * arb(10) ** (-2 * digits)
    )
    error = value.rad()
    return float((error / allowed).log()) / 2.302585 if error > allowed else 0.0


def _more_bits(aim: _Aim) -> _Aim:
    if 2 * aim.bits > MOST_BITS:
        raise ArithmeticError(f"local entropy: the accuracy was not reached with {aim.bits} bits")
    return _Aim(aim.centre, aim.unit, aim.digits, 2 * aim.bits)


def _next_aim(aim: _Aim, moments: list[arb], missing: float) -> _Aim:
    """Centre and unit from the estimated mean and deviation; more digits where they are right."""
    mean, variance, _ = (m.mid() for m in central([m.mid() for m in moments]))
    unit = variance.sqrt() if variance > 0 else aim.unit
    settled = bool(abs(mean) < 2 * unit) and bool(unit < 2 * aim.unit) and bool(aim.unit < 2 * unit)
    digits = aim.digits + missing + 0.5 if settled else aim.digits
    bits = aim.bits + int(4 * (digits - aim.digits))
    return _Aim(aim.centre + _dyadic(mean), unit.mid(), digits, bits)


def _dyadic(value: arb) -> fmpq:
    """The midpoint, which is exact."""
    mantissa, exponent = value.mid().man_exp()
    m, e = int(mantissa), int(exponent)
    return fmpq(m * 2**e) if e >= 0 else fmpq(m, 2**-e)
