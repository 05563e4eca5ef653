"""Lipschitz and smoothness constants on half-spaces, orthants, annuli and everywhere.

.. math:: \\|\\nabla l(\\theta) - \\nabla l(\\theta')\\| \\le L \\|\\theta - \\theta'\\|
          \\text{ for } \\theta, \\theta' \\text{ in the region}
"""

from contract import BIT, HAIR, open_, prove, refute
from sympy import Max, Min, Rational, exp, oo, symbols

from theory import (
    AdversarialLoss,
    Label,
    Lipschitz,
    NormBall,
    Signs,
    Smooth,
    Vector,
    dot,
    exponential,
    hinge,
    in_orthant,
    logistic,
    norm,
    ones,
    squared_hinge,
    unit,
)

theta, x, w = Vector("theta"), Vector("x"), Vector("w")
y, s = Label("y"), Signs("s")
eps, rho, B, R = symbols("epsilon rho B R", positive=True)
off_zero, away, inside = [norm(theta) > 0], [norm(theta) >= rho], [norm(theta) <= R]
margin = y * dot(theta, x)


def loss(p, phi=logistic):
    return AdversarialLoss(phi, NormBall(p, eps))


def value(p, phi=logistic):
    return loss(p, phi).value(theta, x, y)


def slope(p, constant=None, phi=logistic):
    return Lipschitz(loss(p, phi).gradient(theta, x, y), wrt=theta, constant=constant)


everywhere = prove("everywhere", Lipschitz(value(2), theta, norm(x) + eps), why="|phi'| < 1")
everywhere_bit = refute(
    "everywhere-bit",
    Lipschitz(value(2), theta, norm(x) + (1 - BIT) * eps),
    near=everywhere,
    why="theta = -t y x, t -> oo",
)
everywhere_max = refute(
    "everywhere-max",
    Lipschitz(value(2), theta, Max(norm(x), eps)),
    near=everywhere,
    why="|x| + eps",
)
box_value = prove(
    "box-value", Lipschitz(value(oo), theta, norm(x) + eps * norm(ones())), why="|sign| = sqrt d"
)
box_value_2 = refute(
    "box-value-2", Lipschitz(value(oo), theta, norm(x) + eps), near=box_value, why="d = 2, x = 0"
)
box_value_line = prove(
    "box-value-line", Lipschitz(value(oo), theta, norm(x) + eps), dimensions=(1,), why="d = 1"
)
diamond_value = prove("diamond-value", Lipschitz(value(1), theta, norm(x) + eps), why="one peak")
diamond_value_bit = refute(
    "diamond-value-bit",
    Lipschitz(value(1), theta, norm(x) + (1 - BIT) * eps),
    near=diamond_value,
    why="theta = -t y x, d = 1",
)
fourth_value = prove(
    "fourth-value",
    Lipschitz(value(4), theta, norm(x) + eps * norm(ones()) ** Rational(1, 2)),
    why="2-norm <= d^(1/2 - 1/4) 4-norm",
)
fourth_value_2 = refute(
    "fourth-value-2",
    Lipschitz(value(4), theta, norm(x) + eps),
    near=fourth_value,
    why="d = 2, x = 0",
)
low_value = prove(
    "low-value", Lipschitz(value(Rational(4, 3)), theta, norm(x) + eps), why="2-norm <= 4/3-norm"
)

