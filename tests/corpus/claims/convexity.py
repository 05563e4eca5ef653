"""Convexity: of losses, margins, norms and compositions, on convex and other domains.

.. math:: f((\\theta + \\theta')/2) \\le (f(\\theta) + f(\\theta'))/2
"""

from contract import BIT, open_, prove, refute
from sympy import Max, Min, Rational, exp, log, oo, sqrt, symbols

from theory import (
    AdversarialLoss,
    Convex,
    Label,
    MarginLoss,
    NormBall,
    Vector,
    dot,
    exponential,
    hinge,
    logistic,
    norm,
)

theta, x, u, v = (Vector(n) for n in ("theta", "x", "u", "v"))
y = Label("y")
m, z = symbols("m z", real=True)
eps, rho = symbols("epsilon rho", positive=True)
sigmoid = MarginLoss("sigmoid", 1 / (1 + exp(m)))


def loss(p, phi=logistic):
    return AdversarialLoss(phi, NormBall(p, eps))


def convex(f):
    return Convex(f, theta)


values = prove("values", convex(loss(3).value(theta, x, y)), why="a maximum of convex functions")
values_sigmoid = refute(
    "values-sigmoid", convex(loss(3, sigmoid).value(theta, x, y)), near=values, why="not convex"
)
values_box = prove("values-box", convex(loss(oo, hinge).value(theta, x, y)), why="a maximum")
minus_margin = prove("minus-margin", convex(-loss(4).margin(theta, x, y)), why="norm minus linear")
plus_margin = refute(
    "plus-margin", convex(loss(4).margin(theta, x, y)), near=minus_margin, why="concave, curved"
)
in_data = prove("in-data", Convex(loss(oo).value(theta, x, y), x), why="phi of a linear function")
in_radius = prove("in-radius", Convex(loss(1, exponential).value(theta, x, y), eps), why="e^(a+b)")
minus_radius = refute(
    "minus-radius",
    Convex(-loss(1, exponential).value(theta, x, y), eps),
    near=in_radius,
    why="th=1",
)
soft_max = prove(
    "soft-max-convex", convex(log(exp(dot(theta, u)) + exp(dot(theta, v)))), why="log-sum-exp"
)
soft_min = refute(
    "soft-min-convex",
    convex(-log(exp(-dot(theta, u)) + exp(-dot(theta, v)))),
    near=soft_max,
    why="concave",
)
squares = prove("squares-convex", convex(dot(theta, u) ** 2), why="a square of a linear function")
products = refute(
    "products", convex(dot(theta, u) * dot(theta, v)), near=squares, why="u = -v gives -<t, u>^2"
)
deficit = prove(
    "deficit", convex(norm(theta) ** 2 - dot(theta, u) ** 2), given=[norm(u) <= 1], why="I - uu^T"
)
deficit_past = refute(
    "deficit-past",
    convex(norm(theta) ** 2 - dot(theta, u) ** 2),
    given=[norm(u) <= 1 + BIT],
    near=deficit,
    why="along u",
)
log_ball = prove(
    "log-ball",
    convex(log(1 + norm(theta) ** 2)),
    given=[norm(theta) <= 1],
    why="r -> log(1 + r^2) has second derivative 2(1-r^2)/(1+r^2)^2",
)
log_past = refute(
    "log-past",
    convex(log(1 + norm(theta) ** 2)),
    given=[norm(theta) <= 1 + 10 * BIT],
    near=log_ball,
    why="concave along a ray for r > 1",
)
log_all = refute("log-all", convex(log(1 + norm(theta) ** 2)), near=log_ball, why="r in [2, 4]")
larger = prove("larger", convex(Max(1, norm(theta))), why="a maximum of convex functions")
smaller = refute("smaller", convex(Min(1, norm(theta))), near=larger, why="r = 0, 1, 2")
powers = prove(
    "powers-convex", convex(norm(theta, 5) ** Rational(3, 2)), why="increasing convex of a norm"
)
roots = refute(
    "roots-convex", convex(sqrt(norm(theta, 5))), near=powers, why="theta = 0, 1, 2 in d = 1"
)
hyper = prove("hyper", Convex(1 / z, z), given=[z > 0], why="2/z^3 > 0")
hyper_left = refute("hyper-left", Convex(1 / z, z), given=[z < 0], near=hyper, why="2/z^3 < 0")
inverse = prove(
    "inverse",
    convex(1 / norm(theta)),
    given=[norm(theta) >= rho],
    dimensions=(1,),
    why="d = 1: 1/|z| on each of two half-lines",
)
inverse_2 = refute(
    "inverse-2",
    convex(1 / norm(theta)),
    given=[norm(theta) >= rho],
    dimensions=(2,),
    near=inverse,
    why="tangential curvature -1/r^3",
)
outside = prove("outside", convex(norm(theta, 3)), given=[norm(theta) >= rho], why="convex on R^d")
shifted = prove("shifted", convex(norm(theta - x) - dot(theta, x)), why="norm minus linear")
shifted_two = refute(
    "shifted-two", convex(norm(theta - x) - norm(theta)), near=shifted, why="d = 1, x = 1 around 0"
)
gap = prove("gap", convex(norm(theta, 1) - norm(theta)), dimensions=(1,), why="0 in d = 1")
gap_2 = refute(
    "gap-2",
    convex(norm(theta, 1) - norm(theta)),
    dimensions=(2,),
    near=gap,
    why="-|theta|_2 is strictly concave across a ray",
)
quartic = prove("quartic", Convex(z**4 - 6 * z**2, z), given=[z >= 1], why="12z^2 - 12")
quartic_past = refute(
    "quartic-past", Convex(z**4 - 6 * z**2, z), given=[z >= 1 - 10 * BIT], near=quartic, why="z < 1"
)
log_log = prove(
    "log-log", Convex(log(1 + exp(z)) + log(1 + exp(-z)), z), why="a sum of convex ones"
)
log_log_minus = refute(
    "log-log-minus",
    Convex(2 * log(1 + exp(z)) - log(1 + exp(2 * z)), z),
    near=log_log,
    why="z near 0",
)
entropy = prove("entropy-convex", Convex(z * log(z), z), given=[z > 0], why="1/z")
gauss = open_(
    "gauss",
    convex(-exp(-(norm(theta) ** 2))),
    given=[norm(theta) ** 2 <= Rational(1, 2)],
    truth=True,
    why="radially 2(1 - 2r^2)e^(-r^2) >= 0",
)
gauss_past = refute(
    "gauss-past",
    convex(-exp(-(norm(theta) ** 2))),
    given=[norm(theta) <= 1],
    near=gauss,
    why="r in (1/sqrt 2, 1)",
)
