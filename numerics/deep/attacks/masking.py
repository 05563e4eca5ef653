r"""Alarms for attacks that look strong only because gradients are useless (gradient masking).

.. math:: \bar l_{10\ steps} \le \bar l_{100\ steps}, \quad
          \bar l_\epsilon \le \bar l_{2\epsilon}, \quad
          acc_{strong} \approx acc_{PGD}, \quad \nabla_x l \ne 0.

A sound attack gains from more steps and from a larger ball, which contains the smaller one; where
it does not, its robust accuracy says nothing. No alarm is no proof of robustness.
Source: Athalye et al. 2018, the symptoms; thresholds ours, they are arguments.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from numerics.deep.attacks.ball_and_box import Box
from numerics.deep.attacks.inputs import check_batch
from numerics.deep.attacks.norm_balls import NormBall
from numerics.deep.attacks.pgd import pgd, summed_cross_entropy
from numerics.deep.attacks.quiet import quiet

STEPS, MORE = 10, 100


@dataclass(frozen=True)
class Symptoms:
    """Mean losses and accuracies under attacks; ``alarms`` has a sentence for each symptom."""

    loss: float  # PGD, STEPS steps
    loss_more_steps: float
    loss_larger_ball: float
    loss_random: float  # the best of STEPS random points
    zero_gradients: float  # the share of correctly classified samples
    accuracy: float  # under PGD, STEPS steps
    accuracy_strong: float | None  # None if it was not given
    alarms: tuple[str, ...]


def symptoms(
    model: nn.Module,
    x: Tensor,
    y: Tensor,
    ball: NormBall,
    *,
    box: Box | None = None,
    strong: float | None = None,
    points: float = 0.1,
    slack: float = 0.01,
    seed: int = 0,
) -> Symptoms:
    """Measure; ``strong`` is the robust accuracy of a strong attack on the same samples.

    An alarm where it is ``points`` below PGD's, or where a loss that should rise falls by more
    than the share ``slack``.
    """
    check_batch("masking", x, y)
    step = 2.5 * ball.radius / STEPS
    larger = NormBall(ball.p, 2 * ball.radius)
    generator = torch.Generator().manual_seed(seed)
    with quiet(model):
        first = pgd(model, x, y, ball, STEPS, step, box=box)
        loss, accuracy = _loss_and_accuracy(model, x + first, y)
        more = pgd(model, x, y, ball, MORE, step / 4, box=box, start=first)
        wide = pgd(model, x, y, larger, STEPS, 2 * step, box=box)
        loss_more, loss_wide = (_loss_and_accuracy(model, x + d, y)[0] for d in (more, wide))
        drawn = [pgd(model, x, y, ball, 0, 0.0, box=box, start=generator) for _ in range(STEPS)]
        at_random = torch.stack([_losses(model, x + d, y) for d in drawn]).amax(0)
        zero = _zero_gradients(model, x, y)
    found = (loss, loss_more, loss_wide, float(at_random.mean()), zero, accuracy, strong)
    return Symptoms(*found, alarms=tuple(_alarms(*found, points=points, slack=slack)))


def _alarms(
    loss: float, more: float, wide: float, random: float, zero: float, accuracy: float,
    strong: float | None, points: float, slack: float,
) -> list[str]:  # fmt: skip
    floor = loss - slack * abs(loss) - 1e-6
    said = []
    if more < floor:
        said.append(f"{MORE} further steps lower the loss from {loss:.3g} to {more:.3g}")
    if wide < floor:
        said.append(f"a ball twice as large lowers the loss from {loss:.3g} to {wide:.3g}")
    if random > loss + slack * abs(loss) + 1e-6:
        said.append(f"random points reach the loss {random:.3g}, PGD only {loss:.3g}")
    if zero > slack:
        said.append(f"the gradient is 0 at {zero:.0%} of the correctly classified samples")
    if strong is not None and strong < accuracy - points:
        said.append(f"a strong attack leaves {strong:.1%} correct, PGD {accuracy:.1%}")
    return said


@torch.no_grad()
def _losses(model: nn.Module, x: Tensor, y: Tensor) -> Tensor:
    return nn.functional.cross_entropy(model(x).double(), y, reduction="none")


@torch.no_grad()
def _loss_and_accuracy(model: nn.Module, x: Tensor, y: Tensor) -> tuple[float, float]:
    outputs = model(x).double()
    loss = nn.functional.cross_entropy(outputs, y)
    return float(loss), float((outputs.argmax(1) == y).double().mean())


def _zero_gradients(model: nn.Module, x: Tensor, y: Tensor) -> float:
    """The share of correctly classified samples whose gradient is exactly 0."""
    with torch.enable_grad():
        point = x.detach().clone().requires_grad_(True)
        outputs = model(point)
        gradient = torch.autograd.grad(summed_cross_entropy(outputs, y), point)[0]
    correct = outputs.argmax(1) == y
    if not bool(correct.any()):
        return 0.0
    return float((gradient[correct].flatten(1) == 0).all(1).double().mean())
