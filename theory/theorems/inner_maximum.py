r"""No attack in the ball does more harm than the closed form says.

For every delta with ||delta||_p <= eps,

.. math:: \log\bigl(1+e^{-y\langle\theta,x+\delta\rangle}\bigr)
          \le \log\bigl(1+e^{-y\langle\theta,x\rangle+\epsilon\|\theta\|_q}\bigr).

**Tight**: attained by the optimal attack.   Kinks: where the dual norm has them.
Shapes: theta, x, delta (d,); eps in the unit of x.
Source: Kanai et al. 2021, binary linear case, for p = 2 and oo; ours for the others.
"""

from typing import Any

from sympy import Rational, S, oo, symbols

from theory import AdversarialLoss, Claim, Label, NormBall, Vector, dot, logistic, norm
from theory.claims import with_mutants

theta, x, delta, y = Vector("theta"), Vector("x"), Vector("delta"), Label("y")
eps = symbols("epsilon", positive=True)
attacked = logistic(y * dot(theta, x + delta))
THEIRS, OURS = "Kanai et al. 2021, binary linear case", "ours"


def with_loss(damage: Any) -> Any:
    return attacked <= logistic(y * dot(theta, x) - damage)


def stated(name: str, p: Any, source: Any) -> Claim:
    return Claim(
        id=f"{name}-inner-maximum",
        title=f"The closed form bounds every attack in the {p}-ball",
        given=[norm(delta, p) <= eps],
        holds=attacked <= AdversarialLoss(logistic, NormBall(p, eps)).value(theta, x, y),
        source=source,
        kind="tight",
    )


l1 = stated("l1", S(1), OURS)
l3_2 = stated("l3-2", Rational(3, 2), OURS)
l2 = stated("l2", S(2), THEIRS)
l3 = stated("l3", S(3), OURS)
linf = stated("linf", oo, THEIRS)

l1 = with_mutants(
    l1,
    l1.mutate("2-norm", True, holds=with_loss(eps * norm(theta))),
    l1.mutate("half the oo-norm", False, holds=with_loss(eps * norm(theta, oo) / 2)),
)
l3_2 = with_mutants(l3_2, l3_2.mutate("conjugate of 2", True, holds=with_loss(eps * norm(theta))))
l2 = with_mutants(
    l2,
    l2.mutate("oo-norm", False, holds=with_loss(eps * norm(theta, oo))),
    l2.mutate("1-norm", True, holds=with_loss(eps * norm(theta, 1))),
    l2.mutate("hypothesis dropped", False, given=()),
    l2.mutate("larger ball", False, given=[norm(delta) <= 2 * eps]),
    l2.mutate("box", False, given=[norm(delta, oo) <= eps]),
    l2.mutate("a hair less", False, holds=with_loss(Rational(999, 1000) * eps * norm(theta))),
    l2.mutate("strict", False, holds=attacked < logistic(y * dot(theta, x) - eps * norm(theta))),
    l2.mutate("reversed", False, holds=attacked >= logistic(y * dot(theta, x) - eps * norm(theta))),
    l2.mutate("sign of the attack", False, holds=with_loss(-eps * norm(theta))),
)
l3 = with_mutants(l3, l3.mutate("conjugate of 2", False, holds=with_loss(eps * norm(theta))))
linf = with_mutants(linf, linf.mutate("2-norm", False, holds=with_loss(eps * norm(theta))))
