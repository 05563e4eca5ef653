# expected: expected Equal(u, v) for vectors
"""Eq of two vectors, where Equal belongs."""

from sympy import Eq

from theory import Claim, Vector

u, v = Vector("u"), Vector("v")
equation = Claim(id="vector-equation", holds=Eq(u, v))
