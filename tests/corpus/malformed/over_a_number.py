# expected: expected over to be a NormBall or AttackSet
"""A maximum over a radius instead of a ball."""

from theory import Claim, Maximizes, Vector, dot, unit

theta, delta = Vector("theta"), Vector("delta")
radius = Claim(id="over-a-number", holds=Maximizes(unit(theta), dot(theta, delta), delta, 1))
