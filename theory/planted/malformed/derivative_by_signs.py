# expected: expected wrt to be a Vector or a real symbol, got s
"""A Lipschitz constant in a variable that is discrete."""

from theory import Claim, Lipschitz, Signs, Vector, dot

theta, s = Vector("theta"), Signs("s")
discrete = Claim(id="derivative-by-signs", holds=Lipschitz(dot(theta, s), s, 1))
