# expected: expected p to be a number >= 1 or oo, got p = 'inf'
"""An exponent given as text."""

from theory import Claim, Vector, norm

theta = Vector("theta")
text = Claim(id="exponent-as-text", holds=norm(theta, "inf") <= norm(theta))
