"""The certified attack: against grids, enumeration, SciPy, closed forms, and planted frauds."""

import itertools
import math

import numpy as np
import pytest

torch = pytest.importorskip("torch")
# ruff: noqa: E402 - what follows needs torch
datasets = pytest.importorskip("sklearn.datasets")

from scipy.optimize import minimize
from torch import nn

from numerics.deep.attacks import linear, reduced_hessian
from numerics.deep.attacks.certified import certificate, solve
from numerics.deep.attacks.norm_balls import NormBall
from numerics.deep.attacks.pgd import pgd
from numerics.deep.objective import Objective
from numerics.sentences import Malformed

BALLS = [(2, 0.75), (math.inf, 0.15)]


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def network(inputs, classes, seed, width=16):
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Linear(inputs, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU(),
        nn.Linear(width, classes),
    ).double()  # fmt: skip


@pytest.fixture(scope="module")
def digits():
    """A briefly trained network and 40 digits it was not trained on."""
    found = datasets.load_digits()
    x, y = torch.tensor(found.data / 16), torch.tensor(found.target)
    model = network(64, 10, 0, width=48)
    optimiser = torch.optim.Adam(model.parameters(), 1e-2)
    for _ in range(60):
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(x[:1000]), y[:1000]).backward()
        optimiser.step()
    return Objective(model), x[1000:1040], y[1000:1040]


@pytest.mark.parametrize(("p", "radius"), [(2, 1.5), (math.inf, 1.2), (2, 0.3)])
def test_two_inputs_against_a_dense_grid(p, radius):
    objective = Objective(network(2, 3, 1))
    objective.model[0].weight.data *= 3  # curved enough for several local maxima
    x = torch.randn(6, 2, generator=torch.Generator().manual_seed(2), dtype=torch.double)
    y = torch.arange(6) % 3
    theta = objective.theta()
    found = solve(objective, theta, x, y, p, radius, starts=16)
    assert bool(found.converged().all()), found.report()
    line = torch.linspace(-radius, radius, 401, dtype=torch.double)
    grid = torch.cartesian_prod(line, line)
    grid = NormBall(p, radius).project(grid)
    for i in range(6):
        values = objective.losses(theta, x[i] + grid, y[i].expand(len(grid))).detach()
        best = float(values.max())
        assert best <= float(found.value[i]) + 1e-12 <= best + 1e-3


def test_vertices_against_enumeration():
    """A loss convex in the input has its maximum at a vertex of the box: all 2^8 are tried."""
    model = nn.Linear(8, 5).double()
    objective, theta = Objective(model), Objective(model).theta()
    x = torch.randn(10, 8, generator=torch.Generator().manual_seed(0), dtype=torch.double)
    y = torch.arange(10) % 5
    found = solve(objective, theta, x, y, math.inf, 0.8)
    corners = 0.8 * torch.tensor(list(itertools.product((-1.0, 1.0), repeat=8))).double()
    for i in range(10):
        values = objective.losses(theta, x[i] + corners, y[i].expand(256)).detach()
        assert float(found.value[i]) == pytest.approx(float(values.max()), rel=1e-12)
    assert bool(found.active.all()) and bool(torch.isinf(found.curvature_margin).all())


@pytest.mark.parametrize(("p", "radius"), BALLS)
def test_against_slsqp_from_the_same_point_and_elsewhere(digits, p, radius):
    objective, x, y = digits
    theta = objective.theta()
    found = solve(objective, theta, x[:4], y[:4], p, radius)
    rng = np.random.default_rng(0)
    for i in range(4):
        starts = [found.delta[i].numpy(), rng.uniform(-0.05, 0.05, 64)]
        values = [by_scipy(objective, theta, x[i], y[i], p, radius, s) for s in starts]
        assert values[0] == pytest.approx(float(found.value[i]), abs=1e-5)
        assert max(values) <= float(found.value[i]) + 1e-7


def by_scipy(objective, theta, x, y, p, radius, start):
    def negative(delta):
        point = torch.tensor(delta, requires_grad=True)
        value = -objective.losses(theta, (x + point)[None], y[None]).sum()
        return float(value.detach()), torch.autograd.grad(value, point)[0].numpy()

    ball = {"type": "ineq", "fun": lambda d: radius**2 - d @ d, "jac": lambda d: -2 * d}
    settings = (
        {"constraints": ball, "method": "SLSQP", "options": {"ftol": 1e-12, "maxiter": 300}}
        if p == 2
        else {"bounds": [(-radius, radius)] * 64, "method": "L-BFGS-B"}
    )
    found = minimize(negative, start, jac=True, **settings)
    delta = NormBall(p, radius).project(torch.tensor(found.x)[None])[0].numpy()
    return -negative(delta)[0]


