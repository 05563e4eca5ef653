r"""For p > 2 the loss is differentiable off the origin, but its gradient is not Lipschitz.

.. math:: \delta^*_i(\theta) \sim -\epsilon y\,\operatorname{sign}(\theta_i)\,|\theta_i|^{1/(p-1)}
          \text{ as } \theta_i \to 0,

and for p = 1 or oo there are kinks off the origin.  With the strongly convex balls, "smooth except
at 0" holds exactly for 1 < p <= 2.

**Counterexamples** in dimensions 2 and 3; stated for p = 3, 4, 1.   Kinks: theta = 0, and for
p = 1 ties |theta_i| = |theta_j| = max.   Shapes: theta, x (d,); eps in the unit of x.
Source: ours.
"""

from typing import Any

from sympy import Rational, S, oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Differentiable,
    Label,
    Lipschitz,
    NormBall,
    Not,
    Smooth,
    Vector,
    logistic,
    norm,
)
from theory.claims import with_mutants

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps, rho = symbols("epsilon rho", positive=True)
away = [norm(theta) >= rho]


def loss(p: Any) -> AdversarialLoss:
    return AdversarialLoss(logistic, NormBall(p, eps))


def steep_attack(p: Any) -> Any:
    return Not(Lipschitz(loss(p).attack(theta, y), wrt=theta))


def steep(p: Any) -> Any:
    return Not(Lipschitz(loss(p).gradient(theta, x, y), wrt=theta))


def differentiable(p: Any) -> Any:
    return Differentiable(loss(p).value(theta, x, y), wrt=theta)


def stated(
    name: str,
    title: str,
    holds: Any,
    dimensions: Any = (2, 3),
    given: Any = away,
    kind: str = "counterexample",
) -> Claim:
    return Claim(
        id=name,
        title=title,
        given=given,
        holds=holds,
        dimensions=dimensions,
        source="ours",
        kind=kind,
    )


attack_3 = stated(
    "l3-attack-not-lipschitz", "The attack with p = 3 has infinite slopes", steep_attack(S(3))
)
attack_4 = stated(
    "l4-attack-not-lipschitz", "The attack with p = 4 has infinite slopes", steep_attack(S(4))
)
gradient_3 = stated(
    "l3-gradient-not-lipschitz", "With p = 3 the loss is not smooth off the origin", steep(S(3))
)
differentiable_3 = stated(
    "l3-differentiable-off-zero",
    "With p = 3 the loss is differentiable off the origin",
    differentiable(S(3)),
    dimensions=None,
    given=[norm(theta) > 0],
    kind="identity",
)
kinks_1 = stated(
    "l1-kinks-away-from-zero",
    "Under an L1 attack there are kinks at every distance from the origin",
    Not(differentiable(S.One)),
)

attack_3 = with_mutants(
    attack_3,
    attack_3.mutate("p = 2", False, holds=steep_attack(2)),
    attack_3.mutate("p = 3/2", False, holds=steep_attack(Rational(3, 2))),
    attack_3.mutate("p = 5/2", True, holds=steep_attack(Rational(5, 2))),
    attack_3.mutate("on the line", False, dimensions=(1,)),
    attack_3.mutate("p = oo", True, holds=steep_attack(oo)),
)
gradient_3 = with_mutants(
    gradient_3,
    gradient_3.mutate("p = 2", False, holds=steep(2)),
    gradient_3.mutate("p = oo", True, holds=steep(oo)),
    gradient_3.mutate("smooth", True, holds=Not(Smooth(loss(3).value(theta, x, y), wrt=theta))),
)
differentiable_3 = with_mutants(
    differentiable_3,
    differentiable_3.mutate("p = 1", False, holds=differentiable(1)),
    differentiable_3.mutate("p = oo", False, holds=differentiable(oo)),
    differentiable_3.mutate("at the origin too", False, given=()),
    differentiable_3.mutate("p = 10", True, holds=differentiable(10)),
)
kinks_1 = with_mutants(
    kinks_1,
    kinks_1.mutate("on the line", False, dimensions=(1,)),
    kinks_1.mutate("p = 3", False, holds=Not(differentiable(3))),
)
