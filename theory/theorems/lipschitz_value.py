r"""The adversarial logistic loss itself is Lipschitz, kinks and all.

.. math:: |l_\epsilon(\theta)-l_\epsilon(\theta')| \le (\|x\|+\epsilon)\,\|\theta-\theta'\|
          \text{ (L2)}, \qquad \bigl\||x|+\epsilon 1\bigr\|\,\|\theta-\theta'\|
          \text{ (L-infinity)},
          \qquad |l_\epsilon-l_{\epsilon'}| \le \|\theta\|\,|\epsilon-\epsilon'|.

**Tight**: approached far out, where the slope of the logistic loss is 1.   Kinks: harmless here.
Shapes: theta, x (d,); eps in the unit of x.
Source: ours; the first is a standard assumption of Liu et al. 2020, here proved.
"""

from typing import Any

from sympy import Rational, oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Label,
    Lipschitz,
    NormBall,
    Vector,
    absolute,
    hinge,
    logistic,
    norm,
    ones,
    squared_hinge,
)
from theory.claims import with_mutants

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps = symbols("epsilon", positive=True)


def lipschitz(p: Any, constant: Any, wrt: Any = theta, loss: Any = logistic) -> Lipschitz:
    value = AdversarialLoss(loss, NormBall(p, eps)).value(theta, x, y)
    return Lipschitz(value, wrt=wrt, constant=constant)


def stated(name: str, title: str, holds: Any) -> Claim:
    return Claim(id=name, title=title, holds=holds, source="ours", kind="tight")


l2 = stated(
    "l2-loss-lipschitz",
    "The L2 adversarial logistic loss is (||x||+eps)-Lipschitz",
    lipschitz(2, norm(x) + eps),
)
linf = stated(
    "linf-loss-lipschitz",
    "The L-infinity adversarial logistic loss is Lipschitz",
    lipschitz(oo, norm(absolute(x) + eps * ones())),
)
in_eps = stated(
    "l2-loss-lipschitz-in-eps",
    "The loss grows with the radius at most at ||theta||",
    lipschitz(2, norm(theta), wrt=eps),
)

l2 = with_mutants(
    l2,
    l2.mutate("natural", False, holds=lipschitz(2, norm(x))),
    l2.mutate("attack only", False, holds=lipschitz(2, eps)),
    l2.mutate("half", False, holds=lipschitz(2, (norm(x) + eps) / 2)),
    l2.mutate("one percent less", False, holds=lipschitz(2, Rational(99, 100) * (norm(x) + eps))),
    l2.mutate("oo-norm", False, holds=lipschitz(2, norm(x, oo) + eps)),
    l2.mutate("1-norm", True, holds=lipschitz(2, norm(x, 1) + eps)),
    l2.mutate("hinge", True, holds=lipschitz(2, norm(x) + eps, loss=hinge)),
    l2.mutate("squared hinge", False, holds=lipschitz(2, norm(x) + eps, loss=squared_hinge)),
    l2.mutate("box attack", False, holds=lipschitz(oo, norm(x) + eps)),
)
linf = with_mutants(
    linf,
    linf.mutate("triangle inequality", True, holds=lipschitz(oo, norm(x) + eps * norm(ones()))),
    linf.mutate("L1 attack", True, holds=lipschitz(1, norm(x) + eps)),
)
in_eps = with_mutants(
    in_eps,
    in_eps.mutate("1-norm", True, holds=lipschitz(2, norm(theta, 1), wrt=eps)),
    in_eps.mutate("oo-norm", False, holds=lipschitz(2, norm(theta, oo), wrt=eps)),
    in_eps.mutate("half", False, holds=lipschitz(2, norm(theta) / 2, wrt=eps)),
)
