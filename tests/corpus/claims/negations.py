"""Not statements: something must fail, in every dimension claimed.

.. math:: \\neg S \\text{ holds iff some admissible point breaks } S
"""

from contract import prove, refute
from sympy import Abs, Rational, exp, log, oo, symbols

from theory import (
    AdversarialLoss,
    Convex,
    Differentiable,
    Equal,
    Label,
    Lipschitz,
    Maximizes,
    NormBall,
    Not,
    Smooth,
    Vector,
    dot,
    logistic,
    norm,
    sign,
    unit,
)

theta, x, u, delta, y = Vector("theta"), Vector("x"), Vector("u"), Vector("delta"), Label("y")
m = symbols("m", real=True)
eps, rho = symbols("epsilon rho", positive=True)
phi = log(1 + exp(-m))
two, box, three = (AdversarialLoss(logistic, NormBall(p, eps)) for p in (2, oo, 3))

not_convex = prove("not-convex", Not(Convex(1 / (1 + exp(m)), m)), why="concave for m < 0")
not_convex_phi = refute("not-convex-phi", Not(Convex(phi, m)), near=not_convex, why="phi'' > 0")
not_slow = prove("not-slow", Not(Lipschitz(exp(-m), m)), why="slope -e^-m")
not_slow_right = refute(
    "not-slow-right",
    Not(Lipschitz(exp(-m), m)),
    given=[m >= 0],
    near=not_slow,
    why="slope at most 1",
)
not_smooth = prove("not-smooth", Not(Smooth(m**4, m)), why="12 m^2")
not_smooth_bounded = refute(
    "not-smooth-bounded", Not(Smooth(m**4, m)), given=[Abs(m) <= 1], near=not_smooth, why="12"
)
not_quarter = prove("not-quarter", Not(Smooth(phi, m, Rational(249, 1000))), why="phi''(0) = 1/4")
not_quarter_sharp = refute(
    "not-quarter-sharp", Not(Smooth(phi, m, Rational(1, 4))), near=not_quarter, why="phi'' <= 1/4"
)
not_kinkless = prove(
    "not-kinkless",
    Not(Differentiable(norm(theta, 1), theta)),
    given=[norm(theta) > 0],
    dimensions=(2,),
    why="theta = (1, 0)",
)
not_kinkless_line = refute(
    "not-kinkless-line",
    Not(Differentiable(norm(theta, 1), theta)),
    given=[norm(theta) > 0],
    dimensions=(1,),
    near=not_kinkless,
    why="|theta| off 0",
)
not_round = prove("not-round", Not(Differentiable(two.value(theta, x, y), theta)), why="theta = 0")
not_round_off = refute(
    "not-round-off",
    Not(Differentiable(two.value(theta, x, y), theta)),
    given=[norm(theta) > 0],
    near=not_round,
    why="smooth off 0",
)
not_turning = prove("not-turning", Not(Lipschitz(two.gradient(theta, x, y), theta)), why="at 0")
not_turning_away = refute(
    "not-turning-away",
    Not(Lipschitz(two.gradient(theta, x, y), theta)),
    given=[norm(theta) >= rho],
    near=not_turning,
    why="Dunkl-Williams",
)
not_box = prove(
    "not-box",
    Not(Smooth(box.value(theta, x, y), theta)),
    given=[norm(theta) >= rho],
    dimensions=(2,),
    why="theta_1 = 0",
)
not_three = prove(
    "not-three",
    Not(Smooth(three.value(theta, x, y), theta)),
    given=[norm(theta) >= rho],
    dimensions=(2,),
    why="q = 3/2",
)
not_three_line = refute(
    "not-three-line",
    Not(Smooth(three.value(theta, x, y), theta)),
    given=[norm(theta) >= rho],
    dimensions=(1,),
    near=not_three,
    why="d = 1: every p is smooth off 0",
)
not_order = prove("not-order", Not(norm(u, 1) <= norm(u)), dimensions=(2, 3), why="(1, 1)")
not_order_line = refute(
    "not-order-line",
    Not(norm(u, 1) <= norm(u)),
    dimensions=(1,),
    near=not_order,
    why="equal in d = 1",
)
not_order_flip = refute(
    "not-order-flip", Not(norm(u) <= norm(u, 1)), near=not_order, why="true order"
)
not_same = prove("not-same", Not(Equal(unit(theta), sign(theta))), dimensions=(2,), why="(1, 1)")
not_same_line = refute(
    "not-same-line",
    Not(Equal(unit(theta), sign(theta))),
    given=[norm(theta) > 0],
    dimensions=(1,),
    near=not_same,
    why="d = 1: they agree",
)
not_best = prove(
    "not-best",
    Not(
        Maximizes(
            -eps * y * sign(theta), logistic(y * dot(theta, x + delta)), delta, NormBall(2, eps)
        )
    ),
    dimensions=(2,),
    why="outside of the ball",
)
not_best_box = refute(
    "not-best-box",
    Not(
        Maximizes(
            -eps * y * sign(theta), logistic(y * dot(theta, x + delta)), delta, NormBall(oo, eps)
        )
    ),
    near=not_best,
    why="the vertex is the maximiser",
)
