# expected: expected a point that does not depend on delta
"""A maximiser that depends on what it maximises over."""

from theory import Claim, Maximizes, NormBall, Vector, dot

theta, delta = Vector("theta"), Vector("delta")
moving = Claim(
    id="moving-maximiser", holds=Maximizes(delta, dot(theta, delta), delta, NormBall(2, 1))
)
