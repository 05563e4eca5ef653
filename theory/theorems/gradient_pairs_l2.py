r"""Two gradients under an L2 attack, for every pair of nonzero parameters.

.. math:: \|\nabla l_\epsilon(\theta)-\nabla l_\epsilon(\theta')\|
          \le \Bigl(\frac{(\|x\|+\epsilon)^2}{4}+\frac{2\epsilon}{\|\theta\|+\|\theta'\|}\Bigr)
          \|\theta-\theta'\|.

**Upper bound**, within a factor 2 near the origin.   Kinks: theta = 0 or theta' = 0.
Shapes: theta, theta', x (d,); eps in the unit of x.
Source: ours.   Needs: no segment between the points, so no convex domain.
"""

from typing import Any

from sympy import oo, sqrt, symbols

from theory import AdversarialLoss, Claim, Label, NormBall, Vector, logistic, norm
from theory.claims import with_mutants

theta, other, x, y = Vector("theta"), Vector("theta2"), Vector("x"), Label("y")
eps = symbols("epsilon", positive=True)


def apart(p: Any) -> Any:
    loss = AdversarialLoss(logistic, NormBall(p, eps))
    return norm(loss.gradient(theta, x, y) - loss.gradient(other, x, y))


def bound(constant: Any, p: Any = 2) -> Any:
    return apart(p) <= constant * norm(theta - other)


normal, sizes = (norm(x) + eps) ** 2 / 4, norm(theta) + norm(other)

pairs = Claim(
    id="l2-gradient-pairs",
    title="Gradients under an L2 attack differ by at most ((||x||+eps)^2/4 + 2 eps/(sum)) apart",
    given=[norm(theta) > 0, norm(other) > 0],
    holds=bound(normal + 2 * eps / sizes),
    source="ours",
    kind="upper",
)
pairs = with_mutants(
    pairs,
    pairs.mutate("half of the turning", None, holds=bound(normal + eps / sizes)),
    pairs.mutate("quarter of the turning", False, holds=bound(normal + eps / (2 * sizes))),
    pairs.mutate("turning only", False, holds=bound(2 * eps / sizes)),
    pairs.mutate("no turning", False, holds=bound(normal)),
    pairs.mutate("half of the first term", False, holds=bound(normal / 2 + 2 * eps / sizes)),
    pairs.mutate("minus sign", False, holds=bound((norm(x) - eps) ** 2 / 4 + 2 * eps / sizes)),
    pairs.mutate("sum squared", False, holds=bound(normal + 2 * eps / sizes**2)),
    pairs.mutate(
        "oo-norm of x", False, holds=bound((norm(x, oo) + eps) ** 2 / 4 + 2 * eps / sizes)
    ),
    pairs.mutate("box attack", False, holds=bound(normal + 2 * eps / sizes, p=oo)),
    pairs.mutate(
        "geometric mean", True, holds=bound(normal + eps / sqrt(norm(theta) * norm(other)))
    ),
    pairs.mutate("1-norm of x", True, holds=bound((norm(x, 1) + eps) ** 2 / 4 + 2 * eps / sizes)),
)
