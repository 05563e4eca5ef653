r"""Along a ray from the origin the L2 Hessian does not grow: what S(r) rests on.

For c >= 1 and every z,

.. math:: \frac{e^{cz}}{(1+e^{cz})^2} \le \frac{e^{z}}{(1+e^{z})^2}, \qquad
          \frac{1}{c\,(1+e^{cz})} \le \frac{1}{1+e^{z}}.

With z the margin at theta and cz the margin at c theta: both terms of the Hessian fall.
**Tight**: at c = 1.   Kinks: none.
Shapes: c and z are numbers.
Source: ours.
"""

from sympy import Expr, exp, symbols

from theory import Claim
from theory.claims import with_mutants

z = symbols("z", real=True)
c = symbols("c", positive=True)


def weight(m: Expr) -> Expr:
    return exp(m) / (1 + exp(m)) ** 2


def slope(m: Expr) -> Expr:
    return 1 / (1 + exp(m))


farther = c >= 1

curvature = Claim(
    id="logistic-curvature-falls",
    title="The curvature of the logistic loss falls along a ray",
    given=[farther],
    holds=weight(c * z) <= weight(z),
    source="ours",
    kind="tight",
)
curvature = with_mutants(
    curvature,
    curvature.mutate("strict", False, holds=weight(c * z) < weight(z)),
    curvature.mutate("nearer", False, given=[c <= 1]),
    curvature.mutate("any factor", False, given=[]),
    curvature.mutate("a hair less", False, holds=weight(c * z) <= weight(z) * 999 / 1000),
    curvature.mutate("by the factor", False, holds=c * weight(c * z) <= weight(z)),
    curvature.mutate("twice as much", True, holds=weight(c * z) <= 2 * weight(z)),
)
turning = Claim(
    id="logistic-turning-falls",
    title="The slope over the distance falls along a ray",
    given=[farther],
    holds=slope(c * z) / c <= slope(z),
    source="ours",
    kind="tight",
)
turning = with_mutants(
    turning,
    turning.mutate("strict", False, holds=slope(c * z) / c < slope(z)),
    turning.mutate("nearer", False, given=[c <= 1]),
    turning.mutate("slope alone", False, holds=slope(c * z) <= slope(z)),
    turning.mutate("square of the factor", True, holds=slope(c * z) / c**2 <= slope(z)),
    turning.mutate(
        "slope alone for positive margins",
        True,
        given=[farther, z >= 0],
        holds=slope(c * z) <= slope(z),
    ),
)
