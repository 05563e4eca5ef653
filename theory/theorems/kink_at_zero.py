r"""At the origin every attack makes a kink, whatever x and y are.

With q dual to p, for every h,

.. math:: l_\epsilon(h) + l_\epsilon(-h) - 2\,l_\epsilon(0) \ge \epsilon\,\|h\|_q, \qquad
          l_\epsilon(h) \ge \log 2 - \tfrac12\bigl(y\langle h,x\rangle - \epsilon\|h\|_q\bigr).

A second difference that is linear in h: no gradient at 0; the right-hand side of the second
formula is the directional derivative there.

**Lower bounds**, tight as h -> 0; stated for p = 2, oo and 1.   Kinks: the point is one.
Shapes: h, x (d,); eps in the unit of x.
Source: ours.
"""

from typing import Any

from sympy import Rational, log, oo, symbols

from theory import AdversarialLoss, Claim, Label, NormBall, Vector, dot, logistic, norm
from theory.claims import with_mutants

h, x, y = Vector("h"), Vector("x"), Label("y")
eps = symbols("epsilon", positive=True)


def value(p: Any, at: Any = h, radius: Any = eps) -> Any:
    return AdversarialLoss(logistic, NormBall(p, radius)).value(at, x, y)


def bend(p: Any, radius: Any = eps) -> Any:
    return value(p, radius=radius) + value(p, -h, radius) - 2 * log(2)


def stated(name: str, p: Any, q: Any) -> Claim:
    return Claim(
        id=f"{name}-second-difference-at-zero",
        title=f"The second difference at the origin is at least eps ||h||_{q}",
        holds=bend(p) >= eps * norm(h, q),
        source="ours",
        kind="lower",
    )


l2, linf, l1 = stated("l2", 2, 2), stated("linf", oo, 1), stated("l1", 1, oo)
l2 = with_mutants(
    l2,
    l2.mutate("twice", False, holds=bend(2) >= 2 * eps * norm(h)),
    l2.mutate("ten percent more", False, holds=bend(2) >= Rational(11, 10) * eps * norm(h)),
    l2.mutate("half", True, holds=bend(2) >= eps * norm(h) / 2),
    l2.mutate("norm squared", False, holds=bend(2) >= eps * norm(h) ** 2),
    l2.mutate("1-norm", False, holds=bend(2) >= eps * norm(h, 1)),
    l2.mutate("oo-norm", True, holds=bend(2) >= eps * norm(h, oo)),
    l2.mutate("no attack", False, holds=bend(2, radius=0) >= eps * norm(h)),
    l2.mutate("strict", False, holds=bend(2) > eps * norm(h)),
    l2.mutate("reversed", False, holds=bend(2) <= eps * norm(h)),
)
linf = with_mutants(linf, linf.mutate("2-norm", True, holds=bend(oo) >= eps * norm(h)))
l1 = with_mutants(l1, l1.mutate("2-norm", False, holds=bend(1) >= eps * norm(h)))

slope = (y * dot(h, x) - eps * norm(h)) / 2
tangent = Claim(
    id="l2-slope-at-zero",
    title="The loss lies above its one-sided tangents at the origin",
    holds=value(2) >= log(2) - slope,
    source="ours",
    kind="lower",
)
tangent = with_mutants(
    tangent,
    tangent.mutate("slope one", False, holds=value(2) >= log(2) - 2 * slope),
    tangent.mutate("slope a third", False, holds=value(2) >= log(2) - 2 * slope / 3),
    tangent.mutate("sign flipped", False, holds=value(2) >= log(2) + slope),
    tangent.mutate("value one", False, holds=value(2) >= 1 - slope),
    tangent.mutate(
        "half the attack", True, holds=value(2) >= log(2) - (y * dot(h, x) - eps * norm(h) / 2) / 2
    ),
    tangent.mutate(
        "label dropped", False, holds=value(2) >= log(2) - (dot(h, x) - eps * norm(h)) / 2
    ),
    tangent.mutate("below", False, holds=value(2) <= log(2) - slope),
)
