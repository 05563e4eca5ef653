"""Hypotheses that contradict each other, some subtly, beside their nearest consistent neighbours.

.. math:: \\{(\\theta, x, \\dots) : \\text{given}\\} = \\emptyset
"""

from contract import BIT, HAIR, open_, prove, vacuous
from sympy import Eq, Rational, exp, log, oo, symbols

from theory import (
    AdversarialLoss,
    Convex,
    Differentiable,
    Label,
    Lipschitz,
    NormBall,
    Signs,
    Smooth,
    Vector,
    dot,
    in_orthant,
    logistic,
    norm,
    ones,
)

theta, x, u, v, w = (Vector(n) for n in ("theta", "x", "u", "v", "w"))
y, s = Label("y"), Signs("s")
m, z = symbols("m z", real=True)
n = symbols("n", integer=True)
a, b, eps, rho, B, R = symbols("a b epsilon rho B R", positive=True)
ball = AdversarialLoss(logistic, NormBall(2, eps))
smooth = Smooth(ball.value(theta, x, y), theta)
phi = log(1 + exp(-m))

below_tangent = vacuous("below-tangent", z >= 1, given=[exp(z) < 1 + z], why="e^z >= 1 + z")
no_square = vacuous("no-square", z >= 1, given=[z**2 - 2 * z + 1 + HAIR <= 0], why="(z - 1)^2 >= 0")
one_point = open_("one-point", z >= 1, given=[z**2 - 2 * z + 1 <= 0], truth=True, why="only z = 1")
no_loss = vacuous("no-loss", m >= 9, given=[phi <= 0], why="log(1 + e^-m) > 0")
little_loss = prove("little-loss", m >= 20, given=[phi <= HAIR], why="then e^-m <= e^1e-9 - 1")
out_of_reach = vacuous(
    "out-of-reach", m >= 9, given=[m >= 2, exp(m) <= Rational(7389, 1000)], why="e^2 = 7.38906"
)
in_reach = prove(
    "in-reach",
    m <= Rational(20002, 10000),
    given=[m >= 2, exp(m) <= Rational(739, 100)],
    why="log 7.39 = 2.00013",
)
too_close = vacuous(
    "too-close",
    norm(u) <= 5,
    given=[norm(u) <= 1, norm(v) <= 1, dot(u, v) >= 1 + HAIR],
    why="Cauchy-Schwarz",
)
aligned = open_(
    "aligned",
    norm(u - v) <= 0,
    given=[norm(u) <= 1, norm(v) <= 1, dot(u, v) >= 1],
    truth=True,
    why="equality in Cauchy-Schwarz: u = v",
)
three_apart = vacuous(
    "three-apart",
    norm(u) <= 5,
    given=[
        norm(u) <= 1,
        norm(v) <= 1,
        norm(w) <= 1,
        dot(u, v) + dot(v, w) + dot(w, u) <= -Rational(3, 2) - BIT,
    ],
    why="|u + v + w|^2 >= 0",
)
above_parallelogram = vacuous(
    "above-parallelogram",
    smooth,
    given=[norm(u + v) ** 2 + norm(u - v) ** 2 > 2 * norm(u) ** 2 + 2 * norm(v) ** 2],
    why="the parallelogram law",
)
small_sum = vacuous(
    "small-sum", smooth, given=[norm(theta, oo) >= 1, norm(theta) <= 1 - BIT], why="oo <= 2"
)
order_line = vacuous(
    "order-line", norm(u) <= 5, given=[norm(u, 1) > norm(u)], dimensions=(1,), why="equal in d = 1"
)
order_plane = prove(
    "order-plane", norm(u) > 0, given=[norm(u, 1) > norm(u)], dimensions=(2,), why="u = 0 is equal"
)
narrow = vacuous(
    "narrow",
    norm(u) <= 5,
    given=[norm(u) >= 1, norm(u, 1) >= 2 * norm(u)],
    dimensions=(1, 2, 3),
    why="sqrt 3 < 2",
)
agreeing = vacuous(
    "agreeing",
    smooth,
    given=[in_orthant(theta, s), in_orthant(x, s), dot(theta, x) <= 0],
    why="theta_i x_i > 0 for all i",
)
hidden_orthant = vacuous(
    "hidden-orthant",
    norm(theta) <= 5,
    given=[in_orthant(theta, ones()), norm(theta, 1) <= 0],
    why="theta != 0",
)
two_label = vacuous("two-label", norm(theta) <= 5, given=[Eq(y, 2)], why="y is -1 or 1")
big_label = vacuous("big-label", norm(theta) <= 5, given=[y * norm(x) > norm(x)], why="y <= 1")
no_integer = vacuous("no-integer", n >= 5, given=[n > 0, n < 1], why="no integer in (0, 1)")
cycle = vacuous("cycle", smooth, given=[rho < B, B < R, rho >= R], why="rho < rho")
far_apart = vacuous(
    "far-apart", smooth, given=[norm(theta - x) <= 1, norm(theta) >= 5, norm(x) <= 3], why="5 <= 4"
)
just_apart = open_(
    "just-apart",
    norm(theta) <= 5,
    given=[norm(theta - x) <= 1, norm(theta) >= 5, norm(x) <= 4],
    truth=True,
    why="equality in the triangle inequality",
)
written_false = vacuous(
    "written-false", norm(u) <= 1, given=[norm(theta) < 0], why="norms are >= 0"
)
written_false_too = vacuous(
    "written-false-too", Convex(norm(theta), theta), given=[eps < 0], why="eps is positive"
)
orthogonal = vacuous(
    "orthogonal", norm(u) <= 5, given=[Eq(dot(u, v), 0), norm(u + v) < norm(u)], why="Pythagoras"
)
mean = vacuous("mean", a <= 5, given=[a + b <= 1, a * b > Rational(1, 4)], why="AM-GM")
mean_touch = open_(
    "mean-touch", a >= b, given=[a + b <= 1, a * b >= Rational(1, 4)], truth=True, why="a = b = 1/2"
)
falling_norms = vacuous(
    "falling-norms", Differentiable(norm(u), u), given=[norm(u, 4) > norm(u, 3)], why="norms fall"
)
above_adversary = vacuous(
    "above-adversary",
    Lipschitz(ball.value(theta, x, y), theta, 1),
    given=[logistic(y * dot(theta, x)) > ball.value(theta, x, y)],
    why="the attack never lowers the loss",
)
zero_and_away = vacuous(
    "zero-and-away", smooth, given=[Eq(norm(theta), 0), dot(theta, x) >= rho], why="<0, x> = 0"
)
half_spaces = vacuous(
    "half-spaces", smooth, given=[dot(theta, x) >= rho, dot(theta, x) <= -rho], why="rho > 0"
)
both_signs = vacuous(
    "both-signs",
    norm(u) <= 5,
    given=[in_orthant(u, s), in_orthant(v, s), in_orthant(u + v, -s)],
    why="the sum keeps the signs",
)
small_product = vacuous(
    "small-product",
    norm(u) <= 5,
    given=[norm(u) <= eps, norm(v) <= eps, dot(u, v) < -(eps**2)],
    why="Cauchy-Schwarz",
)
