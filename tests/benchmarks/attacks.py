"""The attack of adversarial training against its floor, and the certified attack's speed.

``python -m tests.benchmarks.attacks``. The floor of PGD-10 is ten times one forward pass and one
backward pass to the input, at frozen parameters. Times are of this machine; ratios are medians over
rounds, each of which runs everything once in an order of its own; the floor over itself shows what
a ratio is worth. "Beside the passes" is what PGD spends outside of them, timed within each run.
"""

from __future__ import annotations

import math
import random
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from unittest.mock import patch

import torch
from sklearn.datasets import load_digits
from torch import Tensor, nn

from numerics.deep.attacks import pgd as ascent
from numerics.deep.attacks.certified import solve
from numerics.deep.attacks.norm_balls import NormBall
from numerics.deep.attacks.pgd import pgd, summed_cross_entropy
from numerics.deep.attacks.quiet import quiet
from numerics.deep.objective import Objective

STEPS, BATCH, ROUNDS = 10, 128, 25


def cnn() -> nn.Module:
    """A small convolutional network for 1 x 8 x 8 images."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.SiLU(), nn.Conv2d(32, 64, 3, padding=1), nn.SiLU(),
        nn.AvgPool2d(2), nn.Flatten(), nn.Linear(1024, 128), nn.SiLU(), nn.Linear(128, 10),
    )  # fmt: skip


def mlp() -> nn.Module:
    """64-128-128-10, smooth."""
    return nn.Sequential(
        nn.Flatten(), nn.Linear(64, 128), nn.SiLU(), nn.Linear(128, 128), nn.SiLU(),
        nn.Linear(128, 10),
    )  # fmt: skip


def floor(model: nn.Module, x: Tensor, y: Tensor) -> None:
    """STEPS times forward and backward to the input, and nothing else."""
    point = x.clone().requires_grad_(True)
    with quiet(model):
        for _ in range(STEPS):
            torch.autograd.grad(summed_cross_entropy(model(point), y), point)


def ratios(base: Callable[[], object], others: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median of the time of each over that of ``base``, in the same round."""
    runs = {"": base, "the floor again": base, **others}
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    order = random.Random(0)
    for _ in range(ROUNDS + 2):  # two to warm up
        for name in order.sample(list(runs), len(runs)):
            start = time.perf_counter()
            runs[name]()
            seconds[name].append(time.perf_counter() - start)
    rounds = range(2, ROUNDS + 2)
    return {
        name: statistics.median(seconds[name][i] / seconds[""][i] for i in rounds)
        for name in runs
        if name
    }


def beside(attack: Callable[[], object]) -> float:
    """Median of the time that an attack spends outside its passes, over that in them."""
    within = [0.0]
    passes = ascent._ascent

    def timed(*args: Any) -> tuple[Tensor, Tensor]:
        start = time.perf_counter()
        found = passes(*args)
        within[0] += time.perf_counter() - start
        return found

    shares = []
    with patch.object(ascent, "_ascent", timed):
        for _ in range(ROUNDS):
            within[0], start = 0.0, time.perf_counter()
            attack()
            shares.append((time.perf_counter() - start) / within[0] - 1)
    return statistics.median(shares)


def pgd_lines(x: Tensor, y: Tensor) -> list[str]:
    """PGD-10 over its floor, ours and torchattacks', without and with the pixel box."""
    lines = []
    for kind in (mlp, cnn):
        model = kind().eval()
        for p, radius in ((math.inf, 0.15), (2, 0.75)):
            attack = partial(pgd, model, x, y, NormBall(p, radius), STEPS, radius / 4)
            ours = {"ours": attack, "ours, box": partial(attack, box=(0.0, 1.0))}
            runs = {**ours, **theirs(model, p, radius, radius / 4, x, y)}
            found = ratios(partial(floor, model, x, y), runs)
            said = ", ".join(f"{name} {value:.3f}" for name, value in found.items())
            rest = ", ".join(f"{name} {beside(run):.1%}" for name, run in ours.items())
            lines.append(
                f"PGD-{STEPS} over its floor, {kind.__name__}, p = {p}: {said}; "
                f"beside the passes: {rest}"
            )
    return lines


def theirs(
    model: nn.Module, p: float, radius: float, step: float, x: Tensor, y: Tensor
) -> dict[str, Callable[[], object]]:
    """torchattacks' PGD, where it is installed."""
    try:
        import torchattacks
    except ImportError:
        return {}
    kind = torchattacks.PGD if p == math.inf else torchattacks.PGDL2
    attack = kind(model, eps=radius, alpha=step, steps=STEPS, random_start=False)
    return {"torchattacks, box": lambda: attack(x, y)}


def trained(x: Tensor, y: Tensor, ball: NormBall, epochs: int = 12) -> nn.Module:
    """An adversarially trained MLP, in double precision."""
    model = mlp()
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for _ in range(epochs):
        for rows in torch.randperm(len(x)).split(BATCH):
            delta = pgd(model, x[rows], y[rows], ball, 5, ball.radius / 3)
            optimiser.zero_grad()
            nn.functional.cross_entropy(model(x[rows] + delta), y[rows]).backward()
            optimiser.step()
    return model.double()


def certified_lines(x: Tensor, y: Tensor) -> list[str]:
    """Samples a second, residuals, and how many more starts find something better."""
    lines = []
    for p, radius in ((2, 0.75), (math.inf, 0.15)):
        model = trained(x[:1437], y[:1437], NormBall(p, radius))
        objective = Objective(model)
        theta, test, labels = objective.theta(), x[1437:].double(), y[1437:]
        start = time.perf_counter()
        found = solve(objective, theta, test, labels, p, radius)
        middle = time.perf_counter()
        solve(objective, theta, test, labels, p, radius, starts=1, start=found.delta)
        end = time.perf_counter()
        more = solve(objective, theta, test, labels, p, radius, starts=32, seed=1)
        gain = more.value - found.value
        lines.append(
            f"certified, p = {p}: {len(test) / (middle - start):.0f} samples/s, warm "
            f"{len(test) / (end - middle):.0f}; {found.report()} (worst "
            f"{float(found.residual.max()):.1e}); "
            f"strict {float(found.strict().double().mean()):.4f}; "
            f"32 starts find better at {float((gain > 1e-6).double().mean()):.4f} of the samples, "
            f"by {float(gain.max()):.1e} at most"
        )
    return lines


def measure() -> list[str]:
    """The lines of the report."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    digits = load_digits()
    x, y = torch.tensor(digits.images / 16).float()[:, None], torch.tensor(digits.target)
    return [*pgd_lines(x[:BATCH], y[:BATCH]), *certified_lines(x, y)]


if __name__ == "__main__":
    sys.stdout.write("\n".join(measure()) + "\n")
