"""Does EnSGD make adversarial training smoother in the parameters, and does it help accuracy?

Every trainer gets as many passes over mini-batches, to inputs or parameters, and as many trials
for its rates and its own numbers (an orthogonal array over three levels each): one seed for all
trials, the best again from another seed, judged under APGD-T on a validation part that is never
tested. The chosen ones are trained once a seed, each seed on its own fold, and compared seed by
seed under APGD-T; AutoAttack says what is left to find. "AT, few steps" has as many outer steps as
EnSGD instead. The Moreau envelope (EnSGD without noise) and AWP+EnSGD take EnSGD's choice and have
no trials of their own.

Robust accuracy within the pixel box, as trained; the change of the gradient with the attack solved
anew (certified, float64) without the box, at training samples, along the top eigenvector of the
Hessian at the held attack.

Small: digits, SiLU MLP 64-128-128-10, 5 seeds (folds), two CPU processes; 10 minutes. Full:
PreActResNet-18 at CIFAR, 200 passes, meant for GPUs and never run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

from numerics.deep.comparison import (
    beyond,
    clean,
    difference,
    factor,
    finished,
    log_quotient,
    pgd,
    points,
    strong,
    values,
)
from numerics.deep.curvature.steepest_step import steepest_steps
from numerics.deep.data import Dataset
from numerics.deep.device import measuring
from numerics.deep.experiment import Context, Finding
from numerics.deep.objective import Objective
from numerics.deep.statistics import mean_interval
from numerics.deep.training import Run, Settings, TrainingStopped, train
from numerics.deep.training.held_out import divided, judged_by_pgd, judged_strongly
from numerics.deep.trials import best, design, named

NUMBER = "E5"
QUESTION = "Does EnSGD make adversarial training smoother in the parameters and more robust?"
CLAIM = (
    "At an equal number of gradients EnSGD ends where the gradient of the adversarial loss changes "
    "less along its steepest direction than after plain adversarial training, and with a higher "
    "robust accuracy."
)
HYPOTHESES = (
    "The quotient of gradient differences, the attack solved anew, is below that of plain AT.",
    "Robust accuracy (APGD-T) is above that of plain AT at an equal number of gradients.",
    "It is above that of plain AT at an equal number of outer steps.",
    "The gain exceeds that of averaging the weights (SWA, EMA) and needs the noise (Moreau).",
)
SCALES: Mapping[str, Mapping[str, Any]] = {
    "small": {
        "data": "digits", "n": 1797, "marked": False, "validation": 0.2,
        "seeds": [0, 1, 2, 3, 4],
        "norms": {"Linf": {"radius": 0.15}},
        "training": {
            "model": "mlp", "budget_gradients": 1920, "attack_steps": 5, "batch": 128,
            "weight_decay": 5e-4, "milestones": [0.75, 0.9],
        },
        "trials": 9, "finalists": 2,
        "factors": {"lr": [0.1, 0.2, 0.3], "schedule": ["constant", "piecewise", "cosine"]},
        "methods": {
            "AT": {"method": "adversarial"},
            "AT, few steps": {"method": "adversarial", "outer_steps_of": "EnSGD"},
            "TRADES": {"method": "trades", "factors": {"options.beta": [1.0, 3.0, 6.0]}},
            "AWP": {"method": "awp", "factors": {"options.gamma": [0.001, 0.003, 0.01]}},
            "SAM": {"method": "sam", "factors": {"options.rho": [0.01, 0.03, 0.1]}},
            "SWA": {"method": "swa", "factors": {"options.start": [0.5, 0.7, 0.85]}},
            "EMA": {"method": "ema", "factors": {"options.decay": [0.95, 0.98, 0.995]}},
            "weight noise": {
                "method": "weight_noise", "factors": {"options.sigma": [0.01, 0.03, 0.1]},
            },
            "EnSGD": {
                "method": "entropy_sgd",
                "fixed": {"schedule": "constant"},
                "factors": {
                    "lr": [0.7, 1.0, 1.5], "options.lr": [0.1, 0.2, 0.3],
                    "options.gamma": [0.003, 0.03, 0.3], "options.steps": [10, 20, 40],
                },
            },
            "Moreau envelope": {"method": "moreau_envelope", "as": "EnSGD"},
            "AWP+EnSGD": {"method": "entropy_sgd", "as": "EnSGD", "base": "AWP"},
        },
        "samples": 64, "starts": 4, "steps": [0.01],
        "autoattack": {"methods": ["all"], "seeds": [0]},
        "longer": {"times": 3, "methods": ["AT", "EnSGD"]},
    },
    "full": {
        "data": "digits", "n": 60000, "marked": True, "validation": 0.1,
        "seeds": [0, 1, 2, 3, 4],
        "norms": {
            "Linf": {"radius": 0.03137254901960784, "attack_step": 0.00784313725490196},
            "L2": {"radius": 0.5019607843137255, "attack_step": 0.058823529411764705},
        },
        "training": {
            "model": "preact_resnet18", "budget_gradients": 774400, "attack_steps": 10,
            "batch": 128, "weight_decay": 5e-4, "milestones": [0.5, 0.75],
            "augment": "crop_flip", "dtype": "bf16", "channels_last": True,
        },
        "trials": 9, "finalists": 3,
        "factors": {"lr": [0.03, 0.1, 0.3], "schedule": ["constant", "piecewise", "cosine"]},
        "methods": {
            "AT": {"method": "adversarial"},
            "AT, few steps": {"method": "adversarial", "outer_steps_of": "EnSGD"},
            "TRADES": {"method": "trades", "factors": {"options.beta": [1.0, 3.0, 6.0]}},
            "AWP": {"method": "awp", "factors": {"options.gamma": [0.003, 0.005, 0.01]}},
            "SAM": {"method": "sam", "factors": {"options.rho": [0.02, 0.05, 0.1]}},
            "SWA": {"method": "swa", "factors": {"options.start": [0.5, 0.7, 0.85]}},
            "EMA": {"method": "ema", "factors": {"options.decay": [0.99, 0.995, 0.999]}},
            "weight noise": {
                "method": "weight_noise", "factors": {"options.sigma": [0.003, 0.01, 0.03]},
            },
            "EnSGD": {
                "method": "entropy_sgd",
                "fixed": {"schedule": "piecewise"},
                "factors": {
                    "lr": [0.5, 1.0, 1.5], "options.lr": [0.03, 0.1, 0.3],
                    "options.gamma": [0.003, 0.03, 0.3], "options.steps": [10, 20, 40],
                },
            },
            "Moreau envelope": {"method": "moreau_envelope", "as": "EnSGD"},
            "AWP+EnSGD": {"method": "entropy_sgd", "as": "EnSGD", "base": "AWP"},
        },
        "samples": 256, "starts": 8, "steps": [0.01, 0.001],
        "autoattack": {"methods": ["all"], "seeds": [0, 1, 2, 3, 4]},
        "longer": {"times": 1, "methods": []},
    },
}  # fmt: skip
NORMS = {"L2": 2.0, "Linf": math.inf}
REFERENCE, STUDIED, FEW = "AT", "EnSGD", "AT, few steps"
PGD_STEPS = 20  # of the evaluation

Numbers = Mapping[str, Any]
Case = dict[str, Any]


def run(settings: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Each norm by itself: trials, choices, final rows."""
    return {norm: _of_norm(settings, norm, context) for norm in settings["norms"]}


