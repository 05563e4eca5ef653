"""Quadratic models: the canonical one exactly, box and ball against differences and each other."""

from fractions import Fraction
from math import inf

import numpy as np
import pytest

from numerics.families.ball_quadratics import BallQuadratic, maximise_on_ball
from numerics.families.box_quadratics import BoxQuadratic, canonical, random_quadratic
from numerics.families.curvature_bounds import concave
from numerics.families.differences import derivative

F = Fraction
CANONICAL = [(F(2), F("2.125")), (F(1), F("3.25")), (F("0.1"), F("23.5")), (F("0.01"), F(226))]
EPS = F(1, 2)


def slopes(model: BoxQuadratic, thetas: list[Fraction]) -> list[Fraction]:
    """Difference quotients of the gradient between neighbours, exact."""
    g = [model.gradient([t])[0] for t in thetas]
    return [(y - x) / (t - s) for s, t, x, y in zip(thetas, thetas[1:], g, g[1:], strict=False)]


@pytest.mark.parametrize(("mu", "constant"), CANONICAL)
def test_the_canonical_constant_is_exact(mu: Fraction, constant: Fraction) -> None:
    """Slope a + b^2/mu inside |theta| <= eps mu/b and a outside, in rationals; the corner is
    C^{1,1} and not C^2."""
    a, b = F(1), F(3, 2)
    model, edge = canonical(a, b, mu, EPS), EPS * mu / b
    inside = [edge * F(k, 5) for k in range(-5, 6)]
    assert slopes(model, inside) == [constant] * 10
    assert slopes(model, [edge, edge + 1, edge + F(7, 3)]) == [a, a]
    assert slopes(model, [-edge - 2, -edge]) == [a]
    assert max(slopes(model, [edge * F(k, 7) for k in range(-30, 31)])) == constant
    assert constant == a + b**2 / mu == concave(mu, b, a)[1]


@pytest.mark.parametrize(("mu", "constant"), CANONICAL)
def test_the_canonical_values_are_exact(mu: Fraction, constant: Fraction) -> None:
    b, edge = F(3, 2), EPS * mu / F(3, 2)
    model = canonical(F(1), b, mu, EPS)
    for t in (edge / 3, -edge / 2, edge):
        assert model.value([t]) == constant * t**2 / 2
    for t in (edge * 2, -edge * F(9, 4)):
        assert model.value([t]) == t**2 / 2 + EPS * b * abs(t) - mu * EPS**2 / 2


def test_at_the_corner_strict_complementarity_is_lost() -> None:
    mu, b = F(1), F(3, 2)
    model, edge = canonical(F(1), b, mu, EPS), EPS * mu / b
    assert [s.is_strict for s in model.maximisers([edge])] == [False]
    assert model.maximisers([edge])[0].multipliers == (0,)
    assert model.maximisers([edge * 2])[0].is_strict
    assert model.maximisers([edge / 2])[0].signs == (0,)
    h = F(1, 10**9)
    left, right = slopes(model, [edge - h, edge, edge + h])
    assert (left, right) == (F("3.25"), F(1))


def test_without_curvature_the_gradient_jumps_by_two_eps_b() -> None:
    b, model = F(3, 2), canonical(F(1), F(3, 2), F(0), EPS)
    h = F(1, 10**30)
    jump = model.gradient([h])[0] - model.gradient([-h])[0]
    assert jump == 2 * EPS * b + 2 * h
    assert model.gap([F(1, 7)]) == inf  # one end of the interval is the only local maximum
    convex = canonical(F(1), F(3, 2), F(-1), EPS)
    assert convex.gap([F(0)]) == 0
    assert {s.x for s in convex.maximisers([F(0)])} == {(EPS,), (-EPS,)}


def fraction_of(model: BoxQuadratic) -> BoxQuadratic:
    def exact(m: list) -> list:
        return [[F(v) for v in row] for row in m]

    return BoxQuadratic(exact(model.A), exact(model.B), exact(model.H), F(model.epsilon))


