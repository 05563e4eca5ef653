r"""The curvature of a soft attack on two points, for any loss: L_tt + (eps L_tx)^2/tau.

For S = tau log (exp(l_1/tau) + exp(l_2/tau))/2 with the two losses' gradients g_i and Hessians
A_i <= L_tt I in theta and the weights p, 1 - p of the soft maximum,

.. math:: \nabla^2S = pA_1 + (1-p)A_2 + \frac{p(1-p)}{\tau}(g_1-g_2)(g_1-g_2)^\top
          \preceq \Big(L_{\theta\theta} + \frac{(\epsilon L_{\theta x})^2}{\tau}\Big)I

where the points are within eps of each other's middle: ||g_1 - g_2|| <= 2 eps L_tx.  No point of
the attack needs to be unique.
**Tight**: p = 1/2, opposite gradients.   Kinks: none, for every temperature tau.
Shapes: h, g_1, g_2 (d,); A_1, A_2 (d, d); tau in the unit of l.
Source: ours.
"""

from typing import Any

from sympy import Rational, symbols

from theory import Claim, Vector, dot, identity, norm
from theory.claims import with_mutants
from theory.linear_maps import linear_map
from theory.loewner_order import LoewnerLe

h, g1, g2 = Vector("h"), Vector("g_1"), Vector("g_2")
A1, A2 = linear_map("A_1", "symmetric"), linear_map("A_2", "symmetric")
p, tau, eps, Ltt, Ltx = symbols("p tau epsilon L_tt L_tx", positive=True)
bounded = [LoewnerLe(A, Ltt * identity()) for A in (A1, A2)]
apart = norm(g1 - g2) <= 2 * eps * Ltx
curvature = p * dot(h, A1 @ h) + (1 - p) * dot(h, A2 @ h) + p * (1 - p) / tau * dot(g1 - g2, h) ** 2


def at_most(constant: Any) -> Any:
    return curvature <= constant * norm(h) ** 2


curved = Claim(
    id="soft-attack-curvature",
    title="A soft attack on two points has curvature at most L_tt + (eps L_tx)^2/tau",
    given=[*bounded, apart, p <= 1],
    holds=at_most(Ltt + (eps * Ltx) ** 2 / tau),
    source="ours",
    kind="tight",
)
curved = with_mutants(
    curved,
    curved.mutate("half", False, holds=at_most(Ltt + (eps * Ltx) ** 2 / (2 * tau))),
    curved.mutate(
        "a hair less", False, holds=at_most(Ltt + (eps * Ltx) ** 2 * Rational(999, 1000) / tau)
    ),
    curved.mutate("frozen attack", False, holds=at_most(Ltt)),
    curved.mutate("not squared", False, holds=at_most(Ltt + eps * Ltx / tau)),
    curved.mutate("any weight", False, given=[*bounded, apart]),
    curved.mutate("any gradients", False, given=[*bounded, p <= 1]),
    curved.mutate("one Hessian", False, given=[bounded[0], apart, p <= 1]),
    curved.mutate("twice", True, holds=at_most(Ltt + 2 * (eps * Ltx) ** 2 / tau)),
)
