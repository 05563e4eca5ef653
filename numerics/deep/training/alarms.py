r"""What goes wrong silently in adversarial training, said aloud.

* a constant predictor: loss at or above the entropy of the labels (ln classes), one class
  predicted all over a mini-batch, for some passes over the data at full radius;
* NaN or infinite gradients;
* an attack that changes running statistics (it ran in training mode), leaves gradients on
  parameters, or leaves its ball;
* gradient masking: an attack of another kind finds much more than the one trained against.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from numerics.deep.attacks.norm_balls import NormBall
from numerics.deep.training.stopped import TrainingStopped

PASSES = 3  # over the data at full radius that a constant predictor is given at least
CONSTANT = 0.999  # share of one class among the predictions of a mini-batch
SLACK = 1e-3  # relative: float32 projections, and bf16 nowhere in the iterate


def entropy(y: Tensor) -> float:
    """That of the labels' frequencies: the least loss of a constant predictor; ln classes if even.

    >>> round(entropy(torch.tensor([0, 1, 2, 3])), 4)  # ln 4
    1.3863
    """
    shares = torch.bincount(y).double() / len(y)
    shares = shares[shares > 0]
    return float(-(shares * shares.log()).sum())


def collapsed(
    rows: list[dict[str, Any]], labels_entropy: float, radius: float, batches: int
) -> bool:
    """Whether all rows over the last ``batches`` mini-batches are those of a constant predictor.

    Networks start as constant predictors, so fewer batches at the full radius say nothing.
    """
    streak = [row["drawn"] for row in rows]
    for row in reversed(rows):
        if not _is_constant(row, labels_entropy, radius):
            break
        streak.pop()
    before = streak[-1] if streak else 0
    return len(rows) - len(streak) >= PASSES and rows[-1]["drawn"] - before >= batches


def _is_constant(row: Mapping[str, Any], labels_entropy: float, radius: float) -> bool:
    guessing = row["constant"] >= CONSTANT and row["loss"] >= 0.99 * labels_entropy
    return bool(guessing and row["radius"] >= radius)


def collapse(
    rows: list[dict[str, Any]], labels_entropy: float, radius: float, batches: int
) -> None:
    """Raise for a constant predictor."""
    if collapsed(rows, labels_entropy, radius, batches):
        raise TrainingStopped(
            f"training collapsed to a constant predictor by pass {rows[-1]['epoch']}: loss "
            f"{rows[-1]['loss']:.4f} against {labels_entropy:.4f} of guessing, expected less; "
            "try warmup_epochs or a smaller radius or lr",
            reason="collapse",
        )


def not_finite(what: str, step: int) -> TrainingStopped:
    """The sentence on NaN or infinity."""
    return TrainingStopped(
        f"training step {step}: {what} NaN or infinite, expected finite numbers; try a smaller lr",
        reason="nan",
    )


Before = tuple[list[tuple[str, Tensor]], list[bool]]


def buffers(model: nn.Module) -> Before:
    """What an attack must leave as it was: running statistics, and no gradients where were none."""
    return (
        [(name, b.detach().clone()) for name, b in model.named_buffers()],
        [p.grad is None for p in model.parameters()],
    )


def attack_was_clean(model: nn.Module, before: Before, delta: Tensor, ball: NormBall) -> None:
    """Raise if the attack changed the model or left its ball."""
    now = dict(model.named_buffers())
    changed = [name for name, old in before[0] if not torch.equal(now[name], old)]
    if changed:
        raise TrainingStopped(
            f"the attack changed {changed[0]}: expected it to run with batch statistics fixed "
            "(model.eval())",
            reason="attack",
        )
    if any(
        p.grad is not None for p, bare in zip(model.parameters(), before[1], strict=True) if bare
    ):
        raise TrainingStopped(
            "the attack left gradients on the parameters: expected autograd.grad to the input",
            reason="attack",
        )
    largest = float(ball.size(delta).max())
    if not largest <= ball.radius * (1 + SLACK):
        raise TrainingStopped(
            f"the attack returned a perturbation of norm {largest:.6g}: "
            f"expected at most {ball.radius:.6g}",
            reason="attack",
        )


Accuracy = Callable[[nn.Module], float]


def gradient_masking(
    weak: Accuracy, strong: Accuracy, every: int = 10, most: float = 0.1, stop: bool = False
) -> Callable[[Any], Mapping[str, float]]:
    """A hook: every so many passes, the robust accuracies by two attacks and their difference.

    ``weak`` and ``strong`` map a model to an accuracy, as PGD and APGD-T do. With ``stop``, a
    difference above ``most`` ends the training.
    """

    def hook(moment: Any) -> Mapping[str, float]:
        if moment.epoch % every:
            return {}
        overstated, true = weak(moment.model), strong(moment.model)
        gap = overstated - true
        if stop and gap > most:
            raise TrainingStopped(
                f"pass {moment.epoch}: robust accuracy {overstated:.3f} by the weak attack and "
                f"{true:.3f} by the strong one, expected a difference of at most {most:g} "
                "(gradient masking)",
                reason="masking",
            )
        return {"robust_weak": overstated, "robust_strong": true, "masking": gap}

    return hook
