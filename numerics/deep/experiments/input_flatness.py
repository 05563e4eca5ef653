"""Does a loss that is flatter in the input become rougher in the parameters?

The controlled variable is the weight of a penalty on the input during L2 adversarial training at
equal length (three penalties, several weights, the same seeds); weight 0 is shared. Penalised
networks fit worse, so they are also compared at equal adversarial loss, with networks that trained
without penalty for fewer passes. The response is the curvature of the adversarial loss at the end,
at fixed training samples, attacks certified (float64, no pixel box, neither here nor in training).
The theorem's two bounds are evaluated at single samples of the same networks, with the cross
derivative that decides between them.

Small: digits, SiLU MLP 64-128-128-10, 5 seeds (initialisation, order, division), 64 samples.
Wall time: about 4 minutes on two cores.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

import numpy as np
import torch
from scipy.stats import linregress, spearmanr
from torch import Tensor

from numerics.deep import data as datasets
from numerics.deep.attacks.certified import solve
from numerics.deep.attacks.solution import Solution
from numerics.deep.curvature.attack_response import samples_of
from numerics.deep.curvature.flatness_bounds import flatness_bounds
from numerics.deep.curvature.input_flatness import (
    gradient_norms,
    input_curvature,
    linearity_gap,
)
from numerics.deep.curvature.resolved_step import resolved_step
from numerics.deep.curvature.roughness import roughness
from numerics.deep.device import measuring
from numerics.deep.experiment import Context, Finding
from numerics.deep.objective import Objective
from numerics.deep.statistics import Interval, mean_interval
from numerics.deep.training import Settings, train
from numerics.deep.training.evaluation import accuracies

NUMBER = "E4"
QUESTION = "Does a loss that is flatter in the input become rougher in the parameters?"
CLAIM = (
    "The curvature is at least lambda_min(l_tt) + sigma_2(C)^2 / (||grad_x l||/eps + max(0, "
    "-lambda_min(H))): flatter input forces it up if the cross derivative C stays; not otherwise."
)
HYPOTHESES = (
    "At fixed training length, every input penalty raises the top eigenvalue of the adversarial "
    "Hessian (strongest weight against none, paired over seeds, Bonferroni over penalties).",
    "The same for the Hessian at the held attack and for the curvature along a step.",
    "The same at equal adversarial loss, against shorter training without penalty.",
    "Both bounds hold at every sample measured.",
    "Where the curvature falls instead, both singular values of C fall with the input gradient.",
)
SCALES = {
    "small": {
        "data": "digits",
        "seeds": [0, 1, 2, 3, 4],
        "radius": 0.5,
        "weights": {
            "gradient": [0.03, 0.1, 0.3],
            "curvature": [0.01, 0.03, 0.1],
            "linearity": [0.5, 1.5, 4.0],
        },
        "training": {"epochs": 24, "attack_steps": 5, "batch": 128, "lr": 0.1},
        "shorter": [10, 12],
        "n": 64,
        "bounded": 8,
        "starts": 4,
        "step": 0.01,
    },
    "full": {
        "data": "digits",
        "seeds": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        "radius": 0.5,
        "weights": {
            "gradient": [0.01, 0.03, 0.1, 0.3, 1.0],
            "curvature": [0.001, 0.003, 0.01, 0.03, 0.1],
            "linearity": [0.25, 0.5, 1.5, 4.0, 8.0],
        },
        "training": {"epochs": 200, "attack_steps": 10, "batch": 128, "lr": 0.1},
        "shorter": [10, 12, 16, 24, 50, 100],
        "n": 256,
        "bounded": 64,
        "starts": 8,
        "step": 0.01,
    },
}
CONFIDENCE = 0.95
SLACK = 1e-3  # relative: the eigenvalues between the bounds are found to this


def run(settings: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Every network by itself."""
    names = ("data", "radius", "training", "n", "bounded", "starts", "step")
    common = {k: settings[k] for k in names}
    doses = [("none", 0.0)]
    doses += [(kind, w) for kind, weights in settings["weights"].items() for w in weights]
    plain = {"penalty": "none", "weight": 0.0}
    cases, shorter = {}, {}
    for seed in settings["seeds"]:
        for kind, weight in doses:
            cases[f"{kind} {weight:g}, seed {seed}"] = {
                **common, "penalty": kind, "weight": weight, "seed": seed,
            }  # fmt: skip
        for epochs in settings["shorter"]:
            training = {**settings["training"], "epochs": epochs}
            shorter[f"none, {epochs} passes, seed {seed}"] = {
                **common, **plain, "seed": seed, "training": training,
            }  # fmt: skip
    found = context.parts(network, {**cases, **shorter})
    return {
        "weights": settings["weights"],
        "networks": [found[label] for label in cases],
        "shorter": [found[label] for label in shorter],
    }


