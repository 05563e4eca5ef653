"""Products with the blocks of the Hessian against dense matrices of torch.func."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

from torch.func import grad, jacrev  # noqa: E402

from numerics.deep.curvature.conjugate_gradients import conjugate_gradients  # noqa: E402
from numerics.deep.curvature.hessian_products import SecondDerivatives, frozen  # noqa: E402
from numerics.deep.objective import Objective  # noqa: E402
from tests.deep.solver import problem  # noqa: E402


def rows(count: int, size: int) -> torch.Tensor:
    return torch.randn(count, size, dtype=torch.double, generator=torch.manual_seed(1))


def test_the_frozen_product_is_that_of_the_dense_hessian() -> None:
    objective, x, y = problem("mlp")
    theta = objective.theta()
    dense = jacrev(grad(lambda t: objective.mean(t, x, y)))(theta)
    product, v = frozen(objective, theta, x, y), rows(1, objective.size)[0]
    assert torch.allclose(product(v), dense @ v, rtol=1e-12, atol=1e-14)
    assert not torch.allclose(product(v), dense @ v * len(x), rtol=1e-3)  # the mean, not the sum


@pytest.mark.parametrize("kind", ["mlp", "cnn"])
def test_the_blocks_are_those_of_each_sample(kind: str) -> None:
    objective, x, y = problem(kind)
    theta, count = objective.theta(), len(x)
    v, w = rows(1, objective.size)[0], rows(count, x[0].numel())
    blocks = SecondDerivatives(objective, theta, x, y)

    def loss(t: torch.Tensor, one: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
        return objective.losses(t, one.view(x.shape[1:])[None], label[None])[0]

    cross, bend = [], []
    for one, label in zip(x.flatten(1), y, strict=True):
        at = (theta, one, label)
        cross.append(jacrev(grad(loss, argnums=1), argnums=0)(*at))
        bend.append(jacrev(grad(loss, argnums=1), argnums=1)(*at))
    c, h = torch.stack(cross), torch.stack(bend)
    held, push = blocks.along_theta(v)
    back, image = blocks.along_input(w)
    assert torch.allclose(held, frozen(objective, theta, x, y)(v), rtol=1e-11, atol=1e-13)
    assert torch.allclose(push, c @ v, rtol=1e-11, atol=1e-13)
    assert torch.allclose(back, torch.einsum("nij,ni->j", c, w), rtol=1e-11, atol=1e-13)
    assert torch.allclose(image, torch.einsum("nij,nj->ni", h, w), rtol=1e-11, atol=1e-13)
    assert torch.equal(blocks.input_hessian(w), image)


def test_a_loss_that_is_linear_has_products_zero() -> None:
    model = torch.nn.Linear(3, 1, bias=False).double()
    objective = Objective(model, loss=lambda outputs, y: outputs[:, 0])
    x, y = rows(2, 3), torch.zeros(2)
    v, w = rows(1, 3)[0], rows(2, 3)
    blocks = SecondDerivatives(objective, objective.theta(), x, y)
    held, push = blocks.along_theta(v)
    assert torch.equal(held, torch.zeros(3).double())
    assert torch.allclose(push, v.expand(2, 3))  # l = theta · x: the cross derivative is I
    assert torch.equal(frozen(objective, objective.theta(), x, y)(v), torch.zeros(3).double())
    assert torch.equal(blocks.input_hessian(w), torch.zeros(2, 3).double())


def test_nothing_is_left_on_the_model() -> None:
    objective, x, y = problem("cnn")
    blocks = SecondDerivatives(objective, objective.theta(), x, y)
    blocks.along_input(blocks.by_input)
    assert all(parameter.grad is None for parameter in objective.model.parameters())


def test_conjugate_gradients_solve_and_refuse_an_indefinite_matrix() -> None:
    a = rows(5 * 7, 7).view(5, 7, 7)
    a = a @ a.mT + 0.1 * torch.eye(7).double()
    b = rows(5, 7)
    b[2] = 0.0  # a system that is done at once
    s, residual = conjugate_gradients(lambda w: torch.einsum("nij,nj->ni", a, w), b)
    assert torch.allclose(s, torch.linalg.solve(a, b), rtol=1e-8, atol=1e-8)
    assert float(residual.max()) < 1e-10
    a[3] -= 2.0 * torch.eye(7).double() * torch.linalg.eigvalsh(a[3])[-2]
    with pytest.raises(ValueError, match="expected positive definite"):
        conjugate_gradients(lambda w: torch.einsum("nij,nj->ni", a, w), b)
