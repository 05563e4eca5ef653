# expected: expected a convex support function
"""An attack set whose support function is concave."""

from theory import AdversarialLoss, AttackSet, Claim, Label, Vector, logistic, norm

theta, x, y = Vector("theta"), Vector("x"), Label("y")
loss = AdversarialLoss(logistic, AttackSet(support=lambda t: -norm(t, 3)))
concave = Claim(id="concave-support", holds=loss.value(theta, x, y) >= 0)
