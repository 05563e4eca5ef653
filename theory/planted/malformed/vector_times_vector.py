# expected: expected dot(u, v) or hadamard(u, v)
"""A product of two vectors, which could be either of two things."""

from theory import Claim, Vector

theta, x = Vector("theta"), Vector("x")
product = Claim(id="vector-times-vector", holds=theta * x >= 0)