def network(
    device: str, data: str, penalty: str, weight: float, seed: int, radius: float,
    training: Mapping[str, Any], n: int, bounded: int, starts: int, step: float,
) -> dict[str, Any]:  # fmt: skip
    """One network: trained, then flatness and roughness at its first ``n`` samples."""
    with measuring(seed):
        train_set, test_set = datasets.split(datasets.load(data), (0.8, 0.2), seed)
        options = {"penalty": "gradient" if penalty == "none" else penalty, "weight": weight}
        settings = Settings(
            method="flat_input", options=options, p=2.0, radius=radius, box=False, seed=seed,
            data=data, **training,
        )  # fmt: skip
        model = train(settings, train_set, device=device).model
        test = accuracies(model, test_set.x.to(device), test_set.y.to(device), settings, None)
        objective = Objective(model.double())
        theta = objective.theta()
        x, y = train_set.x[:n].to(device).double(), train_set.y[:n].to(device)
        solution = solve(objective, theta, x, y, 2.0, radius, starts)
        values, direction = roughness(objective, theta, x, y, solution)
        along = resolved_step(objective, theta, x, y, solution, direction,
                              step * float(theta.norm()), starts=starts)  # fmt: skip
        return {
            "penalty": penalty, "weight": weight, "seed": seed, "epochs": training["epochs"],
            "test": test,
            "loss": float(solution.value.mean()), "theta": float(theta.norm()),
            "flatness": flatness(objective, theta, x, y, solution),
            "roughness": {**asdict(values), "along": asdict(along)},
            "bounds": bounds(objective, theta, x[:bounded], y[:bounded], solution),
        }  # fmt: skip


def flatness(
    objective: Objective, theta: Tensor, x: Tensor, y: Tensor, solution: Solution
) -> dict[str, float]:
    """Means over the samples: at the worst input, the gradient also at the data."""
    worst = x + solution.delta
    found = {
        "gradient": gradient_norms(objective, theta, worst, y),
        "gradient_at_data": gradient_norms(objective, theta, x, y),
        "curvature": input_curvature(objective, theta, worst, y, accuracy=0.02),
        "linearity": linearity_gap(objective, theta, x, y, solution.delta),
    }
    return {name: float(value.mean()) for name, value in found.items()}


def bounds(
    objective: Objective, theta: Tensor, x: Tensor, y: Tensor, solution: Solution
) -> dict[str, Any]:
    """The theorem at the first samples, each by itself; medians over those that are regular."""
    part = samples_of(solution, torch.arange(len(x), device=x.device))
    each = flatness_bounds(objective, theta, x, y, part, tolerance=SLACK)
    kept = [b for b in each if b is not None and b.converged]
    if not kept:
        raise ValueError(f"bounds: none of {len(each)} samples is regular, expected at least one")
    room = [SLACK * abs(b.curvature) for b in kept]
    holds = [b.lower - r <= b.curvature <= b.upper + r for b, r in zip(kept, room, strict=True)]
    names = ("lower", "curvature", "upper", "gradient", "tangent")
    return {
        "samples": len(kept),
        "left_out": len(each) - len(kept),
        "hold": sum(holds),
        "positive_lower": sum(b.lower > 0 for b in kept),
        **{name: median(getattr(b, name) for b in kept) for name in names},
        "cross": [median(b.cross[k] for b in kept) for k in (0, 1)],
    }


Network = Mapping[str, Any]


def responses(one: Network) -> dict[str, float]:
    """What is compared between networks, all positive."""
    rough, flat = one["roughness"], one["flatness"]
    return {
        "true": rough["true"],
        "frozen": rough["frozen"],
        "added": rough["added"],
        "along": rough["along"]["moving"],
        "input gradient": flat["gradient"],
        "input curvature": flat["curvature"],
        "linearity gap": flat["linearity"],
        "cross": one["bounds"]["cross"][0],
        "second": one["bounds"]["cross"][1],
        "loss": one["loss"],
    }


def by_seed(numbers: Mapping[str, Any], kind: str) -> list[list[Network]]:
    """The networks of one penalty in order of the weight, weight 0 first; a list a seed."""
    kept = [n for n in numbers["networks"] if n["penalty"] in ("none", kind)]
    seeds = sorted({n["seed"] for n in kept})
    return [
        sorted((n for n in kept if n["seed"] == seed), key=lambda n: float(n["weight"]))
        for seed in seeds
    ]


def change(
    numbers: Mapping[str, Any], kind: str, of: str, confidence: float = CONFIDENCE
) -> Interval:
    """log of a response at the strongest weight over that without penalty, paired over seeds."""
    pairs = [(responses(rows[0])[of], responses(rows[-1])[of]) for rows in by_seed(numbers, kind)]
    return mean_interval([math.log(b / a) for a, b in pairs], confidence)


def change_at_equal_loss(
    numbers: Mapping[str, Any], kind: str, of: str, confidence: float = CONFIDENCE
) -> Interval | None:
    """The same against training without penalty that reached the same adversarial loss.

    Log response over log loss, linear between the lengths of training of a seed. None where fewer
    than two seeds have losses on both sides.
    """
    found = []
    for rows in by_seed(numbers, kind):
        curve = [n for n in numbers["shorter"] if n["seed"] == rows[0]["seed"]] + rows[:1]
        curve.sort(key=lambda n: float(n["loss"]))
        losses = [math.log(n["loss"]) for n in curve]
        loss = math.log(rows[-1]["loss"])
        if losses[0] <= loss <= losses[-1]:
            usual = np.interp(loss, losses, [math.log(responses(n)[of]) for n in curve])
            found.append(math.log(responses(rows[-1])[of]) - float(usual))
    return mean_interval(found, confidence) if len(found) > 1 else None


