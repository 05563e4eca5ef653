r"""Local entropy of an adversarial loss: down it bends with L_tt alone, up with both constants.

For f L-weakly convex (an adversarial loss, L = L_tt, for every attack) and beta-smooth (where the
inner problem is mu-strongly concave: beta = L_tt + L_tx L_xt/mu), gamma > L,

.. math:: -\frac{\gamma L}{\gamma-L} I \preceq \nabla^2 E
          \preceq \frac{\gamma\beta}{\gamma+\beta} I ,

so for gamma (beta - L) >= 2 L beta the local entropy is gamma beta/(gamma + beta)-smooth: smoother
than f and than gamma, however steep the attack.
**Tight**: quadratics.   Kinks: none of E.   Shapes: t, theta (d,).
Source: ours; local entropy is from Chaudhari et al. 2017.
"""

from typing import Any

from sympy import Rational, symbols

from theory import Claim, Smooth, Vector, identity
from theory.claims import with_mutants
from theory.general import Function, LocalEntropy
from theory.loewner_order import LoewnerLe
from theory.moduli import WeaklyConvex

t, theta = Vector("t"), Vector("theta")
L, beta, gamma = symbols("L beta gamma", positive=True)
Ltt, Ltx, Lxt, mu = symbols("L_tt L_tx L_xt mu", positive=True)
function = Function("f", "t")
f, entropy = function(t), LocalEntropy(function, gamma)
E, bend = entropy.value(theta), entropy.hessian(theta)
hair = Rational(999, 1000)


def above(bound: Any) -> LoewnerLe:
    return LoewnerLe(bend, bound * identity())


def below(bound: Any) -> LoewnerLe:
    return LoewnerLe(bound * identity(), bend)


def smooth(constant: Any) -> Smooth:
    return Smooth(E, theta, constant)


weak, strong = gamma * L / (gamma - L), gamma * beta / (gamma + beta)
bent, curved = WeaklyConvex(f, t, L), Smooth(f, t, beta)
stiff = gamma * (beta - L) >= 2 * L * beta
flatter = Claim(
    id="entropy-of-adversarial-loss-smooth",
    title="Stiff local entropy of an adversarial loss is smoother than the loss and than gamma",
    given=[bent, curved, gamma > L, stiff],
    holds=smooth(strong),
    source="ours; local entropy is from Chaudhari et al. 2017",
    kind="tight",
)
flatter = with_mutants(
    flatter,
    flatter.mutate("a hair less", False, holds=smooth(hair * strong)),
    flatter.mutate("half", False, holds=smooth(strong / 2)),
    flatter.mutate("any gamma", False, given=[bent, curved, gamma > L]),
    flatter.mutate("smooth alone", False, given=[curved, gamma > L, stiff]),
    flatter.mutate("weakly convex alone", False, given=[bent, gamma > L, stiff]),
    flatter.mutate("beta", True, holds=smooth(beta)),
    flatter.mutate("gamma", True, holds=smooth(gamma)),
)

inner = Ltt + Ltx * Lxt / mu
model = Smooth(f, t, inner)
down = Claim(
    id="entropy-of-adversarial-loss-below",
    title="Local entropy of an adversarial loss bends down by L_tt alone, whatever the attack",
    given=[WeaklyConvex(f, t, Ltt), model, gamma > Ltt],
    holds=below(-gamma * Ltt / (gamma - Ltt)),
    source="ours",
    kind="tight",
)
down = with_mutants(
    down,
    down.mutate("a hair more", False, holds=below(-hair * gamma * Ltt / (gamma - Ltt))),
    down.mutate("unchanged", False, holds=below(-Ltt)),
    down.mutate("smooth alone", False, given=[model, gamma > Ltt]),
    down.mutate("small gamma", False, given=[WeaklyConvex(f, t, Ltt), model, gamma < Ltt]),
    down.mutate("twice", True, holds=below(-2 * gamma * Ltt / (gamma - Ltt))),
)

up = Claim(
    id="entropy-of-adversarial-loss-above",
    title="Local entropy of a strongly concave inner problem has curvature below gamma",
    given=[model],
    holds=above(gamma * inner / (gamma + inner)),
    source="ours",
    kind="tight",
)
up = with_mutants(
    up,
    up.mutate("a hair less", False, holds=above(hair * gamma * inner / (gamma + inner))),
    up.mutate("natural", False, holds=above(gamma * Ltt / (gamma + Ltt))),
    up.mutate("any loss", False, given=[]),
    up.mutate("gamma", True, holds=above(gamma)),
    up.mutate("inner", True, holds=above(inner)),
)
