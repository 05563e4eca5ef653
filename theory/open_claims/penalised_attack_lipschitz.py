r"""A penalty on the perturbation in the place of a constraint, not always proved by the machine.

For p(., theta) with p + (L_xx/2)||.||^2 concave plus the penalty, and lambda > L_xx,

.. math:: \|\delta^*-\delta^{*\prime}\| \le \frac{L_{x\theta}}{\lambda-L_{xx}}\|\theta-\theta'\|.

It is the theorem on strongly concave losses, for the modulus lambda - L_xx.
**Upper bound**, attained by quadratics.   Kinks: none.
Shapes: theta, x (d,); lambda has the unit of l/x^2.
Source: Sinha et al. 2018.
"""

from typing import Any

from sympy import Rational, symbols

from theory import (
    Claim,
    ConvexSet,
    Function,
    InnerMaximum,
    Lipschitz,
    StronglyConcave,
    Vector,
    norm,
)
from theory.claims import with_mutants
from theory.general.functions import partial

x, theta = Vector("x"), Vector("theta")
Lxt, Lxx, lam = symbols("L_xt L_xx lamda", positive=True)
penalised = Function("p", "x", "theta")
inside = penalised(x, theta) + lam / 2 * norm(x) ** 2
wrm = InnerMaximum(penalised, "x", ConvexSet("K"))
push_p = partial(penalised(x, theta), "x")


def wrm_given(curvature: Any) -> list[Any]:
    return [
        StronglyConcave(inside, x, -curvature),
        Lipschitz(push_p, theta, Lxt),
        lam > curvature,
    ]


def wrm_moves(constant: Any) -> Lipschitz:
    return Lipschitz(wrm.point(theta), theta, constant)


robust = Claim(
    id="penalised-attack-lipschitz",
    title="A penalty lamda > L_xx makes the worst attack L_xt/(lamda - L_xx)-Lipschitz",
    given=wrm_given(Lxx),
    holds=wrm_moves(Lxt / (lam - Lxx)),
    source="Sinha et al. 2018",
    kind="upper",
)
robust = with_mutants(
    robust,
    robust.mutate("a hair less", False, holds=wrm_moves(Rational(999, 1000) * Lxt / (lam - Lxx))),
    robust.mutate("penalty alone", False, holds=wrm_moves(Lxt / lam)),
    robust.mutate("half", False, holds=wrm_moves(Lxt / (2 * (lam - Lxx)))),
    robust.mutate("squared", False, holds=wrm_moves(Lxt / (lam - Lxx) ** 2)),
    robust.mutate("sum", False, holds=wrm_moves(Lxt / (lam + Lxx))),
    robust.mutate("any penalty", False, given=wrm_given(Lxx)[:2]),
    robust.mutate("any inside", False, given=wrm_given(Lxx)[1:]),
    robust.mutate("twice", True, holds=wrm_moves(2 * Lxt / (lam - Lxx))),
)
