r"""A larger attack set does more harm.

.. math:: l \le l_\epsilon^{(1)} \le l_\epsilon^{(2)} \le l_\epsilon^{(\infty)}
          \le l_{\epsilon\sqrt d}^{(2)}, \qquad
          \epsilon\le\epsilon' \Rightarrow l_\epsilon \le l_{\epsilon'}.

**Upper bounds**, attained at theta = 0, on a coordinate axis or on a diagonal.   Kinks: any.
Shapes: theta, x (d,); eps in the unit of x; sqrt(d) is norm(ones()).
Source: ours.
"""

from typing import Any

from sympy import Rational, S, oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Label,
    NormBall,
    Vector,
    dot,
    exponential,
    hinge,
    logistic,
    norm,
    ones,
)
from theory.claims import with_mutants

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps, larger = symbols("epsilon epsilon2", positive=True)
root = norm(ones())


def value(p: Any, radius: Any = eps, loss: Any = logistic) -> Any:
    return AdversarialLoss(loss, NormBall(p, radius)).value(theta, x, y)


def stated(name: str, title: str, holds: Any, given: Any = ()) -> Claim:
    return Claim(id=name, title=title, given=given, holds=holds, source="ours", kind="upper")


natural = logistic(y * dot(theta, x))
harm = stated("attack-harms", "An attack never lowers the loss", natural <= value(2))
low = stated(
    "l1-below-l2", "An L1 attack does no more harm than an L2 attack", value(1) <= value(2)
)
middle = stated(
    "l3-2-below-l3", "The 3-ball holds the 3/2-ball", value(Rational(3, 2)) <= value(S(3))
)
high = stated("l2-below-linf", "An L2 attack does no more harm than a box", value(2) <= value(oo))
back = stated(
    "linf-below-larger-l2",
    "A box lies in the L2 ball of sqrt(d) times its radius",
    value(oo) <= value(2, eps * root),
)
radius = stated(
    "larger-radius-harms",
    "A larger radius does more harm",
    value(2) <= value(2, larger),
    given=[eps <= larger],
)

harm = with_mutants(
    harm,
    harm.mutate("reversed", False, holds=natural >= value(2)),
    harm.mutate("strict", False, holds=natural < value(2)),
    harm.mutate("strict off zero", True, given=[norm(theta) > 0], holds=natural < value(2)),
)
low = with_mutants(
    low,
    low.mutate("reversed", False, holds=value(1) >= value(2)),
    low.mutate("hinge", True, holds=value(1, loss=hinge) <= value(2, loss=hinge)),
)
high = with_mutants(
    high,
    high.mutate("box below ball", False, holds=value(oo) <= value(2)),
    high.mutate("box of half the radius", False, holds=value(2) <= value(oo, eps / 2)),
    high.mutate("another loss", False, holds=value(2, loss=exponential) <= value(oo)),
    high.mutate("ball of radius eps sqrt d", False, holds=value(2, eps * root) <= value(oo)),
)
back = with_mutants(
    back,
    back.mutate("L1 ball of sqrt d", False, holds=value(oo) <= value(1, eps * root)),
    back.mutate("L1 ball of d", True, holds=value(oo) <= value(1, eps * root**2)),
    back.mutate("L2 below L1 of sqrt d", True, holds=value(2) <= value(1, eps * root)),
)
radius = with_mutants(
    radius,
    radius.mutate("hypothesis dropped", False, given=()),
    radius.mutate("hypothesis reversed", False, given=[eps >= larger]),
    radius.mutate("strict", False, holds=value(2) < value(2, larger)),
)
