r"""A pointwise bound on the curvature under an L2 attack, with half the usual second term.

For theta != 0 and every h,

.. math:: \langle h,\nabla^2 l_\epsilon(\theta)\,h\rangle
          \le \Bigl(\frac{(\|x\|+\epsilon)^2}{4}+\frac{\epsilon}{2\|\theta\|}\Bigr)\|h\|^2.

**Upper bound**; the factor 1/2 is the best as theta -> 0.   Kinks: theta = 0.
Shapes: theta, x, h (d,); eps in the unit of x.
Source: ours.   Needs: no hypothesis on x; it bounds a Hessian, not a pair of gradients.
"""

from typing import Any

from sympy import Rational, exp, oo, symbols

from theory import AdversarialLoss, Claim, Label, NormBall, Vector, dot, logistic, norm
from theory.claims import with_mutants

theta, x, h, y = Vector("theta"), Vector("x"), Vector("h"), Label("y")
eps = symbols("epsilon", positive=True)
loss = AdversarialLoss(logistic, NormBall(2, eps))
form = dot(h, loss.hessian(theta, x, y) @ h)
normal, turning = (norm(x) + eps) ** 2 / 4, eps / (2 * norm(theta))
u = loss.margin(theta, x, y)


def bound(constant: Any) -> Any:
    return form <= constant * norm(h) ** 2


half_turning = Claim(
    id="l2-hessian-bound",
    title="The Hessian is at most (||x||+eps)^2/4 + eps/(2 ||theta||)",
    given=[norm(theta) > 0],
    holds=bound(normal + turning),
    source="ours",
    about=[loss],
    kind="upper",
    lemmas=[
        1 / (1 + exp(u)) <= Rational(1, 2) + (abs(u) - u) / 8,
        exp(u) / (1 + exp(u)) ** 2 <= Rational(1, 4),
    ],
)
half_turning = with_mutants(
    half_turning,
    half_turning.mutate("a quarter of the turning", False, holds=bound(normal + turning / 2)),
    half_turning.mutate(
        "two percent less turning", False, holds=bound(normal + Rational(49, 50) * turning)
    ),
    half_turning.mutate("natural first term", False, holds=bound(norm(x) ** 2 / 4 + turning)),
    half_turning.mutate(
        "sum of squares", False, holds=bound((norm(x) ** 2 + eps**2) / 4 + turning)
    ),
    half_turning.mutate("minus sign", False, holds=bound((norm(x) - eps) ** 2 / 4 + turning)),
    half_turning.mutate("an eighth", False, holds=bound(normal / 2 + turning)),
    half_turning.mutate("no turning", False, holds=bound(normal)),
    half_turning.mutate("turning only", False, holds=bound(turning)),
    half_turning.mutate("oo-norm of x", False, holds=bound((norm(x, oo) + eps) ** 2 / 4 + turning)),
    half_turning.mutate("1-norm of x", True, holds=bound((norm(x, 1) + eps) ** 2 / 4 + turning)),
    half_turning.mutate("twice the turning", True, holds=bound(normal + 2 * turning)),
    half_turning.mutate(
        "norm of theta squared", False, holds=bound(normal + turning / norm(theta))
    ),
    half_turning.mutate("strict", False, holds=form < (normal + turning) * norm(h) ** 2),
)
