"""Eigenvalues and spectral densities against NumPy, SciPy and exact rules."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse.linalg import LinearOperator, eigsh

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

from torch import Tensor  # noqa: E402

from numerics.deep.curvature.batched_lanczos import (  # noqa: E402
    greatest_eigenvalues,
    least_eigenvalues,
)
from numerics.deep.curvature.hessian_products import frozen  # noqa: E402
from numerics.deep.curvature.lanczos import random_unit, top  # noqa: E402
from numerics.deep.curvature.spectral_density import (  # noqa: E402
    SpectralDensity,
    spectral_density,
)
from tests.deep.solver import problem  # noqa: E402


def symmetric(size: int, seed: int) -> Tensor:
    drawn = torch.randn(size, size, dtype=torch.double, generator=torch.manual_seed(seed))
    return (drawn + drawn.mT) / 2


def hessian_like(size: int, seed: int) -> Tensor:
    """A few large eigenvalues, a bulk at zero, some negative: (size,) on the diagonal."""
    drawn = torch.randn(size, dtype=torch.double, generator=torch.manual_seed(seed))
    return 0.05 * drawn + 10.0 * torch.exp(-torch.arange(size).double())


def test_three_routes_to_the_largest_eigenvalues() -> None:
    a = symmetric(60, 0)
    found = top(lambda v: a @ v, random_unit(a[0]), k=3, tolerance=1e-9)
    dense = np.linalg.eigh(a.numpy())[0][::-1][:3]
    arpack = eigsh(a.numpy(), k=3, which="LA", return_eigenvectors=False)[::-1]
    assert found.converged
    assert found.values.numpy() == pytest.approx(dense, rel=1e-9)
    assert found.values.numpy() == pytest.approx(arpack, rel=1e-8)
    errors = (a @ found.vectors.mT - found.vectors.mT * found.values).norm(dim=0)
    assert float(errors.max()) < 1e-3  # eigenvectors converge with the root of the bound
    assert torch.allclose(found.vectors @ found.vectors.mT, torch.eye(3).double(), atol=1e-10)


def test_the_stop_on_the_eigenvalue_keeps_its_promise_and_saves_products() -> None:
    products, strict = 0, 0
    for seed in range(40):
        a = hessian_like(400, seed)
        found = top(lambda v, a=a: a * v, random_unit(a, seed), tolerance=1e-3)
        assert abs(float(found.values[0] / a.max()) - 1) <= 1e-3
        assert float(a.max() - found.values[0]) >= -1e-12  # a Ritz value is never too large
        products += found.products
        strict += top(lambda v, a=a: a * v, random_unit(a, seed), tolerance=1e-6).products
    assert products < 0.8 * strict


def test_a_network_s_hessian_by_scipy_too() -> None:
    objective, x, y = problem("mlp", count=8)
    theta = objective.theta()
    product = frozen(objective, theta, x, y)
    operator = LinearOperator(
        (objective.size,) * 2, matvec=lambda v: product(torch.from_numpy(v).flatten()).numpy()
    )
    exact = eigsh(operator, k=2, which="LA", return_eigenvectors=False, tol=1e-12)[::-1]
    found = top(product, random_unit(theta), k=2, tolerance=1e-10)
    assert found.values.numpy() == pytest.approx(exact, rel=1e-9)
    least = eigsh(operator, k=1, which="SA", return_eigenvectors=False, tol=1e-12)
    lowest = top(lambda v: -product(v), random_unit(theta), tolerance=1e-10)
    assert -float(lowest.values[0]) == pytest.approx(float(least[0]), rel=1e-9)


def test_too_few_products_are_said_to_be_too_few() -> None:
    a = symmetric(200, 1)
    found = top(lambda v: a @ v, random_unit(a[0]), tolerance=1e-9, most=4)
    assert not found.converged and found.products == 4
    assert float(found.bounds[0]) > 1e-9 * float(found.values[0])


@pytest.mark.parametrize(
    ("diagonal", "k", "expected"),
    [
        ([1.0] * 6, 3, [1, 1, 1]),
        ([0.0] * 4, 1, [0]),
        ([7.0], 1, [7]),
        ([-1.0, -2.0, -3.0], 2, [-1, -2]),
        ([2.0, 2.0, 1.0, 0.0, 0.0], 3, [2, 2, 1]),
    ],
)
def test_invariant_spaces_and_copies(diagonal: list[float], k: int, expected: list[float]) -> None:
    a = torch.tensor(diagonal).double()
    found = top(lambda v: a * v, random_unit(a), k=k, tolerance=0.0)
    assert found.converged
    assert found.values.tolist() == pytest.approx(expected, abs=1e-12)


def test_an_eigenvalue_zero_needs_an_absolute_tolerance() -> None:
    a = -torch.arange(500).double() / 100
    start = random_unit(a)
    assert not top(lambda v: a * v, start, tolerance=1e-3, most=60).converged
    found = top(lambda v: a * v, start, tolerance=1e-3, absolute=1e-2, most=60)
    assert found.converged and abs(float(found.values[0])) < 1e-2


def test_a_product_that_is_not_finite_is_an_error() -> None:
    with pytest.raises(ValueError, match="expected finite"):
        top(lambda v: v * torch.nan, random_unit(torch.zeros(5).double()))
    with pytest.raises(ValueError, match="expected 1 to 5"):
        top(lambda v: v, random_unit(torch.zeros(5).double()), k=6)


def test_starts_are_the_same_for_one_seed() -> None:
    like = torch.zeros(9).double()
    assert torch.equal(random_unit(like, 4), random_unit(like, 4))
    assert not torch.equal(random_unit(like, 4), random_unit(like, 5))


# --- many matrices at once


def test_extreme_eigenvalues_of_a_batch() -> None:
    a = torch.stack([symmetric(12, seed) for seed in range(20)])
    a[3] = 2 * torch.eye(12).double()  # closes after one step, beside others that go on
    a[4] = 0.0
    exact = torch.linalg.eigvalsh(a)

    def product(w: Tensor) -> Tensor:
        return torch.einsum("nij,nj->ni", a, w)

    whole = {"project": lambda w: w, "like": a[:, 0], "accuracy": 1e-10}
    assert torch.allclose(least_eigenvalues(product, **whole), exact[:, 0], atol=1e-8)
    assert torch.allclose(greatest_eigenvalues(product, **whole), exact[:, -1], atol=1e-8)


def test_coarse_estimates_err_outward_where_the_end_is_isolated() -> None:
    a = torch.rand(10, 50, dtype=torch.double, generator=torch.manual_seed(0))
    a[:, 3], a[:, 7] = 3.0, -2.0
    rough = {"project": lambda w: w, "like": a, "accuracy": 0.2}
    high, low = (
        greatest_eigenvalues(lambda w: a * w, **rough),
        least_eigenvalues(lambda w: a * w, **rough),
    )
    assert bool((high >= 3.0).all()) and bool((high < 3.7).all())
    assert bool((low <= -2.0).all()) and bool((low > -2.5).all())


def test_extreme_eigenvalues_on_a_subspace() -> None:
    a = torch.stack([symmetric(8, seed) for seed in range(5)])
    free = torch.ones(5, 8).double()
    free[:, 5:], free[4] = 0.0, 0.0  # the last matrix has no free direction

    def product(w: Tensor) -> Tensor:
        return free * torch.einsum("nij,nj->ni", a, free * w)

    found = least_eigenvalues(product, lambda w: free * w, a[:, 0], accuracy=1e-10)
    assert torch.allclose(found[:4], torch.linalg.eigvalsh(a[:4, :5, :5])[:, 0], atol=1e-8)
    assert float(found[4]) == torch.inf


# --- the density


def exact_mean(a: Tensor, degree: int, seed: int) -> float:
    z = random_unit(a[0], seed)
    return float(z @ torch.linalg.matrix_power(a, degree) @ z)


def test_the_gauss_rule_is_exact_up_to_degree_2m_minus_1() -> None:
    a, steps = symmetric(30, 2), 5
    found = spectral_density(lambda v: a @ v, a[0], probes=1, steps=steps, seed=7)
    for degree in range(2 * steps):
        mean, _ = found.mean(lambda t, k=degree: t**k)
        assert mean == pytest.approx(exact_mean(a, degree, 7), rel=1e-9, abs=1e-9)
    mean, _ = found.mean(lambda t: t ** (2 * steps))
    assert mean != pytest.approx(exact_mean(a, 2 * steps, 7), rel=1e-3)  # and no further


def test_all_steps_give_the_eigenvalues_themselves() -> None:
    a = symmetric(20, 3)
    found = spectral_density(lambda v: a @ v, a[0], probes=2, steps=20)
    exact = torch.linalg.eigvalsh(a)
    assert torch.allclose(found.nodes, exact.expand(2, 20), atol=1e-9)
    assert torch.allclose(found.weights.sum(1), torch.ones(2).double())


def trace_error(found: SpectralDensity, a: Tensor) -> float:
    mean, error = found.mean(torch.exp)
    exact = float(torch.linalg.eigvalsh(a).exp().mean())
    return abs(mean - exact) / error


def test_traces_and_shares_are_met_within_their_errors() -> None:
    a = symmetric(100, 4) / 5
    found = spectral_density(lambda v: a @ v, a[0], probes=60, steps=20)
    exact = torch.linalg.eigvalsh(a)
    assert trace_error(found, a) < 4 < trace_error(found, a + 0.2 * torch.eye(100).double())
    at = torch.linspace(-3, 3, 31).double()
    share = (exact[:, None] <= at).double().mean(0)
    assert float((found.cumulative(at) - share).abs().max()) < 0.05
    bells = torch.exp(-((at - exact[:, None]) ** 2) / (2 * 0.3**2)) / (0.3 * (2 * torch.pi) ** 0.5)
    assert float((found.smoothed(at, 0.3) - bells.mean(0)).abs().max()) < 0.03


def test_a_closed_space_ends_the_rule_and_no_probe_is_refused() -> None:
    a = torch.tensor([0.0, 0.0, 3.0, 3.0, 3.0]).double()
    found = spectral_density(lambda v: a * v, a, probes=3, steps=5)
    assert found.nodes.shape == (3, 2) and found.products == 6
    with pytest.raises(ValueError, match="expected at least one"):
        spectral_density(lambda v: a * v, a, probes=0)
