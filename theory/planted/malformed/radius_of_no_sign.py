# expected: a symbol declared positive=True
"""An attack whose radius may be negative."""

from sympy import symbols

from theory import AdversarialLoss, Claim, Label, NormBall, Vector, logistic

theta, x, y = Vector("theta"), Vector("x"), Label("y")
loss = AdversarialLoss(logistic, NormBall(2, symbols("epsilon", real=True)))
unsigned = Claim(id="radius-of-no-sign", holds=loss.value(theta, x, y) >= 0)
