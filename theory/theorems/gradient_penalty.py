r"""An attack is a penalty on the input gradient, up to a square.

For the natural logistic loss l, whose input gradient has the dual norm s(-m) ||theta||_q,

.. math:: l + \epsilon\,\|\nabla_x l\|_q \le l_\epsilon
          \le l + \epsilon\,\|\nabla_x l\|_q + \tfrac18\,\epsilon^2\|\theta\|_q^2 .

**Tight**: both sides agree at first order in eps, the upper one at second order at margin 0.
Kinks: those of the dual norm.   Shapes: theta, x (d,); eps in the unit of x.
Source: ours; double back-propagation and gradient penalties are the first order.
"""

from typing import Any

from sympy import Eq, Rational, S, oo, symbols

from theory import AdversarialLoss, Claim, Label, NormBall, Vector, dot, gradient, logistic, norm
from theory.claims import with_mutants

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps = symbols("epsilon", positive=True)
natural = logistic(y * dot(theta, x))
steep = -logistic.slope(y * dot(theta, x))


def value(p: Any) -> Any:
    return AdversarialLoss(logistic, NormBall(p, eps)).value(theta, x, y)


def penalised(q: Any, bend: Any = S.Zero, weight: Any = eps) -> Any:
    return natural + weight * steep * norm(theta, q) + bend * eps**2 * norm(theta, q) ** 2


size = Claim(
    id="input-gradient-size",
    title="The input gradient of the logistic loss is the slope times theta",
    holds=Eq(norm(gradient(natural, x)), steep * norm(theta)),
    source="ours",
    kind="identity",
)
size = with_mutants(
    size,
    size.mutate("without the slope", False, holds=Eq(norm(gradient(natural, x)), norm(theta))),
    size.mutate("at most", True, holds=norm(gradient(natural, x)) <= norm(theta)),
    size.mutate("at most half", False, holds=norm(gradient(natural, x)) <= norm(theta) / 2),
)


def lower(name: str, p: Any, q: Any) -> Claim:
    return Claim(
        id=f"{name}-attack-above-penalty",
        title=f"An attack in the {p}-ball harms at least as much as its gradient penalty",
        holds=value(p) >= penalised(q),
        source="ours",
        kind="tight",
    )


l2, linf = lower("l2", 2, 2), lower("linf", oo, 1)
l2 = with_mutants(
    l2,
    l2.mutate("a hair more", False, holds=value(2) >= penalised(2, weight=eps * 1001 / 1000)),
    l2.mutate("1-norm", False, holds=value(2) >= penalised(1)),
    l2.mutate("oo-norm", True, holds=value(2) >= penalised(oo)),
    l2.mutate("reversed", False, holds=value(2) <= penalised(2)),
    l2.mutate("with a square", False, holds=value(2) >= penalised(2, Rational(1, 100))),
)
linf = with_mutants(
    linf,
    linf.mutate("2-norm", True, holds=value(oo) >= penalised(2)),
    linf.mutate("twice", False, holds=value(oo) >= penalised(1, weight=2 * eps)),
)
upper = Claim(
    id="l2-attack-near-penalty",
    title="An L2 attack harms at most eps^2 ||theta||^2/8 more than its gradient penalty",
    holds=value(2) <= penalised(2, Rational(1, 8)),
    source="ours",
    kind="tight",
)
upper = with_mutants(
    upper,
    upper.mutate("a ninth", False, holds=value(2) <= penalised(2, Rational(1, 9))),
    upper.mutate("a seventh", True, holds=value(2) <= penalised(2, Rational(1, 7))),
    upper.mutate(
        "strict", True, given=[norm(theta) > 0], holds=value(2) < penalised(2, Rational(1, 8))
    ),
    upper.mutate("L-infinity attack", False, holds=value(oo) <= penalised(2, Rational(1, 8))),
    upper.mutate("strict at zero", False, holds=value(2) < penalised(2, Rational(1, 8))),
)
