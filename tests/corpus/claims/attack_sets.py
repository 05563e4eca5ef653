"""Attack sets by their support function: sums, hulls, half-lines, shifts, products.

.. math:: h_{K + L} = h_K + h_L, \\quad h_{conv(K \\cup L)} = \\max(h_K, h_L), \\quad
          h_{[0, \\epsilon] w}(t) = \\epsilon \\langle t, w\\rangle_+
"""

from contract import HAIR, open_, prove, refute
from sympy import Abs, Eq, Max, Rational, exp, log, oo, symbols

from theory import (
    AdversarialLoss,
    AttackSet,
    Convex,
    Differentiable,
    Label,
    Lipschitz,
    Maximizes,
    NormBall,
    Signs,
    Smooth,
    Vector,
    absolute,
    dot,
    hadamard,
    hinge,
    logistic,
    norm,
    sign,
    unit,
)

theta, x, w, delta = Vector("theta"), Vector("x"), Vector("w"), Vector("delta")
y, s = Label("y"), Signs("s")
eps, rho = symbols("epsilon rho", positive=True)
margin = y * dot(theta, x)
away = [norm(theta) >= rho]


def value(attack):
    return AdversarialLoss(logistic, attack).value(theta, x, y)


def closed(support):
    return log(1 + exp(-margin + support))


ball, box = NormBall(2, eps), NormBall(oo, rho)
both = AttackSet(support=lambda q: eps * norm(q) + rho * norm(q, 1))
hull = AttackSet(support=lambda q: Max(eps * norm(q), 2 * eps * norm(q, oo)))
half_line = AttackSet(support=lambda q: eps * Max(0, dot(q, w)))
segment = AttackSet(support=lambda q: eps * Abs(dot(q, w)))
shifted = AttackSet(support=lambda q: dot(q, w) + eps * norm(q))
pixels = AttackSet(support=lambda q: dot(absolute(q), absolute(w)))
round_sum = AttackSet(support=lambda q: eps * norm(q) + rho * norm(q, 3))
flat_sum = AttackSet(support=lambda q: eps * norm(q) + rho * norm(q, Rational(3, 2)))
weighted = AttackSet(support=lambda q: norm(hadamard(w, q)))

sum_closed = prove(
    "sum-closed", Eq(value(both), closed(eps * norm(theta) + rho * norm(theta, 1))), why="h_K + h_L"
)
sum_lost = refute(
    "sum-lost",
    Eq(value(both), closed(Max(eps, rho) * norm(theta, 1))),
    near=sum_closed,
    why="theta=1",
)
sum_larger = prove("sum-larger", value(both) >= value(ball), why="K + L contains K, as 0 is in L")
sum_smaller = refute("sum-smaller", value(both) <= value(ball), near=sum_larger, why="theta = 1")
sum_below = refute(
    "sum-below",
    value(both) <= value(NormBall(oo, rho)),
    given=[eps <= rho],
    near=sum_larger,
    why="theta = 1: eps + rho > rho",
)
sum_box = prove("sum-box", value(both) <= value(NormBall(oo, eps + rho)), why="2-norm <= 1-norm")
sum_point = prove(
    "sum-point",
    Maximizes(
        -y * (eps * unit(theta) + rho * sign(theta)),
        logistic(y * dot(theta, x + delta)),
        delta,
        both,
    ),
    given=[norm(theta) > 0],
    why="the sum of the two maximisers",
)
sum_point_lost = refute(
    "sum-point-lost",
    Maximizes(-y * eps * unit(theta), logistic(y * dot(theta, x + delta)), delta, both),
    given=[norm(theta) > 0],
    near=sum_point,
    why="not the best: the box part is missing",
)

slit = value(AttackSet(support=lambda t: Abs(dot(w, t))))
slit_slope = prove(
    "slit-slope", Lipschitz(slit, theta, norm(x) + norm(w)), why="the slope is y x -+ w"
)
slit_slope_half = refute(
    "slit-slope-half",
    Lipschitz(slit, theta, norm(x) + norm(w) / 2),
    near=slit_slope,
    why="x = -y w, theta along w, far out",
)

