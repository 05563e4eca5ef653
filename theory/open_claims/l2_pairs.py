r"""Sharper constants for pairs of gradients under an L2 attack, not proved by the machine.

With s(z) = 1/(1+e^{-z}), for all theta, theta' of norm at least rho and ||x|| <= B,

.. math:: \|\nabla l_\epsilon(\theta)-\nabla l_\epsilon(\theta')\| \le
          \Bigl(\frac{(B+\epsilon)^2}{4}+\frac{\epsilon\,s(\rho(B+\epsilon))}{\rho}\Bigr)
          \|\theta-\theta'\|

has a proof by hand: take phi' at the point of smaller norm, and s(z)/z decreases.

**Upper bounds**.   Kinks: theta = 0.   Shapes: theta, x (d,); eps and B in the unit of x.
Source: ours.
"""

from typing import Any

from sympy import exp, oo, symbols

from theory import AdversarialLoss, Claim, Label, Lipschitz, NormBall, Vector, logistic, norm
from theory.claims import with_mutants

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps, rho, B = symbols("epsilon rho B", positive=True)
loss = AdversarialLoss(logistic, NormBall(2, eps))


def lipschitz(constant: Any) -> Lipschitz:
    return Lipschitz(loss.gradient(theta, x, y), wrt=theta, constant=constant)


normal = (B + eps) ** 2 / 4
slope_aware = Claim(
    id="l2-slope-aware-constant",
    title="The turning of the L2 attack counts at most s(rho (B+eps)) times",
    given=[norm(theta) >= rho, norm(x) <= B],
    holds=lipschitz(normal + eps / (rho * (1 + exp(-rho * (B + eps))))),
    source="ours",
    kind="upper",
)
slope_aware = with_mutants(
    slope_aware,
    slope_aware.mutate("slope one", True, holds=lipschitz(normal + eps / rho)),
    slope_aware.mutate("slope one half", None, holds=lipschitz(normal + eps / (2 * rho))),
    slope_aware.mutate("slope one third", False, holds=lipschitz(normal + eps / (3 * rho))),
    slope_aware.mutate(
        "exponent negated",
        False,
        holds=lipschitz(normal + eps / (rho * (1 + exp(rho * (B + eps))))),
    ),
    slope_aware.mutate(
        "half of the first term",
        False,
        holds=lipschitz(normal / 2 + eps / (rho * (1 + exp(-rho * (B + eps))))),
    ),
    slope_aware.mutate("x unbounded", False, given=[norm(theta) >= rho]),
    slope_aware.mutate("oo-norm of x", False, given=[norm(theta) >= rho, norm(x, oo) <= B]),
    slope_aware.mutate("1-norm of x", True, given=[norm(theta) >= rho, norm(x, 1) <= B]),
)
