r"""Local entropy of a quadratic function: a quadratic again, flatter or steeper.

.. math:: \tfrac c2\|t\|^2 + \tfrac\gamma2\|\theta-t\|^2
          = \tfrac12\,\frac{\gamma c}{\gamma+c}\|\theta\|^2
          + \tfrac{\gamma+c}2\Bigl\|t-\frac{\gamma}{\gamma+c}\theta\Bigr\|^2 .

The Gaussian integral over t is a constant, so that the local entropy and the Moreau envelope of
(c/2)||t||^2 have the curvature gamma c/(gamma + c), and those of -(L/2)||t||^2, for gamma > L,
the curvature -gamma L/(gamma - L): the worst that an L-weakly convex function can have.
**Identity**.   Kinks: none.   Shapes: theta, t (d,); c, L, gamma are numbers.
Source: ours.
"""

from typing import Any

from sympy import Eq, Rational, symbols

from theory import Claim, Vector, norm
from theory.claims import with_mutants

theta, t = Vector("theta"), Vector("t")
c, L, gamma = symbols("c L gamma", positive=True)


def left(bend: Any) -> Any:
    return bend / 2 * norm(t) ** 2 + gamma / 2 * norm(theta - t) ** 2


def right(bend: Any) -> Any:
    """The square completed."""
    shrunk = gamma / (gamma + bend) * theta
    rest = (gamma + bend) / 2 * norm(t - shrunk) ** 2
    return gamma * bend / (gamma + bend) / 2 * norm(theta) ** 2 + rest


convex = Claim(
    id="local-entropy-of-a-bowl",
    title="Local entropy turns the curvature c into gamma c/(gamma + c)",
    holds=Eq(left(c), right(c)),
    source="ours",
    kind="identity",
)
convex = with_mutants(
    convex,
    convex.mutate("curvature kept", False, holds=Eq(left(c), right(c) + c * norm(theta) ** 2)),
    convex.mutate("other bowl", False, holds=Eq(left(c), right(2 * c))),
    convex.mutate(
        "above the envelope", True, holds=left(c) >= gamma * c / (gamma + c) / 2 * norm(theta) ** 2
    ),
    convex.mutate("above the bowl", False, holds=left(c) >= c / 2 * norm(theta) ** 2),
)

concave = Claim(
    id="local-entropy-of-a-hill",
    title="Local entropy turns the curvature -L into -gamma L/(gamma - L)",
    given=[gamma > L],
    holds=Eq(left(-L), right(-L)),
    source="ours",
    kind="identity",
)
envelope = -gamma * L / (gamma - L) / 2 * norm(theta) ** 2
concave = with_mutants(
    concave,
    concave.mutate("sign of gamma", False, holds=Eq(left(-L), right(L))),
    concave.mutate("above the envelope", True, holds=left(-L) >= envelope),
    concave.mutate("above a hair more", False, holds=left(-L) >= Rational(999, 1000) * envelope),
    concave.mutate("above the hill", False, holds=left(-L) >= -L / 2 * norm(theta) ** 2),
    concave.mutate("gamma below L", False, given=[gamma < L], holds=left(-L) >= envelope),
)
