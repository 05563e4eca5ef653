"""Does holding the attack fixed underestimate curvature, when, and for which attack most?

Networks are trained with attacks of several radii; at some passes over the data the curvature of
the loss they are trained on is measured twice at fixed training samples: with the attack held, as
published Hessian studies do, and with the attack moving (certified, float64, no pixel box, neither
here nor in training). The L2 radii are matched to the L-infinity ones: on naturally trained
networks, mean over seeds, both attacks reach the same mean loss.

Small: digits, SiLU MLP 64-128-128-10, 5 seeds (initialisation, order, division), 64 samples.
Wall time: about 3 minutes on two cores.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from scipy.optimize import brentq
from scipy.stats import linregress
from torch import Tensor

from numerics.deep import data as datasets
from numerics.deep.attacks.certified import solve
from numerics.deep.attacks.norm_balls import NormBall
from numerics.deep.attacks.pgd import pgd
from numerics.deep.curvature.hessian_products import frozen
from numerics.deep.curvature.lanczos import random_unit, top
from numerics.deep.curvature.resolved_step import resolved_step
from numerics.deep.curvature.roughness import roughness
from numerics.deep.device import measuring, seeded
from numerics.deep.experiment import Context, Finding
from numerics.deep.objective import Objective
from numerics.deep.statistics import Interval, mean_interval
from numerics.deep.training import Settings, train
from numerics.deep.training.evaluation import accuracies
from numerics.deep.training.run import Moment
from numerics.sentences import Malformed

NUMBER = "E3"
QUESTION = "How much of the curvature of adversarial training does a fixed attack miss?"
CLAIM = (
    "At regular maximisers the Hessian with the attack held is below that of the adversarial loss "
    "in the Loewner order; at a vertex of the L-infinity ball they agree and the attack adds "
    "jumps instead."
)
HYPOTHESES = (
    "The gradient's change along a step exceeds that at the held attack, for L2 and L-infinity.",
    "The ratio of top eigenvalues, true over frozen, exceeds 1 for L2 at the end of training.",
    "It grows with the radius that is trained against (empirical).",
    "On a short step the Hessian explains what the moving attack adds for L2; for L-infinity the "
    "step adds more, since attacks jump.",
)
SCALES = {
    "small": {
        "data": "digits",
        "seeds": [0, 1, 2, 3, 4],
        "radii": [0.05, 0.1, 0.15],
        "training": {"epochs": 24, "attack_steps": 5, "batch": 128, "lr": 0.1},
        "checkpoints": [1, 6, 24],
        "n": 64,
        "starts": 4,
        "steps": [0.01, 0.001],
    },
    "full": {
        "data": "digits",
        "seeds": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        "radii": [0.025, 0.05, 0.1, 0.15, 0.2],
        "training": {"epochs": 200, "attack_steps": 10, "batch": 128, "lr": 0.1},
        "checkpoints": [1, 5, 20, 60, 200],
        "n": 256,
        "starts": 8,
        "steps": [0.01, 0.001, 0.0001],
    },
}
NORMS = {"L2": 2.0, "Linf": math.inf}
BEYOND = 4.0  # the L2 ball of radius r sqrt(d) holds the box, but the ascent may fall short there


def run(settings: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Radii first, then every network by itself; rows by network."""
    common = {k: settings[k] for k in ("data", "training")}
    cases = {
        f"matching, seed {seed}": {"seed": seed, "radii": settings["radii"], **common}
        for seed in settings["seeds"]
    }
    each = list(context.parts(matched_radii, cases).values())
    matched = [round(sum(r) / len(r), 3) for r in zip(*each, strict=True)]
    common |= {k: settings[k] for k in ("checkpoints", "n", "starts", "steps")}
    radii = {"Linf": settings["radii"], "L2": matched}
    cases = {f"natural, seed {s}": _case("natural", 0.0, s, common) for s in settings["seeds"]}
    cases |= {
        f"{attack} {radius:g}, seed {seed}": _case(attack, radius, seed, common)
        for attack, values in radii.items()
        for radius in values
        for seed in settings["seeds"]
    }
    networks = list(context.parts(network, cases).values())
    return {"radii": radii, "matched_by_seed": each, "networks": networks}


def _case(attack: str, radius: float, seed: int, common: Mapping[str, Any]) -> dict[str, Any]:
    return {"attack": attack, "radius": radius, "seed": seed, **common}


def matched_radii(
    device: str, data: str, training: Mapping[str, Any], seed: int, radii: Sequence[float]
) -> list[float]:
    """The L2 radii at which a naturally trained network's attacked loss is the L-infinity one's."""
    with measuring(seed):
        train_set, _ = _divided(data, seed)
        model = train(_settings("natural", 0.0, seed, data, training), train_set, device=device)
        objective = Objective(model.model.double())
        x, y = train_set.x.to(device).double(), train_set.y.to(device)

        def loss(p: float, radius: float) -> float:
            start = seeded(seed, device)
            found = pgd(objective.model, x, y, NormBall(p, radius), 20, radius / 5, start=start)
            return float(objective.mean(objective.theta(), x + found, y))

        def excess(log_radius: float, wanted: float) -> float:
            return math.log(loss(2.0, math.exp(log_radius)) / wanted)

        largest = BEYOND * math.sqrt(x[0].numel())
        return [_root(partial(excess, wanted=loss(math.inf, r)), r, r * largest) for r in radii]


