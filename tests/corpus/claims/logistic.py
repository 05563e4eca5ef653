"""One variable: the logistic loss, its derivatives, and elementary bounds around them.

.. math:: \\phi(m) = \\log(1 + e^{-m}), \\quad s = 1/(1 + e^m), \\quad
          \\phi' = -s, \\ \\phi'' = s(1 - s), \\ \\phi''' = -s(1 - s)(1 - 2s).
"""

from contract import BIT, HAIR, open_, prove, refute
from sympy import (
    Abs,
    And,
    Eq,
    Max,
    Rational,
    diff,
    exp,
    log,
    sqrt,
    symbols,
    tanh,
)

m, a, b = symbols("m a b", real=True)
r, q = symbols("r q", positive=True)
phi = log(1 + exp(-m))
d1, d2, d3, d4 = (diff(phi, m, k) for k in (1, 2, 3, 4))

slope = prove("slope", And(d1 > -1, d1 < 0), why="phi' = -1/(1 + e^m)")
slope_hair = refute("slope-hair", d1 >= -1 + HAIR, near=slope, why="m -> -oo, from m = -21 on")
slope_flat = refute("slope-flat", d1 <= -HAIR, near=slope, why="m -> oo, from m = 21 on")

curve = prove("curve", d2 <= Rational(1, 4), why="s(1 - s) <= 1/4")
curve_hair = refute("curve-hair", d2 <= Rational(1, 4) - HAIR, near=curve, why="1/4 at m = 0")
curve_strict = refute("curve-strict", d2 < Rational(1, 4), near=curve, why="1/4 at m = 0")

third = prove("third", Abs(d3) <= sqrt(3) / 18, why="maximum at s = (3 +- sqrt 3)/6")
third_bit = refute("third-bit", Abs(d3) <= sqrt(3) / 18 - BIT / 1000, near=third, why="maximum")

fourth_low = prove("fourth-low", d4 >= -Rational(1, 8), why="w - 6w^2, w = s(1 - s) <= 1/4")
fourth_low_hair = refute(
    "fourth-low-hair", d4 >= HAIR - Rational(1, 8), near=fourth_low, why="-1/8 at m = 0"
)
fourth_high = prove("fourth-high", d4 <= Rational(1, 24), why="w - 6w^2 <= 1/24, at w = 1/12")
fourth_high_bit = refute(
    "fourth-high-bit", d4 <= Rational(1, 24) - BIT / 100, near=fourth_high, why="at w = 1/12"
)

concordant = prove("concordant", Abs(d3) <= d2, why="|1 - 2s| <= 1")
concordant_far = refute(
    "concordant-far", Abs(d3) <= (1 - BIT / 1000) * d2, near=concordant, why="|1 - 2s| -> 1 far out"
)

slope_below = prove("slope-below", Abs(d1) + d1**2 / 2 <= phi, why="-log(1 - s) >= s + s^2/2")
slope_below_far = refute(
    "slope-below-far",
    Abs(d1) + d1**2 * Rational(51, 100) <= phi,
    near=slope_below,
    why="s^3/3 + ... < s^2/100 for s < 1/50",
)
curve_below = prove("curve-below", d2 <= phi, why="s(1 - s) <= s <= -log(1 - s)")
curve_below_far = refute(
    "curve-below-far", d2 * (1 + BIT) <= phi, near=curve_below, why="the ratio tends to 1 far out"
)

odd_part = prove("odd-part", Eq(phi - log(1 + exp(m)), -m), why="e^-m (1 + e^m) = 1 + e^-m")
odd_part_sign = refute("odd-part-sign", Eq(phi - log(1 + exp(m)), m), near=odd_part, why="m = 1")

even_part = prove("even-part", phi + log(1 + exp(m)) >= 2 * log(2), why="2 log(2 cosh(m/2))")
even_part_hair = refute(
    "even-part-hair", phi + log(1 + exp(m)) >= 2 * log(2) + HAIR, near=even_part, why="m = 0"
)
even_part_strict = refute(
    "even-part-strict", phi + log(1 + exp(m)) > 2 * log(2), near=even_part, why="m = 0"
)

tangent = prove("tangent", phi >= log(2) - m / 2, why="convex, slope -1/2 at 0")
tangent_far = refute(
    "tangent-far",
    phi >= log(2) - m / 2 + m**2 / 100,
    near=tangent,
    why="phi grows linearly: false for |m| > 50 only",
)
parabola = prove("parabola", phi <= log(2) - m / 2 + m**2 / 8, why="phi'' <= 1/4")
parabola_hair = refute(
    "parabola-hair",
    phi <= log(2) - m / 2 + m**2 * (Rational(1, 8) - BIT / 100),
    near=parabola,
    why="log cosh(x) = x^2/2 - x^4/12 + ...: false for small m only",
)

