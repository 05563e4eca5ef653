r"""The attack inside training: K ascent steps from a random start, nothing else touched.

.. math:: \delta \approx \arg\max_{\|\delta\|_p \le \epsilon} \sum_i l(x_i+\delta_i, t_i, \theta),

with t the labels, or soft labels (TRADES: the model's own probabilities, where the maximum of the
cross entropy is that of the divergence). Parameters take no gradients meanwhile, running
statistics are put back, and every process draws the random start of the global batch and keeps
its own block, so that the number of processes does not change the run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from numerics.deep.attacks.norm_balls import NormBall
from numerics.deep.attacks.pgd import pgd
from numerics.deep.training.distributed import Processes
from numerics.deep.training.settings import Settings

Outputs = Callable[[Tensor], Tensor]
Attack = Callable[[Outputs, Tensor, Tensor, NormBall, Tensor], Tensor]
"""attack(f, x, targets, ball, start) -> delta, all of x's shape."""


def ascent(settings: Settings, box: tuple[float, float] | None) -> Attack:
    """The projected gradient attack of the settings; the step shrinks with the ball."""

    def attack(f: Outputs, x: Tensor, targets: Tensor, ball: NormBall, start: Tensor) -> Tensor:
        def loss(outputs: Tensor, _: Tensor) -> Tensor:
            return nn.functional.cross_entropy(outputs, targets, reduction="sum")

        y = targets.argmax(1) if targets.is_floating_point() else targets
        steps, step = settings.attack_steps, settings.step_size(ball.radius)
        found: Tensor = pgd(f, x, y, ball, steps, step, box=box, start=start, loss=loss)
        return found

    return attack


def random_start(x: Tensor, ball: NormBall, draw: torch.Generator, processes: Processes) -> Tensor:
    """A point uniform in the ball for each sample of this process's block."""
    everywhere = x.new_empty((len(x) * processes.world, *x.shape[1:]))
    return processes.block(ball.uniform(everywhere, draw))


@contextmanager
def parameters_frozen(model: nn.Module) -> Iterator[None]:
    """No gradients to the parameters within: a third of the work of every attack step."""
    wanted = [p for p in model.parameters() if p.requires_grad]
    for p in wanted:
        p.requires_grad_(False)
    try:
        yield
    finally:
        for p in wanted:
            p.requires_grad_(True)
