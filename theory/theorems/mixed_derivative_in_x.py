r"""The other half of the usual assumption: the parameter gradient is not Lipschitz in the input.

.. math:: \sup_{x \ne x'} \frac{\|\nabla_\theta l(x)-\nabla_\theta l(x')\|}{\|x-x'\|} = \infty
          \quad (d \ge 2,\ \theta \ne 0), \qquad
          \|\nabla_\theta l(x)-\nabla_\theta l(x')\| \le 2\max(\|x\|,\|x'\|) .

On the line a constant exists; with inputs in a ball it grows with the ball.
**Counterexample**, with the **upper bound** that holds.   Kinks: none.
Shapes: theta, x (d,).
Source: ours; the assumption is from Liu et al. 2020.
"""

from typing import Any

from sympy import Rational, symbols

from theory import Claim, Label, Lipschitz, Not, Vector, dot, gradient, logistic, norm
from theory.claims import with_mutants

theta, x, y = Vector("theta"), Vector("x"), Label("y")
rho, B = symbols("rho B", positive=True)
field = gradient(logistic(y * dot(theta, x)), theta)
SOURCE = "ours; the assumption is from Liu et al. 2020"

unbounded = Claim(
    id="parameter-gradient-not-lipschitz-in-x",
    title="The parameter gradient of the natural logistic loss is not Lipschitz in the input",
    given=[norm(theta) >= rho],
    holds=Not(Lipschitz(field, wrt=x)),
    source=SOURCE,
    dimensions=(2, 3),
    kind="counterexample",
)
unbounded = with_mutants(
    unbounded,
    unbounded.mutate("on the line", False, dimensions=(1,)),
    unbounded.mutate("inputs in a ball", False, given=[norm(theta) >= rho, norm(x) <= B]),
    unbounded.mutate("in theta", False, holds=Not(Lipschitz(field, wrt=theta))),
    unbounded.mutate("any theta", True, given=()),
)


def size(bound: Any) -> Any:
    return norm(field) <= bound


bounded = Claim(
    id="parameter-gradient-below-input",
    title="The parameter gradient of the natural logistic loss is at most as long as the input",
    holds=size(norm(x)),
    source="ours",
    kind="tight",
)
bounded = with_mutants(
    bounded,
    bounded.mutate("half", False, holds=size(norm(x) / 2)),
    bounded.mutate("a hair less", False, holds=size(Rational(999, 1000) * norm(x))),
    bounded.mutate("theta", False, holds=size(norm(theta))),
    bounded.mutate(
        "half at a positive margin", True, given=[y * dot(theta, x) >= 0], holds=size(norm(x) / 2)
    ),
    bounded.mutate(
        "half at a negative margin", False, given=[y * dot(theta, x) <= 0], holds=size(norm(x) / 2)
    ),
)
