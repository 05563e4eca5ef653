r"""The constants of smoothing by local entropy, and when they are gamma alone.

For an M-Lipschitz f, s^2 = gamma Var obeys s^2 <= 1 + m s, m = M/sqrt(gamma), hence

.. math:: s^2 \le V = \Bigl(\tfrac{m+\sqrt{m^2+4}}2\Bigr)^2, \qquad
          \gamma(V-1) = \tfrac{M^2}2 + \tfrac M2\sqrt{M^2+4\gamma} \le \gamma
          \iff \gamma \ge 2M^2;

for an L-weakly convex f, gamma L/(gamma - L) <= gamma iff gamma >= 2L.
**Tight**: both thresholds are attained, V solves its equation.   Kinks: none.
Shapes: M, L, gamma, s are numbers; E is max(gamma, gamma(V-1))- or
max(gamma, gamma L/(gamma-L))-smooth.
Source: ours; local entropy is from Chaudhari et al. 2017.
"""

from typing import Any

from sympy import Eq, Max, Min, Rational, sqrt, symbols

from theory import Claim
from theory.claims import with_mutants

M, L, gamma, m = symbols("M L gamma m", positive=True)
s = symbols("s", nonnegative=True)
SOURCE = "ours; local entropy is from Chaudhari et al. 2017"


def largest(ratio: Any) -> Any:
    return ((ratio + sqrt(ratio**2 + 4)) / 2) ** 2


obeys = s**2 <= 1 + m * s
variance = Claim(
    id="local-entropy-variance",
    title="A variance of at most 1 + m times the deviation is at most V",
    given=[obeys],
    holds=s**2 <= largest(m),
    source=SOURCE,
    kind="tight",
)
variance = with_mutants(
    variance,
    variance.mutate("a hair less", False, holds=s**2 <= Rational(999, 1000) * largest(m)),
    variance.mutate("strict", False, holds=s**2 < largest(m)),
    variance.mutate("square of the sum", True, holds=s**2 <= (1 + m) ** 2),
    variance.mutate("one plus the square", False, holds=s**2 <= 1 + m**2),
    variance.mutate("without hypothesis", False, given=()),
    variance.mutate("variance for deviation", False, given=[s**2 <= 1 + m * s**2]),
)

fixed = Claim(
    id="local-entropy-variance-attained",
    title="V is 1 + m times its root",
    holds=Eq(1 + m * sqrt(largest(m)), largest(m)),
    source=SOURCE,
    kind="identity",
)
fixed = with_mutants(
    fixed,
    fixed.mutate("without the root", False, holds=Eq(1 + m * largest(m), largest(m))),
    fixed.mutate("for twice m", False, holds=Eq(1 + m * sqrt(largest(2 * m)), largest(2 * m))),
)
constant = M**2 / 2 + M / 2 * sqrt(M**2 + 4 * gamma)
excess = gamma * (largest(M / sqrt(gamma)) - 1)
curvature = Claim(
    id="local-entropy-constant-formula",
    title="gamma(V - 1) in closed form",
    holds=Eq(excess, constant),
    source=SOURCE,
    kind="identity",
)
curvature = with_mutants(
    curvature,
    curvature.mutate("without the one", False, holds=Eq(excess + gamma, constant)),
    curvature.mutate("two gamma", False, holds=Eq(excess, M**2 / 2 + M / 2 * sqrt(M**2 + gamma))),
    curvature.mutate("upper bound", True, holds=excess <= M**2 + M * sqrt(gamma)),
    curvature.mutate("lower bound", True, holds=excess > M * Max(M, sqrt(gamma))),
    curvature.mutate("geometric mean", False, holds=excess <= M * sqrt(M**2 + gamma)),
)

enough = Claim(
    id="local-entropy-lipschitz-threshold",
    title="For gamma >= 2M^2 the local entropy of an M-Lipschitz function is gamma-smooth",
    given=[gamma >= 2 * M**2],
    holds=Eq(Max(gamma, constant), gamma),
    source=SOURCE,
    kind="tight",
)
enough = with_mutants(
    enough,
    enough.mutate("from M squared", False, given=[gamma >= M**2]),
    enough.mutate("a hair earlier", False, given=[gamma >= Rational(1999, 1000) * M**2]),
    enough.mutate("from three", True, given=[gamma >= 3 * M**2]),
    enough.mutate("not before", True, given=[gamma < 2 * M**2], holds=constant > gamma),
)
weak = gamma * L / (gamma - L)
weakly = Claim(
    id="local-entropy-weak-convexity-threshold",
    title="For gamma >= 2L the local entropy of an L-weakly convex function is gamma-smooth",
    given=[gamma >= 2 * L],
    holds=Eq(Max(gamma, weak), gamma),
    source=SOURCE,
    kind="tight",
)
weakly = with_mutants(
    weakly,
    weakly.mutate("from L", False, given=[gamma > L]),
    weakly.mutate("a hair earlier", False, given=[gamma >= Rational(1999, 1000) * L]),
    weakly.mutate("not before", True, given=[gamma > L, gamma < 2 * L], holds=weak > gamma),
    weakly.mutate("below L", True, given=[gamma < L], holds=weak < gamma),
)
strong = gamma * L / (gamma + L)
sides = Claim(
    id="local-entropy-two-sides",
    title="A smooth function is flattened upwards and steepened downwards",
    given=[gamma > L],
    holds=weak - strong >= 2 * L**2 / gamma,
    source="ours",
    kind="tight",
)
sides = with_mutants(
    sides,
    sides.mutate("three", False, holds=weak - strong >= 3 * L**2 / gamma),
    sides.mutate("a hair more", False, holds=weak - strong >= 2001 * L**2 / (1000 * gamma)),
    sides.mutate("below both", True, given=(), holds=strong < Min(gamma, L)),
    sides.mutate("above L", True, holds=weak > L),
    sides.mutate("above gamma", False, holds=weak > gamma),
    sides.mutate("half of the smaller", True, given=(), holds=strong >= Min(gamma, L) / 2),
)
