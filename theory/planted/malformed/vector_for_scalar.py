# expected: expected a scalar function, got the vector theta
"""A vector where a scalar function belongs."""

from theory import Claim, Convex, Vector

theta = Vector("theta")
vector = Claim(id="vector-for-scalar", holds=Convex(theta, wrt=theta))
