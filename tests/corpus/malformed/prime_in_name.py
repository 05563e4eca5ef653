# expected: expected a name without primes and brackets, got z'
"""A name that witnesses keep for second points."""

from sympy import Symbol, exp

from theory import Claim

z = Symbol("z'", real=True)
primed = Claim(id="prime-in-name", holds=exp(z) >= 1 + z)
