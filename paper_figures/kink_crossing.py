r"""Figure 2: the gradient along a line through theta_1 = 0, under L2 and under L-infinity.

.. math:: \partial_1 l_\epsilon(t, \theta_2):\qquad
          L_2:\ \text{slope } \frac{\epsilon\,s(-u)}{|\theta_2|} \text{ at } t = 0, \qquad
          L_\infty:\ \text{jump } 2\,\epsilon\,s(-u).

x_1 = 0, so that the crossing shows what the attack adds and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.special import expit

from numerics.linear import LinearLoss, adversarial_loss, gradient_jump
from paper_figures.style import BLACK, BLUE, GREY, ORANGE, PAGE, PURPLE

TITLE = "The gradient along a line through a kink"
CLAIMS = ("l2-hessian-formula", "l2-no-global-constant", "linf-jump-size")
SETTINGS: Mapping[str, Any] = {
    "x": [0.0, 1.0],
    "epsilon": 0.3,
    "heights": [1.0, 0.3, 0.1],
    "extent": 1.0,
    "samples": 801,
}
COLOURS = (BLUE, PURPLE, ORANGE)
E1 = np.array([1.0, 0.0])


def data(
    x: list[float], epsilon: float, heights: list[float], extent: float, samples: int
) -> dict[str, Any]:
    """First gradient components along (t, theta_2); slopes and jumps, predicted and measured."""
    if x[0] != 0:
        raise ValueError(f"kink_crossing: expected x[0] = 0, got {x[0]}")
    # Symmetric and without t = 0, where the gradient under L-infinity is not defined.
    t = np.linspace(-extent, extent, samples + samples % 2)
    lines = [_line(np.asarray(x), epsilon, height, t) for height in heights]
    return {"t": t.tolist(), "x": x, "epsilon": epsilon, "lines": lines}


def _line(x: np.ndarray, epsilon: float, height: float, t: np.ndarray) -> dict[str, Any]:
    smooth, kinked = adversarial_loss(2), adversarial_loss(float("inf"))
    at = np.array([0.0, height])
    theta = np.stack([t, np.full_like(t, height)], axis=-1)
    s = float(expit(-smooth.margin(at, x, 1.0, epsilon)))
    slope = {"predicted": epsilon * s / abs(height), "measured": _slope(smooth, at, x, epsilon)}
    jump = gradient_jump(lambda v: kinked.gradient(v, x, 1.0, epsilon), at, E1)
    return {
        "theta_2": height,
        "L2": smooth.gradient(theta, x, 1.0, epsilon)[:, 0].tolist(),
        "Linf": kinked.gradient(theta, x, 1.0, epsilon)[:, 0].tolist(),
        "slope": slope,
        "jump": {"predicted": 2 * epsilon * s, "measured": float(jump[0])},
    }


def _slope(loss: LinearLoss, at: np.ndarray, x: np.ndarray, epsilon: float) -> float:
    """Central difference of the gradient; the step is small beside |theta_2|."""
    h = 1e-5 * abs(at[1])
    ends = [loss.gradient(at + k * h * E1, x, 1.0, epsilon)[0] for k in (1, -1)]
    return float((ends[0] - ends[1]) / (2 * h))


def plot(data: Mapping[str, Any]) -> Figure:
    """L2 on the left, L-infinity on the right, one scale."""
    figure = Figure(figsize=(PAGE, 2.5))
    left, right = figure.subplots(1, 2, sharey=True)
    t = np.asarray(data["t"])
    for line, colour in zip(data["lines"], COLOURS, strict=False):
        _smooth(left, t, line, colour)
        _kinked(right, t, line, colour)
    largest = max(line["jump"]["predicted"] for line in data["lines"]) / 2
    for ax, title in ((left, r"$L_2$ attack: a slope"), (right, r"$L_\infty$ attack: a jump")):
        ax.axvline(0, color=GREY, lw=0.5, ls=(0, (1, 2)), zorder=0)
        ax.set(title=title, xlabel=r"$\theta_1$", xlim=(t[0], t[-1]))
        ax.set_xticks(np.linspace(t[0], t[-1], 5).round(6))
        ax.set_ylim(-1.75 * largest, 1.75 * largest)
    left.set_ylabel(r"$\partial l_\epsilon/\partial\theta_1$")
    left.legend(title=r"$\theta_2$         slope $\epsilon s(-u)/|\theta_2|$", **LEGEND)
    right.legend(title=r"$\theta_2$         jump $2\epsilon s(-u)$", **LEGEND)
    return figure


LEGEND: Mapping[str, Any] = {"loc": "upper left", "alignment": "left", "title_fontsize": 7.5}


def _smooth(ax: Axes, t: np.ndarray, line: Mapping[str, Any], colour: str) -> None:
    slope = line["slope"]["predicted"]
    label = f"{line['theta_2']:.1f}      {slope:.4f}"
    ax.plot(t, line["L2"], color=colour, label=label)
    reach = 0.5 * max(line["L2"]) / slope * 1.6
    ends = np.array([-reach, reach])
    ax.plot(ends, slope * ends, color=BLACK, lw=0.7, ls=(0, (3, 1.5)), zorder=3)


def _kinked(ax: Axes, t: np.ndarray, line: Mapping[str, Any], colour: str) -> None:
    jump, values = line["jump"]["predicted"], np.asarray(line["Linf"])
    label = f"{line['theta_2']:.1f}      {jump:.4f}"
    for side in (t < 0, t > 0):
        ax.plot(t[side], values[side], color=colour, label=label if side[-1] else None)
    ax.plot([0, 0], [-jump / 2, jump / 2], "o", color=colour, mfc="white", ms=3.2, zorder=4)


def caption(data: Mapping[str, Any]) -> str:
    """Predicted and measured, side by side."""
    rows = [
        f"theta_2 = {line['theta_2']:g}: slope {_both(line['slope'])}; jump {_both(line['jump'])}"
        for line in data["lines"]
    ]
    x = ", ".join(f"{c:g}" for c in data["x"])
    return f"""First component of the gradient of the logistic loss along (theta_1, theta_2) for
    x = ({x}), y = 1, epsilon = {data["epsilon"]:g}. Because x_1 = 0 the
    slope at the crossing is the attack's alone. Left, L2: smooth, with slope
    epsilon s(-u)/|theta_2| at theta_1 = 0 (dashed), which grows without bound as theta_2 -> 0.
    Right, Linf: a jump of 2 epsilon s(-u) at every theta_2. {"; ".join(rows)}."""


def _both(value: Mapping[str, float]) -> str:
    return f"{value['predicted']:.6f} predicted, {value['measured']:.6f} measured"
