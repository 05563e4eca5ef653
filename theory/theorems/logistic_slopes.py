r"""The derivatives of the logistic loss.

.. math:: -1 < \phi' < 0, \qquad 0 < \phi'' = -\phi'(1+\phi') \le \tfrac14, \qquad
          |\phi'''| \le \frac{1}{6\sqrt3}.

**Tight**: at m -> -oo, at m = 0, and at m = +-log(2 + sqrt 3).   Kinks: none.
Shapes: m a number, the margin.
Source: ours.
"""

from typing import Any

from sympy import Abs, And, Eq, Rational, exp, log, sqrt, symbols

from theory import Claim, logistic
from theory.claims import with_mutants

m = symbols("m", real=True)
first, second, third = (logistic.slope(m, k) for k in (1, 2, 3))


def stated(name: str, title: str, holds: Any, kind: str) -> Claim:
    return Claim(id=f"logistic-{name}", title=title, holds=holds, source="ours", kind=kind)


slope = stated(
    "first-derivative", "The slope lies between -1 and 0", And(first > -1, first < 0), "tight"
)
curvature = stated(
    "second-derivative",
    "The curvature is positive and at most 1/4",
    And(second > 0, second <= Rational(1, 4)),
    "tight",
)
change = stated(
    "third-derivative",
    "The curvature changes at most at the rate 1/(6 sqrt 3)",
    Abs(third) <= 1 / (6 * sqrt(3)),
    "tight",
)
formula = stated(
    "second-derivative-formula",
    "The curvature in closed form",
    Eq(second, exp(-m) / (1 + exp(-m)) ** 2, evaluate=False),
    "identity",
)

slope = with_mutants(
    slope,
    slope.mutate("at most one half", False, holds=Abs(first) <= Rational(1, 2)),
    slope.mutate("positive", False, holds=first > 0),
    slope.mutate("above -0.999", False, holds=first >= Rational(-999, 1000)),
)
curvature = with_mutants(
    curvature,
    curvature.mutate("a fifth", False, holds=second <= Rational(1, 5)),
    curvature.mutate("strict", False, holds=second < Rational(1, 4)),
    curvature.mutate("positive margins", True, given=[m > 0], holds=second < Rational(1, 4)),
    curvature.mutate("strongly convex", False, holds=second >= Rational(1, 1000)),
    curvature.mutate("below the slope", True, holds=second < Abs(first)),
)
change = with_mutants(
    change,
    change.mutate("a tenth", True, holds=Abs(third) <= Rational(1, 10)),
    change.mutate("an eleventh", False, holds=Abs(third) <= Rational(1, 11)),
    change.mutate("strict", False, holds=Abs(third) < 1 / (6 * sqrt(3))),
    change.mutate("sign", False, holds=third <= 0),
    change.mutate("sign at positive margins", True, holds=third <= 0, given=[m >= 0]),
)
formula = with_mutants(
    formula,
    formula.mutate("one exponent negated", False, holds=Eq(second, exp(-m) / (1 + exp(m)) ** 2)),
    formula.mutate("not squared", False, holds=Eq(second, exp(-m) / (1 + exp(-m)))),
    formula.mutate("by the slope", True, holds=Eq(second, -first * (1 + first))),
    formula.mutate(
        "by the slope with its sign flipped", False, holds=Eq(second, first * (1 + first))
    ),
    formula.mutate("the value", False, holds=Eq(second, log(1 + exp(-m)))),
)
