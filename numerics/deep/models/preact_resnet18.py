r"""PreAct-ResNet-18 for images of 32x32.

.. math:: x \mapsto s(x) + K_2 * \phi(N_2(K_1 * \phi(N_1(x))))

Eight such blocks, two to a stage of 64, 128, 256 and 512 channels; the shortcut s is x, or a 1x1
convolution of phi(N_1(x)) where the shape changes; N is batch normalisation, also before the mean
over the image. 11,172,170 parameters and 1.11 GFLOP an image for CIFAR-10.

Source: He, Zhang, Ren, Sun 2016, "Identity mappings in deep residual networks"; CIFAR widths and
strides as is usual in adversarial training.
"""

from __future__ import annotations

from torch import Tensor, nn

from numerics.deep.models.activations import activation as activated
from numerics.deep.models.images import image_shape
from numerics.deep.models.normalisation import Normalise, Statistic

STAGES = ((1, 1), (2, 2), (4, 2), (8, 2))  # (multiple of the width, stride)


class Block(nn.Module):
    """Two 3x3 convolutions, each after normalisation and activation."""

    def __init__(self, before: int, after: int, stride: int, activation: str) -> None:
        super().__init__()
        self.norm1, self.act1 = nn.BatchNorm2d(before), activated(activation)
        self.conv1 = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.norm2, self.act2 = nn.BatchNorm2d(after), activated(activation)
        self.conv2 = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        changes = stride != 1 or before != after
        self.shortcut = nn.Conv2d(before, after, 1, stride, bias=False) if changes else None

    def forward(self, x: Tensor) -> Tensor:
        inner = self.act1(self.norm1(x))
        kept = x if self.shortcut is None else self.shortcut(inner)
        result: Tensor = kept + self.conv2(self.act2(self.norm2(self.conv1(inner))))
        return result


def build(
    shape: tuple[int, ...],
    classes: int,
    activation: str = "silu",
    width: int = 64,
    mean: Statistic = 0.0,
    std: Statistic = 1.0,
) -> nn.Module:
    """Images (n, *shape) to outputs (n, classes); a smaller ``width`` makes it quick to try.

    >>> from numerics.deep.models import size
    >>> size(build((3, 32, 32), 10))
    11172170
    """
    channels = image_shape("preact_resnet18", shape)[0]
    layers: list[nn.Module] = [Normalise(shape, mean, std)]
    layers += [nn.Conv2d(channels, width, 3, 1, 1, bias=False)]
    before = width
    for multiple, stride in STAGES:
        after = multiple * width
        layers += [Block(before, after, stride, activation), Block(after, after, 1, activation)]
        before = after
    layers += [nn.BatchNorm2d(before), activated(activation), nn.AdaptiveAvgPool2d(1)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(before, classes))
