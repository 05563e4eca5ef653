r"""A soft attack on a pair of points: smooth for every temperature, and close to the hard one.

For the two perturbations delta and -delta with equal weight and temperature tau,

.. math:: S_\tau(\theta) = \tau\log\cosh\frac{\langle\theta,\delta\rangle}\tau, \qquad
          |\langle\theta,\delta\rangle| - \tau\log 2 \le S_\tau \le |\langle\theta,\delta\rangle|,

which is convex, ||delta||-Lipschitz and (||delta||^2/tau)-smooth.
**Tight**: the curvature at 0, both bounds at 0 and far out.   Kinks: none.
Shapes: theta, delta (d,); tau in the unit of <theta, delta>.
Source: ours.
"""

from typing import Any

from sympy import Abs, Rational, exp, log, oo, symbols

from theory import Claim, Convex, Lipschitz, Smooth, Vector, dot, norm
from theory.claims import with_mutants

theta, delta = Vector("theta"), Vector("delta")
tau = symbols("tau", positive=True)
gain = dot(theta, delta)
hard = Abs(gain)


def soft_of(z: Any) -> Any:
    return tau * log((exp(z / tau) + exp(-z / tau)) / 2)


soft = soft_of(gain)


def smooth(constant: Any) -> Smooth:
    return Smooth(soft, wrt=theta, constant=constant)


rounded = Claim(
    id="soft-attack-smooth",
    title="The soft attack is smooth with ||delta||^2/tau, everywhere",
    holds=smooth(norm(delta) ** 2 / tau),
    source="ours",
    kind="tight",
)
rounded = with_mutants(
    rounded,
    rounded.mutate("half", False, holds=smooth(norm(delta) ** 2 / (2 * tau))),
    rounded.mutate("a hair less", False, holds=smooth(999 * norm(delta) ** 2 / (1000 * tau))),
    rounded.mutate("not squared", False, holds=smooth(norm(delta) / tau)),
    rounded.mutate("tau squared", False, holds=smooth(norm(delta) ** 2 / tau**2)),
    rounded.mutate("oo-norm", False, holds=smooth(norm(delta, oo) ** 2 / tau)),
    rounded.mutate("1-norm", True, holds=smooth(norm(delta, 1) ** 2 / tau)),
)

convex = Claim(
    id="soft-attack-convex",
    title="The soft attack is convex in theta",
    holds=Convex(soft, wrt=theta),
    source="ours",
    kind="identity",
)
convex = with_mutants(
    convex,
    convex.mutate("negative", False, holds=Convex(-soft, wrt=theta)),
    convex.mutate("less a little", False, holds=Convex(soft - hard / 2, wrt=theta)),
)

below = Claim(
    id="soft-attack-below-hard",
    title="The soft attack does no more harm than the hard one",
    holds=soft <= hard,
    source="ours",
    kind="tight",
)
below = with_mutants(
    below,
    below.mutate("strict", False, holds=soft < hard),
    below.mutate("without absolute value", False, holds=soft <= gain),
    below.mutate("a hair less", False, holds=soft <= Rational(999, 1000) * hard),
    below.mutate("quadratic", True, holds=soft <= gain**2 / (2 * tau)),
    below.mutate("half quadratic", False, holds=soft <= gain**2 / (4 * tau)),
)

above = Claim(
    id="soft-attack-near-hard",
    title="The soft attack misses at most tau log 2 of the harm",
    holds=soft >= hard - tau * log(2),
    source="ours",
    kind="tight",
)
above = with_mutants(
    above,
    above.mutate("two thirds of tau", False, holds=soft >= hard - 2 * tau / 3),
    above.mutate("seven tenths of tau", True, holds=soft >= hard - 7 * tau / 10),
    above.mutate("nothing", False, holds=soft >= hard),
    above.mutate("strict", True, holds=soft > hard - tau * log(2)),
)

steady = Claim(
    id="soft-attack-lipschitz",
    title="The soft attack is ||delta||-Lipschitz",
    holds=Lipschitz(soft, wrt=theta, constant=norm(delta)),
    source="ours",
    kind="tight",
)
steady = with_mutants(
    steady,
    steady.mutate("half", False, holds=Lipschitz(soft, wrt=theta, constant=norm(delta) / 2)),
    steady.mutate("by tau", False, holds=Lipschitz(soft, wrt=theta, constant=norm(delta) / tau)),
)
