r"""Under an L2 attack the curvature across theta and x is the turning of the attack.

For theta != 0 and every h with <h, theta> = <h, x> = 0,

.. math:: \nabla^2 l_\epsilon(\theta)\,h = \frac{\epsilon}{\|\theta\|\,(1+e^{u})}\,h.

**Identity**: an eigenvalue of multiplicity at least d - 2.   Kinks: theta = 0.
Shapes: theta, x, h (d,); the eigenvalue in the unit of x squared.
Source: ours.
"""

from typing import Any

from sympy import Eq, exp, oo, symbols

from theory import AdversarialLoss, Claim, Equal, Label, NormBall, Vector, dot, logistic, norm
from theory.claims import with_mutants

theta, x, h, y = Vector("theta"), Vector("x"), Vector("h"), Label("y")
eps = symbols("epsilon", positive=True)
loss = AdversarialLoss(logistic, NormBall(2, eps))
hess = loss.hessian(theta, x, y)
u = loss.margin(theta, x, y)
rate = eps / (norm(theta) * (1 + exp(u)))
off_zero, across_theta, across_x = norm(theta) > 0, Eq(dot(h, theta), 0), Eq(dot(h, x), 0)


def eigenvector(value: Any) -> Equal:
    return Equal(hess @ h, value * h)


tangential = Claim(
    id="l2-hessian-tangential",
    title="Across theta and x the Hessian multiplies by eps s(-u)/||theta||",
    given=[off_zero, across_theta, across_x],
    holds=eigenvector(rate),
    source="ours",
    about=[loss],
    kind="identity",
)
tangential = with_mutants(
    tangential,
    tangential.mutate("not across theta", False, given=[off_zero, across_x]),
    tangential.mutate("not across x", False, given=[off_zero, across_theta]),
    tangential.mutate("norm of theta dropped", False, holds=eigenvector(rate * norm(theta))),
    tangential.mutate("norm of theta squared", False, holds=eigenvector(rate / norm(theta))),
    tangential.mutate("eps squared", False, holds=eigenvector(eps * rate)),
    tangential.mutate("margin negated", False, holds=eigenvector(rate * exp(u))),
    tangential.mutate(
        "natural margin",
        False,
        holds=eigenvector(eps / (norm(theta) * (1 + exp(y * dot(theta, x))))),
    ),
    tangential.mutate("half", False, holds=eigenvector(rate / 2)),
    tangential.mutate("no curvature", False, holds=eigenvector(0)),
    tangential.mutate(
        "no curvature under the box",
        False,
        holds=Equal(AdversarialLoss(logistic, NormBall(oo, eps)).hessian(theta, x, y) @ h, 0 * h),
    ),
    tangential.mutate("quadratic form", True, holds=Eq(dot(h, hess @ h), rate * norm(h) ** 2)),
)