@pytest.mark.parametrize("p", [2, math.inf])
def test_linear_models_in_closed_form(p):
    model = nn.Linear(7, 2).double()
    objective = Objective(model)
    x = torch.randn(9, 7, generator=torch.Generator().manual_seed(0), dtype=torch.double)
    y = torch.arange(9) % 2
    found = solve(objective, objective.theta(), x, y, p, 0.4)
    exact = linear.attack(model.weight.detach(), x, y, NormBall(p, 0.4))
    torch.testing.assert_close(found.delta, exact, rtol=0, atol=1e-7)
    assert bool(found.strict().all()) and bool(torch.isinf(found.gap).all())


@pytest.mark.parametrize(("p", "radius"), BALLS)
def test_digits_converge_and_are_strict(digits, p, radius):
    objective, x, y = digits
    theta = objective.theta()
    ball = NormBall(p, radius)
    found = solve(objective, theta, x, y, p, radius)
    assert bool(found.converged().all()) and bool(found.strict().all())
    assert float(ball.size(found.delta).max()) <= radius * (1 + 1e-12)
    assert not len(found.failures()) and found.report().startswith("all 40")
    long = pgd(objective.model, x, y, ball, 100, radius / 10)
    pgd_value = objective.losses(theta, x + long, y).detach()
    assert bool((pgd_value <= found.value + 1e-9).double().mean() >= 0.95)
    assert float(pgd_value.mean()) < float(found.value.mean())
    assert bool((found.gap > 0).all())


@pytest.mark.parametrize(("p", "radius"), BALLS)
def test_a_solution_does_not_depend_on_its_batch(digits, p, radius):
    objective, x, y = digits
    theta = objective.theta()
    together = solve(objective, theta, x[:6], y[:6], p, radius)
    alone = solve(objective, theta, x[4:5], y[4:5], p, radius)
    torch.testing.assert_close(alone.delta[0], together.delta[4], rtol=0, atol=1e-7)


@pytest.mark.parametrize(("p", "radius"), BALLS)
def test_warm_start_follows_a_small_change_of_theta(digits, p, radius):
    objective, x, y = digits
    theta = objective.theta()
    before = solve(objective, theta, x[:8], y[:8], p, radius)
    moved = theta + 1e-5 * torch.randn(len(theta), generator=torch.Generator().manual_seed(0))
    warm = solve(objective, moved, x[:8], y[:8], p, radius, starts=1, start=before.delta)
    cold = solve(objective, moved, x[:8], y[:8], p, radius)
    assert bool(warm.converged().all())
    torch.testing.assert_close(warm.value, cold.value, rtol=1e-9, atol=1e-12)
    assert float((warm.delta - before.delta).abs().max()) < 1e-2


@pytest.mark.parametrize(("p", "radius"), BALLS)
def test_planted_solutions_are_found_out(digits, p, radius):
    """Zero, the gradient's direction, PGD, a point outside, a minimiser: none is certified."""
    objective, x, y = digits
    theta = objective.theta()
    ball = NormBall(p, radius)
    # where the loss is flat, every point meets the conditions: not a place to plant anything
    steep = solve(objective, theta, x, y, p, radius, starts=1).value.topk(8).indices
    x, y = x[steep], y[steep]
    true = solve(objective, theta, x, y, p, radius)
    assert float(true.attack_error().max()) < 1e-8
    rough = pgd(objective.model, x, y, ball, 5, radius / 10)
    for false in (torch.zeros_like(x), rough, 1.5 * true.delta, 0.9 * true.delta):
        seen = certificate(objective, theta, x, y, p, radius, false)
        assert not bool(seen.converged().any()) and "8 of 8 samples did not" in seen.report()
    # the loss can be so flat on the other side that its residual is tiny: the sign of the
    # multipliers tells
    other = certificate(objective, theta, x, y, p, radius, -true.delta)
    assert not bool(other.strict().any()) and bool((other.value < true.value).all())
    assert bool(certificate(objective, theta, x, y, p, radius, true.delta).strict().all())


def test_a_saddle_is_critical_and_not_strict():
    """l = x1^2 - x2^2 has the residual 0 at 0, and a negative curvature margin."""
    objective = Objective(nn.Linear(2, 2).double(), lambda z, y: z[:, 0] ** 2 - z[:, 1] ** 2)
    objective.model.weight.data, objective.model.bias.data = torch.eye(2).double(), torch.zeros(2)
    objective.model.double()
    x, y = torch.zeros(1, 2, dtype=torch.double), torch.tensor([0])
    theta = objective.theta()
    seen = certificate(objective, theta, x, y, 2, 1.0, torch.zeros_like(x))
    assert bool(seen.converged()) and not bool(seen.strict())
    assert float(seen.curvature_margin) == pytest.approx(-2)
    # the two true maximisers tie: the solver finds one and reports that it won by nothing
    found = solve(objective, theta, x, y, 2, 1.0)
    assert float(found.value) == pytest.approx(1, abs=1e-9)
    assert float(found.gap) == pytest.approx(0, abs=1e-6)


