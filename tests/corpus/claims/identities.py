"""Identities: Euler, polarisation, Lagrange, gradients, Hessians, signs.

.. math:: \\langle\\theta, \\nabla\\|\\theta\\|_p\\rangle = \\|\\theta\\|_p, \\quad
          4\\langle u, v\\rangle = \\|u + v\\|^2 - \\|u - v\\|^2
"""

from contract import HAIR, prove, refute
from sympy import Eq, Rational, exp, log, oo, symbols

from theory import (
    AdversarialLoss,
    Equal,
    Label,
    NormBall,
    Signs,
    Vector,
    absolute,
    dot,
    gradient,
    hadamard,
    hessian,
    identity,
    in_orthant,
    logistic,
    norm,
    ones,
    outer,
    sign,
    unit,
)

theta, x, u, v, h = (Vector(n) for n in ("theta", "x", "u", "v", "h"))
y, s = Label("y"), Signs("s")
eps = symbols("epsilon", positive=True)
off_zero = [norm(theta) > 0]
ball, box = (AdversarialLoss(logistic, NormBall(p, eps)) for p in (2, oo))
falls = -1 / (1 + exp(y * dot(theta, x) - eps * norm(theta)))
falls_box = -1 / (1 + exp(y * dot(theta, x) - eps * norm(theta, 1)))

