r"""L2 adversarial logistic loss: smooth away from the origin.

For y in {-1, 1}, eps > 0, ||x|| <= B and all theta, theta' of norm at least rho in R^d,

.. math:: \|\nabla l_\epsilon(\theta)-\nabla l_\epsilon(\theta')\|
          \le \Bigl(\frac{(B+\epsilon)^2}{4}+\frac{\epsilon}{\rho}\Bigr)\|\theta-\theta'\|.

**Upper bound**, within a factor 2 near the origin.   Kinks: theta = 0.
Shapes: theta, x (d,); eps and B in the unit of x, rho in the unit of theta.
Source: Kanai et al. 2021, binary linear case; constant ours.   Needs: no convex domain.
"""

from typing import Any

from sympy import oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Label,
    Lipschitz,
    NormBall,
    Smooth,
    Vector,
    exponential,
    logistic,
    norm,
    squared_hinge,
)
from theory.claims import with_mutants

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps, rho, B = symbols("epsilon rho B", positive=True)


def adversarial(loss: Any = logistic, p: Any = 2) -> AdversarialLoss:
    return AdversarialLoss(loss, NormBall(p, eps))


def lipschitz(constant: Any, loss: Any = logistic, p: Any = 2) -> Any:
    return Lipschitz(adversarial(loss, p).gradient(theta, x, y), wrt=theta, constant=constant)


def smooth(p: Any) -> Any:
    return Smooth(adversarial(p=p).value(theta, x, y), wrt=theta)


away, bounded = norm(theta) >= rho, norm(x) <= B
normal = (B + eps) ** 2 / 4
constant = normal + eps / rho

away_from_zero = Claim(
    id="l2-away-from-zero",
    title="The L2 adversarial logistic loss has a Lipschitz gradient away from the origin",
    given=[away, bounded],
    holds=lipschitz(constant),
    source="Kanai et al. 2021, binary linear case; constant ours",
    about=[adversarial()],
    kind="upper",
)
away_from_zero = with_mutants(
    away_from_zero,
    away_from_zero.mutate(
        "quarter of the turning", False, holds=lipschitz(normal + eps / (4 * rho))
    ),
    away_from_zero.mutate("half of the turning", None, holds=lipschitz(normal + eps / (2 * rho))),
    away_from_zero.mutate("half of the first term", False, holds=lipschitz(normal / 2 + eps / rho)),
    away_from_zero.mutate("no turning", False, holds=lipschitz(normal)),
    away_from_zero.mutate("not squared", False, holds=lipschitz((B + eps) / 4 + eps / rho)),
    away_from_zero.mutate("minus sign", False, holds=lipschitz((B - eps) ** 2 / 4 + eps / rho)),
    away_from_zero.mutate("rho squared", False, holds=lipschitz(normal + eps / rho**2)),
    away_from_zero.mutate("theta unbounded below", False, given=[bounded]),
    away_from_zero.mutate("x unbounded", False, given=[away]),
    away_from_zero.mutate("oo-norm of x", False, given=[away, norm(x, oo) <= B]),
    away_from_zero.mutate("1-norm of x", True, given=[away, norm(x, 1) <= B]),
    away_from_zero.mutate("box attack", False, holds=lipschitz(constant, p=oo)),
    away_from_zero.mutate("exponential loss", False, holds=lipschitz(constant, loss=exponential)),
    away_from_zero.mutate("squared hinge", False, holds=lipschitz(constant, loss=squared_hinge)),
    away_from_zero.mutate("some constant", True, holds=lipschitz(None)),
)

smooth_off_zero = Claim(
    id="l2-smooth-off-zero",
    title="The L2 adversarial logistic loss is smooth off every ball around the origin",
    given=[away],
    holds=smooth(2),
    source="Kanai et al. 2021, binary linear case",
    about=[adversarial()],
    kind="upper",
)
smooth_off_zero = with_mutants(
    smooth_off_zero,
    smooth_off_zero.mutate("box attack", False, holds=smooth(oo)),
    smooth_off_zero.mutate("up to the origin", False, given=[norm(theta) > 0]),
)
