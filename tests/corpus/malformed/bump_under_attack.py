# expected: proved neither monotone nor convex
"""log(1 + (1 - m)^2) falls and rises and is not convex: no closed form of the attack."""

from sympy import log, symbols

from theory import AdversarialLoss, Claim, Label, MarginLoss, NormBall, Vector

theta, x, y = Vector("theta"), Vector("x"), Label("y")
m = symbols("m", real=True)
bump = AdversarialLoss(MarginLoss("bump", log(1 + (1 - m) ** 2)), NormBall(2, 1))
attacked = Claim(id="bump-under-attack", holds=bump.value(theta, x, y) >= 0)
