"""True claims that the provers must reach, each next to a false neighbour that they must not."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import (
    Abs,
    Max,
    Min,
    Piecewise,
    Rational,
    atan,
    cos,
    cosh,
    erf,
    exp,
    log,
    oo,
    pi,
    sin,
    sqrt,
    symbols,
    tanh,
)

from theory import (
    AdversarialLoss,
    AttackSet,
    Claim,
    Convex,
    Differentiable,
    Label,
    Lipschitz,
    MarginLoss,
    Maximizes,
    NormBall,
    Smooth,
    Vector,
    clock,
    dot,
    gradient,
    norm,
    sign,
    unit,
)
from theory.calculus import KinkError
from theory.provers import prove
from theory.provers.vacuity import vacuous
from theory.verdicts import Status

theta, x, w, u, v, delta = (Vector(name) for name in ("theta", "x", "w", "u", "v", "delta"))
y = Label("y")
a, b, m = symbols("a b m", real=True)
positive = symbols("a", positive=True)
eps, rho, R = symbols("epsilon rho R", positive=True)
n = norm(theta)
half = Rational(1, 2)
SQUARE = AdversarialLoss(MarginLoss("square", (1 - m) ** 2), NormBall(2, eps))
PEAKY = AttackSet(support=lambda t: Max(norm(t), 2 * norm(t, oo)))
ROUND = AttackSet(support=lambda t: Max(norm(t, 1), 2 * norm(t)))
HUBER = Piecewise((n**2 / 2, n <= 1), (n - half, True))


def is_proved(seconds: float, holds: Any, given: Any = (), dimensions: Any = None) -> bool:
    claim = Claim(id="strength", holds=holds, given=given, dimensions=dimensions)
    found = prove(claim, clock.now() + seconds)
    assert not any("internal failure" in e.detail for e in found)
    return any(e.status is Status.PROVED for e in found)


Case = tuple[Any, ...]
TRUE: list[Case] = [
    # convexity
    (Convex(log(exp(a) + exp(b)), a),),
    (Convex(log(exp(a) + exp(b) + exp(2 * a - b)), a),),
    (Convex(log(exp(dot(theta, x)) + exp(dot(theta, w))), theta),),
    (Convex(log(1 + exp(dot(theta, x)) + exp(n)), theta),),
    (Convex(exp(a) * exp(a**2) * exp(b), a),),
    (Convex(sqrt(1 + n**2), theta),),
    (Convex(sqrt(n**2 + dot(theta, x) ** 2), theta),),
    (Convex(norm(theta, 4) ** 2, theta),),
    (Convex(1 / (a + b), a), [a + b > 0]),
    (Convex(positive * log(positive) + b * positive, positive),),
    (Convex(SQUARE.value(theta, x, y), theta),),
    # radial fields
    (Lipschitz(theta / (1 + n), theta, 1),),
    (Lipschitz(theta / sqrt(1 + n**2), theta, 1),),
    (Lipschitz(theta * Min(1, 1 / n), theta, 1), [n > 0]),
    (Lipschitz(theta - unit(theta) * Min(n, 1), theta, 1), [n > 0]),
    (Lipschitz(unit(theta) * log(1 + n), theta, 1), [n > 0]),
    (Lipschitz(exp(-(n**2)) * theta, theta, 1),),
    (Lipschitz(theta * n, theta, 2 * R), [n <= R]),
    (Lipschitz(theta / n**2, theta, 1 / rho**2), [n >= rho]),
    (Lipschitz(theta * tanh(n) / n, theta, 1), [n >= rho]),
    (Smooth(sqrt(1 + n**2), theta, 1),),
    (Smooth(log(1 + n**2), theta, 2),),
    (Smooth(log(cosh(n)), theta, 1),),
    (Smooth(HUBER, theta, 1),),
    (Smooth(norm(theta, 4) ** 2, theta, 6),),
    (Smooth(norm(theta, 4) ** 2, theta),),
    (Smooth(norm(theta, 3) ** 2, theta, 4),),
    (Differentiable(sqrt(1 + n**2), theta),),
    # sine, cosine, arc tangent
    (Lipschitz(sin(a), a, 1),),
    (Lipschitz(cos(a), a, 1),),
    (Lipschitz(atan(a), a, 1),),
    (Lipschitz(erf(a), a, 2 / sqrt(pi)),),
    (Lipschitz(sin(3 * a) + cos(a), a, 4),),
    (Lipschitz(sin(dot(theta, x)), theta, norm(x)),),
    (Lipschitz(a * sin(a), a, 1 + R), [Abs(a) <= R]),
    (Smooth(sin(a), a, 1),),
    (sin(a) <= a, [a >= 0]),
    (Abs(sin(a)) <= Abs(a),),
    (1 - cos(a) <= a**2 / 2,),
    (sin(a) >= a - a**3 / 6, [a >= 0]),
    (sin(a) + cos(a) <= sqrt(2),),
    (Abs(atan(a)) <= pi / 2,),
    (Abs(sin(a) - sin(b)) <= Abs(a - b),),
    # directions
    (norm(norm(v) * u - norm(u) * v) <= 2 * norm(u) * norm(u - v),),
    (Lipschitz(unit(theta), theta, sqrt(2) / rho), [norm(theta, 1) >= rho], (2,)),
    (log(1 + exp(eps * n - dot(theta, x))) - log(1 + exp(-dot(theta, x))) <= eps * n,),
    # hulls
    (Maximizes(unit(theta), dot(theta, delta), delta, PEAKY), [n >= 2 * norm(theta, oo), n > 0]),
    (Maximizes(2 * unit(theta), dot(theta, delta), delta, ROUND), [2 * n >= norm(theta, 1), n > 0]),
    (Maximizes(sign(theta), dot(theta, delta), delta, ROUND), [2 * n <= norm(theta, 1)]),
]

FALSE: list[Case] = [
    (Convex(-log(exp(a) + exp(b)), a),),
    (Convex(log(1 + exp(dot(theta, x)) + exp(-n)), theta),),
    (Convex(exp(a) * exp(-(a**2)) * exp(b), a),),
    (Convex(log(1 + n**2), theta),),
    (Convex(sqrt(n), theta),),
    (Convex(sqrt(1 + (1 - n) ** 2), theta),),
    (Convex((1 - dot(theta, x) - n) ** 2, theta),),
    (Convex(1 / (a + b), a), [a + b < 0]),
    (Convex(a**4 - b**2 * a**2, a),),
    (Lipschitz(theta / (1 + n), theta, Rational(99, 100)),),
    (Lipschitz(theta / sqrt(1 + n**2), theta, Rational(9, 10)),),
    (Lipschitz(theta * Min(1, 1 / n), theta, Rational(9, 10)), [n > 0]),
    (Lipschitz(theta * n, theta, R), [n <= R]),
    (Lipschitz(theta / n**2, theta, 1 / (2 * rho**2)), [n >= rho]),
    (Lipschitz(unit(theta) * (1 + n), theta, 1), [n > 0]),
    (Smooth(sqrt(1 + n**2), theta, half),),
    (Smooth(log(1 + n**2), theta, 1),),
    (Smooth(log(1 + n), theta),),
    (Smooth(norm(theta, 4) ** 2, theta, 1),),
    (Smooth(norm(theta, Rational(3, 2)) ** 2, theta),),
    (Differentiable(sqrt(1 + n), theta),),
    (Lipschitz(sin(a), a, Rational(99, 100)),),
    (Lipschitz(atan(a), a, Rational(9, 10)),),
    (Lipschitz(a * sin(a), a, 1),),
    (sin(a) <= a * Rational(99, 100), [a >= 0]),
    (1 - cos(a) <= a**2 / 3,),
    (sin(a) <= a,),
    (sin(a) + cos(a) < sqrt(2),),
    (Abs(atan(a)) <= Rational(3, 2),),
    (Abs(exp(-positive) - exp(-b)) <= Abs(positive - b),),
    (norm(norm(v) * u - norm(u) * v) <= norm(u) * norm(u - v),),
    (Lipschitz(unit(theta), theta, sqrt(2) / rho), [norm(theta, 1) >= rho], (3,)),
    (Lipschitz(unit(theta), theta, Rational(7, 5) / rho), [norm(theta, 1) >= rho], (2,)),
    (Maximizes(unit(theta), dot(theta, delta), delta, PEAKY), [n > 0]),
    (Maximizes(3 * unit(theta), dot(theta, delta), delta, ROUND), [n > 0]),
]


def name(case: Any) -> str:
    return str(case[0])[:70]


@pytest.mark.parametrize("case", TRUE, ids=name)
def test_a_true_claim_is_proved(case: Case) -> None:
    assert is_proved(30.0, *case)


@pytest.mark.parametrize("case", FALSE, ids=name)
def test_a_false_neighbour_is_not(case: Case) -> None:
    assert not is_proved(4.0, *case)


@pytest.mark.parametrize(("top", "empty"), [(sqrt(2) / 4, True), (1, False)])
def test_norms_too_far_apart_for_the_dimension_are_a_contradiction(top: Any, empty: bool) -> None:
    given = [norm(u, 1) >= 2, norm(u, oo) <= top]
    claim = Claim(id="far", given=given, holds=n >= 0, dimensions=(1, 2))
    found = vacuous(claim, clock.now() + 10)
    assert (found is not None) is empty


def test_a_kink_is_named_as_the_user_wrote_it() -> None:
    with pytest.raises(KinkError, match=r"Max\(0, 1 - dot\(theta, x\)\) has a kink"):
        gradient(Max(0, 1 - dot(theta, x)), theta)


@pytest.mark.parametrize(
    "support",
    [
        lambda t: Min(norm(t), norm(t, 1) / 2),
        lambda t: eps * Min(norm(t), norm(t, 1) / 2),
        lambda t: norm(t) - norm(t, 1) / 4,
        lambda t: norm(t) * norm(t, 1) / norm(t, oo),
    ],
)
def test_a_support_function_with_a_dent_is_refused(support: Any) -> None:
    with pytest.raises(ValueError, match=r"h\(u \+ v\) > h\(u\) \+ h\(v\) at u = "):
        AttackSet(support=support)
