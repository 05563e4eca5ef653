r"""The canonical adversarial loss: quadratic inside, quadratic plus a cone outside, smooth across.

.. math:: l_\epsilon(\theta) = \begin{cases}
          \tfrac12\bigl(a + b^2/\mu\bigr)\|\theta\|^2 & b\|\theta\| \le \epsilon\mu,\\
          \tfrac a2\|\theta\|^2 + \epsilon b\|\theta\| - \tfrac{\mu}{2}\epsilon^2 & \text{else},
          \end{cases} \qquad C = a + b^2/\mu .

Values and gradients agree at the border; the gradient is C-Lipschitz, not differentiable there;
C grows without bound as mu -> 0, and mu = 0 leaves a kink at 0 with the jump 2 eps b.
**Tight**: inside the border two gradients differ by exactly C times the distance.
Kinks: none of the loss for mu > 0; of its gradient at b ||theta|| = eps mu.
Shapes: theta, x (d,); a, b, mu > 0 are numbers, eps in the unit of x.   Source: ours.
"""

from typing import Any

from sympy import Eq, Min, Rational, symbols

from theory import Claim, Differentiable, Equal, Lipschitz, Not, Vector, dot, gradient, norm, unit
from theory.claims import with_mutants

theta, other, x, h = Vector("theta"), Vector("theta2"), Vector("x"), Vector("h")
a, b, mu, eps = symbols("a b mu epsilon", positive=True)
size = norm(theta)
border, off_zero = Eq(b * size, eps * mu), size > 0
cone = a / 2 * size**2 + eps * b * size - mu * eps**2 / 2
whole = a + b**2 / mu
bowl = whole / 2 * size**2


def natural(point: Any) -> Any:
    return a / 2 * size**2 + b * dot(theta, point) - mu / 2 * norm(point) ** 2


missed = norm(x - b / mu * theta) ** 2
squares = Claim(
    id="canonical-loss-complete-square",
    title="The canonical loss is a quadratic in theta less the distance to the best attack",
    holds=Eq(natural(x), bowl - mu / 2 * missed),
    source="ours",
    kind="identity",
)
squares = with_mutants(
    squares,
    squares.mutate("sign flipped", False, holds=Eq(natural(x), bowl + mu / 2 * missed)),
    squares.mutate("not halved", False, holds=Eq(natural(x), bowl - mu * missed)),
    squares.mutate("without the distance", False, holds=Eq(natural(x), bowl)),
    squares.mutate("at the best attack", True, holds=Eq(natural(b / mu * theta), bowl)),
    squares.mutate("on the sphere", False, holds=Eq(natural(b / eps * theta), bowl)),
)

below_cone = Claim(
    id="canonical-loss-below-the-cone",
    title="Beyond the border the sphere is the worst the ball has",
    given=[b * size >= eps * mu, norm(x) <= eps],
    holds=natural(x) <= cone,
    source="ours",
    kind="tight",
)
below_cone = with_mutants(
    below_cone,
    below_cone.mutate("inside the border", False, given=[b * size <= eps * mu, norm(x) <= eps]),
    below_cone.mutate("any x", False, given=[b * size >= eps * mu]),
    below_cone.mutate("twice the correction", False, holds=natural(x) <= cone - mu * eps**2 / 2),
    below_cone.mutate("without correction", True, holds=natural(x) <= cone + mu * eps**2 / 2),
    below_cone.mutate(
        "attained", True, given=[off_zero], holds=Eq(natural(eps * unit(theta)), cone)
    ),
)

values_agree = Claim(
    id="canonical-border-values",
    title="At the border both formulas have one value",
    given=[border],
    holds=Eq(bowl, cone),
    source="ours",
    kind="identity",
)
values_agree = with_mutants(
    values_agree,
    values_agree.mutate("anywhere", False, given=()),
    values_agree.mutate("in order anywhere", True, given=(), holds=cone <= bowl),
    values_agree.mutate("without correction", False, holds=Eq(bowl, cone + mu * eps**2 / 2)),
)


def slope(f: Any) -> Any:
    return gradient(f, theta, "almost everywhere")


slopes_agree = Claim(
    id="canonical-border-gradients",
    title="At the border both formulas have one gradient",
    given=[border],
    holds=Equal(slope(bowl), slope(cone)),
    source="ours",
    kind="identity",
)
slopes_agree = with_mutants(
    slopes_agree,
    slopes_agree.mutate("off zero", False, given=[off_zero]),
    slopes_agree.mutate("half of the cone", False, holds=Equal(slope(bowl), slope(cone) / 2)),
    slopes_agree.mutate("at twice the radius", False, given=[Eq(b * size, 2 * eps * mu)]),
)
field = a * theta + b * Min(eps, b * size / mu) * unit(theta)


