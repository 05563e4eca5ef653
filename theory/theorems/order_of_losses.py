r"""An order of the loss functions is an order of their adversarial losses.

.. math:: \log(1+e^{-u}) \le e^{-u}, \qquad \max(0, 1-u) \le e^{-u}, \qquad
          \max(0,-u) \le \log(1+e^{-u}) \le \max(0,-u) + \log 2,

at the same adversarial margin u, whatever the attack.

**Upper bounds**; the second is attained at u = 0, the last two at u -> +-oo and u = 0.
Kinks: those of the hinge.   Shapes: theta, x (d,); eps in the unit of x.
Source: ours.
"""

from typing import Any

from sympy import And, Max, Rational, log, oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Label,
    NormBall,
    Vector,
    exponential,
    hinge,
    logistic,
    squared_hinge,
)
from theory.claims import with_mutants

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps = symbols("epsilon", positive=True)


def value(loss: Any, p: Any = 2) -> Any:
    return AdversarialLoss(loss, NormBall(p, eps)).value(theta, x, y)


u = AdversarialLoss(logistic, NormBall(2, eps)).margin(theta, x, y)


def stated(name: str, title: str, holds: Any) -> Claim:
    return Claim(id=name, title=title, holds=holds, source="ours", kind="upper")


by_exponential = stated(
    "logistic-below-exponential",
    "logistic <= exponential, attacked or not",
    value(logistic) <= value(exponential),
)
hinge_first = stated(
    "hinge-below-exponential",
    "hinge <= exponential, under a box attack",
    value(hinge, oo) <= value(exponential, oo),
)
sandwich = stated(
    "logistic-between-ramps",
    "The logistic loss lies within log 2 of max(0, -u)",
    And(Max(0, -u) <= value(logistic), value(logistic) <= Max(0, -u) + log(2)),
)

by_exponential = with_mutants(
    by_exponential,
    by_exponential.mutate("reversed", False, holds=value(logistic) >= value(exponential)),
    by_exponential.mutate("strict", True, holds=value(logistic) < value(exponential)),
    by_exponential.mutate("half", False, holds=value(logistic) <= value(exponential) / 2),
    by_exponential.mutate(
        "box against ball", False, holds=value(logistic, oo) <= value(exponential)
    ),
    by_exponential.mutate(
        "ball against box", True, holds=value(logistic) <= value(exponential, oo)
    ),
)
hinge_first = with_mutants(
    hinge_first,
    hinge_first.mutate("below logistic", False, holds=value(hinge, oo) <= value(logistic, oo)),
    hinge_first.mutate(
        "below logistic plus one", True, holds=value(hinge, oo) <= value(logistic, oo) + 1
    ),
    hinge_first.mutate(
        "below logistic plus one half",
        False,
        holds=value(hinge, oo) <= value(logistic, oo) + Rational(1, 2),
    ),
    hinge_first.mutate(
        "below its square", False, holds=value(hinge, oo) <= value(squared_hinge, oo)
    ),
    hinge_first.mutate(
        "below its square plus a quarter",
        True,
        holds=value(hinge, oo) <= value(squared_hinge, oo) + Rational(1, 4),
    ),
    hinge_first.mutate("strict", False, holds=value(hinge, oo) < value(exponential, oo)),
)
sandwich = with_mutants(
    sandwich,
    sandwich.mutate("within one half", False, holds=value(logistic) <= Max(0, -u) + Rational(1, 2)),
    sandwich.mutate("sign flipped", False, holds=value(logistic) >= Max(0, u)),
    sandwich.mutate("above the hinge", False, holds=value(logistic) >= value(hinge)),
)
