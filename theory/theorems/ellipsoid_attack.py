r"""An ellipsoid as the attack set: each input has its own radius eps w_i.

.. math:: h_K(\theta) = \epsilon\,\|w\circ\theta\|, \qquad
          \delta^*(\theta) = -y\,\epsilon\,w\circ\frac{w\circ\theta}{\|w\circ\theta\|}, \qquad
          \|\delta^*(\theta)-\delta^*(\theta')\| \le \frac{\epsilon\|w\|_\infty^2}{\rho}
          \|\theta-\theta'\|

where ||w o theta|| >= rho: the largest radius of curvature sets the turning of the attack.
**Tight**: for w = 1 it is the L2 ball.   Kinks: w o theta = 0.
Shapes: theta, x, w (d,), w of any signs; eps w in the unit of x, rho in that of w theta.
Source: ours.
"""

from typing import Any

from sympy import Rational, oo, symbols

from theory import (
    AdversarialLoss,
    AttackSet,
    Claim,
    Convex,
    Differentiable,
    Equal,
    Label,
    Lipschitz,
    NormBall,
    Vector,
    hadamard,
    logistic,
    norm,
    unit,
)
from theory.claims import with_mutants

theta, x, w, y = Vector("theta"), Vector("x"), Vector("w"), Label("y")
eps, rho = symbols("epsilon rho", positive=True)
scaled = hadamard(w, theta)
loss = AdversarialLoss(logistic, AttackSet(support=lambda t: eps * norm(hadamard(w, t))))
value = loss.value(theta, x, y)
off_kinks, away = norm(scaled) > 0, norm(scaled) >= rho


def ball(radius: Any) -> Any:
    return AdversarialLoss(logistic, NormBall(2, radius)).value(theta, x, y)


formula = Claim(
    id="ellipsoid-attack-formula",
    title="The attack in an ellipsoid weighs theta twice",
    given=[off_kinks],
    holds=Equal(loss.attack(theta, y), -y * eps * hadamard(w, unit(scaled))),
    source="ours",
    about=[loss],
    kind="identity",
)
formula = with_mutants(
    formula,
    formula.mutate(
        "weighed once", False, holds=Equal(loss.attack(theta, y), -y * eps * unit(scaled))
    ),
    formula.mutate(
        "sign flipped",
        False,
        holds=Equal(loss.attack(theta, y), y * eps * hadamard(w, unit(scaled))),
    ),
    formula.mutate(
        "unit of theta",
        False,
        given=[off_kinks, norm(theta) > 0],
        holds=Equal(loss.attack(theta, y), -y * eps * hadamard(w, unit(theta))),
    ),
)


def turning(constant: Any) -> Lipschitz:
    return Lipschitz(loss.attack(theta, y), wrt=theta, constant=constant)


slow = Claim(
    id="ellipsoid-attack-lipschitz",
    title="The attack in an ellipsoid turns at most with the square of its largest weight",
    given=[away],
    holds=turning(eps * norm(w, oo) ** 2 / rho),
    source="ours",
    about=[loss],
    kind="tight",
)
slow = with_mutants(
    slow,
    slow.mutate("weight not squared", False, holds=turning(eps * norm(w, oo) / rho)),
    slow.mutate("2-norm of the weights", True, holds=turning(eps * norm(w) ** 2 / rho)),
    slow.mutate("half", False, holds=turning(eps * norm(w, oo) ** 2 / (2 * rho))),
    slow.mutate("off kinks only", False, given=[off_kinks]),
    slow.mutate("on the line", True, dimensions=(1,), holds=turning(eps * norm(w, oo) ** 2 / rho)),
)
slow_value = Claim(
    id="ellipsoid-loss-lipschitz",
    title="The loss under an attack in an ellipsoid is (||x|| + eps max|w|)-Lipschitz",
    holds=Lipschitz(value, wrt=theta, constant=norm(x) + eps * norm(w, oo)),
    source="ours",
    about=[loss],
    kind="tight",
)
slow_value = with_mutants(
    slow_value,
    slow_value.mutate(
        "weights left out", False, holds=Lipschitz(value, wrt=theta, constant=norm(x) + eps)
    ),
    slow_value.mutate(
        "half", False, holds=Lipschitz(value, wrt=theta, constant=(norm(x) + eps * norm(w, oo)) / 2)
    ),
)
smooth_off = Claim(
    id="ellipsoid-loss-differentiable",
    title="Off w o theta = 0 the loss under an attack in an ellipsoid is differentiable",
    given=[off_kinks],
    holds=Differentiable(value, wrt=theta),
    source="ours",
    about=[loss],
    kind="identity",
)
smooth_off = with_mutants(
    smooth_off,
    smooth_off.mutate("everywhere", False, given=()),
    smooth_off.mutate("off zero", False, given=[norm(theta) > 0]),
)
convex = Claim(
    id="ellipsoid-loss-convex",
    title="The loss under an attack in an ellipsoid is convex",
    holds=Convex(value, wrt=theta),
    source="ours",
    about=[loss],
    kind="identity",
)
convex = with_mutants(convex, convex.mutate("negative", False, holds=Convex(-value, wrt=theta)))
inside = Claim(
    id="ellipsoid-below-ball",
    title="An ellipsoid lies in the ball of its largest half-axis",
    holds=value <= ball(eps * norm(w, oo)),
    source="ours",
    about=[loss],
    kind="tight",
)
inside = with_mutants(
    inside,
    inside.mutate("unit radius", False, holds=value <= ball(eps)),
    inside.mutate(
        "a hair less", False, holds=value <= ball(eps * norm(w, oo) * Rational(999, 1000))
    ),
    inside.mutate("2-norm of the weights", True, holds=value <= ball(eps * norm(w))),
    inside.mutate("reversed", False, holds=value >= ball(eps * norm(w, oo))),
)
