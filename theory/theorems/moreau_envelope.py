r"""The Moreau envelope smooths a kink that is convex and keeps one that is concave.

.. math:: \min_t\ \|t\| + \tfrac\gamma2\|\theta-t\|^2 = \begin{cases}
          \tfrac\gamma2\|\theta\|^2 & \|\theta\| \le 1/\gamma,\\
          \|\theta\| - \tfrac1{2\gamma} & \text{else,}\end{cases} \qquad
          \min_t\ -\|t\| + \tfrac\gamma2\|\theta-t\|^2 = -\|\theta\| - \tfrac1{2\gamma}.

The first (Huber's function) is gamma-smooth; the second has a kink at 0 for every gamma.
**Tight**: attained at the t below.   Kinks: theta = 0, of the second.
Shapes: theta, t (d,); gamma > 0 in the unit 1/theta.
Source: ours; Huber 1964, Moreau 1965.
"""

from typing import Any

from sympy import Eq, Max, Rational, S, symbols

from theory import Claim, Differentiable, Lipschitz, Not, Smooth, Vector, norm
from theory.claims import with_mutants

theta, t = Vector("theta"), Vector("t")
gamma = symbols("gamma", positive=True)
size, width = norm(theta), 1 / gamma
bowl, cone = gamma / 2 * size**2, size - width / 2
near, far = size <= width, size >= width
SOURCE = "ours; Huber 1964, Moreau 1965"


def pulled(sign: Any, point: Any = t) -> Any:
    return sign * norm(point) + gamma / 2 * norm(theta - point) ** 2


inner = Claim(
    id="huber-bowl",
    title="Near zero the envelope of the norm is quadratic",
    given=[near],
    holds=bowl <= pulled(1),
    source=SOURCE,
    kind="tight",
)
inner = with_mutants(
    inner,
    inner.mutate("anywhere", False, given=()),
    inner.mutate("twice as far", False, given=[size <= 2 * width]),
    inner.mutate("strict", False, holds=bowl < pulled(1)),
    inner.mutate("attained at zero", True, holds=Eq(bowl, pulled(1, 0 * theta))),
)

outer = Claim(
    id="huber-cone",
    title="The envelope of the norm is at least the norm less 1/(2 gamma)",
    holds=cone <= pulled(1),
    source=SOURCE,
    kind="tight",
    lemmas=[size <= norm(t) + norm(theta - t)],
)
nearest = (1 - width / size) * theta
outer = with_mutants(
    outer,
    outer.mutate("nothing taken off", False, holds=size <= pulled(1)),
    outer.mutate("a third", False, holds=size - width / 3 <= pulled(1)),
    outer.mutate("attained far out", True, given=[far], holds=Eq(cone, pulled(1, nearest))),
    outer.mutate(
        "attained near", False, given=[near, size > 0], holds=Eq(cone, pulled(1, nearest))
    ),
)
huber = bowl - gamma / 2 * Max(0, size - width) ** 2


def smooth(constant: Any) -> Smooth:
    return Smooth(huber, wrt=theta, constant=constant)


rounded = Claim(
    id="huber-smooth",
    title="The envelope of the norm is gamma-smooth",
    given=[size > 0],
    holds=smooth(gamma),
    source=SOURCE,
    kind="tight",
)
rounded = with_mutants(
    rounded,
    rounded.mutate("a hair less", False, holds=smooth(Rational(999, 1000) * gamma)),
    rounded.mutate("one", False, holds=smooth(S.One)),
    rounded.mutate("far out", True, given=[size >= 2 * width], holds=smooth(gamma)),
    rounded.mutate("far out half", True, given=[size >= 2 * width], holds=smooth(gamma / 2)),
    rounded.mutate(
        "Lipschitz with one", True, given=(), holds=Lipschitz(huber, wrt=theta, constant=1)
    ),
    rounded.mutate(
        "Lipschitz with less", False, holds=Lipschitz(huber, wrt=theta, constant=Rational(99, 100))
    ),
)
peak = -size - width / 2
hill = Claim(
    id="envelope-of-a-concave-kink",
    title="The envelope of minus the norm is minus the norm, shifted",
    holds=peak <= pulled(-1),
    source="ours",
    kind="tight",
    lemmas=[norm(t) <= size + norm(theta - t)],
)
hill = with_mutants(
    hill,
    hill.mutate("without shift", False, holds=-size <= pulled(-1)),
    hill.mutate("shifted by a third", False, holds=-size - width / 3 <= pulled(-1)),
    hill.mutate(
        "attained",
        True,
        given=[size > 0],
        holds=Eq(peak, pulled(-1, (1 + width / size) * theta)),
    ),
)
kept = Claim(
    id="envelope-keeps-a-concave-kink",
    title="The envelope of minus the norm has a kink, whatever gamma",
    holds=Not(Differentiable(peak, wrt=theta)),
    source="ours",
    kind="counterexample",
)
kept = with_mutants(
    kept,
    kept.mutate("off zero", False, given=[size > 0]),
    kept.mutate("of the bowl", False, holds=Not(Differentiable(bowl, wrt=theta))),
)
