r"""How loose the usual smoothness constant is, and two that are better.

The usual constant is (||x||+eps)^2/4 + eps/rho.  With s(z) = 1/(1+e^{-z}) the second term may be
multiplied by s(rho (||x||+eps)) < 1 for every pair with norms at least rho, and at one point

.. math:: \langle h,\nabla^2 l_\epsilon(\theta)\,h\rangle
          \le \Bigl((\|x\|+\epsilon)^2 e^{\|\theta\|(\|x\|-\epsilon)}
          + \frac{\epsilon}{\|\theta\|}\Bigr)\|h\|^2:

under an attack with eps > ||x|| the loss becomes flat far out, flatter than natural training.

**Upper bounds**.   Kinks: theta = 0.   Shapes: theta, x, h (d,); eps in the unit of x.
Source: ours.
"""

from typing import Any

from sympy import exp, symbols

from theory import AdversarialLoss, Claim, Label, Lipschitz, NormBall, Vector, dot, logistic, norm
from theory.claims import with_mutants

theta, x, h, y = Vector("theta"), Vector("x"), Vector("h"), Label("y")
eps, rho, B = symbols("epsilon rho B", positive=True)
loss = AdversarialLoss(logistic, NormBall(2, eps))
form = dot(h, loss.hessian(theta, x, y) @ h)
u = loss.margin(theta, x, y)
reach, gap, turning = norm(x) + eps, norm(x) - eps, eps / norm(theta)


def bound(constant: Any) -> Any:
    return form <= constant * norm(h) ** 2


far_out = Claim(
    id="l2-flat-far-out",
    title="Under an attack larger than ||x|| the curvature dies out with ||theta||",
    given=[norm(theta) > 0],
    holds=bound(reach**2 * exp(norm(theta) * gap) + turning),
    source="ours",
    about=[loss],
    kind="upper",
    lemmas=[
        logistic.slope(u, 2) <= exp(u),
        exp(u) <= exp(norm(theta) * gap),
    ],
)
far_out = with_mutants(
    far_out,
    far_out.mutate(
        "exponent negated", False, holds=bound(reach**2 * exp(-norm(theta) * gap) + turning)
    ),
    far_out.mutate(
        "twice the attack in the exponent",
        False,
        holds=bound(reach**2 * exp(norm(theta) * (gap - eps)) + turning),
    ),
    far_out.mutate(
        "x left out of the exponent",
        False,
        holds=bound(reach**2 * exp(-norm(theta) * eps) + turning),
    ),
    far_out.mutate(
        "half of the turning", False, holds=bound(reach**2 * exp(norm(theta) * gap) + turning / 2)
    ),
    far_out.mutate("no turning", False, holds=bound(reach**2 * exp(norm(theta) * gap))),
    far_out.mutate("turning only", False, holds=bound(turning)),
    far_out.mutate(
        "norm of theta squared",
        False,
        holds=bound(reach**2 * exp(norm(theta) * gap) + turning / norm(theta)),
    ),
    far_out.mutate("no decay", True, holds=bound(reach**2 + turning)),
)


def lipschitz(constant: Any) -> Lipschitz:
    return Lipschitz(loss.gradient(theta, x, y), wrt=theta, constant=constant)
