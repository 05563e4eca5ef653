"""The derived inner maximum against a slow numerical maximiser that knows no duality."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, NonlinearConstraint, minimize
from sympy import Rational, S, oo

from tests.laws import points as at
from theory import (
    AdversarialLoss,
    AttackSet,
    Label,
    NormBall,
    Vector,
    exponential,
    logistic,
    norm,
)

theta, x, y = Vector("theta"), Vector("x"), Label("y")
EXPONENTS = [S(1), Rational(3, 2), S(2), S(3), oo]

# SLSQP stops at a change of 1e-12 in the objective; near its optimum on a curved boundary the
# constraint is met to about the same, and the margin is at most 4 * 4 * 5 in size.
ABSOLUTE = 1e-7

cases = st.integers(1, 4).flatmap(
    lambda d: st.fixed_dictionaries(
        {
            "theta": at.vectors(d),
            "x": at.vectors(d),
            "y": at.labels,
            "radius": at.positive,
        }
    )
)


def plain(v: list[Fraction]) -> Any:
    return np.array([float(c) for c in v])


def least_over_ball(t: Any, p: Any, radius: float) -> float:
    """min <t, d> over ||d||_p <= radius, by sequential quadratic programming from four starts."""
    rng = np.random.default_rng(len(t))
    starts = [0.3 * radius * v / len(t) for v in rng.standard_normal((3, len(t)))]
    return min(_descend(t, p, radius, start) for start in (*starts, -0.1 * radius * np.sign(t)))


def _descend(t: Any, p: Any, radius: float, start: Any) -> float:
    if p == oo:
        done = minimize(
            lambda d: t @ d, start, jac=lambda d: t, method="SLSQP", bounds=Bounds(-radius, radius)
        )
        return float(done.fun)
    if p == 1:  # d = a - b with a, b >= 0: the ball becomes a polytope
        split = np.concatenate([np.maximum(start, 0), np.maximum(-start, 0)])
        both = np.concatenate([t, -t])
        done = minimize(
            lambda d: both @ d,
            split,
            jac=lambda d: both,
            method="SLSQP",
            bounds=Bounds(0, np.inf),
            constraints={"type": "ineq", "fun": lambda d: radius - d.sum()},
        )
        return float(done.fun)
    power = float(p)
    inside = {
        "type": "ineq",
        "fun": lambda d: 1 - (np.abs(d / radius) ** power).sum(),
        "jac": lambda d: -power * np.sign(d) * np.abs(d / radius) ** (power - 1) / radius,
    }
    done = minimize(
        lambda d: t @ d,
        start,
        jac=lambda d: t,
        method="SLSQP",
        constraints=inside,
        options={"ftol": 1e-12, "maxiter": 500},
    )
    size = (np.abs(done.x) ** power).sum() ** (1 / power)  # wherever it stopped, made feasible
    return float(t @ done.x * min(1.0, radius / size)) if size else 0.0


@given(p=st.sampled_from(EXPONENTS), case=cases)
def test_the_inner_maximum_is_what_a_numerical_maximiser_finds(
    p: Any, case: dict[str, Any]
) -> None:
    d, t = len(case["theta"]), plain(case["theta"])
    radius = float(case["radius"])
    least = case["y"] * t @ plain(case["x"]) + least_over_ball(case["y"] * t, p, radius)
    attacked = AdversarialLoss(logistic, NormBall(p, at.rational(case["radius"])))
    point = {theta: case["theta"], x: case["x"], y: case["y"]}
    derived = float(at.number(attacked.margin(theta, x, y), point, d))
    assert abs(derived - least) <= ABSOLUTE * (1 + abs(derived))
    value = float(at.number(attacked.value(theta, x, y), point, d))
    assert abs(value - np.logaddexp(0, -least)) <= ABSOLUTE * (1 + abs(value))


@given(p=st.sampled_from(EXPONENTS), case=cases)
def test_the_derived_attack_is_feasible_and_attains_the_derived_value(
    p: Any, case: dict[str, Any]
) -> None:
    if not any(case["theta"]):
        return
    d, radius = len(case["theta"]), at.rational(case["radius"])
    attacked = AdversarialLoss(logistic, NormBall(p, radius))
    point = {theta: case["theta"], x: case["x"], y: case["y"]}
    delta = at.components(attacked.attack(theta, y), point, d)
    size = (
        max(map(abs, delta))
        if p == oo
        else at.HIGH.fsum(abs(c) ** at.high(p) for c in delta) ** (1 / at.high(p))
    )
    assert at.at_most(size, radius)
    moved = at.HIGH.fsum(
        at.high(a) * (at.high(b) + c)
        for a, b, c in zip(case["theta"], case["x"], delta, strict=True)
    )
    assert at.close(case["y"] * moved, at.number(attacked.margin(theta, x, y), point, d))


@given(case=cases)
def test_a_sum_of_two_balls_by_two_perturbations(case: dict[str, Any]) -> None:
    both = AttackSet(support=lambda t: norm(t) / 2 + norm(t, 1) / 4)
    d, t = len(case["theta"]), plain(case["theta"]) * case["y"]
    least = least_over_ball(t, S(2), 0.5) + least_over_ball(t, oo, 0.25)
    point = {theta: case["theta"], x: case["x"], y: case["y"]}
    derived = at.number(AdversarialLoss(logistic, both).margin(theta, x, y), point, d)
    assert abs(float(derived) - float(t @ plain(case["x"])) - least) <= ABSOLUTE * 100


def test_one_slow_maximiser_against_another() -> None:
    """SLSQP against SciPy's trust-region method, so that one bug does not hide in both."""
    t = np.array([1.0, -2.0, 0.5])
    for p in (Rational(3, 2), S(2), S(3)):
        power = float(p)
        ball = NonlinearConstraint(lambda d, q=power: (np.abs(d) ** q).sum(), -np.inf, 1)
        done = minimize(
            lambda d: t @ d,
            np.zeros(3) + 0.1,
            method="trust-constr",
            jac=lambda d: t,
            hess=lambda d: np.zeros((3, 3)),
            constraints=ball,
            options={"gtol": 1e-8, "maxiter": 2000},
        )
        assert abs(done.fun - least_over_ball(t, p, 1.0)) < 1e-4


@pytest.mark.parametrize("p", EXPONENTS, ids=str)
def test_the_attack_does_not_depend_on_the_decreasing_loss(p: Any) -> None:
    ball = NormBall(p, 1)
    attacks = {AdversarialLoss(loss, ball).attack(theta, y) for loss in (logistic, exponential)}
    assert len(attacks) == 1
