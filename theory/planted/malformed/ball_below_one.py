# expected: NormBall: expected p to be a number >= 1 or oo, got p = 0
"""An attack in the 0-norm."""

from theory import AdversarialLoss, Claim, Label, NormBall, Vector, logistic

theta, x, y = Vector("theta"), Vector("x"), Label("y")
loss = AdversarialLoss(logistic, NormBall(0, 1))
sparse = Claim(id="ball-below-one", holds=loss.value(theta, x, y) >= 0)
