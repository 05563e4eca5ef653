r"""The optimal L1 attack: all of the budget on one largest parameter.

For y in {-1, 1}, eps > 0 and theta != 0,

.. math:: \delta^*(\theta) \in -\epsilon y\,\partial\|\theta\|_\infty, \qquad
          \langle\theta,\delta^*\rangle = -\epsilon y\,\|\theta\|_\infty.

**Identity**.   Kinks: theta = 0 and ties |theta_i| = |theta_j| = max.
Shapes: theta, x (d,); eps in the unit of x.
Source: ours.   Needs: a non-increasing loss of the margin; on ties the budget is shared equally.
"""

from typing import Any

from sympy import Eq, oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Label,
    Maximizes,
    NormBall,
    Vector,
    dot,
    logistic,
    norm,
    ones,
    sign,
    squared_hinge,
    unit,
)
from theory.claims import with_mutants

theta, x, delta, y = Vector("theta"), Vector("x"), Vector("delta"), Label("y")
eps = symbols("epsilon", positive=True)
ball = NormBall(1, eps)
attack = AdversarialLoss(logistic, ball).attack(theta, y)
spread = -eps * y * sign(theta) / norm(ones()) ** 2


def maximiser(point: Any, over: Any = ball, loss: Any = logistic) -> Maximizes:
    return Maximizes(point, loss(y * dot(theta, x + delta)), wrt=delta, over=over)


optimal = Claim(
    id="l1-attack-optimal",
    title="No perturbation in the L1 ball does more harm than all of it on a largest parameter",
    given=[norm(theta) > 0],
    holds=maximiser(attack),
    source="ours",
    about=[AdversarialLoss(logistic, ball)],
    kind="identity",
)
optimal = with_mutants(
    optimal,
    optimal.mutate("sign flipped", False, holds=maximiser(-attack)),
    optimal.mutate("half the radius", False, holds=maximiser(attack / 2)),
    optimal.mutate("twice the radius", False, holds=maximiser(2 * attack)),
    optimal.mutate("spread evenly", False, holds=maximiser(spread)),
    optimal.mutate("L2 direction", False, holds=maximiser(-eps * y * unit(theta))),
    optimal.mutate("in the L2 ball", False, holds=maximiser(attack, NormBall(2, eps))),
    optimal.mutate("in the box", False, holds=maximiser(attack, NormBall(oo, eps))),
    optimal.mutate("squared hinge", True, holds=maximiser(attack, loss=squared_hinge)),
)

gain = Claim(
    id="l1-attack-gain",
    title="The L1 attack moves the margin by eps times the largest parameter",
    given=[norm(theta) > 0],
    holds=Eq(dot(theta, attack), -eps * y * norm(theta, oo)),
    source="ours",
    about=[AdversarialLoss(logistic, ball)],
    kind="identity",
)
gain = with_mutants(
    gain,
    gain.mutate("1-norm", False, holds=Eq(dot(theta, attack), -eps * y * norm(theta, 1))),
    gain.mutate("2-norm", False, holds=Eq(dot(theta, attack), -eps * y * norm(theta))),
    gain.mutate("label dropped", False, holds=Eq(dot(theta, attack), -eps * norm(theta, oo))),
)
