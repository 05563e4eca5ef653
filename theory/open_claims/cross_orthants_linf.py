r"""Two gradients under an L-infinity attack, in any two orthants.

With w = |x| + eps 1 and u, u' the adversarial margins,

.. math:: \|\nabla l_\epsilon(\theta)-\nabla l_\epsilon(\theta')\|
          \le \tfrac14\|w\|^2\,\|\theta-\theta'\|
          + \epsilon\,\|\operatorname{sign}\theta-\operatorname{sign}\theta'\|\,
          \min\Bigl(\frac{1}{1+e^{u}},\frac{1}{1+e^{u'}}\Bigr).

**Upper bound**, attained in the limit; the last norm is 2 sqrt(k) for k changed signs.
Kinks: some theta_i = 0, where the gradient is taken with sign 0.
Shapes: theta, theta', x (d,); eps in the unit of x.
Source: ours.
"""

from typing import Any

from sympy import Max, Min, exp, oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Label,
    NormBall,
    Vector,
    absolute,
    logistic,
    norm,
    ones,
    sign,
)
from theory.claims import with_mutants

theta, other, x, y = Vector("theta"), Vector("theta2"), Vector("x"), Label("y")
eps = symbols("epsilon", positive=True)
loss = AdversarialLoss(logistic, NormBall(oo, eps))
apart = norm(loss.gradient(theta, x, y) - loss.gradient(other, x, y))
slopes = [1 / (1 + exp(loss.margin(t, x, y))) for t in (theta, other)]
smooth = norm(absolute(x) + eps * ones()) ** 2 / 4
flips = eps * norm(sign(theta) - sign(other))


def bound(constant: Any, jump: Any) -> Any:
    return apart <= constant * norm(theta - other) + jump


across = Claim(
    id="linf-gradient-pairs",
    title="Gradients under an L-infinity attack: a Lipschitz part and a jump for each sign change",
    holds=bound(smooth, flips * Min(*slopes)),
    source="ours",
    kind="upper",
)
across = with_mutants(
    across,
    across.mutate("larger slope", True, holds=bound(smooth, flips * Max(*slopes))),
    across.mutate("slope one", True, holds=bound(smooth, flips)),
    across.mutate("slope one half", False, holds=bound(smooth, flips / 2)),
    across.mutate("no jump", False, holds=bound(smooth, 0)),
    across.mutate("half the jump", False, holds=bound(smooth, flips * Min(*slopes) / 2)),
    across.mutate("jump only", False, holds=bound(0, flips * Min(*slopes))),
    across.mutate("half the Lipschitz part", False, holds=bound(smooth / 2, flips * Min(*slopes))),
    across.mutate(
        "constant of the L2 attack",
        False,
        holds=bound((norm(x) + eps) ** 2 / 4, flips * Min(*slopes)),
    ),
    across.mutate(
        "triangle inequality",
        True,
        holds=bound((norm(x) + eps * norm(ones())) ** 2 / 4, flips * Min(*slopes)),
    ),
    across.mutate("eps squared", False, holds=bound(smooth, eps * flips * Min(*slopes))),
)
