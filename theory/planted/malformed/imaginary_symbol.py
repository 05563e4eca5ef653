# expected: expected the symbol z to be real
"""A scalar that is no real number."""

from sympy import Abs, symbols

from theory import Claim

z = symbols("z", imaginary=True)
imaginary = Claim(id="imaginary-symbol", holds=Abs(z) + 1 >= Abs(z + 1))