def _of_norm(settings: Mapping[str, Any], norm: str, context: Context) -> dict[str, Any]:
    specs = settings["methods"]
    tuned = [m for m, spec in specs.items() if "as" not in spec]
    first = [m for m in tuned if "outer_steps_of" not in specs[m]]
    trials, chosen = _tuned(settings, norm, context, first, {})
    later = [m for m in tuned if m not in first]
    more, choices = _tuned(settings, norm, context, later, chosen)
    chosen = {**chosen, **choices}
    chosen |= {m: _taken_over(spec, chosen) for m, spec in specs.items() if "as" in spec}
    cases = _final_cases(settings, norm, {m: chosen[m] for m in specs})
    rows = context.parts(final, cases)
    budget = settings["training"]["budget_gradients"] * settings["longer"]["times"]
    return {
        "trials": {**trials, **more},
        "chosen": chosen,
        "rows": [row for label, row in rows.items() if not label.startswith(LONGER)],
        "longer": [row for label, row in rows.items() if label.startswith(LONGER)],
        "longer_budget": budget,
    }


def _tuned(
    settings: Mapping[str, Any], norm: str, context: Context, names: Sequence[str],
    chosen: Mapping[str, Case],
) -> tuple[dict[str, Any], dict[str, Case]]:  # fmt: skip
    """All trials from one seed under PGD, the best again from another under the strong attack."""
    candidates = {
        f"{norm}, {name}, trial {i}": (name, values)
        for name in names
        for i, values in enumerate(
            design(_factors(settings, settings["methods"][name]), settings["trials"])
        )
    }
    plans = {
        label: _plan(settings, settings["methods"][name], values, chosen)
        for label, (name, values) in candidates.items()
    }
    common = {k: settings[k] for k in ("data", "n", "marked", "validation")}
    common |= {"folds": len(settings["seeds"]), "training": _training(settings, norm)}
    firsts = context.parts(
        trial, {label: {**common, "plan": plan, "seed": 0, "strong": False}
                for label, plan in plans.items()}
    )  # fmt: skip
    own = {name: [k for k, (of, _) in candidates.items() if of == name] for name in names}
    again = [
        label
        for labels in own.values()
        for label in best(labels, lambda k: firsts[k]["pgd"], settings["finalists"])
    ]
    seconds = context.parts(
        trial, {f"{label}, again": {**common, "plan": plans[label], "seed": 1, "strong": True}
                for label in again}
    )  # fmt: skip
    judged = {label: seconds[f"{label}, again"] for label in again}
    table = {
        name: [{"values": candidates[k][1], "first": firsts[k], "again": judged.get(k)} for k in ks]
        for name, ks in own.items()
    }
    winners = {
        name: best([k for k in ks if k in judged], lambda k: judged[k]["strong"], 1)[0]
        for name, ks in own.items()
    }
    return table, {name: plans[label] for name, label in winners.items()}