def test_an_interior_maximiser_and_its_curvature():
    """l = -(a/2)|x - c|^2: the maximiser is c, the margin a."""
    objective = Objective(nn.Linear(3, 3).double(), lambda z, y: -2 * (z - 0.1).square().sum(1))
    objective.model.weight.data = torch.eye(3).double()
    objective.model.bias.data = torch.zeros(3).double()
    x, y = torch.zeros(2, 3, dtype=torch.double), torch.zeros(2, dtype=torch.long)
    for p in (2, math.inf):
        found = solve(objective, objective.theta(), x, y, p, 1.0)
        torch.testing.assert_close(found.delta, torch.full_like(x, 0.1), rtol=0, atol=1e-8)
        assert found.curvature_margin.tolist() == pytest.approx([4, 4])
        assert not bool(found.active.any()) and bool(torch.isinf(found.complementarity).all())


def test_the_margin_against_an_independent_hessian(digits):
    """The reduced Hessian by torch.autograd.functional and an explicit tangent basis."""
    objective, x, y = digits
    theta = objective.theta()
    for p, radius in BALLS:
        found = solve(objective, theta, x[:3], y[:3], p, radius)
        for i in range(3):
            delta = found.delta[i]
            h = torch.autograd.functional.hessian(
                lambda d, i=i: objective.losses(theta, (x[i] + d)[None], y[i : i + 1]).sum(), delta
            )
            if p == 2:
                basis = torch.linalg.svd(delta[None]).Vh[1:].T
            else:
                basis = torch.eye(64, dtype=torch.double)[:, ~found.active[i]]
            if basis.shape[1]:
                k = basis.T @ (found.multiplier[i] * torch.eye(64).double() - h) @ basis
                least = float(torch.linalg.eigvalsh(k)[0])
                assert float(found.curvature_margin[i]) == pytest.approx(least, rel=1e-8)
            else:
                assert float(found.curvature_margin[i]) == math.inf


@pytest.mark.parametrize(("p", "radius"), BALLS)
def test_without_matrices(digits, p, radius, monkeypatch):
    """Larger inputs use conjugate gradients and Lanczos alone: the same maximisers."""
    objective, x, y = digits
    theta = objective.theta()
    dense = solve(objective, theta, x[:6], y[:6], p, radius)
    monkeypatch.setattr(reduced_hessian, "DENSE", 0)
    monkeypatch.setattr(reduced_hessian, "FEW", 0)
    free = solve(objective, theta, x[:6], y[:6], p, radius)
    assert bool(free.converged().all())
    torch.testing.assert_close(free.value, dense.value, rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(free.curvature_margin, dense.curvature_margin, rtol=1e-5, atol=1e-8)


def test_images_keep_their_shape():
    model = nn.Sequential(nn.Conv2d(1, 3, 3), nn.Softplus(), nn.Flatten(), nn.Linear(108, 4))
    objective = Objective(model.double().train())
    model.train()
    x = torch.rand(3, 1, 8, 8, generator=torch.Generator().manual_seed(0), dtype=torch.double)
    found = solve(objective, objective.theta(), x, torch.arange(3), math.inf, 0.1)
    assert found.delta.shape == found.active.shape == x.shape
    assert bool(found.converged().all()) and model.training


def test_failures_are_named():
    """A kink at the maximiser: Newton cannot meet a smooth optimality condition there."""
    objective = Objective(nn.Linear(2, 2).double(), lambda z, y: -(z - 0.1).abs().sum(1))
    objective.model.weight.data = torch.eye(2).double()
    objective.model.bias.data = torch.zeros(2).double()
    x, y = torch.zeros(2, 2, dtype=torch.double), torch.zeros(2, dtype=torch.long)
    found = solve(objective, objective.theta(), x, y, 2, 1.0)
    assert found.failures().tolist() == [0, 1]
    assert found.report().startswith("2 of 2 samples did not converge")


def test_a_ball_of_radius_zero(digits):
    objective, x, y = digits
    found = solve(objective, objective.theta(), x[:2], y[:2], 2, 0.0)
    assert float(found.delta.abs().max()) == 0 and bool(found.converged().all())


def test_mistakes_are_one_sentence(digits):
    objective, x, y = digits
    theta = objective.theta()
    for args, said in [
        ((theta, x, y, 3, 0.5), "p = 3, expected 2 or inf"),
        ((theta, x, y, 2, -0.5), "radius = -0.5, expected"),
        ((theta.float(), x, y, 2, 0.5), "expected float64"),
        ((theta[1:], x, y, 2, 0.5), "theta of shape"),
        ((theta * math.nan, x, y, 2, 0.5), "40 of 40 losses are NaN"),
        ((theta, x, y[1:], 2, 0.5), "expected 40 integer labels"),
        ((theta, x[:0], y[:0], 2, 0.5), "no samples"),
        ((theta, x, y, 2, 0.5, 0), "0 starts"),
        ((theta, x, y, 2, 0.5, 1, 1e-8, x[1:]), "start of shape"),
    ]:
        with pytest.raises(Malformed, match=said):
            solve(objective, *args)
