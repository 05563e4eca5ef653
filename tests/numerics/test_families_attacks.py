"""The attack solver against closed forms and grids; certificates of true and of false maxima."""

import numpy as np
import pytest

from numerics.families.attack_ball import Ball
from numerics.families.attack_box import Box
from numerics.families.attack_solver import solve_attack
from numerics.families.ball_quadratics import maximise_on_ball
from numerics.families.box_quadratics import BoxQuadratic
from numerics.families.global_maximum import certify_maximum
from numerics.families.networks import Network
from numerics.families.quadratic_landscapes import QuadraticLandscape
from numerics.families.tied_wells import DoubleWell, even_network
from tests.numerics.families import attacked

REGIONS = pytest.mark.parametrize("region", [Ball(0.4), Box(0.3)], ids=("ball", "box"))


def random_landscape(rng: np.random.Generator, n: int) -> QuadraticLandscape:
    H = rng.normal(size=(n, n))
    return QuadraticLandscape(rng.normal(size=n), (H + H.T) / 2)


def best_on_a_grid(land: QuadraticLandscape, region: Ball | Box) -> float:
    line = np.linspace(-region.radius, region.radius, 41)
    points = np.stack(np.meshgrid(*[line] * land.inputs), -1).reshape(-1, land.inputs)
    # Both the grid inside and its projection from outside, so that the sphere is sampled too.
    return float(land.at(region.project(1.5 * points)).value.max())


@pytest.mark.parametrize("n", [1, 2, 3])
def test_on_the_box_it_finds_the_best_face(n: int) -> None:
    rng = np.random.default_rng(n)
    for _ in range(12):
        land = random_landscape(rng, n)
        exact = BoxQuadratic(((0.0,),), (land.c.tolist(),), land.H.tolist(), 0.7)
        best, attack = exact.maximisers([1.0])[0], solve_attack(land, Box(0.7))
        assert attack.certified, attack.certificate
        assert attack.residual <= 1e-12
        assert attack.delta == pytest.approx(best.x, abs=1e-12)
        assert attack.active.tolist() == list(best.signs)
        assert attack.multipliers == pytest.approx(best.multipliers, abs=1e-12)
        assert attack.value == pytest.approx(float(best.value), rel=1e-13)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_on_the_ball_it_solves_the_trust_region(n: int) -> None:
    rng = np.random.default_rng(10 + n)
    for _ in range(12):
        land = random_landscape(rng, n)
        exact, attack = maximise_on_ball(land.c, land.H, 0.7), solve_attack(land, Ball(0.7))
        assert attack.certified, attack.certificate
        assert attack.residual <= 1e-12
        assert attack.delta == pytest.approx(exact.maximisers[0], abs=1e-11)
        assert attack.multipliers[0] == pytest.approx(exact.multiplier, abs=1e-11)


@REGIONS
def test_no_grid_point_beats_a_certified_attack(region: Ball | Box) -> None:
    for _, case in zip(range(8), attacked(3, region), strict=False):
        land = case.network.at_parameters(case.theta, case.x)
        assert case.attack.certified, case.attack.certificate
        assert case.attack.certificate.distance < 1e-9
        assert best_on_a_grid(land, region) <= case.attack.value + 1e-14


@REGIONS
def test_a_summit_that_is_not_the_highest_is_not_certified(region: Ball | Box) -> None:
    tried = 0
    for _, case in zip(range(60), attacked(4, region, certify=False), strict=False):
        land = case.network.at_parameters(case.theta, case.x)
        for summit in case.attack.summits[1:]:
            tried += 1
            assert not certify_maximum(land, region, summit, 5000).certified
    assert tried > 3


@REGIONS
def test_a_point_that_is_no_maximum_is_not_certified(region: Ball | Box) -> None:
    for _, case in zip(range(8), attacked(5, region), strict=False):
        land = case.network.at_parameters(case.theta, case.x)
        delta = case.attack.delta
        # Further away than the largest neighbourhood, so no maximiser can be next to it.
        away = -0.9 * delta if case.attack.active.any() else delta - 0.5 * region.radius
        wrong = certify_maximum(land, region, away, 5000)
        assert not wrong.certified
        assert wrong.reason


