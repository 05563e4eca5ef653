# expected: expected one variable called x, got 2
"""A vector and a number of one name."""

from sympy import symbols

from theory import Claim, Vector, norm

two = Claim(id="name-of-two", holds=norm(Vector("x")) >= symbols("x", real=True))
