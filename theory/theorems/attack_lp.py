r"""The optimal Lp attack for 1 < p < oo, with q = p/(p-1).

For y in {-1, 1}, eps > 0 and theta != 0,

.. math:: \delta^*(\theta) = -\epsilon y\,
          \frac{\operatorname{sign}(\theta)\odot|\theta|^{q-1}}{\|\theta\|_q^{q-1}}.

**Identity**; stated for p = 3/2 and p = 3.   Kinks: theta = 0.
Shapes: theta, x (d,); eps in the unit of x.
Source: ours.   Needs: a non-increasing loss of the margin; Hölder's inequality.
"""

from typing import Any

from sympy import Rational, S, sqrt, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Equal,
    Label,
    Maximizes,
    NormBall,
    Vector,
    absolute,
    dot,
    hadamard,
    logistic,
    norm,
    sign,
    unit,
)
from theory.claims import with_mutants

theta, x, delta, y = Vector("theta"), Vector("x"), Vector("delta"), Label("y")
eps = symbols("epsilon", positive=True)
low, high = Rational(3, 2), S(3)
cubic = -eps * y * hadamard(theta, absolute(theta)) / norm(theta, 3) ** 2


def attack(p: Any) -> Any:
    return AdversarialLoss(logistic, NormBall(p, eps)).attack(theta, y)


def maximiser(point: Any, p: Any) -> Maximizes:
    objective = logistic(y * dot(theta, x + delta))
    return Maximizes(point, objective, wrt=delta, over=NormBall(p, eps))


three_halves = Claim(
    id="l3-2-attack-optimal",
    title="The attack with p = 3/2 is -eps y theta|theta|/||theta||_3^2",
    given=[norm(theta) > 0],
    holds=maximiser(cubic, low),
    source="ours",
    kind="identity",
)
three_halves = with_mutants(
    three_halves,
    three_halves.mutate("sign flipped", False, holds=maximiser(-cubic, low)),
    three_halves.mutate("half the radius", False, holds=maximiser(cubic / 2, low)),
    three_halves.mutate("twice the radius", False, holds=maximiser(2 * cubic, low)),
    three_halves.mutate("in the 3-ball", False, holds=maximiser(cubic, high)),
    three_halves.mutate("in the 5/4-ball", False, holds=maximiser(cubic, Rational(5, 4))),
    three_halves.mutate("L2 direction", False, holds=maximiser(-eps * y * unit(theta), low)),
    three_halves.mutate(
        "2-norm below",
        False,
        holds=maximiser(-eps * y * hadamard(theta, absolute(theta)) / norm(theta) ** 2, low),
    ),
)

three = Claim(
    id="l3-attack-optimal",
    title="The attack with p = 3 takes square roots of the parameters",
    given=[norm(theta) > 0],
    holds=maximiser(attack(high), high),
    source="ours",
    kind="identity",
)
three = with_mutants(
    three,
    three.mutate("sign flipped", False, holds=maximiser(-attack(high), high)),
    three.mutate("in the 3/2-ball", False, holds=maximiser(attack(high), low)),
    three.mutate("vertex of the box", False, holds=maximiser(-eps * y * sign(theta), high)),
    three.mutate("exponents exchanged", False, holds=maximiser(cubic, high)),
)

formula = Claim(
    id="l3-2-attack-formula",
    title="What duality derives for p = 3/2 is the formula",
    given=[norm(theta) > 0],
    holds=Equal(attack(low), cubic),
    source="ours",
    kind="identity",
)
formula = with_mutants(
    formula,
    formula.mutate("dual exponents exchanged", False, holds=Equal(attack(high), cubic)),
    formula.mutate("norm not squared", False, holds=Equal(attack(low), cubic * norm(theta, 3))),
    formula.mutate(
        "square root of the norm",
        False,
        holds=Equal(attack(low), cubic * norm(theta, 3) ** 2 / sqrt(norm(theta, 3))),
    ),
)
