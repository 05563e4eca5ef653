"""Kinks from ties, exactly where the theory puts them; fields and descents that are not smooth."""

from itertools import pairwise

import numpy as np
import pytest

from numerics.families.attack_ball import Ball
from numerics.families.attack_box import Box
from numerics.families.attack_solver import solve_attack
from numerics.families.ball_quadratics import maximise_on_ball
from numerics.families.box_quadratics import canonical
from numerics.families.danskin import directional_derivative, jump
from numerics.families.differences import derivative
from numerics.families.fields import descend, one_step_attack, one_step_field, one_step_jacobian
from numerics.families.networks import Network
from numerics.families.tied_wells import DoubleWell, TwoLayerLinear, even_network
from numerics.linear import gradient_jump
from tests.numerics.families import attacked, unit


def right_slope(f, h: float = 1e-3) -> float:
    """The one-sided derivative of f at 0+, three steps of Richardson's extrapolation."""
    row = [(f(h / 2**k) - f(0.0)) / (h / 2**k) for k in range(4)]
    for j in range(1, 4):
        row = [(2**j * b - a) / (2**j - 1) for a, b in pairwise(row)]
    return row[0]


# --- the double well


def test_the_double_well_jumps_by_two_at_zero() -> None:
    """Concave near both maximisers and both inside: local concavity is not enough."""
    well = DoubleWell()
    assert jump(well.gradients(0.0)) == 2.0
    found = gradient_jump(lambda t: well.gradients(t[0])[0], np.zeros(1), np.ones(1))
    assert found == pytest.approx([2.0], abs=1e-9)
    for direction in (1.0, -2.5):
        expected = directional_derivative(well.gradients(0.0), np.array([direction]))
        assert right_slope(lambda t, d=direction: well.value(t * d)) == pytest.approx(expected)
    for theta in (1e-9, -0.3, 1.5):
        assert jump(well.gradients(theta)) == 0.0


@pytest.mark.parametrize("theta", [0.05, -0.7, 2.0, 5.0])
def test_off_zero_the_double_well_is_smooth(theta: float) -> None:
    """Hess l_eps = l_tt - C^2/H = 1/(12 x^2 - 4), and the solver finds the same well."""
    well = DoubleWell()
    x = well.maximisers(theta)[0]
    found = derivative(lambda t: well.gradients(theta + t)[0], 0.02)
    assert found.value[0] == pytest.approx(1 / (12 * x**2 - 4), rel=1e-8)
    attack = solve_attack(well.at_parameters(theta), Box(2.0))
    assert attack.certified
    assert attack.delta[0] == pytest.approx(x, abs=1e-12)


# --- two linear layers