def smooth(constant: Any) -> Lipschitz:
    return Lipschitz(field, wrt=theta, constant=constant)


constant_c = Claim(
    id="canonical-gradient-lipschitz",
    title="The gradient of the canonical adversarial loss is (a + b^2/mu)-Lipschitz",
    given=[off_zero],
    holds=smooth(whole),
    source="ours",
    kind="tight",
)
constant_c = with_mutants(
    constant_c,
    constant_c.mutate("a hair less", False, holds=smooth(Rational(999, 1000) * whole)),
    constant_c.mutate("without the attack", False, holds=smooth(a)),
    constant_c.mutate("attack alone", False, holds=smooth(b**2 / mu)),
    constant_c.mutate("b not squared", False, holds=smooth(a + b / mu)),
    constant_c.mutate("difference", False, holds=smooth(a - b**2 / mu)),
)

inside = Claim(
    id="canonical-gradient-inside",
    title="Inside the border the field is the gradient of the bowl",
    given=[off_zero, b * size <= eps * mu],
    holds=Equal(field, slope(bowl)),
    source="ours",
    kind="identity",
)
inside = with_mutants(
    inside,
    inside.mutate("anywhere", False, given=[off_zero]),
    inside.mutate("outside", False, given=[off_zero, b * size >= eps * mu]),
    inside.mutate("of the cone", False, holds=Equal(field, slope(cone))),
    inside.mutate("of both at the border", True, given=[border], holds=Equal(field, slope(cone))),
)

outside = Claim(
    id="canonical-gradient-outside",
    title="Beyond the border the field is the gradient of the cone",
    given=[b * size >= eps * mu],
    holds=Equal(field, slope(cone)),
    source="ours",
    kind="identity",
)
outside = with_mutants(
    outside,
    outside.mutate("of the bowl", False, holds=Equal(field, slope(bowl))),
    outside.mutate("from half of the border", False, given=[b * size >= eps * mu / 2]),
)


def attained_by(constant: Any) -> Any:
    here = slope(bowl)
    return Eq(norm(here - here.xreplace({theta: other})), constant * norm(theta - other))


attained = Claim(
    id="canonical-constant-attained",
    title="Gradients of the bowl differ by exactly a + b^2/mu times the distance",
    holds=attained_by(whole),
    source="ours",
    kind="tight",
)
attained = with_mutants(
    attained,
    attained.mutate("natural constant", False, holds=attained_by(a)),
    attained.mutate("a hair more", False, holds=attained_by(Rational(1001, 1000) * whole)),
)

twice = Not(Differentiable(dot(h, field), wrt=theta))
not_twice = Claim(
    id="canonical-not-twice-differentiable",
    title="The gradient of the canonical adversarial loss has kinks",
    given=[off_zero],
    holds=twice,
    source="ours",
    kind="counterexample",
)
not_twice = with_mutants(
    not_twice,
    not_twice.mutate("off the border inside", False, given=[off_zero, b * size < eps * mu]),
    not_twice.mutate("off the border outside", False, given=[b * size > eps * mu]),
    not_twice.mutate("up to the border outside", True, given=[b * size >= eps * mu / 2]),
)

kink = Claim(
    id="canonical-kink-without-concavity",
    title="With mu = 0 the canonical adversarial loss has a kink",
    holds=Not(Differentiable(cone + mu * eps**2 / 2, wrt=theta)),
    source="ours",
    kind="counterexample",
)
kink = with_mutants(
    kink,
    kink.mutate("off zero", False, given=[off_zero]),
    kink.mutate("bowl", False, holds=Not(Differentiable(bowl, wrt=theta))),
)


def jump(size_of_jump: Any) -> Any:
    """Between theta and -theta, for every theta, however small."""
    here = slope(cone)
    return norm(here - here.xreplace({theta: -theta})) >= size_of_jump


jumps = Claim(
    id="canonical-kink-size",
    title="With mu = 0 the gradient jumps by at least 2 eps b across zero",
    given=[off_zero],
    holds=jump(2 * eps * b),
    source="ours",
    kind="tight",
)
jumps = with_mutants(
    jumps,
    jumps.mutate("a hair more", False, holds=jump(Rational(2001, 1000) * eps * b)),
    jumps.mutate("with the slope", True, holds=jump(2 * eps * b + 2 * a * size)),
    jumps.mutate("with twice the slope", False, holds=jump(2 * eps * b + 4 * a * size)),
)
