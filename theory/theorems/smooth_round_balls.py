r"""For 1 < p <= 2 the attack is Lipschitz off the origin: the ball is strongly convex.

For p = 3/2, where the dual norm has q = 3, on ||theta||_3 >= rho,

.. math:: \|\delta^*(\theta)-\delta^*(\theta')\| \le \frac{4\epsilon}{\rho}\,\|\theta-\theta'\|.

**Upper bound**, within a factor 2.6 of the best.   Kinks: theta = 0.
Shapes: theta, x (d,); eps in the unit of x, rho in the unit of theta.
Source: ours.   Needs: p <= 2; beyond, square roots of small parameters appear.
"""

from typing import Any

from sympy import Rational, oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Label,
    Lipschitz,
    NormBall,
    Smooth,
    Vector,
    logistic,
    norm,
)
from theory.claims import with_mutants

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps, rho = symbols("epsilon rho", positive=True)
low = Rational(3, 2)


def attack(constant: Any, p: Any = low) -> Lipschitz:
    field = AdversarialLoss(logistic, NormBall(p, eps)).attack(theta, y)
    return Lipschitz(field, wrt=theta, constant=constant)


def smooth(p: Any) -> Any:
    return Smooth(AdversarialLoss(logistic, NormBall(p, eps)).value(theta, x, y), wrt=theta)


turning = Claim(
    id="l3-2-attack-lipschitz",
    title="The attack with p = 3/2 is Lipschitz off the origin",
    given=[norm(theta, 3) >= rho],
    holds=attack(4 * eps / rho),
    source="ours",
    kind="upper",
)
turning = with_mutants(
    turning,
    turning.mutate("one", False, holds=attack(eps / rho)),
    turning.mutate("three halves", False, holds=attack(3 * eps / (2 * rho))),
    turning.mutate("two", None, holds=attack(2 * eps / rho)),
    turning.mutate("eight", True, holds=attack(8 * eps / rho)),
    turning.mutate("rho squared", False, holds=attack(4 * eps / rho**2)),
    turning.mutate("eps squared", False, holds=attack(4 * eps**2 / rho)),
    turning.mutate("hypothesis dropped", False, given=()),
    turning.mutate("attack with p = 3", False, holds=attack(4 * eps / rho, p=3)),
    turning.mutate("L2 attack", True, given=[norm(theta) >= rho], holds=attack(4 * eps / rho, p=2)),
    turning.mutate("box attack", False, holds=attack(4 * eps / rho, p=oo)),
    turning.mutate("4-norm in the hypothesis", True, given=[norm(theta, 4) >= rho]),
)

smooth_off_zero = Claim(
    id="l3-2-smooth-off-zero",
    title="The adversarial logistic loss with p = 3/2 is smooth off every ball around the origin",
    given=[norm(theta) >= rho],
    holds=smooth(low),
    source="ours",
    kind="upper",
)
smooth_off_zero = with_mutants(
    smooth_off_zero,
    smooth_off_zero.mutate("p = 3", False, holds=smooth(3)),
    smooth_off_zero.mutate("p = 1", False, holds=smooth(1)),
    smooth_off_zero.mutate("p = 1 on the line", True, holds=smooth(1), dimensions=(1,)),
    smooth_off_zero.mutate("up to the origin", False, given=[norm(theta) > 0]),
)
