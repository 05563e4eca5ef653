r"""What a method works with: the model, its optimiser, the attack, and the counting of passes.

Methods never call ``backward``: ``gradient`` returns the tensors of

.. math:: g = \nabla_\theta \frac1n\sum_i l_i,

averaged over the processes, and ``delta`` returns a worst perturbation of the mini-batch. Both
count their passes.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from numerics.deep.attacks.norm_balls import NormBall
from numerics.deep.training import alarms, batch_norm, schedule
from numerics.deep.training.batches import Batches
from numerics.deep.training.counts import Counts
from numerics.deep.training.distributed import Processes
from numerics.deep.training.inner_attack import Attack, Outputs, parameters_frozen, random_start
from numerics.deep.training.settings import Settings
from numerics.deep.training.tally import Tally
from numerics.sentences import Malformed

Closure = Callable[[], tuple[Tensor, Tensor]]
"""() -> the mean loss (), the outputs (n, classes) that the row of the history is about."""


@dataclass(frozen=True)
class Gradient:
    """The mean loss () and its gradient, one tensor a parameter."""

    loss: Tensor
    tensors: list[Tensor]


class Workspace:
    """Model, optimiser, attack and counts of one run on one device."""

    def __init__(
        self,
        settings: Settings,
        model: nn.Module,
        attack: Attack,
        generator: torch.Generator,
        processes: Processes,
        batches: Batches,
        classes: int,
    ) -> None:
        self.settings, self.model, self.attack = settings, model, attack
        self.generator, self.processes, self.batches = generator, processes, batches
        self.parameters = [p for p in model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.SGD(
            self.parameters,
            lr=settings.lr,
            momentum=settings.momentum,
            nesterov=settings.nesterov,
            weight_decay=settings.weight_decay,
        )
        self.forward: Callable[[Tensor], Tensor] = model
        if settings.compile:
            self.forward = torch.compile(model)
        self.counts, self.tally = Counts(), Tally(classes, self.parameters[0].device)
        self.radius, self.lr, self.used = settings.radius, settings.lr, 0.0
        self.look = True  # the next attack is looked at by the alarms

    def outputs(self, x: Tensor, dtype: str | None = None) -> Tensor:
        """The model's outputs in the run's precision, or in another; float32 at least."""
        found = dtype or self.settings.dtype
        cast: Any = nullcontext()
        if found == "bf16":
            cast = torch.autocast(x.device.type, dtype=torch.bfloat16)
        with cast:
            outputs = self.forward(x)
        return outputs.float() if outputs.dtype == torch.bfloat16 else outputs

    def loss(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """The mean cross entropy and the outputs."""
        outputs = self.outputs(x)
        return nn.functional.cross_entropy(outputs, y), outputs

    def gradient(
        self, closure: Closure, y: Tensor | None = None, passes: int = 1, probe: bool = False
    ) -> Gradient:
        """The gradient of the closure's loss; given the labels y, the tally sees the outputs.

        A probe leaves the running statistics as they were.
        """
        with batch_norm.still(self.model) if probe else nullcontext():
            loss, outputs = closure()
            tensors = torch.autograd.grad(loss, self.parameters, materialize_grads=True)
        self.processes.average_(tensors)
        self.counts.parameters += passes
        if y is not None:
            self.tally.add(loss.detach(), outputs.detach(), y)
        return Gradient(loss.detach(), list(tensors))

    def draw(self) -> tuple[Tensor, Tensor]:
        """The next mini-batch of this process, in the run's memory format."""
        found = self.batch(self.counts.drawn)
        self.counts.drawn += 1
        self.radius = schedule.radius(self.settings, self.counts.drawn, self.batches.per_epoch)
        return found

    def batch(self, number: int) -> tuple[Tensor, Tensor]:
        """Mini-batch ``number`` of the run."""
        x, y = self.batches.batch(number)
        if self.settings.channels_last and x.dim() == 4:
            x = x.contiguous(memory_format=torch.channels_last)
        return x, y

    def delta(self, x: Tensor, y: Tensor, soft: Tensor | None = None) -> Tensor:
        """A worst perturbation at the present radius, for labels y or soft labels: x's shape."""
        if self.radius == 0 or self.settings.attack_steps == 0:
            return torch.zeros_like(x)
        before = alarms.buffers(self.model) if self.look else None
        found = self._solve(self.model, self._attacked, x, y, soft, self.generator)
        if before is not None:
            alarms.attack_was_clean(
                self.model, before, found, NormBall(self.settings.p, self.radius)
            )
            self.look = False
        self.counts.inputs += self.settings.attack_steps
        return found

    def attacked_again(self, model: nn.Module, number: int, attacked: bool) -> Tensor:
        """Inputs of a past mini-batch, attacked at another model, without touching the run."""
        x, y = self.batch(number)
        if not attacked or self.radius == 0 or self.settings.attack_steps == 0:
            return x
        generator = torch.Generator(x.device).manual_seed(number)
        self.counts.extra += self.settings.attack_steps
        return x + self._solve(model, model, x, y, None, generator)

    def _solve(
        self,
        model: nn.Module,
        f: Outputs,
        x: Tensor,
        y: Tensor,
        soft: Tensor | None,
        generator: torch.Generator,
    ) -> Tensor:
        ball = NormBall(self.settings.p, self.radius)
        start = random_start(x, ball, generator, self.processes)
        training = self.settings.attack_mode == "train"
        kept: Any = batch_norm.still(model) if training else nullcontext()
        with batch_norm.mode(model, training), parameters_frozen(model), kept:
            try:
                found = self.attack(f, x, y if soft is None else soft, ball, start)
            except Malformed as problem:  # pgd refuses losses that are not finite
                if bool(torch.isfinite(f(x)).all()):
                    raise
                raise alarms.not_finite("outputs", self.counts.steps) from problem
        return found.detach()

    def _attacked(self, x: Tensor) -> Tensor:
        return self.outputs(x, self.settings.attack_dtype)

    def noise_like(self, tensors: list[Tensor], scale: float) -> list[Tensor]:
        """Independent Gaussians of a standard deviation, one tensor for each."""
        return [self._normal(t) * scale for t in tensors]

    def _normal(self, like: Tensor) -> Tensor:
        return torch.randn(
            like.shape, generator=self.generator, device=like.device, dtype=like.dtype
        )

    def apply(self, gradient: Gradient) -> None:
        """One step of the optimiser along a gradient."""
        for p, g in zip(self.parameters, gradient.tensors, strict=True):
            p.grad = g
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
