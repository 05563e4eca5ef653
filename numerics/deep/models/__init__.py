"""Networks by name: each file with a function ``build`` is one; nothing is registered.

``build(shape, classes, activation, **sizes)`` takes the shape of one input without the batch. A
model normalises its inputs itself, so that a radius is in the unit of the data.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import Any

from torch import nn

from numerics.sentences import Malformed, did_you_mean


def names() -> list[str]:
    """Every model.

    >>> names()
    ['cnn', 'mlp', 'preact_resnet18', 'wide_resnet34_10']
    """
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name for name in found if hasattr(_module(name), "build"))


def build(name: str, shape: tuple[int, ...], classes: int, **settings: Any) -> nn.Module:
    """The model ``name`` for inputs of ``shape``, with freshly drawn parameters.

    >>> sum(p.numel() for p in build("mlp", (1, 8, 8), 10).parameters())
    26122
    """
    if name not in names():
        known = ", ".join(names())
        raise Malformed(f"model {name!r}: expected one of {known}{did_you_mean(name, names())}")
    _check(name, tuple(shape), classes)
    function = _module(name).build
    known_settings = list(inspect.signature(function).parameters)[2:]
    for setting in settings:
        if setting not in known_settings:
            listed = ", ".join(known_settings)
            raise Malformed(f"model {name}: expected settings among {listed}, got {setting!r}")
    network: nn.Module = function(tuple(shape), classes, **settings)
    return network


def size(model: nn.Module) -> int:
    """The number of parameters."""
    return sum(p.numel() for p in model.parameters())


def _module(name: str) -> Any:
    return importlib.import_module(f"{__name__}.{name}")


def _check(name: str, shape: tuple[int, ...], classes: int) -> None:
    if not shape or any(not isinstance(s, int) or s < 1 for s in shape):
        raise Malformed(f"model {name}: expected a shape of positive integers, got {shape}")
    if not isinstance(classes, int) or classes < 2:
        raise Malformed(f"model {name}: expected two classes or more, got {classes!r}")
