"""One variable: other losses of the margin, their shapes, constants and orders.

.. math:: e^{-m}, \\ (1 - m)_+, \\ (1 - m)_+^2, \\ 1/(1 + e^m), \\ 1/(1 + e^m)^2, \\
          \\log(1 + (1 - m)^2), \\ 1 - e^{-(1 - m)^2}, \\ 1 - \\tanh m, \\ 1_{m \\le 0}
"""

from contract import BIT, HAIR, prove, refute
from sympy import Abs, Max, Piecewise, Rational, atan, exp, log, pi, sqrt, symbols, tanh

from theory import Convex, Differentiable, Lipschitz, Smooth, exponential, hinge, squared_hinge

m = symbols("m", real=True)
rho = symbols("rho", positive=True)
half = Rational(1, 2)
phi, s = log(1 + exp(-m)), 1 / (1 + exp(m))
bump = log(1 + (1 - m) ** 2)
rounded = Piecewise((half - m, m <= 0), ((1 - m) ** 2 / 2, m <= 1), (0, True))
bent = Piecewise((1 - m, m <= 0), ((1 - m) ** 2, m <= 1), (0, True))
zero_one = Piecewise((1, m <= 0), (0, True))

sigmoid = prove("sigmoid", Lipschitz(s, m, Rational(1, 4)), why="s(1 - s) <= 1/4")
sigmoid_hair = refute(
    "sigmoid-hair", Lipschitz(s, m, Rational(1, 4) - HAIR), near=sigmoid, why="near m = 0"
)
sigmoid_smooth = prove("sigmoid-smooth", Smooth(s, m, sqrt(3) / 18), why="|s(1-s)(1-2s)|")
sigmoid_smooth_bit = refute(
    "sigmoid-smooth-bit", Smooth(s, m, sqrt(3) / 18 - BIT), near=sigmoid_smooth, why="sharp"
)
sigmoid_right = prove("sigmoid-right", Convex(s, m), given=[m >= 0], why="s'' = s(1-s)(1-2s)")
sigmoid_left = refute(
    "sigmoid-left", Convex(s, m), given=[m >= -BIT], near=sigmoid_right, why="concave for m < 0"
)

savage = prove("savage", Lipschitz(s**2, m, Rational(8, 27)), why="2s^2(1 - s), s = 2/3")
savage_bit = refute(
    "savage-bit", Lipschitz(s**2, m, Rational(8, 27) - BIT), near=savage, why="sharp at s = 2/3"
)
savage_low = prove("savage-low", s**2 <= phi**2, why="s <= -log(1 - s)")
savage_low_far = refute(
    "savage-low-far", s**2 * (1 + BIT) <= phi**2, near=savage_low, why="the ratio tends to 1"
)

tangent_loss = prove(
    "tangent-loss", (2 * atan(m) - 1) ** 2 < (pi + 1) ** 2, why="2 atan m - 1 > -pi - 1"
)

bump_slope = prove("bump-slope", Lipschitz(bump, m, 1), why="2|w|/(1 + w^2) <= 1")
bump_slope_hair = refute(
    "bump-slope-hair", Lipschitz(bump, m, 1 - HAIR), near=bump_slope, why="slope 1 at m = 2"
)
bump_smooth = prove("bump-smooth", Smooth(bump, m, 2), why="2(1 - w)/(1 + w)^2 in [-1/4, 2]")
bump_smooth_bit = refute(
    "bump-smooth-bit", Smooth(bump, m, 2 - BIT), near=bump_smooth, why="second derivative 2 at 1"
)
bump_convex = prove("bump-convex", Convex(bump, m), given=[m >= 0, m <= 2], why="w <= 1")
bump_convex_dropped = refute(
    "bump-convex-dropped", Convex(bump, m), given=[m >= 0], near=bump_convex, why="m in [3, 4]"
)

dip = 1 - exp(-((1 - m) ** 2))
dip_smooth = prove("dip-smooth", Smooth(dip, m, 2), why="|2 - 4w| e^-w <= 2 for w = (1 - m)^2")
dip_smooth_hair = refute(
    "dip-smooth-hair", Smooth(dip, m, 2 - HAIR), near=dip_smooth, why="2 at m = 1"
)

hinge_flat = prove("hinge-flat", Smooth(hinge(m), m, 0), given=[m < 1], why="1 - m there")
hinge_flat_past = refute(
    "hinge-flat-past", Smooth(hinge(m), m, 0), given=[m < 1 + BIT], near=hinge_flat, why="kink at 1"
)
square_smooth = prove("square-smooth", Smooth(squared_hinge(m), m, 2), why="slope -2(1 - m)_+")
square_smooth_hair = refute(
    "square-smooth-hair", Smooth(squared_hinge(m), m, 2 - HAIR), near=square_smooth, why="m < 1"
)
square_kink = prove("square-kink", Differentiable(squared_hinge(m), m), why="slope 0 at m = 1")
hinge_kink = refute("hinge-kink", Differentiable(hinge(m), m), near=square_kink, why="m = 1")

