r"""Small convolutional network without batch normalisation and without max pooling.

.. math:: x \mapsto W_2\,\phi(W_1\,\phi(K_3 * \phi(K_2 * \phi(K_1 * x))))

3x3 convolutions, the second and third with stride 2, so that a smooth activation makes a smooth
network; a maximum over a window would be a kink. For images of 8x8 to 32x32 and more.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from torch import nn

from numerics.deep.models.activations import activation as activated
from numerics.deep.models.images import image_shape
from numerics.deep.models.normalisation import Normalise, Statistic
from numerics.sentences import Malformed


def build(
    shape: tuple[int, ...],
    classes: int,
    activation: str = "silu",
    channels: Sequence[int] = (16, 32, 64),
    hidden: int = 128,
    mean: Statistic = 0.0,
    std: Statistic = 1.0,
) -> nn.Module:
    """Images (n, *shape) to outputs (n, classes); every stage after the first halves the image.

    >>> build((1, 8, 8), 10)[-1]
    Linear(in_features=128, out_features=10, bias=True)
    """
    given, height, width = image_shape("cnn", shape)
    if not channels or any(not isinstance(c, int) or c < 1 for c in [*channels, hidden]):
        raise Malformed(f"channels, hidden: expected positive integers, got {channels}, {hidden}")
    layers: list[nn.Module] = [Normalise(shape, mean, std)]
    for stage, (before, after) in enumerate(pairwise([given, *channels])):
        stride = 2 if stage else 1
        layers += [nn.Conv2d(before, after, 3, stride, 1), activated(activation)]
        height, width = -(-height // stride), -(-width // stride)
    layers += [nn.Flatten(), nn.Linear(channels[-1] * height * width, hidden)]
    return nn.Sequential(*layers, activated(activation), nn.Linear(hidden, classes))