half_space = prove(
    "half-space",
    Smooth(value(2), theta),
    given=[dot(theta, x) >= rho, norm(x) <= B],
    why="there |theta| >= rho/B",
)
half_space_open = refute(
    "half-space-open",
    Smooth(value(2), theta),
    given=[dot(theta, x) > 0],
    near=half_space,
    why="d = 2: the gradient turns at once near 0",
)
half_line = prove(
    "half-line",
    Smooth(value(2), theta),
    given=[dot(theta, x) > 0],
    dimensions=(1,),
    why="d = 1: one side of 0, no turning",
)
half_space_constant = prove(
    "half-space-constant",
    slope(2, (B + eps) ** 2 / 4 + eps * B / rho),
    given=[dot(theta, x) >= rho, norm(x) <= B],
    why="|theta| >= rho/B, and D-W",
)
half_space_quarter = refute(
    "half-space-quarter",
    slope(2, (B + eps) ** 2 / 4 + eps * B / (8 * rho)),
    given=[dot(theta, x) >= rho, norm(x) <= B],
    near=half_space_constant,
    why="B large, rho small, |x| = B: about eps B/(2 rho)",
)
annulus = prove(
    "annulus",
    slope(2, (norm(x) + eps) ** 2 / 4 + eps / rho),
    given=[*away, *inside, rho < R],
    why="Dunkl-Williams at the inner radius",
)
annulus_outer = refute(
    "annulus-outer",
    slope(2, (norm(x) + eps) ** 2 / 4 + eps / R),
    given=[*away, *inside, rho < R],
    near=annulus,
    why="x = 0, R = 10, rho small: about eps/(2 rho)",
)
one_sided = prove(
    "one-sided",
    slope(2, norm(y * x - eps * ones()) ** 2 / 4),
    given=[in_orthant(theta, ones())],
    dimensions=(1,),
    why="d = 1: the loss is phi(theta (y x - eps))",
)
one_orthant = refute(
    "one-orthant",
    slope(2, norm(y * x - eps * ones()) ** 2 / 4),
    given=[in_orthant(theta, ones())],
    dimensions=(2,),
    near=one_sided,
    why="d = 2: directions turn near 0",
)
orthant = prove(
    "orthant",
    slope(oo, norm(y * x - eps * s) ** 2 / 4),
    given=[in_orthant(theta, s)],
    why="the margin is linear there",
)
orthant_bit = refute(
    "orthant-bit",
    slope(oo, (1 - BIT) * norm(y * x - eps * s) ** 2 / 4),
    given=[in_orthant(theta, s)],
    near=orthant,
    why="phi'' -> 1/4 at theta -> 0",
)
orthant_of_x = refute(
    "orthant-of-x",
    slope(oo, norm(y * x - eps * s) ** 2 / 4),
    given=[in_orthant(x, s)],
    near=orthant,
    why="a jump where theta_i changes sign",
)
orthant_dropped = refute("orthant-dropped", slope(oo), near=orthant, why="a jump at theta_i = 0")
orthant_sign = refute(
    "orthant-sign",
    slope(oo, norm(y * x + eps * s) ** 2 / 4),
    given=[in_orthant(theta, s)],
    near=orthant,
    why="x = -y eps s: the constant 0 for a curved loss",
)

growing = prove(
    "growing",
    Lipschitz(value(2, exponential), theta, norm(x) + eps),
    given=[margin >= eps * norm(theta)],
    why="u >= 0, so |phi'| <= 1; the region is convex",
)
growing_past = refute(
    "growing-past",
    Lipschitz(value(2, exponential), theta, norm(x) + eps),
    given=[margin >= 0],
    near=growing,
    why="u = -eps |theta| for x orthogonal to theta",
)
flat = prove(
    "flat",
    Lipschitz(value(2, hinge), theta, 0),
    given=[margin - eps * norm(theta) >= 1],
    why="the loss is 0 there",
)
flat_past = refute(
    "flat-past",
    Lipschitz(value(2, hinge), theta, 0),
    given=[margin - eps * norm(theta) >= 1 - BIT],
    near=flat,
    why="u in (1 - 1/400, 1)",
)
squared = open_(
    "squared",
    Smooth(value(2, squared_hinge), theta),
    given=away,
    truth=True,
    why="2vv^T + 2(1-u) eps/|theta| P, and (1-u)/|theta| <= 1/rho + |x| + eps",
)
squared_zero = refute(
    "squared-zero", Smooth(value(2, squared_hinge), theta), given=off_zero, near=squared, why="0"
)

