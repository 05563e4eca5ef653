r"""The adversarial margin in closed form, for every norm of the attack.

.. math:: \min_{\|\delta\|_p\le\epsilon} y\langle\theta,x+\delta\rangle
          = y\langle\theta,x\rangle - \epsilon\|\theta\|_q, \qquad \tfrac1p+\tfrac1q = 1.

**Identity**; stated for p = 1, 3/2, 2, 3, oo.   Kinks: where the dual norm has them.
Shapes: theta, x (d,); eps in the unit of x, the margin in that of theta times x.
Source: Kanai et al. 2021, binary linear case, for p = 2 and oo; ours for the others.
"""

from typing import Any

from sympy import Eq, Rational, S, oo, symbols

from theory import AdversarialLoss, Claim, Label, NormBall, Vector, dot, logistic, norm
from theory.claims import with_mutants

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps = symbols("epsilon", positive=True)
THEIRS, OURS = "Kanai et al. 2021, binary linear case", "ours"


def margin(p: Any, right: Any) -> Any:
    return Eq(
        AdversarialLoss(logistic, NormBall(p, eps)).margin(theta, x, y), right, evaluate=False
    )


def closed_form(p: Any, q: Any) -> Any:
    return margin(p, y * dot(theta, x) - eps * norm(theta, q))


def stated(name: str, p: Any, q: Any, source: Any) -> Claim:
    return Claim(
        id=f"{name}-margin",
        title=f"An attack in the {p}-norm costs eps times the {q}-norm of theta",
        holds=closed_form(p, q),
        source=source,
        about=[AdversarialLoss(logistic, NormBall(p, eps))],
        kind="identity",
    )


l1 = stated("l1", S(1), oo, OURS)
l3_2 = stated("l3-2", Rational(3, 2), S(3), OURS)
l2 = stated("l2", S(2), S(2), THEIRS)
l3 = stated("l3", S(3), Rational(3, 2), OURS)
linf = stated("linf", oo, S(1), THEIRS)

l1 = with_mutants(
    l1,
    l1.mutate("self dual", False, holds=closed_form(1, 1)),
    l1.mutate("2-norm", False, holds=closed_form(1, 2)),
    l1.mutate("self dual on the line", True, holds=closed_form(1, 1), dimensions=(1,)),
)
l3_2 = with_mutants(
    l3_2, l3_2.mutate("self dual", False, holds=closed_form(Rational(3, 2), Rational(3, 2)))
)
l2 = with_mutants(
    l2,
    l2.mutate("attack helps", False, holds=margin(2, y * dot(theta, x) + eps * norm(theta))),
    l2.mutate("label dropped", False, holds=margin(2, dot(theta, x) - eps * norm(theta))),
    l2.mutate(
        "label on the attack", False, holds=margin(2, y * (dot(theta, x) - eps * norm(theta)))
    ),
    l2.mutate("eps squared", False, holds=margin(2, y * dot(theta, x) - eps**2 * norm(theta))),
    l2.mutate("norm squared", False, holds=margin(2, y * dot(theta, x) - eps * norm(theta) ** 2)),
    l2.mutate("norm of x", False, holds=margin(2, y * dot(theta, x) - eps * norm(x))),
)
l3 = with_mutants(l3, l3.mutate("conjugate of 5/2", False, holds=closed_form(3, Rational(5, 3))))
linf = with_mutants(linf, linf.mutate("self dual", False, holds=closed_form(oo, oo)))
