r"""The gradient of the adversarial logistic loss, written out by hand.

With u the adversarial margin and h the support function of the attack set,

.. math:: \nabla l_\epsilon(\theta) = -\frac{1}{1+e^u}\,\bigl(yx - \nabla h(\theta)\bigr).

**Identity**; stated for p = 2, oo (on an open orthant) and 3/2.   Kinks: excluded by hypothesis.
Shapes: theta, x (d,); the gradient in the unit of x.
Source: Kanai et al. 2021, binary linear case, for p = 2 and oo; ours for p = 3/2.
"""

from typing import Any

from sympy import Rational, exp, oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Equal,
    Label,
    NormBall,
    Signs,
    Vector,
    absolute,
    dot,
    gradient,
    hadamard,
    in_orthant,
    logistic,
    norm,
    ones,
    sign,
    unit,
)
from theory.claims import with_mutants

theta, x, s, y = Vector("theta"), Vector("x"), Signs("s"), Label("y")
eps = symbols("epsilon", positive=True)
THEIRS = "Kanai et al. 2021, binary linear case"


def derived(p: Any) -> Any:
    value = AdversarialLoss(logistic, NormBall(p, eps)).value(theta, x, y)
    return gradient(value, theta, kinks="almost everywhere")


def by_hand(margin: Any, attacked: Any) -> Equal:
    return Equal(derived(2), -attacked / (1 + exp(margin)))


u2 = y * dot(theta, x) - eps * norm(theta)
v2 = y * x - eps * unit(theta)
l2 = Claim(
    id="l2-gradient-formula",
    title="The gradient under an L2 attack",
    given=[norm(theta) > 0],
    holds=by_hand(u2, v2),
    source=THEIRS,
    kind="identity",
)
l2 = with_mutants(
    l2,
    l2.mutate("attack left out", False, holds=by_hand(u2, y * x)),
    l2.mutate("natural margin", False, holds=by_hand(y * dot(theta, x), v2)),
    l2.mutate("attack helps", False, holds=by_hand(u2, y * x + eps * unit(theta))),
    l2.mutate("label dropped", False, holds=by_hand(u2, x - eps * unit(theta))),
    l2.mutate("margin negated", False, holds=by_hand(-u2, v2)),
    l2.mutate("ascent", False, holds=by_hand(u2, -v2)),
    l2.mutate("vertex of the box", False, holds=by_hand(u2, y * x - eps * sign(theta))),
    l2.mutate("not normalised", False, holds=by_hand(u2, y * x - eps * theta)),
)

us = y * dot(theta, x) - eps * dot(s, theta)
linf = Claim(
    id="linf-gradient-formula",
    title="The gradient under an L-infinity attack, inside an orthant",
    given=[in_orthant(theta, s)],
    holds=Equal(derived(oo), -(y * x - eps * s) / (1 + exp(us))),
    source=THEIRS,
    kind="identity",
)
linf = with_mutants(
    linf,
    linf.mutate("other orthant", False, given=[in_orthant(-theta, s)]),
    linf.mutate("any orthant", False, given=()),
    linf.mutate(
        "first orthant only",
        False,
        holds=Equal(derived(oo), -(y * x - eps * ones()) / (1 + exp(us))),
    ),
    linf.mutate(
        "label on the attack", False, holds=Equal(derived(oo), -y * (x - eps * s) / (1 + exp(us)))
    ),
)

u3 = y * dot(theta, x) - eps * norm(theta, 3)
pull = eps * hadamard(theta, absolute(theta)) / norm(theta, 3) ** 2
l3_2 = Claim(
    id="l3-2-gradient-formula",
    title="The gradient under an attack with p = 3/2",
    given=[norm(theta) > 0],
    holds=Equal(derived(Rational(3, 2)), -(y * x - pull) / (1 + exp(u3))),
    source="ours",
    kind="identity",
)
l3_2 = with_mutants(
    l3_2,
    l3_2.mutate(
        "exponent of the norm",
        False,
        holds=Equal(derived(Rational(3, 2)), -(y * x - pull * norm(theta, 3)) / (1 + exp(u3))),
    ),
    l3_2.mutate(
        "attack with p = 3", False, holds=Equal(derived(3), -(y * x - pull) / (1 + exp(u3)))
    ),
)