hull_convex = prove("hull-convex", Convex(value(hull), theta), why="max of norms is convex")
hull_kink = refute(
    "hull-kink",
    Differentiable(value(hull), theta),
    given=[norm(theta) >= 1],
    dimensions=(2,),
    near=hull_convex,
    why="|theta_1| = |theta_2| large: a kink of the oo-norm",
)
hull_larger = prove("hull-larger", value(hull) >= value(ball), why="the hull contains the ball")
hull_line = prove(
    "hull-line",
    Eq(value(hull), closed(2 * eps * norm(theta))),
    dimensions=(1,),
    why="max(|t|, 2|t|)",
)
hull_plane = open_(
    "hull-plane",
    Eq(value(hull), closed(2 * eps * norm(theta, oo))),
    dimensions=(1, 2, 3, 4),
    truth=True,
    why="||t||_2 <= sqrt(d) ||t||_oo <= 2 ||t||_oo for d <= 4",
)
hull_space = refute(
    "hull-space",
    Eq(value(hull), closed(2 * eps * norm(theta, oo))),
    dimensions=(5,),
    near=hull_plane,
    why="theta = (1, 1, 1, 1, 1): sqrt 5 > 2",
)

half_closed = prove(
    "half-closed",
    Eq(value(half_line), closed(eps * Max(0, -y * dot(theta, w)))),
    why="max of c <-y theta, w> over c in [0, eps]",
)
half_sign = refute(
    "half-sign",
    Eq(value(half_line), closed(eps * Max(0, y * dot(theta, w)))),
    near=half_closed,
    why="theta = w = 1: the attack can only lower the margin",
)
half_segment = prove("half-segment", value(half_line) <= value(segment), why="[0, e] in [-e, e]")
half_segment_flip = refute(
    "half-segment-flip",
    value(segment) <= value(half_line),
    near=half_segment,
    why="y<theta, w> > 0",
)
half_kink = refute(
    "half-kink",
    Differentiable(value(half_line), theta),
    given=[norm(theta) >= 1],
    near=half_closed,
    why="d = 2, theta orthogonal to w",
)

shift_closed = prove(
    "shift-closed",
    Eq(value(shifted), closed(eps * norm(theta) - y * dot(theta, w))),
    why="the ball around w attacks x + w",
)
shift_sign = refute(
    "shift-sign",
    Eq(value(shifted), closed(eps * norm(theta) + y * dot(theta, w))),
    near=shift_closed,
    why="theta = w = y = 1",
)
shift_point = prove(
    "shift-point",
    Maximizes(w - eps * y * unit(theta), hinge(y * dot(theta, x + delta)), delta, shifted),
    given=[norm(theta) > 0],
    why="centre plus the maximiser of the ball",
)
shift_point_centre = refute(
    "shift-point-centre",
    Maximizes(-eps * y * unit(theta), hinge(y * dot(theta, x + delta)), delta, shifted),
    given=[norm(theta) > 0],
    near=shift_point,
    why="outside the set for ||w|| > 2 eps",
)

pixel_convex = prove("pixel-convex", Convex(value(pixels), theta), why="a support function")
pixel_kink = refute(
    "pixel-kink",
    Differentiable(value(pixels), theta),
    given=[norm(theta) >= 1],
    near=pixel_convex,
    why="theta = (0, 1), w = (1, 0)",
)
pixel_slope = prove(
    "pixel-slope", Lipschitz(value(pixels), theta, norm(x) + norm(w)), why="sign(theta)|w| has |w|"
)
pixel_slope_small = refute(
    "pixel-slope-small",
    Lipschitz(value(pixels), theta, norm(x) + norm(w, oo)),
    near=pixel_slope,
    why="w = (1, 1): length sqrt 2",
)

round_smooth = prove(
    "round-smooth", Smooth(value(round_sum), theta), given=away, why="2- and 3-norm are C^1,1 off 0"
)
flat_smooth = refute(
    "flat-smooth",
    Smooth(value(flat_sum), theta),
    given=away,
    dimensions=(2,),
    near=round_smooth,
    why="the 3/2-norm has a slope like |theta_i|^(1/2)",
)
weighted_convex = prove("weighted-convex", Convex(value(weighted), theta), why="an ellipsoid")
weighted_ball = prove(
    "weighted-ball", value(weighted) <= value(NormBall(2, norm(w, oo))), why="half-axes |w_i|"
)
weighted_small = refute(
    "weighted-small",
    value(weighted) <= value(NormBall(2, norm(w, 1) / 2)),
    near=weighted_ball,
    why="d = 1: half the radius",
)
weighted_kink = refute(
    "weighted-kink",
    Differentiable(value(weighted), theta),
    given=[norm(theta) >= 1],
    near=weighted_convex,
    why="w = (1, 0), theta = (0, 1): |theta_1|",
)
twice = prove(
    "twice",
    Eq(value(AttackSet(support=lambda q: norm(2 * eps * q))), value(NormBall(2, 2 * eps))),
    why="the ball of radius 2 eps",
)
twice_hair = refute(
    "twice-hair",
    value(NormBall(2, (1 + HAIR) * eps)) <= value(ball),
    near=twice,
    why="theta = 1: a larger ball",
)
