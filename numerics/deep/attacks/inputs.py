"""What every attack asks of its inputs; one sentence for each mistake."""

from __future__ import annotations

import torch
from torch import Tensor

from numerics.sentences import Malformed


def check_batch(where: str, x: Tensor, y: Tensor) -> None:
    """x (n, *shape) floating and finite, y (n,) of integers."""
    if x.ndim < 2 or not x.is_floating_point():
        raise Malformed(
            f"{where}: x of shape {tuple(x.shape)} and {x.dtype}, "
            "expected floating point numbers of shape (n, *shape)"
        )
    if y.shape != x.shape[:1] or y.is_floating_point():
        raise Malformed(
            f"{where}: y of shape {tuple(y.shape)} and {y.dtype}, "
            f"expected {len(x)} integer labels, one a sample"
        )
    if not bool(torch.isfinite(x).all()):
        raise Malformed(f"{where}: x holds NaN or infinity, expected finite numbers")


def check_start(where: str, start: Tensor, x: Tensor) -> None:
    """A start has the shape of x."""
    if start.shape != x.shape:
        raise Malformed(
            f"{where}: start of shape {tuple(start.shape)}, expected that of x, {tuple(x.shape)}"
        )


def check_losses(where: str, values: Tensor) -> None:
    """No loss is NaN or infinite."""
    bad = int((~torch.isfinite(values)).sum())
    if bad:
        raise Malformed(f"{where}: {bad} of {values.numel()} losses are NaN or infinite")


def per_sample(values: Tensor, like: Tensor) -> Tensor:
    """Values (n,) with as many further axes of length 1 as ``like`` has."""
    return values.reshape(-1, *[1] * (like.ndim - 1))