euler = prove(
    "euler",
    Eq(dot(theta, gradient(norm(theta, 3), theta)), norm(theta, 3)),
    given=off_zero,
    why="homogeneous of degree 1",
)
euler_2 = refute(
    "euler-2",
    Eq(dot(theta, gradient(norm(theta) ** 2, theta)), norm(theta) ** 2),
    near=euler,
    why="homogeneous of degree 2: twice the value",
)
euler_twice = prove(
    "euler-twice",
    Eq(dot(theta, gradient(norm(theta) ** 2, theta)), 2 * norm(theta) ** 2),
    why="degree 2",
)
polarisation = prove(
    "polarisation", Eq(dot(u, v), (norm(u + v) ** 2 - norm(u - v) ** 2) / 4), why="expand"
)
polarisation_half = refute(
    "polarisation-half",
    Eq(dot(u, v), (norm(u + v) ** 2 - norm(u - v) ** 2) / 2),
    near=polarisation,
    why="u = v = 1",
)
lagrange = prove(
    "lagrange",
    Eq(
        norm(norm(u) ** 2 * v - dot(u, v) * u) ** 2,
        norm(u) ** 2 * (norm(u) ** 2 * norm(v) ** 2 - dot(u, v) ** 2),
    ),
    why="expand",
)
lagrange_lost = refute(
    "lagrange-lost",
    Eq(norm(norm(u) ** 2 * v - dot(u, v) * u) ** 2, norm(u) ** 4 * norm(v) ** 2),
    near=lagrange,
    why="u = v = 1",
)
slope_ball = prove(
    "slope-ball",
    Equal(ball.gradient(theta, x, y), falls * (y * x - eps * unit(theta))),
    given=off_zero,
    why="chain rule",
)
slope_ball_label = refute(
    "slope-ball-label",
    Equal(ball.gradient(theta, x, y), falls * (x - eps * unit(theta))),
    given=off_zero,
    near=slope_ball,
    why="y = -1",
)
slope_ball_sign = refute(
    "slope-ball-sign",
    Equal(ball.gradient(theta, x, y), falls * (y * x + eps * unit(theta))),
    given=off_zero,
    near=slope_ball,
    why="theta = 1",
)
slope_ball_hair = refute(
    "slope-ball-hair",
    Equal(ball.gradient(theta, x, y), falls * (y * x - (1 + HAIR) * eps * unit(theta))),
    given=off_zero,
    near=slope_ball,
    why="theta = 1",
)
slope_box = prove(
    "slope-box",
    Equal(box.gradient(theta, x, y), falls_box * (y * x - eps * sign(theta))),
    given=[in_orthant(theta, s)],
    why="chain rule",
)
slope_box_unit = refute(
    "slope-box-unit",
    Equal(box.gradient(theta, x, y), falls_box * (y * x - eps * unit(theta))),
    given=[in_orthant(theta, s)],
    near=slope_box,
    why="theta = (1, 1)",
)
slope_box_line = prove(
    "slope-box-line",
    Equal(box.gradient(theta, x, y), falls_box * (y * x - eps * unit(theta))),
    given=[in_orthant(theta, s)],
    dimensions=(1,),
    why="d = 1: sign and direction agree",
)
by_threes = prove(
    "by-threes",
    Equal(gradient(norm(theta, 3), theta), hadamard(absolute(theta), theta) / norm(theta, 3) ** 2),
    given=off_zero,
    why="|theta_i| theta_i / |theta|_3^2",
)
by_threes_power = refute(
    "by-threes-power",
    Equal(gradient(norm(theta, 3), theta), hadamard(absolute(theta), theta) / norm(theta, 3)),
    given=off_zero,
    near=by_threes,
    why="theta = 2",
)
bend = prove(
    "bend",
    Equal(
        hessian(norm(theta) ** 4 / 4, theta),
        norm(theta) ** 2 * identity() + 2 * outer(theta, theta),
    ),
    why="|theta|^2 theta differentiated",
)
bend_one = refute(
    "bend-one",
    Equal(
        hessian(norm(theta) ** 4 / 4, theta), norm(theta) ** 2 * identity() + outer(theta, theta)
    ),
    near=bend,
    why="theta = 1: 3 against 2",
)
turning = prove(
    "turning",
    Equal(
        hessian(norm(theta), theta),
        (identity() - outer(theta, theta) / norm(theta) ** 2) / norm(theta),
    ),
    given=off_zero,
    why="(I - ee^T)/|theta|",
)
turning_scale = refute(
    "turning-scale",
    Equal(hessian(norm(theta), theta), identity() - outer(theta, theta) / norm(theta) ** 2),
    given=off_zero,
    near=turning,
    why="theta = (2, 0)",
)
turning_line = prove(
    "turning-line",
    Equal(hessian(norm(theta), theta), identity() - outer(theta, theta) / norm(theta) ** 2),
    given=off_zero,
    dimensions=(1,),
    why="d = 1: both are 0",
)
curved = prove(
    "curved",
    Eq(
        dot(h, ball.hessian(theta, x, y) @ h),
        -falls * (1 + falls) * (y * dot(x, h) - eps * dot(unit(theta), h)) ** 2
        - falls * eps * (norm(h) ** 2 - dot(unit(theta), h) ** 2) / norm(theta),
    ),
    given=off_zero,
    why="phi'' vv^T + phi' Hess u, phi'' = s(1 - s)",
)
curved_lost = refute(
    "curved-lost",
    Eq(
        dot(h, ball.hessian(theta, x, y) @ h),
        -falls * (1 + falls) * (y * dot(x, h) - eps * dot(unit(theta), h)) ** 2,
    ),
    given=off_zero,
    near=curved,
    why="d = 2, h orthogonal to theta",
)
log_slope = prove(
    "log-slope",
    Equal(gradient(log(1 + norm(theta) ** 2), theta), 2 * theta / (1 + norm(theta) ** 2)),
    why="chain rule",
)
log_slope_half = refute(
    "log-slope-half",
    Equal(gradient(log(1 + norm(theta) ** 2), theta), theta / (1 + norm(theta) ** 2)),
    near=log_slope,
    why="theta = 1",
)
own_sign = prove(
    "own-sign", Equal(hadamard(sign(theta), absolute(theta)), theta), why="sign |t| = t"
)
own_sign_swap = refute(
    "own-sign-swap", Equal(hadamard(sign(theta), theta), theta), near=own_sign, why="theta = -1"
)
sign_square = prove(
    "sign-square",
    Equal(hadamard(sign(theta), sign(theta)), ones()),
    given=[in_orthant(theta, s)],
    why="no component is 0",
)
sign_square_zero = refute(
    "sign-square-zero",
    Equal(hadamard(sign(theta), sign(theta)), ones()),
    given=off_zero,
    near=sign_square,
    why="theta = (1, 0)",
)
scale_free = prove(
    "scale-free", Equal(unit(eps * theta), unit(theta)), given=off_zero, why="eps > 0"
)
scale_label = refute(
    "scale-label",
    Equal(unit(y * theta), unit(theta)),
    given=off_zero,
    near=scale_free,
    why="y = -1",
)
rank_one = prove("rank-one", Eq(dot(h, outer(u, v) @ h), dot(h, u) * dot(v, h)), why="h^T u v^T h")
rank_one_square = refute(
    "rank-one-square", Eq(dot(h, outer(u, v) @ h), dot(h, u) ** 2), near=rank_one, why="v = 2u"
)
orders = prove("orders", Equal(outer(u, v) @ v, norm(v) ** 2 * u), why="u (v^T v)")
orders_swap = refute(
    "orders-swap", Equal(outer(u, v) @ v, norm(v) ** 2 * v), near=orders, why="u = 0"
)
powers = prove(
    "powers", Eq(norm(hadamard(theta, theta), Rational(3, 2)), norm(theta, 3) ** 2), why="sum |t|^3"
)
powers_wrong = refute(
    "powers-wrong",
    Eq(norm(hadamard(theta, theta), Rational(3, 2)), norm(theta) ** 2),
    near=powers,
    why="theta = (1, 1)",
)
