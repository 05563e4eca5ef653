"""Numbers of the linear theory, each against the formulas that `theory` derives.

Values come from two routes: the formulas lowered to numpy, and the same formulas written out in
coordinates and enclosed by balls of 128 bits.
"""

import math
from fractions import Fraction

import numpy as np
import pytest
from flint import arb
from sympy import Rational, oo

from numerics.linear import (
    adversarial_loss,
    base_points,
    gradient_jump,
    hoelder_exponent,
    lower,
    modulus_of_continuity,
    natural_loss,
    random_pair_bound,
)
from numerics.linear.losses import EPSILON, THETA, X, Y
from numerics.sharp_constant import sharp_constant
from theory import Vector, coordinates, dot, gradient, hessian, jacobian, logistic, norm
from theory.enclosure import enclose

x, theta, eps = np.array([1, -0.5, 0.25]), np.array([0.6, 0.8, -0.3]), 0.3
EXACT = {
    Y: 1,
    EPSILON: Fraction(3, 10),
    **dict(zip(coordinates.coordinates(X, 3), map(Fraction, ("1", "-1/2", "1/4")), strict=True)),
    **dict(
        zip(coordinates.coordinates(THETA, 3), map(Fraction, ("3/5", "4/5", "-3/10")), strict=True)
    ),
}
L2, LINF = adversarial_loss(2), adversarial_loss(oo)
BOTH = pytest.mark.parametrize("p", [2, oo])
VECTORS = {
    2: {
        "margin": -0.188209195,
        "value": 0.791673096,
        "gradient": (-0.45262116, 0.39918059, -0.18387484),
        "eigenvalues": (0.00261329, 0.15715455, 0.48427835),
    },
    oo: {
        "margin": -0.385,
        "value": 0.904061993,
        "gradient": (-0.41655493, 0.47606278, -0.32729316),
        "eigenvalues": (0.0, 0.0, 0.34517532),
    },
}


def ball(expr) -> arb:
    return enclose(coordinates.in_coordinates(expr, 3), EXACT)


@BOTH
def test_margin_and_value(p) -> None:
    loss, printed = adversarial_loss(p), VECTORS[p]
    for name in ("margin", "value"):
        exact = float(ball(getattr(loss.symbolic, name)(THETA, X, Y)))
        assert exact == pytest.approx(printed[name], abs=5.1e-10)
        assert getattr(loss, name)(theta, x, 1, eps) == pytest.approx(exact, rel=1e-14)


@BOTH
def test_gradient(p) -> None:
    loss = adversarial_loss(p)
    entries = coordinates.coordinates(loss.symbolic.gradient(THETA, X, Y), 3)
    exact = [float(enclose(entry, EXACT)) for entry in entries]
    assert exact == pytest.approx(VECTORS[p]["gradient"], abs=5.1e-9)
    assert loss.gradient(theta, x, 1, eps) == pytest.approx(exact, rel=1e-13)


