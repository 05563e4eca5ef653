# expected: proved neither monotone nor convex
"""A loss whose worst attack nobody can name."""

from sympy import sin, symbols

from theory import AdversarialLoss, Claim, Label, MarginLoss, NormBall, Vector

theta, x, y = Vector("theta"), Vector("x"), Label("y")
wave = AdversarialLoss(MarginLoss("wave", sin(symbols("m", real=True))), NormBall(2, 1))
waving = Claim(id="loss-without-shape", holds=wave.value(theta, x, y) <= 1)
