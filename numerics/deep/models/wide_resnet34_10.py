r"""Wide residual network of depth 34 and widening factor 10.

.. math:: x \mapsto s(x) + K_2 * \phi(N_2(K_1 * \phi(N_1(x))))

Depth 6 b + 4 with b = 5 blocks in each of three stages of 16 w, 32 w, 64 w channels, w = 10. The
shortcut is a 1x1 convolution of phi(N_1(x)) where the shape changes. Convolutions start from a
normal law of variance 2 / (k^2 channels out). 46,160,474 parameters for CIFAR-10.

Source: Zagoruyko, Komodakis 2016, "Wide residual networks".
"""

from __future__ import annotations

from torch import nn

from numerics.deep.models.activations import activation as activated
from numerics.deep.models.images import image_shape
from numerics.deep.models.normalisation import Normalise, Statistic
from numerics.deep.models.preact_resnet18 import Block
from numerics.sentences import Malformed

STAGES = ((16, 1), (32, 2), (64, 2))  # (multiple of the widening factor, stride)


def build(
    shape: tuple[int, ...],
    classes: int,
    activation: str = "silu",
    depth: int = 34,
    widening: int = 10,
    mean: Statistic = 0.0,
    std: Statistic = 1.0,
) -> nn.Module:
    """Images (n, *shape) to outputs (n, classes); smaller sizes make it quick to try.

    >>> from numerics.deep.models import size
    >>> size(build((3, 32, 32), 10, depth=10, widening=1))
    77850
    """
    channels = image_shape("wide_resnet34_10", shape)[0]
    blocks, rest = divmod(depth - 4, 6)
    if rest or blocks < 1 or widening < 1:
        raise Malformed(f"depth, widening: expected 6 b + 4 and 1 or more, got {depth}, {widening}")
    layers: list[nn.Module] = [
        Normalise(shape, mean, std),
        nn.Conv2d(channels, 16, 3, 1, 1, bias=False),
    ]
    before = 16
    for multiple, stride in STAGES:
        after = multiple * widening
        layers.append(Block(before, after, stride, activation))
        layers += [Block(after, after, 1, activation) for _ in range(blocks - 1)]
        before = after
    layers += [nn.BatchNorm2d(before), activated(activation), nn.AdaptiveAvgPool2d(1)]
    return initialised(nn.Sequential(*layers, nn.Flatten(), nn.Linear(before, classes)))


def initialised(model: nn.Module) -> nn.Module:
    """Normal convolutions of variance 2 / fan out, and biases 0 in the last layer."""
    for part in model.modules():
        if isinstance(part, nn.Conv2d):
            nn.init.kaiming_normal_(part.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(part, nn.Linear):
            nn.init.zeros_(part.bias)
    return model
