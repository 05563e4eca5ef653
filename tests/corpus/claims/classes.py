"""Smoothness classes in p, and kinks away from the origin.

.. math:: 1 < p \\le 2: C^{1,1} \\text{ off } 0; \\quad 2 < p < \\infty: C^1 \\text{ only}; \\quad
          p \\in \\{1, \\infty\\}: \\text{kinks}
"""

from contract import BIT, prove, refute
from sympy import Abs, Max, Rational, oo, sqrt, symbols

from theory import (
    AdversarialLoss,
    Convex,
    Differentiable,
    Label,
    NormBall,
    Signs,
    Smooth,
    Vector,
    dot,
    hinge,
    in_orthant,
    logistic,
    norm,
    squared_hinge,
)

theta, x, a, u, v = (Vector(n) for n in ("theta", "x", "a", "u", "v"))
y, s = Label("y"), Signs("s")
eps, rho = symbols("epsilon rho", positive=True)
off_zero, away = [norm(theta) > 0], [norm(theta) >= rho]


def value(p, phi=logistic):
    return AdversarialLoss(phi, NormBall(p, eps)).value(theta, x, y)


def kinkless(f):
    return Differentiable(f, theta)


two = prove("two", kinkless(value(2)), given=off_zero, why="the 2-norm is smooth off 0")
two_zero = refute("two-zero", kinkless(value(2)), near=two, why="theta = 0")
two_smooth = prove("two-smooth", Smooth(value(2), theta), given=away, why="p = 2")
two_smooth_zero = refute(
    "two-smooth-zero", Smooth(value(2), theta), given=off_zero, near=two_smooth, why="eps/|theta|"
)
low_smooth = prove("low-smooth", Smooth(value(Rational(3, 2)), theta), given=away, why="q = 3 > 2")
high_smooth = refute(
    "high-smooth",
    Smooth(value(3), theta),
    given=away,
    dimensions=(2,),
    near=low_smooth,
    why="q = 3/2: slope |theta_i|^(1/2)",
)
high_kink = prove("high-kink", kinkless(value(3)), given=off_zero, why="q = 3/2 > 1")
high_line = prove(
    "high-line", Smooth(value(3), theta), given=away, dimensions=(1,), why="d = 1: all p agree"
)
low_4 = prove("low-4/3", Smooth(value(Rational(4, 3)), theta), given=away, why="q = 4 > 2")
high_4 = refute(
    "high-4", Smooth(value(4), theta), given=away, dimensions=(2, 3), near=low_4, why="q = 4/3"
)
five_kink = prove("five-kink", kinkless(value(5)), given=off_zero, why="q = 5/4 > 1")
box_kink = refute("box-kink", kinkless(value(oo)), given=away, near=five_kink, why="theta_1 = 0")
box_orthant = prove("box-orthant", kinkless(value(oo)), given=[in_orthant(theta, s)], why="linear")
box_wrong_orthant = refute(
    "box-wrong-orthant", kinkless(value(oo)), given=[in_orthant(x, s)], near=box_orthant, why="0"
)
peak_line = prove("peak-line", kinkless(value(1)), given=off_zero, dimensions=(1,), why="|theta|")
peak_plane = refute(
    "peak-plane", kinkless(value(1)), given=off_zero, dimensions=(2,), near=peak_line, why="(1, 1)"
)
peak_orthant = refute(
    "peak-orthant", kinkless(value(1)), given=[in_orthant(theta, s)], near=box_orthant, why="(1, 1)"
)
square_ball = prove("square-ball", kinkless(value(2, squared_hinge)), given=off_zero, why="C^1")
square_box = refute(
    "square-box", kinkless(value(oo, squared_hinge)), given=off_zero, near=square_ball, why="0"
)
hinge_active = prove(
    "hinge-active",
    kinkless(value(2, hinge)),
    given=[*off_zero, y * dot(theta, x) - eps * norm(theta) < 1],
    why="1 - u there",
)
hinge_kink = refute(
    "hinge-kink-ball", kinkless(value(2, hinge)), given=away, near=hinge_active, why="u = 1"
)

elsewhere = prove(
    "elsewhere", kinkless(norm(theta - a)), given=[norm(theta - a) > 0], why="moved 2-norm"
)
elsewhere_zero = refute(
    "elsewhere-zero", kinkless(norm(theta - a)), given=off_zero, near=elsewhere, why="theta = a"
)
two_centres = prove(
    "two-centres",
    kinkless(norm(theta - a) + norm(theta + a)),
    given=[norm(theta - a) > 0, norm(theta + a) > 0],
    why="a sum of two smooth functions",
)
two_centres_one = refute(
    "two-centres-one",
    kinkless(norm(theta - a) + norm(theta + a)),
    given=[norm(theta - a) > 0],
    near=two_centres,
    why="theta = -a",
)
apart = prove(
    "apart",
    kinkless(Max(dot(theta, u), dot(theta, v))),
    given=[dot(theta, u - v) > 0],
    why="<t, u>",
)
tie = refute(
    "tie",
    kinkless(Max(dot(theta, u), dot(theta, v))),
    given=[norm(theta) >= 1],
    near=apart,
    why="theta orthogonal to u - v",
)
shell = prove("shell", kinkless(Abs(norm(theta) - 1)), given=[norm(theta) > 1], why="|theta| - 1")
shell_kink = refute(
    "shell-kink", kinkless(Abs(norm(theta) - 1)), given=[norm(theta) > 1 - BIT], near=shell, why="1"
)
far_ramp = prove("far-ramp", kinkless(Max(0, norm(theta) - 1) ** 2), why="0 near 0, C^1 at 1")
far_ramp_plain = refute(
    "far-ramp-plain", kinkless(Max(0, norm(theta) - 1)), near=far_ramp, why="|theta| = 1"
)
near_ramp = refute(
    "near-ramp", kinkless(Max(norm(theta), norm(theta) ** 2)), near=far_ramp, why="theta = 0"
)
cubed = prove("cubed", kinkless(norm(theta) ** 3), why="slope 0 at 0")
cubed_not = refute("cubed-not", kinkless(norm(theta)), near=cubed, why="theta = 0")
tamed = prove("tamed", kinkless(dot(theta, x) * norm(theta)), why="O(|theta|^2) at 0")
tamed_not = refute("tamed-not", kinkless(dot(theta, x) + norm(theta)), near=tamed, why="theta = 0")
rounded = prove("rounded", kinkless(sqrt(1 + norm(theta) ** 2)), why="1 + |theta|^2 > 0")
rounded_not = refute(
    "rounded-not", kinkless(sqrt(dot(theta, x) ** 2)), near=rounded, why="|<theta, x>|"
)
three_norm = prove("three-norm", kinkless(norm(theta, 3) ** 3), why="sum of |theta_i|^3")
one_norm = refute("one-norm", kinkless(norm(theta, 1) ** 2), near=three_norm, why="theta = (0, 1)")
one_norm_line = prove(
    "one-norm-line", kinkless(norm(theta, 1) ** 2), dimensions=(1,), why="theta^2"
)
max_convex = prove("max-convex", Convex(Max(1, norm(theta)), theta), why="a maximum of convex ones")
max_kink = refute("max-kink", kinkless(Max(1, norm(theta))), near=max_convex, why="|theta| = 1")
