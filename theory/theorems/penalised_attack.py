r"""A penalty for a wall: the attack that pays for its square leaves no kink.

.. math:: \max_\delta\ -y\langle\theta,\delta\rangle - \tfrac c2\|\delta\|^2
          = \frac{\|\theta\|^2}{2c}, \quad \delta^* = -\frac yc\,\theta, \qquad
          l_c(\theta) = \log\bigl(1 + e^{-y\langle\theta,x\rangle + \|\theta\|^2/(2c)}\bigr).

l_c is convex and differentiable everywhere; with eps^2 c/2 more than the margin it pays for, it
lies above the loss under the L2 ball of any radius eps.
**Identity**, with **tight** bounds: attained at ||theta|| = c eps.
Kinks: none.   Shapes: theta, x, delta (d,); c > 0 in the unit of theta/x.
Source: ours; the penalty is that of Sinha et al. 2018.
"""

from typing import Any

from sympy import Eq, Rational, S, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Convex,
    Differentiable,
    Label,
    Lipschitz,
    NormBall,
    Vector,
    dot,
    logistic,
    norm,
)
from theory.claims import with_mutants

theta, x, delta, y = Vector("theta"), Vector("x"), Vector("delta"), Label("y")
c, eps = symbols("c epsilon", positive=True)
gain = norm(theta) ** 2 / (2 * c)
SOURCE = "ours; the penalty is that of Sinha et al. 2018"


def paid(point: Any, price: Any = c) -> Any:
    return -y * dot(theta, point) - price / 2 * norm(point) ** 2


def missed(price: Any = c) -> Any:
    return price / 2 * norm(delta + y / c * theta) ** 2


def value(extra: Any = S.Zero) -> Any:
    return logistic(y * dot(theta, x) - gain - extra)


best = Claim(
    id="penalised-attack-optimal",
    title="The attack that pays for its square gains ||theta||^2/(2c) less what it misses",
    holds=Eq(paid(delta), gain - missed()),
    source=SOURCE,
    kind="identity",
)
best = with_mutants(
    best,
    best.mutate("nothing missed", False, holds=Eq(paid(delta), gain)),
    best.mutate("nothing missed at the best", True, holds=Eq(paid(-y / c * theta), gain)),
    best.mutate("sign flipped", False, holds=Eq(paid(y / c * theta), gain)),
    best.mutate("twice the price", False, holds=Eq(paid(delta, 2 * c), gain - missed(2 * c))),
    best.mutate("at most", True, holds=paid(delta) <= gain),
    best.mutate("strictly less", False, holds=paid(delta) < gain),
)

smooth = Claim(
    id="penalised-attack-no-kink",
    title="The logistic loss under the penalised attack has no kink",
    holds=Differentiable(value(), wrt=theta),
    source=SOURCE,
    kind="identity",
)
kinked = AdversarialLoss(logistic, NormBall(2, eps)).value(theta, x, y)
smooth = with_mutants(
    smooth,
    smooth.mutate("ball", False, holds=Differentiable(kinked, wrt=theta)),
    smooth.mutate("Lipschitz", False, holds=Lipschitz(value(), wrt=theta)),
)

convex = Claim(
    id="penalised-attack-convex",
    title="The logistic loss under the penalised attack is convex",
    holds=Convex(value(), wrt=theta),
    source=SOURCE,
    kind="identity",
)
convex = with_mutants(
    convex,
    convex.mutate(
        "penalty subtracted", False, holds=Convex(logistic(y * dot(theta, x) + gain), wrt=theta)
    ),
)

above = Claim(
    id="penalised-attack-above-ball",
    title="Less c eps^2/2 of the margin the penalised attack harms at least as the ball",
    holds=kinked <= value(c * eps**2 / 2),
    source="ours",
    kind="tight",
)
above = with_mutants(
    above,
    above.mutate("nothing more", False, holds=kinked <= value()),
    above.mutate("a hair less", False, holds=kinked <= value(Rational(999, 2000) * c * eps**2)),
    above.mutate("strict", False, holds=kinked < value(c * eps**2 / 2)),
    above.mutate("reversed", False, holds=kinked >= value(c * eps**2 / 2)),
    above.mutate("twice", True, holds=kinked <= value(c * eps**2)),
    above.mutate(
        "equal at the border",
        True,
        given=[Eq(norm(theta), c * eps)],
        holds=Eq(kinked, value(c * eps**2 / 2)),
    ),
)
