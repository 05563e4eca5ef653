r"""On the line all norms agree: one attack, one kink, at zero.

.. math:: d = 1: \quad \|\theta\|_1 = \|\theta\|_2 = \|\theta\|_\infty = |\theta|.

**Identity**, for d = 1 only.   Kinks: theta = 0.
Shapes: theta, x (1,); eps in the unit of x.
Source: ours.
"""

from typing import Any

from sympy import Eq, oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Differentiable,
    Equal,
    Label,
    NormBall,
    Vector,
    hinge,
    logistic,
    norm,
)
from theory.claims import with_mutants

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps = symbols("epsilon", positive=True)


def loss(p: Any, radius: Any = eps, phi: Any = logistic) -> AdversarialLoss:
    return AdversarialLoss(phi, NormBall(p, radius))


def value(p: Any, radius: Any = eps, phi: Any = logistic) -> Any:
    return loss(p, radius, phi).value(theta, x, y)


same_loss = Claim(
    id="line-l2-is-linf",
    title="On the line the L2 and the L-infinity adversarial losses are one function",
    holds=Eq(value(2), value(oo)),
    source="ours",
    dimensions=(1,),
    kind="identity",
)
same_loss = with_mutants(
    same_loss,
    same_loss.mutate("in the plane", False, dimensions=(2,)),
    same_loss.mutate("on the line and in the plane", False, dimensions=(1, 2)),
    same_loss.mutate("every dimension", False, dimensions=None),
    same_loss.mutate("radius doubled", False, holds=Eq(value(2), value(oo, 2 * eps))),
    same_loss.mutate("p = 1", True, holds=Eq(value(2), value(1))),
    same_loss.mutate("p = 3", True, holds=Eq(value(2), value(3))),
    same_loss.mutate("inequality in space", True, dimensions=(3,), holds=value(2) <= value(oo)),
)

same_attack = Claim(
    id="line-l2-attack-is-linf-attack",
    title="On the line the L2 and the L-infinity attacks agree off zero",
    given=[norm(theta) > 0],
    holds=Equal(loss(2).attack(theta, y), loss(oo).attack(theta, y)),
    source="ours",
    dimensions=(1,),
    kind="identity",
)
same_attack = with_mutants(
    same_attack,
    same_attack.mutate("in the plane", False, dimensions=(2,)),
    same_attack.mutate(
        "sign flipped", False, holds=Equal(loss(2).attack(theta, y), loss(oo).attack(theta, -y))
    ),
)

one_kink = Claim(
    id="line-one-kink",
    title="On the line an L-infinity attack makes no kink but the one at zero",
    given=[norm(theta) > 0],
    holds=Differentiable(value(oo), wrt=theta),
    source="ours",
    dimensions=(1,),
    kind="identity",
)
one_kink = with_mutants(
    one_kink,
    one_kink.mutate("in the plane", False, dimensions=(2,)),
    one_kink.mutate("at zero too", False, given=()),
    one_kink.mutate("hinge", False, holds=Differentiable(value(oo, phi=hinge), wrt=theta)),
)
