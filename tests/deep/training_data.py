"""Small data for the tests of training: made here, nothing to load."""

from __future__ import annotations

from types import SimpleNamespace

import torch


def blobs(
    n: int = 48, shape: tuple[int, ...] = (6,), classes: int = 3, seed: int = 0, spread: float = 0.1
) -> SimpleNamespace:
    """Gaussian clouds in [0, 1], as many of each class; the centres do not depend on the seed."""
    centres = torch.rand((classes, *shape), generator=torch.Generator().manual_seed(1))
    noise = torch.randn((n, *shape), generator=torch.Generator().manual_seed(seed))
    y = torch.arange(n) % classes
    x = (centres[y] + spread * noise).clamp(0, 1)
    return SimpleNamespace(x=x, y=y, classes=classes, low=0.0, high=1.0, digest=f"blobs {seed}")


def network(kind: str = "plain", seed: int = 0) -> torch.nn.Module:
    """6 inputs, 3 classes: ``plain``, with ``dropout``, or with batch ``norm``."""
    between = {
        "plain": torch.nn.Identity,
        "dropout": torch.nn.Dropout,
        "norm": lambda: torch.nn.BatchNorm1d(8),
    }[kind]()
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        first, last = torch.nn.Linear(6, 8), torch.nn.Linear(8, 3)
    return torch.nn.Sequential(first, between, torch.nn.SiLU(), last)


def weights(model: torch.nn.Module) -> torch.Tensor:
    """All parameters in one vector."""
    return torch.cat([p.detach().reshape(-1) for p in model.parameters()])
