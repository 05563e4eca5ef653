"""``MoreauEnvelope``: the zero-temperature limit of the local entropy, enclosed.

.. math:: M(\\theta) = \\min_t\\ f(t) + \\tfrac{\\gamma}{2}(\\theta - t)^2

Where the minimiser t* is unique, M'(theta) = gamma (theta - t*); where there are two, M has a
kink: f = -|t| at theta = 0, for every gamma.

Units: M in those of f.  Source: Moreau 1965.

    >>> t = sp.Symbol("t", real=True)
    >>> found = MoreauEnvelope(-sp.Abs(t), 2).at(0)
    >>> found.value.contains(-0.25), [(float(a), float(b)) for a, b in found.minimisers]
    (True, [(-0.5, -0.5), (0.5, 0.5)])
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from numerics.local_entropy.tilted import Declared, Tilted, declared, exact, function, tilted
from theory.enclosure.minimum import POLISH, Minimum, minimum
from theory.enclosure.quadrature import NotBounded, NotReached

MOST_BITS = 4096


@dataclass(frozen=True)
class EnvelopeValue:
    """An enclosure of M(theta), and boxes of which every minimiser t lies in one."""

    value: arb
    minimisers: tuple[tuple[Fraction, Fraction], ...]


@dataclass(frozen=True, init=False)
class MoreauEnvelope:
    """f as a SymPy expression of one symbol, gamma > 0 exact; ``bound``: see ``tilted``."""

    f: sp.Expr
    gamma: fmpq
    bound: Declared

    def __init__(self, f: Any, gamma: Any, bound: Any = None) -> None:
        object.__setattr__(self, "f", function(f))
        object.__setattr__(self, "gamma", exact(gamma, "gamma", positive=True))
        object.__setattr__(self, "bound", declared(bound))

    def at(self, theta: Any, digits: int = 10) -> EnvelopeValue:
        """M at an exact theta, to so many digits (an absolute 10^(-2 digits) near 0)."""
        where = exact(theta, "theta")
        try:
            found = lowest(tilted(self.f, self.gamma, where, self.bound), self.gamma, digits)
        except NotBounded as problem:
            raise unbounded(problem, where) from None
        ends = [(_fraction(where + a), _fraction(where + b)) for a, b in found.boxes]
        return EnvelopeValue(found.lower.union(found.upper), tuple(ends))


def lowest(
    problem: Tilted, gamma: fmpq, digits: float, absolute: arb | None = None, polish: int = POLISH
) -> Minimum:
    """The minimum of the tilted function, with as many bits as it takes."""
    bits = 64 + int(7 * digits)
    while bits <= MOST_BITS:
        with ctx.workprec(bits):
            relative = arb(10) ** arb(-digits) if absolute is None else arb(0)
            gap = relative * relative if absolute is None else absolute
            step = power_of_two(1 / arb(gamma).sqrt())
            with suppress(NotReached):
                return minimum(
                    list(problem.stretches),
                    problem.points(),
                    problem.tails,
                    step,
                    relative,
                    gap,
                    polish,
                )
        bits *= 2
    raise ArithmeticError(f"local entropy: the minimum was not reached with {MOST_BITS} bits")


def unbounded(problem: NotBounded, theta: fmpq) -> ValueError:
    near = float(_fraction(problem.at + theta))
    return ValueError(
        "local entropy: expected f defined and bounded on every bounded interval, "
        f"which cannot be shown near t = {near:.6g}"
    )


def power_of_two(size: arb) -> fmpq:
    """A power of two at most about as large."""
    exponent = int(float((size.mid().log() / arb.const_log2()).floor()))
    return fmpq(2) ** exponent if exponent >= 0 else fmpq(1, 2**-exponent)


def _fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))
