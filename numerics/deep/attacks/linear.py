r"""The exact attack on linear models, for every norm.

.. math:: \min_{\|\delta\|_p\le\epsilon} \langle w_y - w_j, x+\delta\rangle + b_y - b_j
          = \langle w_y - w_j, x\rangle + b_y - b_j - \epsilon\|w_y - w_j\|_q.

For two classes the minimiser maximises every loss that decreases in the margin; for more, each
class j has its own. weight (classes, d), bias (classes,), x (n, d), y (n,). No box.
Source: Kanai et al. 2021, binary linear case; more classes by the same duality.

>>> W, b = torch.tensor([[1.0, 0.0], [0.0, 0.0]]), torch.zeros(2)
>>> worst_margins(W, b, torch.tensor([[2.0, 0.0]]), torch.tensor([0]), NormBall(2, 0.5))
tensor([[   inf, 1.5000]])
"""

from __future__ import annotations

import torch
from torch import Tensor

from numerics.deep.attacks.inputs import check_batch
from numerics.deep.attacks.norm_balls import NormBall, norm
from numerics.sentences import Malformed


def _differences(weight: Tensor, y: Tensor) -> Tensor:
    """w_y - w_j: (n, classes, d)."""
    return weight[y][:, None] - weight[None]


def worst_margins(weight: Tensor, bias: Tensor, x: Tensor, y: Tensor, ball: NormBall) -> Tensor:
    """The least margin of y over each other class within the ball: (n, classes), inf at y."""
    check_batch("linear attack", x, y)
    towards = _differences(weight, y)
    plain = (towards * x[:, None]).sum(-1) + bias[y][:, None] - bias
    sizes = norm(towards.flatten(0, 1), ball.dual).view_as(plain)
    return (plain - ball.radius * sizes).scatter(1, y[:, None], torch.inf)


def robust(weight: Tensor, bias: Tensor, x: Tensor, y: Tensor, ball: NormBall) -> Tensor:
    """Which samples keep their class in the whole ball: (n,) bool."""
    return (worst_margins(weight, bias, x, y, ball) > 0).all(1)


def attack(weight: Tensor, x: Tensor, y: Tensor, ball: NormBall) -> Tensor:
    """The worst perturbation of a two-class model: (n, d)."""
    check_batch("linear attack", x, y)
    if len(weight) != 2:
        raise Malformed(
            f"linear attack: {len(weight)} classes, expected 2 (for more, use worst_margins)"
        )
    return ball.radius * ball.dual_direction(weight[1 - y] - weight[y])