def _factors(settings: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    every = {**settings["factors"], **spec.get("factors", {})}
    return {k: v for k, v in every.items() if k not in spec.get("fixed", {})}


def _plan(
    settings: Mapping[str, Any], spec: Mapping[str, Any], values: Mapping[str, Any],
    chosen: Mapping[str, Case],
) -> Case:  # fmt: skip
    """What differs from the common settings of training: method, options, rates, budget."""
    plan = {"method": spec["method"], **named({**spec.get("fixed", {}), **values})}
    if "outer_steps_of" in spec:
        inner = chosen[spec["outer_steps_of"]]["options"]["steps"]
        plan["budget_gradients"] = settings["training"]["budget_gradients"] // inner
    return plan


def _taken_over(spec: Mapping[str, Any], chosen: Mapping[str, Case]) -> Case:
    """The choice of another method, around another base."""
    plan = chosen[spec["as"]]
    options = dict(plan["options"])
    if "base" in spec:
        base = chosen[spec["base"]]
        options["base"] = {"method": base["method"], **base["options"]}
    return {**plan, "method": spec["method"], "options": options}


def _training(settings: Mapping[str, Any], norm: str) -> Case:
    return {**settings["training"], **settings["norms"][norm], "norm": norm}


LONGER = "longer, "


def _final_cases(
    settings: Mapping[str, Any], norm: str, chosen: Mapping[str, Case]
) -> dict[str, Case]:
    common = {k: settings[k] for k in ("data", "n", "marked", "validation", "samples", "starts",
                                       "steps")}  # fmt: skip
    common |= {"folds": len(settings["seeds"]), "training": _training(settings, norm)}
    wanted, longer = settings["autoattack"], settings["longer"]
    found = {}
    for name, plan in chosen.items():
        for seed in settings["seeds"]:
            strict = bool({name, "all"} & set(wanted["methods"])) and seed in wanted["seeds"]
            case = {**common, "name": name, "plan": plan, "seed": seed, "autoattack": strict}
            found[f"{norm}, {name}, seed {seed}"] = case
            if name in longer["methods"]:
                budget = settings["training"]["budget_gradients"] * longer["times"]
                more = {**plan, "budget_gradients": budget}
                again = {**case, "plan": more, "autoattack": False}
                found[f"{LONGER}{norm}, {name}, seed {seed}"] = again
    return found


def trial(
    device: str, data: str, n: int, marked: bool, validation: float, folds: int,
    training: Mapping[str, Any], plan: Mapping[str, Any], seed: int, strong: bool,
) -> dict[str, Any]:  # fmt: skip
    """Accuracies at the validation part; 0 where training stopped (collapse, NaN)."""
    with measuring(seed):
        train_set, judged, _ = divided(data, n, marked, validation, folds, 0)
        settings = settings_of(training, plan, seed)
        try:
            trained = train(settings, train_set, device=device)
        except TrainingStopped as stopped:
            _not_interrupted(stopped)
            nothing = {"clean": 0.0, "pgd": 0.0, "strong": 0.0 if strong else None}
            return {**nothing, "stopped": str(stopped)}
        found = judged_by_pgd(trained, judged, device)
        if strong:
            found["strong"] = judged_strongly(trained, judged, device)
        return {"strong": None, **found, "stopped": None}


def final(
    device: str, data: str, n: int, marked: bool, validation: float, folds: int,
    training: Mapping[str, Any], name: str, plan: Mapping[str, Any], seed: int, autoattack: bool,
    samples: int, starts: int, steps: Sequence[float],
) -> dict[str, Any]:  # fmt: skip
    """One network: trained at its fold, judged at the test part, measured at training samples."""
    with measuring(seed):
        train_set, _, test_set = divided(data, n, marked, validation, folds, seed % folds)
        settings = settings_of(training, plan, seed)
        row: dict[str, Any] = {"method": name, "seed": seed, "stopped": None, "autoattack": None}
        try:
            trained = train(settings, train_set, device=device)
        except TrainingStopped as stopped:
            _not_interrupted(stopped)
            return {**row, "stopped": str(stopped)}
        row |= {"gradients": trained.gradients, "outer_steps": trained.counts.steps}
        row |= judged_by_pgd(trained, test_set, device)
        if row["clean"] <= float(test_set.y.bincount().max()) / len(test_set):
            return {**row, "stopped": "it ended as a constant predictor"}
        row["strong"] = judged_strongly(trained, test_set, device)
        if autoattack:
            row["autoattack"] = judged_strongly(trained, test_set, device, "standard")
        return {**row, **smoothness(trained, train_set, device, samples, starts, steps)}


def _not_interrupted(stopped: TrainingStopped) -> None:
    if stopped.reason == "interrupted":
        raise stopped


def settings_of(training: Mapping[str, Any], plan: Mapping[str, Any], seed: int) -> Settings:
    """The common settings, and what the plan changes."""
    every = {k: v for k, v in training.items() if k != "norm"}
    every["p"] = NORMS[training["norm"]]
    return Settings(**{**every, **plan, "seed": seed, "evaluation_steps": PGD_STEPS})


def smoothness(
    trained: Run, data: Dataset, device: str, samples: int, starts: int,
    steps: Sequence[float],
) -> dict[str, Any]:  # fmt: skip
    """Certified loss, and change of its gradient on steps in units of the parameters' length."""
    x, y = data.x[:samples].to(device).double(), data.y[:samples].to(device)
    objective, s = Objective(trained.model.double()), trained.settings
    return steepest_steps(objective, x, y, s.p, s.radius, starts, steps)


def finding(numbers: Numbers) -> Finding:
    """Borne out where EnSGD is smoother and more robust than AT at every norm."""
    words = {norm: _verdict(of) for norm, of in numbers.items()}
    verdict = "inconclusive"
    if all(word == "borne out" for word in words.values()):
        verdict = "borne out"
    elif "not borne out" in words.values():
        verdict = "not borne out"
    return Finding(verdict, " ".join(_sentence(norm, of) for norm, of in numbers.items()))


def _verdict(of: Numbers) -> str:
    robust = difference(of["rows"], STUDIED, REFERENCE, strong)[0]
    rough = difference(of["rows"], STUDIED, REFERENCE, log_quotient)[0]
    if robust.above(0) and rough.below(0):
        return "borne out"
    return "not borne out" if robust.below(0) or rough.above(0) else "inconclusive"


def _sentence(norm: str, of: Numbers) -> str:
    rows = of["rows"]
    robust, rough = (difference(rows, STUDIED, REFERENCE, f) for f in (strong, log_quotient))
    few, _ = difference(rows, STUDIED, FEW, strong)
    means = {m: mean_interval(list(values(rows, m, strong).values())).mean for m in finished(rows)}
    others = [m for m in means if m not in (STUDIED, "AWP+EnSGD", "Moreau envelope")]
    leader = max(others, key=means.__getitem__)
    ahead, _ = difference(rows, STUDIED, leader, strong)
    moreau, _ = difference(rows, STUDIED, "Moreau envelope", strong)
    stopped = sum(row["stopped"] is not None for row in rows)
    longer = ""
    if {STUDIED, REFERENCE} <= set(finished(of["longer"])):
        more, _ = difference(of["longer"], STUDIED, REFERENCE, strong)
        longer = f" EnSGD less AT with {of['longer_budget']} gradients each: {points(more)}."
    further = list(chain.from_iterable(beyond(rows).values()))
    if further:
        longer += (
            f" AutoAttack takes {min(further):.1f} to {max(further):.1f} points beyond APGD-T at "
            f"{len(further)} networks."
        )
    return (
        f"{norm}, points of robust accuracy and 95 % intervals over seeds: EnSGD less AT at equal "
        f"gradients {points(robust[0])} (g {robust[1]:.1f}), with {factor(rough[0])} times the "
        f"quotient (g {rough[1]:.1f}); EnSGD less AT at equal outer steps {points(few)}, less "
        f"{leader}, the best of the others, {points(ahead)}, less itself without noise "
        f"{points(moreau)}; {stopped} of {len(rows)} runs stopped.{longer}"
    )


def summary(numbers: Numbers) -> tuple[list[str], list[list[str]]]:
    """One line for each norm and method: means over seeds, differences to AT with intervals."""
    header = ["method", "norm", "clean", "PGD", "APGD-T", "less AT", "g", "quotient", "by AT's",
              "loss", "outer steps"]  # fmt: skip
    lines = []
    for norm, of in numbers.items():
        lines += [_line(norm, of["rows"], method) for method in finished(of["rows"])]
        more = of["longer"]
        lines += [[f"{m}, longer", *_line(norm, more, m)[1:]] for m in finished(more)]
    return header, lines


def _line(norm: str, rows: Sequence[Numbers], method: str) -> list[str]:
    def average(of: Callable[[Numbers], float]) -> float:
        return mean_interval(list(values(rows, method, of).values())).mean

    accuracies = [f"{average(of):.1f}" for of in (clean, pgd, strong)]
    less, g = difference(rows, method, REFERENCE, strong)
    over, _ = difference(rows, method, REFERENCE, log_quotient)
    steps = average(lambda r: r["outer_steps"])
    same = method == REFERENCE
    return [method, norm, *accuracies,
            "" if same else points(less), "" if same else f"{g:.1f}",
            f"{math.exp(average(log_quotient)):.2f}", "" if same else factor(over),
            f"{average(lambda r: r['loss']):.2f}", f"{steps:.0f}"]  # fmt: skip
