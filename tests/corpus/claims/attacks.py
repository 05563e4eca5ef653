"""Closed forms and optimal attacks for p in {1, 5/4, 4/3, 3/2, 2, 3, 4, 5, oo}.

.. math:: \\max_{\\|\\delta\\|_p \\le \\epsilon} \\phi(y\\langle\\theta, x + \\delta\\rangle)
          = \\phi(y\\langle\\theta, x\\rangle - \\epsilon\\|\\theta\\|_q), \\quad 1/p + 1/q = 1.
"""

from contract import BIT, HAIR, prove, refute
from sympy import Abs, Eq, Rational, exp, log, oo, sqrt, symbols

from theory import (
    AdversarialLoss,
    Label,
    MarginLoss,
    Maximizes,
    NormBall,
    Signs,
    Vector,
    absolute,
    dot,
    exponential,
    hadamard,
    hinge,
    in_orthant,
    logistic,
    norm,
    sign,
    unit,
)

theta, x, delta = Vector("theta"), Vector("x"), Vector("delta")
y, s = Label("y"), Signs("s")
m = symbols("m", real=True)
eps = symbols("epsilon", positive=True)
off_zero = [norm(theta) > 0]
margin = y * dot(theta, x)


def frac(p, q):
    return Rational(p, q)


def loss(p, phi=logistic):
    return AdversarialLoss(phi, NormBall(p, eps))


def value(p):
    return loss(p).value(theta, x, y)


def closed(q):
    return log(1 + exp(-margin + eps * norm(theta, q)))


def best(point, p, phi=logistic):
    return Maximizes(point, phi(y * dot(theta, x + delta)), wrt=delta, over=NormBall(p, eps))


closed_1 = prove("closed-1", Eq(value(1), closed(oo)), why="1/1 + 1/oo = 1")
closed_1_self = refute("closed-1-self", Eq(value(1), closed(1)), near=closed_1, why="(1, 1)")
closed_43 = prove("closed-4/3", Eq(value(frac(4, 3)), closed(4)), why="3/4 + 1/4 = 1")
closed_43_wrong = refute(
    "closed-4/3-wrong", Eq(value(frac(4, 3)), closed(3)), near=closed_43, why="theta = (1, 1)"
)
closed_3 = prove("closed-3", Eq(value(3), closed(frac(3, 2))), why="1/3 + 2/3 = 1")
closed_3_self = refute("closed-3-self", Eq(value(3), closed(3)), near=closed_3, why="(1, 1)")
closed_4 = prove("closed-4", Eq(value(4), closed(frac(4, 3))), why="1/4 + 3/4 = 1")
closed_4_wrong = refute(
    "closed-4-wrong", Eq(value(4), closed(frac(5, 4))), near=closed_4, why="theta = (1, 1)"
)
closed_5 = prove("closed-5", Eq(value(5), closed(frac(5, 4))), why="1/5 + 4/5 = 1")
closed_5_line = prove(
    "closed-5-line", Eq(value(5), closed(3)), dimensions=(1,), why="in d = 1 all norms are |theta|"
)
closed_5_plane = refute(
    "closed-5-plane", Eq(value(5), closed(3)), dimensions=(1, 2), near=closed_5_line, why="(1, 1)"
)
closed_oo = prove("closed-oo", Eq(value(oo), closed(1)), why="1/oo + 1/1 = 1")
closed_oo_label = refute(
    "closed-oo-label",
    Eq(value(oo), log(1 + exp(-dot(theta, x) + eps * norm(theta, 1)))),
    near=closed_oo,
    why="y = -1",
)

for_hinge = prove("for-hinge", best(-eps * y * unit(theta), 2, hinge), given=off_zero, why="C-S")
for_hinge_label = refute(
    "for-hinge-label",
    best(-eps * unit(theta), 2, hinge),
    given=off_zero,
    near=for_hinge,
    why="y=-1",
)
for_hinge_short = refute(
    "for-hinge-short",
    best(-(1 - HAIR) * eps * y * unit(theta), 2, hinge),
    given=off_zero,
    near=for_hinge,
    why="inside the ball: the margin can still fall by a hair",
)
for_hinge_long = refute(
    "for-hinge-long",
    best(-(1 + HAIR) * eps * y * unit(theta), 2, hinge),
    given=off_zero,
    near=for_hinge,
    why="leaves the ball by a hair",
)

by_cubes = prove(
    "by-cubes",
    best(-eps * y * hadamard(theta, hadamard(theta, theta)) / norm(theta, 4) ** 3, frac(4, 3)),
    given=off_zero,
    why="equality in Hoelder: |delta_i|^(4/3) ~ |theta_i|^4",
)
by_cubes_wrong_ball = refute(
    "by-cubes-wrong-ball",
    best(-eps * y * hadamard(theta, hadamard(theta, theta)) / norm(theta, 4) ** 3, frac(5, 4)),
    given=off_zero,
    near=by_cubes,
    why="theta = (1, 1): length 2^(4/5 - 3/4) > 1",
)
by_squares = prove(
    "by-squares",
    best(-eps * y * hadamard(absolute(theta), theta) / norm(theta, 3) ** 2, frac(3, 2)),
    given=off_zero,
    why="equality in Hoelder: |delta_i|^(3/2) ~ |theta_i|^3",
)
by_squares_unsigned = refute(
    "by-squares-unsigned",
    best(-eps * y * hadamard(theta, theta) / norm(theta, 3) ** 2, frac(3, 2)),
    given=off_zero,
    near=by_squares,
    why="theta < 0 in d = 1: the wrong direction",
)
by_squares_length = prove(
    "by-squares-length",
    Eq(norm(loss(frac(3, 2)).attack(theta, y), frac(3, 2)), eps),
    given=off_zero,
    why="the maximiser of a linear function lies on the sphere",
)
by_squares_length_2 = refute(
    "by-squares-length-2",
    Eq(norm(loss(frac(3, 2)).attack(theta, y)), eps),
    given=off_zero,
    near=by_squares_length,
    why="theta = (1, 1): another norm",
)

