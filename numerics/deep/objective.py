r"""The loss of a network at samples, as a function of one flat parameter vector.

.. math:: \theta \mapsto l(x_i, y_i, \theta), \qquad
          \bar l(\theta) = \frac1n\sum_i l(x_i, y_i, \theta).

Batch statistics are frozen: the model is used in evaluation mode, its buffers are constants.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

Loss = Callable[[Tensor, Tensor], Tensor]


def cross_entropy(outputs: Tensor, y: Tensor) -> Tensor:
    """-log softmax(outputs)_y; outputs (n, classes), y (n,); returns (n,)."""
    return nn.functional.cross_entropy(outputs, y, reduction="none")


class Objective:
    """l(x, y, theta) of a model, a loss of single samples and theta flat.

    >>> model = nn.Linear(3, 2).double()
    >>> objective = Objective(model)
    >>> x, y = torch.ones(4, 3, dtype=torch.double), torch.tensor([0, 1, 0, 1])
    >>> objective.losses(objective.theta(), x, y).shape
    torch.Size([4])
    """

    def __init__(self, model: nn.Module, loss: Loss = cross_entropy) -> None:
        self.model, self.loss_of = model.eval(), loss
        self.names = [name for name, _ in model.named_parameters()]
        self.shapes = [p.shape for p in model.parameters()]
        self.size = sum(p.numel() for p in model.parameters())

    def theta(self) -> Tensor:
        """The model's parameters, flat and detached: (size,)."""
        return torch.cat([p.detach().reshape(-1) for p in self.model.parameters()])

    def parameters(self, theta: Tensor) -> dict[str, Tensor]:
        """Theta in the model's names and shapes."""
        parts: Sequence[Tensor] = theta.split([s.numel() for s in self.shapes])
        return {n: p.view(s) for n, p, s in zip(self.names, parts, self.shapes, strict=True)}

    def outputs(self, theta: Tensor, x: Tensor) -> Tensor:
        """The model's outputs at x: (n, classes)."""
        found: Any = functional_call(self.model, self.parameters(theta), (x,))
        return found  # type: ignore[no-any-return]

    def losses(self, theta: Tensor, x: Tensor, y: Tensor) -> Tensor:
        """l at each sample: (n,)."""
        return self.loss_of(self.outputs(theta, x), y)

    def mean(self, theta: Tensor, x: Tensor, y: Tensor) -> Tensor:
        """The mean of l over the samples: ()."""
        return self.losses(theta, x, y).mean()
