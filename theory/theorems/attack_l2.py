r"""The optimal L2 attack on a binary linear classifier, and how fast it turns.

For y in {-1, 1}, eps > 0 and every theta != 0 in R^d,

.. math:: \delta^*(\theta) = -\epsilon y\,\frac{\theta}{\|\theta\|}, \qquad
          \|\delta^*(\theta)-\delta^*(\theta')\| \le \frac{\epsilon}{\rho}\,\|\theta-\theta'\|
          \text{ on } \|\theta\|\ge\rho.

**Tight**: the constant is attained by opposite points of norm rho, in every d.   Kinks: theta = 0.
Shapes: theta, x (d,); eps in the unit of x, rho in the unit of theta.
Source: Kanai et al. 2021, binary linear case.   Needs: a non-increasing loss of the margin.
"""

from typing import Any

from sympy import Rational, oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Equal,
    Label,
    Lipschitz,
    Maximizes,
    NormBall,
    Not,
    Vector,
    dot,
    exponential,
    logistic,
    norm,
    sign,
    unit,
)
from theory.claims import with_mutants

theta, x, delta, y = Vector("theta"), Vector("x"), Vector("delta"), Label("y")
eps, rho = symbols("epsilon rho", positive=True)
ball = NormBall(2, eps)
attack = AdversarialLoss(logistic, ball).attack(theta, y)
best = -eps * y * unit(theta)
SOURCE = "Kanai et al. 2021, binary linear case"


def maximiser(point: Any, over: Any = ball, loss: Any = logistic) -> Maximizes:
    return Maximizes(point, loss(y * dot(theta, x + delta)), wrt=delta, over=over)


def lipschitz(constant: Any) -> Lipschitz:
    return Lipschitz(attack, wrt=theta, constant=constant)


formula = Claim(
    id="l2-attack-formula",
    title="The optimal L2 attack points against the parameters",
    given=[norm(theta) > 0],
    holds=Equal(attack, best),
    source=SOURCE,
    about=[AdversarialLoss(logistic, ball)],
    kind="identity",
)
formula = with_mutants(
    formula,
    formula.mutate("sign flipped", False, holds=Equal(attack, -best)),
    formula.mutate("label dropped", False, holds=Equal(attack, -eps * unit(theta))),
    formula.mutate("not normalised", False, holds=Equal(attack, -eps * y * theta)),
)

optimal = Claim(
    id="l2-attack-optimal",
    title="No perturbation in the L2 ball does more harm than -eps y unit(theta)",
    given=[norm(theta) > 0],
    holds=maximiser(best),
    source=SOURCE,
    about=[AdversarialLoss(logistic, ball)],
    kind="identity",
)
optimal = with_mutants(
    optimal,
    optimal.mutate("sign flipped", False, holds=maximiser(-best)),
    optimal.mutate("half the radius", False, holds=maximiser(best / 2)),
    optimal.mutate("twice the radius", False, holds=maximiser(2 * best)),
    optimal.mutate("vertex of the box", False, holds=maximiser(-eps * y * sign(theta))),
    optimal.mutate("in the box", False, holds=maximiser(best, NormBall(oo, eps))),
    optimal.mutate("in the L1 ball", False, holds=maximiser(best, NormBall(1, eps))),
    optimal.mutate("exponential loss", True, holds=maximiser(best, loss=exponential)),
)

turning = Claim(
    id="l2-attack-lipschitz",
    title="The L2 attack is (eps/rho)-Lipschitz in the parameters off a ball of radius rho",
    given=[norm(theta) >= rho],
    holds=lipschitz(eps / rho),
    source=SOURCE,
    about=[AdversarialLoss(logistic, ball)],
    kind="tight",
)
turning = with_mutants(
    turning,
    turning.mutate("half the constant", False, holds=lipschitz(eps / (2 * rho))),
    turning.mutate("one percent less", False, holds=lipschitz(Rational(99, 100) * eps / rho)),
    turning.mutate("eps squared", False, holds=lipschitz(eps**2 / rho)),
    turning.mutate("rho squared", False, holds=lipschitz(eps / rho**2)),
    turning.mutate("hypothesis dropped", False, given=()),
    turning.mutate("1-norm in the hypothesis", False, given=[norm(theta, 1) >= rho]),
    turning.mutate("oo-norm in the hypothesis", True, given=[norm(theta, oo) >= rho]),
    turning.mutate("twice the constant", True, holds=lipschitz(2 * eps / rho)),
)

jump = Claim(
    id="l2-attack-not-lipschitz",
    title="The L2 attack is not Lipschitz on the parameter space without its origin",
    given=[norm(theta) > 0],
    holds=Not(lipschitz(None)),
    source=SOURCE,
    about=[AdversarialLoss(logistic, ball)],
    kind="counterexample",
)
jump = with_mutants(
    jump,
    jump.mutate("away from zero", False, given=[norm(theta) >= rho]),
    jump.mutate("near zero only", True, given=[norm(theta) > 0, norm(theta) <= rho]),
    jump.mutate("the claim without not", False, holds=lipschitz(None)),
)
