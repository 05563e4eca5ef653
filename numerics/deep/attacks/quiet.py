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
    modes = [(module, module.training) for module in model.modules()]
    flags = [(p, p.requires_grad) for p in model.parameters() if p.requires_grad]
    try:
        if evaluation and any(training for _, training in modes):
            model.eval()
        for p, _ in flags:
            p.requires_grad_(False)
        yield
    finally:
        for p, _ in flags:
            p.requires_grad_(True)
        for module, training in modes:
            module.training = training
