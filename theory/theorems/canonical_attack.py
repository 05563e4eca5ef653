r"""A concave model: the attack is the nearest point of the ball, and it never jumps.

.. math:: l(\delta,\theta) = \tfrac a2\|\theta\|^2 + b\langle\theta,\delta\rangle
          - \tfrac\mu2\|\delta\|^2,\ \|\delta\|\le\epsilon: \qquad
          \delta^*(\theta) = \min\Bigl(\frac b\mu, \frac{\epsilon}{\|\theta\|}\Bigr)\theta .

Inside the ball for b ||theta|| <= eps mu, on the sphere beyond; (b/mu)-Lipschitz throughout.
**Tight**: the constant is attained inside the ball.   Kinks: b ||theta|| = eps mu, of the attack.
Shapes: theta, delta (d,); a, b, mu > 0 are numbers, eps in the unit of delta.
Source: ours; that strong concavity makes attacks Lipschitz is in Sinha et al. 2018.
"""

from typing import Any

from sympy import Min, Rational, oo, symbols

from theory import Claim, Lipschitz, Maximizes, NormBall, Vector, dot, norm, unit
from theory.claims import with_mutants

theta, delta = Vector("theta"), Vector("delta")
a, b, mu, eps = symbols("a b mu epsilon", positive=True)
size = norm(theta)
inside, beyond = b * size <= eps * mu, b * size >= eps * mu
off_zero = size > 0


def best(point: Any, p: Any = 2, bend: Any = mu) -> Maximizes:
    loss = a / 2 * size**2 + b * dot(theta, delta) - bend / 2 * norm(delta) ** 2
    return Maximizes(point, loss, wrt=delta, over=NormBall(p, eps))


interior = Claim(
    id="canonical-attack-inside",
    title="A weak parameter is attacked from inside the ball",
    given=[inside],
    holds=best(b / mu * theta),
    source="ours",
    kind="identity",
)
interior = with_mutants(
    interior,
    interior.mutate("any parameter", False, given=()),
    interior.mutate("beyond the border", False, given=[beyond]),
    interior.mutate("sign flipped", False, holds=best(-b / mu * theta)),
    interior.mutate("a hair shorter", False, holds=best(Rational(999, 1000) * b / mu * theta)),
    interior.mutate("fraction upside down", False, holds=best(mu / b * theta)),
    interior.mutate("in the box", True, holds=best(b / mu * theta, oo)),
    interior.mutate("in the L1 ball", False, holds=best(b / mu * theta, 1)),
)

boundary = Claim(
    id="canonical-attack-on-the-sphere",
    title="A strong parameter is attacked from the sphere",
    given=[beyond, off_zero],
    holds=best(eps * unit(theta)),
    source="ours",
    kind="identity",
)
boundary = with_mutants(
    boundary,
    boundary.mutate("any parameter", False, given=[off_zero]),
    boundary.mutate("inside the border", False, given=[inside, off_zero]),
    boundary.mutate("twice the curvature", False, holds=best(eps * unit(theta), bend=2 * mu)),
    boundary.mutate("half the curvature", True, holds=best(eps * unit(theta), bend=mu / 2)),
    boundary.mutate("in the box", False, holds=best(eps * unit(theta), oo)),
)


def moved(constant: Any, longest: Any = eps) -> Lipschitz:
    return Lipschitz(Min(longest, b * size / mu) * unit(theta), wrt=theta, constant=constant)


slow = Claim(
    id="canonical-attack-lipschitz",
    title="The attack on a concave model is (b/mu)-Lipschitz, across its border too",
    given=[off_zero],
    holds=moved(b / mu),
    source="ours",
    kind="tight",
)
slow = with_mutants(
    slow,
    slow.mutate("a hair less", False, holds=moved(Rational(999, 1000) * b / mu)),
    slow.mutate("half", False, holds=moved(b / (2 * mu))),
    slow.mutate("upside down", False, holds=moved(mu / b)),
    slow.mutate("radius for the curvature", False, holds=moved(b / eps)),
    slow.mutate("twice the radius", True, holds=moved(b / mu, 2 * eps)),
    slow.mutate("far out", True, given=[b * size >= 2 * eps * mu]),
    slow.mutate("far out half", True, given=[b * size >= 2 * eps * mu], holds=moved(b / (2 * mu))),
)
