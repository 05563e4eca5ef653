"""False claims straight to the provers: no falsifier stands in front of them here.

`verify` attacks before it proves, so that an unsound rule may hide behind a quick witness.
Each claim below is false in some dimension, most of them by one wrong step that a rule could take.
"""

import importlib
from typing import Any

import pytest
from sympy import (
    Abs,
    Eq,
    Heaviside,
    I,
    Max,
    Min,
    Ne,
    Piecewise,
    Rational,
    Symbol,
    cos,
    exp,
    log,
    oo,
    sin,
    sqrt,
    symbols,
    tanh,
)

from numerics.time_limit import OutOfTime, time_limit
from theory import (
    AdversarialLoss,
    Claim,
    Convex,
    Differentiable,
    Equal,
    Label,
    Lipschitz,
    Maximizes,
    NormBall,
    Signs,
    Smooth,
    Vector,
    absolute,
    clock,
    dot,
    hadamard,
    in_orthant,
    logistic,
    norm,
    ones,
    sign,
    squared_hinge,
    unit,
)
from theory.provers import prove
from theory.vectors import AbsPower, Peak
from theory.verdicts import Status

SECONDS, OVERRUN = 3.0, 8.0
theta, x, u, v, w, h, delta = (Vector(n) for n in ("theta", "x", "u", "v", "w", "h", "delta"))
y, s = Label("y"), Signs("s")
eps, rho = symbols("epsilon rho", positive=True)
t, a, b, c, z, along = symbols("t a b c z along", real=True)
n, whole = Symbol("n", integer=True, positive=True), Symbol("whole", integer=True)
AWAY = norm(theta) >= rho
NONZERO = (norm(u) > 0, norm(v) > 0)


def says(holds: Any, *given: Any) -> Claim:
    return Claim(id="false", given=given, holds=holds)


def lipschitz(f: Any, constant: Any, *given: Any) -> Claim:
    return says(Lipschitz(f, theta, constant), *given)


def value(loss: Any, p: Any) -> Any:
    return AdversarialLoss(loss, NormBall(p, eps)).value(theta, x, y)


def jumping(w: Any) -> Any:
    return Piecewise((1 + 1 / (1 + exp(w)), w > 0), (1 / (1 + exp(w)), True))


def parted(at_zero: Any) -> Any:
    """1/t off 0, and a value of its own there."""
    return Piecewise((1 / t, t > 0), (1 / t, t < 0), (at_zero, True))


def bowl(w: Any) -> Any:
    """w^2, with the point at 0 lifted out."""
    return Piecewise((1, w <= 0), (w**2, True))


def best(point: Any, objective: Any) -> Claim:
    return says(Maximizes(point, objective, delta, NormBall(2, eps)), norm(theta) > 0)


