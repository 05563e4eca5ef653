r"""Homogeneity of the margin: Euler's identities.

.. math:: \langle\theta,\nabla u(\theta)\rangle = u(\theta), \qquad \nabla^2 u(\theta)\,\theta = 0.

The attack costs most along theta and bends nothing along it.

**Identity**; stated for p = 2 and 3/2, and the first one for p = oo.   Kinks: theta = 0.
Shapes: theta, x (d,); u in the unit of theta times x.
Source: ours.   Needs: theta != 0.
"""

from typing import Any

from sympy import Eq, Rational, oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Equal,
    Label,
    NormBall,
    Vector,
    dot,
    gradient,
    hessian,
    logistic,
    norm,
    unit,
)
from theory.claims import with_mutants

theta, x, h, y = Vector("theta"), Vector("x"), Vector("h"), Label("y")
eps = symbols("epsilon", positive=True)


def margin(p: Any) -> Any:
    return AdversarialLoss(logistic, NormBall(p, eps)).margin(theta, x, y)


def along(p: Any) -> Any:
    return dot(theta, gradient(margin(p), theta, kinks="almost everywhere"))


def bend(p: Any) -> Any:
    return hessian(margin(p), theta)


def stated(name: str, p: Any, holds: Any) -> Claim:
    return Claim(
        id=f"euler-{name}",
        title=f"Euler's identity for the margin of the {p}-ball",
        given=[norm(theta) > 0],
        holds=holds,
        source="ours",
        kind="identity",
    )


zero = 0 * theta
first_l2 = stated("gradient-l2", 2, Eq(along(2), margin(2)))
first_l3_2 = stated(
    "gradient-l3-2", Rational(3, 2), Eq(along(Rational(3, 2)), margin(Rational(3, 2)))
)
first_linf = stated("gradient-linf", oo, Eq(along(oo), margin(oo)))
second_l2 = stated("hessian-l2", 2, Equal(bend(2) @ theta, zero))
second_l3_2 = stated("hessian-l3-2", Rational(3, 2), Equal(bend(Rational(3, 2)) @ theta, zero))

first_l2 = with_mutants(
    first_l2,
    first_l2.mutate("degree two", False, holds=Eq(along(2), 2 * margin(2))),
    first_l2.mutate("degree zero", False, holds=Eq(along(2), 0)),
    first_l2.mutate("natural margin", False, holds=Eq(along(2), y * dot(theta, x))),
    first_l2.mutate("margin of the box", False, holds=Eq(along(2), margin(oo))),
    first_l2.mutate("along x", False, holds=Eq(dot(x, gradient(margin(2), theta)), margin(2))),
)
second_l2 = with_mutants(
    second_l2,
    second_l2.mutate("along x", False, holds=Equal(bend(2) @ x, zero)),
    second_l2.mutate("along x on the line", True, dimensions=(1,), holds=Equal(bend(2) @ x, zero)),
    second_l2.mutate("along any h", False, holds=Equal(bend(2) @ h, zero)),
    second_l2.mutate(
        "of the norm squared", False, holds=Equal(hessian(norm(theta) ** 2, theta) @ theta, zero)
    ),
    second_l2.mutate(
        "across theta",
        True,
        given=[norm(theta) > 0, Eq(dot(h, theta), 0)],
        holds=Equal(bend(2) @ h, -eps / norm(theta) * h),
    ),
    second_l2.mutate(
        "across theta not normalised",
        False,
        given=[norm(theta) > 0, Eq(dot(h, theta), 0)],
        holds=Equal(bend(2) @ h, -eps * h),
    ),
    second_l2.mutate("direction", True, holds=Equal(bend(2) @ unit(theta), zero)),
)
