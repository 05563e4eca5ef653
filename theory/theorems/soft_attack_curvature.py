r"""The curvature of a soft attack, for any loss and attack set: L_tt + (eps L_tx)^2/tau.

S = tau log E exp(l/tau) has, with the mean M of the Hessians <= L_tt I and the covariance V of the
gradients under the weights of the soft maximum,

.. math:: \nabla^2S = M + \frac1\tau V
          \preceq \Big(L_{\theta\theta} + \frac{(\epsilon L_{\theta x})^2}{\tau}\Big)I,
          \qquad V = p(1-p)(g_1-g_2)(g_1-g_2)^\top

for two points, and all gradients within eps L_tx of the middle one.  No point of the attack needs
to be unique.
**Tight**: p = 1/2, opposite gradients.   Kinks: none, for every temperature tau.
Shapes: g_1, g_2 (d,); M, V (d, d); tau in the unit of l.
Source: ours.
"""

from typing import Any

from sympy import Rational, symbols

from theory import Claim, Vector, identity, norm, outer
from theory.claims import with_mutants
from theory.general.assumptions import UNDER_THE_INTEGRAL
from theory.linear_maps import linear_map
from theory.loewner_order import LoewnerLe

g1, g2 = Vector("g_1"), Vector("g_2")
p, tau, eps, Ltt, Ltx = symbols("p tau epsilon L_tt L_tx", positive=True)
apart = norm(g1 - g2) <= 2 * eps * Ltx
between = p * (1 - p) * outer(g1 - g2, g1 - g2)


def within(radius: Any) -> LoewnerLe:
    return LoewnerLe(between, radius**2 * identity())


pair = Claim(
    id="soft-attack-spread-of-two",
    title="Two gradients of a soft attack have a covariance of at most (eps L_tx)^2",
    given=[apart, p <= 1],
    holds=within(eps * Ltx),
    source="ours",
    kind="tight",
)
pair = with_mutants(
    pair,
    pair.mutate("half", False, holds=within(eps * Ltx / 2)),
    pair.mutate("a hair less", False, holds=within(eps * Ltx * Rational(999, 1000))),
    pair.mutate("any weight", True, given=[apart]),
    pair.mutate("any gradients", False, given=[p <= 1]),
    pair.mutate("twice as far", False, given=[norm(g1 - g2) <= 4 * eps * Ltx, p <= 1]),
    pair.mutate("twice", True, holds=within(2 * eps * Ltx)),
)

mean, covariance = linear_map("M", "symmetric"), linear_map("V", "symmetric")
moments = [
    LoewnerLe(mean, Ltt * identity()),
    LoewnerLe(covariance, (eps * Ltx) ** 2 * identity()),
]
bending = mean + covariance / tau


def below(constant: Any) -> LoewnerLe:
    return LoewnerLe(bending, constant * identity())


curved = Claim(
    id="soft-attack-curvature",
    title="A soft attack on any set of radius eps has curvature at most L_tt + (eps L_tx)^2/tau",
    given=moments,
    holds=below(Ltt + (eps * Ltx) ** 2 / tau),
    source="ours",
    kind="tight",
    assumptions=(
        str(UNDER_THE_INTEGRAL),
        "a random vector within r of a point has covariance at most r^2 I (calculus)",
    ),
)
curved = with_mutants(
    curved,
    curved.mutate("half", False, holds=below(Ltt + (eps * Ltx) ** 2 / (2 * tau))),
    curved.mutate("frozen attack", False, holds=below(Ltt)),
    curved.mutate("any Hessians", False, given=moments[1:]),
    curved.mutate("any gradients", False, given=moments[:1]),
    curved.mutate("twice", True, holds=below(Ltt + 2 * (eps * Ltx) ** 2 / tau)),
)
