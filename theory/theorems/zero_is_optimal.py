r"""Too strong an attack makes the zero classifier optimal.

.. math:: \|x\|_p \le \epsilon \ \Rightarrow\ l_\epsilon(\theta) \ge \log 2 = l_\epsilon(0)
          \text{ for every } \theta,

in the norm p of the attack; for data, the norm of the mean of y_n x_n.

**Identity of regimes**, in two halves: a larger ||x|| has a theta with a smaller loss.
Kinks: theta = 0, the minimiser.   Shapes: theta, x (d,); eps in the unit of x.
Source: ours.   Needs: Hölder's inequality; for two points Jensen's.
"""

from typing import Any

from sympy import Rational, log, oo, symbols

from theory import AdversarialLoss, Claim, Label, NormBall, Vector, exponential, logistic, norm
from theory.claims import with_mutants

theta, x, x2 = Vector("theta"), Vector("x"), Vector("x2")
y, y2 = Label("y"), Label("y2")
eps = symbols("epsilon", positive=True)


def value(p: Any, at: Any = theta, point: Any = x, label: Any = y, loss: Any = logistic) -> Any:
    return AdversarialLoss(loss, NormBall(p, eps)).value(at, point, label)


def stated(name: str, p: Any) -> Claim:
    return Claim(
        id=f"{name}-zero-is-optimal",
        title=f"If the {p}-norm of x is at most eps, no classifier beats zero",
        given=[norm(x, p) <= eps],
        holds=value(p) >= log(2),
        source="ours",
        kind="tight",
    )


l2, linf, l1 = stated("l2", 2), stated("linf", oo), stated("l1", 1)
l2 = with_mutants(
    l2,
    l2.mutate("twice the radius", False, given=[norm(x) <= 2 * eps]),
    l2.mutate("a hair more", False, given=[norm(x) <= Rational(1001, 1000) * eps]),
    l2.mutate("oo-norm of x", False, given=[norm(x, oo) <= eps]),
    l2.mutate("1-norm of x", True, given=[norm(x, 1) <= eps]),
    l2.mutate("any x", False, given=()),
    l2.mutate("strict", False, holds=value(2) > log(2)),
    l2.mutate("loss one", False, holds=value(2) >= 1),
    l2.mutate("loss one half", True, holds=value(2) >= Rational(1, 2)),
    l2.mutate("exponential loss", True, holds=value(2, loss=exponential) >= 1),
)
linf = with_mutants(linf, linf.mutate("2-norm of x", True, given=[norm(x) <= eps]))
l1 = with_mutants(l1, l1.mutate("2-norm of x", False, given=[norm(x) <= eps]))


def tangent(point: Any, label: Any) -> Any:
    """The logistic loss lies above its tangent at 0."""
    u = AdversarialLoss(logistic, NormBall(2, eps)).margin(theta, point, label)
    return logistic(u) >= log(2) - u / 2


two_points = Claim(
    id="l2-zero-is-optimal-for-two",
    title="For two data points it is the mean of y x that counts",
    given=[norm(y * x + y2 * x2) / 2 <= eps],
    holds=(value(2) + value(2, point=x2, label=y2)) / 2 >= log(2),
    source="ours",
    kind="tight",
    lemmas=[tangent(x, y), tangent(x2, y2)],
)
two_points = with_mutants(
    two_points,
    two_points.mutate("labels dropped", False, given=[norm(x + x2) / 2 <= eps]),
    two_points.mutate("sum for mean", True, given=[norm(y * x + y2 * x2) <= eps]),
    two_points.mutate("a third for the mean", False, given=[norm(y * x + y2 * x2) / 3 <= eps]),
    two_points.mutate("each loss", False, holds=value(2) >= log(2)),
)

weak_attack = Claim(
    id="l2-zero-is-not-optimal",
    title="If ||x|| > eps, the parameters yx beat zero",
    given=[norm(x) > eps],
    holds=value(2, at=y * x) < log(2),
    source="ours",
    kind="tight",
)
weak_attack = with_mutants(
    weak_attack,
    weak_attack.mutate("equality allowed", False, given=[norm(x) >= eps]),
    weak_attack.mutate("label dropped", False, holds=value(2, at=x) < log(2)),
    weak_attack.mutate("in the 1-norm", False, given=[norm(x, 1) > eps]),
    weak_attack.mutate("in the oo-norm", True, given=[norm(x, oo) > eps]),
)