def test_floats_agree_with_fractions() -> None:
    rng = np.random.default_rng(0)
    for _ in range(60):
        model = random_quadratic(rng, int(rng.integers(1, 4)), 2)
        theta = rng.normal(size=2).tolist()
        one, two = model.maximisers(theta), fraction_of(model).maximisers([F(t) for t in theta])
        assert [s.signs for s in one] == [s.signs for s in two]
        assert [s.value for s in one] == pytest.approx([float(s.value) for s in two], rel=1e-12)


def test_the_best_face_beats_every_grid_point() -> None:
    rng = np.random.default_rng(1)
    for _ in range(100):
        n = int(rng.integers(1, 4))
        model, theta = random_quadratic(rng, n, 2), rng.normal(size=2)
        line = np.linspace(-model.epsilon, model.epsilon, 21)
        x = np.stack(np.meshgrid(*[line] * n), -1).reshape(-1, n)
        value = x @ (np.array(model.B).T @ theta) + np.einsum("ki,ij,kj->k", x, model.H, x) / 2
        assert model.maximisers(theta.tolist())[0].value >= value.max() - 1e-13


def test_on_1000_boxes_the_hessian_is_as_predicted() -> None:
    """Full Hessians by differences of the re-solved gradient, which is affine in each regime."""
    rng, worst, faces = np.random.default_rng(2), 0.0, set()
    for k in range(1000):
        n, p = 1 + k % 3, 2
        model, theta = random_quadratic(rng, n, p), rng.normal(size=p)
        error, free = error_of(model, theta)
        if error is None:  # a tie or a degenerate face within any usable step
            faces.add("skipped")
            continue
        worst = max(worst, error)
        faces.add((n, free))
    assert worst <= 1e-10
    assert {(n, free) for n in (1, 2, 3) for free in range(n + 1)} <= faces
    assert "skipped" not in faces


def error_of(model: BoxQuadratic, theta: np.ndarray) -> tuple[float | None, int]:
    """The largest entry of the error relative to the Hessian, with a step inside the regime."""
    predicted = model.response(theta.tolist()).hessian
    signs = model.maximisers(theta.tolist())[0].signs
    for h in (0.1, 0.03, 0.01, 1e-3, 1e-4, 1e-5):
        columns = []
        for e in h * np.eye(len(theta)):
            ends = [(theta + s * e).tolist() for s in (1, -1)]
            if any(model.maximisers(t)[0].signs != signs for t in ends):
                break
            plus, minus = (np.array(model.gradient(t)) for t in ends)
            columns.append((plus - minus) / (2 * h))
        else:
            error = np.abs(np.array(columns) - predicted).max() / np.abs(predicted).max()
            return float(error), signs.count(0)
    return None, 0


def test_concave_on_the_box_is_as_smooth_as_inside() -> None:
    """Pairs anywhere: the attack is L_xt/mu-Lipschitz, the gradient L_tt + L_xt^2/mu."""
    rng, best = np.random.default_rng(3), np.zeros(2)
    for _ in range(150):
        n, p, root = 2, 2, rng.normal(size=(2, 2))
        H = -(root @ root.T) - 0.2 * np.eye(n)
        B, A = rng.normal(size=(p, n)), rng.normal(size=(p, p))
        model = BoxQuadratic(((A + A.T) / 2).tolist(), B.tolist(), H.tolist(), 0.5)
        mu = -np.linalg.eigvalsh(H)[-1]
        sizes = np.linalg.norm(B, 2), np.linalg.norm((A + A.T) / 2, 2)
        bounds = np.array(concave(mu, *sizes))
        one = rng.normal(size=p)
        two = one + rng.choice([1.0, 0.1]) * rng.normal(size=p)
        x, z = (np.array(model.maximisers(t.tolist())[0].x) for t in (one, two))
        g, h = (np.array(model.gradient(t.tolist())) for t in (one, two))
        far = np.linalg.norm(one - two)
        ratio = np.array([np.linalg.norm(x - z), np.linalg.norm(g - h)]) / far / bounds
        assert (ratio <= 1 + 1e-12).all()
        best = np.maximum(best, ratio)
    assert (best > 0.6).all()


