r"""Multilayer perceptron.

.. math:: x \mapsto W_k\,\phi(\cdots\phi(W_1 \mathrm{vec}(x) + b_1)\cdots) + b_k

Default on 8x8 digits: 64-128-128-10. Any input shape; PyTorch's default initialisation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from torch import nn

from numerics.deep.models.activations import activation as activated
from numerics.deep.models.normalisation import Normalise, Statistic
from numerics.sentences import Malformed


def build(
    shape: tuple[int, ...],
    classes: int,
    activation: str = "silu",
    widths: Sequence[int] = (128, 128),
    mean: Statistic = 0.0,
    std: Statistic = 1.0,
) -> nn.Module:
    """Inputs (n, *shape) to outputs (n, classes); ``widths=()`` is the linear model.

    >>> [tuple(p.shape) for p in build((3,), 2, widths=()).parameters()]
    [(2, 3), (2,)]
    """
    if any(not isinstance(w, int) or w < 1 for w in widths):
        raise Malformed(f"widths: expected positive integers, got {tuple(widths)}")
    layers: list[nn.Module] = [Normalise(shape, mean, std), nn.Flatten()]
    for before, after in pairwise([math.prod(shape), *widths]):
        layers += [nn.Linear(before, after), activated(activation)]
    last = widths[-1] if widths else math.prod(shape)
    return nn.Sequential(*layers, nn.Linear(last, classes))
