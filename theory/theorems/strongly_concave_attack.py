r"""A loss that is strongly concave in the attack: the attack is Lipschitz, the maximum smooth.

For l mu-strongly concave in x and any compact convex attack set K, a ball of any norm included,

.. math:: \|\delta^*-\delta^{*\prime}\| \le \tfrac{L_{x\theta}}{\mu}\|\theta-\theta'\|, \qquad
          l_\epsilon \text{ is } \Bigl(L_{\theta\theta}
          + \frac{L_{\theta x}L_{x\theta}}{\mu}\Bigr)\text{-smooth},

and there is one worst attack.
**Tight**: l = (a/2) theta^2 + b theta x - (mu/2) x^2 while the attack is inside.   Kinks: none.
Shapes: theta, x (d,); mu has the unit of l/x^2.
Source: Sinha et al. 2018; Kanai et al. 2021, general case; Wang et al. 2019.
"""

from typing import Any

from sympy import Rational, symbols

from theory import Claim, Convex, Lipschitz, NormBall, Smooth, Vector, dot, gradient, norm
from theory.claims import with_mutants
from theory.general import Function, InnerMaximum
from theory.general.inner_maximum import ConvexSet
from theory.moduli import StronglyConcave

x, theta, other, point = Vector("x"), Vector("theta"), Vector("theta2"), Vector("delta")
Ltt, Ltx, Lxt, Lxx, mu, eps = symbols("L_tt L_tx L_xt L_xx mu epsilon", positive=True)
model = Function("l", "x", "theta")
loss = model(x, theta)
slope, push = gradient(loss, theta), gradient(loss, x)
worst = InnerMaximum(model, "x", ConvexSet("K"))
concave, across = StronglyConcave(loss, x, mu), Lipschitz(push, theta, Lxt)
in_theta, in_x = Lipschitz(slope, theta, Ltt), Lipschitz(slope, x, Ltx)
apart = norm(theta - other)


def attack(constant: Any) -> Lipschitz:
    return Lipschitz(worst.point(theta), theta, constant)


moves = Claim(
    id="strongly-concave-attack-lipschitz",
    title="The worst attack on a strongly concave loss is Lipschitz, for every convex attack set",
    given=[concave, across],
    holds=attack(Lxt / mu),
    source="Sinha et al. 2018",
    kind="tight",
)
moves = with_mutants(
    moves,
    moves.mutate("a hair less", False, holds=attack(Rational(999, 1000) * Lxt / mu)),
    moves.mutate("half", False, holds=attack(Lxt / (2 * mu))),
    moves.mutate("squared", False, holds=attack(Lxt**2 / mu)),
    moves.mutate("mu squared", False, holds=attack(Lxt / mu**2)),
    moves.mutate("concave", False, given=[Convex(-loss, x), across]),
    moves.mutate("not concave", False, given=[across]),
    moves.mutate("unknown in theta", False, given=[concave]),
    moves.mutate("twice", True, holds=attack(2 * Lxt / mu)),
)


def smooth(constant: Any) -> Smooth:
    return Smooth(worst.value(theta), theta, constant)


everything = [concave, across, in_x, in_theta]
value = Claim(
    id="strongly-concave-attack-smooth",
    title="The adversarial loss of a strongly concave inner problem is smooth",
    given=everything,
    holds=smooth(Ltt + Ltx * Lxt / mu),
    source="Sinha et al. 2018",
    kind="tight",
)
value = with_mutants(
    value,
    value.mutate("a hair less", False, holds=smooth(Ltt + Rational(999, 1000) * Ltx * Lxt / mu)),
    value.mutate("natural", False, holds=smooth(Ltt)),
    value.mutate("attack alone", False, holds=smooth(Ltx * Lxt / mu)),
    value.mutate("difference", False, holds=smooth(Ltt - Ltx * Lxt / mu)),
    value.mutate("not squared", False, holds=smooth(Ltt + Ltx / mu)),
    value.mutate("not concave", False, given=[across, in_x, in_theta]),
    value.mutate("unknown in theta", False, given=[concave, across, in_x]),
    value.mutate("mean of squares", True, holds=smooth(Ltt + (Ltx**2 + Lxt**2) / (2 * mu))),
)
once = Lipschitz(push, theta, Ltx)
local = Claim(
    id="strongly-concave-attack-smooth-one-constant",
    title="With one constant of the mixed derivative the loss is (L_tt + L_tx^2/mu)-smooth",
    given=[concave, once, in_x, in_theta],
    holds=smooth(Ltt + Ltx**2 / mu),
    source="Kanai et al. 2021, general case",
    kind="tight",
)
local = with_mutants(
    local,
    local.mutate("a hair less", False, holds=smooth(Ltt + Rational(999, 1000) * Ltx**2 / mu)),
    local.mutate("half", False, holds=smooth(Ltt + Ltx**2 / (2 * mu))),
    local.mutate("natural", False, holds=smooth(Ltt)),
    local.mutate("concave", False, given=[Convex(-loss, x), once, in_x, in_theta]),
    local.mutate("unknown in x", False, given=[concave, in_theta]),
    local.mutate("twice", True, holds=smooth(Ltt + 2 * Ltx**2 / mu)),
)


def ball(p: Any = 2) -> InnerMaximum:
    return InnerMaximum(model, "x", NormBall(p, eps))


def growth(modulus: Any, curved: Any = concave) -> dict[str, Any]:
    lost = ball().value(theta) - model(point, theta)
    return {
        "given": [curved, norm(point) <= eps],
        "holds": lost >= modulus * norm(point - ball().point(theta)) ** 2,
    }


quadratic = Claim(
    id="strongly-concave-attack-growth",
    title="An attack loses at least (mu/2) times its squared distance to the worst one",
    source="ours",
    kind="tight",
    **growth(mu / 2),
)
quadratic = with_mutants(
    quadratic,
    quadratic.mutate("a hair more", False, **growth(Rational(501, 1000) * mu)),
    quadratic.mutate("twice", False, **growth(mu)),
    quadratic.mutate("concave", False, **growth(mu / 2, Convex(-loss, x))),
    quadratic.mutate("outside", False, given=[concave], holds=growth(mu / 2)["holds"]),
    quadratic.mutate("half", True, **growth(mu / 4)),
)

monotone_change = worst.gradient(theta) - worst.gradient(other)


def product(constant: Any) -> Any:
    return dot(monotone_change, theta - other) <= constant * apart**2
