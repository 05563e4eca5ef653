r"""Accuracies of a model during training: clean, and under PGD of the evaluation's steps.

For watching a run and for early stopping; final numbers need stronger attacks
(``numerics.deep.attacks.strong``). Always in full precision, evaluation mode, a fixed seed.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from numerics.deep.attacks.norm_balls import NormBall
from numerics.deep.attacks.pgd import pgd
from numerics.deep.training import batch_norm
from numerics.deep.training.settings import Settings

ROWS = 1000  # samples at once


def accuracies(
    model: nn.Module,
    x: Tensor,
    y: Tensor,
    settings: Settings,
    box: tuple[float, float] | None,
) -> dict[str, float]:
    """``clean`` and ``robust`` shares of samples classified rightly; x (n, *shape), y (n,)."""
    right = torch.zeros(2, dtype=torch.long)
    generator = torch.Generator(x.device).manual_seed(settings.seed)
    with batch_norm.mode(model, training=False):
        for rows in torch.arange(len(x)).split(ROWS):
            xs, ys = x[rows], y[rows]
            right[0] += _right(model, xs, ys)
            right[1] += _right(model, _attacked(model, xs, ys, settings, box, generator), ys)
    clean, robust = (right / len(x)).tolist()
    return {"clean": clean, "robust": robust}


@torch.no_grad()
def _right(model: nn.Module, x: Tensor, y: Tensor) -> int:
    return int((model(x).argmax(1) == y).sum())


def _attacked(
    model: nn.Module,
    x: Tensor,
    y: Tensor,
    settings: Settings,
    box: tuple[float, float] | None,
    generator: torch.Generator,
) -> Tensor:
    if not settings.radius:
        return x
    ball, step = NormBall(settings.p, settings.radius), settings.step_size(settings.radius)
    found: Tensor = pgd(
        model, x, y, ball, settings.evaluation_steps, step, box=box, start=generator
    )
    return x + found
