# expected: expected a constant that does not depend on theta
"""A Lipschitz constant that moves with the point."""

from theory import Claim, Lipschitz, Vector, norm

theta = Vector("theta")
moving = Claim(id="constant-depends", holds=Lipschitz(norm(theta) ** 2, theta, 2 * norm(theta)))
