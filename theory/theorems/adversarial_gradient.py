r"""How far the gradient of an adversarial loss can move, for any differentiable model.

If grad_theta l is L_tt-Lipschitz in theta and L_tx-Lipschitz in x, then with any worst attacks
delta of theta and delta' of theta'

.. math:: \|\nabla l_\epsilon(\theta)-\nabla l_\epsilon(\theta')\|
          \le L_{\theta\theta}\|\theta-\theta'\| + L_{\theta x}\|\delta-\delta'\|
          \le L_{\theta\theta}\|\theta-\theta'\| + 2\epsilon L_{\theta x},

so a Lipschitz attack makes a Lipschitz gradient; and an l that is L-Lipschitz in theta makes an
L-Lipschitz l_eps.
**Tight**: l = (a/2) theta^2 + b theta x attains the first; the box of radius eps needs the
factor ||1||_2 = sqrt(d).   Kinks: allowed; the gradient is the one at any worst attack.
Shapes: theta, x, delta (d,); eps in the unit of x.
Source: Liu et al. 2020; Xiao et al. 2022; the Lipschitz attack from Kanai et al. 2021, general
case.
"""

from typing import Any

from sympy import Rational, oo, sqrt, symbols

from theory import Claim, Lipschitz, NormBall, Vector, gradient, norm, ones
from theory.claims import with_mutants
from theory.general import Function, InnerMaximum
from theory.general.inner_maximum import ConvexSet
from theory.vectors import zero

x, theta, other = Vector("x"), Vector("theta"), Vector("theta2")
Ltt, Ltx, L, eps = symbols("L_tt L_tx L epsilon", positive=True)
model = Function("l", "x", "theta")
loss = model(x, theta)
slope = gradient(loss, theta)
any_set = InnerMaximum(model, "x", ConvexSet("K"))
in_theta, in_x = Lipschitz(slope, theta, Ltt), Lipschitz(slope, x, Ltx)
apart = norm(theta - other)


def ball(p: Any = 2, radius: Any = eps) -> InnerMaximum:
    return InnerMaximum(model, "x", NormBall(p, radius))


def change(worst: InnerMaximum) -> Any:
    return norm(worst.gradient(theta) - worst.gradient(other))


def moved(worst: InnerMaximum) -> Any:
    return norm(worst.point(theta) - worst.point(other))


bound = Ltt * apart + 2 * eps * Ltx
gap = Claim(
    id="adversarial-gradient-gap",
    title="The gradient of an L2 adversarial loss is Lipschitz up to a gap of 2 eps L_tx",
    given=[in_theta, in_x],
    holds=change(ball()) <= bound,
    source="Liu et al. 2020",
    kind="tight",
)
gap = with_mutants(
    gap,
    gap.mutate(
        "a hair less", False, holds=change(ball()) <= Ltt * apart + Rational(1999, 1000) * eps * Ltx
    ),
    gap.mutate("once the radius", False, holds=change(ball()) <= Ltt * apart + eps * Ltx),
    gap.mutate("no gap", False, holds=change(ball()) <= Ltt * apart),
    gap.mutate("gap alone", False, holds=change(ball()) <= 2 * eps * Ltx),
    gap.mutate("unknown in x", False, given=[in_theta]),
    gap.mutate("unknown in theta", False, given=[in_x]),
    gap.mutate("three radii", True, holds=change(ball()) <= Ltt * apart + 3 * eps * Ltx),
    gap.mutate("box", False, holds=change(ball(oo)) <= bound),
)

attacks = Claim(
    id="adversarial-gradient-attacks",
    title="The gap is L_tx times the distance of the worst attacks, for every attack set",
    given=[in_theta, in_x],
    holds=change(any_set) <= Ltt * apart + Ltx * moved(any_set),
    source="Kanai et al. 2021, general case",
    kind="tight",
)
attacks = with_mutants(
    attacks,
    attacks.mutate(
        "a hair less",
        False,
        holds=change(any_set) <= Ltt * apart + Rational(999, 1000) * Ltx * moved(any_set),
    ),
    attacks.mutate("attacks alone", False, holds=change(any_set) <= Ltx * moved(any_set)),
    attacks.mutate("no attacks", False, holds=change(any_set) <= Ltt * apart),
    attacks.mutate(
        "difference", False, holds=change(any_set) <= Ltt * apart - Ltx * moved(any_set)
    ),
    attacks.mutate("unknown in x", False, given=[in_theta]),
    attacks.mutate(
        "twice", True, holds=change(any_set) <= 2 * Ltt * apart + 2 * Ltx * moved(any_set)
    ),
)

