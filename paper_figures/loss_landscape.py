r"""Figure 1: the loss and its gradient over the parameter plane, with the kinks of each attack.

.. math:: L_\epsilon(\theta) = \frac1N\sum_n \max_{\|\delta\|_p\le\epsilon}
          \log(1 + e^{-y_n\langle\theta, x_n+\delta\rangle})
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from scipy.optimize import minimize

from numerics.linear import LinearLoss, adversarial_loss, natural_loss
from numerics.linear.losses import THETA
from paper_figures.style import ATTACK_NAMES, BLACK, BLUE, PAGE, VERMILION
from theory.kink_sets import TiedPeak, ZeroComponent

Segment = list[list[float]]

TITLE = "Adversarial loss and gradient over the parameter plane"
CLAIMS = (
    "l2-kink-at-zero",
    "l2-smooth-off-zero",
    "linf-kinks-away-from-zero",
    "linf-differentiable-in-orthant",
    "l1-kinks-away-from-zero",
)
SETTINGS: Mapping[str, Any] = {
    "points": [[1.4, 0.9], [0.9, -0.5], [0.3, 0.8], [1.0, 0.4], [-0.8, -0.5]],
    "epsilon": 0.3,
    "extent": 2.0,
    "cells": 80,
    "arrows": [12, 10],
}


def losses() -> dict[str, LinearLoss]:
    attacks = {"L2": 2, "Linf": float("inf"), "L1": 1}
    return {"natural": natural_loss(), **{name: adversarial_loss(p) for name, p in attacks.items()}}


def data(
    points: list[list[float]], epsilon: float, extent: float, cells: int, arrows: list[int]
) -> dict[str, Any]:
    """Loss on a grid (row: theta_2), gradients on a coarser one, the minimiser, the kinks."""
    axis = np.linspace(-extent, extent, cells + 1)
    # Two different even counts keep the arrows off the axes and the diagonals, where kinks are.
    coarse = [extent * ((2 * np.arange(n) + 1) / n - 1) for n in arrows]
    panels = {
        name: _panel(loss, np.asarray(points), epsilon, axis, coarse)
        for name, loss in losses().items()
    }
    return {
        "axis": axis.tolist(),
        "coarse": [row.tolist() for row in coarse],
        "epsilon": epsilon,
        "panels": panels,
    }


def _panel(
    loss: LinearLoss, points: np.ndarray, epsilon: float, axis: np.ndarray, coarse: list[np.ndarray]
) -> dict[str, Any]:
    """The mean over the data; a point y_n x_n stands for x_n with the label 1."""

    def value(theta: np.ndarray) -> np.ndarray:
        return loss.value(theta[..., None, :], points, 1.0, epsilon).mean(axis=-1)

    def gradient(theta: np.ndarray) -> np.ndarray:
        return loss.gradient(theta[..., None, :], points, 1.0, epsilon).mean(axis=-2)

    grid = np.stack(np.meshgrid(axis, axis), axis=-1)
    arrows = np.stack(np.meshgrid(*coarse), axis=-1)
    return {
        "loss": value(grid).round(6).tolist(),
        "gradient": gradient(arrows).round(6).tolist(),
        "minimiser": minimiser(value).round(4).tolist(),
        "kinks": kink_segments(loss, float(axis[-1])),
    }


def minimiser(value: Any) -> np.ndarray:
    """By simplex search, which needs no gradient; the loss is convex."""
    options = {"xatol": 1e-8, "fatol": 1e-13, "maxiter": 2000}
    starts = ([0.5, 0.4], [0.3, -0.2])
    found = [minimize(value, s, method="Nelder-Mead", options=options) for s in starts]
    return np.asarray(min(found, key=lambda result: result.fun).x)


def kink_segments(loss: LinearLoss, extent: float) -> list[Segment]:
    """The derived kink set within the square, as segments; a single point has length 0."""
    if loss is natural_loss():
        return []
    condition, e = loss.symbolic.kinks(THETA), extent
    if isinstance(condition, ZeroComponent):
        return [[[-e, 0.0], [e, 0.0]], [[0.0, -e], [0.0, e]]]
    if isinstance(condition, TiedPeak):
        return [[[-e, -e], [e, e]], [[-e, e], [e, -e]]]
    return [[[0.0, 0.0], [0.0, 0.0]]]


def plot(data: Mapping[str, Any]) -> Figure:
    """Four panels with one scale of colour."""
    figure = Figure(figsize=(PAGE, 2.05))
    axes = figure.subplots(1, 4, sharex=True, sharey=True)
    top = max(np.max(panel["loss"]) for panel in data["panels"].values())
    low = min(np.min(panel["loss"]) for panel in data["panels"].values())
    levels = np.geomspace(low * (1 - 1e-9), top * (1 + 1e-9), 16)
    for ax, (name, panel) in zip(axes, data["panels"].items(), strict=True):
        _draw_panel(ax, data, panel, levels)
        ax.set_title(ATTACK_NAMES[name])
        ax.set_xlabel(r"$\theta_1$")
    axes[0].set_ylabel(r"$\theta_2$")
    ticks = [0.5, 1.0, 2.0]
    bar = figure.colorbar(
        axes[-1].collections[0], ax=axes, pad=0.01, aspect=22, shrink=0.82, ticks=ticks
    )
    bar.ax.set_yticklabels([f"{t:g}" for t in ticks])
    bar.set_label("loss", labelpad=2)
    bar.minorticks_off()
    bar.outline.set_linewidth(0.4)
    return figure


def _draw_panel(
    ax: Axes, data: Mapping[str, Any], panel: Mapping[str, Any], levels: np.ndarray
) -> None:
    scale = LinearSegmentedColormap.from_list("paper", ["#FFFFFF", "#BFDBEC", "#5FA3CD", BLUE])
    axis, loss = data["axis"], np.asarray(panel["loss"])
    ax.contourf(axis, axis, loss, levels, cmap=scale, norm="log")
    ax.contour(axis, axis, loss, levels, colors="white", linewidths=0.35, alpha=0.8)
    _arrows(ax, data["coarse"], np.asarray(panel["gradient"]))
    for (x1, y1), (x2, y2) in panel["kinks"]:
        if (x1, y1) == (x2, y2):
            ax.plot(x1, y1, "o", color=VERMILION, ms=3.6, mec="white", mew=0.5, zorder=5)
        else:
            ax.plot([x1, x2], [y1, y2], color=VERMILION, lw=1.1, zorder=4)
    ax.plot(*panel["minimiser"], marker="*", color="#F0E442", ms=8, mec=BLACK, mew=0.6, zorder=6)
    extent = axis[-1]
    ax.set(xlim=(-extent, extent), ylim=(-extent, extent), aspect="equal")
    ax.set_xticks([-extent, 0, extent])
    ax.set_yticks([-extent, 0, extent])
    for side in ("top", "right"):
        ax.spines[side].set_visible(True)


def _arrows(ax: Axes, coarse: list[list[float]], gradient: np.ndarray) -> None:
    """The direction of descent; the length grows with the root of the slope."""
    size = np.linalg.norm(gradient, axis=-1, keepdims=True)
    step = -gradient / np.sqrt(np.maximum(size, 1e-12))
    u, v = step[..., 0], step[..., 1]
    style = {"width": 0.006, "headwidth": 3.6, "headlength": 3.6, "headaxislength": 3.2}
    ax.quiver(*coarse, u, v, color="#333333", scale=14, pivot="mid", zorder=3, **style)


def caption(data: Mapping[str, Any]) -> str:
    """What the four panels show."""
    stars = {name: panel["minimiser"] for name, panel in data["panels"].items()}
    listed = "; ".join(f"{name} ({a:.3f}, {b:.3f})" for name, (a, b) in stars.items())
    return f"""Mean logistic loss of a linear classifier on a few points, chosen so that the
    minimisers under Linf and L1 sit on a kink, which not every choice does; natural and under
    attacks of radius {data["epsilon"]:g}; arrows point downhill, their length grows with the
    square root of the slope. Kinks, derived from the attack set, in orange-red: none without an
    attack, the origin alone under L2, both axes under Linf, both diagonals under L1. Stars:
    minimisers {listed}; on a kink: {", ".join(_on_kinks(data)) or "none"}."""


def _on_kinks(data: Mapping[str, Any]) -> list[str]:
    """The attacks whose minimiser lies on a kink, to the four digits of the record."""
    names = []
    for name, panel in data["panels"].items():
        at = np.asarray(panel["minimiser"])
        if any(_distance(at, np.asarray(segment)) < 2e-4 for segment in panel["kinks"]):
            names.append(name)
    return names


def _distance(at: np.ndarray, segment: np.ndarray) -> float:
    """From a point to the line through a segment, or to its only point."""
    along = segment[1] - segment[0]
    size = float(np.linalg.norm(along))
    offset = at - segment[0]
    if size == 0:
        return float(np.linalg.norm(offset))
    return abs(float(along[0] * offset[1] - along[1] * offset[0])) / size
