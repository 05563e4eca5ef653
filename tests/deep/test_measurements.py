"""Quotients, jumps and flatness against closed forms and second routes."""

from __future__ import annotations

import doctest
import importlib
import math
import pkgutil

import pytest

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

from torch import Tensor, nn  # noqa: E402

from numerics.deep import curvature  # noqa: E402
from numerics.deep.attacks.solution import Solution  # noqa: E402
from numerics.deep.curvature.adversarial_hessian import adversarial  # noqa: E402
from numerics.deep.curvature.attack_response import samples_of  # noqa: E402
from numerics.deep.curvature.difference_quotients import along  # noqa: E402
from numerics.deep.curvature.flatness_bounds import flatness_bounds  # noqa: E402
from numerics.deep.curvature.hessian_products import frozen  # noqa: E402
from numerics.deep.curvature.input_flatness import (  # noqa: E402
    gradient_norms,
    input_curvature,
    linearity_gap,
)
from numerics.deep.curvature.jumps import crossing, sign_flips  # noqa: E402
from numerics.deep.curvature.lanczos import random_unit  # noqa: E402
from numerics.deep.objective import Objective  # noqa: E402
from tests.deep.solver import Logistic, logistic_loss, problem, solve  # noqa: E402

X = torch.tensor([[1.0, -0.5, 0.25]]).double()
Y = torch.ones(1).double()
RADIUS = 0.3


def linear(theta: list[float]) -> Objective:
    return Objective(Logistic(theta), logistic_loss)


def closed_form(theta: Tensor, x: Tensor, y: Tensor, p: float, radius: float) -> Solution:
    """The worst attack of the linear logistic loss."""
    sign = -radius * y[:, None]
    delta = sign * (theta.sign() if math.isinf(p) else theta / theta.norm())
    value = logistic_loss((x + delta) @ theta, y)
    none, sure = torch.zeros_like(value), torch.full_like(value, torch.inf)
    active = torch.ones_like(delta, dtype=torch.bool)
    return Solution(delta, value, none, none, active, sure, p, radius)


def resolved(p: float) -> object:
    return lambda theta, start: closed_form(theta, X, Y, p, RADIUS)


# --- difference quotients


def test_short_quotients_are_the_hessians() -> None:
    objective = linear([0.6, 0.8, -0.3])
    theta = objective.theta()
    v, solution = random_unit(theta, 2), closed_form(theta, X, Y, 2.0, RADIUS)
    (found,) = along(objective, X, Y, resolved(2.0), theta, v, [1e-6])
    moving, fixed_v = (
        adversarial(objective, theta, X, Y, solution)(v),
        frozen(objective, theta, X + solution.delta, Y)(v),
    )
    true, fixed = float(moving.norm()), float(fixed_v.norm())
    assert found.total_along == pytest.approx(float(v @ moving), rel=1e-4)
    assert found.frozen_along == pytest.approx(float(v @ fixed_v), rel=1e-4)
    assert found.total == pytest.approx(true, rel=1e-5)
    assert found.frozen == pytest.approx(fixed, rel=1e-5)
    assert abs(true / fixed - 1) > 0.01
    e = theta / theta.norm()
    moved = RADIUS * (v - (v @ e) * e).norm() / theta.norm()
    assert found.attack == pytest.approx(float(moved), rel=1e-5)


def test_quotients_stay_below_the_pairwise_constant() -> None:
    objective, c = linear([0.6, 0.8, -0.3]), float(X.norm()) + RADIUS
    theta = objective.theta()
    for seed in range(5):
        v = random_unit(theta, seed)
        for found in along(objective, X, Y, resolved(2.0), theta, v, [1e-3, 0.1, 1.0, 10.0]):
            other = float((theta + found.step * v).norm())
            bound = c**2 / 4 + 2 * RADIUS / (float(theta.norm()) + other)
            assert found.total <= bound


def test_attacks_that_did_not_converge_are_left_out_and_counted() -> None:
    objective, x, y = problem("mlp")

    def resolve(theta: Tensor, start: Solution | None) -> Solution:
        found = solve(objective, theta, x, y, 2.0, 0.5, start=start)
        found.residual[2] = 1.0
        return found

    theta = objective.theta()
    (found,) = along(objective, x, y, resolve, theta, random_unit(theta), [1e-3])
    assert (found.samples, found.left_out) == (3, 1)
    assert found.total_along > found.frozen_along
    assert found.total < found.frozen  # here it takes away from negative curvature
    with pytest.raises(ValueError, match="expected a positive step"):
        along(objective, x, y, resolve, theta, random_unit(theta), [0.0])


