"""Predicted attack Jacobians and Hessians against differences of gradients with re-solved attacks.

The bounds from sizes alone are tested from both sides: they hold, and something attains them.
"""

from itertools import islice, pairwise

import numpy as np
import pytest

from numerics.families.attack_ball import Ball
from numerics.families.attack_box import Box
from numerics.families.attack_solver import solve_attack
from numerics.families.ball_quadratics import BallQuadratic
from numerics.families.curvature import Response, frozen, interior, on_sphere
from numerics.families.curvature_bounds import flatness, inexact_attack, small_radius
from numerics.families.derivatives import Derivatives, from_joint
from numerics.families.global_maximum import certify_maximum
from numerics.families.landscapes import sides
from numerics.families.networks import Network
from tests.numerics.families import Attacked, attacked, unit

# Differences need room: no tie, no degenerate constraint within the reach of their steps.
LEAST_GAP, LEAST_MULTIPLIER, LEAST_DEFINITE = 1e-2, 2e-2, 2e-2


def has_room(case: Attacked) -> bool:
    attack = case.attack
    if attack.active.any() and attack.multipliers[attack.active != 0].min() < LEAST_MULTIPLIER:
        return False
    clear = case.region.radius - np.abs(attack.delta)
    near = isinstance(case.region, Box) and (clear[attack.active == 0] < 0.02).any()
    return attack.gap > LEAST_GAP and not near and case.response.definite > LEAST_DEFINITE


def errors(case: Attacked, rng: np.random.Generator) -> tuple[float, float]:
    """Relative errors of the attack's Jacobian and of the Hessian along one direction."""
    v, n = unit(rng, len(case.theta)), case.network.inputs
    found, response = case.measured(v), case.response
    attack, gradient = found.value[:n], found.value[n:]
    assert found.error < 1e-8, found.error
    return (
        float(np.linalg.norm(attack - response.jacobian @ v))
        / max(float(np.linalg.norm(response.jacobian @ v)), 1e-2),
        float(np.linalg.norm(gradient - response.hessian @ v))
        / float(np.linalg.norm(response.hessian @ v)),
    )


def test_on_the_sphere_jacobian_and_hessian_are_as_predicted() -> None:
    """200 networks, the maximum certified on every eighth; the frozen attack would be far off."""
    rng, worst, gap = np.random.default_rng(0), 0.0, []
    solved = attacked(1, Ball(0.4), certify=False)
    cases = (c for c in solved if c.attack.active[0] and has_room(c))
    for k, case in enumerate(islice(cases, 200)):
        if k % 8 == 0:
            land = case.network.at_parameters(case.theta, case.x)
            assert certify_maximum(land, case.region, case.attack.delta).certified
        worst = max(worst, *errors(case, rng))
        missing = case.response.hessian - frozen(case.derivatives)
        gap.append(np.linalg.norm(missing, 2) / np.linalg.norm(case.response.hessian, 2))
    assert worst <= 1e-7
    assert np.median(gap) > 0.05


def test_inside_jacobian_and_hessian_are_as_predicted() -> None:
    """Large balls, so that the maximiser is a summit inside."""
    rng = np.random.default_rng(1)
    cases = (
        c
        for c in attacked(2, Ball(3.0), certify=False)
        if not c.attack.active[0] and np.linalg.norm(c.attack.delta) < 2.7 and has_room(c)
    )
    assert max(max(errors(case, rng)) for case in islice(cases, 12)) <= 1e-7


def test_on_the_box_jacobian_and_hessian_are_as_predicted() -> None:
    rng, faces = np.random.default_rng(2), set()
    for case in islice(filter(has_room, attacked(3, Box(1.2), certify=False)), 40):
        assert max(errors(case, rng)) <= 1e-7
        faces.add((case.network.inputs, int((case.attack.active == 0).sum())))
    assert {(1, 0), (2, 0), (2, 1)} <= faces


def test_at_a_vertex_nothing_is_added() -> None:
    cases = (c for c in attacked(4, Box(0.3), certify=False) if c.attack.active.all())
    for case in islice(cases, 10):
        assert case.response.definite == np.inf
        assert (case.response.hessian == frozen(case.derivatives)).all()


def test_a_saddle_is_refused() -> None:
    d = from_joint(0.0, np.zeros(2), np.array([[1.0, 3.0], [3.0, 1.0]]), 1)
    with pytest.raises(ValueError, match="positive definite K, got eigenvalue -1"):
        interior(d)


