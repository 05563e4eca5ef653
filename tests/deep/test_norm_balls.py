"""Projections on balls, and on ball and box: by their laws, and against SciPy."""

import math

import numpy as np
import pytest

torch = pytest.importorskip("torch")
# ruff: noqa: E402 - what follows needs torch

from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from numerics.deep.attacks.ball_and_box import BallAndBox, stretch
from numerics.deep.attacks.norm_balls import NormBall
from numerics.sentences import Malformed

P = [1.0, 1.1, 1.5, 2.0, 3.0, 7.0, 40.0, math.inf]
NEAR = 1e-9  # float64, magnitudes up to 10^3


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@st.composite
def pairs(draw):
    """A ball and two batches of points, of many scales, with zeros and ties."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    n, d = draw(st.integers(1, 4)), draw(st.integers(1, 9))
    scale = draw(st.sampled_from([1e-3, 1.0, 1e2]))
    points = rng.standard_normal((2, n, d)) * scale
    if draw(st.booleans()):
        points = np.round(points)
    radius = draw(st.sampled_from([0.0, 1e-2, 0.7, 5.0]))
    a, b = torch.tensor(points)
    return NormBall(draw(st.sampled_from(P)), radius), a, b


def boxed(ball, like, seed=0):
    """Ball and box around random x in [0, 1], some of them on the box's sides."""
    rng = np.random.default_rng(seed)
    x = torch.tensor(np.clip(rng.uniform(-0.5, 1.5, tuple(like.shape)), 0, 1))
    return BallAndBox(ball, x, 0.0, 1.0)


def holds_the_laws(region, a, b):
    pa, pb = region.project(a), region.project(b)
    scale = 1 + float(a.abs().max()) + float(b.abs().max())
    assert float((region.project(pa) - pa).abs().max()) <= NEAR * scale  # idempotent
    moved, apart = (pa - pb).norm(dim=1), (a - b).norm(dim=1)
    assert bool((moved <= apart + NEAR * scale).all())  # non-expansive
    # <a - Pa, z - Pa> <= 0 for every z of the set: pb, and 0
    for z in (pb, torch.zeros_like(pb)):
        assert float(((a - pa) * (z - pa)).sum(1).max()) <= NEAR * scale**2


@given(pairs())
def test_projection_on_a_ball(case):
    ball, a, b = case
    assert float(ball.size(ball.project(a)).max()) <= ball.radius * (1 + 1e-12)
    holds_the_laws(ball, a, b)


@given(pairs(), st.integers(0, 999))
def test_projection_on_ball_and_box(case, seed):
    ball, a, b = case
    region = boxed(ball, a, seed)
    inside = region.project(a)
    assert float(ball.size(inside).max()) <= ball.radius * (1 + 1e-12) + 1e-12
    assert bool((inside >= region.down - 1e-15).all() & (inside <= region.up + 1e-15).all())
    holds_the_laws(region, a, b)


def test_the_projection_on_sphere_and_box_ends_on_the_sphere():
    rng = np.random.default_rng(3)
    squares, room = torch.tensor(rng.uniform(0, 1, (2, 200, 400)))
    for radius in (0.1, 3.0, 9.0):
        s = stretch(squares, room, radius)
        reached = torch.minimum(s * squares, room).sum(1)
        torch.testing.assert_close(reached, torch.full_like(reached, radius**2), rtol=1e-12, atol=0)


@given(pairs())
def test_the_dual_direction_attains_the_dual_norm(case):
    ball, g, other = case
    v = ball.dual_direction(g)
    dual = NormBall(ball.dual, 1.0).size(g)
    torch.testing.assert_close((g * v).sum(1), dual, rtol=1e-9, atol=1e-300)
    nonzero = (g != 0).any(1)
    if ball.p != math.inf:
        torch.testing.assert_close(ball.size(v)[nonzero], torch.ones_like(dual)[nonzero])
    rival = other / ball.size(other).clamp(min=1e-300)[:, None]
    assert bool(((g * rival).sum(1) <= dual * (1 + 1e-9)).all())


