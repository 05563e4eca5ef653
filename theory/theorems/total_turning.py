r"""How much an attack bends the loss in all: the L2 ball spreads it, the box puts it into kinks.

Along a circle gamma(t) = u cos t + v sin t, for H(t) = h(gamma(t)) with h of degree one,

.. math:: \langle\gamma',\nabla^2h(\gamma)\gamma'\rangle = H'' + H, \qquad
          \int_0^{2\pi}\!\langle\gamma',\nabla^2h(\gamma)\gamma'\rangle\,dt
          + \sum_{\text{kinks}}\bigl(H'_+-H'_-\bigr) = \int_0^{2\pi}\!H\,dt,

since the increments and jumps of the periodic H' cancel.  In the plane this is the perimeter of the
attack set: 2 pi eps for the L2 ball, spread evenly, and 8 eps for the box, 2 eps at each of four
kinks.  In higher dimension the mean of tr(Hess h) over the sphere is (d - 1) times that of h, and
||.||_2 <= ||.||_1 <= sqrt(d) ||.||_2: boxes bend no less in all than balls.
**Identity**, and **tight** bounds.   Kinks: of the box, where a component of gamma vanishes.
Shapes: u, v, gamma (d,); eps in the unit of x.
Source: ours; Cauchy 1832 for the perimeter.
"""

from typing import Any

from sympy import Eq, Rational, cos, diff, integrate, pi, sin, sqrt, symbols

from theory import Claim, NormBall, Signs, Vector, dot, gradient, hessian, norm
from theory.claims import with_mutants
from theory.general import Function

u, v, theta = Vector("u"), Vector("v"), Vector("theta")
t = symbols("t", real=True)
eps = symbols("epsilon", positive=True)
circle, tangent = cos(t) * u + sin(t) * v, cos(t) * v - sin(t) * u

h = Function("h", "gamma")
height = h(circle)
slope = gradient(h(theta), theta).xreplace({theta: circle})


def bend(f: Any) -> Any:
    """<gamma', Hess f(gamma) gamma'>."""
    return dot(tangent, hessian(f, theta).xreplace({theta: circle}) @ tangent)


along = Claim(
    id="turning-along-a-circle",
    title="Along a circle h bends by H'' + <grad h, gamma>: by H'' + H if it is of degree one",
    holds=Eq(bend(h(theta)), diff(height, t, 2) + dot(slope, circle)),
    source="ours",
    kind="identity",
)
along = with_mutants(
    along,
    along.mutate("H'' alone", False, holds=Eq(bend(h(theta)), diff(height, t, 2))),
    along.mutate("minus", False, holds=Eq(bend(h(theta)), diff(height, t, 2) - dot(slope, circle))),
    along.mutate("any degree", False, holds=Eq(bend(h(theta)), diff(height, t, 2) + height)),
)

orthonormal = [Eq(norm(u), 1), Eq(norm(v), 1), Eq(dot(u, v), 0)]
ball = bend(NormBall(2, eps).support(theta))
evenly = Claim(
    id="turning-of-the-ball",
    title="The L2 ball bends the loss evenly: by eps at every angle of every circle",
    given=orthonormal,
    holds=Eq(ball, eps),
    source="ours",
    kind="identity",
)
evenly = with_mutants(
    evenly,
    evenly.mutate("ellipse", False, given=orthonormal[:1] + orthonormal[2:]),
    evenly.mutate("oblique", False, given=orthonormal[:2]),
    evenly.mutate("half", False, holds=Eq(ball, eps / 2)),
    evenly.mutate("squared", False, holds=Eq(ball, eps**2)),
)

quarter = integrate(eps * (cos(t) + sin(t)), (t, 0, pi / 2))  # of the box's H, in the plane
before, after = Signs("s"), Signs("r")
one_sign = [Eq(norm(before - after), 2)]
jump = norm(eps * before - eps * after)
corner = Claim(
    id="turning-of-the-box",
    title="The box turns at kinks: in the plane each of four takes a quarter of the perimeter",
    given=one_sign,
    holds=Eq(jump, quarter),
    source="ours",
    kind="identity",
)
corner = with_mutants(
    corner,
    corner.mutate("half", False, holds=Eq(jump, quarter / 2)),
    corner.mutate("two signs", False, given=[Eq(norm(before - after) ** 2, 8)]),
    corner.mutate("any signs", False, given=()),
)

ball_total, box_total = integrate(eps, (t, 0, 2 * pi)), 4 * quarter
more = Claim(
    id="total-turning-comparable",
    title="Of equal eps, the box bends the loss in all 4/pi times as much as the ball in the plane",
    holds=Eq(box_total, 4 / pi * ball_total),
    source="ours",
    kind="identity",
)
more = with_mutants(
    more,
    more.mutate("no less", True, holds=box_total >= ball_total),
    more.mutate("root of two", True, holds=box_total <= sqrt(2) * ball_total),
    more.mutate("as much", False, holds=box_total <= ball_total),
    more.mutate("four thirds", False, holds=box_total >= Rational(4, 3) * ball_total),
)
