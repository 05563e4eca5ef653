r"""Local concavity is not enough: two equally good attacks make a kink.

For l = -(||x||^2 - 1)^2 + <theta, x>, which is strongly concave near x = +-theta/||theta||,

.. math:: \|\theta\| \le \max_x l(x, \theta) \le \|\theta\| + \tfrac1{16}\|\theta\|^2, \qquad
          l_\epsilon(h) + l_\epsilon(-h) - 2\,l_\epsilon(0) \ge 2\|h\| .

So the adversarial loss is ||theta|| near 0, where the attack jumps from one well to the other.
**Counterexample** with **tight** bounds: x = theta/||theta|| attains the first.
Kinks: theta = 0.   Shapes: theta, x, h (d,).
Source: ours.   Needs: a radius of the attack of at least 1.
"""

from typing import Any

from sympy import Eq, Rational, S, symbols

from theory import Claim, Differentiable, Not, Vector, dot, norm, unit
from theory.claims import with_mutants

theta, x, h = Vector("theta"), Vector("x"), Vector("h")
t = symbols("t", real=True)
size = norm(theta)


def loss(point: Any, at: Any = theta) -> Any:
    return -((norm(point) ** 2 - 1) ** 2) + dot(at, point)


well = Claim(
    id="double-well-value",
    title="At the bottom of a well the loss is the norm of theta",
    given=[size > 0],
    holds=Eq(loss(unit(theta)), size),
    source="ours",
    kind="identity",
)
well = with_mutants(
    well,
    well.mutate("other well", False, holds=Eq(loss(-unit(theta)), size)),
    well.mutate("other well negative", True, holds=Eq(loss(-unit(theta)), -size)),
    well.mutate("twice as far", False, holds=Eq(loss(2 * unit(theta)), size)),
)


def capped(bend: Any) -> Any:
    return loss(x) <= size + bend * size**2


above = Claim(
    id="double-well-upper",
    title="No attack on the double well gains more than a quadratic term over ||theta||",
    holds=capped(Rational(1, 16)),
    source="ours",
    kind="tight",
)
above = with_mutants(
    above,
    above.mutate("an eighth", True, holds=capped(Rational(1, 8))),
    above.mutate("a seventeenth", False, holds=capped(Rational(1, 17))),
    above.mutate("nothing", False, holds=capped(S.Zero)),
    above.mutate("strict", False, holds=loss(x) < size + size**2 / 16),
    above.mutate("in the unit ball", True, given=[norm(x) <= 1], holds=capped(S.Zero)),
    above.mutate("term alone", False, holds=loss(x) <= size**2 / 16),
)


def second_difference(points: Any, least: Any) -> Any:
    return loss(points, h) + loss(-points, -h) >= least


kink = Claim(
    id="double-well-second-difference",
    title="The double well has a second difference of at least 2||h|| at zero",
    given=[norm(h) > 0],
    holds=second_difference(unit(h), 2 * norm(h)),
    source="ours",
    kind="lower",
)
kink = with_mutants(
    kink,
    kink.mutate("strict", False, holds=loss(unit(h), h) + loss(-unit(h), -h) > 2 * norm(h)),
    kink.mutate("more", False, holds=second_difference(unit(h), Rational(21, 10) * norm(h))),
    kink.mutate("origin attacked", False, holds=second_difference(0 * h, 2 * norm(h))),
    kink.mutate("half", True, holds=second_difference(unit(h), norm(h))),
)

bound = -((t**2 - 1) ** 2)
concave = Claim(
    id="double-well-concave-near-a-well",
    title="Near each well the double well is strongly concave",
    given=[t**2 >= Rational(81, 100)],
    holds=bound.diff(t, 2) <= -Rational(143, 25),
    source="ours",
    kind="tight",
)
concave = with_mutants(
    concave,
    concave.mutate("everywhere", False, given=()),
    concave.mutate("strict", False, holds=bound.diff(t, 2) < -Rational(143, 25)),
    concave.mutate("at the wells", False, holds=bound.diff(t, 2) <= -8),
    concave.mutate("from the wells out", True, given=[t**2 >= 1], holds=bound.diff(t, 2) <= -8),
)

limit = Claim(
    id="double-well-kink",
    title="The lower bound ||theta|| of the attacked double well has a kink",
    holds=Not(Differentiable(size, wrt=theta)),
    source="ours",
    kind="counterexample",
)
limit = with_mutants(
    limit,
    limit.mutate("off zero", False, given=[size > 0]),
    limit.mutate("squared", False, holds=Not(Differentiable(size**2, wrt=theta))),
)
