"""A cosine of one real variable: bounded slope and curvature, and many wells.

.. math:: f(t) = a\\cos(w t), \\qquad |f'| \\le |a w|, \\qquad |f''| \\le |a| w^2
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp
from flint import arb, fmpq

from numerics.falsify.unknowns import entropies
from numerics.falsify.unknowns.bodies import Ball, Box
from numerics.falsify.unknowns.numbers import Number, Undefined, symbolic
from numerics.falsify.unknowns.rational_matrices import Matrix, Row


@dataclass(frozen=True)
class Wave:
    """a cos(w t), in one dimension."""

    slots: tuple[str, ...]
    a: fmpq
    w: fmpq

    def value(self, z: list[Row]) -> Number:
        return self.a * (self.w * arb(z[0][0])).cos()

    def partial(self, slot: str, z: list[Row]) -> Row:
        return [-self.a * self.w * (self.w * arb(z[0][0])).sin()]

    def block(self, first: str, second: str, z: list[Row]) -> Matrix:
        return [[-self.w * self.w * self.value(z)]]

    def extremes(self, first: str, second: str) -> list[Matrix]:
        bend = self.a * self.w * self.w
        return [[[-bend]], [[bend]]]

    def lipschitz(self, slot: str) -> Number | None:
        return abs(self.a * self.w)

    def least_slope_squared(self, slot: str) -> fmpq:
        return fmpq(0)

    def maximisers(self, slot: str, body: Box | Ball, z: list[Row]) -> list[Row]:
        raise Undefined("maximum of a wave")

    def slope(self, slot: str, other: str, body: Box | Ball, z: list[Row]) -> Matrix:
        raise Undefined("maximum of a wave")

    def entropy(self, gamma: fmpq, theta: Row) -> entropies.Entropy:
        return entropies.enclosed(self.expression(((entropies.T,),)), gamma, theta)

    def expression(self, names: tuple[tuple[sp.Symbol, ...], ...]) -> sp.Expr:
        """In the coordinate of the argument."""
        return symbolic(self.a) * sp.cos(symbolic(self.w) * names[0][0])
