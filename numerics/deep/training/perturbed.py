r"""Weights moved for a moment: w + v within, exactly w afterwards.

In floating point (w + v) - v is not w, so the old values are kept and copied back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor


@contextmanager
def moved(parameters: Sequence[Tensor], by: Sequence[Tensor]) -> Iterator[None]:
    """Add ``by`` to the parameters in place; put the old values back, also after an exception.

    >>> w = torch.nn.Parameter(torch.tensor([0.5]))
    >>> with moved([w], [torch.tensor([1e8])]):
    ...     w.item()
    100000000.0
    >>> w.item()
    0.5
    """
    kept = [p.detach().clone() for p in parameters]
    with torch.no_grad():
        for p, v in zip(parameters, by, strict=True):
            p.add_(v)
    try:
        yield
    finally:
        with torch.no_grad():
            for p, old in zip(parameters, kept, strict=True):
                p.copy_(old)


def relative(w: Tensor, direction: Tensor, gamma: float) -> Tensor:
    r"""gamma ||w|| direction / ||direction||, Frobenius norms of one tensor; 0 for direction 0."""
    size = torch.linalg.vector_norm(direction)
    scale = gamma * torch.linalg.vector_norm(w) / torch.where(size > 0, size, 1.0)
    return direction * scale
