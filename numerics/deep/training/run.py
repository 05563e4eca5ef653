"""What a training run gives back, and what hooks see along it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from numerics.deep.training.counts import Counts
from numerics.deep.training.settings import Settings


@dataclass(frozen=True)
class Run:
    """A finished run.

    ``model`` is the judged model (averaged where the method averages) in evaluation mode;
    ``best`` its state at the best robust validation accuracy. ``history`` has one row a pass over
    the data. ``stopped`` names the limit that ended the run: ``epochs``, ``budget_gradients``,
    ``budget_steps`` or ``patience``.
    """

    model: nn.Module
    history: list[dict[str, Any]]
    counts: Counts
    seconds: float
    stopped: str
    settings: Settings
    best: dict[str, Tensor] | None

    @property
    def gradients(self) -> int:
        """Gradient evaluations of all kinds that the run used."""
        return self.counts.gradients


@dataclass(frozen=True)
class Moment:
    """The end of a pass over the data: what a hook gets. It must not change the model."""

    epoch: int
    model: nn.Module
    counts: Counts
    row: Mapping[str, Any]


Hook = Callable[[Moment], Mapping[str, Any] | None]
"""hook(moment) -> numbers for the row, or None; may raise ``TrainingStopped``."""
