# expected: KinkError
"""A gradient across a kink, without saying so."""

from theory import Claim, Vector, gradient, norm

theta = Vector("theta")
crossed = Claim(id="derivative-across-a-kink", holds=norm(gradient(norm(theta, 1), theta)) <= 1)
