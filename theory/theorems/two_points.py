r"""The mean over data points: constants average, and kinks never cancel.

For two points of any labels, with mean loss L and ||x||, ||x_2|| <= B,

.. math:: \|\nabla L(\theta)-\nabla L(\theta')\|
          \le \Bigl(\frac{(B+\epsilon)^2}4+\frac\epsilon\rho\Bigr)\|\theta-\theta'\|,
          \qquad |L(\theta) - L(\theta')| \le \Bigl(\frac{\|x\|+\|x_2\|}2 + \epsilon\Bigr)
          \|\theta-\theta'\|.

y delta* does not depend on the label: all points are pushed by one vector, all kinks are convex.
**Upper bounds**, the second **tight**.   Kinks: those of one point.
Shapes: theta, x, x_2 (d,); eps and B in the unit of x, rho in the unit of theta.
Source: ours.
"""

from typing import Any

from sympy import Rational, oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Differentiable,
    Equal,
    Label,
    Lipschitz,
    NormBall,
    Not,
    Vector,
    logistic,
    norm,
)
from theory.claims import with_mutants

theta, x, x2 = Vector("theta"), Vector("x"), Vector("x2")
y, y2 = Label("y"), Label("y2")
eps, rho, B = symbols("epsilon rho B", positive=True)


def loss(p: Any) -> AdversarialLoss:
    return AdversarialLoss(logistic, NormBall(p, eps))


def mean(p: Any = 2) -> Any:
    return (loss(p).value(theta, x, y) + loss(p).value(theta, x2, y2)) / 2


def steep(constant: Any) -> Lipschitz:
    return Lipschitz(mean(), wrt=theta, constant=constant)


slope = Claim(
    id="mean-loss-lipschitz",
    title="The mean of two L2 adversarial losses is Lipschitz with the mean of their constants",
    holds=steep((norm(x) + norm(x2)) / 2 + eps),
    source="ours",
    kind="tight",
)
slope = with_mutants(
    slope,
    slope.mutate("half of the attack", False, holds=steep((norm(x) + norm(x2)) / 2 + eps / 2)),
    slope.mutate("first point alone", False, holds=steep(norm(x) + eps)),
    slope.mutate("sum of the points", True, holds=steep(norm(x) + norm(x2) + eps)),
    slope.mutate(
        "a hair less", False, holds=steep((norm(x) + norm(x2)) * Rational(499, 1000) + eps)
    ),
)

same = Claim(
    id="attack-times-label",
    title="Label times attack is one vector for all data points",
    given=[norm(theta) > 0],
    holds=Equal(y * loss(2).attack(theta, y), y2 * loss(2).attack(theta, y2)),
    source="ours",
    kind="identity",
)
same = with_mutants(
    same,
    same.mutate(
        "without labels", False, holds=Equal(loss(2).attack(theta, y), loss(2).attack(theta, y2))
    ),
    same.mutate(
        "box", True, holds=Equal(y * loss(oo).attack(theta, y), y2 * loss(oo).attack(theta, y2))
    ),
    same.mutate(
        "labels exchanged",
        True,
        holds=Equal(y2 * loss(2).attack(theta, y), y * loss(2).attack(theta, y2)),
    ),
)


def kinked(p: Any) -> Not:
    return Not(Differentiable(mean(p), wrt=theta))


kinks = Claim(
    id="mean-loss-kinks",
    title="Kinks of two L-infinity adversarial losses do not cancel",
    given=[norm(theta) >= rho],
    holds=kinked(oo),
    source="ours",
    dimensions=(2, 3),
    kind="counterexample",
)
kinks = with_mutants(
    kinks,
    kinks.mutate("L2", False, holds=kinked(2)),
    kinks.mutate("L1", True, holds=kinked(1)),
    kinks.mutate("on the line", False, dimensions=(1,)),
    kinks.mutate(
        "difference",
        True,
        holds=Not(Differentiable(mean(oo) - loss(oo).value(theta, x2, y2), wrt=theta)),
    ),
)