# --- jumps


def across(end: list[float], start: list[float], p: float) -> object:
    objective = linear(start)
    ends = (objective.theta(), torch.tensor(end, dtype=torch.double))
    return crossing(objective, X, Y, resolved(p), *ends, width=1e-10)


@pytest.mark.parametrize("flipped", [(1,), (1, 2)])
def test_the_jump_in_the_box_is_the_one_of_the_theorem(flipped: tuple[int, ...]) -> None:
    """2 epsilon sqrt(k) s(-u) where k coordinates cross zero at once."""
    start, end = [0.6, 0.1, -0.3], [0.6, 0.1, -0.3]
    for i in flipped:
        end[i] = -2 * start[i]
    found = across(end, start, math.inf)
    tie = torch.tensor([0.0 if i in flipped else start[i] for i in range(3)], dtype=torch.double)
    u = X[0] @ tie - RADIUS * tie.abs().sum()
    expected = 2 * RADIUS * math.sqrt(len(flipped)) * float(torch.sigmoid(-u))
    assert found.flips == len(flipped) and found.unconverged == 0
    assert found.position == pytest.approx(1 / 3, abs=1e-9)
    assert found.predicted == pytest.approx(expected, rel=1e-8)
    assert found.observed == pytest.approx(expected, rel=1e-8)
    assert found.attack == pytest.approx(2 * RADIUS * math.sqrt(len(flipped)))
    if flipped == (1,):
        assert found.observed == pytest.approx(0.261955928, abs=1e-8)


def test_under_l2_the_bracket_takes_the_change_with_it() -> None:
    found = across([0.6, -0.2, -0.3], [0.6, 0.1, -0.3], 2.0)
    assert found.attack < 1e-8 and found.observed < 1e-8 and found.predicted < 1e-8
    assert across([-0.6, 0.0, 0.0], [0.3, 0.0, 0.0], 2.0).attack == pytest.approx(2 * RADIUS)


def test_flips_are_from_face_to_face() -> None:
    theta = torch.tensor([0.6, 0.8, -0.3]).double()
    before = closed_form(theta, X, Y, math.inf, RADIUS)
    after = closed_form(theta * torch.tensor([1, -1, -1]), X, Y, math.inf, RADIUS)
    assert sign_flips(before, after).tolist() == [2]
    after.active[0, 1] = False  # it left its face only
    assert sign_flips(before, after).tolist() == [1]


# --- flatness in the input


@pytest.mark.parametrize("p", [1.0, 2.0, 3.0, math.inf])
def test_the_dual_norm_of_the_input_gradient(p: float) -> None:
    objective = linear([0.6, 0.8, -0.3])
    theta = objective.theta()
    slope = float(torch.sigmoid(-(X @ theta)))
    q = {1.0: math.inf, 2.0: 2.0, 3.0: 1.5, math.inf: 1.0}[p]
    expected = slope * float(torch.linalg.vector_norm(theta, ord=q))
    assert float(gradient_norms(objective, theta, X, Y, p)) == pytest.approx(expected)


def test_the_input_curvature() -> None:
    objective = linear([0.6, 0.8, -0.3])
    theta = objective.theta()
    s = torch.sigmoid(X @ theta)
    exact = float(s * (1 - s) * theta.square().sum())
    assert float(input_curvature(objective, theta, X, Y)) == pytest.approx(exact, rel=1e-3)


def test_the_linearity_gap_is_half_the_curvature_for_short_steps() -> None:
    objective, x, y = problem("cnn")
    theta = objective.theta()
    blocks = adversarial_blocks(objective, theta, x, y)
    delta = 1e-4 * torch.randn_like(x)
    bend = (delta.flatten(1) * blocks(delta.flatten(1))).sum(1).abs() / 2
    assert torch.allclose(linearity_gap(objective, theta, x, y, delta), bend, rtol=1e-2)


def adversarial_blocks(objective: Objective, theta: Tensor, x: Tensor, y: Tensor) -> object:
    from numerics.deep.curvature.hessian_products import SecondDerivatives

    return SecondDerivatives(objective, theta, x, y).input_hessian


# --- both sides of the flatness relation


