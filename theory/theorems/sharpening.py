r"""Does adversarial training sharpen the loss?  Along theta no, across it yes.

The curvature along theta can fall with eps.  Across theta it is
phi''(u) t^2 + eps |phi'(u)| / r, and with m = u + (eps' - eps) r, eps' > eps, u >= 0,

.. math:: \phi''(m)\,t^2 + \frac{\epsilon}{r(1+e^m)} < \phi''(u)\,t^2 + \frac{\epsilon'}{r(1+e^u)}.

**Counterexample** to "it always sharpens", and the **identity of sign** that is true.
Kinks: theta = 0.   Shapes: theta, x, h (d,); r = ||theta||, t = <h, x> for a unit h across
theta, u the margin.
Source: ours; the question is from Yamada et al. 2021.
"""

from typing import Any

from sympy import Eq, S, exp, symbols

from theory import AdversarialLoss, Claim, Label, NormBall, Not, Vector, dot, logistic, norm
from theory.claims import with_mutants

theta, x, h, y = Vector("theta"), Vector("x"), Vector("h"), Label("y")
eps, more, r = symbols("epsilon more r", positive=True)
u, less = symbols("u less", nonnegative=True)
t, anywhere = symbols("t m", real=True)
attacked = AdversarialLoss(logistic, NormBall(2, eps))
natural = AdversarialLoss(logistic, NormBall(2, 0))
SOURCE = "ours; the question is from Yamada et al. 2021"


def form(loss: Any) -> Any:
    return dot(h, loss.hessian(theta, x, y) @ h)


sharper = form(attacked) >= form(natural)
not_always = Claim(
    id="attack-need-not-sharpen",
    title="Somewhere an L2 attack lowers the curvature of the loss",
    given=[norm(theta) > 0],
    holds=Not(sharper),
    source=SOURCE,
    about=[attacked],
    kind="counterexample",
)
not_always = with_mutants(
    not_always,
    not_always.mutate("always", False, holds=sharper),
    not_always.mutate("never", False, holds=form(attacked) <= form(natural)),
    not_always.mutate(
        "across theta at a positive margin",
        False,
        given=[norm(theta) > 0, Eq(dot(h, theta), 0), attacked.margin(theta, x, y) >= 0],
    ),
    not_always.mutate("never less", True, holds=Not(form(attacked) <= form(natural))),
)


def along(margin: Any) -> Any:
    """The curvature along theta for d = 1, x = y = theta/margin = 1."""
    return margin**2 * logistic.slope(margin, 2)


flatter = Claim(
    id="attack-flattens-the-line",
    title="For d = 1 and theta = x = 1 every attack up to 1 lowers the curvature",
    given=[eps <= 1],
    holds=along(1 - eps) < along(S.One),
    source=SOURCE,
    about=[attacked],
    kind="counterexample",
)
flatter = with_mutants(
    flatter,
    flatter.mutate("attacks up to 3", False, given=[eps <= 3]),
    flatter.mutate("no attack", False, holds=along(1 - less) < along(S.One), given=[less <= 1]),
    flatter.mutate("margin two", True, holds=along(2 - eps) < along(S(2))),
    flatter.mutate("margin three", False, holds=along(3 - eps) < along(S(3))),
    flatter.mutate("reversed", False, holds=along(1 - eps) > along(S.One)),
    flatter.mutate(
        "weight left out", False, holds=logistic.slope(1 - eps, 2) < logistic.slope(S.One, 2)
    ),
)


def across(radius: Any, margin: Any, weight: Any = t**2) -> Any:
    return logistic.slope(margin, 2) * weight + radius / (r * (1 + exp(margin)))


tangential = Claim(
    id="attack-sharpens-across",
    title="At a nonnegative margin a larger L2 attack raises the curvature across theta",
    holds=across(eps, u + more * r) < across(eps + more, u),
    source="ours",
    about=[attacked],
    kind="identity",
    lemmas=[
        logistic.slope(u + more * r, 2) <= logistic.slope(u, 2),
        1 / (1 + exp(u + more * r)) <= 1 / (1 + exp(u)),
    ],
)
tangential = with_mutants(
    tangential,
    tangential.mutate(
        "any margin", False, holds=across(eps, anywhere + more * r) < across(eps + more, anywhere)
    ),
    tangential.mutate(
        "margin above minus one",
        False,
        given=[anywhere >= -1],
        holds=across(eps, anywhere + more * r) < across(eps + more, anywhere),
    ),
    tangential.mutate(
        "any margin across x too",
        True,
        holds=across(eps, anywhere + more * r, S.Zero) < across(eps + more, anywhere, S.Zero),
    ),
    tangential.mutate("reversed", False, holds=across(eps, u + more * r) > across(eps + more, u)),
    tangential.mutate("twice", False, holds=2 * across(eps, u + more * r) < across(eps + more, u)),
    tangential.mutate("margin unchanged", True, holds=across(eps, u) < across(eps + more, u)),
    tangential.mutate("radius unchanged", True, holds=across(eps, u + more * r) < across(eps, u)),
)
