"""Orders: between norms, between attacks, between adversarial losses.

.. math:: \\|u\\|_q \\le \\|u\\|_p \\le d^{1/p - 1/q} \\|u\\|_q \\quad (p \\le q)
"""

from contract import BIT, HAIR, open_, prove, refute
from sympy import Eq, Max, Rational, exp, log, oo, sqrt, symbols

from theory import (
    AdversarialLoss,
    Label,
    NormBall,
    Vector,
    dot,
    exponential,
    hinge,
    logistic,
    norm,
    ones,
    squared_hinge,
)

theta, x, y, u = Vector("theta"), Vector("x"), Label("y"), Vector("u")
eps = symbols("epsilon", positive=True)
margin = y * dot(theta, x)
natural = logistic(margin)
three_halves = Rational(3, 2)


def value(p, phi=logistic, radius=eps):
    return AdversarialLoss(phi, NormBall(p, radius)).value(theta, x, y)


sum_max = prove("sum-max", norm(u) ** 2 <= norm(u, 1) * norm(u, oo), why="u_i^2 <= |u_i| max")
sum_max_hair = refute(
    "sum-max-hair",
    norm(u) ** 2 <= (1 - HAIR) * norm(u, 1) * norm(u, oo),
    near=sum_max,
    why="equality at (1, ..., 1)",
)
cubes = prove("cubes", norm(u, 3) ** 3 <= norm(u, oo) * norm(u) ** 2, why="|u_i|^3 <= max u_i^2")
cubes_wrong = refute(
    "cubes-wrong", norm(u, 3) ** 3 <= norm(u, oo) ** 2 * norm(u), near=cubes, why="(1, 1): 2 > 1.41"
)
cubes_4 = prove("cubes-4", norm(u, 3) ** 3 <= norm(u) * norm(u, 4) ** 2, why="Cauchy-Schwarz")
cubes_5 = refute(
    "cubes-5", norm(u, 3) ** 3 <= norm(u) * norm(u, 5) ** 2, near=cubes_4, why="(1, 1): 2 > 1.87"
)
falling = prove("falling", norm(u, 4) <= norm(u, 3), why="norms fall with p")
falling_flip = refute(
    "falling-flip", norm(u, 3) <= norm(u, 4), dimensions=(2,), near=falling, why="(1, 1)"
)
falling_line = prove("falling-line", norm(u, 3) <= norm(u, 4), dimensions=(1,), why="both are |u|")
falling_strict = refute("falling-strict", norm(u, 4) < norm(u, 3), near=falling, why="u = (1, 0)")
four = prove("four", norm(u, 1) <= 2 * norm(u), dimensions=(1, 2, 3, 4), why="sqrt d <= 2")
five = refute("five", norm(u, 1) <= 2 * norm(u), dimensions=(5,), near=four, why="(1, 1, 1, 1, 1)")
one_three = prove("one-three", norm(u, 1) <= sqrt(3) * norm(u), dimensions=(1, 3), why="sqrt d")
one_three_hair = refute(
    "one-three-hair",
    norm(u, 1) <= (sqrt(3) - HAIR) * norm(u),
    dimensions=(1, 3),
    near=one_three,
    why="u = (1, 1, 1)",
)
all_three = refute(
    "all-three", norm(u, 1) <= sqrt(3) * norm(u), near=one_three, why="d = 4, (1, 1, 1, 1)"
)
power_means = prove(
    "power-means", norm(u, 2) <= norm(ones()) ** Rational(1, 2) * norm(u, 4), why="d^(1/2 - 1/4)"
)
power_means_bit = refute(
    "power-means-bit",
    norm(u, 2) <= norm(ones()) ** Rational(2, 5) * norm(u, 4),
    near=power_means,
    why="(1, 1): 2^(1/4) > 2^(1/5)",
)
mixed = open_(
    "mixed",
    norm(u, 1) * norm(u, oo) <= three_halves * norm(u) ** 2,
    dimensions=(4,),
    truth=True,
    why="(1 + sqrt d)/2 is the sharp constant",
)
mixed_bit = refute(
    "mixed-bit",
    norm(u, 1) * norm(u, oo) <= (three_halves - BIT) * norm(u) ** 2,
    dimensions=(4,),
    near=mixed,
    why="u = (3, 1, 1, 1): 18 against 12",
)
mixed_5 = refute(
    "mixed-5",
    norm(u, 1) * norm(u, oo) <= three_halves * norm(u) ** 2,
    dimensions=(5,),
    near=mixed,
    why="(1 + sqrt 5)/2 > 3/2",
)

