r"""Under an L-infinity attack the kinks reach everywhere, and an orthant has none.

.. math:: l_\epsilon \text{ is differentiable at } \theta
          \iff \theta_i \ne 0 \text{ for every } i.

**Identity of sets**, in two halves; for d >= 2 there are kinks at any distance from the origin.
Kinks: some theta_i = 0, independently of x and y.   Shapes: theta, x (d,); eps in the unit of x.
Source: Kanai et al. 2021, binary linear case.
"""

from typing import Any

from sympy import oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Differentiable,
    Label,
    NormBall,
    Not,
    Signs,
    Vector,
    exponential,
    hinge,
    in_orthant,
    logistic,
    norm,
)
from theory.claims import with_mutants

theta, x, s, y = Vector("theta"), Vector("x"), Signs("s"), Label("y")
eps, rho = symbols("epsilon rho", positive=True)
SOURCE = "Kanai et al. 2021, binary linear case"


def differentiable(p: Any = oo, radius: Any = eps, loss: Any = logistic) -> Any:
    return Differentiable(AdversarialLoss(loss, NormBall(p, radius)).value(theta, x, y), wrt=theta)


far_kinks = Claim(
    id="linf-kinks-away-from-zero",
    title="Under an L-infinity attack there are kinks at every distance from the origin",
    given=[norm(theta) >= rho],
    holds=Not(differentiable()),
    source=SOURCE,
    dimensions=(2, 3),
    kind="counterexample",
)
far_kinks = with_mutants(
    far_kinks,
    far_kinks.mutate("on the line", False, dimensions=(1,)),
    far_kinks.mutate("on the line without hypothesis", True, dimensions=(1,), given=()),
    far_kinks.mutate("L2 attack", False, holds=Not(differentiable(p=2))),
    far_kinks.mutate("L1 attack", True, holds=Not(differentiable(p=1))),
    far_kinks.mutate("no attack", False, holds=Not(differentiable(radius=0))),
    far_kinks.mutate("inside an orthant", False, given=[in_orthant(theta, s)]),
)

inside = Claim(
    id="linf-differentiable-in-orthant",
    title="Inside an orthant the L-infinity adversarial logistic loss is differentiable",
    given=[in_orthant(theta, s)],
    holds=differentiable(),
    source=SOURCE,
    kind="identity",
)
inside = with_mutants(
    inside,
    inside.mutate("everywhere", False, given=()),
    inside.mutate("away from zero", False, given=[norm(theta) >= rho]),
    inside.mutate("away from zero on the line", True, given=[norm(theta) >= rho], dimensions=(1,)),
    inside.mutate("large components", True, given=[in_orthant(theta, s), norm(theta) >= rho]),
    inside.mutate("hinge loss", False, holds=differentiable(loss=hinge)),
    inside.mutate("exponential loss", True, holds=differentiable(loss=exponential)),
    inside.mutate("L1 attack", False, holds=differentiable(p=1)),
)
