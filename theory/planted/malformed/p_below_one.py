# expected: expected p to be a number >= 1 or oo, got p = 1/2
"""A p-norm with p < 1, which is no norm."""

from sympy import Rational

from theory import Claim, Vector, norm

theta = Vector("theta")
below = Claim(id="p-below-one", holds=norm(theta) <= norm(theta, Rational(1, 2)))
