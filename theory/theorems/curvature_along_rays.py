r"""Along theta the curvature is bounded in relative terms, whatever the attack: far out it dies.

With u the adversarial margin, for every x, y, eps and theta other than 0,

.. math:: \theta^\top \nabla^2 l_\epsilon(\theta)\,\theta = u^2\,\phi''(u)
          \le \max_z \frac{z^2 e^z}{(1+e^z)^2} < 0.4393,

so along theta the curvature is below 0.4393/||theta||^2: below that of natural training,
||x||^2/4, as soon as ||theta|| ||x|| >= 1.326.
**Identity** with a **tight** number: 0.4393 is attained to four digits at |u| = 2.3994.
Kinks: theta = 0.   Shapes: theta, x (d,); eps in the unit of x.
Source: ours.
"""

from typing import Any

from sympy import Eq, Rational, symbols

from theory import AdversarialLoss, Claim, Label, NormBall, Vector, dot, logistic, norm
from theory.claims import with_mutants

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps = symbols("epsilon", positive=True)
z = symbols("z", real=True)
loss = AdversarialLoss(logistic, NormBall(2, eps))
u = loss.margin(theta, x, y)
along = dot(theta, loss.hessian(theta, x, y) @ theta)


def relative(m: Any) -> Any:
    return m**2 * logistic.slope(m, 2)


formula = Claim(
    id="l2-curvature-along-theta",
    title="Along theta the curvature depends on the adversarial margin alone",
    given=[norm(theta) > 0],
    holds=Eq(along, relative(u)),
    source="ours",
    about=[loss],
    kind="identity",
)
formula = with_mutants(
    formula,
    formula.mutate("natural margin", False, holds=Eq(along, relative(y * dot(theta, x)))),
    formula.mutate("weight left out", False, holds=Eq(along, logistic.slope(u, 2))),
    formula.mutate("reversed margin", True, holds=Eq(along, relative(-u))),
    formula.mutate("with turning", False, holds=Eq(along, relative(u) + eps * norm(theta))),
)


def below(number: Any) -> Any:
    return relative(z) <= number


number = Rational(4393, 10000)
largest = Claim(
    id="relative-curvature-bound",
    title="z^2 phi''(z) stays below 0.4393 for the logistic loss",
    holds=below(number),
    source="ours",
    kind="tight",
)
largest = with_mutants(
    largest,
    largest.mutate("0.4392", False, holds=below(Rational(4392, 10000))),
    largest.mutate("0.44", True, holds=below(Rational(44, 100))),
    largest.mutate("a quarter", False, holds=below(Rational(1, 4))),
    largest.mutate("margin up to one", True, given=[z >= -1, z <= 1], holds=below(Rational(1, 5))),
    largest.mutate("cubed", False, holds=z**3 * logistic.slope(z, 2) <= number),
)

far = Claim(
    id="far-out-below-natural-bound",
    title="Far out the curvature at every margin is below ||x||^2/4, along theta",
    given=[norm(theta) * norm(x) >= Rational(1326, 1000)],
    holds=number <= norm(theta) ** 2 * norm(x) ** 2 / 4,
    source="ours",
    kind="tight",
)
far = with_mutants(
    far,
    far.mutate("nearer", False, given=[norm(theta) * norm(x) >= Rational(1325, 1000)]),
    far.mutate("anywhere", False, given=()),
    far.mutate("farther", True, given=[norm(theta) * norm(x) >= 2]),
)