cube = prove("cube", best(loss(5).attack(theta, y), 5, exponential), given=off_zero, why="Hoelder")
cube_small = prove(
    "cube-small", norm(loss(5).attack(theta, y), oo) <= eps, given=off_zero, why="oo-norm <= 5-norm"
)
cube_large = refute(
    "cube-large",
    norm(loss(5).attack(theta, y)) <= eps,
    given=off_zero,
    near=cube_small,
    why="(1, 1)",
)
for_fourth = prove("for-fourth", best(loss(4).attack(theta, y), 4), given=off_zero, why="Hoelder")
for_fourth_3 = refute(
    "for-fourth-3",
    best(loss(4).attack(theta, y), 3),
    given=off_zero,
    dimensions=(2,),
    near=for_fourth,
    why="theta = (1, 1): 3-norm 2^(1/3 - 1/4) eps > eps",
)
for_fourth_5 = refute(
    "for-fourth-5",
    best(loss(4).attack(theta, y), 5),
    given=off_zero,
    dimensions=(2,),
    near=for_fourth,
    why="theta = (1, 1): strictly inside the 5-ball",
)

vertex = prove(
    "vertex", best(-eps * y * s, oo), given=[in_orthant(theta, s)], why="eps sign(theta)"
)
vertex_of_x = refute(
    "vertex-of-x", best(-eps * y * s, oo), given=[in_orthant(x, s)], near=vertex, why="theta = -s"
)
one_peak = prove(
    "one-peak", best(-eps * y * sign(theta), 1), dimensions=(1,), why="d = 1: every ball is [-e, e]"
)
two_peaks = refute(
    "two-peaks", best(-eps * y * sign(theta), 1), dimensions=(2,), near=one_peak, why="1-norm 2 eps"
)
gain = prove(
    "gain",
    Eq(-y * dot(theta, loss(3).attack(theta, y)), eps * norm(theta, frac(3, 2))),
    given=off_zero,
    why="the support function",
)
gain_self = refute(
    "gain-self",
    Eq(-y * dot(theta, loss(3).attack(theta, y)), eps * norm(theta, 3)),
    given=off_zero,
    near=gain,
    why="theta = (1, 1)",
)
pushes_down = prove(
    "pushes-down",
    Maximizes(-eps * y * unit(theta), -y * dot(theta, x + delta), delta, NormBall(2, eps)),
    given=off_zero,
    why="the attack minimises the margin",
)
pushes_up = refute(
    "pushes-up",
    Maximizes(-eps * y * unit(theta), y * dot(theta, x + delta), delta, NormBall(2, eps)),
    given=off_zero,
    near=pushes_down,
    why="it minimises the margin",
)

ascent = MarginLoss("ascent", log(1 + exp(m)))
gap = MarginLoss("gap", Abs(1 - m))
climbing = prove(
    "climbing",
    Eq(loss(2, ascent).value(theta, x, y), log(1 + exp(margin + eps * norm(theta)))),
    why="an increasing loss is worst at the largest margin",
)
climbing_down = refute(
    "climbing-down",
    Eq(loss(2, ascent).value(theta, x, y), log(1 + exp(margin - eps * norm(theta)))),
    near=climbing,
    why="theta = 1",
)
both_sides = prove(
    "both-sides",
    Eq(loss(oo, gap).value(theta, x, y), Abs(1 - margin) + eps * norm(theta, 1)),
    why="max of |r - a|, |r + a| is |r| + a",
)
both_sides_2 = refute(
    "both-sides-2",
    Eq(loss(oo, gap).value(theta, x, y), Abs(1 - margin) + eps * norm(theta)),
    near=both_sides,
    why="theta = (1, 1)",
)
both_sides_root = refute(
    "both-sides-root",
    Eq(loss(oo, gap).value(theta, x, y), Abs(1 - margin) + eps * norm(theta) * sqrt(2)),
    dimensions=(1, 2, 3),
    near=both_sides,
    why="theta = 1",
)
no_attack = prove(
    "no-attack",
    Eq(AdversarialLoss(logistic, NormBall(3, 0)).value(theta, x, y), logistic(margin)),
    why="radius 0",
)
tiny_attack = refute(
    "tiny-attack",
    AdversarialLoss(logistic, NormBall(3, BIT)).value(theta, x, y) <= logistic(margin),
    near=no_attack,
    why="theta = 1, x = 0",
)
