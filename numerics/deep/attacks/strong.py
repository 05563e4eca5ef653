r"""Robust accuracy under strong attacks: APGD-T, AutoAttack.

.. math:: \frac1n \#\{i : \arg\max_j z_j(x_i + \delta) = y_i \text{ for every } \delta
          \text{ that the attack tried}\}.

An upper estimate of the true robust accuracy. The package ``pyautoattack`` attacks images within
[0, 1] in float32: the box is mapped there (for p = 2 and inf that scales the radius), and inputs
without a box get one so wide that it is never met. Source: Croce and Hein 2020.
"""

from __future__ import annotations

import logging
import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from numerics.deep.attacks.inputs import check_batch, check_losses
from numerics.deep.attacks.norm_balls import NormBall
from numerics.deep.attacks.quiet import quiet
from numerics.sentences import Malformed

NORMS = {1.0: "L1", 2.0: "L2", math.inf: "Linf"}
ATTACKS = ("apgd-ce", "apgd-dlr", "apgd-t", "fab", "fab-t", "square")
FEWEST = 4  # classes: the targeted loss compares the four largest outputs


def robust_accuracy(
    model: nn.Module,
    x: Tensor,
    y: Tensor,
    p: float,
    radius: float,
    attacks: Sequence[str] | str = ("apgd-t",),
    seed: int = 0,
    *,
    box: tuple[float, float] | None = (0.0, 1.0),
    batch: int = 250,
) -> float:
    """The share of samples that stay correct; x (n, *shape), y (n,).

    ``attacks`` are names of single attacks, or "standard" for AutoAttack. With fewer than four
    classes the targeted loss is undefined: "apgd-t" is then replaced by "apgd-ce", and "standard"
    is refused. The package must be installed.
    """
    return float(survivors(model, x, y, p, radius, attacks, seed, box=box, batch=batch)
                 .double().mean())  # fmt: skip


def survivors(
    model: nn.Module,
    x: Tensor,
    y: Tensor,
    p: float,
    radius: float,
    attacks: Sequence[str] | str = ("apgd-t",),
    seed: int = 0,
    *,
    box: tuple[float, float] | None = (0.0, 1.0),
    batch: int = 250,
) -> Tensor:
    """Which samples stay correct: (n,) bool, on the device of x."""
    check_batch("strong attack", x, y)
    ball = NormBall(p, radius)
    low, high = _sides(x, radius, box)
    with quiet(model), torch.no_grad():
        outputs = model(x)
        check_losses("strong attack (outputs of the model)", outputs)
        correct = outputs.argmax(1) == y
        if radius == 0 or not bool(correct.any()):
            return correct
        settings = _settings(ball.p, attacks, outputs.shape[1])
        squares = settings["version"] == "standard" or "square" in settings["attacks"]
        unit = Unit(model, x, low, high, squares)
        points = unit.inverse(x)
        scaled = NormBall(p, radius / (high - low))
        with _undisturbed():
            found = _attacked(unit, points, y, scaled, settings, seed, batch)
    return correct & found.to(correct.device)


class Unit(nn.Module):
    """The model on [0, 1]: u -> model(low + (high - low) u), float32 images outside.

    Samples that are no images become one row of pixels, or for the square attack a square of at
    least 5 x 5 with pixels to spare, which the model does not see.
    """

    def __init__(self, model: nn.Module, x: Tensor, low: float, high: float, squares: bool) -> None:
        super().__init__()
        self.model, self.low, self.high = model, low, high
        self.dtype, self.shape, self.size = x.dtype, x.shape[1:], math.prod(x.shape[1:])
        side = max(5, math.isqrt(self.size - 1) + 1)
        self.image = (1, side, side) if squares else (1, 1, self.size)

    def inverse(self, x: Tensor) -> Tensor:
        """The images of x: float32, (n, c, h, w)."""
        u = ((x - self.low) / (self.high - self.low)).float().clamp(0, 1)
        if u.ndim == 4:
            return u
        spare = math.prod(self.image) - self.size
        return nn.functional.pad(u.flatten(1), (0, spare)).view(-1, *self.image)

    def forward(self, u: Tensor) -> Tensor:
        """The outputs, in float32: (n, classes)."""
        x = u.flatten(1)[:, : self.size].reshape(len(u), *self.shape).to(self.dtype)
        outputs: Tensor = self.model(self.low + (self.high - self.low) * x).float()
        return outputs


def _sides(x: Tensor, radius: float, box: tuple[float, float] | None) -> tuple[float, float]:
    least, largest = float(x.min()), float(x.max())
    if box is None:
        return least - radius - 1, largest + radius + 1
    low, high = box
    if not low <= least <= largest <= high:
        raise Malformed(
            f"strong attack: x from {least:.3g} to {largest:.3g} leaves the box from {low:.3g} "
            f"to {high:.3g}, expected x within it (or box=None)"
        )
    return low, high


def _settings(p: float, attacks: Sequence[str] | str, classes: int) -> dict[str, Any]:
    if p not in NORMS:
        raise Malformed(f"strong attack: p = {p}, expected 1, 2 or inf")
    if attacks == "standard":
        if classes < FEWEST:
            raise Malformed(
                f"strong attack: {classes} classes, expected at least {FEWEST} for the standard "
                'attacks (use attacks=("apgd-ce", "square"))'
            )
        return {"norm": NORMS[p], "version": "standard", "targets": min(9, classes - 1)}
    names = [attacks] if isinstance(attacks, str) else list(attacks)
    unknown = [name for name in names if name not in ATTACKS]
    if unknown or not names:
        raise Malformed(
            f'strong attack: {", ".join(unknown) or "no attack"}, expected "standard" or some of '
            + ", ".join(ATTACKS)
        )
    if classes < FEWEST:
        names = ["apgd-ce" if name in ("apgd-t", "apgd-dlr") else name for name in names]
    names = list(dict.fromkeys(names))
    return {"norm": NORMS[p], "version": "custom", "attacks": names,
            "targets": min(9, classes - 1)}  # fmt: skip


def _attacked(
    unit: nn.Module, points: Tensor, y: Tensor, ball: NormBall, settings: dict[str, Any],
    seed: int, batch: int,
) -> Tensor:  # fmt: skip
    try:
        from pyautoattack import AutoAttack  # type: ignore[import-untyped]
    except ImportError:
        raise Malformed(
            "strong attack: the package pyautoattack is not installed, "
            "expected it for APGD-T and AutoAttack (pip install pyautoattack)"
        ) from None
    targets = settings.pop("targets")
    runner = AutoAttack(unit, eps=ball.radius, seed=seed, device=points.device, **settings)
    runner.apgd_targeted.n_target_classes = min(runner.apgd_targeted.n_target_classes, targets)
    runner.fab.n_target_classes = min(runner.fab.n_target_classes, targets)
    with torch.enable_grad():
        adversarial, _ = runner.run_standard_evaluation(points, y, batch_size=batch)
    # counted here, not by the package: at points that are within the ball
    within = NormBall(ball.p, ball.radius * (1 + 1e-4) + 1e-6).size(adversarial - points)
    if bool((within > ball.radius * (1 + 1e-4) + 1e-6).any()):
        raise Malformed("strong attack: pyautoattack left the ball, expected it to stay within")
    kept: Tensor = unit(adversarial).argmax(1) == y
    return kept


@contextmanager
def _undisturbed() -> Iterator[None]:
    """The package seeds the global generators, removes tracers and logs: all put back."""
    trace, log = sys.gettrace(), logging.getLogger("auto-attack")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with torch.random.fork_rng():
            yield
    finally:
        sys.settrace(trace)
        log.setLevel(level)
