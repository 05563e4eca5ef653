r"""Figure 8: the Hessian with the attack held fixed, against the Hessian of the adversarial loss.

.. math:: \nabla^2 l_\epsilon - \nabla^2_{\theta\theta} l(x + \delta^*, \theta)
          = C^\top P\,\bigl(P(\lambda I - H)P\bigr)^{+} P\,C \succeq 0.
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
from numerics.families.curvature import interior, on_sphere
from numerics.families.networks import Network, random_network
from paper_figures.style import BLUE, GREEN, GREY, PAGE, VERMILION

TITLE = "What is lost when the attack is held fixed"
CLAIMS = ("l2-hessian-formula", "attack-sharpens-across")
SETTINGS: Mapping[str, Any] = {
    "a": [1.0, 0.2, 0.0],
    "direction": [0.6, 0.8, 0.0],
    "epsilon": 0.5,
    "decades": [-1.3, 1.3],
    "listed": [0.1, 1.0, 10.0],
    "points": 25,
    "seeds": [0, 1, 2],
    "sizes": [2, 4],
    "output": 0.03,
    "radii": [0.01, 0.5],
}
COLOURS = (BLUE, VERMILION, GREEN)


def data(
    a: list[float],
    direction: list[float],
    epsilon: float,
    decades: list[float],
    listed: list[float],
    points: int,
    seeds: list[int],
    sizes: list[int],
    output: float,
    radii: list[float],
) -> dict[str, Any]:
    """Top eigenvalues [fixed, true], for the linear classifier and for networks."""
    linear, x, e = Network((len(a),), biases=False), np.array(a), np.array(direction)
    r, eps = np.logspace(decades[0], decades[1], points), np.linspace(radii[0], radii[1], points)
    return {
        "epsilon": epsilon,
        "r": r.tolist(),
        "linear": [_eigenvalues(linear, size * e, x, epsilon) for size in r],
        "listed": [[r, *_eigenvalues(linear, r * e, x, epsilon)[:2]] for r in listed],
        "output": output,
        "radii": eps.tolist(),
        "networks": [_network(seed, tuple(sizes), output, eps) for seed in seeds],
    }


def _network(
    seed: int, sizes: tuple[int, ...], output: float, radii: np.ndarray
) -> list[list[float]]:
    """Output weights times ``output``: little confidence, as early in training."""
    rng = np.random.default_rng(seed)
    network, theta = random_network(rng, sizes, TANH)
    x = rng.normal(size=sizes[0])
    theta[-1 - sizes[-1] : -1] *= output
    return [_eigenvalues(network, theta, x, float(eps)) for eps in radii]


def _eigenvalues(network: Network, theta: np.ndarray, x: np.ndarray, eps: float) -> list[float]:
    """[fixed, true, whether the attack is certified]."""
    attack = solve_attack(network.at_parameters(theta, x), Ball(eps))
    d = network.derivatives(x + attack.delta, theta)
    response = on_sphere(d, attack.delta) if attack.active[0] else interior(d)
    return [float(np.linalg.eigvalsh(d.tt)[-1]), response.largest, float(attack.certified)]


def plot(data: Mapping[str, Any]) -> Figure:
    """Along the size of theta on the left, along the radius of the attack on the right."""
    figure = Figure(figsize=(PAGE, 2.6))
    left, right = figure.subplots(1, 2)
    _linear(left, data)
    for rows, colour in zip(data["networks"], COLOURS, strict=False):
        fixed, true, _ = zip(*rows, strict=True)
        right.plot(data["radii"], true, color=colour)
        right.plot(data["radii"], fixed, color=colour, ls=FIXED)
    right.set(
        title="three networks with small output weights",
        xlabel=r"radius $\epsilon$ of the attack",
        xlim=(0, None),
    )
    right.set_ylim(bottom=0)
    left.set_ylabel("top eigenvalue")
    return figure


FIXED = (0, (2, 1.5))


def _linear(ax: Axes, data: Mapping[str, Any]) -> None:
    fixed, true, _ = zip(*data["linear"], strict=True)
    ax.fill_between(data["r"], fixed, true, color=BLUE, alpha=0.13, lw=0)
    ax.plot(data["r"], true, color=BLUE, label=r"adversarial Hessian $\nabla^2 l_\epsilon$")
    ax.plot(data["r"], fixed, color=BLUE, ls=FIXED, label="attack held fixed")
    for r, low, high in data["listed"]:
        ax.plot([r, r], [low, high], "o", color=BLUE, mfc="white", zorder=3)
        at: Any = {"textcoords": "offset points", "size": 7, "color": GREY}
        ax.annotate(_digits(high), (r, high), xytext=(4, 3), **at)
        ax.annotate(
            _digits(low), (r, low), xytext=(-3, -8.5), ha="right" if r > 1 else "center", **at
        )
    ax.set(xscale="log", yscale="log", title="linear classifier", xlabel=r"$\Vert\theta\Vert$")
    ax.set_ylim(bottom=0.006)
    ax.legend(loc="upper right")


def _digits(value: float) -> str:
    return f"{value:.3f}" if value > 1 else f"{value:.4f}"


def caption(data: Mapping[str, Any]) -> str:
    """By how much the fixed attack underestimates."""
    listed = ", ".join(
        f"{_digits(low)} | {_digits(high)} at r = {r:g}" for r, low, high in data["listed"]
    )
    rows = [row for one in data["networks"] for row in one]
    most = max(true / fixed for fixed, true, _ in rows)
    both = [*rows, *data["linear"]]
    certified = int(sum(row[2] for row in both))
    return f"""Top eigenvalues of the Hessian in theta at the strongest L2 attack, with the attack
    held fixed (dashed) and with its dependence on theta (solid). Left: logistic loss of the linear
    classifier at theta = r (.6, .8, 0), epsilon = {data["epsilon"]:g}; fixed | true: {listed}.
    Right: random tanh networks with output weights times {data["output"]:g}, as early in
    training; the true eigenvalue is up to {most:.2f} times the one with the attack held fixed. The
    missing part is positive semidefinite, so the fixed attack never overestimates. {certified} of
    {len(both)} attacks are certified as global by interval branch and bound."""