def random_kink(rng: np.random.Generator, m: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Exact floats with W'a = 0: the last row undoes the others."""
    a = np.ones(m)
    W = rng.integers(-4, 5, (m, n)) / 4
    W[-1] = -W[:-1].sum(axis=0)
    return a, W


Parameters = tuple[np.ndarray, np.ndarray]


def both_sides(
    model: TwoLayerLinear, at: Parameters, move: Parameters, h: float = 1e-3
) -> list[float]:
    """One-sided derivatives forwards and backwards."""
    (a, W), (da, dW) = at, move
    return [
        right_slope(lambda t, s=s: model.value(a + s * t * da, W + s * t * dW), h) for s in (1, -1)
    ]


def test_two_linear_layers_have_their_kinks_where_they_cancel() -> None:
    rng = np.random.default_rng(0)
    for _ in range(30):
        m, n = rng.integers(2, 4, 2)
        a, W = random_kink(rng, m, n)
        model = TwoLayerLinear(rng.normal(size=n), 0.3, label=rng.choice([-1.0, 1.0]))
        assert model.is_kink(a, W)
        da, dW = rng.normal(size=m), rng.normal(size=(m, n))
        slopes = both_sides(model, (a, W), (da, dW))
        predicted = [model.derivative_at_kink(a, W, s * da, s * dW) for s in (1, -1)]
        assert slopes == pytest.approx(predicted, abs=1e-8)
        # The two sides do not fit: the corner is eps |v|, v = W'da + dW'a.
        assert sum(slopes) == pytest.approx(0.3 * np.linalg.norm(W.T @ da + dW.T @ a), abs=1e-8)


def test_danskin_gives_the_same_slope_from_all_tied_attacks() -> None:
    """At the kink the loss is constant in the attack: the maximum over the whole circle."""
    rng = np.random.default_rng(1)
    a, W = random_kink(rng, 3, 2)
    model = TwoLayerLinear(np.array([0.4, -1.0]), 0.3)
    angle = np.linspace(0, 2 * np.pi, 20001)
    circle = 0.3 * np.stack([np.cos(angle), np.sin(angle)], 1)
    gradients = model.gradients(a, W, circle)
    da, dW = rng.normal(size=3), rng.normal(size=(3, 2))
    direction = np.append(da, dW.ravel())
    found = directional_derivative(gradients, direction)
    assert found == pytest.approx(model.derivative_at_kink(a, W, da, dW), abs=1e-7)


def test_off_the_kink_set_two_linear_layers_are_smooth() -> None:
    rng = np.random.default_rng(2)
    for _ in range(20):
        a, W, da, dW = (rng.normal(size=s) for s in (3, (3, 2), 3, (3, 2)))
        model = TwoLayerLinear(rng.normal(size=2), 0.3)
        assert not model.is_kink(a, W)
        slopes = both_sides(model, (a, W), (da, dW), 1e-4)
        assert sum(slopes) == pytest.approx(0, abs=1e-6)


# --- even models


def test_an_even_network_has_a_kink_although_the_attack_is_l2() -> None:
    w = np.array([1.0, 0.5])
    network, theta = even_network(w, 0.8, 1.5)
    x, region = np.zeros(2), Ball(0.5)
    attack = solve_attack(network.at_parameters(theta, x), region, certify=False)
    tied = attack.summits[:2]
    assert attack.gap == pytest.approx(0, abs=1e-14)
    gradients = np.array([network.derivatives(x + d, theta).theta for d in tied])
    assert jump(gradients) > 0.1
    assert len(attack.summits) == 2

    def value(t: float, h: np.ndarray) -> float:
        land = network.at_parameters(theta + t * h, x)
        return solve_attack(land, region, certify=False).value

    rng = np.random.default_rng(3)
    for _ in range(3):
        h = unit(rng, len(theta))
        expected = directional_derivative(gradients, h)
        assert right_slope(lambda t, h=h: value(t, h), 1e-2) == pytest.approx(expected, abs=1e-6)
    broken = theta + 0.05 * unit(rng, len(theta))
    assert solve_attack(network.at_parameters(broken, x), region).certified


def test_the_hard_case_is_a_kink_of_the_ball() -> None:
    """l = theta c'x + x'H x/2 along a top eigenvector: at theta = 0 the maximisers tie."""
    H, top = np.diag([1.0, -2.0]), np.array([1.0, 0.0])
    found = maximise_on_ball(0 * top, H, 0.5)
    assert found.hard
    assert jump(found.maximisers @ top[:, None]) == pytest.approx(1.0)
    sides = [maximise_on_ball(t * top, H, 0.5).maximisers[0] @ top for t in (1e-9, -1e-9)]
    assert sides == pytest.approx([0.5, -0.5])


# --- fields


def test_the_one_step_field_is_no_gradient() -> None:
    rng, skews = np.random.default_rng(4), []
    for _, case in zip(range(20), attacked(20, Ball(0.5), certify=False), strict=False):
        if case.network.inputs == 1:
            continue
        field = one_step_jacobian(case.network, case.x, case.theta, 0.5)
        v = unit(rng, len(case.theta))
        along = derivative(
            lambda t, c=case, v=v: one_step_field(c.network, c.x, c.theta + t * v, 0.5), 0.01
        )
        assert along.value == pytest.approx(field @ v, abs=1e-8 * np.linalg.norm(field))
        skews.append(np.linalg.norm(field - field.T) / np.linalg.norm(field + field.T))
    assert np.median(skews) > 1e-2


def test_with_the_exact_attack_the_field_is_a_gradient() -> None:
    """The linear classifier: one step is the best attack, and the Jacobian is symmetric."""
    linear, x, theta = Network((3,), biases=False), np.array([1.0, 0.2, 0.0]), np.ones(3)
    found = one_step_attack(linear, x, theta, 0.5)
    assert found == pytest.approx(-0.5 * theta / np.sqrt(3))
    field = one_step_jacobian(linear, x, theta, 0.5)
    assert field == pytest.approx(field.T, abs=1e-14)


# --- descent


@pytest.mark.parametrize("eps", [0.4, 0.04])
@pytest.mark.parametrize("step", [0.1, 0.01])
def test_gradient_descent_swings_by_the_step_times_the_radius(step: float, eps: float) -> None:
    """mu = 0: the swing is 2 eps b step/(2 - a step) about the kink; with mu > 0 it dies out."""
    a, b = 1.0, 1.5
    kink, smooth = canonical(a, b, 0.0, eps), canonical(a, b, 2.0, eps)
    tails = [
        descend(lambda t, m=m: np.array(m.gradient(t.tolist())), np.array([0.05]), step, 4000)[-2:]
        for m in (kink, smooth)
    ]
    swing = np.abs(tails[0]).max()
    assert np.ptp(np.sign(tails[0])) == 2
    assert 0.4 * step * eps * b <= swing <= 1.0 * step * eps * b
    assert np.abs(tails[0]).sum() == pytest.approx(2 * eps * b * step / (2 - a * step), rel=0.02)
    assert np.abs(tails[1]).max() < 1e-15
