r"""E2: how far the worst attack moves when the parameters move.

.. math:: \frac{\|\delta^*(\theta') - \delta^*(\theta)\|_2}{\|\theta' - \theta\|_2}, \qquad
          \|\theta'-\theta\| \in \{10^{-1}, \dots, 10^{-5}\}\,\|\theta\|,

per sample, along one random direction a seed. Attacks are global as far as eight starts can tell,
the attack at theta among them, in float64, without a pixel box. A segment is then halved where the
attack changes most, down to a millionth: what is left there is a jump. Perceptron 64-128-128-10 on
digits, 24 epochs; 30 test samples, five seeds; trained naturally as well at the full scale. ReLU
networks have no second derivatives to certify with: as a contrast, their attacks come from gradient
ascent, at steps of .1 % and more. Two processes on two cores of a CPU: two minutes. Source of the
claim: Kanai et al. 2021 (L2), ours (the Linf box).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from numerics.deep import data as datasets
from numerics.deep.attacks.certified import certificate, solve
from numerics.deep.attacks.norm_balls import NormBall
from numerics.deep.attacks.pgd import pgd
from numerics.deep.attacks.solution import Solution
from numerics.deep.curvature.attack_jacobian import attack_jacobian
from numerics.deep.curvature.jumps import crossing, sign_flips
from numerics.deep.device import measuring, seeded
from numerics.deep.experiment import Context, Finding
from numerics.deep.objective import Objective
from numerics.deep.statistics import Interval, mean_interval
from numerics.deep.training.loop import train
from numerics.deep.training.settings import Settings

NUMBER = "E2"
QUESTION = "How far does the worst attack move when the parameters move?"
CLAIM = (
    "Under L2 in proportion, with the rate of the implicit function theorem, where the maximiser "
    "is unique and strict; under Linf hardly, save for jumps in which coordinates change face, so "
    "that the root mean square ratio grows as steps shrink."
)
HYPOTHESES = ("smooth activation", "no pixel box", "float64", "unique strict maximiser")
SCALES = {
    "small": {
        "data": "digits",
        "n": 30,
        "seeds": [0, 1, 2, 3, 4],
        "networks": [["silu", "adversarial"], ["relu", "adversarial"]],
        "radii": {"2": 0.75, "inf": 0.1},
        "epochs": 24,
        "lr": 0.1,
        "steps": [0.1, 0.01, 0.001, 0.0001, 0.00001],
        "starts": 8,
        "bisected": 6,
    },
    "full": {
        "data": "digits",
        "n": 359,
        "seeds": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        "networks": [["silu", "adversarial"], ["silu", "natural"], ["relu", "adversarial"]],
        "radii": {"2": 0.75, "inf": 0.1},
        "epochs": 40,
        "lr": 0.1,
        "steps": [0.1, 0.01, 0.001, 0.0001, 0.00001],
        "starts": 16,
        "bisected": 60,
    },
}
NAMES = {"2": "L2", "inf": "Linf"}
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
WIDTH = 1e-6  # of a segment of a tenth of |theta|
SAME = 1e-3  # in radii: the same maximiser, as the solver has it
CLOSE = 0.01  # L2 ratios at short steps are to agree to this, relative
COARSE = 1e-3  # shorter steps would measure the error of the ascent
ROUNDS, ROUND_STEPS = 6, 30  # of ascent: steps of 1, 0.1, ..., 1e-5 radii


def moved(
    device: str,
    data: str,
    n: int,
    seed: int,
    activation: str,
    method: str,
    p: str,
    radius: float,
    epochs: int,
    lr: float,
    steps: list[float],
    starts: int,
    bisected: int,
) -> dict[str, Any]:
    """Train one network; the ratios of all samples at every step."""
    train_set, test_set = datasets.folds(datasets.load(data), 5, seed)[0]
    settings = Settings(
        model_options={"activation": activation},
        data=data,
        method=method,
        p=float(p),
        radius=radius,
        epochs=epochs,
        lr=lr,
        seed=seed,
        box=False,
    )
    trained = train(settings, train_set, device=device)
    with measuring(seed):
        network = Network(trained.model.double(), activation, NormBall(float(p), radius), starts)
        x, y = test_set.x[:n].double().to(device), test_set.y[:n].to(device)
        theta = network.objective.theta()
        drawn = torch.randn(theta.shape, generator=seeded(seed), dtype=theta.dtype).to(device)
        direction = drawn * (theta.norm() / drawn.norm())
        here = network.attack(theta, x, y)
        limit = _limit(network, theta, x, y, here, direction)
        rows = [_row(network, theta, x, y, here, s, direction, limit) for s in steps]
        found = {"accuracy": float((trained.model(x).argmax(1) == y).double().mean())}
        return {
            **found,
            "theta": float(theta.norm()),
            "steps": rows,
            "limit": None if limit is None else _spread(limit[~limit.isnan()]),
            "bracket": _bracket(network, theta, x[:bisected], y[:bisected], steps[0] * direction),
        }


class Network:
    """An objective and its attacks: certified where it is smooth, by ascent where it is not."""

    def __init__(self, model: Any, activation: str, ball: NormBall, starts: int) -> None:
        self.model, self.ball, self.starts = model, ball, starts
        self.objective, self.smooth = Objective(model), activation != "relu"

    def attack(
        self, theta: Tensor, x: Tensor, y: Tensor, start: Tensor | None = None, starts: int = 0
    ) -> Solution:
        """From ``start`` and others; ``starts=1`` follows the start alone."""
        count, where = starts or self.starts, (self.ball.p, self.ball.radius)
        if self.smooth:
            return solve(self.objective, theta, x, y, *where, starts=count, start=start)
        points = [] if start is None else [start]
        generator = seeded(0)
        points += [
            self.ball.uniform(x[:1].cpu(), generator).to(x).expand_as(x)
            for _ in range(count - len(points))
        ]
        inputs, labels = (t.repeat(count, *[1] * (t.ndim - 1)) for t in (x, y))
        delta = torch.cat(points)
        for k in range(ROUNDS):
            step = self.ball.radius * 10.0**-k
            delta = pgd(
                lambda at: self.objective.outputs(theta, at),
                inputs,
                labels,
                self.ball,
                ROUND_STEPS,
                step,
                start=delta,
            )
        losses = self.objective.losses(theta, inputs + delta, labels).view(count, -1)
        best = delta.view(count, *x.shape)[losses.argmax(0), torch.arange(len(x), device=x.device)]
        return certificate(self.objective, theta, x, y, *where, best)

    def usable(self, solution: Solution) -> Tensor:
        """Strict maximisers of smooth networks; of others all, for want of a certificate."""
        everything = torch.ones_like(solution.residual, dtype=torch.bool)
        return solution.strict() if self.smooth else everything


def _limit(
    network: Network, theta: Tensor, x: Tensor, y: Tensor, here: Solution, direction: Tensor
) -> Tensor | None:
    """|D delta* v| for |v| = 1 by the implicit function theorem: (n,), NaN at irregular samples."""
    if not network.smooth:
        return None
    jacobian = attack_jacobian(network.objective, theta, x, y, here, drop=True)
    rates = torch.full_like(here.residual, math.nan)
    rates[jacobian.response.kept] = jacobian(direction / direction.norm()).norm(dim=1)
    return rates


def _row(
    network: Network,
    theta: Tensor,
    x: Tensor,
    y: Tensor,
    here: Solution,
    step: float,
    direction: Tensor,
    limit: Tensor | None,
) -> dict[str, Any]:
    there = network.attack(theta + step * direction, x, y, here.delta)
    followed = network.attack(theta + step * direction, x, y, here.delta, starts=1)
    kept = network.usable(here) & network.usable(there)
    ratio = _size(there.delta - here.delta) / (step * direction.norm())
    box = network.ball.p == math.inf
    flips = sign_flips(here, there) if box else torch.zeros_like(here.active.flatten(1).sum(1))
    switched = _size(there.delta - followed.delta) > SAME * network.ball.radius
    jumped = (flips > 0) | switched
    known = kept & ~jumped & ~limit.isnan() if limit is not None else torch.zeros_like(kept)
    error = None
    if limit is not None and bool(known.any()):  # vertices do not move: 0 against 0 is no error
        error = (ratio - limit).abs()[known] / ratio[known].max().clamp_min(1e-300)
    squares = ratio[kept].square()
    return {
        "step": step,
        **_spread(ratio[kept]),
        "flipped coordinates": float(flips[kept].double().mean()) / x[0].numel(),
        "jumped": float(jumped[kept].double().mean()),
        "by jumps": float(squares[jumped[kept]].sum() / squares.sum().clamp_min(1e-300)),
        "away from limit": None if error is None else float(error.max()),
        "left out": int((~kept).sum()),
        "not stationary": int((~there.converged()).sum()),
    }


def _bracket(
    network: Network, theta: Tensor, x: Tensor, y: Tensor, segment: Tensor
) -> dict[str, Any] | None:
    """What is left of the change of the attack (in radii) where it is largest."""
    if not network.smooth:
        return None
    found = crossing(
        network.objective,
        x,
        y,
        lambda at, _: network.attack(at, x, y),
        theta,
        theta + segment,
        width=WIDTH,
    )
    return {
        "change": found.attack / network.ball.radius,
        "flips": found.flips,
        "gradient": found.observed,
        "gradient predicted": found.predicted,
        "not converged": found.unconverged,
    }


def _size(delta: Tensor) -> Tensor:
    return delta.flatten(1).norm(dim=1)


def _spread(values: Tensor) -> dict[str, Any]:
    """Quantiles over the samples, mean, root mean square, largest."""
    v = values.cpu().numpy()
    return {
        "quantiles": [float(q) for q in np.quantile(v, QUANTILES)],
        "mean": float(v.mean()),
        "rms": float(np.sqrt((v**2).mean())),
        "largest": float(v.max()),
    }


def run(settings: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Every kind of network, ball and seed is a part."""
    shared = ("data", "n", "epochs", "lr", "steps", "starts", "bisected")
    cases = {
        f"{activation} {method} {NAMES[p]} seed {seed}": {
            **{name: settings[name] for name in shared},
            "activation": activation,
            "method": method,
            "p": p,
            "radius": radius,
            "seed": seed,
            "steps": [s for s in settings["steps"] if activation != "relu" or s >= COARSE],
        }
        for activation, method in settings["networks"]
        for p, radius in settings["radii"].items()
        for seed in settings["seeds"]
    }
    parts = context.parts(moved, cases)
    found: dict[str, Any] = {}
    for label, part in parts.items():
        found.setdefault(label.rpartition(" seed ")[0], []).append(part)
    return found


