# damped_wave.py
from sympy import Rational, exp, sin, symbols

from theory import Claim, Lipschitz

a = symbols("a", real=True)

damped_wave = Claim(
    id="damped-wave",
    title="A damped wave is Lipschitz on an interval",
    given=[a >= -3, a <= 3],
    holds=Lipschitz(sin(a) * exp(-(a**2) / 4), wrt=a, constant=Rational(11, 10)),
)
