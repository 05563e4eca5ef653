r"""Figure 5: curvature against the radius of the attack, in one dimension and along the sphere.

.. math:: d = 1:\ \phi''(u)(1-\epsilon)^2, \qquad
          d \ge 2:\ e_\perp^\top \nabla^2 l_\epsilon\, e_\perp
          = \phi''(u)\,t^2 + \frac{\epsilon\,|\phi'(u)|}{\|\theta\|}.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from numerics.linear import adversarial_loss
from paper_figures.style import BLUE, GREEN, GREY, PAGE, VERMILION

TITLE = "Curvature of the L2 adversarial loss against the radius of the attack"
CLAIMS = ("attack-need-not-sharpen", "attack-flattens-the-line", "attack-sharpens-across")
SETTINGS: Mapping[str, Any] = {
    "listed": [0.0, 0.1, 0.25, 0.5, 0.75, 1.0],
    "x": [0.6, 0.8],
    "sizes": [1.0, 3.0, 10.0],
    "largest": 1.2,
    "samples": 241,
}


def data(
    listed: list[float], x: list[float], sizes: list[float], largest: float, samples: int
) -> dict[str, Any]:
    """Derived Hessians for theta = a = 1, and for theta = R e_1 in the plane."""
    eps = np.linspace(0.0, largest, samples)
    return {
        "epsilon": eps.tolist(),
        "line": _line(eps).tolist(),
        "listed": [[e, float(_line(np.array([e]))[0])] for e in listed],
        "x": x,
        "tangential": [_tangential(np.asarray(x), size, eps) for size in sizes],
    }


def _line(eps: np.ndarray) -> np.ndarray:
    """d = 1, theta = a = 1."""
    return adversarial_loss(2).hessian([1.0], [1.0], 1.0, eps)[..., 0, 0]


def _tangential(x: np.ndarray, size: float, eps: np.ndarray) -> dict[str, Any]:
    """The curvature across theta = (size, 0), and where the margin is 0."""
    loss, theta = adversarial_loss(2), np.array([size, 0.0])
    return {
        "size": size,
        "curvature": loss.hessian(theta, x, 1.0, eps)[..., 1, 1].tolist(),
        "margin": loss.margin(theta, x, 1.0, eps).tolist(),
    }


def plot(data: Mapping[str, Any]) -> Figure:
    """A counterexample on the left, what is true on the right."""
    figure = Figure(figsize=(PAGE, 2.4))
    left, right = figure.subplots(1, 2)
    _one_dimension(left, data)
    _across(right, data)
    for ax in (left, right):
        ax.set_xlabel(r"radius $\epsilon$ of the attack")
        ax.set_xlim(0, data["epsilon"][-1])
    return figure


def _one_dimension(ax: Axes, data: Mapping[str, Any]) -> None:
    ax.plot(data["epsilon"], data["line"], color=BLUE)
    ax.plot(
        *zip(*data["listed"], strict=True), "o", color=BLUE, mfc="white", zorder=3, clip_on=False
    )
    for e, curvature in data["listed"]:
        at: Any = {"xytext": (5, 4), "textcoords": "offset points", "size": 7, "color": GREY}
        ax.annotate(f"{curvature:.4f}", (e, curvature), **at)
    ax.set(title=r"one dimension, $\theta=yx=1$: it falls", ylabel="curvature")
    ax.set_ylim(0, 0.23)


def _across(ax: Axes, data: Mapping[str, Any]) -> None:
    eps = np.asarray(data["epsilon"])
    for row, colour in zip(data["tangential"], (BLUE, VERMILION, GREEN), strict=False):
        curvature, margin = np.asarray(row["curvature"]), np.asarray(row["margin"])
        rises = margin >= 0
        ax.plot(eps[rises], curvature[rises], color=colour)
        ax.plot(eps[~rises], curvature[~rises], color=colour, ls=(0, (2, 1.5)), lw=1.0)
        text = rf"$\Vert\theta\Vert={row['size']:g}$"
        at: Any = {"xytext": (-3, 5), "textcoords": "offset points", "size": 8, "ha": "right"}
        ax.annotate(text, (eps[-30], curvature[-30]), color=colour, **at)
    ax.axvline(data["x"][0], color=GREY, lw=0.6, ls=(0, (1, 2)), zorder=0)
    ax.set_ylim(bottom=0)
    ax.text(data["x"][0] + 0.02, 0.012, "$u<0$", color=GREY, size=8)
    ax.text(data["x"][0] - 0.02, 0.012, r"$u\geq 0$", color=GREY, size=8, ha="right")
    ax.set(title=r"across $\theta$: it rises while $u\geq 0$", ylabel=r"curvature across $\theta$")


def caption(data: Mapping[str, Any]) -> str:
    """The counterexample and the true statement, with the numbers."""
    values = ", ".join(f"{c:.4f} at {e:g}" for e, c in data["listed"])
    x = ", ".join(f"{c:g}" for c in data["x"])
    drops = [f"{r['size']:g}" for r in data["tangential"] if min(np.diff(r["curvature"])) < 0]
    return f"""Left: for d = 1 and theta = a = 1 the curvature falls as the attack grows ({values}),
    so adversarial training does not sharpen at every point. Right: the curvature across theta for
    x = ({x}) and theta = ||theta|| e_1 rises strictly with epsilon as long as the margin u is not
    negative (solid); beyond (dashed) it may fall, here for ||theta|| in {{{", ".join(drops)}}}."""
