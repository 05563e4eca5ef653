r"""A rounded box: the box brings the kinks, the rounding brings the turning, and neither cures.

For the attack set of all sums of a ball of radius eps and a box of half-width kappa,

.. math:: \text{in one orthant, } \|\theta\| \ge \rho: \qquad
          \|\delta^*(\theta)-\delta^*(\theta')\| \le \frac\epsilon\rho\,\|\theta-\theta'\|,

whatever kappa; across orthants there are kinks at any distance, however round the corners.
**Tight**: the box does not turn within an orthant.   Kinks: some theta_i = 0.
Shapes: theta, x (d,); eps, kappa in the unit of x.
Source: ours.
"""

from typing import Any

from sympy import oo, symbols

from theory import (
    AdversarialLoss,
    AttackSet,
    Claim,
    Differentiable,
    Label,
    Lipschitz,
    NormBall,
    Not,
    Signs,
    Smooth,
    Vector,
    in_orthant,
    logistic,
    norm,
    ones,
)
from theory.claims import with_mutants

theta, x, s, y = Vector("theta"), Vector("x"), Signs("s"), Label("y")
eps, kappa, rho = symbols("epsilon kappa rho", positive=True)


def rounded(radius: Any = eps, width: Any = kappa) -> AdversarialLoss:
    return AdversarialLoss(
        logistic, AttackSet(support=lambda t: radius * norm(t) + width * norm(t, 1))
    )


def value(radius: Any = eps, width: Any = kappa) -> Any:
    return rounded(radius, width).value(theta, x, y)


def ball(p: Any, radius: Any) -> Any:
    return AdversarialLoss(logistic, NormBall(p, radius)).value(theta, x, y)


one_orthant, away = in_orthant(theta, s), norm(theta) >= rho


def turning(constant: Any) -> Lipschitz:
    return Lipschitz(rounded().attack(theta, y), wrt=theta, constant=constant)


slow = Claim(
    id="rounded-box-attack-lipschitz",
    title="In one orthant the attack of a rounded box turns as slowly as that of its rounding",
    given=[one_orthant, away],
    holds=turning(eps / rho),
    source="ours",
    about=[rounded()],
    kind="tight",
)
slow = with_mutants(
    slow,
    slow.mutate("half", False, holds=turning(eps / (2 * rho))),
    slow.mutate("across orthants", False, given=[away]),
    slow.mutate("up to zero", False, given=[one_orthant]),
    slow.mutate("with the box", True, holds=turning((eps + kappa) / rho)),
    slow.mutate("of the box", False, holds=turning(kappa / rho)),
)
smooth = Claim(
    id="rounded-box-smooth-in-orthant",
    title="In one orthant, off zero, the loss under a rounded box is smooth",
    given=[one_orthant, away],
    holds=Smooth(value(), wrt=theta),
    source="ours",
    about=[rounded()],
    kind="upper",
)
smooth = with_mutants(
    smooth,
    smooth.mutate("across orthants", False, given=[away]),
    smooth.mutate("up to zero", False, given=[one_orthant]),
)
kinks = Claim(
    id="rounded-box-kinks",
    title="However round a box, its attack makes kinks at every distance from zero",
    given=[away],
    holds=Not(Differentiable(value(), wrt=theta)),
    source="ours",
    about=[rounded()],
    dimensions=(2, 3),
    kind="counterexample",
)
kinks = with_mutants(
    kinks,
    kinks.mutate("on the line", False, dimensions=(1,)),
    kinks.mutate("in an orthant", False, given=[one_orthant, away]),
    kinks.mutate("no box", False, holds=Not(Differentiable(value(width=0), wrt=theta))),
    kinks.mutate("no rounding", True, holds=Not(Differentiable(value(radius=0), wrt=theta))),
)
larger = Claim(
    id="rounded-box-below-box",
    title="A rounded box lies in the box of the summed widths",
    holds=value() <= ball(oo, eps + kappa),
    source="ours",
    about=[rounded()],
    kind="tight",
)
larger = with_mutants(
    larger,
    larger.mutate("strict", False, holds=value() < ball(oo, eps + kappa)),
    larger.mutate("in the box", False, holds=value() <= ball(oo, kappa)),
    larger.mutate("above the box", True, holds=value() >= ball(oo, kappa)),
    larger.mutate("in the ball", False, holds=value() <= ball(2, eps + kappa)),
    larger.mutate("in a larger ball", True, holds=value() <= ball(2, eps + kappa * norm(ones()))),
)
