# expected: expected an expression such as value(theta, x, y), got value
"""A loss named but not evaluated."""

from theory import AdversarialLoss, Claim, Convex, NormBall, Vector, logistic

theta = Vector("theta")
loss = AdversarialLoss(logistic, NormBall(2, 1))
uncalled = Claim(id="method-not-called", holds=Convex(loss.value, wrt=theta))
