# expected: expected wrt to be a Vector or a real symbol
"""Smooth in an expression instead of a variable."""

from theory import Claim, Smooth, Vector, norm

theta = Vector("theta")
doubled = Claim(id="wrt-expression", holds=Smooth(norm(theta) ** 2, wrt=2 * theta, constant=2))
