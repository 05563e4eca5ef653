r"""Training: one loop for all methods, with hooks, alarms, budgets and exact resumption.

>>> from types import SimpleNamespace
>>> x, y = torch.rand(8, 2), torch.tensor([0, 1] * 4)
>>> data = SimpleNamespace(x=x, y=y, classes=2, low=0.0, high=1.0, digest="example")
>>> settings = Settings(method="natural", epochs=3, batch=4)
>>> run = train(settings, data, model=nn.Linear(2, 2))
>>> run.counts.parameters, run.gradients, run.stopped
(6, 6, 'epochs')
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from numerics.deep import models
from numerics.deep.training import alarms, checkpoint, method, schedule, state
from numerics.deep.training.batches import Batches
from numerics.deep.training.distributed import current
from numerics.deep.training.evaluation import accuracies
from numerics.deep.training.inner_attack import Attack, ascent
from numerics.deep.training.modes import interruptions, modes, own_random_state
from numerics.deep.training.run import Hook, Moment, Run
from numerics.deep.training.settings import Settings
from numerics.deep.training.stopped import TrainingStopped
from numerics.deep.training.workspace import Workspace
from numerics.sentences import Malformed

LIMITS = ("epochs", "budget_gradients", "budget_steps")


class Data(Protocol):
    """What is asked of a data set."""

    x: Tensor
    y: Tensor
    classes: int
    low: float | None
    high: float | None
    digest: str


def train(
    settings: Settings,
    train_set: Any,
    validation: Any = None,
    hooks: Sequence[Hook] = (),
    checkpoint: str | Path | None = None,
    device: str | torch.device = "cpu",
    *,
    model: nn.Module | None = None,
    attack: Attack | None = None,
    checkpoint_every: int = 1,
) -> Run:
    """Train as the settings say; continue from ``checkpoint`` where that file exists.

    ``model`` and ``attack`` replace those of the settings; the model is trained in place. The
    checkpoint is written every so many passes over the data, at an interruption and at the end.
    Raises ``TrainingStopped`` with the history so far (collapse, NaN, a wrong attack,
    interruption) and ``Malformed`` for settings, data or checkpoints that cannot be used.
    """
    place, path = torch.device(device), Path(checkpoint) if checkpoint else None
    with modes(settings, place), interruptions() as interrupted:
        loop = Loop(settings, train_set, validation, place, model, attack)
        if path is not None and path.exists():
            loop.resume(path)
        try:
            while not loop.ended():
                loop.step()
                if loop.crossed:
                    loop.close_row(hooks)
                    loop.keep(path, checkpoint_every)
                if loop.work.processes.any(interrupted(), place):
                    loop.keep(path)
                    raise loop.interruption(path)
            loop.close_row(hooks)
            loop.keep(path)
        except TrainingStopped as stopped:
            stopped.history = loop.history
            raise
        return loop.run()


class Loop:
    """One run in progress."""

    def __init__(
        self,
        settings: Settings,
        train_set: Data,
        validation: Data | None,
        device: torch.device,
        model: nn.Module | None,
        attack: Attack | None,
    ) -> None:
        self.settings, self.validation, self.device = settings, validation, device
        self.digest, processes = train_set.digest, current()
        double = torch.float64 if settings.dtype == "float64" else torch.float32
        x, y = train_set.x.to(device, double), train_set.y.to(device)
        batches = Batches(
            x, y, settings.batch, settings.seed, settings.augment != "none", processes
        )
        self.box = _box(settings, train_set)
        self.work = Workspace(
            settings,
            _model(settings, train_set, model).to(device, double),
            attack or ascent(settings, self.box),
            torch.Generator(device).manual_seed(settings.seed + 1),
            processes,
            batches,
            train_set.classes,
        )
        self.method = method.build(settings.method, self.work, settings.options)
        self.labels_entropy = alarms.entropy(y)
        self.history: list[dict[str, Any]] = []
        self.best: dict[str, Tensor] | None = None
        self.largest, self.crossed = 0, False
        self.seconds_before, self.started = 0.0, time.perf_counter()

    def ended(self) -> str | None:
        """The name of the limit that is reached, if one is."""
        counts, s = self.work.counts, self.settings
        self.work.used = schedule.used_up(s, counts, self.work.batches.per_epoch)
        if s.patience is not None and self._stale() >= s.patience:
            return "patience"
        if s.budget_gradients is not None and counts.gradients + self.largest > s.budget_gradients:
            return "budget_gradients"  # the next step would exceed it
        if self.work.used < 1:
            return None
        done = (counts.drawn / self.work.batches.per_epoch, counts.gradients, counts.steps)
        limits = ((name, getattr(s, name)) for name in LIMITS)
        pairs = zip(limits, done, strict=True)
        return next(name for (name, most), n in pairs if most is not None and n >= most)

    def step(self) -> None:
        """One outer step of the method at the rate of the moment."""
        work, before = self.work, self.work.counts.gradients
        epoch = work.counts.drawn // work.batches.per_epoch
        work.lr = self.settings.lr * schedule.multiple(self.settings, work.used)
        for group in work.optimizer.param_groups:
            group["lr"] = work.lr
        work.model.train()
        found = self.method.step(work.draw)
        work.counts.steps += 1
        self._check_finite(found.tensors)
        self.largest = max(self.largest, work.counts.gradients - before)
        self._check_budget()
        self.crossed = work.counts.drawn // work.batches.per_epoch > epoch

    def _check_finite(self, tensors: list[Tensor]) -> None:
        often = 1 if self.device.type == "cpu" else 50  # each look waits for the device
        if self.work.counts.steps % often == 0 or self.work.counts.steps == 1:
            sizes = torch.stack([torch.linalg.vector_norm(t) for t in tensors])
            if not math.isfinite(float(sizes.sum())):
                raise alarms.not_finite("the gradient is", self.work.counts.steps)

    def _check_budget(self) -> None:
        budget, used = self.settings.budget_gradients, self.work.counts.gradients
        if budget is not None and used > budget:
            raise Malformed(
                f"Settings: budget_gradients = {budget}: expected at least {used}, "
                f"one step of {self.settings.method}"
            )

    def close_row(self, hooks: Sequence[Hook]) -> None:
        """End a row of the history, unless nothing was done since the last."""
        work, counts = self.work, self.work.counts
        if self.history and self.history[-1]["steps"] == counts.steps:
            return
        work.processes.average_([b for b in work.model.buffers() if b.is_floating_point()])
        row: dict[str, Any] = {
            "epoch": counts.drawn // work.batches.per_epoch,
            "lr": work.lr,
            "radius": work.radius,
            **work.tally.row(work.processes),
        }
        if not math.isfinite(row["loss"]):
            raise alarms.not_finite("the loss is", counts.steps)
        work.look = True
        with own_random_state(self.device):
            judged = self.method.evaluated().eval()
            self._validate(judged, row)
            self.history.append({**row, **counts.as_dict(), "seconds": self.seconds()})
            self._ask(hooks, judged)
        work.model.train()
        s = self.settings
        alarms.collapse(self.history, self.labels_entropy, s.radius, s.collapse_after)

    def _validate(self, judged: nn.Module, row: dict[str, Any]) -> None:
        data = self.validation
        if data is None or row["epoch"] % self.settings.validate_every:
            return
        dtype = self.work.parameters[0].dtype
        x, y = data.x.to(self.device, dtype), data.y.to(self.device)
        row.update(accuracies(judged, x, y, self.settings, self.box))
        if all(row["robust"] > old["robust"] for old in self.history if "robust" in old):
            self.best = {k: v.detach().clone() for k, v in judged.state_dict().items()}

    def _ask(self, hooks: Sequence[Hook], judged: nn.Module) -> None:
        row = self.history[-1]
        for hook in hooks:
            moment = Moment(row["epoch"], judged, copy.copy(self.work.counts), dict(row))
            row.update(hook(moment) or {})

    def _stale(self) -> int:
        robust = [row["robust"] for row in self.history if "robust" in row]
        return len(robust) - 1 - robust.index(max(robust)) if robust else 0

    def seconds(self) -> float:
        """Seconds at work, those before a resumption included."""
        return self.seconds_before + time.perf_counter() - self.started

    def resume(self, path: Path) -> None:
        """Continue the run in a file."""
        state.put(self, checkpoint.load(path, self.device), path)

    def keep(self, path: Path | None, every: int = 1) -> None:
        """Write the checkpoint, from the first process."""
        if path is None or (self.history and self.history[-1]["epoch"] % every):
            return
        if self.work.processes.rank == 0:
            checkpoint.save(path, state.of(self))
        self.work.processes.wait()

    def interruption(self, path: Path | None) -> TrainingStopped:
        """The sentence on Ctrl-C or SIGTERM."""
        kept = f"the run continues from {path}" if path else "there was no checkpoint to write"
        steps = self.work.counts.steps
        return TrainingStopped(f"interrupted after step {steps}: {kept}", reason="interrupted")

    def run(self) -> Run:
        """The finished run."""
        judged = self.method.evaluated().eval()
        seconds, stopped = self.seconds(), self.ended() or "epochs"
        counts = copy.copy(self.work.counts)
        return Run(judged, self.history, counts, seconds, stopped, self.settings, self.best)


def _box(settings: Settings, data: Data) -> tuple[float, float] | None:
    if not settings.box or data.low is None or data.high is None:
        return None
    return data.low, data.high


def _model(settings: Settings, data: Data, given: nn.Module | None) -> nn.Module:
    shape = tuple(data.x.shape[1:])
    found = given
    if found is None:
        found = models.build(settings.model, shape, data.classes, **settings.model_options)
    return found.to(memory_format=torch.channels_last) if settings.channels_last else found
