r"""Nonsmooth is not slow: one subgradient step on a weakly convex loss lowers its Moreau envelope.

For l rho-weakly convex in theta, gamma > rho, s the proximal point of theta and a step
theta' = theta - eta g along a gradient g with ||g|| <= L,

.. math:: \langle g,\theta-s\rangle \ge (\gamma-\rho)\|\theta-s\|^2, \qquad
          M_\gamma(\theta') \le M_\gamma(\theta)
          - \eta\gamma(\gamma-\rho)\|\theta-s\|^2 + \tfrac{\gamma}{2}\eta^2L^2,

where M(theta) = l(s) + (gamma/2)||theta - s||^2 and grad M = gamma (theta - s).  Adversarial losses
are weakly convex for every attack; summed over T steps with eta of order T^{-1/2} this is the rate
T^{-1/4} of ||grad M||.  Only stationarity of s is used: l'(s) = gamma (theta - s).
**Tight**: all but the last, for l = -(rho/2)||.||^2 and ||g|| = L.   Kinks: none here.
Shapes: theta, s, g (d,); eta, gamma, rho > 0 in the units that they have in the formula.
Source: Davis & Drusvyatskiy 2019, without noise; for adversarial losses ours.
"""

from typing import Any

from sympy import Eq, Rational, symbols

from theory import Claim, Vector, dot, gradient, norm
from theory.claims import with_mutants
from theory.general import Function
from theory.moduli import WeaklyConvex

theta, s = Vector("theta"), Vector("s")
gamma, rho, eta, L = symbols("gamma rho eta L", positive=True)
loss = Function("l", "theta")
g = gradient(loss(theta), theta)
away = theta - s
stationary = norm(gradient(loss(s), s) - gamma * away) <= 0
bends = WeaklyConvex(loss(theta), theta, rho)
SOURCE = "Davis & Drusvyatskiy 2019, without noise; for adversarial losses ours"


def descent(constant: Any) -> Any:
    return dot(g, away) >= constant * norm(away) ** 2


points_back = Claim(
    id="gradient-points-to-proximal-point",
    title="A gradient points away from the proximal point, by gamma - rho at least",
    given=[bends, stationary],
    holds=descent(gamma - rho),
    source=SOURCE,
    kind="tight",
)
points_back = with_mutants(
    points_back,
    points_back.mutate("gamma", False, holds=descent(gamma)),
    points_back.mutate("a hair more", False, holds=descent(gamma - Rational(999, 1000) * rho)),
    points_back.mutate("any point", False, given=[bends]),
    points_back.mutate("any loss", False, given=[stationary]),
    points_back.mutate("half", True, holds=descent(gamma - 2 * rho)),
)

slope = Vector("g")  # with the property just shown
after = away - eta * slope  # the new point less s
pointing = dot(slope, away) >= (gamma - rho) * norm(away) ** 2
limited = norm(slope) <= L


def nearer(drift: Any, noise: Any) -> Any:
    return norm(after) ** 2 <= (1 - drift) * norm(away) ** 2 + noise


closer = Claim(
    id="gradient-step-towards-proximal-point",
    title="A gradient step comes closer to the proximal point, up to eta^2 L^2",
    given=[pointing, limited],
    holds=nearer(2 * eta * (gamma - rho), eta**2 * L**2),
    source=SOURCE,
    kind="tight",
)
closer = with_mutants(
    closer,
    closer.mutate("no noise", False, holds=nearer(2 * eta * (gamma - rho), 0)),
    closer.mutate("with gamma", False, holds=nearer(2 * eta * gamma, eta**2 * L**2)),
    closer.mutate(
        "half the noise", False, holds=nearer(2 * eta * (gamma - rho), eta**2 * L**2 / 2)
    ),
    closer.mutate("any length", False, given=[pointing]),
    closer.mutate("any direction", False, given=[limited]),
    closer.mutate("slower", True, holds=nearer(2 * eta * (gamma - 2 * rho), eta**2 * L**2)),
)

at_s, now, new = symbols("l_s M M_next", real=True)
value = Eq(now, at_s + gamma / 2 * norm(away) ** 2)
no_more = new <= at_s + gamma / 2 * norm(after) ** 2  # the envelope is a minimum


def falls(drift: Any, noise: Any) -> Any:
    return new <= now - drift * norm(away) ** 2 + noise


lower = Claim(
    id="envelope-falls-along-gradient-step",
    title="A gradient step lowers the Moreau envelope, up to (gamma/2) eta^2 L^2",
    given=[pointing, limited, value, no_more],
    holds=falls(eta * gamma * (gamma - rho), gamma * eta**2 * L**2 / 2),
    source=SOURCE,
    kind="upper",
    lemmas=[nearer(2 * eta * (gamma - rho), eta**2 * L**2)],
)
lower = with_mutants(
    lower,
    lower.mutate("no noise", False, holds=falls(eta * gamma * (gamma - rho), 0)),
    lower.mutate(
        "half the noise", False, holds=falls(eta * gamma * (gamma - rho), gamma * eta**2 * L**2 / 4)
    ),
    lower.mutate("any direction", False, given=[limited, value, no_more]),
    lower.mutate(
        "slower", True, holds=falls(eta * gamma * (gamma - 2 * rho), gamma * eta**2 * L**2 / 2)
    ),
)
