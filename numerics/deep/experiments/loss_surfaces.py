r"""E6: the loss along filter-normalised directions, with the attack solved anew at every point.

.. math:: t \mapsto \bar l_\epsilon(\theta + t d), \qquad
          d_{jk} \leftarrow d_{jk}\,\|\theta_j\| / \|d_j\| \text{ for each row } j.

Natural, L2 and Linf loss around the same theta, a perceptron 64-128-128-10 with SiLU trained
against the Linf attack on digits for 24 epochs, so that the attack alone differs. Lines and the
surface (first seed) are by gradient ascent of 20 steps. Where the slope of one sample's loss
changes most on 0 <= t <= 0.1, the segment is halved down to 1e-7 with certified attacks: what is
left is a kink. There the attack must jump, between faces of the box or between distant maximisers
that tie, and a maximum of smooth functions has convex kinks only. 48 test samples, 6 of them
halved, five seeds. Two processes on two cores of a CPU: one minute.
Source: directions Li et al. 2018; kinks ours, after Kanai et al. 2024.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from numerics.deep import data as datasets
from numerics.deep.attacks.certified import solve
from numerics.deep.attacks.norm_balls import NormBall
from numerics.deep.attacks.pgd import pgd
from numerics.deep.device import measuring, seeded
from numerics.deep.experiment import Context, Finding
from numerics.deep.objective import Objective
from numerics.deep.statistics import mean_interval
from numerics.deep.training.loop import train
from numerics.deep.training.settings import Settings

NUMBER = "E6"
QUESTION = "What do natural, L2 and Linf loss look like along lines through the same parameters?"
CLAIM = (
    "The slope of a sample's adversarial loss is continuous wherever the attack is, and jumps "
    "upwards where the attack jumps: never for the natural loss, at ties of distant maximisers for "
    "L2, and also where coordinates change face, on every line, for Linf."
)
HYPOTHESES = ("smooth activation", "no pixel box", "float64")
SCALES = {
    "small": {
        "data": "digits",
        "n": 48,
        "seeds": [0, 1, 2, 3, 4],
        "radii": {"natural": 0.0, "L2": 0.75, "Linf": 0.1},
        "epochs": 24,
        "lr": 0.1,
        "points": 21,
        "grid": 13,
        "extent": 1.0,
        "segment": 0.1,
        "bisected": 6,
    },
    "full": {
        "data": "digits",
        "n": 359,
        "seeds": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        "radii": {"natural": 0.0, "L2": 0.75, "Linf": 0.1},
        "epochs": 40,
        "lr": 0.1,
        "points": 81,
        "grid": 41,
        "extent": 1.0,
        "segment": 0.1,
        "bisected": 64,
    },
}
NORMS = {"natural": 2.0, "L2": 2.0, "Linf": math.inf}
STEPS = 20
WIDTH = 1e-7
CONTINUOUS, KINK = 1e-4, 1e-2  # of the root mean square slope
JUMP = 0.05  # in radii: attacks this far apart are different maximisers


class Around:
    """Theta, two directions, samples, and the attacks at any parameters."""

    def __init__(self, device: str, data: str, n: int, seed: int, epochs: int, lr: float) -> None:
        train_set, test_set = datasets.folds(datasets.load(data), 5, seed)[0]
        settings = Settings(data=data, radius=0.1, epochs=epochs, lr=lr, seed=seed, box=False)
        model = train(settings, train_set, device=device).model.double()
        self.objective = Objective(model)
        self.x, self.y = test_set.x[:n].double().to(device), test_set.y[:n].to(device)
        self.theta = self.objective.theta()
        self.directions = [normalised(self.objective, 2 * seed + k) for k in (0, 1)]

    def at(self, *along: float) -> Tensor:
        """Theta moved along the directions."""
        moves = (t * d for t, d in zip(along, self.directions, strict=False))
        return self.theta + torch.stack(list(moves)).sum(0)

    def loss(self, attack: str, radius: float, *along: float) -> float:
        """The mean loss under attack by gradient ascent, solved at this place."""
        theta, delta = self.at(*along), torch.zeros_like(self.x)
        if radius:
            delta = pgd(
                lambda x: self.objective.outputs(theta, x),
                self.x,
                self.y,
                NormBall(NORMS[attack], radius),
                STEPS,
                2.5 * radius / STEPS,
            )
        return float(self.objective.mean(theta, self.x + delta, self.y))

    def certified(self, attack: str, radius: float, n: int, t: float) -> Tensor:
        """The attack on the first n samples at theta + t d, (n, *shape)."""
        x, y = self.x[:n], self.y[:n]
        if not radius:
            return torch.zeros_like(x)
        return solve(self.objective, self.at(t), x, y, NORMS[attack], radius).delta

    def slopes(self, t: float, delta: Tensor) -> Tensor:
        """<gradient of l_i, d>/|d| at theta + t d and a given attack: (n,)."""
        at, n = self.at(t).requires_grad_(), len(delta)
        weights = torch.ones(n, dtype=at.dtype, device=at.device, requires_grad=True)
        total = weights @ self.objective.losses(at, self.x[:n] + delta, self.y[:n])
        (gradient,) = torch.autograd.grad(total, at, create_graph=True)
        direction = self.directions[0] / self.directions[0].norm()
        (found,) = torch.autograd.grad(gradient @ direction, weights)
        slopes: Tensor = found
        return slopes


def normalised(objective: Objective, seed: int) -> Tensor:
    """A random direction, each row as long as that row of theta; 0 for biases: (size,)."""
    drawn = []
    for weight in objective.parameters(objective.theta()).values():
        d = torch.randn(weight.shape, generator=seeded(seed), dtype=weight.dtype).to(weight)
        seed += 1_000_003
        if weight.ndim < 2:
            drawn.append(torch.zeros_like(weight).flatten())
            continue
        rows, own = d.flatten(1), weight.flatten(1).norm(dim=1, keepdim=True)
        drawn.append((rows * own / rows.norm(dim=1, keepdim=True)).flatten())
    return torch.cat(drawn)


def line(
    device: str,
    data: str,
    n: int,
    seed: int,
    epochs: int,
    lr: float,
    radii: dict[str, float],
    points: int,
    extent: float,
    segment: float,
    bisected: int,
) -> dict[str, Any]:
    """All three losses on one line, and the largest kink of each."""
    around = Around(device, data, n, seed, epochs, lr)
    with measuring(seed):
        places = torch.linspace(-extent, extent, points).tolist()
        found = {}
        for attack, radius in radii.items():
            values = [around.loss(attack, radius, t) for t in places]
            kink = _kink(around, attack, radius, bisected, segment)
            found[attack] = {"loss": values, **kink}
        return {"t": places, **found}


def surface(
    device: str,
    data: str,
    n: int,
    seed: int,
    epochs: int,
    lr: float,
    attack: str,
    radius: float,
    grid: int,
    extent: float,
) -> list[list[float]]:
    """One loss on a square of two directions, rows along the second."""
    around = Around(device, data, n, seed, epochs, lr)
    with measuring(seed):
        places = torch.linspace(-extent, extent, grid).tolist()
        return [[around.loss(attack, radius, s, t) for s in places] for t in places]


def _kink(around: Around, attack: str, radius: float, n: int, segment: float) -> dict[str, float]:
    """What is left of the largest change of a sample's slope, by the rms slope at theta."""

    def both(t: float) -> tuple[Tensor, Tensor]:
        delta = around.certified(attack, radius, n, t)
        return around.slopes(t, delta), delta

    low, high = 0.0, segment
    before, after = both(low), both(high)
    scale = float(before[0].square().mean().sqrt())
    while high - low > WIDTH:
        t = (low + high) / 2
        middle = both(t)
        if _largest(before, middle) >= _largest(middle, after):
            high, after = t, middle
        else:
            low, before = t, middle
    change = after[0] - before[0]
    where = int(change.abs().argmax())
    moved = float((after[1] - before[1])[where].norm())
    return {
        "kink": float(change[where]) / scale,
        "attack": moved / radius if radius else 0.0,
        "rms slope": scale,
        "at": low,
    }


