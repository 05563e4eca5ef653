"""The adversarial Hessian and the attack Jacobian against differences of the attack solved anew.

The same comparison must reject the Hessian at a fixed attack, the missing term with the wrong
sign, the missing term without its projector or its multiplier.
"""

from __future__ import annotations

import dataclasses
import math
from functools import cache

import pytest

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

from torch import Tensor  # noqa: E402

from numerics.deep.attacks.solution import Solution  # noqa: E402
from numerics.deep.curvature.adversarial_hessian import adversarial  # noqa: E402
from numerics.deep.curvature.attack_jacobian import attack_jacobian, sample_norms  # noqa: E402
from numerics.deep.curvature.difference_quotients import gradient_at  # noqa: E402
from numerics.deep.curvature.hessian_products import frozen  # noqa: E402
from numerics.deep.curvature.lanczos import random_unit, top  # noqa: E402
from numerics.deep.objective import Objective  # noqa: E402
from tests.deep.solver import Logistic, logistic_loss, problem, solve  # noqa: E402

TOLERANCE = 1e-6  # of the differences: truncation about 1e-8, rounding 1e-12 / step
STEP = 1e-4

# kind, concave in the input, p, radius; the radii make interior, sphere, free and held cases.
CASES = [
    ("mlp", False, 2.0, 0.5),
    ("cnn", False, 2.0, 0.5),
    ("mlp", False, math.inf, 0.2),  # vertices only: the fixed attack is the truth
    ("mlp", True, math.inf, 0.2),
    ("cnn", True, math.inf, 0.5),
    ("cnn", False, math.inf, 0.2),  # one sample does not converge
    ("mlp", True, 2.0, 3.5),
]


def relative(found: Tensor, expected: Tensor) -> float:
    return float((found - expected).norm() / expected.norm())


@dataclasses.dataclass(frozen=True)
class Solved:
    """A problem at theta, its solution, and differences along v with the attack solved anew."""

    objective: Objective
    x: Tensor
    y: Tensor
    solution: Solution
    v: Tensor
    keep: Tensor
    gradient: Tensor  # derivative of the gradient along v, over the kept samples
    attack: Tensor  # of the attack

    @property
    def at(self) -> tuple[Objective, Tensor, Tensor, Tensor, Solution]:
        return self.objective, self.objective.theta(), self.x, self.y, self.solution


@cache
def solved(kind: str, concave: bool, p: float, radius: float) -> Solved:
    objective, x, y = problem(kind, concave)
    theta = objective.theta()
    solution = solve(objective, theta, x, y, p, radius)
    keep = solution.converged()
    v = random_unit(theta, seed=5)
    ends = []
    for t in (theta + STEP * v, theta - STEP * v):
        moved = solve(objective, t, x, y, p, radius, start=solution)
        assert bool(moved.converged(1e-12)[keep].all())
        assert torch.equal(moved.active[keep], solution.active[keep])
        delta = moved.delta[keep]
        ends.append((gradient_at(objective, t, x[keep], y[keep], delta), delta.flatten(1)))
    (g1, d1), (g2, d2) = ends
    differences = (g1 - g2) / (2 * STEP), (d1 - d2) / (2 * STEP)
    return Solved(objective, x, y, solution, v, keep, *differences)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_hessian_is_the_difference_of_the_gradient(
    case: tuple[str, bool, float, float],
) -> None:
    here = solved(*case)
    found = adversarial(*here.at, drop=True)
    assert torch.equal(found.kept, here.keep)
    assert relative(found(here.v), here.gradient) <= TOLERANCE
    held, added = found.parts(here.v)
    vertices_only = not here.attack.any()
    assert (relative(held, here.gradient) <= TOLERANCE) == vertices_only
    assert (relative(held - added, here.gradient) <= TOLERANCE) == vertices_only
    assert float(here.v @ added) >= 0  # the motion of the attack only adds curvature


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_jacobian_is_the_difference_of_the_attack(
    case: tuple[str, bool, float, float],
) -> None:
    here = solved(*case)
    found = attack_jacobian(*here.at, drop=True)(here.v)
    if not here.attack.any():
        assert not found.any()  # every attack sits at a vertex
        return
    assert relative(found, here.attack) <= TOLERANCE
    assert relative(-found, here.attack) > 1


