r"""An inexact attack gives a gradient and a loss that are wrong by the error of the attack.

For inputs z, z' with ||z||, ||z'|| <= B, such as x + delta and x + delta*,

.. math:: \|\nabla_\theta l(z)-\nabla_\theta l(z')\| \le \bigl(1+\tfrac14 B\|\theta\|\bigr)
          \|z-z'\|, \qquad 0 \le l_\epsilon - l(x+\delta) \le \|\theta\|\,\|\delta^*-\delta\|.

**Upper bounds**, the second **tight** far out.   Kinks: none.
Shapes: theta, x, z, delta (d,); B and eps in the unit of x.
Source: ours; the assumption is from Liu et al. 2020.
"""

from typing import Any

from sympy import Rational, S, oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Label,
    Lipschitz,
    NormBall,
    Vector,
    dot,
    gradient,
    logistic,
    norm,
)
from theory.claims import with_mutants

theta, x, z, delta, y = (*map(Vector, ("theta", "x", "z", "delta")), Label("y"))
eps, B = symbols("epsilon B", positive=True)
size = norm(theta)


def slope(constant: Any) -> Lipschitz:
    return Lipschitz(gradient(logistic(y * dot(theta, z)), theta), wrt=z, constant=constant)


in_gradient = Claim(
    id="inexact-attack-gradient",
    title="The gradient at an inexact attack is wrong by at most 1 + B||theta||/4 times its error",
    given=[norm(z) <= B],
    holds=slope(1 + B * size / 4),
    source="ours; the assumption is from Liu et al. 2020",
    kind="upper",
)
in_gradient = with_mutants(
    in_gradient,
    in_gradient.mutate("any input", False, given=()),
    in_gradient.mutate("without theta", False, holds=slope(1 + B / 4)),
    in_gradient.mutate("without the one", False, holds=slope(B * size / 4)),
    in_gradient.mutate("one", False, holds=slope(S.One)),
    in_gradient.mutate("a tenth", False, holds=slope(1 + B * size / 10)),
)


def missed(bound: Any, p: Any = 2) -> Any:
    """What the attack delta leaves of the worst loss."""
    worst = AdversarialLoss(logistic, NormBall(p, eps)).value(theta, x, y)
    return worst - logistic(y * dot(theta, x + delta)) <= bound


best = -y * eps * theta / size
in_value = Claim(
    id="inexact-attack-value",
    title="The loss at an inexact attack is too small by at most ||theta|| times its error",
    holds=Lipschitz(logistic(y * dot(theta, x + delta)), wrt=delta, constant=size),
    source="ours",
    kind="tight",
)
in_value = with_mutants(
    in_value,
    in_value.mutate(
        "a hair less",
        False,
        holds=Lipschitz(logistic(y * dot(theta, x + delta)), wrt=delta, constant=999 * size / 1000),
    ),
    in_value.mutate(
        "oo-norm",
        False,
        holds=Lipschitz(logistic(y * dot(theta, x + delta)), wrt=delta, constant=norm(theta, oo)),
    ),
    in_value.mutate(
        "1-norm",
        True,
        holds=Lipschitz(logistic(y * dot(theta, x + delta)), wrt=delta, constant=norm(theta, 1)),
    ),
)


def stops(share: Any) -> Any:
    """The linear gain that an attack of this share of the optimal one leaves."""
    return missed((1 - share) * eps * size).xreplace({delta: share * best})


short = Claim(
    id="short-attack-value",
    title="Half of the L2 attack leaves at most half of eps ||theta||",
    given=[size > 0],
    holds=stops(Rational(1, 2)),
    source="ours",
    kind="tight",
)
short = with_mutants(
    short,
    short.mutate("a third", False, holds=missed(eps * size / 3).xreplace({delta: best / 2})),
    short.mutate("no attack", True, holds=stops(S.Zero)),
    short.mutate("other side", False, holds=missed(eps * size / 2).xreplace({delta: -best / 2})),
)
