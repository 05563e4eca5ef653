# expected: expected kind to be one of
"""A kind of claim that there is not."""

from theory import Claim, Vector, norm

theta = Vector("theta")
odd = Claim(id="unknown-kind", holds=norm(theta) <= norm(theta, 1), kind="sharp-ish")
