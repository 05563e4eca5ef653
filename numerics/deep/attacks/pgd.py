r"""Projected gradient ascent on the loss, the attack of adversarial training.

.. math:: \delta \leftarrow P_K(\delta + \alpha\, v(\nabla_x l(x+\delta, y))), \qquad
          v \text{ the steepest direction of the norm.}

K is the ball, or ball and box. x (n, *shape), y (n,); ``step`` and the radius in the unit of x;
returns delta (n, *shape), in the type of x. The cost is ``steps`` forward passes and backward
passes to the input, and little else. No certificate: how far delta is from a maximiser is for
``certified.py`` to say. Source: Madry et al. 2018; the projection on ball and box is ours.

>>> model = torch.nn.Linear(2, 2)
>>> x, y = torch.zeros(1, 2), torch.tensor([0])
>>> float(NormBall(2, 0.5).size(pgd(model, x, y, NormBall(2, 0.5), steps=3, step=0.5)))
0.5
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from numerics.deep.attacks.ball_and_box import BallAndBox, Box
from numerics.deep.attacks.inputs import check_batch, check_start
from numerics.deep.attacks.norm_balls import NormBall
from numerics.deep.attacks.quiet import quiet
from numerics.sentences import Malformed

SummedLoss = Callable[[Tensor, Tensor], Tensor]


def summed_cross_entropy(outputs: Tensor, y: Tensor) -> Tensor:
    """Summed, so that the gradient of a sample does not shrink with the batch."""
    return cross_entropy(
        outputs.to(torch.promote_types(outputs.dtype, torch.float32)), y, reduction="sum"
    )


def pgd(
    f: Callable[[Tensor], Tensor],
    x: Tensor,
    y: Tensor,
    ball: NormBall,
    steps: int,
    step: float,
    *,
    box: Box | None = None,
    start: Tensor | torch.Generator | None = None,
    loss: SummedLoss = summed_cross_entropy,
    autocast: torch.dtype | None = None,
    evaluation: bool = True,
) -> Tensor:
    """Delta after ``steps`` steps from ``start``: a tensor, a generator (uniform in the ball) or 0.

    ``autocast=torch.bfloat16`` runs the model in that type; the iterate keeps the type of x. The
    model's mode, flags and gradients are as before; ``evaluation=False`` attacks it in the mode it
    is in. Raises ``Malformed`` for wrong shapes and for losses that are not finite.
    """
    check_batch("pgd", x, y)
    if steps < 0 or not step >= 0:
        raise Malformed(f"pgd: {steps} steps of {step}, expected two numbers >= 0")
    x = x.detach()
    region = ball if box is None else BallAndBox(ball, x, *box)
    delta = region.project(_start(start, x, ball))
    total = torch.zeros((), device=x.device)
    with quiet(f, evaluation), torch.enable_grad():
        for _ in range(steps):
            value, gradient = _ascent(f, x + delta, y, loss, autocast)
            total += value
            delta = region.project(delta.add_(region.dual_direction(gradient), alpha=step))
    if not bool(torch.isfinite(total)):  # asked once: each answer waits for the device
        raise Malformed("pgd: the loss became NaN or infinite, expected finite losses")
    return delta


def _start(start: Tensor | torch.Generator | None, x: Tensor, ball: NormBall) -> Tensor:
    if start is None:
        return torch.zeros_like(x)
    if isinstance(start, torch.Generator):
        return ball.uniform(x, start)
    check_start("pgd", start, x)
    return start.detach().to(x, copy=True)


def _ascent(
    f: Callable[[Tensor], Tensor],
    point: Tensor,
    y: Tensor,
    loss: SummedLoss,
    autocast: torch.dtype | None,
) -> tuple[Tensor, Tensor]:
    point.requires_grad_(True)
    context: Any = torch.autocast(point.device.type, autocast) if autocast else nullcontext()
    with context:
        outputs = f(point)
    value = loss(outputs, y)
    return value.detach(), torch.autograd.grad(value, point)[0]