def test_the_cases_occur() -> None:
    mixed = solved("mlp", True, 2.0, 3.5).solution.active.flatten(1).any(1)
    assert bool(mixed.any()) and not bool(mixed.all())  # on the sphere and inside, in one batch
    free = (~solved("cnn", True, math.inf, 0.5).solution.active).flatten(1).sum(1)
    assert bool((free > 0).all()) and bool((free < 16).all())


def test_without_projector_or_multiplier_it_is_wrong() -> None:
    here = solved("mlp", False, 2.0, 0.5)
    response = adversarial(*here.at).response
    derivatives, directions = response.derivatives, response.directions
    held, push = derivatives.along_theta(here.v)
    units = torch.eye(6).double()
    bend = torch.stack([derivatives.input_hessian(u.expand(4, 6)) for u in units], dim=1)

    def with_motion(matrix: Tensor, w: Tensor) -> Tensor:
        moved = torch.linalg.solve(matrix, w)
        return held + derivatives.along_input(moved)[0] / 4

    whole = directions.multiplier[:, None, None] * units - bend
    assert relative(with_motion(whole, push), here.gradient) > 1e-3  # no projector
    projected = response.reduced_matrices() + torch.einsum(
        "ni,nj->nij", directions.normal, directions.normal
    )
    right = with_motion(projected, directions.project(push))
    assert relative(right, here.gradient) <= TOLERANCE
    scaled = projected + directions.multiplier[:, None, None] * units
    assert relative(with_motion(scaled, directions.project(push)), here.gradient) > 1e-3


@pytest.mark.parametrize("case", [CASES[1], CASES[4]], ids=str)
def test_conjugate_gradients_and_factorised_matrices_agree(
    case: tuple[str, bool, float, float],
) -> None:
    here = solved(*case)
    dense, free = adversarial(*here.at, dense=True), adversarial(*here.at, dense=False)
    assert relative(free(here.v), dense(here.v)) < 1e-9
    assert dense.residual == 0 and 0 < free.residual < 1e-10
    assert torch.allclose(free.floor, dense.floor, rtol=0.05)


def test_the_hessian_is_symmetric_and_the_transpose_is_one() -> None:
    here = solved("cnn", False, 2.0, 0.5)
    hessian, jacobian = adversarial(*here.at), attack_jacobian(*here.at)
    u, w = random_unit(here.v, 8), random_unit(here.attack, 9)
    assert float(u @ hessian(here.v)) == pytest.approx(float(here.v @ hessian(u)), rel=1e-10)
    across = float(here.v @ jacobian.transpose(w))
    assert float((w * jacobian(here.v)).sum()) == pytest.approx(across, rel=1e-10)


def test_the_norm_of_the_jacobian_is_its_largest_singular_value() -> None:
    here = solved("mlp", False, 2.0, 0.5)
    found = attack_jacobian(*here.at)
    rows = [found.transpose(w.view(4, 6)) for w in torch.eye(24).double()]
    matrix = torch.stack(rows)
    exact = float(torch.linalg.matrix_norm(matrix, ord=2))
    assert found.norm(tolerance=1e-6) == pytest.approx(exact, rel=1e-6)
    each = torch.linalg.matrix_norm(matrix.view(4, 6, -1), ord=2)
    assert torch.allclose(sample_norms(*here.at), each, rtol=1e-3)


# --- a closed form: logistic loss of a linear model, a = (1, .2, 0), epsilon = .5


def closed_form(model: Logistic, x: Tensor, y: Tensor, radius: float) -> Solution:
    theta = model.theta.detach()
    delta = -radius * y[:, None] * theta / theta.norm()
    value = logistic_loss(model(x + delta), y).detach()
    none, sure = torch.zeros_like(value), torch.full_like(value, torch.inf)
    slope = torch.sigmoid(-y * model(x + delta)).detach() * theta.norm() / radius
    active = torch.ones_like(delta, dtype=torch.bool)
    return Solution(delta, value, none, slope, active, sure, 2.0, radius)


TABLE = [(0.1, 0.1325, 2.584), (1.0, 0.1303, 0.3372), (10.0, 0.0341, 0.0372)]