def test_the_missing_term_is_positive_semidefinite() -> None:
    for region in (Ball(0.4), Box(0.8)):
        for case in islice(attacked(5, region, certify=False), 12):
            missing = case.response.hessian - frozen(case.derivatives)
            assert np.linalg.eigvalsh(missing)[0] > -1e-12 * max(1.0, np.abs(missing).max())


@pytest.mark.parametrize(
    ("r", "fixed", "true"), [(0.1, 0.1325, 2.584), (1, 0.1303, 0.3372), (10, 0.0341, 0.0372)]
)
def test_the_frozen_attack_underestimates(r: float, fixed: float, true: float) -> None:
    linear, a = Network((3,), biases=False), np.array([1.0, 0.2, 0.0])
    theta = r * np.array([0.6, 0.8, 0.0])
    attack = solve_attack(linear.at_parameters(theta, a), Ball(0.5))
    assert attack.certified
    assert attack.delta == pytest.approx(-0.5 * theta / r, abs=1e-12)
    d = linear.derivatives(a + attack.delta, theta)
    assert np.linalg.eigvalsh(frozen(d))[-1] == pytest.approx(fixed, abs=5.1e-5)
    assert on_sphere(d, attack.delta).largest == pytest.approx(
        true, abs=5.1e-4 if r < 1 else 5.1e-5
    )


# --- bounds from sizes


def test_the_flatness_bounds_are_never_violated() -> None:
    """On networks and on quadratics, with maximisers on the sphere; some come near each bound."""
    lower, upper = [], []
    for d, delta in [*network_points(40), *quadratic_points(200)]:
        found = flatness(d, delta)
        rounding = 1e-9 * max(1.0, abs(found.upper))
        assert found.lower <= found.true + rounding
        assert found.true <= found.upper + rounding
        if found.lower > 0:  # a ratio to a negative number says nothing
            lower.append(found.true / found.lower)
        if found.true > 0:
            upper.append(found.upper / found.true)
    assert len(lower) > 20
    assert len(upper) > 150
    assert 1 <= min(lower) < 1.5
    assert 1 <= min(upper) < 1.3


def network_points(count: int) -> list[tuple[Derivatives, np.ndarray]]:
    cases = (c for c in attacked(6, Ball(0.4), certify=False) if c.attack.active[0])
    return [(c.derivatives, c.attack.delta) for c in islice(cases, count)]


def quadratic_points(count: int) -> list[tuple[Derivatives, np.ndarray]]:
    rng, out = np.random.default_rng(7), []
    while len(out) < count:
        n, p = rng.integers(2, 5), rng.integers(2, 5)
        A, H, B = rng.normal(size=(p, p)), rng.normal(size=(n, n)), rng.normal(size=(p, n))
        A *= rng.choice([0.0, 1.0])  # without it the lower bound is positive
        model = BallQuadratic(A + A.T, B, H + H.T, rng.uniform(0.2, 1))
        theta = rng.normal(size=p)
        found = model.attack(theta)
        if found.multiplier > 0:
            out.append((model.derivatives(found.maximisers[0], theta), found.maximisers[0]))
    return out


def test_the_upper_bound_is_attained_by_orthogonal_linear_models() -> None:
    """l = a |theta|^2/2 + theta'B x; the top singular vector of C = B' is orthogonal to B'theta."""
    rng = np.random.default_rng(8)
    for n in (2, 3, 5):
        Q, _ = np.linalg.qr(rng.normal(size=(n, n)))
        sizes = np.append(np.sort(rng.uniform(0.5, 2, n))[::-1], [])
        B = (Q * sizes) @ Q.T
        theta, a, eps = Q[:, 1] * 0.7, 0.3, 0.4
        model = BallQuadratic(a * np.eye(n), B, np.zeros((n, n)), eps)
        delta = model.attack(theta).maximisers[0]
        found = flatness(model.derivatives(delta, theta), delta)
        expected = a + eps * sizes[0] ** 2 / np.linalg.norm(B.T @ theta)
        assert found.upper == pytest.approx(expected, rel=1e-12)
        assert found.true == pytest.approx(expected, rel=1e-12)
        tilted = BallQuadratic(a * np.eye(n), B, np.zeros((n, n)), eps)
        other = tilted.attack(Q[:, 0] + Q[:, 1]).maximisers[0]
        slack = flatness(tilted.derivatives(other, Q[:, 0] + Q[:, 1]), other)
        assert slack.true < 0.99 * slack.upper


