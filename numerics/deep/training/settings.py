r"""Everything that decides a training run, as one frozen value.

Training ends at the first limit reached: ``epochs`` (passes over the data), ``budget_gradients``
(forward and backward passes over a mini-batch, to parameters or to inputs) or ``budget_steps``
(outer steps). Rates follow the fraction of the nearest limit that is used up.

Units: ``radius`` and ``attack_step`` in units of the data; ``warmup_epochs`` in passes over the
data; ``milestones`` in fractions of the run.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from numerics.sentences import Malformed, did_you_mean

CHOICES = {
    "schedule": ("piecewise", "cosine", "constant"),
    "dtype": ("float32", "bf16", "float64"),
    "attack_dtype": (None, "float32", "bf16", "float64"),
    "attack_mode": ("eval", "train"),
    "augment": ("none", "crop_flip"),
}
AT_LEAST_ONE = (
    "epochs",
    "budget_gradients",
    "budget_steps",
    "batch",
    "patience",
    "validate_every",
    "collapse_after",
)
NOT_NEGATIVE = ("radius", "attack_step", "lr", "momentum", "weight_decay", "warmup_epochs")
WHOLE = (*AT_LEAST_ONE, "attack_steps", "evaluation_steps", "seed")


@dataclass(frozen=True)
class Settings:
    """A training run; validated where it is made.

    >>> Settings(epochs=2, radius=0.5, attack_steps=5).step_size(0.5)
    0.25
    """

    model: str = "mlp"
    model_options: Mapping[str, Any] = field(default_factory=dict)
    data: str = "digits"
    method: str = "adversarial"
    options: Mapping[str, Any] = field(default_factory=dict)
    p: float = math.inf
    radius: float = 0.1
    attack_steps: int = 10
    attack_step: float | None = None  # None: 2.5 radius / attack_steps
    attack_mode: str = "eval"
    attack_dtype: str | None = None  # None: that of training
    box: bool = True  # the attack keeps to the range of the data, where it has one
    epochs: int | None = None
    budget_gradients: int | None = None
    budget_steps: int | None = None
    batch: int = 128
    lr: float = 0.1
    momentum: float = 0.9
    nesterov: bool = False
    weight_decay: float = 5e-4
    schedule: str = "piecewise"
    milestones: tuple[float, ...] = (0.5, 0.75)
    factor: float = 0.1
    warmup_epochs: float = 0.0  # the radius grows linearly from 0 over these
    augment: str = "none"
    seed: int = 0
    dtype: str = "float32"
    deterministic: bool = True
    channels_last: bool = False
    compile: bool = False  # a cold compilation costs more than most small runs
    tf32: bool = False
    patience: int | None = None  # validations without a better robust accuracy
    validate_every: int = 1
    evaluation_steps: int = 20
    collapse_after: int = 200  # mini-batches as a constant predictor that end the run

    def __post_init__(self) -> None:
        """Refuse what no run can mean."""
        object.__setattr__(self, "milestones", tuple(self.milestones))
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise _wrong(self, name, f"one of {', '.join(map(str, choices))}")
        for name in WHOLE:
            _check_whole(self, name)
        for name in NOT_NEGATIVE:
            _check_not_negative(self, name)
        if not (_is_number(self.p) and self.p >= 1):
            raise _wrong(self, "p", "a number of at least 1, or inf")
        if self.epochs is None and self.budget_gradients is None and self.budget_steps is None:
            raise Malformed("Settings: expected epochs, budget_gradients or budget_steps")

    def step_size(self, radius: float) -> float:
        """The attack's step at a radius: it shrinks with the radius in the warm-up."""
        full = self.attack_step
        if full is None:
            full = 2.5 * self.radius / max(self.attack_steps, 1)
        return full * (radius / self.radius) if self.radius else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Plain values only, for checkpoints and records."""
        return {**asdict(self), "milestones": list(self.milestones)}


def from_dict(values: Mapping[str, Any]) -> Settings:
    """Settings from plain values; an unknown name is a sentence, not a guess.

    >>> from_dict({"epochs": 1, "lr": 0.5}).lr
    0.5
    """
    names = [f.name for f in fields(Settings)]
    for name in values:
        if name not in names:
            raise Malformed(
                f"Settings: {name} is not a setting{did_you_mean(name, names)}; "
                f"expected one of {', '.join(names)}"
            )
    return Settings(**values)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _wrong(settings: Settings, name: str, expected: str) -> Malformed:
    return Malformed(f"Settings: {name} = {getattr(settings, name)!r}: expected {expected}")


def _check_whole(settings: Settings, name: str) -> None:
    value, least = getattr(settings, name), int(name in AT_LEAST_ONE)
    if value is None and name in (*AT_LEAST_ONE[:3], "patience"):
        return
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise _wrong(settings, name, f"a whole number of at least {least}")


def _check_not_negative(settings: Settings, name: str) -> None:
    value = getattr(settings, name)
    if value is None and name == "attack_step":
        return
    if not (_is_number(value) and 0 <= value < math.inf):
        raise _wrong(settings, name, "a finite number of at least 0")
