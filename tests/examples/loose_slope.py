# loose_slope.py
from sympy import exp, symbols

from theory import Claim, Lipschitz

t = symbols("t", real=True)

loose_slope = Claim(
    id="loose-slope",
    title="The sigmoid is Lipschitz, with room to spare",
    holds=Lipschitz(1 / (1 + exp(-t)), wrt=t, constant=1),
)
