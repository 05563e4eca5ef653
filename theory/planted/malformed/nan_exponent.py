# expected: expected p to be a number >= 1 or oo, got p = nan
"""A norm with an exponent that is not a number."""

from theory import Claim, Vector, norm

theta = Vector("theta")
nan = Claim(id="nan-exponent", holds=norm(theta) <= norm(theta, float("nan")))