FALSE = {
    "the signs of another vector": says(Equal(sign(theta), x), in_orthant(theta, x)),
    "a radial field with a factor that moves": lipschitz(
        dot(theta, x) * norm(theta) * theta, 2, norm(theta) <= 1, norm(x) <= 1
    ),
    "a radial field with a norm that moves": lipschitz(
        Min(norm(theta, 1), 1) * norm(theta) * theta, 2, norm(theta) <= 1
    ),
    "a slope between 0 and the range": lipschitz(
        (10 * Min(dot(theta, x), 1) + dot(theta, x)) * norm(theta),
        8,
        dot(theta, x) >= 3,
        norm(theta) <= 4,
        norm(x) <= 1,
    ),
    "a value past a jump": says(jumping(a) <= Rational(1, 2), a >= 0),
    "two values on both sides of a jump": says(jumping(a) <= jumping(b), a >= b),
    "a gap across a jump": says(jumping(a) - jumping(b) <= Rational(1, 3), a >= b, a - b <= 1),
    "an inner product past a jump": says(
        jumping(dot(u, v)) * norm(h) ** 2 <= norm(h) ** 2 / 2, dot(u, v) >= 0
    ),
    # the closed end of a range, where SymPy's own limits take the branch of the end
    "a value at the end of a range": lipschitz(Piecewise((1, norm(theta) <= 0), (0, True)), 1),
    "a point lifted out of a bowl": lipschitz(bowl(norm(theta)), 2, norm(theta) <= 1),
    "a point lifted out of a parabola": says(Lipschitz(bowl(t), t, 2), t >= 0, t <= 1),
    "a gradient at a lifted point": says(Differentiable(bowl(norm(theta)), theta)),
    "a smooth bowl with a lifted point": says(Smooth(bowl(norm(theta)), theta, 2)),
    # what makes both sides defined need not hold where they are
    "equal off a branch": says(Equal(parted(0) * u, parted(1) * u)),
    "equal for positive bases": says(Equal(a**n * Abs(a) * u, a**n * a * u)),
    "equal nowhere": says(Equal(AbsPower(theta, -1), 2 * AbsPower(theta, -1))),
    "a power of a negative number": says((-1) ** whole >= 0),
    "a cosine as two exponentials": says(Convex(exp(I * t) + exp(-I * t), t)),
    "a half-angle called t": says(sin(t) * (1 + t**2) >= 2 * t),
    "a half-angle called t, squared": says(t**2 + (t**2 + 1) * cos(t) <= 1),
    "a curvature of a function of t": says(
        Convex(t**4 / 12 - t**2 * cos(t) - t**2 / 2 + 4 * t * sin(t) + 5 * cos(t), t)
    ),
    "a power that jumps at 0": says(1 - 2 * 0 ** Abs(t) >= 0),
    "a power that is 1 at 0": says(0 ** Abs(t) <= Rational(1, 2)),
    "a positive factor called t": says(Smooth(Symbol("t", positive=True) * exp(a), a, 2), a <= 0),
    "a factor called z": says(z * tanh(a) >= 0),
    "growth from one whole number to the next": says(3 * n <= 2 * n**2 + exp(-n) / 2),
    "components of an orthant made of norms": says(
        norm(x) ** 2 <= norm(x, 3) ** 3,
        in_orthant(theta, s),
        in_orthant(x, s),
        in_orthant(norm(theta) * x - theta, s),
    ),
    "a sum by another vector": says(norm(theta, 1) <= dot(theta, x), in_orthant(theta, x)),
    # a bound of a norm put into something that falls with the norm
    "exp of a distance": lipschitz(exp(Abs(norm(theta) - 5)), 1, norm(theta) <= 5),
    "exp of a ramp": lipschitz(exp(Max(0, 3 - norm(theta))), 1, norm(theta) <= 5),
    "exp of a square": lipschitz(exp((norm(theta) - 5) ** 2), 11, norm(theta) <= 5),
    "exp of a difference": lipschitz(exp(3 - norm(theta)), 1, norm(theta) <= 5),
    # names that the engines use themselves
    "a symbol called along": says(
        dot(h, u) ** 2 + dot(h, u) * dot(h, v) <= norm(h) ** 2 * norm(u) ** 2,
        *NONZERO,
        Eq(along, -norm(v)),
    ),
    "a symbol called norm(theta)": says(Symbol("norm(theta)", nonnegative=True) <= norm(theta)),
    "a symbol called dot(u, v)": says(Symbol("dot(u, v)", real=True) <= norm(u) * norm(v)),
    # Lipschitz constants
    "product without a bound": lipschitz(Min(norm(theta), 1) * theta, 1),
    "quotient": lipschitz(theta / (1 + norm(theta) ** 2), Rational(1, 2)),
    "jump": says(Lipschitz(Heaviside(t), t, 1)),
    "sign": lipschitz(dot(sign(theta), x), norm(x)),
    "peak": lipschitz(Peak(theta), None, AWAY),
    "dual direction": lipschitz(
        AdversarialLoss(logistic, NormBall(Rational(3, 2), eps)).attack(theta, y),
        Rational(9, 10) * eps / rho,
        norm(theta, 3) >= rho,
    ),
    "cube of a norm": says(Smooth(norm(theta) ** 3, theta, 6), norm(theta) <= Rational(101, 100)),
    "sign times square": says(Smooth(Abs(t) * t, t, 1), t <= 5),
    "L3": says(Smooth(value(logistic, 3), theta), AWAY),
    "squared hinge": says(Smooth(value(squared_hinge, 2), theta), AWAY),
    # kinks
    "squared hinge at zero": says(Differentiable(value(squared_hinge, 2), theta)),
    "absolute components": says(Differentiable(dot(absolute(theta), x), theta)),
    "square of the largest": says(Differentiable(norm(theta, oo) ** 2, theta)),
    # convexity
    "Max less a norm": says(Convex(Max(norm(theta), 1) - norm(theta) / 2, theta)),
    "factor of no sign": says(Convex(norm(theta) * norm(x) * a, theta)),
    "cubed factor of no sign": says(Convex(log(1 + exp(dot(theta, x))) * a**3, theta)),
    "distance from a sphere": says(Convex(Abs(norm(theta) - 1), theta)),
    "linear times norm": says(Convex(dot(theta, x) * norm(theta), theta)),
    "log of a norm": says(Convex(log(norm(theta)), theta), norm(theta) > 0),
    "concave part": says(Convex(Max(norm(theta) - 1, 0) ** 2 - norm(theta) ** 2 / 10, theta)),
    "weights of no sign": says(Convex(dot(absolute(theta), x), theta)),
    "cube below zero": says(Convex((dot(theta, x) - 1) ** 3, theta), dot(theta, x) >= 0),
    "cube": says(Convex(t**3, t), t >= -1),
    "reciprocal": says(Convex(1 / t, t), t <= -1),
    "root of a modulus": says(Convex(sqrt(Abs(t)), t)),
    # monotone functions
    "across a pole": says(1 / a <= 1 / b, b <= a, Ne(a, 0), Ne(b, 0)),
    "across a pole of products": says(
        1 / dot(u, v) <= 1 / dot(u, w), dot(u, w) <= dot(u, v), Ne(dot(u, w), 0), Ne(dot(u, v), 0)
    ),
    "even power": says(dot(u, v) ** 2 <= dot(u, w) ** 2, dot(u, v) <= dot(u, w)),
    "modulus": says(Abs(a) <= Abs(b), a <= b),
    "bump": says(1 / (1 + a**2) <= 1 / (1 + b**2), b <= a),
    "smaller argument": says(tanh(dot(u, v)) <= tanh(Rational(99, 100) * norm(u) * norm(v))),
    # inequalities between invariants
    "99 % of an order": says(norm(theta, 3) <= Rational(99, 100) * norm(theta)),
    "99 % of a mean": says(norm(theta, 3) ** 2 <= Rational(99, 100) * norm(theta) * norm(theta, 4)),
    "power of the dimension": says(norm(theta, 3) >= norm(theta) / norm(ones()) ** Rational(1, 4)),
    "dimension four": says(norm(ones()) ** 2 <= 2 * norm(ones())),
    "signs against ones": says(dot(ones(), s) <= norm(ones())),
    "strict triangle": says(norm(u + v) < norm(u) + norm(v), *NONZERO),
    "Bessel without right angles": says(
        dot(u, v) ** 2 + dot(u, w) ** 2 <= norm(u) ** 2 * Max(norm(v), norm(w)) ** 2
    ),
    "two diagonals": says(norm(u + v) + norm(u - v) <= 2 * Max(norm(u), norm(v))),
    "half a parallelogram": says(
        norm(u + v) ** 2 + norm(u - v) ** 2 <= 2 * norm(u) ** 2 + norm(v) ** 2
    ),
    "label": says(y * dot(u, v) <= norm(u) * norm(v) - y),
    "slope a third": says(logistic(dot(u, v)) <= log(2) + norm(u) * norm(v) / 3),
    "tangent from above": says(logistic(dot(u, v)) <= log(2) - dot(u, v) / 2),
    "product of exponentials": says(exp(t) * exp(a) <= exp(2 * t) / 2 + exp(2 * a) / 3),
    "means": says(3 * a * b * c <= a**3 + b**3 + c**3),
    "a hair above one half": says(
        sqrt(norm(u) ** 2 + norm(v) ** 2) >= Rational(71, 100) * (norm(u) + norm(v))
    ),
    "size": says(norm(theta * exp(-norm(theta))) <= Rational(1, 3)),
    "two directions": says(norm(unit(u) + unit(v)) <= Rational(199, 100), *NONZERO),
    # quadratic forms
    "difference of squares": says(
        dot(h, u) ** 2 - dot(h, v) ** 2 >= 0, norm(u) >= norm(v), norm(v) > 0
    ),
    "two unit vectors": says(
        norm(h) ** 2 >= dot(h, u) ** 2 + dot(h, v) ** 2, norm(u) <= 1, norm(v) <= 1, *NONZERO
    ),
    "two unit vectors and a product": says(
        2 * norm(h) ** 2 >= dot(h, u) ** 2 + dot(h, v) ** 2 + dot(h, u) * dot(h, v) / 10,
        *(norm(u) <= 1, norm(v) <= 1),
        *NONZERO,
    ),
    "Hessian without turning": says(
        dot(h, AdversarialLoss(logistic, NormBall(2, eps)).hessian(theta, x, y) @ h)
        <= (norm(x) + eps) ** 2 / 4 * norm(h) ** 2,
        norm(theta) > 0,
    ),
    # equalities of vectors
    "direction of a multiple": says(Equal(unit(2 * a * u), unit(u)), norm(u) > 0, Ne(a, 0)),
    "modulus of a multiple": says(Equal(absolute(a * u), a * absolute(u))),
    "sign of a multiple": says(Equal(sign(a * u), sign(u)), Ne(a, 0)),
    "some orthant": says(Equal(hadamard(s, theta), absolute(theta))),
    "squared signs": says(Equal(hadamard(sign(theta), sign(theta)), ones())),
    "sum of directions": says(Equal(unit(u) + unit(v), unit(u + v)), *NONZERO, norm(u + v) > 0),
    # maximisers
    "the other side": best(eps * unit(theta), -dot(theta, delta)),
    "factor of no sign, maximised": best(eps * unit(theta), a * dot(theta, delta)),
    "a square": best(eps * unit(theta), dot(theta, delta) ** 2 - 3 * eps * dot(theta, delta)),
    "outside": best(2 * eps * unit(theta), dot(theta, delta)),
}
PLANTED = {
    claim.id: claim
    for name in ("false", "nonsmooth", "hair")
    for claim in vars(importlib.import_module(f"theory.planted.{name}")).values()
    if isinstance(claim, Claim)
}


@pytest.mark.parametrize("claim", [*FALSE.values(), *PLANTED.values()], ids=[*FALSE, *PLANTED])
def test_no_strategy_proves_what_is_false(claim: Claim) -> None:
    try:
        with time_limit(SECONDS + OVERRUN):
            found = prove(claim, clock.now() + SECONDS)
    except OutOfTime:
        return  # no answer is no wrong one
    proofs = [item for item in found if item.status is Status.PROVED]
    assert proofs == [], "\n".join(step for item in proofs for step in item.steps)