tails_low = prove("tails-low", d2 >= exp(-Abs(m)) / 4, why="e^-|m|/(1 + e^-|m|)^2")
tails_low_hair = refute(
    "tails-low-hair", d2 >= exp(-Abs(m)) * (Rational(1, 4) + HAIR), near=tails_low, why="m = 0"
)

ramp_above = prove("ramp-above", phi <= Max(0, -m) + log(2), why="log(1 + e^-|m|) <= log 2")
ramp_above_hair = refute(
    "ramp-above-hair", phi <= Max(0, -m) + log(2) - HAIR, near=ramp_above, why="m = 0"
)
ramp_above_line = refute("ramp-above-line", phi <= log(2) - m, near=ramp_above, why="m = 1")

taylor = prove("taylor", exp(m) >= 1 + m + m**2 / 2 + m**3 / 6, why="remainder e^z m^4/24 >= 0")
taylor_even = refute(
    "taylor-even",
    exp(m) >= 1 + m + m**2 / 2 + m**3 / 6 + m**4 / 24,
    near=taylor,
    why="remainder e^z m^5/120 < 0 for m < 0",
)

tanh_cubic = prove("tanh-cubic", tanh(m) >= m - m**3 / 3, given=[m >= 0], why="Taylor, m >= 0")
tanh_cubic_dropped = refute(
    "tanh-cubic-dropped", tanh(m) >= m - m**3 / 3, near=tanh_cubic, why="odd: false at m = -1"
)

log_taylor = prove("log-taylor", log(1 + m) >= m - m**2 / 2, given=[m >= 0], why="alternating")
log_taylor_dropped = refute(
    "log-taylor-dropped",
    log(1 + m) >= m - m**2 / 2,
    given=[m > -1],
    near=log_taylor,
    why="m = -1/2: -.693 < -.625",
)

entropy = prove("entropy", r * log(r) >= -exp(-1), why="minimum at r = 1/e")
entropy_hair = refute("entropy-hair", r * log(r) >= HAIR - exp(-1), near=entropy, why="r = 1/e")

roots = prove("roots", sqrt(r) <= (1 + r) / 2, why="(1 - sqrt r)^2 >= 0")
roots_strict = refute("roots-strict", sqrt(r) < (1 + r) / 2, near=roots, why="r = 1")

third_mean = prove(
    "third-mean",
    r ** Rational(1, 3) * q ** Rational(2, 3) <= r / 3 + 2 * q / 3,
    why="weighted AM-GM",
)
third_mean_swap = refute(
    "third-mean-swap",
    r ** Rational(1, 3) * q ** Rational(2, 3) <= 2 * r / 3 + q / 3,
    near=third_mean,
    why="r = 1, q = 2: 1.587 > 1.333",
)
bits = prove(
    "bits",
    -r * log(r) - (1 - r) * log(1 - r) <= log(2),
    given=[r < 1],
    why="entropy of a coin is at most one bit",
)
bits_hair = refute(
    "bits-hair",
    -r * log(r) - (1 - r) * log(1 - r) <= log(2) - HAIR,
    given=[r < 1],
    near=bits,
    why="a fair coin",
)
pinsker = open_(
    "pinsker",
    r * log(r / q) + (1 - r) * log((1 - r) / (1 - q)) >= 2 * (r - q) ** 2,
    given=[r < 1, q < 1],
    truth=True,
    why="Pinsker's inequality for two coins",
)
pinsker_bit = refute(
    "pinsker-bit",
    r * log(r / q) + (1 - r) * log((1 - r) / (1 - q)) >= Rational(201, 100) * (r - q) ** 2,
    given=[r < 1, q < 1],
    near=pinsker,
    why="r, q = 1/2 +- h: 8h^2 + 32h^4/3 < 8.04 h^2",
)

soft_max = prove("soft-max", log(exp(a) + exp(b)) <= Max(a, b) + log(2), why="both <= e^max")
soft_max_hair = refute(
    "soft-max-hair", log(exp(a) + exp(b)) <= Max(a, b) + log(2) - HAIR, near=soft_max, why="a = b"
)
soft_mean = prove("soft-mean", log(exp(a) + exp(b)) >= (a + b) / 2 + log(2), why="AM-GM")
soft_mean_max = refute(
    "soft-mean-max", log(exp(a) + exp(b)) >= Max(a, b) + log(2), near=soft_mean, why="a=0, b=1"
)