more = prove("more", value(three_halves) <= value(3), why="the 3/2-ball lies in the 3-ball")
more_flip = refute("more-flip", value(3) <= value(three_halves), near=more, why="theta = (1, 1)")
same_line = prove("same-line", Eq(value(1), value(oo)), dimensions=(1,), why="d = 1: one ball")
same_plane = refute(
    "same-plane", Eq(value(1), value(oo)), dimensions=(1, 2), near=same_line, why="theta = (1, 1)"
)
inflated = prove(
    "inflated",
    value(oo) <= value(2, radius=sqrt(2) * eps),
    dimensions=(1, 2),
    why="sqrt d <= sqrt 2",
)
inflated_3 = refute(
    "inflated-3", value(oo) <= value(2, radius=sqrt(2) * eps), near=inflated, why="d = 3, (1, 1, 1)"
)
inflated_all = prove(
    "inflated-all", value(oo) <= value(2, radius=norm(ones()) * eps), why="1-norm <= sqrt d 2-norm"
)

rises = prove(
    "rises", value(2) >= natural + eps * norm(theta) / (1 + exp(margin)), why="convex: tangent"
)
rises_half = prove(
    "rises-half",
    value(2) >= natural + eps * norm(theta) / 2,
    given=[margin <= 0],
    why="the slope is at most -1/2 there",
)
rises_half_dropped = refute(
    "rises-half-dropped",
    value(2) >= natural + eps * norm(theta) / 2,
    near=rises_half,
    why="m large",
)
rises_past = refute(
    "rises-past",
    value(2) >= natural + eps * norm(theta) / 2,
    given=[margin <= BIT],
    near=rises_half,
    why="margin = 1/400 and a tiny eps",
)
at_most = prove("at-most", value(2) <= natural + eps * norm(theta), why="phi is 1-Lipschitz")
at_most_hair = refute(
    "at-most-hair",
    value(2) <= natural + (1 - BIT) * eps * norm(theta),
    near=at_most,
    why="slope -1 at margin -oo",
)
at_most_half = refute(
    "at-most-half", value(2) <= natural + eps * norm(theta) / 2, near=at_most, why="margin < 0"
)

squares = prove("squares", Eq(value(2, squared_hinge), value(2, hinge) ** 2), why="((1-u)_+)^2")
squares_above = refute(
    "squares-above", value(2, squared_hinge) >= value(2, hinge), near=squares, why="hinge = 1/2"
)
touching = prove(
    "touching", value(2, squared_hinge) >= 2 * value(2, hinge) - 1, why="(h - 1)^2 >= 0"
)
touching_hair = refute(
    "touching-hair",
    value(2, squared_hinge) >= 2 * value(2, hinge) - 1 + HAIR,
    near=touching,
    why="hinge = 1 at theta = 0",
)
ladder = prove("ladder", value(2, hinge) <= value(2, exponential), why="1 - u <= e^-u")
ladder_flip = refute(
    "ladder-flip", value(2, exponential) <= value(2, hinge), near=ladder, why="u=1"
)
ladder_bit = refute(
    "ladder-bit",
    (1 + BIT) * value(2, hinge) <= value(2, exponential),
    near=ladder,
    why="both are 1 at u = 0",
)
small_margin = prove(
    "small-margin",
    value(oo) >= log(2),
    given=[norm(x, oo) <= eps],
    why="u <= (|x|_oo - eps)|theta|_1",
)
small_margin_2 = refute(
    "small-margin-2",
    value(2) >= log(2),
    given=[norm(x, oo) <= eps],
    near=small_margin,
    why="(1, 1)",
)
small_margin_bit = refute(
    "small-margin-bit",
    value(oo) >= log(2),
    given=[norm(x, oo) <= (1 + BIT) * eps],
    near=small_margin,
    why="x = (1 + 1/400) eps sign(theta)",
)
radii = prove(
    "radii", value(2, radius=2 * eps) + natural >= 2 * value(2), why="convex in the radius"
)
radii_flip = refute(
    "radii-flip", value(2, radius=2 * eps) + natural <= 2 * value(2), near=radii, why="theta = 1"
)
positive = prove("positive", value(2) > 0, why="log(1 + e^-u) > 0")
positive_bit = refute("positive-bit", value(2) > HAIR, near=positive, why="a large margin")
capped = prove(
    "capped", value(2) <= log(2) + Max(0, eps * norm(theta) - margin), why="phi <= log 2"
)
capped_hair = refute(
    "capped-hair",
    value(2) <= log(2) - HAIR + Max(0, eps * norm(theta) - margin),
    near=capped,
    why="theta = 0",
)