@pytest.mark.parametrize(("r", "fixed", "true"), TABLE)
def test_a_fixed_attack_underestimates_the_curvature(r: float, fixed: float, true: float) -> None:
    model = Logistic([0.6 * r, 0.8 * r, 0.0])
    x, y = torch.tensor([[1.0, 0.2, 0.0]]).double(), torch.ones(1).double()
    objective, solution = Objective(model, logistic_loss), closed_form(model, x, y, 0.5)
    theta = objective.theta()
    products = (
        frozen(objective, theta, x + solution.delta, y),
        adversarial(objective, theta, x, y, solution),
    )
    start = random_unit(theta)
    found = [float(top(product, start, tolerance=1e-9).values[0]) for product in products]
    assert found == pytest.approx([fixed, true], abs=6e-5 if true < 1 else 6e-4)
    matrix = torch.stack([products[1](e) for e in torch.eye(3).double()])
    assert torch.allclose(matrix, exact_hessian(theta, x[0], 0.5), rtol=1e-10, atol=1e-14)


def exact_hessian(theta: Tensor, a: Tensor, radius: float) -> Tensor:
    """phi''(u) v vᵀ + (epsilon |phi'(u)| / ||theta||) (I - e eᵀ), v = a - epsilon e."""
    e = theta / theta.norm()
    v, slope = a - radius * e, torch.sigmoid(-(a @ theta - radius * theta.norm()))
    tangent = torch.eye(len(a)).double() - torch.outer(e, e)
    return slope * (1 - slope) * torch.outer(v, v) + radius * slope / theta.norm() * tangent


# --- what is refused


def test_irregular_samples_are_refused_in_one_sentence_or_left_out() -> None:
    here = solved("cnn", False, math.inf, 0.2)
    with pytest.raises(ValueError, match=r"1 of 4 attack solutions \(1 did not converge\)") as said:
        adversarial(*here.at)
    assert "\n" not in str(said.value)
    left = adversarial(*here.at, drop=True)
    assert left.excluded == {"did not converge": 1} and int(left.kept.sum()) == 3


def changed(here: Solved, **parts: object) -> tuple[Objective, Tensor, Tensor, Tensor, Solution]:
    return (*here.at[:4], dataclasses.replace(here.solution, **parts))  # type: ignore[arg-type]


def test_a_solution_is_judged_by_the_loss_at_hand() -> None:
    here = solved("mlp", False, 2.0, 0.5)
    objective, theta, x, y, solution = here.at
    with pytest.raises(ValueError, match=r"4 of 4 .*did not converge"):
        adversarial(objective, 1.01 * theta, x, y, solution)  # the solution of another theta
    lies = {"residual": torch.zeros(4).double(), "delta": 0.9 * solution.delta}
    with pytest.raises(ValueError, match="4 of 4"):
        adversarial(*changed(here, **lies))
    tied = torch.tensor([math.inf, 0.0, 1.0, math.inf]).double()
    found = adversarial(*changed(here, gap=tied), drop=True)
    assert found.excluded == {"tied with another maximum": 1}
    broken = solution.delta.clone()
    broken[1] = math.nan
    found = adversarial(*changed(here, delta=broken), drop=True)
    assert found.excluded == {"did not converge": 1}


@pytest.mark.parametrize("dense", [True, False])
def test_a_minimum_on_the_sphere_is_no_maximum(dense: bool) -> None:
    """l = theta_1 x_1 + theta_2 x_2²/2: delta = epsilon e_1 is stationary for every theta_2."""
    model = Logistic([1.0, 0.0])
    x, y = torch.zeros(1, 2).double(), torch.ones(1).double()

    def objective(bend: float) -> Objective:
        found = Objective(model, lambda outputs, y: outputs)
        found.losses = lambda theta, x, y: (  # type: ignore[method-assign]
            x[:, 0] * theta[0] + (bend + theta[1]) * x[:, 1].square() / 2
        )
        return found

    ones, sure = torch.ones(1).double(), torch.full((1,), torch.inf).double()
    delta = torch.tensor([[0.5, 0.0]]).double()
    solution = Solution(
        delta, 0.5 * ones, 0 * ones, 2 * ones, torch.ones(1, 2, dtype=torch.bool), sure, 2.0, 0.5
    )
    # lambda = 1/epsilon = 2, so the tangent curvature 2 - bend changes sign at bend = 2.
    good = adversarial(objective(1.5), model.theta.detach(), x, y, solution, dense=dense)
    assert float(good.floor) == pytest.approx(0.5)
    with pytest.raises(ValueError, match=r"1 of 1 .*not negative definite"):
        adversarial(objective(2.5), model.theta.detach(), x, y, solution, dense=dense)


def test_float32_is_refused() -> None:
    here = solved("mlp", False, 2.0, 0.5)
    objective, theta, x, y, solution = here.at
    with pytest.raises(ValueError, match="expected float64"):
        adversarial(objective, theta.float(), x, y, solution)
