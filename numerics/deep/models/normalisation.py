r"""Input normalisation as the first layer, so that attacks act in the unit of the data.

.. math:: x \mapsto (x - m) / s

m and s are a number, one a channel (C,), or one an input (the shape of x); s is positive. They are
buffers: saved with the model, never trained, moved and cast with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import torch
from torch import Tensor, nn

from numerics.sentences import Malformed

Statistic: TypeAlias = float | Sequence[float] | Tensor


class Normalise(nn.Module):
    """(x - mean) / std over inputs of ``shape``.

    >>> Normalise((1, 2, 2), 0.5, 0.25)(torch.ones(1, 1, 2, 2)).flatten()
    tensor([2., 2., 2., 2.])
    """

    def __init__(self, shape: tuple[int, ...], mean: Statistic = 0.0, std: Statistic = 1.0) -> None:
        super().__init__()
        self.register_buffer("mean", _statistic("mean", mean, shape))
        self.register_buffer("std", _statistic("std", std, shape))
        if not bool((self.std > 0).all()):
            raise Malformed(f"std: expected positive numbers, got {float(self.std.min()):g}")

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = (x - self.mean) / self.std
        return result


def _statistic(name: str, value: Statistic, shape: tuple[int, ...]) -> Tensor:
    """The value, finite, in a shape that broadcasts over (n, *shape)."""
    given = torch.as_tensor(value, dtype=torch.float32).clone()
    if not bool(torch.isfinite(given).all()):
        raise Malformed(f"{name}: expected finite numbers")
    if given.ndim == 0 or tuple(given.shape) == tuple(shape):
        return given
    if tuple(given.shape) == (shape[0],):
        return given.view(-1, *[1] * (len(shape) - 1))
    wanted = f"a number, {shape[0]} of them or shape {tuple(shape)}"
    raise Malformed(f"{name}: expected {wanted}, got shape {tuple(given.shape)}")
