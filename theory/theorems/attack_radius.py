r"""How the worst attack moves with its radius, for a loss that is strongly concave in x.

With worst attacks delta in the L2 ball of radius eps and delta' in that of radius eps' >= eps,

.. math:: \mu\|\delta-\delta'\|^2 \le (\epsilon'-\epsilon)
          \bigl(\|\nabla_x l(\delta)\|-\|\nabla_x l(\delta')\|\bigr)
          \le (\epsilon'-\epsilon)\,L_{xx}\,\|\delta-\delta'\| ,

so the attack is (L_xx/mu)-Lipschitz in the radius; where l is concave in x, the gradient in x at
the worst attack never gets longer.
**Tight**: l = c x + b theta x - (mu/2) x^2.   Kinks: none.
Shapes: theta, x (d,); eps in the unit of x.   Source: ours.
"""

from typing import Any

from sympy import Rational, symbols

from theory import Claim, Convex, NormBall, Vector, norm
from theory.claims import with_mutants
from theory.general import Function, InnerMaximum
from theory.moduli import StronglyConcave

x, theta = Vector("x"), Vector("theta")
mu, eps, more = symbols("mu epsilon more", positive=True)
model = Function("l", "x", "theta")
loss = model(x, theta)
concave = StronglyConcave(loss, x, mu)


def worst(radius: Any, p: Any = 2) -> InnerMaximum:
    return InnerMaximum(model, "x", NormBall(p, radius))


small, large = worst(eps), worst(eps + more)
moved = norm(small.point(theta) - large.point(theta))
eased = norm(small.inner_gradient(theta)) - norm(large.inner_gradient(theta))

between = Claim(
    id="attack-radius-gradients",
    title="A larger L2 ball moves the worst attack by what it eases its gradient",
    given=[concave],
    holds=mu * moved**2 <= more * eased,
    source="ours",
    kind="tight",
)
between = with_mutants(
    between,
    between.mutate(
        "a hair more", False, holds=Rational(1001, 1000) * mu * moved**2 <= more * eased
    ),
    between.mutate("twice", False, holds=2 * mu * moved**2 <= more * eased),
    between.mutate("reversed", False, holds=mu * moved**2 <= -more * eased),
    between.mutate("concave", False, given=[Convex(-loss, x)]),
    between.mutate("not concave", False, given=[]),
    between.mutate("half", True, holds=mu / 2 * moved**2 <= more * eased),
)

eases = Claim(
    id="attack-radius-eases-gradient",
    title="In a larger L2 ball the gradient at the worst attack is shorter, if l is concave in x",
    given=[Convex(-loss, x)],
    holds=eased >= 0,
    source="ours",
    kind="tight",
)
eases = with_mutants(
    eases,
    eases.mutate("reversed", False, holds=eased <= 0),
    eases.mutate("by the radius", False, holds=eased >= more),
    eases.mutate("convex", False, given=[Convex(loss, x)]),
    eases.mutate("any loss", False, given=[]),
    eases.mutate("strongly concave", True, given=[concave]),
)
