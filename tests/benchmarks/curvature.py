"""What curvature costs: the top eigenvalue of three routes, and the Hessian products.

``python -m tests.benchmarks.curvature``. All ratios are medians of interleaved repetitions within
one run, on one thread, in float64: a network 64-128-128-10 with SiLU on 512 digits after a short
training, the attack held fixed for the eigenvalues, moving for the last products.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import torch
from scipy.sparse.linalg import LinearOperator, eigsh
from sklearn.datasets import load_digits
from torch import Tensor, nn
from torch.func import grad, jvp

from numerics.deep.attacks.solution import Solution
from numerics.deep.curvature.adversarial_hessian import AdversarialHessian, adversarial
from numerics.deep.curvature.hessian_products import SecondDerivatives, frozen
from numerics.deep.curvature.lanczos import random_unit, top
from numerics.deep.objective import Objective

REPETITIONS, TARGET, RADIUS = 5, 1e-3, 0.05


def network(x: Tensor, y: Tensor, steps: int = 60) -> Objective:
    """A network that has learned a little."""
    torch.manual_seed(0)
    sizes = [nn.Linear(64, 128), nn.SiLU(), nn.Linear(128, 128), nn.SiLU(), nn.Linear(128, 10)]
    model = nn.Sequential(*sizes).double()
    optimiser = torch.optim.Adam(model.parameters(), lr=3e-3)
    for _ in range(steps):
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimiser.step()
    return Objective(model)


def attack(objective: Objective, x: Tensor, y: Tensor, radius: float) -> Solution:
    """The L2 worst attack by the fixed point delta = radius g/||g||; small radii converge fast."""
    theta, delta, residual = objective.theta(), torch.zeros_like(x), torch.ones(len(x))
    for _ in range(100):
        g = SecondDerivatives(objective, theta, x + delta, y).by_input
        new = radius * g / g.norm(dim=1, keepdim=True)
        delta, residual = new, (new - delta).norm(dim=1)
        if float(residual.max()) < 1e-13:
            break
    value, sure = objective.losses(theta, x + delta, y), torch.full((len(x),), torch.inf).double()
    active = torch.ones_like(x, dtype=torch.bool)
    return Solution(delta, value, residual, g.norm(dim=1) / radius, active, sure, 2.0, radius)


def medians(routes: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Seconds of each route: the median of interleaved repetitions, the first left out."""
    seconds: dict[str, list[float]] = {name: [] for name in routes}
    for repetition in range(REPETITIONS + 1):
        for name, route in routes.items():
            start = time.perf_counter()
            route()
            if repetition:
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) for name, each in seconds.items()}


def eigenvalue_lines(objective: Objective, x: Tensor, y: Tensor) -> list[str]:
    """Time ratio, products used and error reached, target 1e-3."""
    theta = objective.theta()
    exact = float(top(frozen(objective, theta, x, y), random_unit(theta), tolerance=1e-10).values)
    used: dict[str, tuple[int, float]] = {}

    def own() -> None:
        found = top(frozen(objective, theta, x, y), random_unit(theta), tolerance=TARGET)
        used["own Lanczos"] = (found.products, float(found.values))

    def arpack(ncv: int | None, name: str) -> None:
        product, count = frozen(objective, theta, x, y), 0

        def matvec(v: np.ndarray) -> np.ndarray:
            nonlocal count
            count += 1
            return product(torch.from_numpy(v).flatten()).numpy()

        operator = LinearOperator((objective.size,) * 2, matvec=matvec, dtype=np.float64)
        start = random_unit(theta).numpy()
        (value,) = eigsh(operator, 1, which="LA", tol=TARGET, ncv=ncv, v0=start)[0]
        used[name] = (count, float(value))

    routes: dict[str, Callable[[], object]] = {"own Lanczos": own}
    for ncv, name in ((6, "eigsh, ncv 6"), (None, "eigsh, default")):
        routes[name] = lambda ncv=ncv, name=name: arpack(ncv, name)  # type: ignore[misc]
    seconds, lines = medians(routes), [f"top eigenvalue {exact:.6g}, target {TARGET:g}"]
    for name, (products, value) in used.items():
        ratio = seconds[name] / seconds["own Lanczos"]
        error = abs(value / exact - 1)
        lines.append(f"{ratio:8.2f}  {name:<28} {products:4d} products, error {error:.1e}")
    return lines


def product_lines(objective: Objective, x: Tensor, y: Tensor) -> list[str]:
    """Time of one product, ratio to one gradient."""
    theta, solution = objective.theta(), attack(objective, x, y, RADIUS)
    v, at = random_unit(theta), theta.clone().requires_grad_()
    kept = frozen(objective, theta, x, y)
    dense: AdversarialHessian = adversarial(objective, theta, x, y, solution, drop=True)
    free = adversarial(objective, theta, x, y, solution, drop=True, dense=False)
    routes: dict[str, Callable[[], object]] = {
        "gradient": lambda: torch.autograd.grad(objective.mean(at, x, y), at),
        "frozen, kept graph": lambda: kept(v),
        "frozen, fresh graph": lambda: frozen(objective, theta, x, y)(v),
        "frozen, jvp of grad": lambda: jvp(grad(lambda t: objective.mean(t, x, y)), (theta,), (v,)),
        "adversarial, factorised": lambda: dense(v),
        "adversarial, CG": lambda: free(v),
        "adversarial, set-up (64 products)": lambda: adversarial(
            objective, theta, x, y, solution, drop=True
        ),
    }
    seconds = medians(routes)
    gap = float((dense(v) - free(v)).norm() / dense(v).norm())
    lines = [f"products; {len(x)} samples, left out {dense.excluded}; CG differs by {gap:.1e}"]
    return lines + [f"{s / seconds['gradient']:8.2f}  {name}" for name, s in seconds.items()]


def measure(count: int = 512) -> list[str]:
    """The lines of the report."""
    torch.set_num_threads(1)
    digits = load_digits()
    x, y = torch.from_numpy(digits.data[:count]) / 16, torch.from_numpy(digits.target[:count])
    objective = network(x, y)
    return [*eigenvalue_lines(objective, x, y), *product_lines(objective, x, y)]


if __name__ == "__main__":
    sys.stdout.write("\n".join(measure()) + "\n")
