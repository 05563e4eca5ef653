# expected: expected a vector, got a scalar
"""A vector plus a number."""

from theory import Claim, Vector, norm

theta = Vector("theta")
shifted = Claim(id="vector-plus-number", holds=norm(theta + 1) >= 0)