decay = prove(
    "decay", Lipschitz(exponential(m), m, exp(-rho)), given=[m >= rho], why="|phi'| = e^-m"
)
decay_half = refute(
    "decay-half",
    Lipschitz(exponential(m), m, exp(-rho) / 2),
    given=[m >= rho],
    near=decay,
    why="rho",
)
decay_dropped = refute(
    "decay-dropped", Lipschitz(exponential(m), m), near=decay, why="slope -e^-m, m -> -oo"
)

rounded_slope = prove("rounded-slope", Lipschitz(rounded, m, 1), why="slope in [-1, 0]")
rounded_slope_hair = refute(
    "rounded-slope-hair", Lipschitz(rounded, m, 1 - HAIR), near=rounded_slope, why="m < 0"
)
rounded_smooth = prove("rounded-smooth", Smooth(rounded, m, 1), why="slope is piecewise linear")
rounded_smooth_bit = refute(
    "rounded-smooth-bit", Smooth(rounded, m, 1 - BIT), near=rounded_smooth, why="0 < m < 1"
)
rounded_kink = prove("rounded-kink", Differentiable(rounded, m), why="slopes -1 and 0 match")
bent_kink = refute(
    "bent-kink", Differentiable(bent, m), near=rounded_kink, why="slopes -1 and -2 at m = 0"
)

counts = prove("counts", zero_one <= hinge(m), why="1 - m >= 1 for m <= 0")
counts_logistic = refute("counts-logistic", zero_one <= phi, near=counts, why="log 2 < 1 at 0")
counts_log_2 = prove("counts-log-2", zero_one <= phi / log(2), why="phi >= log 2 for m <= 0")
counts_jump = refute(
    "counts-jump", Lipschitz(zero_one, m, 10**6), near=counts, why="a jump of 1 at m = 0"
)

tanh_slope = prove("tanh-slope", Lipschitz(1 - tanh(m), m, 1), why="1 - tanh^2 <= 1")
tanh_slope_hair = refute(
    "tanh-slope-hair", Lipschitz(1 - tanh(m), m, 1 - HAIR), near=tanh_slope, why="slope -1 at 0"
)
tanh_smooth = prove("tanh-smooth", Smooth(1 - tanh(m), m, 4 * sqrt(3) / 9), why="2t(1 - t^2)")
tanh_smooth_bit = refute(
    "tanh-smooth-bit", Smooth(1 - tanh(m), m, 4 * sqrt(3) / 9 - BIT), near=tanh_smooth, why="sharp"
)
tanh_right = prove("tanh-right", Convex(1 - tanh(m), m), given=[m >= 0], why="2t(1 - t^2) >= 0")
tanh_all = refute("tanh-all", Convex(1 - tanh(m), m), near=tanh_right, why="concave for m < 0")

below_hinge = prove(
    "below-hinge", phi <= hinge(m) + log(1 + exp(-1)), why="the difference peaks at m = 1"
)
below_hinge_hair = refute(
    "below-hinge-hair",
    phi <= hinge(m) + log(1 + exp(-1)) - HAIR,
    near=below_hinge,
    why="attained at the kink m = 1",
)
below_hinge_plain = refute("below-hinge-plain", phi <= hinge(m), near=below_hinge, why="m = 1")

above_square = prove(
    "above-square", exp(-m) >= squared_hinge(m), given=[m >= 0], why="e^-m >= 1-m >= (1-m)^2"
)
above_square_past = refute(
    "above-square-past",
    exp(-m) >= squared_hinge(m),
    given=[m >= -BIT],
    near=above_square,
    why="slopes -1 and -2 at m = 0",
)
above_square_left = prove(
    "above-square-left", exp(-m) >= squared_hinge(m), given=[m <= -3], why="e^3 = 20.1 > 16"
)
above_square_left_bit = refute(
    "above-square-left-bit",
    exp(-m) >= squared_hinge(m),
    given=[m <= -Rational(5, 2)],
    near=above_square_left,
    why="e^2.5 = 12.18 < 12.25",
)

laplace = prove("laplace", Differentiable(exp(-(m**2)), m), why="smooth")
laplace_kink = refute("laplace-kink", Differentiable(exp(-Abs(m)), m), near=laplace, why="m = 0")
odd_square = prove("odd-square", Smooth(m * Abs(m), m, 2), why="slope 2|m|")
odd_square_bit = refute("odd-square-bit", Smooth(m * Abs(m), m, 2 - BIT), near=odd_square, why="2")
power = prove("power", Differentiable(Abs(m) ** Rational(3, 2), m), why="slope 0 at m = 0")
power_smooth = refute(
    "power-smooth", Smooth(Abs(m) ** Rational(3, 2), m), near=power, why="|m|^(-1/2) at m = 0"
)
positive_part = prove("positive-part", Max(0, m) ** 2 <= m**2, why="0 or m")
positive_part_strict = refute(
    "positive-part-strict", Max(0, m) ** 2 < m**2, near=positive_part, why="m = 1"
)
