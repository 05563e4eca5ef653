# expected: expected a radius >= 0
"""An attack with eps < 0."""

from theory import AdversarialLoss, Claim, Label, NormBall, Vector, logistic

theta, x, y = Vector("theta"), Vector("x"), Label("y")
loss = AdversarialLoss(logistic, NormBall(2, -1))
negative = Claim(id="negative-radius", holds=loss.value(theta, x, y) >= 0)
