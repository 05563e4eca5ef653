# expected: expected a name without primes and brackets, got theta[1]
"""A name that stands for a component."""

from sympy import Symbol

from theory import Claim, Vector, norm

component = Symbol("theta[1]", real=True)
bracket = Claim(id="bracket-in-name", holds=component <= norm(Vector("theta")))