def test_the_added_curvature_is_never_negative_enough() -> None:
    """<g1 - g2, t1 - t2> >= lambda_min(A) |t1 - t2|^2 for any attack set, across kinks too.

    Where A = -L I that is the bound -L |t1 - t2|^2 of weak convexity, and at a vertex it is
    attained.
    """
    rng, least = np.random.default_rng(4), inf
    for k in range(300):
        model, p = random_quadratic(rng, 1 + k % 3, 2), 2
        lowest = np.linalg.eigvalsh(np.array(model.A))[0]
        ball = BallQuadratic(*(np.array(m) for m in (model.A, model.B, model.H)), model.epsilon)
        one, two = rng.normal(size=(2, p)) * 10.0 ** rng.uniform(-2, 0.5)
        for gradient in (lambda t, m=model: np.array(m.gradient(t.tolist())), ball.gradient):
            move = one - two
            product = (gradient(one) - gradient(two)) @ move / (move @ move)
            assert product >= lowest - 1e-10 * max(1, abs(product))
            least = min(least, product - lowest)
    assert least < 1e-2


# --- the ball


def test_the_trust_region_meets_its_conditions() -> None:
    rng = np.random.default_rng(5)
    for k in range(300):
        n = 1 + k % 4
        H = rng.normal(size=(n, n))
        H, c, eps = (
            H + H.T - rng.uniform(-2, 4) * np.eye(n),
            rng.normal(size=n),
            rng.uniform(0.1, 2),
        )
        c *= 10.0 ** -rng.choice([0, 3, 8])
        found = maximise_on_ball(c, H, eps)
        x, level = found.maximisers[0], found.multiplier
        assert level >= max(0.0, np.linalg.eigvalsh(H)[-1]) - 1e-13
        assert (level * np.eye(n) - H) @ x == pytest.approx(c, abs=1e-10 * max(1, eps))
        assert np.linalg.norm(x) <= eps * (1 + 1e-12)
        assert level * (eps - np.linalg.norm(x)) == pytest.approx(0, abs=1e-11)


def test_the_hard_case_has_two_maximisers_of_one_value() -> None:
    rng = np.random.default_rng(6)
    Q, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    H, c = (Q * [2.0, -1.0, 0.5]) @ Q.T, Q @ [0.0, 0.3, -0.2]
    found = maximise_on_ball(c, (H + H.T) / 2, 1.0)
    assert found.hard
    assert found.multiplier == pytest.approx(2.0)
    for x in found.maximisers:
        assert np.linalg.norm(x) == pytest.approx(1.0)
        assert c @ x + x @ H @ x / 2 == pytest.approx(found.value, rel=1e-13)
        assert 2 * x - H @ x == pytest.approx(c, abs=1e-13)
    easy = maximise_on_ball(c + 2 * Q[:, 1] + 2 * Q[:, 2], (H + H.T) / 2, 1.0)
    assert not easy.hard
    assert easy.multiplier == pytest.approx(np.linalg.norm(easy.multiplier * easy.maximisers[0]))


def test_on_the_ball_the_hessian_is_as_predicted() -> None:
    rng, worst = np.random.default_rng(7), 0.0
    for k in range(100):
        n, p = 1 + k % 3, 2
        A, H, B = rng.normal(size=(p, p)), rng.normal(size=(n, n)), rng.normal(size=(p, n))
        model = BallQuadratic(A + A.T, B, H + H.T, 0.5)
        theta, v = 2 * rng.normal(size=p), rng.normal(size=p)
        found = derivative(lambda t, m=model, a=theta, b=v: m.gradient(a + t * b), 0.05, 7)
        if found.error > 1e-9:  # next to the hard case or to the sphere
            continue
        predicted = model.response(theta).hessian @ v
        worst = max(worst, np.abs(found.value - predicted).max() / np.abs(predicted).max())
    assert 0 < worst <= 1e-8
