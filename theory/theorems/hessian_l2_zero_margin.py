r"""A point where the curvature under an L2 attack is large: zero adversarial margin.

If y<theta, x> = eps ||theta|| with theta != 0, then v = yx - eps theta/||theta|| satisfies

.. math:: \nabla^2 l_\epsilon(\theta)\,v = \Bigl(\frac{\|x\|^2-\epsilon^2}{4}
          + \frac{\epsilon}{2\|\theta\|}\Bigr) v.

**Lower bound** for every smoothness constant: above the natural ||x||^2/4 when
||theta|| < 2/eps, and no better than (||x||^2 - eps^2)/4 however far out.
Kinks: theta = 0.   Shapes: theta, x, v (d,); eps in the unit of x.
Source: ours.   Needs: the hypothesis forces ||x|| >= eps.
"""

from typing import Any

from sympy import Eq, symbols

from theory import AdversarialLoss, Claim, Equal, Label, NormBall, Vector, dot, logistic, norm, unit
from theory.claims import with_mutants

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps = symbols("epsilon", positive=True)
hess = AdversarialLoss(logistic, NormBall(2, eps)).hessian(theta, x, y)
v = y * x - eps * unit(theta)
off_zero, zero_margin = norm(theta) > 0, Eq(y * dot(theta, x), eps * norm(theta))
normal, turning = (norm(x) ** 2 - eps**2) / 4, eps / (2 * norm(theta))


def eigenvector(value: Any, vector: Any = v) -> Equal:
    return Equal(hess @ vector, value * vector)


at_zero_margin = Claim(
    id="l2-hessian-zero-margin",
    title="At zero margin yx - eps theta/||theta|| is an eigenvector of the Hessian",
    given=[off_zero, zero_margin],
    holds=eigenvector(normal + turning),
    source="ours",
    about=[AdversarialLoss(logistic, NormBall(2, eps))],
    kind="lower",
)
at_zero_margin = with_mutants(
    at_zero_margin,
    at_zero_margin.mutate("twice the turning", False, holds=eigenvector(normal + 2 * turning)),
    at_zero_margin.mutate("no turning", False, holds=eigenvector(normal)),
    at_zero_margin.mutate(
        "natural curvature", False, holds=eigenvector(norm(x) ** 2 / 4 + turning)
    ),
    at_zero_margin.mutate(
        "sum of squares", False, holds=eigenvector((norm(x) ** 2 + eps**2) / 4 + turning)
    ),
    at_zero_margin.mutate(
        "square of the difference", False, holds=eigenvector((norm(x) - eps) ** 2 / 4 + turning)
    ),
    at_zero_margin.mutate("any margin", False, given=[off_zero]),
    at_zero_margin.mutate("zero natural margin", False, given=[off_zero, Eq(dot(theta, x), 0)]),
    at_zero_margin.mutate(
        "label dropped", False, given=[off_zero, Eq(dot(theta, x), eps * norm(theta))]
    ),
    at_zero_margin.mutate("direction x", False, holds=eigenvector(normal + turning, x)),
    at_zero_margin.mutate("direction theta", True, holds=eigenvector(0, theta)),
    at_zero_margin.mutate(
        "norm of theta squared", False, holds=eigenvector(normal + turning / norm(theta))
    ),
)
