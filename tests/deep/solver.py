"""Worst attacks of tiny networks to machine precision, and the tiny networks.

A slow, obvious twin of the solver of the library: projected gradient, then Newton on the optimality
conditions with the input Hessian of ``torch.func``, sample by sample on dense matrices.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import grad, jacrev, vmap

from numerics.deep.attacks.solution import Solution
from numerics.deep.objective import Objective, cross_entropy


class Logistic(nn.Module):
    """outputs = theta · x, for labels -1 and 1."""

    def __init__(self, theta: list[float]) -> None:
        super().__init__()
        self.theta = nn.Parameter(torch.tensor(theta, dtype=torch.double))

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.theta


def logistic_loss(outputs: Tensor, y: Tensor) -> Tensor:
    return nn.functional.softplus(-y * outputs)


class WithDistance(nn.Module):
    """A network's outputs and ||x - centre||²/2: subtracted from the loss, it is concave in x."""

    def __init__(self, network: nn.Module, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.network = network
        self.centre = nn.Parameter(0.3 * torch.randn(shape, dtype=torch.double))

    def forward(self, x: Tensor) -> Tensor:
        distance = (x - self.centre).flatten(1).square().sum(1, keepdim=True) / 2
        return torch.cat([self.network(x), distance], dim=1)


def pulled(outputs: Tensor, y: Tensor) -> Tensor:
    return cross_entropy(outputs[:, :-1], y) - 2.0 * outputs[:, -1]


def network(kind: str, activation: type[nn.Module] = nn.Tanh) -> tuple[nn.Module, tuple[int, ...]]:
    """A tiny network of three classes in float64, and the shape of its inputs."""
    if kind == "mlp":
        layers: list[nn.Module] = [nn.Linear(6, 8), activation(), nn.Linear(8, 5), activation()]
        return nn.Sequential(*layers, nn.Linear(5, 3)).double(), (6,)
    first = [nn.Conv2d(1, 3, 3, padding=1), activation(), nn.Conv2d(3, 2, 2, stride=2)]
    layers = [*first, activation(), nn.Flatten(), nn.Linear(8, 3)]
    return nn.Sequential(*layers).double(), (1, 4, 4)


def problem(kind: str, concave: bool = False, count: int = 4) -> tuple[Objective, Tensor, Tensor]:
    """An objective with samples; weights doubled, so that curvature is not negligible."""
    torch.manual_seed(3)
    model, shape = network(kind, nn.Tanh if kind == "mlp" else nn.SiLU)
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(2.0)
    x = torch.randn(count, *shape, dtype=torch.double)
    y = torch.arange(count) % 3
    if concave:
        return Objective(WithDistance(model, shape), pulled), x, y
    return Objective(model), x, y


def solve(
    objective: Objective,
    theta: Tensor,
    x: Tensor,
    y: Tensor,
    p: float,
    radius: float,
    start: Solution | None = None,
    steps: int = 400,
) -> Solution:
    """The local maximum that projected gradient ascent finds from ``start`` or from zero."""
    shape = x.shape[1:]

    def value(delta: Tensor, one: Tensor, label: Tensor) -> Tensor:
        return objective.losses(theta, (one + delta.view(shape))[None], label[None])[0]

    first, second = vmap(grad(value)), vmap(jacrev(grad(value)))
    delta = torch.zeros_like(x).flatten(1) if start is None else start.delta.flatten(1)
    for _ in range(steps if start is None else 2):
        delta = project(delta + 0.2 * first(delta, x, y), p, radius)
    for _ in range(10 if start is None else 6):
        delta = newton(delta, first(delta, x, y), second(delta, x, y), p, radius)
    g = first(delta, x, y)
    residual = (project(delta + g, p, radius) - delta).norm(dim=1)
    active = held(delta, g, p, radius)
    along = (g * delta).sum(1) / radius**2
    multiplier = torch.where(active.all(1) & (p == 2), along, 0.0)
    found = delta.view_as(x)
    losses = objective.losses(theta, x + found, y)
    gap = torch.full_like(losses, torch.inf)
    return Solution(found, losses, residual, multiplier, active.view_as(x), gap, p, radius)


def project(delta: Tensor, p: float, radius: float) -> Tensor:
    if math.isinf(p):
        return delta.clamp(-radius, radius)
    return delta * (radius / delta.norm(dim=1, keepdim=True).clamp_min(radius))


def held(delta: Tensor, g: Tensor, p: float, radius: float) -> Tensor:
    if math.isinf(p):
        return (delta.abs() >= radius) & (g * delta > 0)
    on_sphere = (delta.norm(dim=1) >= radius * (1 - 1e-9)) & ((g * delta).sum(1) > 0)
    return on_sphere[:, None].expand_as(delta)


def newton(delta: Tensor, g: Tensor, h: Tensor, p: float, radius: float) -> Tensor:
    active = held(delta, g, p, radius)
    moved = [one_newton(*parts, p, radius) for parts in zip(delta, g, h, active, strict=True)]
    return project(torch.stack(moved), p, radius)


def one_newton(delta: Tensor, g: Tensor, h: Tensor, active: Tensor, p: float, radius: float) -> Any:
    if p == 2 and bool(active.all()):  # (h - m) step - dm delta = m delta - g on the sphere
        m, size = (g @ delta) / radius**2, len(delta)
        matrix = torch.zeros(size + 1, size + 1).double()
        matrix[:size, :size] = h - m * torch.eye(size)
        matrix[:size, size], matrix[size, :size] = -delta, delta
        right = torch.cat([m * delta - g, ((radius**2 - delta @ delta) / 2)[None]])
        return delta + torch.linalg.solve(matrix, right)[:size]
    free = ~active
    step = torch.zeros_like(delta)
    step[free] = -torch.linalg.solve(h[free][:, free], g[free])
    return delta + step
