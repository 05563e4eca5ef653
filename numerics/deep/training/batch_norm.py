"""Batch statistics: kept still where a pass is only a probe, estimated anew after averaging.

Running statistics belong to the weights and inputs that made them. A pass for an attack, or at
perturbed weights, must leave them alone; averaged weights need statistics of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm


def layers(model: nn.Module) -> list[nn.Module]:
    """The normalisation layers that keep running statistics."""
    found = [m for m in model.modules() if isinstance(m, _BatchNorm)]
    return [m for m in found if m.track_running_stats]


@contextmanager
def mode(model: nn.Module, training: bool) -> Iterator[None]:
    """Training or evaluation mode within; each module's own mode afterwards.

    >>> model = nn.Sequential(nn.Linear(2, 2), nn.Dropout())
    >>> with mode(model, training=False):
    ...     model[1].training
    False
    >>> model[1].training
    True
    """
    before = [(m, m.training) for m in model.modules()]
    model.train(training)
    try:
        yield
    finally:
        for module, was in before:
            if module.training != was:  # a module's attributes are slow to set
                module.training = was


@contextmanager
def still(model: nn.Module) -> Iterator[None]:
    """Running statistics as before, whatever passes are made within."""
    kept = [(b, b.clone()) for m in layers(model) for b in m.buffers(recurse=False)]
    try:
        yield
    finally:
        with torch.no_grad():
            for buffer, value in kept:
                buffer.copy_(value)


@torch.no_grad()
def estimate_anew(model: nn.Module, inputs: Iterable[Tensor]) -> None:
    """Running statistics as plain means over these inputs, at the model's present weights."""
    found = layers(model)
    momenta = [m.momentum for m in found]
    for layer in found:
        layer.reset_running_stats()
        layer.momentum = None  # torch's word for the plain mean
    with mode(model, training=True):
        for x in inputs:
            model(x)
    for layer, momentum in zip(found, momenta, strict=True):
        layer.momentum = momentum
