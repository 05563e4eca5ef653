r"""An attack set that is no norm ball: the sum of an L2 ball and a box.

For K = {d + d' : ||d|| <= eps, ||d'||_oo <= kappa} the support function is a sum, hence

.. math:: u = y\langle\theta,x\rangle - \epsilon\|\theta\| - \kappa\|\theta\|_1, \qquad
          \delta^*(\theta) = -y\Bigl(\epsilon\frac{\theta}{\|\theta\|}
          + \kappa\operatorname{sign}\theta\Bigr).

**Identity**.   Kinks: some theta_i = 0.
Shapes: theta, x (d,); eps, kappa in the unit of x.
Source: ours.   Needs: a non-increasing loss of the margin.
"""

from typing import Any

from sympy import Eq, symbols

from theory import (
    AdversarialLoss,
    AttackSet,
    Claim,
    Label,
    Maximizes,
    NormBall,
    Vector,
    dot,
    logistic,
    norm,
    sign,
    unit,
)
from theory.claims import with_mutants

theta, x, delta, y = Vector("theta"), Vector("x"), Vector("delta"), Label("y")
eps, kappa = symbols("epsilon kappa", positive=True)
both = AttackSet(support=lambda t: eps * norm(t) + kappa * norm(t, 1))
loss = AdversarialLoss(logistic, both)
best = -y * (eps * unit(theta) + kappa * sign(theta))


def maximiser(point: Any, over: Any = both) -> Maximizes:
    return Maximizes(point, logistic(y * dot(theta, x + delta)), wrt=delta, over=over)


def margin(loss_of_attack: Any) -> Any:
    return Eq(loss.margin(theta, x, y), y * dot(theta, x) - loss_of_attack, evaluate=False)


optimal = Claim(
    id="two-balls-attack-optimal",
    title="Against a sum of two balls the optimal attack is the sum of the optimal attacks",
    given=[norm(theta) > 0],
    holds=maximiser(best),
    source="ours",
    about=[loss],
    kind="identity",
)
optimal = with_mutants(
    optimal,
    optimal.mutate("sign flipped", False, holds=maximiser(-best)),
    optimal.mutate("L2 part only", False, holds=maximiser(-y * eps * unit(theta))),
    optimal.mutate("box part only", False, holds=maximiser(-y * kappa * sign(theta))),
    optimal.mutate(
        "one L2 ball of both radii", False, holds=maximiser(-y * (eps + kappa) * unit(theta))
    ),
    optimal.mutate(
        "radii exchanged", False, holds=maximiser(-y * (kappa * unit(theta) + eps * sign(theta)))
    ),
    optimal.mutate("in the L2 ball", False, holds=maximiser(best, NormBall(2, eps + kappa))),
)

two_margins = Claim(
    id="two-balls-margin",
    title="Support functions add: so do the losses of margin",
    holds=margin(eps * norm(theta) + kappa * norm(theta, 1)),
    source="ours",
    about=[loss],
    kind="identity",
)
two_margins = with_mutants(
    two_margins,
    two_margins.mutate(
        "radii exchanged", False, holds=margin(kappa * norm(theta) + eps * norm(theta, 1))
    ),
    two_margins.mutate("L2 only", False, holds=margin((eps + kappa) * norm(theta))),
    two_margins.mutate(
        "no exchange on the line",
        True,
        dimensions=(1,),
        holds=margin(kappa * norm(theta) + eps * norm(theta, 1)),
    ),
)