def test_flattening_the_input_sharpens_unless_the_cross_derivative_shrinks() -> None:
    """The same models with theta scaled: C stays, the input slope falls, the curvature rises."""
    rng = np.random.default_rng(9)
    B, theta = rng.normal(size=(3, 3)), rng.normal(size=3)
    model = BallQuadratic(np.zeros((3, 3)), B, np.zeros((3, 3)), 0.4)
    tops = [model.response(scale * theta).largest for scale in (1.0, 0.1, 0.01)]
    assert tops[1] == pytest.approx(10 * tops[0], rel=1e-9)
    assert tops[2] == pytest.approx(100 * tops[0], rel=1e-9)
    linear, x = Network((2,), biases=False), np.array([1.0, 0.5])
    flat = [saturated(linear, x, R) for R in (1.0, 5.0, 20.0)]
    for now, then in pairwise(flat):
        assert then[0] < now[0]
        assert then[1] < now[1]
    assert flat[-1][1] < 1e-6


def saturated(linear: Network, x: np.ndarray, R: float) -> tuple[float, float]:
    """(|grad_x l|, extra curvature) of the linear classifier at theta = R x/|x|, eps = 0.3."""
    theta = R * x / np.linalg.norm(x)
    delta = -0.3 * theta / R
    d = linear.derivatives(x + delta, theta)
    extra: Response = on_sphere(d, delta)
    return float(np.linalg.norm(d.x)), float(np.linalg.norm(extra.hessian - d.tt, 2))


# --- small radii and inexact attacks


def test_below_the_radius_the_fixed_point_map_contracts() -> None:
    """g_min and L_xx are enclosed over the ball; the map is then iterated from many starts."""
    rng, seen = np.random.default_rng(10), 0
    for case in islice(attacked(11, Ball(0.05)), 18):
        bounds = enclosed_radius(case)
        if bounds is None:
            continue
        seen += 1
        assert case.attack.certified
        assert case.attack.active[0] == 1
        assert len(case.attack.summits) == 1
        rate, attack = bounds
        assert np.linalg.norm(case.response.jacobian, 2) <= attack
        deltas = case.region.project(rng.uniform(-0.05, 0.05, (20, case.network.inputs)))
        moved = fixed_point_map(case, deltas)
        apart, then = distances(deltas), distances(moved)
        assert (then <= rate * apart + 1e-15).all()
        for _ in range(200):
            moved = fixed_point_map(case, moved)
        assert np.abs(moved - case.attack.delta).max() < 1e-10
    assert seen >= 10


def enclosed_radius(case: Attacked) -> tuple[float, float] | None:
    """(rate, Lipschitz constant of the attack), or None where the radius is not small."""
    land, n, eps = case.network.at_parameters(case.theta, case.x), case.network.inputs, 0.05
    found = land.on(sides(-np.full((1, n), eps), np.full((1, n), eps)))
    slope = sum(np.maximum(0, np.maximum(g.lo, -g.hi)) ** 2 for g in found.gradient) ** 0.5
    size = [[np.maximum(abs(h.lo), abs(h.hi))[0] for h in row] for row in found.hessian]
    mixed = np.linalg.norm(case.derivatives.xt, 2)
    bounds = small_radius(eps, float(slope[0]), float(np.linalg.norm(size, 2)), mixed, 0.0)
    return None if bounds is None else (bounds.rate, bounds.attack)


def fixed_point_map(case: Attacked, deltas: np.ndarray) -> np.ndarray:
    g = case.network.at_parameters(case.theta, case.x).at(deltas).gradient
    return case.region.radius * g / np.linalg.norm(g, axis=1, keepdims=True)


def distances(points: np.ndarray) -> np.ndarray:
    return np.linalg.norm(points[:, None] - points[None], axis=-1)


def test_above_the_radius_nothing_is_promised() -> None:
    assert small_radius(1.0, 1.0, 1.0, 1.0, 1.0) is None


def test_an_inexact_attack_costs_at_most_its_distance() -> None:
    """The mixed derivative is bounded over the segment by its largest norm on a fine grid."""
    rng, best = np.random.default_rng(12), 0.0
    for case in islice(attacked(13, Ball(0.4), certify=False), 20):
        delta, n = case.attack.delta, case.network.inputs
        near = case.region.project((delta + 0.05 * rng.normal(size=n))[None])[0]
        exact, found = case.derivatives.theta, at(case, near).theta
        path = [delta + t * (near - delta) for t in np.linspace(0, 1, 41)]
        largest = max(np.linalg.norm(at(case, z).xt, 2) for z in path)
        bound = inexact_attack(float(np.linalg.norm(near - delta)), 1.001 * largest)
        error = float(np.linalg.norm(found - exact))
        assert error <= bound
        best = max(best, error / bound if bound else 0.0)
    assert best > 0.8


def at(case: Attacked, delta: np.ndarray) -> Derivatives:
    return case.network.derivatives(case.x + delta, case.theta)
