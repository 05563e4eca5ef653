r"""E1: on linear models closed form, gradient ascent, certified solver and theory are one.

.. math:: l_\epsilon(\theta) = \phi(a^\top\theta - \epsilon\|\theta\|_q), \qquad a = yx, \quad
          \phi(m) = \log(1+e^{-m}).

Theory: the formulas of ``numerics.linear``, derived and proved, in NumPy. Measured: torch, through
the same attacks, gradients and Hessians that the experiments on networks use. 569 tumours of
breast_cancer, 30 standardised features, five random theta of norm 1. Two processes on two cores of
a CPU: half a minute. Source: Kanai et al. 2021, binary linear case; constants and jumps ours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from numerics.deep import data as datasets
from numerics.deep.attacks import linear
from numerics.deep.attacks.certified import solve
from numerics.deep.attacks.norm_balls import NormBall
from numerics.deep.attacks.pgd import pgd
from numerics.deep.curvature.adversarial_hessian import adversarial
from numerics.deep.curvature.difference_quotients import gradient_at
from numerics.deep.device import measuring, seeded
from numerics.deep.experiment import Context, Finding
from numerics.deep.objective import Objective
from numerics.linear.jumps import gradient_jump
from numerics.linear.losses import LinearLoss, adversarial_loss

NUMBER = "E1"
QUESTION = "Do closed form, gradient ascent, certified solver and theory agree on linear models?"
CLAIM = (
    "To rounding in attack, loss, gradient and Hessian; under Linf the gradient jumps by "
    "(2 epsilon / n) sum of s(-u) at theta_i = 0 and nowhere else, under L2 nowhere off 0; its "
    "difference quotients stay below c^2/4 + 2 epsilon/(|theta| + |theta'|), c = |x| + epsilon."
)
HYPOTHESES = ("two classes, logistic loss, no bias, no pixel box", "theta not 0")
SCALES = {
    "small": {
        "data": "breast_cancer",
        "n": 569,
        "seeds": [0, 1, 2, 3, 4],
        "radii": {"2": 0.5, "inf": 0.1},
        "steps": 20,
        "pairs": 200,
        "cells": 200,
    },
    "full": {
        "data": "breast_cancer",
        "n": 569,
        "seeds": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        "radii": {"2": 0.5, "inf": 0.1},
        "steps": 20,
        "pairs": 2000,
        "cells": 2000,
    },
}
ROUNDING = 1e-10  # relative; 5e5 units in the last place, for sums over 569 samples and inverses
BRACKET = 1e-12
NAMES = {"2": "L2", "inf": "Linf"}


class TwoClasses(nn.Module):
    """Outputs (0, <theta, x>): the cross entropy is phi(y <theta, x>)."""

    def __init__(self, theta: Tensor) -> None:
        super().__init__()
        self.theta = nn.Parameter(theta.clone())

    def forward(self, x: Tensor) -> Tensor:
        margin = x @ self.theta
        return torch.stack([torch.zeros_like(margin), margin], dim=1)


class Problem:
    """One theta, the data, one ball; ``theory`` on numpy, the rest on torch."""

    def __init__(self, device: str, data: str, n: int, seed: int, p: str, radius: float) -> None:
        dataset = datasets.load(data)
        self.x = dataset.x[:n].double().flatten(1).to(device)
        self.y = dataset.y[:n].to(device)
        drawn = torch.randn(self.x.shape[1], generator=seeded(seed), dtype=torch.float64)
        self.theta = (drawn / drawn.norm()).to(device)
        self.model = TwoClasses(self.theta)
        self.objective = Objective(self.model)
        self.ball, self.radius = NormBall(float(p), radius), radius
        self.loss: LinearLoss = adversarial_loss(2 if p == "2" else math.inf)
        self.points, self.labels = self.x.cpu().numpy(), 2.0 * self.y.cpu().numpy() - 1

    def theory(self, what: str, theta: np.ndarray) -> np.ndarray:
        """value, margin, gradient or hessian of every sample at theta (d,)."""
        found: np.ndarray = getattr(self.loss, what)(theta, self.points, self.labels, self.radius)
        return found

    def closed(self, theta: Tensor) -> Tensor:
        """The attack in closed form."""
        weight = torch.stack([torch.zeros_like(theta), theta])
        return linear.attack(weight, self.x, self.y, self.ball)

    def ascent(self, theta: Tensor, steps: int) -> Tensor:
        """The attack by projected gradient ascent."""
        model = TwoClasses(theta)
        return pgd(model, self.x, self.y, self.ball, steps, 2.5 * self.radius / steps)

    def gradient(self, theta: np.ndarray, steps: int = 2) -> np.ndarray:
        """Of the mean adversarial loss: torch, at the attack by gradient ascent."""
        at = torch.from_numpy(theta).to(self.x)
        found = gradient_at(self.objective, at, self.x, self.y, self.ascent(at, steps))
        return found.cpu().numpy()


def agreement(
    device: str, data: str, n: int, seed: int, p: str, radius: float, steps: int
) -> dict[str, Any]:
    """Relative differences between the routes to attack, loss, gradient and Hessian."""
    with measuring(seed):
        problem = Problem(device, data, n, seed, p, radius)
        x, y, theta, objective = problem.x, problem.y, problem.theta, problem.objective
        closed = problem.closed(theta)
        solution = solve(objective, theta, x, y, problem.ball.p, radius)
        hessian = adversarial(objective, theta, x, y, solution, drop=True)
        basis = torch.eye(len(theta), dtype=theta.dtype, device=theta.device)
        parts = [hessian.parts(v) for v in basis]
        held, total = (torch.stack(t) for t in zip(*[(h, h + a) for h, a in parts], strict=True))
        kept = hessian.kept.cpu().numpy()
        at = theta.cpu().numpy()
        true = problem.theory("hessian", at)[kept].mean(0)
        gradient = gradient_at(objective, theta, x, y, solution.delta).cpu().numpy()
        losses = objective.losses(theta, x + solution.delta, y).cpu().numpy()
        return {
            "attack by ascent": _relative(problem.ascent(theta, steps), closed),
            "attack by solver": _relative(solution.delta, closed),
            "loss": _relative(losses, problem.theory("value", at)),
            "gradient": _relative(gradient, problem.theory("gradient", at).mean(0)),
            "Hessian": _relative(total, true),
            "Hessian, attack held fixed": _relative(held, true),
            "left out": int((~kept).sum()),
            "not converged": len(solution.failures()),
        }


def kinks(
    device: str, data: str, n: int, seed: int, p: str, radius: float, cells: int
) -> dict[str, Any]:
    """Where the gradient jumps on a line through many orthants, and by how much at theta_i = 0.

    The line is cut into cells; one where the gradient changes by more than thrice the median is
    halved until its length is ``BRACKET``. A change that is still there is a jump.
    """
    with measuring(seed):
        problem = Problem(device, data, n, seed, p, radius)
        start = problem.theta.cpu().numpy()
        end = torch.randn(len(start), generator=seeded(seed + 1000), dtype=torch.float64).numpy()
        end = end / np.linalg.norm(end)
        found = _jumps_on(problem, start, end, cells)
        zeros = start / (start - end)
        expected = np.sort(zeros[(zeros > 0) & (zeros < 1)])
        sizes = [_jump_at_hyperplane(problem, start, i) for i in range(len(start))]
        return {
            "expected on the line": len(expected),
            "found on the line": len(found),
            "position error": _distance(found, expected) if p == "inf" else None,
            "jump error": max(_relative_number(m, t) for m, t in sizes) if p == "inf" else None,
            "largest jump measured": max(measured for measured, _ in sizes),
            "smallest jump predicted": min(predicted for _, predicted in sizes),
        }


def constants(
    device: str, data: str, n: int, seed: int, p: str, radius: float, pairs: int
) -> dict[str, Any]:
    """Difference quotients by the constant of the theorem, and the curvature near 0."""
    with measuring(seed):
        problem = Problem(device, data, n, seed, p, radius)
        rng = np.random.default_rng(seed)
        ratios = [_quotient(problem, *_pair(rng, len(problem.theta))) for _ in range(pairs)]
        near = []
        for size in (1e-2, 1e-4, 1e-6):
            at = size * problem.theta.cpu().numpy()
            top = np.linalg.eigvalsh(problem.theory("hessian", at).mean(0))[-1]
            step = size * 1e-5 * _tangent(rng, at)
            change = problem.gradient(at + step) - problem.gradient(at - step)
            measured = np.linalg.norm(change) / np.linalg.norm(2 * step)
            near.append([size, float(top), float(measured), radius / (2 * size)])
        return {"largest quotient by constant": max(ratios), "near zero": near}


def run(settings: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """All three, for every seed and both balls; the constant is a theorem for L2 alone."""
    found: dict[str, Any] = {}
    common = {"data": settings["data"], "n": settings["n"]}
    for function, extra, balls in (
        (agreement, "steps", ("2", "inf")),
        (kinks, "cells", ("2", "inf")),
        (constants, "pairs", ("2",)),
    ):
        cases = {
            f"{function.__name__} {NAMES[p]} seed {seed}": {
                **common,
                "seed": seed,
                "p": p,
                "radius": settings["radii"][p],
                extra: settings[extra],
            }
            for p in balls
            for seed in settings["seeds"]
        }
        parts = context.parts(function, cases)
        for p in balls:
            rows = [v for label, v in parts.items() if f" {NAMES[p]} " in label]
            found.setdefault(NAMES[p], {})[function.__name__] = rows
    return found


def finding(numbers: Mapping[str, Any]) -> Finding:
    """Every difference at rounding, every kink found and of the predicted size."""
    worst = _worst_agreement(numbers)
    box, ball = numbers["Linf"]["kinks"], numbers["L2"]["kinks"]
    expected, met = (sum(row[f"{w} on the line"] for row in box) for w in ("expected", "found"))
    stray = sum(row["found on the line"] for row in ball)
    size = max(row["jump error"] for row in box)
    places = [row["position error"] for row in box]
    place = math.inf if None in places else max(places)
    quotient = max(row["largest quotient by constant"] for row in numbers["L2"]["constants"])
    good = max(worst, size) <= ROUNDING and place <= 10 * BRACKET and quotient <= 1
    good = good and met == expected and not stray
    return Finding(
        "borne out" if good else "not borne out",
        f"attack, loss, gradient and Hessian differ from theory by at most {worst:.0e}; under Linf "
        f"{met} of {expected} predicted kinks found, places to {place:.0e}, sizes to {size:.0e}; "
        f"under L2 {stray}; quotients reach {quotient:.2f} of the L2 constant",
    )


def summary(numbers: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """The worst over the seeds."""
    rows = []
    for name in numbers["L2"]["agreement"][0]:
        if name in ("left out", "not converged"):
            continue
        worst = [max(r[name] for r in numbers[b]["agreement"]) for b in NAMES.values()]
        rows.append([name, *(f"{w:.0e}" for w in worst)])
    found, expected = (
        [str(sum(r[f"{w} on the line"] for r in numbers[b]["kinks"])) for b in NAMES.values()]
        for w in ("found", "expected")
    )
    sizes = max(r["jump error"] for r in numbers["Linf"]["kinks"])
    return ["largest relative difference", *NAMES.values()], [
        *rows,
        ["kinks found on lines", *found],
        ["kinks predicted", "0", expected[1]],
        ["size of jumps", "-", f"{sizes:.0e}"],
    ]


def _worst_agreement(numbers: Mapping[str, Any]) -> float:
    names = ("attack by ascent", "attack by solver", "loss", "gradient", "Hessian")
    rows = [row for ball in NAMES.values() for row in numbers[ball]["agreement"]]
    return max(float(row[name]) for row in rows for name in names)


def _relative(found: Any, true: Any) -> float:
    found, true = (
        np.asarray(v.detach().cpu() if isinstance(v, Tensor) else v) for v in (found, true)
    )
    return float(np.abs(found - true).max() / np.abs(true).max())


def _relative_number(measured: float, predicted: float) -> float:
    return abs(measured - predicted) / predicted


def _jumps_on(problem: Problem, start: np.ndarray, end: np.ndarray, cells: int) -> list[float]:
    """Positions in (0, 1) at which the gradient jumps."""

    def gradient(t: float) -> np.ndarray:
        return problem.gradient(start + t * (end - start))

    grid = np.linspace(0, 1, cells + 1)
    known = [gradient(t) for t in grid]
    least = 3 * float(np.median([np.linalg.norm(h - g) for g, h in pairwise(known)]))
    cells_and_ends = zip(pairwise(grid.tolist()), pairwise(known), strict=True)
    return [
        t for (low, high), ends in cells_and_ends for t in _within(gradient, low, high, ends, least)
    ]


def _within(
    gradient: Any, low: float, high: float, ends: tuple[np.ndarray, np.ndarray], least: float
) -> list[float]:
    """Where the gradient changes by more than ``least`` on however short a bracket."""
    if np.linalg.norm(ends[1] - ends[0]) <= least:
        return []
    middle = (low + high) / 2
    if high - low <= BRACKET:
        return [middle]
    m = gradient(middle)
    before = _within(gradient, low, middle, (ends[0], m), least)
    return before + _within(gradient, middle, high, (m, ends[1]), least)


def _jump_at_hyperplane(problem: Problem, theta: np.ndarray, i: int) -> tuple[float, float]:
    """(measured, predicted) jump across theta_i = 0: D3 averaged over the samples; 0 under L2."""
    at = theta.copy()
    at[i] = 0
    across = np.eye(len(theta))[i]
    measured = float(np.linalg.norm(gradient_jump(problem.gradient, at, across)))
    margin = problem.theory("margin", at)
    predicted = 2 * problem.radius * float(np.mean(1 / (1 + np.exp(margin))))
    return measured, predicted if problem.ball.p == math.inf else 0.0


def _distance(found: list[float], expected: np.ndarray) -> float | None:
    if len(found) != len(expected):
        return None
    return float(np.abs(np.sort(found) - expected).max()) if found else 0.0


def _pair(rng: np.random.Generator, dimension: int) -> tuple[np.ndarray, np.ndarray]:
    """Sizes and distances over several decades; half of the steps turn theta."""
    theta = rng.standard_normal(dimension)
    theta *= 10 ** rng.uniform(-4, 1) / np.linalg.norm(theta)
    step = _tangent(rng, theta) if rng.random() < 0.5 else rng.standard_normal(dimension)
    step *= np.linalg.norm(theta) * 10 ** rng.uniform(-3, 0.5) / np.linalg.norm(step)
    return theta, theta + step


def _tangent(rng: np.random.Generator, theta: np.ndarray) -> np.ndarray:
    """A random direction orthogonal to theta, as long as theta is in units of its own length."""
    unit = theta / np.linalg.norm(theta)
    drawn = rng.standard_normal(len(theta))
    drawn -= unit * (unit @ drawn)
    found: np.ndarray = drawn / np.linalg.norm(drawn)
    return found


def _quotient(problem: Problem, one: np.ndarray, two: np.ndarray) -> float:
    """The quotient of a pair by the mean of c²/4 + 2 epsilon/(|theta| + |theta'|)."""
    change = np.linalg.norm(problem.gradient(one) - problem.gradient(two))
    reach = np.linalg.norm(problem.points, axis=1) + problem.radius
    sizes = np.linalg.norm(one) + np.linalg.norm(two)
    constant = np.mean(reach**2) / 4 + 2 * problem.radius / sizes
    return float(change / np.linalg.norm(one - two) / constant)
