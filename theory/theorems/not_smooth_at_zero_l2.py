r"""L2 adversarial logistic loss: no smoothness constant reaches the origin.

.. math:: \sup_{\theta\ne\theta'} \frac{\|\nabla l_\epsilon(\theta)-\nabla l_\epsilon(\theta')\|}
          {\|\theta-\theta'\|} = \infty \text{ on } \mathbb{R}^d\setminus\{0\},

and at the origin itself there is no gradient.  "Smooth except at zero" is a local statement.

**Counterexample**: near zero the constant grows like eps/(2 ||theta||).   Kinks: theta = 0.
Shapes: theta, x (d,); eps in the unit of x.
Source: Kanai et al. 2021, binary linear case, for the kink; the unbounded constant is ours.
"""

from typing import Any

from sympy import symbols

from theory import (
    AdversarialLoss,
    Claim,
    Differentiable,
    Label,
    Lipschitz,
    NormBall,
    Not,
    Signs,
    Vector,
    hinge,
    in_orthant,
    logistic,
    norm,
    squared_hinge,
)
from theory.claims import with_mutants

theta, x, s, y = Vector("theta"), Vector("x"), Signs("s"), Label("y")
eps, rho = symbols("epsilon rho", positive=True)


def lipschitz(radius: Any = eps, loss: Any = logistic) -> Lipschitz:
    field = AdversarialLoss(loss, NormBall(2, radius)).gradient(theta, x, y)
    return Lipschitz(field, wrt=theta)


def differentiable(radius: Any = eps, loss: Any = logistic) -> Differentiable:
    value = AdversarialLoss(loss, NormBall(2, radius)).value(theta, x, y)
    return Differentiable(value, wrt=theta)


unbounded = Claim(
    id="l2-no-global-constant",
    title="The gradient under an L2 attack is not Lipschitz on the space without its origin",
    given=[norm(theta) > 0],
    holds=Not(lipschitz()),
    source="ours",
    kind="counterexample",
)
unbounded = with_mutants(
    unbounded,
    unbounded.mutate("away from zero", False, given=[norm(theta) >= rho]),
    unbounded.mutate("near zero", True, given=[norm(theta) > 0, norm(theta) <= rho]),
    unbounded.mutate("no attack", False, holds=Not(lipschitz(radius=0))),
    unbounded.mutate("a ray", False, dimensions=(1,), given=[in_orthant(theta, s)]),
    unbounded.mutate("an orthant", True, dimensions=(2, 3), given=[in_orthant(theta, s)]),
    unbounded.mutate("squared hinge", True, holds=Not(lipschitz(loss=squared_hinge))),
    unbounded.mutate("the claim without not", False, holds=lipschitz()),
)

kink = Claim(
    id="l2-kink-at-zero",
    title="The L2 adversarial logistic loss has a kink",
    holds=Not(differentiable()),
    source="Kanai et al. 2021, binary linear case",
    kind="counterexample",
)
kink = with_mutants(
    kink,
    kink.mutate("off zero", False, given=[norm(theta) > 0]),
    kink.mutate("no attack", False, holds=Not(differentiable(radius=0))),
    kink.mutate(
        "hinge off zero", True, given=[norm(theta) > 0], holds=Not(differentiable(loss=hinge))
    ),
    kink.mutate(
        "squared hinge off zero",
        False,
        given=[norm(theta) > 0],
        holds=Not(differentiable(loss=squared_hinge)),
    ),
)
