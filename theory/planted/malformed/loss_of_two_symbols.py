# expected: expected an expression in one symbol
"""A loss of more than the margin."""

from sympy import exp, symbols

from theory import Claim, MarginLoss

m, beta = symbols("m beta", real=True)
scaled = MarginLoss("scaled", exp(-beta * m))
two = Claim(id="loss-of-two-symbols", holds=scaled(1) >= 0)