@pytest.mark.parametrize("p", [1.0, 1.5, 2.0, 4.0, math.inf])
@pytest.mark.parametrize("box", [False, True])
def test_projection_against_scipy(p, box):
    rng = np.random.default_rng(1)
    target = rng.standard_normal((3, 5))
    ball = NormBall(p, 0.8)
    x = np.clip(rng.uniform(-0.2, 1.2, (3, 5)), 0, 1)
    wide = (-x, 1 - x) if box else (np.full_like(x, -9), np.full_like(x, 9))
    region = BallAndBox(ball, torch.tensor(x), 0.0, 1.0) if box else ball
    ours = region.project(torch.tensor(target)).numpy()
    for i in range(3):
        best = by_slsqp(target[i], p, 0.8, wide[0][i], wide[1][i])
        assert np.sum((ours[i] - target[i]) ** 2) <= best + 1e-7
        assert abs(np.sum((ours[i] - target[i]) ** 2) - best) <= 1e-5


def by_slsqp(target, p, radius, low, high):
    """The least squared distance, delta = u - v with u, v >= 0 so that every norm is smooth."""
    d = len(target)

    def room(w):
        total = w[:d] + w[d:]
        if p == math.inf:
            return radius - total
        return np.array([radius**p - np.sum(np.maximum(total, 0) ** p)])

    found = minimize(
        lambda w: np.sum((w[:d] - w[d:] - target) ** 2),
        np.full(2 * d, 1e-2),
        bounds=[(0, max(h, 0)) for h in high] + [(0, max(-side, 0)) for side in low],
        constraints={"type": "ineq", "fun": room},
        method="SLSQP",
        options={"ftol": 1e-13, "maxiter": 500},
    )
    # SLSQP ends some of these in rounding; what counts is that its point is feasible
    assert np.min(room(found.x)) >= -1e-9
    return found.fun


def test_ball_then_clip_is_not_the_projection():
    """The planted false projection: feasible, and further away."""
    ball, target = NormBall(2, 1.0), torch.tensor([[3.0, 4.0]], dtype=torch.double)
    x = torch.tensor([[0.0, 0.75]], dtype=torch.double)
    exact = BallAndBox(ball, x, 0.0, 1.0).project(target)
    false = (x + ball.project(target)).clamp(0, 1) - x
    assert float((exact - target).norm()) < float((false - target).norm()) - 0.1


@pytest.mark.parametrize("p", [1.0, 1.5, 2.0, 5.0, math.inf])
def test_uniform_points_have_the_radii_of_a_uniform_law(p):
    """P(||U||_p <= t r) = t^d."""
    ball = NormBall(p, 0.5)
    drawn = ball.uniform(torch.zeros(4000, 1, 3), torch.Generator().manual_seed(0))
    share = float((ball.size(drawn) <= 0.8 * 0.5).float().mean())
    assert float(ball.size(drawn).max()) <= 0.5 + 1e-6
    assert abs(share - 0.8**3) < 4 * math.sqrt(0.512 * 0.488 / 4000)


@pytest.mark.parametrize("p", P)
def test_single_precision_images(p):
    ball = NormBall(p, 0.3)
    delta = torch.randn(4, 3, 5, 5, generator=torch.Generator().manual_seed(0))
    found = ball.project(delta)
    assert found.dtype == torch.float32 and found.shape == delta.shape
    assert float(ball.size(found).max()) <= 0.3 * (1 + 1e-5)
    exact = ball.project(delta.double())
    assert float((found - exact).abs().max()) < 1e-5


@pytest.mark.parametrize(("p", "radius"), [(2, -1.0), (2, math.nan), (0.5, 1.0), (math.nan, 1.0)])
def test_a_ball_that_is_none_is_refused(p, radius):
    with pytest.raises(Malformed, match="expected"):
        NormBall(p, radius)


def test_x_outside_the_box_is_refused():
    with pytest.raises(Malformed, match=r"leaves the box by 0\.5"):
        BallAndBox(NormBall(2, 1.0), torch.tensor([[1.5, 0.0]]), 0.0, 1.0)
