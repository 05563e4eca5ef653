"""Every false claim is refuted by a witness that a second evaluator confirms; its true neighbour,
which differs by as little as possible, survives."""

from __future__ import annotations

import pytest
from sympy import And, Eq, Max, Or, Piecewise, Rational, S, exp, oo, sqrt, symbols

from numerics.falsify import Refutation, Survival, falsify, feasible_point
from tests.numerics.independent import assert_refutes
from theory import (
    AdversarialLoss,
    AttackSet,
    Claim,
    Convex,
    Differentiable,
    Equal,
    Label,
    Lipschitz,
    MarginLoss,
    Maximizes,
    NormBall,
    Not,
    Signs,
    Smooth,
    Vector,
    clock,
    dot,
    exponential,
    hinge,
    in_orthant,
    logistic,
    norm,
    sign,
    squared_hinge,
    unit,
)

theta, x, delta, y, s = Vector("theta"), Vector("x"), Vector("delta"), Label("y"), Signs("s")
eps, rho, B, r = symbols("epsilon rho B r", positive=True)
u = symbols("u", real=True)
plain = symbols("a")

L2, L3, L1, BOX = (AdversarialLoss(logistic, NormBall(p, eps)) for p in (2, 3, 1, oo))
HINGE, SQUARED = (AdversarialLoss(phi, NormBall(2, eps)) for phi in (hinge, squared_hinge))
STEEP = AdversarialLoss(exponential, NormBall(2, eps))
WAVY = AdversarialLoss(MarginLoss("sigmoid", lambda m: 1 / (1 + exp(m))), NormBall(2, eps))
AWAY = [norm(theta) >= rho, norm(x) <= B]
RIGHT_ANGLE = [Eq(norm(theta), 1), Eq(dot(theta, x), 0)]
ORTHANT = [in_orthant(theta, s), norm(x) <= B]


def gradient_is_lipschitz(loss, constant=None, given=AWAY):
    return Claim(id="c", given=given, holds=Lipschitz(loss.gradient(theta, x, y), theta, constant))


def smooth(loss, constant=None, given=AWAY):
    return Claim(id="c", given=given, holds=Smooth(loss.value(theta, x, y), theta, constant))


def says(holds, given=(), dimensions=None):
    return Claim(id="c", given=given, holds=holds, dimensions=dimensions)


def best(point, objective, ball):
    return says(Maximizes(point, objective, delta, ball), [norm(theta) > 0])


def attacked(claim, seconds):
    return falsify(claim, 0, clock.now() + seconds)


second, third = logistic.slope(u, 2), logistic.slope(u, 3)

