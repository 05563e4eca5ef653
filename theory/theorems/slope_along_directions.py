r"""The slope of an adversarial loss along a direction, and the bend of its inner problem.

Off the origin the L2 adversarial loss has, along every h, the one-sided slope
<grad l_eps(theta), h>.  The inner problem of the canonical model is strongly concave:

.. math:: l_\epsilon'(\theta;h) = \langle\nabla l_\epsilon(\theta),h\rangle, \qquad
          \tfrac a2\|\theta\|^2 + b\langle\theta,x\rangle - \tfrac\mu2\|x\|^2
          \ \text{is $\mu$-strongly concave in } x.

**Tight**.   Kinks: theta = 0.
Shapes: theta, x, h (d,); eps in the unit of x.
Source: Kanai et al. 2021, binary linear case; the canonical model ours.
"""

from typing import Any

from sympy import symbols

from theory import (
    AdversarialLoss,
    Claim,
    Directional,
    Label,
    NormBall,
    StronglyConcave,
    Vector,
    dot,
    logistic,
    norm,
)
from theory.claims import with_mutants

theta, x, h, y = Vector("theta"), Vector("x"), Vector("h"), Label("y")
eps, a, b, mu = symbols("epsilon a b mu", positive=True)
loss = AdversarialLoss(logistic, NormBall(2, eps))
slope = dot(loss.gradient(theta, x, y), h)


def along(value: Any) -> Directional:
    return Directional(loss.value(theta, x, y), theta, h, value)


one_sided = Claim(
    id="l2-slope-along-directions",
    title="Off the origin the L2 adversarial loss has the slope of its gradient",
    given=[norm(theta) > 0],
    holds=along(slope),
    source="Kanai et al. 2021, binary linear case",
    about=[loss],
    kind="identity",
)
one_sided = with_mutants(
    one_sided,
    one_sided.mutate("twice", False, holds=along(2 * slope)),
    one_sided.mutate("other direction", False, holds=along(-slope)),
    one_sided.mutate("a hair more", False, holds=along(slope * 1001 / 1000)),
)


def inner(bend: Any) -> Any:
    return a / 2 * norm(theta) ** 2 + b * dot(theta, x) - bend / 2 * norm(x) ** 2


concave = Claim(
    id="canonical-inner-problem-strongly-concave",
    title="The inner problem of the canonical model is strongly concave",
    given=[],
    holds=StronglyConcave(inner(mu), x, mu),
    source="ours",
    kind="tight",
)
concave = with_mutants(
    concave,
    concave.mutate("twice", False, holds=StronglyConcave(inner(mu), x, 2 * mu)),
    concave.mutate("a hair more", False, holds=StronglyConcave(inner(mu), x, mu * 1001 / 1000)),
    concave.mutate("in the parameter", False, holds=StronglyConcave(inner(mu), theta, mu)),
    concave.mutate("more bent", True, holds=StronglyConcave(inner(2 * mu), x, mu)),
    concave.mutate("half", True, holds=StronglyConcave(inner(mu), x, mu / 2)),
)
