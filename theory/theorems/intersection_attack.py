r"""An attack within a ball and a box at once: every way to split theta bounds it.

For ||delta|| <= eps, ||delta||_oo <= kappa and theta = u + v,

.. math:: -y\langle\theta,\delta\rangle \le \epsilon\|u\| + \kappa\|v\|_1, \qquad
          \log\bigl(1+e^{-y\langle\theta,x+\delta\rangle}\bigr)
          \le \log\bigl(1+e^{-y\langle\theta,x\rangle + \min(\epsilon\|\theta\|,
          \kappa\|\theta\|_1)}\bigr).

The support function of the intersection is the least of the first bounds over all splits.
**Upper bounds**.   Kinks: not treated.   Shapes: theta, u, v, x, delta (d,); eps, kappa in the
unit of x.   Source: ours.
"""

from typing import Any

from sympy import Max, Min, Rational, oo, symbols

from theory import Claim, Label, Vector, dot, logistic, norm
from theory.claims import with_mutants

theta, x, delta, u, v = (Vector(name) for name in ("theta", "x", "delta", "u", "v"))
y = Label("y")
eps, kappa = symbols("epsilon kappa", positive=True)
ball, box = norm(delta) <= eps, norm(delta, oo) <= kappa


def split(bound: Any) -> Any:
    return -y * dot(u + v, delta) <= bound


every = Claim(
    id="intersection-split",
    title="What a ball and a box allow at once is bounded by every split of theta",
    given=[ball, box],
    holds=split(eps * norm(u) + kappa * norm(v, 1)),
    source="ours",
    kind="tight",
)
every = with_mutants(
    every,
    every.mutate("no box", False, given=[ball]),
    every.mutate("no ball", False, given=[box]),
    every.mutate("norms exchanged", False, holds=split(eps * norm(u, 1) + kappa * norm(v))),
    every.mutate("one part", False, holds=split(eps * norm(u))),
    every.mutate("whole by the ball", True, holds=split(eps * norm(u + v))),
    every.mutate(
        "a hair less",
        False,
        holds=split(Rational(999, 1000) * (eps * norm(u) + kappa * norm(v, 1))),
    ),
)


def damage(bound: Any) -> Any:
    return logistic(y * dot(theta, x + delta)) <= logistic(y * dot(theta, x) - bound)


both = eps * norm(theta), kappa * norm(theta, 1)
least = Claim(
    id="intersection-below-both",
    title="An attack in a ball and a box does no more harm than in either",
    given=[ball, box],
    holds=damage(Min(*both)),
    source="ours",
    kind="tight",
)
least = with_mutants(
    least,
    least.mutate("no box", False, given=[ball]),
    least.mutate("no ball", False, given=[box]),
    least.mutate("larger", True, holds=damage(Max(*both))),
    least.mutate("half", False, holds=damage(Min(*both) / 2)),
    least.mutate(
        "radii exchanged", False, holds=damage(Min(kappa * norm(theta), eps * norm(theta, 1)))
    ),
)