FALSE = {
    "L2 constant a quarter": gradient_is_lipschitz(L2, (B + eps) ** 2 / 4 + eps / (4 * rho)),
    "L2 constant of natural training": gradient_is_lipschitz(L2, (B + eps) ** 2 / 4),
    "L2 everywhere": gradient_is_lipschitz(L2, given=[]),
    "L2 everywhere, finite": gradient_is_lipschitz(L2, 10**6 * (B + eps) ** 2, [norm(x) <= B]),
    "box, some constant": gradient_is_lipschitz(BOX, 1000 * (B + eps) ** 2, [norm(x) <= B]),
    "box, any constant": gradient_is_lipschitz(BOX, given=[norm(x) <= B]),
    "box in one orthant": gradient_is_lipschitz(BOX, (B + eps) ** 2 / 4, ORTHANT),
    "p = 3, Hoelder path": gradient_is_lipschitz(L3),
    "p = 3, finite": gradient_is_lipschitz(L3, (B + eps) ** 2 + 100 * eps / rho),
    "L1 ties": smooth(L1),
    "L1 ties, finite": gradient_is_lipschitz(L1, 100 * (B + eps) ** 2 + 100 * eps / rho),
    "exponential, far out": smooth(STEEP),
    "hinge": smooth(HINGE, 10 * (B + eps) ** 2 + eps / rho),
    "squared hinge": smooth(SQUARED, (B + eps) ** 2 + eps / rho),
    "curvature 1/4.01": says(second <= Rational(100, 401)),
    "curvature 1/4 - 1e-6": says(second <= Rational(1, 4) - Rational(1, 10**6)),
    "third derivative off by 1/400": says(third <= sqrt(3) / 18 * (1 - Rational(1, 400))),
    "third derivative off by 1e-6": says(third <= sqrt(3) / 18 * (1 - Rational(1, 10**6))),
    "order of the norms": says(norm(x, 1) <= norm(x)),
    "order with factor, d >= 3": says(norm(x, 1) <= sqrt(2) * norm(x)),
    "far out only": says(dot(theta, x) <= 10**4, [norm(theta) <= 1]),
    "plain symbol": says(plain**2 >= Rational(1, 10**4)),
    "strict at a tie": says(norm(theta) > 0),
    "or": says(Or(dot(theta, x) >= 0, norm(theta) <= 1)),
    "gradient formula": says(Equal(L2.gradient(theta, x, y), L2.loss.slope(L2.margin(theta, x, y))
                                   * (y * x - eps * unit(x)))),
    "written false": says(norm(x) < 0, [norm(x) <= 1]),
    "orthogonal and long": says(norm(theta + x) <= sqrt(2), RIGHT_ANGLE),
    "wrong dual, outside": best(NormBall(Rational(3, 2), eps).maximiser(theta), dot(theta, delta),
                                NormBall(1, eps)),
    "wrong dual, not best": best(NormBall(2, eps).maximiser(theta), dot(theta, delta),
                                 NormBall(3, eps)),
    "nonconvex loss": says(Convex(WAVY.value(theta, x, y), theta)),
    "concave on a ring": says(Convex(-norm(theta, 1), theta), [norm(theta) >= 1]),
    "L2 at zero": says(Differentiable(L2.value(theta, x, y), theta)),
    "hinge off zero": says(Differentiable(HINGE.value(theta, x, y), theta), [norm(theta) >= rho]),
    "L1 off zero": says(Differentiable(L1.value(theta, x, y), theta), [norm(theta) > 0]),
    "infinite slope": says(Differentiable(sqrt(norm(theta)), theta)),
    "root of a scalar": says(Lipschitz(sqrt(u), u), [u >= 0]),
    "across theta, far out": says(Lipschitz(dot(theta, x) * theta, theta)),
    "narrow valley": says((u - Rational(1, 3)) ** 2 >= Rational(1, 10**10)),
    "scalar kink": says(Differentiable(Max(u, u**2), u)),
    "scalar slope": says(Lipschitz(Max(0, u) ** 2, u, 3), [u <= 2]),
}  # fmt: skip

AT_THE_JUMP = Piecewise((-1, HINGE.margin(theta, x, y) <= 1), (0, True)) * (
    y * x - eps * unit(theta)
)

TRUE = {
    "L2 constant a half": gradient_is_lipschitz(L2, (B + eps) ** 2 / 4 + eps / (2 * rho)),
    "L2 away, some constant": gradient_is_lipschitz(L2),
    "box in one orthant": gradient_is_lipschitz(BOX, norm(y * x - eps * s) ** 2 / 4, ORTHANT),
    "squared hinge": smooth(SQUARED, 2 * (B + eps) ** 2 + 2 * eps * 10**6 / rho, [
        *AWAY, norm(theta) <= 1, eps <= 1, B <= 1, rho <= 1]),
    "curvature": says(second <= Rational(1, 4)),
    "third derivative": says(third <= sqrt(3) / 18),
    "order of the norms": says(norm(x) <= norm(x, 1)),
    "order with factor, d = 2": says(norm(x, 1) <= sqrt(2) * norm(x), dimensions=(1, 2)),
    "plain symbol": says(plain**2 >= 0),
    "strict off the tie": says(norm(theta) > 0, [norm(theta) >= rho]),
    "triangle": says(norm(theta + x) <= 1 + norm(x), RIGHT_ANGLE),
    "dual": best(NormBall(3, eps).maximiser(theta), dot(theta, delta), NormBall(3, eps)),
    "two balls": best(eps * sign(theta) + unit(theta), dot(theta, delta),
                      AttackSet(lambda t: eps * norm(t, 1) + norm(t))),
    "convex": says(Convex(L2.value(theta, x, y), theta)),
    "squared hinge off zero": says(Differentiable(SQUARED.value(theta, x, y), theta),
                                   [norm(theta) >= rho]),
    "p = 3 off zero": says(Differentiable(L3.value(theta, x, y), theta), [norm(theta) > 0]),
    "undefined in one part": says(And(norm(unit(theta)) <= 1, norm(theta) ** 2 / norm(theta) > 0)),
    "a value at a jump": says(Equal(HINGE.gradient(theta, x, y), AT_THE_JUMP), [norm(theta) > 0]),
    "undefined is no violation": says(norm(unit(theta)) >= 1),
}  # fmt: skip


