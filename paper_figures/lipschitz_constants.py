r"""Figure 3: Lipschitz constants of the L2 adversarial gradient on {||theta|| >= r}, against r.

.. math:: S(r) \le \frac{(X+\epsilon)^2}{4} + \frac{\epsilon}{2r}
          \le \frac{(X+\epsilon)^2}{4} + \frac{\epsilon}{r}

beside the bound L_tt + eps L_tx(r)/r of the smoothness assumptions, whose L_tx is the largest
mixed derivative at ||theta|| = r, and beside difference quotients of random pairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from numerics.linear import adversarial_loss, lower, random_pair_bound
from numerics.linear.losses import THETA, Y
from numerics.sharp_constant import sharp_constant
from paper_figures.style import BLACK, BLUE, GREEN, GREY, ORANGE, PAGE, VERMILION
from theory import Vector, dot, gradient, jacobian, logistic

TITLE = "Lipschitz constants of the L2 adversarial gradient against the distance from the origin"
# The first three verdicts appear in the legend.
CLAIMS = (
    "l2-away-from-zero",
    "l2-hessian-bound",
    "natural-smoothness",
    "mixed-derivative-unbounded",
)
SETTINGS: Mapping[str, Any] = {
    "X": 1.0,
    "radii": [0.5, 1.5],
    "decades": [-2, 2],
    "points": 25,
    "pair_points": 9,
    "pairs": 4000,
    "tolerance": 5e-4,
    "seed": 0,
}


def data(
    X: float,
    radii: list[float],
    decades: list[int],
    points: int,
    pair_points: int,
    pairs: int,
    tolerance: float,
    seed: int,
) -> dict[str, Any]:
    """One panel for each attack radius epsilon."""
    r = np.logspace(decades[0], decades[1], points)
    rough = np.logspace(decades[0], decades[1], pair_points)
    rng = np.random.default_rng(seed)
    panels = [
        {**bounds(X, eps, r, tolerance), "pairs": [_pairs(X, eps, q, pairs, rng) for q in rough]}
        for eps in radii
    ]
    return {"X": X, "r": r.tolist(), "pair_r": rough.tolist(), "panels": panels}


def bounds(X: float, eps: float, r: np.ndarray, tolerance: float) -> dict[str, Any]:
    """S(r) from both sides, and the bounds from above."""
    sharp = [sharp_constant(X, eps, float(radius), tolerance) for radius in r]
    normal = (X + eps) ** 2 / 4
    mixed = np.array([largest_mixed(X + eps, float(radius)) for radius in r])
    return {
        "epsilon": eps,
        "lower": [s.lower for s in sharp],
        "upper": [s.upper for s in sharp],
        "pairwise": (normal + eps / r).tolist(),
        "pointwise": (normal + eps / (2 * r)).tolist(),
        "usual": (normal + eps * mixed / r).tolist(),
    }


def _pairs(X: float, eps: float, r: float, pairs: int, rng: np.random.Generator) -> float:
    loss, x = adversarial_loss(2), np.array([X, 0.0])
    return random_pair_bound(
        lambda theta: loss.gradient(theta, x, 1.0, eps), 2, r, rng, pairs
    ).ratio


def largest_mixed(c: float, r: float, angles: int = 91, sizes: int = 9) -> float:
    """The largest norm of the derived mixed derivative over ||theta|| = r, ||x|| <= c, on a grid.

    Two dimensions suffice: the matrix acts in the span of theta and x.
    """
    angle, size = np.meshgrid(np.linspace(0, np.pi, angles), np.linspace(0, c, sizes))
    x = size[..., None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    matrices = MIXED(theta=np.array([r, 0.0]), x=x, y=1.0)
    return float(np.linalg.norm(matrices, 2, axis=(-2, -1)).max())


_X = Vector("x")
MIXED = lower(jacobian(gradient(logistic(Y * dot(THETA, _X)), THETA), _X))


def plot(data: Mapping[str, Any]) -> Figure:
    """Log-log panels that share one legend, which names the evidence for each curve."""
    figure = Figure(figsize=(PAGE, 2.95))
    axes = figure.subplots(1, len(data["panels"]), squeeze=False)[0]
    for ax, panel in zip(axes, data["panels"], strict=True):
        _draw_panel(ax, data, panel)
        ax.set_title(rf"$\epsilon = {panel['epsilon']:g}$,  $\Vert x\Vert = {data['X']:g}$")
        ax.set_xlabel(r"$r$,  for all $\Vert\theta\Vert \geq r$")
    axes[0].set_ylabel("constant")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, columnspacing=2.0)
    return figure


def _draw_panel(ax: Axes, data: Mapping[str, Any], panel: Mapping[str, Any]) -> None:
    r, words = data["r"], data.get("verdicts", {})
    ax.plot(r, panel["usual"], color=ORANGE, ls=(0, (1, 1.2)), label=USUAL)
    pair, point, natural = (words.get(c, "not verified") for c in CLAIMS[:3])
    label = rf"$(X+\epsilon)^2/4 + \epsilon/r$: two points ({pair})"
    ax.plot(r, panel["pairwise"], color=VERMILION, ls=(0, (4, 1.5)), label=label)
    label = rf"$(X+\epsilon)^2/4 + \epsilon/(2r)$: Hessian ({point})"
    ax.plot(r, panel["pointwise"], color=GREEN, ls=(0, (6, 1.2, 1, 1.2)), label=label)
    ax.fill_between(r, panel["lower"], panel["upper"], color=BLUE, lw=0)
    ax.plot(r, panel["upper"], color=BLUE, label="$S(r)$: sharp Hessian constant (enclosed)")
    ax.plot(data["pair_r"], panel["pairs"], "o", label=PAIRS, **POINTS)
    label = rf"$X^2/4$: natural training ({natural})"
    ax.axhline(data["X"] ** 2 / 4, color=GREY, lw=0.6, zorder=0, label=label)
    ax.set(xscale="log", yscale="log", xlim=(r[0], r[-1]))
    ax.margins(y=0.06)


USUAL = (
    r"$L_{\theta\theta} + \epsilon L_{\theta x}(r)/r$: "
    r"usual form at $\Vert\theta\Vert=r$ (numerical)"
)
PAIRS = "random pairs: lower bounds (measured)"
POINTS: Mapping[str, Any] = {"mfc": "white", "color": BLACK, "zorder": 4, "clip_on": False}


def caption(data: Mapping[str, Any]) -> str:
    """How tight each constant is, near the origin and far away."""
    parts = []
    for panel in data["panels"]:
        near, far = (panel["pairwise"][k] / panel["upper"][k] for k in (0, -1))
        reached = min(
            ratio / np.interp(np.log(r), np.log(data["r"]), panel["upper"])
            for r, ratio in zip(data["pair_r"], panel["pairs"], strict=True)
        )
        parts.append(
            f"at epsilon = {panel['epsilon']:g} the two-point bound is {near:.2f} times S(r) at "
            f"r = {data['r'][0]:g} and {far:.1f} times at r = {data['r'][-1]:g}, and random pairs "
            f"reach {reached:.3f} of S(r) or more"
        )
    gap = max(
        u / low - 1 for p in data["panels"] for low, u in zip(p["lower"], p["upper"], strict=True)
    )
    return f"""Logistic loss under an L2 attack, ||x|| = X = {data["X"]:g}. S(r), the largest
    Hessian eigenvalue on ||theta|| >= r, is enclosed from both sides to {gap:.1e}. The usual form
    L_tt + epsilon L_tx(r)/r takes L_tx(r) at ||theta|| = r, on a grid; over all ||theta|| >= r it
    is infinite, because L_tx is unbounded. Ratios: {"; ".join(parts)}. That S(r) is also the
    two-point constant of this nonconvex set is a conjecture."""
