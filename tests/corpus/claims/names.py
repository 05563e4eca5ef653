"""Names that could clash with names inside: t, s, m, k, h, lambda, theta and Theta, probes.

.. math:: \\text{a statement does not depend on how its variables are called}
"""

from contract import BIT, prove, refute
from sympy import Abs, Eq, Symbol, exp, log, oo, sqrt, symbols

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
)

t, h, theta, Theta = Vector("t"), Vector("h"), Vector("theta"), Vector("Theta")
x = Vector("x")
direction, coordinate = Vector("support_direction"), Vector("theta_1")
s, y, sign_label = Signs("s"), Label("y"), Label("sign")
lambda_, m, k, d = symbols("lambda m k d", positive=True)
limit, big, unit_i, pi_ = symbols("oo N I pi", positive=True)
number = Symbol("e", real=True)
ball = AdversarialLoss(logistic, NormBall(2, lambda_))
away = [norm(t) >= k]


def slope(v, constant=None):
    return Lipschitz(ball.gradient(v, x, y), wrt=v, constant=constant)


weight_t = prove(
    "weight-t", slope(t, (norm(x) + lambda_) ** 2 / 4 + lambda_ / k), given=away, why="D-W"
)
weight_t_zero = refute("weight-t-zero", slope(t), near=weight_t, why="a jump at t = 0")
weight_t_bit = refute(
    "weight-t-bit",
    slope(t, (norm(x) + lambda_) ** 2 / 4 + lambda_ / (3 * k)),
    given=away,
    near=weight_t,
    why="about lambda/(2k) for small k",
)
cases = prove("cases", norm(theta + Theta) <= norm(theta) + norm(Theta), why="triangle inequality")
cases_same = refute("cases-same", norm(theta - Theta) <= 0, near=cases, why="two vectors")
scalar_m = prove(
    "scalar-m", logistic(y * dot(theta, x) + m) <= logistic(y * dot(theta, x)), why="m > 0"
)
scalar_m_flip = refute(
    "scalar-m-flip",
    logistic(y * dot(theta, x) - m) <= logistic(y * dot(theta, x)),
    near=scalar_m,
    why="m = 1",
)
radius_m = prove(
    "radius-m",
    Eq(
        AdversarialLoss(logistic, NormBall(oo, m)).value(theta, x, y),
        log(1 + exp(m * norm(theta, 1) - y * dot(theta, x))),
    ),
    why="the radius is called m, as the margin is",
)
radius_m_2 = refute(
    "radius-m-2",
    Eq(
        AdversarialLoss(logistic, NormBall(oo, m)).value(theta, x, y),
        log(1 + exp(m * norm(theta) - y * dot(theta, x))),
    ),
    near=radius_m,
    why="theta = (1, 1)",
)
probe = prove("probe", norm(direction + x) <= norm(direction) + norm(x), why="triangle inequality")
probe_shift = refute(
    "probe-shift", norm(direction + x) <= norm(direction), near=probe, why="x = direction = 1"
)
probe_loss = prove(
    "probe-loss",
    Eq(
        ball.value(direction, x, y), log(1 + exp(lambda_ * norm(direction) - y * dot(direction, x)))
    ),
    why="the closed form",
)
probe_loss_sign = refute(
    "probe-loss-sign",
    Eq(
        ball.value(direction, x, y),
        log(1 + exp(-lambda_ * norm(direction) - y * dot(direction, x))),
    ),
    near=probe_loss,
    why="direction = 1",
)
probe_kink = refute(
    "probe-kink", Differentiable(ball.value(direction, x, y), direction), near=probe_loss, why="0"
)
probe_free = prove("probe-free", norm(direction, oo) <= norm(direction, 1), why="max <= sum")
step_h = prove("step-h", Convex(norm(h) - dot(h, x), h), why="norm minus linear")
step_h_kink = refute(
    "step-h-kink", Differentiable(norm(h) - dot(h, x), h), near=step_h, why="h = 0"
)
component = prove(
    "component", dot(theta, coordinate) <= norm(theta) * norm(coordinate), why="Cauchy-Schwarz"
)
component_norm = refute(
    "component-norm", norm(theta) <= norm(coordinate), near=component, why="unrelated vectors"
)
signs_s = prove("signs-s", dot(s, t) <= norm(t, 1), why="|s_i| = 1")
signs_s_orthant = prove(
    "signs-s-orthant", Eq(dot(s, t), norm(t, 1)), given=[in_orthant(t, s)], why="s = sign t"
)
signs_s_dropped = refute(
    "signs-s-dropped", Eq(dot(s, t), norm(t, 1)), near=signs_s_orthant, why="s=-1"
)
label_sign = prove("label-sign", sign_label * dot(t, x) <= norm(t) * norm(x), why="|label| = 1")
label_sign_drop = refute(
    "label-sign-drop", sign_label * dot(t, x) <= dot(t, x), near=label_sign, why="label -1"
)
many = prove("many", sqrt(big * unit_i) <= (big + unit_i) / 2, why="AM-GM with N and I")
many_strict = refute("many-strict", sqrt(big * unit_i) < (big + unit_i) / 2, near=many, why="N = I")
circle = prove("circle", pi_ + limit > 0, why="positive symbols called pi and oo")
circle_three = refute("circle-three", pi_ > 3, near=circle, why="pi is a symbol here: 1")
base = prove("base", exp(number) >= 1 + number, why="a symbol called e")
base_flip = refute("base-flip", exp(number) <= 1 + number, near=base, why="e = 1")
dimension = prove("dimension", Abs(d * norm(t)) <= (d + BIT) * norm(t), why="d is a number here")
dimension_one = refute("dimension-one", norm(t) <= d * norm(t), near=dimension, why="d = 1/2")
lambda_smooth = prove(
    "lambda-smooth", Smooth(lambda_ * norm(t) ** 2, t, 2 * lambda_), why="2 lambda I"
)
lambda_smooth_bit = refute(
    "lambda-smooth-bit",
    Smooth(lambda_ * norm(t) ** 2, t, (2 - BIT) * lambda_),
    near=lambda_smooth,
    why="2 lambda I",
)
mu = Vector("μ")
greek = prove("greek", norm(mu, 3) <= norm(mu, 2), why="norms fall with p")
greek_flip = refute("greek-flip", norm(mu, 2) <= norm(mu, 3), near=greek, why="(1, 1)")
