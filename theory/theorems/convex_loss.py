r"""Every convex non-increasing loss of the margin has a convex adversarial loss.

.. math:: \theta \mapsto \phi\bigl(y\langle\theta,x\rangle - h_K(-y\theta)\bigr) \text{ is convex},

for every convex attack set K: a maximum of convex functions.

**Identity of curvature**; stated for four losses and three attack sets.   Kinks: any.
Shapes: theta, x (d,); eps, kappa in the unit of x.
Source: ours.   Needs: phi convex and non-increasing, both proved from its expression.
"""

from typing import Any

from sympy import exp, oo, symbols

from theory import (
    AdversarialLoss,
    AttackSet,
    Claim,
    Convex,
    Label,
    MarginLoss,
    NormBall,
    Vector,
    exponential,
    hinge,
    logistic,
    norm,
    squared_hinge,
)
from theory.claims import with_mutants

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps, kappa = symbols("epsilon kappa", positive=True)
disc, box, diamond = NormBall(2, eps), NormBall(oo, eps), NormBall(1, eps)
both = AttackSet(support=lambda t: eps * norm(t) + kappa * norm(t, 1))
ramp = MarginLoss("ramp", lambda m: 1 / (1 + exp(m)))


def convex(loss: Any, attack: Any, wrt: Any = theta) -> Any:
    return Convex(AdversarialLoss(loss, attack).value(theta, x, y), wrt=wrt)


def stated(name: str, loss: Any, attack: Any) -> Claim:
    return Claim(
        id=f"convex-{name}",
        title=f"The adversarial {loss.name} loss is convex in theta: {attack}",
        holds=convex(loss, attack),
        source="ours",
        kind="identity",
    )


logistic_l2 = stated("logistic-l2", logistic, disc)
exponential_l2 = stated("exponential-l2", exponential, disc)
hinge_linf = stated("hinge-linf", hinge, box)
squared_hinge_l1 = stated("squared-hinge-l1", squared_hinge, diamond)
logistic_two_balls = stated("logistic-two-balls", logistic, both)

margin = AdversarialLoss(logistic, disc).margin(theta, x, y)
logistic_l2 = with_mutants(
    logistic_l2,
    logistic_l2.mutate("ramp loss", False, holds=convex(ramp, disc)),
    logistic_l2.mutate("ramp loss in the box", False, holds=convex(ramp, box)),
    logistic_l2.mutate(
        "sign flipped",
        False,
        holds=Convex(-AdversarialLoss(logistic, disc).value(theta, x, y), wrt=theta),
    ),
    logistic_l2.mutate("of the margin", False, holds=Convex(margin, wrt=theta)),
    logistic_l2.mutate("of minus the margin", True, holds=Convex(-margin, wrt=theta)),
    logistic_l2.mutate("in x", True, holds=convex(logistic, disc, wrt=x)),
    logistic_l2.mutate("in eps", True, holds=convex(logistic, disc, wrt=eps)),
    logistic_l2.mutate("p = 3", True, holds=convex(logistic, NormBall(3, eps))),
    logistic_l2.mutate(
        "of the attack helping",
        False,
        holds=Convex(logistic(margin + 2 * eps * norm(theta)), wrt=theta),
    ),
)
squared_hinge_l1 = with_mutants(
    squared_hinge_l1,
    squared_hinge_l1.mutate(
        "sign flipped for the hinge",
        False,
        holds=Convex(-AdversarialLoss(hinge, diamond).value(theta, x, y), wrt=theta),
    ),
)
