r"""The first-order criterion of an attack bounds how far and how much it falls short.

For l mu-strongly concave in x and ||d||_p <= eps, 1/p + 1/q = 1, the worst attack delta obeys

.. math:: c(d) = \epsilon\|\nabla_x l(d)\|_q - \langle\nabla_x l(d), d\rangle, \qquad
          \mu\|d-\delta\|^2 \le c(d), \qquad
          l(\delta)-l(d) \le c(d)-\tfrac\mu2\|d-\delta\|^2 .

**Tight** for the distance: l = b theta x - (mu/2) x^2 on a ball that cuts off its maximum.
Kinks: none.   Shapes: theta, x, d (d,); eps in the unit of x.
Source: Wang et al. 2019 for the criterion; constants ours.
"""

from typing import Any

from sympy import Rational, oo, symbols

from theory import Claim, Convex, Lipschitz, NormBall, Vector, dot, gradient, norm
from theory.claims import with_mutants
from theory.general import Function, InnerMaximum
from theory.general.functions import partial
from theory.moduli import StronglyConcave

x, theta, found = Vector("x"), Vector("theta"), Vector("delta")
Ltx, mu, eps = symbols("L_tx mu epsilon", positive=True)
model = Function("l", "x", "theta")
loss = model(x, theta)
concave = StronglyConcave(loss, x, mu)
in_x = Lipschitz(gradient(loss, theta), x, Ltx)
push = partial(model(found, theta), "x")
SOURCE = "Wang et al. 2019; constant ours"


def criterion(q: Any = 2) -> Any:
    return eps * norm(push, q) - dot(push, found)


def worst(p: Any = 2) -> InnerMaximum:
    return InnerMaximum(model, "x", NormBall(p, eps))


def missed(p: Any = 2) -> Any:
    return norm(found - worst(p).point(theta)) ** 2


inside, in_box = norm(found) <= eps, norm(found, oo) <= eps
distance = Claim(
    id="attack-criterion-distance",
    title="The criterion of an L2 attack bounds mu times its squared distance to the worst one",
    given=[concave, inside],
    holds=mu * missed() <= criterion(),
    source=SOURCE,
    kind="tight",
)
distance = with_mutants(
    distance,
    distance.mutate(
        "a hair more", False, holds=Rational(1001, 1000) * mu * missed() <= criterion()
    ),
    distance.mutate("twice", False, holds=2 * mu * missed() <= criterion()),
    distance.mutate("negative", False, holds=mu * missed() <= -criterion()),
    distance.mutate("concave", False, given=[Convex(-loss, x), inside]),
    distance.mutate("not concave", False, given=[inside]),
    distance.mutate("outside", False, given=[concave]),
    distance.mutate("half", True, holds=mu / 2 * missed() <= criterion()),
)

box_distance = Claim(
    id="attack-criterion-distance-box",
    title="The criterion of a box attack bounds mu times its squared distance to the worst one",
    given=[concave, in_box],
    holds=mu * missed(oo) <= criterion(1),
    source=SOURCE,
    kind="tight",
)
box_distance = with_mutants(
    box_distance,
    box_distance.mutate("twice", False, holds=2 * mu * missed(oo) <= criterion(1)),
    box_distance.mutate("not concave", False, given=[in_box]),
    box_distance.mutate("criterion of the ball", False, holds=mu * missed(oo) <= criterion()),
    box_distance.mutate("outside", False, given=[concave]),
    box_distance.mutate("half", True, holds=mu / 2 * missed(oo) <= criterion(1)),
)

lost = worst().value(theta) - model(found, theta)
shortfall = Claim(
    id="attack-criterion-value",
    title="An L2 attack falls short by its criterion less (mu/2) times the squared distance",
    given=[concave],
    holds=lost <= criterion() - mu / 2 * missed(),
    source=SOURCE,
    kind="tight",
)
shortfall = with_mutants(
    shortfall,
    shortfall.mutate(
        "a hair more", False, holds=lost <= criterion() - Rational(501, 1000) * mu * missed()
    ),
    shortfall.mutate("all of it", False, holds=lost <= criterion() - mu * missed()),
    shortfall.mutate("half of the criterion", False, holds=lost <= criterion() / 2),
    shortfall.mutate("concave", False, given=[Convex(-loss, x)]),
    shortfall.mutate("not concave", False, given=[]),
    shortfall.mutate("criterion alone", True, holds=lost <= criterion()),
)

error = norm(partial(model(found, theta), "theta") - worst().gradient(theta)) ** 2
