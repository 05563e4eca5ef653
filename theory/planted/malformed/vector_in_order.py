# expected: is a vector and has no order
"""An order of vectors."""

from theory import Claim, Vector

theta, x = Vector("theta"), Vector("x")
order = Claim(id="vector-in-order", holds=theta <= x)
