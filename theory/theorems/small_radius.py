r"""A small L2 attack on any model: one worst attack, Lipschitz, without concavity.

If ||grad_x l|| >= g everywhere and eps L_xx < g, the worst attack solves
delta = eps grad_x l/||grad_x l||, a contraction, and

.. math:: \|\delta^*-\delta^{*\prime}\|
          \le \frac{\epsilon L_{x\theta}}{g-\epsilon L_{xx}}\|\theta-\theta'\|.

With ``adversarial-gradient-lipschitz-attack`` the worst case is L_tt + L_tx times that smooth.

**Tight**: l = (a/2) ||theta||^2 + g x_1 + b theta_2 x_2 + (h/2) x_2^2 near theta_2 = 0; the
constant grows as the loss gets flatter in x.
Kinks: none.   Shapes: theta, x (d,); g has the unit of l/x.
Source: ours; the flatness relation is from Kanai et al. 2021, general case.
"""

from typing import Any

from sympy import Rational, oo, symbols

from theory import Claim, Lipschitz, NormBall, Vector, gradient, norm
from theory.claims import with_mutants
from theory.everywhere import Everywhere
from theory.general import Function, InnerMaximum

x, theta, other = Vector("x"), Vector("theta"), Vector("theta2")
Lxt, Lxx, g, eps = symbols("L_xt L_xx g epsilon", positive=True)
model = Function("l", "x", "theta")
loss = model(x, theta)
push = gradient(loss, x)
steep = Everywhere(norm(push) >= g)
along, across = Lipschitz(push, x, Lxx), Lipschitz(push, theta, Lxt)
small = eps * Lxx < g
apart = norm(theta - other)
SOURCE = "ours"


def ball(p: Any = 2) -> InnerMaximum:
    return InnerMaximum(model, "x", NormBall(p, eps))


def attack(constant: Any, p: Any = 2) -> Lipschitz:
    return Lipschitz(ball(p).point(theta), theta, constant)


rate = eps * Lxt / (g - eps * Lxx)
moves = Claim(
    id="small-radius-attack-lipschitz",
    title="A small L2 attack on a loss that is steep in x is Lipschitz",
    given=[steep, along, across, small],
    holds=attack(rate),
    source=SOURCE,
    kind="tight",
)
moves = with_mutants(
    moves,
    moves.mutate("a hair less", False, holds=attack(Rational(999, 1000) * rate)),
    moves.mutate("half", False, holds=attack(rate / 2)),
    moves.mutate("squared", False, holds=attack(eps**2 * Lxt / (g - eps * Lxx))),
    moves.mutate("sum", False, holds=attack(eps * Lxt / (g + eps * Lxx))),
    moves.mutate("any radius", False, given=[steep, along, across]),
    moves.mutate("flat", False, given=[along, across, small]),
    moves.mutate("unknown in theta", False, given=[steep, along, small]),
    moves.mutate("box", False, holds=attack(rate, oo)),
    moves.mutate("twice", True, holds=attack(2 * rate)),
)


here, there = ball().inner_gradient(theta), ball().inner_gradient(other)
moved = norm(ball().point(theta) - ball().point(other))
turning = Claim(
    id="l2-attack-turns-with-the-gradient",
    title="L2 attacks differ by at most 2 eps times the gradients over the sum of their lengths",
    given=[norm(here) > 0],
    holds=moved <= 2 * eps * norm(here - there) / (norm(here) + norm(there)),
    source=SOURCE,
    kind="tight",
)
turning = with_mutants(
    turning,
    turning.mutate(
        "half", False, holds=moved <= eps * norm(here - there) / (norm(here) + norm(there))
    ),
    turning.mutate(
        "product", False, holds=moved <= eps * norm(here - there) / (norm(here) * norm(there))
    ),
    turning.mutate(
        "radius squared",
        False,
        holds=(moved <= 2 * eps**2 * norm(here - there) / (norm(here) + norm(there))),
    ),
    turning.mutate(
        "smaller", True, holds=moved * (norm(here) + norm(there)) <= 4 * eps * norm(here - there)
    ),
)

linear = Lipschitz(push, x, 0)
linear_moves = Claim(
    id="linear-in-x-attack-lipschitz",
    title="For a loss that is linear in x the L2 attack is (eps L_xt/g)-Lipschitz",
    given=[linear, across, steep],
    holds=attack(eps * Lxt / g),
    source=SOURCE,
    kind="tight",
)
linear_moves = with_mutants(
    linear_moves,
    linear_moves.mutate("half", False, holds=attack(eps * Lxt / (2 * g))),
    linear_moves.mutate("squared", False, holds=attack(eps * Lxt / g**2)),
    linear_moves.mutate("flat", False, given=[linear, across]),
    linear_moves.mutate("unknown in theta", False, given=[linear, steep]),
    linear_moves.mutate("twice", True, holds=attack(2 * eps * Lxt / g)),
)
