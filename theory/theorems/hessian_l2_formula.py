r"""The exact Hessian under an L2 attack.

For theta != 0, e = theta/||theta||, v = yx - eps e and u = y<theta, x> - eps ||theta||,

.. math:: \nabla^2 l_\epsilon(\theta) = \frac{e^{u}}{(1+e^{u})^2}\,vv^\top
          + \frac{\epsilon}{\|\theta\|\,(1+e^{u})}\,(I - ee^\top).

**Identity**.   Kinks: theta = 0.
Shapes: theta, x (d,), Hessian (d, d) in the unit of x squared.
Source: ours.
"""

from sympy import exp, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Equal,
    Label,
    NormBall,
    Vector,
    dot,
    hessian,
    identity,
    logistic,
    norm,
    outer,
    unit,
)
from theory.claims import with_mutants

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps = symbols("epsilon", positive=True)
loss = AdversarialLoss(logistic, NormBall(2, eps))
derived = hessian(loss.value(theta, x, y), theta)

e = unit(theta)
u, v = y * dot(theta, x) - eps * norm(theta), y * x - eps * e
weight, slope = exp(u) / (1 + exp(u)) ** 2, 1 / (1 + exp(u))
turning = eps * slope / norm(theta) * (identity() - outer(e, e))

exact = Claim(
    id="l2-hessian-formula",
    title="The Hessian under an L2 attack: a rank-one term and a turning term",
    given=[norm(theta) > 0],
    holds=Equal(derived, weight * outer(v, v) + turning),
    source="ours",
    about=[loss],
    kind="identity",
)
exact = with_mutants(
    exact,
    exact.mutate("fixed attack", False, holds=Equal(derived, weight * outer(v, v))),
    exact.mutate(
        "no projection",
        False,
        holds=Equal(derived, weight * outer(v, v) + eps * slope / norm(theta) * identity()),
    ),
    exact.mutate("turning subtracted", False, holds=Equal(derived, weight * outer(v, v) - turning)),
    exact.mutate("eps squared", False, holds=Equal(derived, weight * outer(v, v) + eps * turning)),
    exact.mutate(
        "norm of theta dropped",
        False,
        holds=Equal(derived, weight * outer(v, v) + norm(theta) * turning),
    ),
    exact.mutate("natural first term", False, holds=Equal(derived, weight * outer(x, x) + turning)),
    exact.mutate(
        "a quarter for the weight", False, holds=Equal(derived, outer(v, v) / 4 + turning)
    ),
    exact.mutate(
        "weights exchanged",
        False,
        holds=Equal(
            derived, slope * outer(v, v) + eps * weight / norm(theta) * (identity() - outer(e, e))
        ),
    ),
    exact.mutate(
        "attack helps",
        False,
        holds=Equal(derived, weight * outer(y * x + eps * e, y * x + eps * e) + turning),
    ),
)
