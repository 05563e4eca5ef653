# expected: expected dimensions such as (1, 2), got (True,)
"""A dimension that is a truth value."""

from theory import Claim, Vector, norm

theta = Vector("theta")
boolean = Claim(id="boolean-dimension", holds=norm(theta) >= 0, dimensions=(True,))
