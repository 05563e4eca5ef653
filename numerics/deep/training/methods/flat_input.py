r"""Adversarial training with a penalty that flattens the loss in the input.

.. math:: \min_\theta \frac1n\sum_i l(z_i, y_i, \theta) + \beta R_i, \qquad z_i = x_i+\delta_i,

with one of three penalties, g the gradient in the input:

* gradient: :math:`R = \|g(z)\|^2` (Drucker and LeCun 1992);
* curvature: :math:`R = \|g(z + h u) - g(z)\|^2/h^2`, u = g/||g|| held fixed (CURE,
  Moosavi-Dezfooli et al. 2019);
* linearity: :math:`R = |l(z) - l(x) - \langle\delta, g(x)\rangle|` (Qin et al. 2019, here at the
  attack's delta instead of the worst one for the gap).

With radius 0 it is natural training, and the penalties are at the data. Samples must not see each
other, so batch norm is outside its range. A step costs K + 2 gradients, else K + 3, of which those
to the parameters are differentiated twice.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from numerics.deep.training.method import LossMethod, checked
from numerics.deep.training.workspace import Closure, Workspace
from numerics.sentences import Malformed, did_you_mean

PENALTIES = {"gradient": 2, "curvature": 3, "linearity": 3}  # and their passes


class FlatInput(LossMethod):
    """The cross entropy at the attacked data, and ``weight`` times one of the penalties."""

    def __init__(
        self,
        work: Workspace,
        penalty: str = "gradient",
        weight: float = 1.0,
        width: float = 0.1,
    ) -> None:
        super().__init__(work)
        if penalty not in PENALTIES:
            known = ", ".join(PENALTIES)
            near = did_you_mean(penalty, PENALTIES)
            raise Malformed(
                f"method flat_input: penalty {penalty!r}{near}: expected one of {known}"
            )
        self.penalty, self.weight = penalty, checked("weight", weight, 0)
        self.width = checked("width", width, 1e-6)
        self.passes = PENALTIES[penalty] if weight else 1

    def prepare(self, x: Tensor, y: Tensor) -> Closure:
        """The attack at the present weights."""
        delta = self.work.delta(x, y)
        if not self.weight:
            return lambda: self.work.loss(x + delta, y)
        return lambda: self._loss(x, delta, y)

    def _loss(self, x: Tensor, delta: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        losses, outputs, slope = self._at(x + delta, y)
        if self.penalty == "gradient":
            rough = _squares(slope)
        elif self.penalty == "curvature":
            unit = nn.functional.normalize(slope.detach().flatten(1), dim=1).view_as(slope)
            beyond = self._at(x + delta + self.width * unit, y)[2]
            rough = _squares((beyond - slope) / self.width)
        else:
            here, _, slope = self._at(x, y)
            rough = (losses - here - (delta * slope).flatten(1).sum(1)).abs()
        return losses.mean() + self.weight * rough.mean(), outputs

    def _at(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Losses (n,), outputs (n, classes), and the gradient of each in its input, like x."""
        at = x.detach().requires_grad_()
        outputs = self.work.outputs(at)
        losses = nn.functional.cross_entropy(outputs, y, reduction="none")
        (slope,) = torch.autograd.grad(losses.sum(), at, create_graph=True)
        return losses, outputs, slope


def _squares(rows: Tensor) -> Tensor:
    return rows.flatten(1).square().sum(1)
