r"""The optimal L-infinity attack on a binary linear classifier: it jumps.

For y in {-1, 1} and eps > 0,

.. math:: \delta^*(\theta) = -\epsilon y\,\operatorname{sign}\theta,

constant on each open orthant and discontinuous wherever some theta_i changes sign.

**Identity**.   Kinks: some theta_i = 0.
Shapes: theta, x (d,); eps in the unit of x.
Source: Kanai et al. 2021, binary linear case.   Needs: a non-increasing loss of the margin.
"""

from typing import Any

from sympy import oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Equal,
    Label,
    Lipschitz,
    Maximizes,
    NormBall,
    Not,
    Signs,
    Vector,
    absolute,
    dot,
    hinge,
    in_orthant,
    logistic,
    norm,
    ones,
    sign,
    unit,
)
from theory.claims import with_mutants

theta, x, delta = Vector("theta"), Vector("x"), Vector("delta")
s, y = Signs("s"), Label("y")
eps, rho = symbols("epsilon rho", positive=True)
box = NormBall(oo, eps)
attack = AdversarialLoss(logistic, box).attack(theta, y)
best = -eps * y * sign(theta)
SOURCE = "Kanai et al. 2021, binary linear case"


def maximiser(point: Any, over: Any = box, loss: Any = logistic) -> Maximizes:
    return Maximizes(point, loss(y * dot(theta, x + delta)), wrt=delta, over=over)


formula = Claim(
    id="linf-attack-formula",
    title="The optimal L-infinity attack is a vertex of the box against the signs of theta",
    holds=Equal(attack, best),
    source=SOURCE,
    about=[AdversarialLoss(logistic, box)],
    kind="identity",
)
formula = with_mutants(
    formula,
    formula.mutate("sign flipped", False, holds=Equal(attack, -best)),
    formula.mutate("direction", False, holds=Equal(attack, -eps * y * unit(theta))),
    formula.mutate(
        "direction in one dimension",
        True,
        dimensions=(1,),
        given=[norm(theta) > 0],
        holds=Equal(attack, -eps * y * unit(theta)),
    ),
)

optimal = Claim(
    id="linf-attack-optimal",
    title="No perturbation in the box does more harm than -eps y sign(theta)",
    holds=maximiser(best),
    source=SOURCE,
    about=[AdversarialLoss(logistic, box)],
    kind="identity",
)
optimal = with_mutants(
    optimal,
    optimal.mutate("sign flipped", False, holds=maximiser(-best)),
    optimal.mutate("L2 direction", False, holds=maximiser(-eps * y * unit(theta))),
    optimal.mutate("one vertex for all", False, holds=maximiser(-eps * y * ones())),
    optimal.mutate("signs of x", False, holds=maximiser(-eps * y * sign(x))),
    optimal.mutate("magnitudes kept", False, holds=maximiser(-eps * y * absolute(theta))),
    optimal.mutate("twice the radius", False, holds=maximiser(2 * best)),
    optimal.mutate("three quarters of the radius", False, holds=maximiser(3 * best / 4)),
    optimal.mutate("in the L2 ball", False, holds=maximiser(best, NormBall(2, eps))),
    optimal.mutate("hinge loss", True, holds=maximiser(best, loss=hinge)),
)

jump = Claim(
    id="linf-attack-jumps",
    title="The L-infinity attack is not Lipschitz in the parameters",
    holds=Not(Lipschitz(attack, wrt=theta)),
    source=SOURCE,
    about=[AdversarialLoss(logistic, box)],
    kind="counterexample",
)
jump = with_mutants(
    jump,
    jump.mutate("away from zero in the plane", True, given=[norm(theta) >= rho], dimensions=(2, 3)),
    jump.mutate("away from zero on the line", False, given=[norm(theta) >= rho], dimensions=(1,)),
    jump.mutate("in one orthant", False, given=[in_orthant(theta, s)]),
)

still = Claim(
    id="linf-attack-constant-in-orthant",
    title="In one orthant the L-infinity attack does not move",
    given=[in_orthant(theta, s)],
    holds=Lipschitz(attack, wrt=theta, constant=0),
    source=SOURCE,
    about=[AdversarialLoss(logistic, box)],
    kind="tight",
)
still = with_mutants(
    still,
    still.mutate("everywhere", False, given=()),
    still.mutate(
        "finite constant everywhere",
        False,
        given=(),
        holds=Lipschitz(attack, wrt=theta, constant=1000 * eps),
    ),
)