@BOTH
def test_hessian_eigenvalues(p) -> None:
    loss = adversarial_loss(p)
    rows = coordinates.matrix_coordinates(loss.symbolic.hessian(THETA, X, Y), 3)
    exact = np.array([[float(enclose(entry, EXACT)) for entry in row] for row in rows])
    assert np.linalg.eigvalsh(exact) == pytest.approx(VECTORS[p]["eigenvalues"], abs=5.1e-9)
    assert loss.hessian(theta, x, 1, eps) == pytest.approx(exact, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("p", [1, Rational(3, 2), 2, 3, oo])
def test_derivatives_agree_with_differences(p) -> None:
    """Value, gradient and Hessian are lowered separately; differences tie them together."""
    loss, h = adversarial_loss(p), 1e-6
    for e in np.eye(3):
        up, down = theta + h * e, theta - h * e
        slope = (loss.value(up, x, 1, eps) - loss.value(down, x, 1, eps)) / (2 * h)
        assert slope == pytest.approx(loss.gradient(theta, x, 1, eps) @ e, abs=1e-9)
        bend = (loss.gradient(up, x, 1, eps) - loss.gradient(down, x, 1, eps)) / (2 * h)
        assert bend == pytest.approx(loss.hessian(theta, x, 1, eps) @ e, abs=1e-8)


def test_sharp_constant_of_the_orthant() -> None:
    v = x - eps * np.sign(theta)
    assert v @ v / 4 == pytest.approx(0.358125, abs=1e-12)
    towards_zero = LINF.hessian(1e-9 * theta, x, 1, eps)
    assert np.linalg.eigvalsh(towards_zero)[-1] == pytest.approx(0.358125, abs=1e-8)


def test_jump_across_one_coordinate() -> None:
    at = np.array([0.6, 0.0, -0.3])
    assert LINF.margin(at, x, 1, eps) == pytest.approx(0.255, abs=1e-12)
    jump = gradient_jump(lambda t: LINF.gradient(t, x, 1, eps), at, np.eye(3)[1])
    assert np.linalg.norm(jump) == pytest.approx(0.261955928, abs=5.1e-10)
    assert jump == pytest.approx([0, np.linalg.norm(jump), 0], abs=1e-12)


@pytest.mark.parametrize("k", [1, 2, 3])
def test_jump_across_several_coordinates(k: int) -> None:
    """2 eps sqrt(k) s(-u) where k coordinates change sign at once."""
    direction = np.r_[np.ones(k), np.zeros(3 - k)]
    at = np.where(direction == 1, 0.0, theta)
    jump = gradient_jump(lambda t: LINF.gradient(t, x, 1, eps), at, direction)
    predicted = 2 * eps * math.sqrt(k) / (1 + math.exp(LINF.margin(at, x, 1, eps)))
    assert np.linalg.norm(jump) == pytest.approx(predicted, rel=1e-9)


def test_jump_of_the_l1_attack_across_a_tie() -> None:
    """sqrt(2) eps s(-u): the peak moves from one coordinate to the other."""
    loss, at = adversarial_loss(1), np.array([0.7, 0.7, -0.3])
    direction = np.array([1.0, -1.0, 0.0])
    jump = gradient_jump(lambda t: loss.gradient(t, x, 1, eps), at, direction)
    predicted = math.sqrt(2) * eps / (1 + math.exp(loss.margin(at, x, 1, eps)))
    assert np.linalg.norm(jump) == pytest.approx(predicted, rel=1e-9)


# c^2/4 + eps/r, beside S(r), to the digits given.
BOUNDS = {
    (1, 0.1): (10.3025, 1.3025, 0.4025, 0.3125, 0.3035),
    (1, 0.5): (50.5625, 5.5625, 1.0625, 0.6125, 0.5675),
    (1, 1.5): (151.5625, 16.5625, 3.0625, 1.7125, 1.5775),
    (5, 0.3): (37.0225, 10.0225, 7.3225, 7.0525, 7.0255),
}


@pytest.mark.parametrize(("size", "radius"), BOUNDS)
def test_the_bound_beside_the_sharp_constant(size: float, radius: float) -> None:
    for r, printed in zip((0.01, 0.1, 1, 10, 100), BOUNDS[size, radius], strict=True):
        bound = (size + radius) ** 2 / 4 + radius / r
        half = bound - radius / (2 * r)
        found = sharp_constant(size, radius, r, 1e-3)
        assert bound == pytest.approx(printed, abs=1e-12)
        assert found.upper <= half < bound


@pytest.mark.parametrize("r", [0.01, 1.0, 100.0])
def test_random_pairs_come_close_to_the_sharp_constant_and_stay_below(r: float) -> None:
    rng = np.random.default_rng(0)
    found = random_pair_bound(
        lambda t: L2.gradient(t, np.array([1.0, 0.0]), 1, 0.5), 2, r, rng, pairs=4000
    )
    enclosure = sharp_constant(1, 0.5, r)
    assert 0.99 * enclosure.lower < found.ratio <= enclosure.upper * (1 + 1e-6)
    ends = np.stack([found.theta, found.other])
    assert np.all(np.linalg.norm(ends, axis=-1) >= r * (1 - 1e-12))
    g = L2.gradient(ends, np.array([1.0, 0.0]), 1, 0.5)
    replayed = np.linalg.norm(g[0] - g[1]) / np.linalg.norm(ends[0] - ends[1])
    assert replayed == pytest.approx(found.ratio)


def test_near_zero_and_far_away() -> None:
    """S(r) = eps/(2r) + (X^2 + 5 eps^2/4)/4 + o(1), and max(X^2 - eps^2, 0)/4 in the far."""
    near = sharp_constant(1, "1/2", "1/10000", 1e-7)
    assert near.lower - 0.5 / 2e-4 == pytest.approx((1 + 1.25 * 0.25) / 4, abs=2e-3)
    far = sharp_constant(1, "1/2", 100_000)
    assert far.lower == pytest.approx((1 - 0.25) / 4, rel=1e-4)
    assert far.upper < natural_loss().hessian(np.zeros(2), np.array([1.0, 0]), 1, 0)[0, 0]


@pytest.mark.parametrize(
    ("p", "printed"), [("5/2", 0.667), ("3", 0.5), ("4", 0.333), ("10", 0.111)]
)
def test_hoelder_slopes(p: str, printed: float) -> None:
    loss, steps = adversarial_loss(Rational(p)), np.geomspace(1e-8, 1e-6, 9)
    points = base_points(3, np.random.default_rng(0))
    omega = modulus_of_continuity(lambda t: loss.gradient(t, x, 1, eps), points, steps)
    assert hoelder_exponent(steps, omega) == pytest.approx(printed, rel=0.02)
    assert hoelder_exponent(steps, omega) == pytest.approx(1 / (Rational(p) - 1), rel=0.02)


@pytest.mark.parametrize("p", ["5/4", "3/2", "2"])
def test_round_balls_are_lipschitz_off_zero(p: str) -> None:
    loss, steps = adversarial_loss(Rational(p)), np.geomspace(1e-8, 1e-6, 9)
    points = base_points(3, np.random.default_rng(0))
    omega = modulus_of_continuity(lambda t: loss.gradient(t, x, 1, eps), points, steps)
    assert hoelder_exponent(steps, omega) == pytest.approx(1, rel=0.02)


@pytest.mark.parametrize(
    ("q", "printed"), [("5/2", 0.8706), ("3", 0.7937), ("4", 0.7071), ("8", 0.5946)]
)
def test_curvature_of_a_norm_at_two_equal_coordinates(q: str, printed: float) -> None:
    exponent, t = Rational(q), Vector("t")
    bend = lower(hessian(norm(t, exponent), t, "almost everywhere"))
    at = np.array([1.0, 1.0])
    size = float(np.sum(at ** float(exponent)) ** (1 / float(exponent)))
    sharp = np.linalg.norm(bend(t=at), 2) * size / float(exponent - 1)
    assert sharp == pytest.approx(printed, abs=5.1e-5)
    around = np.random.default_rng(0).uniform(0.01, 1, (3000, 2))
    sizes = np.sum(around ** float(exponent), axis=-1) ** (1 / float(exponent))
    others = np.linalg.norm(bend(t=around), 2, axis=(-2, -1)) * sizes / float(exponent - 1)
    assert others.max() <= sharp * (1 + 1e-9)


@pytest.mark.parametrize("p", [1, 2, 3, oo])
def test_zero_is_optimal_up_to_the_norm_of_the_mean(p) -> None:
    """theta = 0 minimises exactly when the mean of y_n x_n has p-norm at most eps."""
    points = np.array([[1.0, 0.2, -0.3], [0.1, -0.6, 0.4], [0.3, 0.5, 0.2]])
    threshold = float(lower(norm(Vector("v"), p))(v=points.mean(axis=0)))
    rng = np.random.default_rng(0)
    directions = rng.normal(size=(20_000, 3))
    directions /= np.linalg.norm(directions, axis=-1, keepdims=True)

    def best(radius: float) -> float:
        near = 1e-3 * directions[:, None, :]
        return float(adversarial_loss(p).value(near, points, 1, radius).mean(axis=-1).min())

    at_zero = natural_loss().value(np.zeros(3), points, 1, 0).mean()
    assert at_zero == pytest.approx(math.log(2), rel=1e-15)
    assert best(1.05 * threshold) > at_zero
    assert best(0.9 * threshold) < at_zero


@pytest.mark.parametrize(
    ("radius", "printed"),
    [(0, 0.1966), (0.1, 0.1665), (0.25, 0.1226), (0.5, 0.0588), (0.75, 0.0154), (1, 0)],
)
def test_curvature_on_the_line_falls_with_the_attack(radius: float, printed: float) -> None:
    curvature = L2.hessian([1.0], [1.0], 1, radius)
    assert curvature.shape == (1, 1)
    assert curvature.item() == pytest.approx(printed, abs=5.1e-5)


def test_curvature_across_theta_rises_at_a_nonnegative_margin() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        r, along, across = rng.uniform(0.1, 5), rng.uniform(0, 2), rng.normal()
        radii = np.linspace(0, along, 50)
        bend = L2.hessian([r, 0.0], [along, across], 1, radii)[:, 1, 1]
        assert np.all(np.diff(bend) > 0)


@pytest.mark.parametrize(("size", "printed"), [(1, 0.64), (10, 2.6), (100, 25), (1000, 250)])
def test_the_mixed_derivative_is_unbounded(size: float, printed: float) -> None:
    mixed = lower(jacobian(gradient(logistic(Y * dot(THETA, X)), THETA), X))
    matrix = mixed(theta=[size, 0.0], x=[0.0, 1.0], y=1)
    assert np.linalg.norm(matrix, 2) == pytest.approx(printed, rel=0.01)


def test_without_an_attack_every_norm_gives_natural_training() -> None:
    for p in (1, 2, 3, oo):
        loss = adversarial_loss(p)
        assert loss.value(theta, x, 1, 0) == pytest.approx(natural_loss().value(theta, x, 1, 0))
        natural = natural_loss().hessian(theta, x, 1, 0)
        assert loss.hessian(theta, x, 1, 0) == pytest.approx(natural, abs=1e-15)


def test_on_the_line_l2_is_linf() -> None:
    at = np.linspace(-2, 2, 9)[:, None]
    for name in ("value", "gradient"):
        one, other = (getattr(loss, name)(at, [0.7], 1, 0.3) for loss in (L2, LINF))
        inside = np.isfinite(one)
        assert one[inside] == pytest.approx(other[inside], rel=1e-14)
    assert np.isnan(L2.gradient([0.0], [0.7], 1, 0.3)).all()


@pytest.mark.parametrize("scale", [1e-300, 1e3, 1e8])
def test_extreme_parameters_neither_overflow_nor_vanish(scale: float) -> None:
    for p in (1, 2, 3, oo):
        for sign in (1, -1):
            value = adversarial_loss(p).value(sign * scale * theta, x, 1, eps)
            assert np.isfinite(value)
            assert np.isfinite(adversarial_loss(p).gradient(sign * scale * theta, x, 1, eps)).all()