def slopes(rows: list[dict[str, Any]]) -> Interval:
    """d log(rms ratio) / d log(step) from a tenth to a thousandth, over the seeds."""
    found = []
    for row in rows:
        steps = [s for s in row["steps"] if s["step"] >= 1e-3 * (1 - 1e-9) and s["rms"] > 0]
        x, y = (np.log([s[name] for s in steps]) for name in ("step", "rms"))
        found.append(float(np.polyfit(x, y, 1)[0]))
    return mean_interval(found)


def settled(rows: list[dict[str, Any]]) -> float:
    """The largest relative change of the mean ratio between the two shortest steps."""
    return max(abs(row["steps"][-2]["mean"] / row["steps"][-1]["mean"] - 1) for row in rows)


def finding(numbers: Mapping[str, Any]) -> Finding:
    """Smooth networks trained against their attack; the others are shown, not judged."""
    ball, box = (numbers[f"silu adversarial {name}"] for name in NAMES.values())
    change, growth = settled(ball), slopes(box)
    away = max(row["steps"][-1]["away from limit"] or 0.0 for row in ball)
    left = [[row["bracket"]["change"] for row in rows] for rows in (ball, box)]
    share = mean_interval([row["steps"][0]["by jumps"] for row in box])
    good = change <= CLOSE and away <= CLOSE and growth.below(0) and min(left[1]) >= 1
    verdict = "borne out" if good else "not borne out"
    if not growth.below(0) and not growth.above(0):
        verdict = "inconclusive"
    return Finding(
        verdict,
        f"under L2 the mean ratio changes by {change:.1%} between the two shortest steps and "
        f"ratios are within {away:.0e} of the implicit function theorem's; at most "
        f"{max(left[0]):.0e} radii of motion are left on a bracket of a millionth, under Linf at "
        f"least {min(left[1]):.1f}; the rms ratio there goes as the step to the power {growth}, "
        f"and jumps make {share} of its square "
        "at steps of 10 %",
    )


def summary(numbers: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Mean over seeds of the rms ratio by step; share that jumped; what is left on a bracket."""
    steps = max(([s["step"] for s in rows[0]["steps"]] for rows in numbers.values()), key=len)
    rows = []
    for label, parts in numbers.items():
        rms = [
            np.mean([s["rms"] for s in at]) for at in zip(*(p["steps"] for p in parts), strict=True)
        ]
        shown = [f"{r:.3g}" for r in rms] + ["-"] * (len(steps) - len(rms))
        jumped = np.mean([part["steps"][0]["jumped"] for part in parts])
        left = [part["bracket"]["change"] for part in parts if part["bracket"]]
        bracket = f"{min(left):.0e} to {max(left):.0e}" if left else "-"
        rows.append([label, *shown, f"{jumped:.0%}", bracket])
    header = [f"rms at {100 * s:g} %" for s in steps]
    return ["network, attack", *header, "jumped at 10 %", "left, in radii"], rows