@pytest.mark.parametrize("kind", ["mlp", "cnn"])
def test_the_curvature_lies_between_its_bounds(kind: str) -> None:
    objective, x, y = problem(kind, count=2)
    theta = objective.theta()
    solution = solve(objective, theta, x, y, 2.0, 0.5)
    found = flatness_bounds(objective, theta, x, y, solution)
    assert all(bounds is not None and bounds.converged for bounds in found)
    for i, bounds in enumerate(found):
        assert bounds is not None
        assert bounds.tangent > 0 and bounds.cross[0] >= bounds.cross[1] > 0
        assert bounds.lower <= bounds.curvature <= bounds.upper
        one = torch.tensor([i])
        part = samples_of(solution, one)
        matrix = adversarial(objective, theta, x[one], y[one], part)
        dense = torch.stack([matrix(e) for e in torch.eye(objective.size).double()])
        top = float(torch.linalg.eigvalsh((dense + dense.mT) / 2)[-1])
        assert bounds.curvature == pytest.approx(top, rel=1e-5)


class Stretched(nn.Module):
    """outputs = x · (theta_1, s theta_2): C = diag(1, s), no curvature in theta or x."""

    def __init__(self, s: float) -> None:
        super().__init__()
        self.theta = nn.Parameter(torch.tensor([0.7, 0.0]).double())
        self.s = s

    def forward(self, x: Tensor) -> Tensor:
        return x[:, 0] * self.theta[0] + self.s * x[:, 1] * self.theta[1]


@pytest.mark.parametrize("s", [0.25, 4.0])
def test_each_bound_is_attained(s: float) -> None:
    """At theta = (t, 0) the gradient is (t, 0); the curvature s² epsilon / t is all tangential.

    s < 1: the lower bound is attained, and sigma_1 in the place of sigma_2 would be false.
    s > 1: the upper bound is attained, and sigma_2 in the place of sigma_1 would be false.
    """
    model = Stretched(s)
    objective, t, radius = Objective(model, lambda outputs, y: outputs), 0.7, 0.5
    x, y = torch.zeros(1, 2).double(), torch.ones(1).double()
    delta = torch.tensor([[radius, 0.0]]).double()
    ones, sure = torch.ones(1).double(), torch.full((1,), torch.inf).double()
    everywhere = torch.ones(1, 2, dtype=torch.bool)
    parts = (delta, t * radius * ones, 0 * ones, t / radius * ones, everywhere, sure)
    (found,) = flatness_bounds(objective, objective.theta(), x, y, Solution(*parts, 2.0, radius))
    assert found is not None and found.converged
    assert found.curvature == pytest.approx(s**2 * radius / t, rel=1e-6)
    assert found.lower == pytest.approx(min(1, s) ** 2 * radius / t, rel=1e-6)
    assert found.upper == pytest.approx(max(1, s) ** 2 * radius / t, rel=1e-6)


def test_a_saturated_loss_is_flat_in_both() -> None:
    """The relation is not universal: margin to infinity, both go to zero."""
    expected = {1.0: (0.332, 0.0995), 5.0: (0.147, 0.00176), 20.0: (1.7e-5, 1.2e-8)}
    for r, (gradient, extra) in expected.items():
        objective = linear([r, 0.0, 0.0])
        theta, x = objective.theta(), torch.tensor([[1.0, 0.0, 0.0]]).double()
        solution = closed_form(theta, x, Y, 2.0, RADIUS)
        (found,) = flatness_bounds(objective, theta, x, Y, solution)
        assert found is not None and found.gradient == pytest.approx(gradient, rel=0.03)
        _, added = adversarial(objective, theta, x, Y, solution).parts(torch.eye(3).double()[1])
        assert float(added.norm()) == pytest.approx(extra, rel=0.05)
        assert found.lower <= found.curvature * (1 + 1e-9) <= found.upper * (1 + 1e-6)


def test_what_the_relation_does_not_cover() -> None:
    objective, x, y = problem("mlp", concave=True)
    theta = objective.theta()
    inside = solve(objective, theta, x, y, 2.0, 50.0)
    assert flatness_bounds(objective, theta, x, y, inside) == [None] * 4
    with pytest.raises(ValueError, match="expected the L2 ball"):
        flatness_bounds(objective, theta, x, y, solve(objective, theta, x, y, math.inf, 0.2))


MODULES = [info.name for info in pkgutil.iter_modules(curvature.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_run(name: str) -> None:
    module = importlib.import_module(f"{curvature.__name__}.{name}")
    assert doctest.testmod(module).failed == 0
