r"""Averages of the weights along a run, judged instead of the weights themselves.

Averaging alone gains points under adversarial training, so it belongs to EnSGD's controls. The
averaged model has no running statistics of its own: they are estimated anew, at attacked inputs
where the run attacks, from batches of the same data (counted as ``extra``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel

from numerics.deep.training import batch_norm
from numerics.deep.training.method import Around, Draw
from numerics.deep.training.workspace import Gradient, Workspace

BATCHES = 50  # for running statistics: at batch 128 the mean's relative error is about 1 %
Rule = Callable[[Any, Any, Any], None]


class Averaging(Around):
    """Trains as the base does; ``due`` says after which steps the average takes the weights."""

    def __init__(
        self, work: Workspace, base: str | Mapping[str, Any], rule: Rule | None = None
    ) -> None:
        super().__init__(work, base)
        self.average = AveragedModel(work.model, multi_avg_fn=rule)

    def due(self) -> bool:
        """Whether the step just done enters the average."""
        raise NotImplementedError

    def step(self, draw: Draw) -> Gradient:
        """The base's step, then perhaps the average."""
        found = self.base.step(draw)
        if self.due():
            self.average.update_parameters(self.work.model)
        return found

    def evaluated(self) -> nn.Module:
        """The averaged model; the base's where nothing was averaged yet."""
        if not int(self.average.n_averaged):
            return self.base.evaluated()
        found: nn.Module = self.average.module
        if batch_norm.layers(found):
            self._estimate_anew(found)
        return found

    def _estimate_anew(self, model: nn.Module) -> None:
        """Statistics at attacked batches; the attack itself meets the trained model's."""
        with torch.no_grad():
            for mine, trained in zip(model.buffers(), self.work.model.buffers(), strict=True):
                mine.copy_(trained)
        last = self.work.counts.drawn
        numbers = range(max(0, last - BATCHES), last)
        inputs = [self.work.attacked_again(model, n, self.attacks) for n in numbers]
        batch_norm.estimate_anew(model, inputs)
        self.work.processes.average_([b for b in model.buffers() if b.is_floating_point()])
        self.work.counts.extra += len(inputs)

    def state_dict(self) -> dict[str, Any]:
        """The base's state and the average."""
        return {**super().state_dict(), "average": self.average.state_dict()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a state."""
        super().load_state_dict(state)
        self.average.load_state_dict(state["average"])
