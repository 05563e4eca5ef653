r"""[conjecture] Half of the usual turning term is enough for pairs, too.

For all theta, theta' of norm at least rho and ||x|| <= B,

.. math:: \|\nabla l_\epsilon(\theta)-\nabla l_\epsilon(\theta')\|
          \le \Bigl(\frac{(B+\epsilon)^2}{4}+\frac{\epsilon}{2\rho}\Bigr)\|\theta-\theta'\|.

**Upper bound**, proved for Hessians only: the set of such theta is not convex.   Kinks: theta = 0.
Shapes: theta, x (d,); eps and B in the unit of x, rho in the unit of theta.
Source: ours; only numerical support.
"""

from typing import Any

from sympy import Rational, oo, symbols

from theory import AdversarialLoss, Claim, Label, Lipschitz, NormBall, Vector, logistic, norm
from theory.claims import with_mutants

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps, rho, B = symbols("epsilon rho B", positive=True)


def lipschitz(constant: Any, p: Any = 2) -> Lipschitz:
    field = AdversarialLoss(logistic, NormBall(p, eps)).gradient(theta, x, y)
    return Lipschitz(field, wrt=theta, constant=constant)


away, bounded = norm(theta) >= rho, norm(x) <= B
normal, turning = (B + eps) ** 2 / 4, eps / (2 * rho)

two_point = Claim(
    id="l2-two-point-half-turning",
    title="The gradient under an L2 attack is ((B+eps)^2/4 + eps/(2 rho))-Lipschitz",
    given=[away, bounded],
    holds=lipschitz(normal + turning),
    source="ours",
    kind="conjecture",
)
two_point = with_mutants(
    two_point,
    two_point.mutate("quarter of the turning", False, holds=lipschitz(normal + turning / 2)),
    two_point.mutate(
        "a fiftieth less turning", False, holds=lipschitz(normal + Rational(49, 50) * turning)
    ),
    two_point.mutate("natural first term", False, holds=lipschitz(B**2 / 4 + turning)),
    two_point.mutate("sum of squares", False, holds=lipschitz((B**2 + eps**2) / 4 + turning)),
    two_point.mutate("minus sign", False, holds=lipschitz((B - eps) ** 2 / 4 + turning)),
    two_point.mutate("half of the first term", False, holds=lipschitz(normal / 2 + turning)),
    two_point.mutate("x unbounded", False, given=[away]),
    two_point.mutate("theta near zero", False, given=[bounded]),
    two_point.mutate("usual turning", True, holds=lipschitz(normal + 2 * turning)),
    two_point.mutate("box attack", False, holds=lipschitz(normal + turning, p=oo)),
    two_point.mutate("oo-norm of x", False, given=[away, norm(x, oo) <= B]),
)
