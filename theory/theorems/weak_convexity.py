r"""An adversarial loss bends down no more than the loss, for any model and any attack set.

If l + (L/2)||theta||^2 is convex in theta for every x, so is a maximum over x, for any compact K:

.. math:: l_\epsilon + \tfrac{L}{2}\|\cdot\|^2 \text{ is convex},

and an L-Lipschitz grad_theta l is enough for it.  Attacks add upward kinks only, so stochastic
subgradient methods keep their rate for weakly convex losses.
**Tight**: l = -(L/2)||theta||^2.   Kinks: allowed.   Shapes: theta, x (d,).
Source: ours; the envelope is from Danskin 1967.
"""

from typing import Any

from sympy import Rational, symbols

from theory import Claim, Convex, Lipschitz, Smooth, Vector, gradient
from theory.claims import with_mutants
from theory.general import Function, InnerMaximum
from theory.general.inner_maximum import ConvexSet
from theory.moduli import StronglyConcave, StronglyConvex, WeaklyConvex

x, theta = Vector("x"), Vector("theta")
Ltt, rho, m = symbols("L_tt rho m", positive=True)
model = Function("l", "x", "theta")
loss = model(x, theta)
worst = InnerMaximum(model, "x", ConvexSet("K"))
smooth = Lipschitz(gradient(loss, theta), theta, Ltt)
SOURCE = "ours"


def bends(constant: Any) -> WeaklyConvex:
    return WeaklyConvex(worst.value(theta), theta, constant)


weakly = Claim(
    id="adversarial-loss-weakly-convex",
    title="An adversarial loss of an L_tt-smooth loss is L_tt-weakly convex, for every attack set",
    given=[smooth],
    holds=bends(Ltt),
    source=SOURCE,
    kind="tight",
)
weakly = with_mutants(
    weakly,
    weakly.mutate("a hair less", False, holds=bends(Rational(999, 1000) * Ltt)),
    weakly.mutate("half", False, holds=bends(Ltt / 2)),
    weakly.mutate("convex", False, holds=Convex(worst.value(theta), theta)),
    weakly.mutate("from above", False, holds=StronglyConcave(worst.value(theta), theta, -Ltt)),
    weakly.mutate("smooth", False, holds=Smooth(worst.value(theta), theta, Ltt)),
    weakly.mutate("any loss", False, given=[]),
    weakly.mutate("twice", True, holds=bends(2 * Ltt)),
)

same = Claim(
    id="adversarial-loss-keeps-weak-convexity",
    title="The modulus of weak convexity survives every attack",
    given=[WeaklyConvex(loss, theta, rho)],
    holds=bends(rho),
    source=SOURCE,
    kind="tight",
)
same = with_mutants(
    same,
    same.mutate("a hair less", False, holds=bends(Rational(999, 1000) * rho)),
    same.mutate("convex", False, holds=Convex(worst.value(theta), theta)),
    same.mutate("smooth", False, holds=Smooth(worst.value(theta), theta, rho)),
    same.mutate("of twice the modulus", False, given=[WeaklyConvex(loss, theta, 2 * rho)]),
    same.mutate("of half the modulus", True, given=[WeaklyConvex(loss, theta, rho / 2)]),
)

convex = Claim(
    id="adversarial-loss-keeps-convexity",
    title="A loss that is convex in theta stays convex under every attack",
    given=[Convex(loss, theta)],
    holds=Convex(worst.value(theta), theta),
    source=SOURCE,
    kind="tight",
)
convex = with_mutants(
    convex,
    convex.mutate("any loss", False, given=[]),
    convex.mutate("convex in x", False, given=[Convex(loss, x)]),
    convex.mutate("concave", False, given=[StronglyConcave(loss, theta, m)]),
    convex.mutate("strongly", False, holds=StronglyConvex(worst.value(theta), theta, m)),
    convex.mutate("of a strongly convex loss", True, given=[StronglyConvex(loss, theta, m)]),
)

strong = Claim(
    id="adversarial-loss-keeps-strong-convexity",
    title="The modulus of strong convexity in theta survives every attack",
    given=[StronglyConvex(loss, theta, m)],
    holds=StronglyConvex(worst.value(theta), theta, m),
    source=SOURCE,
    kind="tight",
)
strong = with_mutants(
    strong,
    strong.mutate(
        "a hair more",
        False,
        holds=StronglyConvex(worst.value(theta), theta, Rational(1001, 1000) * m),
    ),
    strong.mutate("of a convex loss", False, given=[Convex(loss, theta)]),
    strong.mutate("in x", False, given=[StronglyConvex(loss, x, m)]),
    strong.mutate("half", True, holds=StronglyConvex(worst.value(theta), theta, m / 2)),
)