def test_the_proved_distance_is_a_distance() -> None:
    """Around a float that is off by t it is at least t, and not much more."""
    rng = np.random.default_rng(6)
    for t in (1e-3, 1e-6, 1e-9):
        H = -np.eye(2) - 0.3 * np.ones((2, 2)) * rng.random()
        inner, v = rng.uniform(-0.3, 0.3, 2), rng.choice([-1.0, 1.0], 2)
        land = QuadraticLandscape(-H @ inner, H)
        for region in (Ball(1.0), Box(1.0)):
            found = certify_maximum(land, region, inner + t * v)
            assert found.certified
            assert t * (1 - 1e-6) <= found.distance <= t + 1e-11
        on_sphere = maximise_on_ball(8 * inner, H, 1.0).maximisers[0]
        turned = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]]) @ on_sphere
        found = certify_maximum(QuadraticLandscape(8 * inner, H), Ball(1.0), turned)
        off = np.abs(turned - on_sphere).max()
        assert off * (1 - 1e-6) <= found.distance <= off + 1e-9


def test_the_active_set_is_part_of_the_certificate() -> None:
    """A candidate next to the face whose maximiser is on it, and the reverse, are refused."""
    push = QuadraticLandscape(np.array([3.0, 0.0]), -np.eye(2))
    assert certify_maximum(push, Box(1.0), np.array([1.0, 0.0])).certified
    assert not certify_maximum(push, Box(1.0), np.array([1 - 1e-9, 0.0]), 3000).certified
    stay = QuadraticLandscape(np.array([0.999, 0.0]), -np.eye(2))
    assert certify_maximum(stay, Box(1.0), np.array([0.999, 0.0])).certified
    assert not certify_maximum(stay, Box(1.0), np.array([1.0, 0.0]), 3000).certified


def test_a_tie_is_never_certified() -> None:
    well = solve_attack(DoubleWell().at_parameters(0.0), Box(2.0))
    assert not well.certified
    assert "open after" in well.certificate.reason
    assert well.gap == pytest.approx(0.0, abs=1e-14)
    network, theta = even_network(np.array([1.0, 0.5]), 0.8, 1.5)
    even = solve_attack(network.at_parameters(theta, np.zeros(2)), Ball(0.5))
    assert not even.certified
    assert even.gap == pytest.approx(0.0, abs=1e-14)
    assert even.summits[0] == pytest.approx(-even.summits[1], abs=1e-9)
    round_hill = QuadraticLandscape(np.zeros(2), np.eye(2))
    assert not solve_attack(round_hill, Ball(1.0)).certified


def test_a_hair_beside_a_tie_is_certified() -> None:
    for theta, sign in ((1e-3, 1.0), (-1e-3, -1.0)):
        attack = solve_attack(DoubleWell().at_parameters(theta), Box(2.0))
        assert attack.certified
        assert attack.delta[0] == pytest.approx(DoubleWell().maximisers(theta)[0], abs=1e-12)
        assert np.sign(attack.delta[0]) == sign
        assert attack.gap == pytest.approx(2e-3, rel=1e-3)


def test_a_vanishing_multiplier_is_no_certificate() -> None:
    """At the loss of strict complementarity no neighbourhood on the face is monotone."""
    edge = QuadraticLandscape(np.array([1.0]), np.array([[-1.0]]))
    assert not solve_attack(edge, Box(1.0)).certified


def test_many_inputs_are_refused() -> None:
    land = Network((4,), biases=False).at_parameters(np.ones(4), np.zeros(4))
    answer = solve_attack(land, Ball(1.0)).certificate
    assert not answer.certified
    assert answer.reason == "inputs: expected 1 to 3, got 4"
    linear = solve_attack(land, Ball(1.0), certify=False)
    assert linear.delta == pytest.approx(-np.ones(4) / 2, abs=1e-12)