def _root(excess: Callable[[float], float], low: float, high: float) -> float:
    """The radius between low and high at which the logarithm of a ratio of losses is 0."""
    ends = math.log(low), math.log(high)
    least, most = excess(ends[0]), excess(ends[1])
    if not least <= 0 <= most:
        raise Malformed(
            f"matching radii: the L2 loss is {math.exp(least):.3g} and {math.exp(most):.3g} times "
            f"the L-infinity one at radius {low:.3g} and {high:.3g}, expected 1 between them "
            "(train for longer?)"
        )
    return math.exp(brentq(excess, *ends, xtol=1e-3))


def network(
    device: str, data: str, training: Mapping[str, Any], attack: str, radius: float, seed: int,
    checkpoints: Sequence[int], n: int, starts: int, steps: Sequence[float],
) -> dict[str, Any]:  # fmt: skip
    """One network: trained, and measured along the way at the first ``n`` of its data."""
    with measuring(seed):
        train_set, test_set = _divided(data, seed)
        x, y = train_set.x[:n].to(device).double(), train_set.y[:n].to(device)
        rows: list[dict[str, Any]] = []

        def look(moment: Moment) -> None:
            if moment.epoch in checkpoints:
                objective = Objective(copy.deepcopy(moment.model).double())
                found = measured(objective, x, y, attack, radius, starts, steps)
                rows.append({"epoch": moment.epoch, "training_loss": moment.row["loss"], **found})

        settings = _settings(attack, radius, seed, data, training)
        trained = train(settings, train_set, hooks=(look,), device=device)
        x, y = test_set.x.to(device), test_set.y.to(device)
        test = accuracies(trained.model, x, y, settings, None)
    return {"attack": attack, "radius": radius, "seed": seed, "rows": rows, "test": test}


def measured(
    objective: Objective, x: Tensor, y: Tensor, attack: str, radius: float, starts: int,
    steps: Sequence[float],
) -> dict[str, Any]:  # fmt: skip
    """Curvature at the model's parameters; steps in units of their length."""
    theta = objective.theta()
    if attack == "natural":
        found = top(frozen(objective, theta, x, y), random_unit(theta))
        return {"loss": float(objective.mean(theta, x, y)), "frozen": float(found.values[0])}
    solution = solve(objective, theta, x, y, NORMS[attack], radius, starts)
    values, direction = roughness(objective, theta, x, y, solution)
    along = [
        resolved_step(objective, theta, x, y, solution, direction, t * float(theta.norm()),
                      starts=starts)
        for t in steps
    ]  # fmt: skip
    return {
        "loss": float(solution.value.mean()),
        **asdict(values),
        "along": [{"step": t, **asdict(a)} for t, a in zip(steps, along, strict=True)],
    }


def _settings(
    attack: str, radius: float, seed: int, data: str, training: Mapping[str, Any]
) -> Settings:
    method = "natural" if attack == "natural" else "adversarial"
    p = NORMS.get(attack, 2.0)
    return Settings(method=method, p=p, radius=radius, box=False, seed=seed, data=data, **training)


def _divided(data: str, seed: int) -> tuple[datasets.Dataset, datasets.Dataset]:
    train_set, test_set = datasets.split(datasets.load(data), (0.8, 0.2), seed)
    return train_set, test_set


def finding(numbers: Mapping[str, Any]) -> Finding:
    """Borne out where both attacks' steps and the L2 eigenvalues exceed the frozen ones."""
    excess = {attack: over_seeds(numbers, attack, step_excess) for attack in NORMS}
    ratio = {attack: over_seeds(numbers, attack, ratio_of_tops) for attack in NORMS}
    jumps = {attack: over_seeds(numbers, attack, unexplained) for attack in NORMS}
    growth = {attack: mean_interval(trends(numbers, attack)) for attack in NORMS}
    needed = (excess["L2"], excess["Linf"], ratio["L2"])
    verdict = "inconclusive"
    if all(i.above(0) for i in needed):
        verdict = "borne out"
    elif any(i.below(0) for i in needed):
        verdict = "not borne out"
    parts = (
        "End of training, means over radii, 95 % intervals over seeds: the top eigenvalue is "
        f"{_factor(ratio['L2'])} (L2) and {_factor(ratio['Linf'])} (Linf) times that at the held "
        f"attack, the curvature along a step {_factor(excess['L2'])} and "
        f"{_factor(excess['Linf'])} times",
        f"per doubling of the radius the ratio of eigenvalues changes by {_factor(growth['L2'])} "
        f"and {_factor(growth['Linf'])}",
        f"on the shortest step {_share(numbers, 'L2')} and {_share(numbers, 'Linf')} attacks moved "
        "by more than half their radius, which adds to the held curvature, beyond the "
        f"almost-everywhere Hessian, {jumps['L2']} and {jumps['Linf']} of it",
    )
    return Finding(verdict, f"{'; '.join(parts)}.")


