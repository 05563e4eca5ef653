# expected: expected dimensions such as (1, 2), got (0,)
"""A claim about vectors of no component."""

from theory import Claim, Vector, norm

theta = Vector("theta")
nowhere = Claim(id="dimension-zero", holds=norm(theta) >= 0, dimensions=(0,))
