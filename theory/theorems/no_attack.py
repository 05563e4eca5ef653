r"""Without an attack everything falls back to natural training.

.. math:: \epsilon = 0: \quad l_0(\theta) = \log(1+e^{-y\langle\theta,x\rangle}), \qquad
          \|\nabla l_0(\theta)-\nabla l_0(\theta')\| \le \tfrac14\|x\|^2\|\theta-\theta'\|.

**Tight**: the constant is approached at margin 0.   Kinks: none, under any norm.
Shapes: theta, x (d,).
Source: ours; a limit that the papers' bounds must have.
"""

from typing import Any

from sympy import Eq, Rational, oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
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

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps = symbols("epsilon", positive=True)


def loss(p: Any, radius: Any = 0) -> AdversarialLoss:
    return AdversarialLoss(logistic, NormBall(p, radius))


def lipschitz(constant: Any, radius: Any = 0, p: Any = 2) -> Any:
    return Lipschitz(loss(p, radius).gradient(theta, x, y), wrt=theta, constant=constant)


natural = logistic(y * dot(theta, x))
same = Claim(
    id="no-attack-natural-loss",
    title="An L2 ball of radius 0 gives the natural loss",
    holds=Eq(loss(2).value(theta, x, y), natural, evaluate=False),
    source="ours",
    kind="identity",
)
same = with_mutants(
    same,
    same.mutate(
        "a small attack", False, holds=Eq(loss(2, Rational(1, 1000)).value(theta, x, y), natural)
    ),
    same.mutate(
        "label dropped", False, holds=Eq(loss(2).value(theta, x, y), logistic(dot(theta, x)))
    ),
    same.mutate("box of radius 0", True, holds=Eq(loss(oo).value(theta, x, y), natural)),
)

constant = Claim(
    id="natural-smoothness",
    title="The natural logistic loss is (||x||^2/4)-smooth on the whole space",
    holds=lipschitz(norm(x) ** 2 / 4),
    source="ours",
    kind="tight",
)
constant = with_mutants(
    constant,
    constant.mutate("a fifth", False, holds=lipschitz(norm(x) ** 2 / 5)),
    constant.mutate("one percent less", False, holds=lipschitz(Rational(99, 400) * norm(x) ** 2)),
    constant.mutate("not squared", False, holds=lipschitz(norm(x) / 4)),
    constant.mutate("oo-norm", False, holds=lipschitz(norm(x, oo) ** 2 / 4)),
    constant.mutate("1-norm", True, holds=lipschitz(norm(x, 1) ** 2 / 4)),
    constant.mutate("an attack", False, holds=lipschitz(norm(x) ** 2 / 4, radius=eps)),
    constant.mutate(
        "an attack and the constant of theirs at 0",
        False,
        holds=lipschitz((norm(x) + eps) ** 2 / 4, radius=eps),
    ),
)

no_kinks = Claim(
    id="no-attack-no-kinks",
    title="A box of radius 0 makes no kink",
    holds=Differentiable(loss(oo).value(theta, x, y), wrt=theta),
    source="ours",
    kind="identity",
)
no_kinks = with_mutants(
    no_kinks,
    no_kinks.mutate(
        "a small attack",
        False,
        holds=Differentiable(loss(oo, Rational(1, 1000)).value(theta, x, y), wrt=theta),
    ),
)