Row = Mapping[str, Any]


def last_rows(numbers: Mapping[str, Any], attack: str) -> dict[int, list[tuple[float, Row]]]:
    """(radius, last row) of each network, by seed."""
    found: dict[int, list[tuple[float, Row]]] = {}
    for one in numbers["networks"]:
        if one["attack"] == attack:
            found.setdefault(one["seed"], []).append((one["radius"], one["rows"][-1]))
    return found


def ratio_of_tops(row: Row) -> float:
    """log of true over frozen."""
    return math.log(row["true"] / row["frozen"])


def step_excess(row: Row) -> float:
    """log of the curvature along the longest step, attack moving over attack held."""
    longest = max(row["along"], key=lambda a: a["step"])
    return math.log(longest["moving"] / longest["held"])


def unexplained(row: Row) -> float:
    """What the shortest step adds beyond the almost-everywhere Hessian, over the held curvature."""
    shortest = min(row["along"], key=lambda a: a["step"])
    extra: float = shortest["moving"] - shortest["held"] - row["added_along"]
    return extra / float(shortest["held"])


def over_seeds(
    numbers: Mapping[str, Any], attack: str, of: Callable[[Row], float], radius: float | None = None
) -> Interval:
    """The interval over seeds of the mean over radii (or at one radius) of a number."""
    seeds = last_rows(numbers, attack).values()
    kept = [[of(row) for r, row in rows if radius in (None, r)] for rows in seeds]
    return mean_interval([sum(values) / len(values) for values in kept])


def trends(numbers: Mapping[str, Any], attack: str) -> list[float]:
    """Slope of log(true/frozen) in log2 radius, one a seed."""
    return [
        float(linregress([math.log2(r) for r, _ in rows], [ratio_of_tops(x) for _, x in rows])[0])
        for rows in last_rows(numbers, attack).values()
    ]


def _share(numbers: Mapping[str, Any], attack: str) -> str:
    """Attacks that moved far on the shortest steps at the end of training."""
    return _far([row for rows in last_rows(numbers, attack).values() for _, row in rows])


def _far(rows: Sequence[Row]) -> str:
    steps = [min(row["along"], key=lambda a: a["step"]) for row in rows]
    return f"{sum(s['far'] for s in steps)} of {sum(s['samples'] for s in steps)}"


def _factor(logarithm: Interval) -> str:
    mean, low, high = (math.exp(v) for v in (logarithm.mean, logarithm.low, logarithm.high))
    return f"{mean:.2f} [{low:.2f}, {high:.2f}]"


def summary(numbers: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """One line for each attack and radius at the end of training."""
    header = ["attack", "radius", "loss", "robust", "frozen", "true/frozen", "added/frozen trace",
              "along step", "moved far", "left out"]  # fmt: skip
    natural = [row for s in last_rows(numbers, "natural").values() for _, row in s]
    test = [one["test"]["clean"] for one in numbers["networks"] if one["attack"] == "natural"]
    first = ["natural", "0", _mean(natural, "loss"), f"{_average(test):.1%} (clean)",
             _mean(natural, "frozen"), "1", "0", "1", "0", "0"]  # fmt: skip
    lines = [first]
    for attack, radii in numbers["radii"].items():
        lines += [_line(numbers, attack, radius) for radius in radii]
    return header, lines


def _line(numbers: Mapping[str, Any], attack: str, radius: float) -> list[str]:
    networks = [n for n in numbers["networks"] if (n["attack"], n["radius"]) == (attack, radius)]
    rows = [n["rows"][-1] for n in networks]
    trace = sum(row["added_trace"] for row in rows) / sum(row["frozen_trace"] for row in rows)
    total = sum(row["samples"] + row["left_out"] for row in rows)
    return [
        attack, f"{radius:g}", _mean(rows, "loss"),
        f"{_average([n['test']['robust'] for n in networks]):.1%}", _mean(rows, "frozen"),
        _factor(over_seeds(numbers, attack, ratio_of_tops, radius)), f"{trace:.2f}",
        _factor(over_seeds(numbers, attack, step_excess, radius)),
        _far(rows),
        f"{sum(row['left_out'] for row in rows)} of {total}",
    ]  # fmt: skip


def _mean(rows: Sequence[Row], name: str) -> str:
    return f"{_average([row[name] for row in rows]):.3g}"


def _average(values: Sequence[float]) -> float:
    return sum(values) / len(values)
