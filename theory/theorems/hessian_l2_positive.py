r"""Under an L2 attack the Hessian is positive semidefinite, with a floor across theta.

For theta != 0 and every h,

.. math:: \langle h,\nabla^2 l_\epsilon(\theta)\,h\rangle \ge 0, \qquad
          \langle h,\nabla^2 l_\epsilon(\theta)\,h\rangle
          \ge \frac{\epsilon}{\|\theta\|\,(1+e^{u})}\,\|h\|^2 \text{ if } \langle h,\theta\rangle=0.

**Lower bounds**, attained across x.   Kinks: theta = 0.
Shapes: theta, x, h (d,); eps in the unit of x.
Source: ours.
"""

from sympy import Eq, exp, symbols

from theory import AdversarialLoss, Claim, Label, NormBall, Vector, dot, logistic, norm
from theory.claims import with_mutants

theta, x, h, y = Vector("theta"), Vector("x"), Vector("h"), Label("y")
eps = symbols("epsilon", positive=True)
loss = AdversarialLoss(logistic, NormBall(2, eps))
form = dot(h, loss.hessian(theta, x, y) @ h)
u = loss.margin(theta, x, y)
floor = eps / (norm(theta) * (1 + exp(u))) * norm(h) ** 2
weight = exp(u) / (1 + exp(u)) ** 2
off_zero, across = norm(theta) > 0, Eq(dot(h, theta), 0)

positive = Claim(
    id="l2-hessian-positive",
    title="The Hessian under an L2 attack is positive semidefinite",
    given=[off_zero],
    holds=form >= 0,
    source="ours",
    about=[loss],
    kind="lower",
)
positive = with_mutants(
    positive,
    positive.mutate("strict", False, holds=form > 0),
    positive.mutate("negative", False, holds=form <= 0),
    positive.mutate("floor in every direction", False, holds=form >= floor),
    positive.mutate("at least the natural curvature", False, holds=form >= weight * dot(h, x) ** 2),
    positive.mutate(
        "without the turning term",
        True,
        holds=form - floor + floor * dot(h, theta) ** 2 / (norm(h) ** 2 * norm(theta) ** 2) >= 0,
    ),
)

above_floor = Claim(
    id="l2-hessian-floor",
    title="Across theta the curvature is at least the turning of the attack",
    given=[off_zero, across],
    holds=form >= floor,
    source="ours",
    about=[loss],
    kind="lower",
)
above_floor = with_mutants(
    above_floor,
    above_floor.mutate("hypothesis dropped", False, given=[off_zero]),
    above_floor.mutate("twice the floor", False, holds=form >= 2 * floor),
    above_floor.mutate("a hair more", False, holds=form >= floor * 1001 / 1000),
    above_floor.mutate("half the floor", True, holds=form >= floor / 2),
    above_floor.mutate("slope one", False, holds=form >= eps / norm(theta) * norm(h) ** 2),
    above_floor.mutate("margin negated", False, holds=form >= floor * exp(u)),
    above_floor.mutate(
        "natural curvature on top", True, holds=form >= floor + weight * dot(h, x) ** 2
    ),
)