def slope(numbers: Mapping[str, Any], kind: str, of: str) -> Interval:
    """d log response / d log ||grad_x l|| over the weights of a seed; the interval over seeds."""
    found = []
    for rows in by_seed(numbers, kind):
        x = [math.log(responses(n)["input gradient"]) for n in rows]
        found.append(float(linregress(x, [math.log(responses(n)[of]) for n in rows])[0]))
    return mean_interval(found)


def rank_correlation(numbers: Mapping[str, Any], kind: str, of: str) -> Interval:
    """Spearman's rho of weight and response in each seed; the interval of its mean over seeds."""
    found = [
        float(spearmanr([n["weight"] for n in rows], [responses(n)[of] for n in rows])[0])
        for rows in by_seed(numbers, kind)
    ]
    return mean_interval(found)


def finding(numbers: Mapping[str, Any]) -> Finding:
    """Borne out if all penalties raise the true top eigenvalue, at equal length and equal loss;
    not, if one lowers it in both."""
    kinds = list(numbers["weights"])
    sure = 1 - (1 - CONFIDENCE) / len(kinds)
    changes = {kind: change(numbers, kind, "true", sure) for kind in kinds}
    matched = {kind: change_at_equal_loss(numbers, kind, "true", sure) for kind in kinds}
    pairs = [(changes[kind], matched[kind]) for kind in kinds]
    verdict = "inconclusive"
    if any(c.below(0) and m is not None and m.below(0) for c, m in pairs):
        verdict = "not borne out"
    elif all(c.above(0) and m is not None and m.above(0) for c, m in pairs):
        verdict = "borne out"
    parts = [
        f"{kind}: input gradient {_factor(change(numbers, kind, 'input gradient'))}, top "
        f"eigenvalue {_factor(changes[kind])}, at equal adversarial loss "
        f"{_factor(matched[kind])} (frozen {_factor(change(numbers, kind, 'frozen'))}, "
        f"sigma_1(C) {_factor(change(numbers, kind, 'cross'))}, sigma_2(C) "
        f"{_factor(change(numbers, kind, 'second'))}, adversarial loss "
        f"{_factor(change(numbers, kind, 'loss'))})"
        for kind in kinds
    ]
    held, total = (sum(n["bounds"][k] for n in numbers["networks"])
                   for k in ("hold", "samples"))  # fmt: skip
    return Finding(
        verdict,
        f"Strongest penalty over none, geometric means with 95 % intervals (eigenvalue "
        f"{sure:.1%}): {'; '.join(parts)}. Both bounds hold at {held} of {total} samples.",
    )


def _factor(logarithm: Interval | None) -> str:
    if logarithm is None:
        return "unknown"
    mean, low, high = (math.exp(v) for v in (logarithm.mean, logarithm.low, logarithm.high))
    return f"{mean:.2f} [{low:.2f}, {high:.2f}]"


def summary(numbers: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """One line for each penalty and weight, means over seeds; then the trends."""
    header = ["penalty", "weight", "robust", "loss", "input gradient", "input curvature", "gap",
              "true", "frozen", "along", "sigma_1(C)", "sigma_2(C)", "lower", "upper"]  # fmt: skip
    doses = [("none", 0.0)]
    doses += [(kind, w) for kind, weights in numbers["weights"].items() for w in weights]
    lines = [_line(numbers, kind, weight) for kind, weight in doses]
    for kind in numbers["weights"]:
        lines.append([f"{kind}: Spearman with weight", *[""] * 6, *_trend(numbers, kind), "", ""])
    return header, lines


def _line(numbers: Mapping[str, Any], kind: str, weight: float) -> list[str]:
    rows = [n for n in numbers["networks"] if (n["penalty"], n["weight"]) == (kind, weight)]
    found = [responses(n) for n in rows]
    names = ("loss", "input gradient", "input curvature", "linearity gap", "true", "frozen",
             "along", "cross", "second")  # fmt: skip
    ends = [median(n["bounds"][end] for n in rows) for end in ("lower", "upper")]
    return [
        kind, f"{weight:g}", f"{_average([n['test']['robust'] for n in rows]):.1%}",
        *(f"{_average([f[name] for f in found]):.3g}" for name in names),
        *(f"{end:.3g}" for end in ends),
    ]  # fmt: skip


def _trend(numbers: Mapping[str, Any], kind: str) -> list[str]:
    shown = ("true", "frozen", "along", "cross", "second")
    return [str(rank_correlation(numbers, kind, of)) for of in shown]


def _average(values: Sequence[float]) -> float:
    return sum(values) / len(values)
