# expected: expected a support function, h(k*t) = k*h(t)
"""An attack set by a function that is not homogeneous."""

from theory import AdversarialLoss, AttackSet, Claim, Label, Vector, logistic, norm

theta, x, y = Vector("theta"), Vector("x"), Label("y")
loss = AdversarialLoss(logistic, AttackSet(support=lambda t: norm(t) ** 2))
squared = Claim(id="no-support-function", holds=loss.value(theta, x, y) >= 0)
