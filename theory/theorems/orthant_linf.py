r"""L-infinity adversarial logistic loss: smooth in each orthant, with the sharp constant.

For s_i theta_i > 0 and s_i theta'_i > 0, all i,

.. math:: \|\nabla l_\epsilon(\theta)-\nabla l_\epsilon(\theta')\|
          \le \tfrac14\,\|yx-\epsilon s\|^2\,\|\theta-\theta'\|.

**Tight**: approached as theta, theta' -> 0.   Kinks: on the walls of the orthant.
Shapes: theta, x, s (d,); eps in the unit of x.
Source: Kanai et al. 2021, binary linear case; constant ours.
"""

from typing import Any

from sympy import Rational, oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Label,
    Lipschitz,
    NormBall,
    Signs,
    Smooth,
    Vector,
    absolute,
    in_orthant,
    logistic,
    norm,
    ones,
)
from theory.claims import with_mutants

theta, x, s, y = Vector("theta"), Vector("x"), Signs("s"), Label("y")
eps = symbols("epsilon", positive=True)
loss = AdversarialLoss(logistic, NormBall(oo, eps))
sharp = norm(y * x - eps * s) ** 2 / 4
SOURCE = "Kanai et al. 2021, binary linear case; constant ours"


def lipschitz(constant: Any) -> Lipschitz:
    return Lipschitz(loss.gradient(theta, x, y), wrt=theta, constant=constant)


in_one_orthant = Claim(
    id="linf-smooth-in-orthant",
    title="In one orthant the gradient under an L-infinity attack is Lipschitz",
    given=[in_orthant(theta, s)],
    holds=lipschitz(sharp),
    source=SOURCE,
    about=[loss],
    kind="tight",
)
in_one_orthant = with_mutants(
    in_one_orthant,
    in_one_orthant.mutate("half", False, holds=lipschitz(sharp / 2)),
    in_one_orthant.mutate("one percent less", False, holds=lipschitz(Rational(99, 100) * sharp)),
    in_one_orthant.mutate(
        "constant of the L2 attack", False, holds=lipschitz((norm(x) + eps) ** 2 / 4)
    ),
    in_one_orthant.mutate("natural constant", False, holds=lipschitz(norm(x) ** 2 / 4)),
    in_one_orthant.mutate("attack helps", False, holds=lipschitz(norm(y * x + eps * s) ** 2 / 4)),
    in_one_orthant.mutate("label dropped", False, holds=lipschitz(norm(x - eps * s) ** 2 / 4)),
    in_one_orthant.mutate("not squared", False, holds=lipschitz(norm(y * x - eps * s) / 4)),
    in_one_orthant.mutate("every orthant", False, given=()),
    in_one_orthant.mutate(
        "worst orthant", True, holds=lipschitz(norm(absolute(x) + eps * ones()) ** 2 / 4)
    ),
    in_one_orthant.mutate(
        "triangle inequality", True, holds=lipschitz((norm(x) + eps * norm(ones())) ** 2 / 4)
    ),
)

smooth = Claim(
    id="linf-orthant-smooth",
    title="In one orthant the L-infinity adversarial logistic loss is smooth",
    given=[in_orthant(theta, s)],
    holds=Smooth(loss.value(theta, x, y), wrt=theta, constant=sharp),
    source=SOURCE,
    about=[loss],
    kind="tight",
)
smooth = with_mutants(
    smooth,
    smooth.mutate(
        "half", False, holds=Smooth(loss.value(theta, x, y), wrt=theta, constant=sharp / 2)
    ),
    smooth.mutate("everywhere", False, given=()),
)