@pytest.mark.parametrize("name", FALSE)
def test_a_false_claim_is_refuted_and_the_witness_stands(name):
    found = attacked(FALSE[name], 25)
    assert isinstance(found, Refutation), found
    assert_refutes(FALSE[name], found.witness)


@pytest.mark.parametrize("name", TRUE)
def test_its_true_neighbour_survives(name):
    found = attacked(TRUE[name], 2)
    assert isinstance(found, Survival), found
    assert found.points > 0


def test_the_same_seed_gives_the_same_witness():
    claim = FALSE["L2 constant a quarter"]
    assert attacked(claim, 25) == attacked(claim, 25)


def test_a_tight_bound_is_nearly_attained():
    found = attacked(TRUE["L2 constant a half"], 4)
    assert 0.99 < found.attained <= 1
    assert set(found.at) == {"dimension", "values"}


def test_a_witness_is_fit_to_read():
    witness = attacked(FALSE["order of the norms"], 10).witness
    assert witness.dimension == 2
    assert all(len(c) <= 3 for c in witness.values["x"])


def test_a_negation_is_left_alone():
    assert attacked(says(Not(norm(x) <= 1)), 5) == Survival(
        0, (), detail="negations are not searched"
    )


SATISFIABLE = {
    "unit and orthogonal": [Eq(norm(theta), 1), Eq(dot(theta, x), 0), norm(x) >= 1],
    "angle": [Eq(norm(theta), 1), Eq(norm(x), 1), Eq(dot(theta, x), Rational(1, 3))],
    "irrational length": [Eq(norm(theta), sqrt(2))],
    "thin": [norm(theta) <= 1, norm(theta, 1) >= Rational(17, 10)],
    "one length for all": [Eq(norm(theta), r), norm(x) <= r, Eq(norm(theta, 1), r)],
    "orthant": [in_orthant(theta, s), dot(theta, s) <= 1],
    "margin one": [Eq(L2.margin(theta, x, y), 1), norm(x) <= 2],
    "chain": [norm(theta) >= rho, rho >= 2 * eps, eps >= 3],
    "nothing": [],
}


@pytest.mark.parametrize("name", SATISFIABLE)
def test_hypotheses_that_can_be_met_are_met(name):
    claim = says(norm(x) <= norm(x, 1), SATISFIABLE[name])
    point = feasible_point(claim, None, 0, clock.now() + 20)
    assert point is not None
    assert all(value.is_Rational for value in point.values())


CONTRADICTORY = {
    "lengths": [norm(theta) <= 1, norm(theta) >= 2],
    "norms": [norm(theta) < norm(theta, oo)],
    "signs": [in_orthant(theta, s), in_orthant(-theta, s)],
    "written false": [S.false],
}


@pytest.mark.parametrize("name", CONTRADICTORY)
def test_contradictory_hypotheses_are_met_nowhere(name):
    claim = says(norm(x) <= norm(x, 1), CONTRADICTORY[name])
    assert feasible_point(claim, None, 0, clock.now() + 1) is None
    assert isinstance(attacked(says(norm(x) < 0, CONTRADICTORY[name]), 1), Survival)