def _largest(before: tuple[Tensor, Tensor], after: tuple[Tensor, Tensor]) -> float:
    return float((after[0] - before[0]).abs().max())


def run(settings: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Lines for every seed, the surfaces for the first."""
    common = {name: settings[name] for name in ("data", "n", "epochs", "lr", "extent")}
    own = {name: settings[name] for name in ("radii", "points", "segment", "bisected")}
    lines = {f"line seed {seed}": {**common, **own, "seed": seed} for seed in settings["seeds"]}
    squares = {
        attack: {
            **common,
            "seed": settings["seeds"][0],
            "attack": attack,
            "radius": radius,
            "grid": settings["grid"],
        }
        for attack, radius in settings["radii"].items()
    }
    return {
        "lines": list(context.parts(line, lines).values()),
        "surfaces": context.parts(surface, squares),
    }


def finding(numbers: Mapping[str, Any]) -> Finding:
    """Every kink where the attack jumps and upwards, none elsewhere; one in each Linf line."""
    kinks = {name: [row[name]["kink"] for row in numbers["lines"]] for name in NORMS}
    every = [row[name] for row in numbers["lines"] for name in NORMS]
    downwards = sum(r["kink"] < -CONTINUOUS for r in every)
    without = [abs(r["kink"]) for r in every if r["attack"] < JUMP]
    stray = sum(size > CONTINUOUS for size in without)
    natural = max(map(abs, kinks["natural"]))
    interval, least = mean_interval(kinks["Linf"]), min(kinks["Linf"])
    verdict = "borne out" if least > KINK else "inconclusive"
    if downwards or stray or natural > CONTINUOUS or least <= CONTINUOUS:
        verdict = "not borne out"
    ties = sum(k > CONTINUOUS for k in kinks["L2"])
    return Finding(
        verdict,
        f"in rms slopes, the largest kink of a line is {interval} under Linf, {least:.2g} at least "
        f"in {interval.n} seeds; under L2 {ties} of {interval.n} lines have one, at ties; natural "
        f"slopes change by {natural:.0e} on the last bracket; {stray} kinks without a jump of the "
        f"attack, {downwards} downwards",
    )


def summary(numbers: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Loss at theta and at the ends of the line, and kinks: means over the seeds."""
    rows = []
    for name in NORMS:
        lines = [row[name] for row in numbers["lines"]]
        middle = mean_interval([r["loss"][len(r["loss"]) // 2] for r in lines])
        ends = mean_interval([(r["loss"][0] + r["loss"][-1]) / 2 for r in lines])
        kinks = [r["kink"] for r in lines]
        found = f"{sum(k > CONTINUOUS for k in kinks)} of {len(kinks)}"
        rows.append([name, str(middle), str(ends), found, f"{max(kinks):.2g}"])
    return ["loss", "at theta", "at the ends", "lines with a kink", "largest, in rms slopes"], rows