box_bound = Ltt * apart + 2 * eps * Ltx * norm(ones())
box = Claim(
    id="adversarial-gradient-box",
    title="Under a box attack the gap is 2 eps sqrt(d) L_tx",
    given=[in_theta, in_x],
    holds=change(ball(oo)) <= box_bound,
    source="Liu et al. 2020",
    kind="tight",
)
box = with_mutants(
    box,
    box.mutate(
        "a hair less",
        False,
        holds=change(ball(oo)) <= Ltt * apart + Rational(1999, 1000) * eps * Ltx * norm(ones()),
    ),
    box.mutate("without the dimension", False, holds=change(ball(oo)) <= bound),
    box.mutate(
        "root of the dimension",
        False,
        holds=change(ball(oo)) <= (Ltt * apart + 2 * eps * Ltx * sqrt(norm(ones()))),
    ),
    box.mutate("unknown in x", False, given=[in_theta]),
    box.mutate("L2 ball", True, holds=change(ball()) <= box_bound),
)

lipschitz_attack = Claim(
    id="adversarial-gradient-lipschitz-attack",
    title="A Lipschitz attack makes a Lipschitz gradient",
    given=[in_theta, in_x, moved(any_set) <= L * apart],
    holds=change(any_set) <= (Ltt + Ltx * L) * apart,
    source="Kanai et al. 2021, general case",
    kind="tight",
)
lipschitz_attack = with_mutants(
    lipschitz_attack,
    lipschitz_attack.mutate(
        "a hair less",
        False,
        holds=change(any_set) <= (Ltt + Rational(999, 1000) * Ltx * L) * apart,
    ),
    lipschitz_attack.mutate("attack alone", False, holds=change(any_set) <= Ltx * L * apart),
    lipschitz_attack.mutate("natural", False, holds=change(any_set) <= Ltt * apart),
    lipschitz_attack.mutate("any attack", False, given=[in_theta, in_x]),
    lipschitz_attack.mutate("unknown in x", False, given=[in_theta, moved(any_set) <= L * apart]),
    lipschitz_attack.mutate("sum", True, holds=change(any_set) <= (Ltt + Ltx) * (1 + L) * apart),
)

hoelder_attack = Claim(
    id="adversarial-gradient-hoelder-attack",
    title="A Hoelder continuous attack makes a Hoelder continuous gradient",
    given=[in_theta, in_x, moved(any_set) <= L * sqrt(apart)],
    holds=change(any_set) <= Ltt * apart + Ltx * L * sqrt(apart),
    source="ours",
    kind="upper",
)
hoelder_attack = with_mutants(
    hoelder_attack,
    hoelder_attack.mutate("natural", False, holds=change(any_set) <= Ltt * apart),
    hoelder_attack.mutate("attack alone", False, holds=change(any_set) <= Ltx * L * sqrt(apart)),
    hoelder_attack.mutate("Lipschitz", False, holds=change(any_set) <= (Ltt + Ltx * L) * apart),
    hoelder_attack.mutate(
        "twice", True, holds=change(any_set) <= Ltt * apart + 2 * Ltx * L * sqrt(apart)
    ),
)


def steep(constant: Any) -> Lipschitz:
    return Lipschitz(loss, theta, constant)


def worst_is(constant: Any) -> Lipschitz:
    return Lipschitz(any_set.value(theta), theta, constant)


value = Claim(
    id="adversarial-value-lipschitz",
    title="An adversarial loss is as Lipschitz as the loss, for every attack set",
    given=[steep(L)],
    holds=worst_is(L),
    source="Liu et al. 2020",
    kind="tight",
)
value = with_mutants(
    value,
    value.mutate("a hair less", False, holds=worst_is(Rational(999, 1000) * L)),
    value.mutate("half", False, holds=worst_is(L / 2)),
    value.mutate("steeper loss", False, given=[steep(2 * L)]),
    value.mutate("any loss", False, given=[]),
    value.mutate("twice", True, holds=worst_is(2 * L)),
    value.mutate("flatter loss", True, given=[steep(L / 2)]),
)

natural = gradient(model(zero(), theta), theta)
far = norm(ball().gradient(theta) - natural)
from_natural = Claim(
    id="adversarial-gradient-from-natural",
    title="The gradient of an L2 adversarial loss is within eps L_tx of the natural one",
    given=[in_x],
    holds=far <= eps * Ltx,
    source="ours; approximate smoothness is from Xiao et al. 2022",
    kind="tight",
)
from_natural = with_mutants(
    from_natural,
    from_natural.mutate("a hair less", False, holds=far <= Rational(999, 1000) * eps * Ltx),
    from_natural.mutate("half", False, holds=far <= eps * Ltx / 2),
    from_natural.mutate("squared", False, holds=far <= eps**2 * Ltx),
    from_natural.mutate("unknown in x", False, given=[in_theta]),
    from_natural.mutate("box", False, holds=norm(ball(oo).gradient(theta) - natural) <= eps * Ltx),
    from_natural.mutate("twice", True, holds=far <= 2 * eps * Ltx),
)
