r"""Figure 7: the flatter the loss in the input, the sharper in the parameters, and an exception.

.. math:: \lambda_{\min}(l_{\theta\theta}) + \frac{\sigma_2(C)^2}{\|\nabla_x l\|/\epsilon
          + \max(0, -\lambda_{\min}(H))} \le \lambda_{\max}(\nabla^2 l_\epsilon)
          \le \|l_{\theta\theta}\| + \frac{\|C\|^2}{\mu_T}

Output weights times s flatten a network and leave its cross derivative C; a growing margin of
the linear classifier flattens the loss and C with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from numerics.families.activations import TANH
from numerics.families.attack_ball import Ball
from numerics.families.attack_solver import solve_attack
from numerics.families.curvature import on_sphere
from numerics.families.curvature_bounds import flatness
from numerics.families.networks import Network, random_network
from paper_figures.style import BLUE, GREY, PAGE, VERMILION

TITLE = "Flatness in the input against curvature in the parameters"
CLAIMS = ("l2-hessian-formula", "l2-hessian-tangential")
SETTINGS: Mapping[str, Any] = {
    "epsilon": 0.3,
    "sizes": [2, 4],
    "seeds": [1, 0, 2, 3, 4, 5],
    "decades": [-4.0, 0.0],
    "points": 17,
    "x": [1.0, 0.5],
    "margins": [2.6, 16.0],
}


def data(
    epsilon: float,
    sizes: list[int],
    seeds: list[int],
    decades: list[float],
    points: int,
    x: list[float],
    margins: list[float],
) -> dict[str, Any]:
    """Bounds and truth at certified attacks, for each network and scale of its output weights."""
    scales = np.logspace(decades[0], decades[1], points)
    networks = [[_scaled(seed, tuple(sizes), float(s), epsilon) for s in scales] for seed in seeds]
    sizes_of_theta = np.geomspace(margins[0], margins[1], points)
    return {
        "epsilon": epsilon,
        "scales": scales.tolist(),
        "networks": networks,
        "linear": [_linear(np.array(x), float(R), epsilon) for R in sizes_of_theta],
    }


def _scaled(seed: int, sizes: tuple[int, ...], scale: float, epsilon: float) -> dict[str, Any]:
    """One network with its output weights times ``scale``."""
    rng = np.random.default_rng(seed)
    network, theta = random_network(rng, sizes, TANH)
    x = rng.normal(size=sizes[0])
    theta[-1 - sizes[-1] : -1] *= scale
    return _at_attack(network, theta, x, epsilon)


def _linear(x: np.ndarray, size: float, epsilon: float) -> dict[str, Any]:
    """The linear classifier at theta = R x/|x|, which classifies x with a growing margin."""
    network = Network((len(x),), biases=False)
    return _at_attack(network, size * x / np.linalg.norm(x), x, epsilon)


def _at_attack(
    network: Network, theta: np.ndarray, x: np.ndarray, epsilon: float
) -> dict[str, Any]:
    attack = solve_attack(network.at_parameters(theta, x), Ball(epsilon))
    d = network.derivatives(x + attack.delta, theta)
    bounds = flatness(d, attack.delta)
    added = on_sphere(d, attack.delta).hessian - d.tt
    return {
        "slope": float(np.linalg.norm(d.x)),
        "second": float(np.linalg.svd(d.xt, compute_uv=False)[1]),
        "lower": bounds.lower,
        "true": bounds.true,
        "upper": bounds.upper,
        "added": float(np.linalg.norm(added, 2)),
        "certified": attack.certified,
    }


def plot(data: Mapping[str, Any]) -> Figure:
    """Both panels run to flatter inputs on the right."""
    figure = Figure(figsize=(PAGE, 2.75))
    left, right = figure.subplots(1, 2)
    _between(left, data["networks"])
    left.set(title="networks whose cross derivative stays", ylim=(0.2, None))
    left.set_ylabel(r"top eigenvalue of $\nabla^2 l_\epsilon$")
    _saturated(right, data["linear"])
    for ax in (left, right):
        ax.set(
            xscale="log", yscale="log", xlabel=r"$\Vert\nabla_x l\Vert$  (flatter $\rightarrow$)"
        )
        ax.invert_xaxis()
        ax.legend(loc="upper left" if ax is left else "lower left")
    return figure


def _between(ax: Axes, networks: list[list[Mapping[str, Any]]]) -> None:
    """The first network between its bounds, the others for comparison."""
    slope, lower, true, upper = (
        [row[name] for row in networks[0]] for name in ("slope", "lower", "true", "upper")
    )
    ax.fill_between(slope, lower, upper, color=BLUE, alpha=0.13, lw=0)
    ax.plot(slope, upper, color=BLUE, lw=0.9, ls=(0, (4, 1.5)), label="upper bound")
    ax.plot(slope, true, color=BLUE, label="adversarial Hessian")
    ax.plot(slope, lower, color=BLUE, lw=0.9, ls=(0, (1, 1.2)), label="lower bound")
    for k, rows in enumerate(networks[1:]):
        slope, true = ([row[name] for row in rows] for name in ("slope", "true"))
        ax.plot(slope, true, color=GREY, lw=0.7, zorder=1, label=None if k else "other networks")


DASHES = (0, (6, 1.2, 1, 1.2))


def _saturated(ax: Axes, rows: list[Mapping[str, Any]]) -> None:
    slope, added, lower, second = (
        [row[name] for row in rows] for name in ("slope", "added", "lower", "second")
    )
    ax.plot(slope, second, color=VERMILION, ls=DASHES, label=r"$\sigma_2(C)$")
    ax.plot(slope, added, color=BLUE, label="curvature that the attack adds")
    ax.plot(slope, lower, "o", color=BLUE, mfc="white", ms=3, label="lower bound")
    ax.set(title="linear classifier, growing margin", ylabel=r"added curvature, $\sigma_2(C)$")


def caption(data: Mapping[str, Any]) -> str:
    """How fast curvature grows in the one case and falls in the other."""
    rows = [row for one in data["networks"] for row in one]
    certified = sum(row["certified"] for row in [*rows, *data["linear"]])
    total = len(rows) + len(data["linear"])
    growth = min(one[0]["true"] / min(row["true"] for row in one) for one in data["networks"])
    second = min(row["second"] for row in rows)
    tight = min(row["true"] / row["lower"] for row in rows if row["lower"] > 0)
    ends = data["linear"][0], data["linear"][-1]
    return f"""Left: random tanh networks under an L2 attack of radius {data["epsilon"]:g}, their
    output weights scaled by {data["scales"][-1]:g} down to {data["scales"][0]:g}. sigma_2(C) stays
    above {second:.2f}, so the curvature grows at least {growth:.0f}-fold, between both bounds
    (where the lower one is positive, true over lower: {tight:.2f} or more). Right: where C shrinks
    the relation ends: along theta = R x/||x|| the slope in the input falls from
    {ends[0]["slope"]:.2g} to {ends[1]["slope"]:.1g}, the added curvature from
    {ends[0]["added"]:.2g} to {ends[1]["added"]:.1g}. {certified} of {total} attacks are certified
    as global by interval branch and bound."""