by_radius = prove("by-radius", Lipschitz(value(2), eps, norm(theta)), why="du/deps = -|theta|")
by_radius_oo = refute(
    "by-radius-oo", Lipschitz(value(oo), eps, norm(theta)), near=by_radius, why="needs the 1-norm"
)
by_data = prove("by-data", Smooth(value(3), x, norm(theta) ** 2 / 4), why="phi'' theta theta^T")
by_data_bit = refute(
    "by-data-bit",
    Smooth(value(3), x, norm(theta) ** 2 * (Rational(1, 4) - BIT)),
    near=by_data,
    why="u = 0",
)
by_data_value = prove("by-data-value", Lipschitz(value(3), x, norm(theta)), why="|phi'| < 1")
by_data_value_oo = refute(
    "by-data-value-oo", Lipschitz(value(3), x, norm(theta, oo)), near=by_data_value, why="(1, 1)"
)

direction = prove("direction", Lipschitz(unit(theta), theta, 1 / rho), given=away, why="D-W")
direction_bit = refute(
    "direction-bit",
    Lipschitz(unit(theta), theta, (1 - BIT) / rho),
    given=away,
    near=direction,
    why="on the sphere of radius rho",
)
direction_line = prove(
    "direction-line",
    Lipschitz(unit(theta), theta, 1 / rho),
    given=away,
    dimensions=(1,),
    why="2/2rho",
)
direction_line_hair = refute(
    "direction-line-hair",
    Lipschitz(unit(theta), theta, (1 - HAIR) / rho),
    given=away,
    dimensions=(1,),
    near=direction_line,
    why="theta = rho, -rho",
)
stretch = prove(
    "stretch", Lipschitz(norm(theta) * theta, theta, 2 * R), given=inside, why="|t| I + t t^T/|t|"
)
stretch_bit = refute(
    "stretch-bit",
    Lipschitz(norm(theta) * theta, theta, (2 - BIT) * R),
    given=inside,
    near=stretch,
    why="radially at |theta| = R",
)
stretch_dropped = refute(
    "stretch-dropped", Lipschitz(norm(theta) * theta, theta), near=stretch, why="unbounded slope"
)
bowl = prove("bowl", Smooth(norm(theta) ** 3, theta, 6 * R), given=inside, why="3(|t|I + tt^T/|t|)")
bowl_bit = refute(
    "bowl-bit", Smooth(norm(theta) ** 3, theta, (6 - BIT) * R), given=inside, near=bowl, why="sharp"
)
projection = prove(
    "projection",
    Lipschitz(theta * Min(1, 1 / norm(theta)), theta, 1),
    given=off_zero,
    why="projections onto convex sets do not expand",
)
projection_hair = refute(
    "projection-hair",
    Lipschitz(theta * Min(1, 1 / norm(theta)), theta, 1 - HAIR),
    given=off_zero,
    near=projection,
    why="inside the ball",
)
squash = prove("squash", Lipschitz(theta / (1 + norm(theta)), theta, 1), why="Jacobian I at 0")
squash_bit = refute(
    "squash-bit", Lipschitz(theta / (1 + norm(theta)), theta, 1 - BIT), near=squash, why="near 0"
)
product = prove(
    "product",
    Lipschitz(dot(theta, x) ** 2, theta, 2 * R * norm(x) ** 2),
    given=inside,
    why="2<t,x>x",
)
product_dropped = refute(
    "product-dropped", Lipschitz(dot(theta, x) ** 2, theta), near=product, why="slope 2 <t, x> x"
)
two_points = prove(
    "two-points",
    Lipschitz(exp(-dot(theta, w)), theta, norm(w)),
    given=[dot(theta, w) >= 0],
    why="e^-m has slope at most 1 for m >= 0",
)
two_points_past = refute(
    "two-points-past",
    Lipschitz(exp(-dot(theta, w)), theta, norm(w)),
    given=[dot(theta, w) >= -BIT],
    near=two_points,
    why="e^(1/400) > 1",
)
