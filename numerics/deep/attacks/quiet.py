"""An attack that leaves no trace on the model: mode, flags and gradients as they were."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn


@contextmanager
def quiet(model: object, evaluation: bool = True) -> Iterator[None]:
    """Parameters frozen and, with ``evaluation``, evaluation mode; all restored afterwards.

    Frozen parameters make the backward pass to the input cheaper, and cannot collect ``.grad``.
    Evaluation mode keeps the statistics of batch normalisation out of the attack. A function that
    is no module is left alone.
    """
    if not isinstance(model, nn.Module):
        yield
        return
    learning = [m for m in model.modules() if m.training] if evaluation else []
    wanted = [p for p in model.parameters() if p.requires_grad]
    try:
        if learning:
            model.eval()
        for p in wanted:
            p.requires_grad_(False)
        yield
    finally:
        for p in wanted:
            p.requires_grad_(True)
        for module in learning:
            module.training = True
