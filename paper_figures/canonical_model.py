r"""Figure 6: the canonical model as the concavity in the input fades.

.. math:: l(x, \theta) = \tfrac a2\theta^2 + b\,\theta x - \tfrac\mu2 x^2,\ |x|\le\epsilon: \qquad
          L_{\nabla l_\epsilon} = a + \frac{b^2}{\mu}, \qquad
          \text{jump } 2\epsilon b \text{ for } \mu = 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from numerics.families.box_quadratics import canonical
from paper_figures.style import BLACK, BLUE, GREEN, GREY, ORANGE, PAGE, PURPLE, SKY, VERMILION

TITLE = "The canonical model: the flatter in the input, the steeper the gradient"
CLAIMS = (
    "canonical-gradient-lipschitz",
    "canonical-constant-attained",
    "canonical-not-twice-differentiable",
    "canonical-kink-size",
)
SETTINGS: Mapping[str, Any] = {
    "a": 1.0,
    "b": 1.5,
    "epsilon": 0.5,
    "concavities": [2.0, 1.0, 0.5, 0.1, 0.01, 0.0],
    "reach": 1.0,
    "samples": 401,
    "decades": [-2.3, 0.5],
    "pairs": 15,
}
COLOURS = (BLUE, SKY, GREEN, ORANGE, PURPLE, VERMILION)


def data(
    a: float,
    b: float,
    epsilon: float,
    concavities: list[float],
    reach: float,
    samples: int,
    decades: list[float],
    pairs: int,
) -> dict[str, Any]:
    """Values and gradients by enumeration of the faces, and difference quotients for each mu."""
    edges = [sign * epsilon * mu / b for mu in concavities for sign in (-1, 1)]
    theta = np.unique(np.append(np.linspace(-reach, reach, samples), edges))
    curves = []
    for mu in concavities:
        model = canonical(a, b, mu, epsilon)
        value = [float(model.value([t])) for t in theta]
        slope = [float(model.gradient([t])[0]) for t in theta]
        curves.append({"mu": mu, "value": value, "gradient": slope, "edge": epsilon * mu / b})
    fine = np.logspace(decades[0], decades[1], pairs)
    return {
        "theta": theta.tolist(),
        "curves": curves,
        "mu": fine.tolist(),
        "measured": [_steepest(a, b, float(mu), epsilon) for mu in fine],
        "constants": [a, b, epsilon],
    }


def _steepest(a: float, b: float, mu: float, epsilon: float) -> float:
    """The largest difference quotient of the gradient between neighbours of a grid."""
    model, edge = canonical(a, b, mu, epsilon), epsilon * mu / b
    theta = np.linspace(-3 * edge, 3 * edge, 61)
    slope = np.array([model.gradient([t])[0] for t in theta])
    return float(np.max(np.diff(slope) / np.diff(theta)))


def plot(data: Mapping[str, Any]) -> Figure:
    """The loss, its gradient, and the constant against mu."""
    figure = Figure(figsize=(PAGE, 2.35))
    left, middle, right = figure.subplots(1, 3, width_ratios=(1, 1.15, 1))
    for curve, colour in zip(data["curves"], COLOURS, strict=False):
        left.plot(data["theta"], curve["value"], color=colour)
        _gradient(middle, data, curve, colour)
    left.set(title="loss", xlabel=r"$\theta$", ylabel=r"$l_\epsilon(\theta)$")
    middle.set(title="gradient", xlabel=r"$\theta$", ylabel=r"$l_\epsilon\,'(\theta)$")
    middle.legend(loc="upper left", title=r"$\mu$", handlelength=1.2, labelspacing=0.2)
    for ax in (left, middle):
        ax.set_xlim(data["theta"][0], data["theta"][-1])
    _constants(right, data)
    return figure


def _gradient(ax: Axes, data: Mapping[str, Any], curve: Mapping[str, Any], colour: str) -> None:
    theta, slope = np.asarray(data["theta"]), np.array(curve["gradient"])
    label = f"{curve['mu']:g}"
    if curve["mu"] > 0:
        ax.plot(theta, slope, color=colour, label=label)
        return
    for side in (theta < 0, theta > 0):  # the jump is no part of the curve
        ax.plot(theta[side], slope[side], color=colour, label=label if side[0] else None)
    jump = data["constants"][1] * data["constants"][2]
    ax.plot([0, 0], [-jump, jump], "o", color=colour, mfc="white", zorder=4)


def _constants(ax: Axes, data: Mapping[str, Any]) -> None:
    a, b, _ = data["constants"]
    mu = np.asarray(data["mu"])
    word = data.get("verdicts", {}).get(CLAIMS[0], "not verified")
    ax.plot(mu, a + b**2 / mu, color=BLACK, lw=1.0, label=rf"$a + b^2/\mu$ ({word})")
    ax.plot(mu, data["measured"], "o", color=BLUE, mfc="white", label="steepest pair (measured)")
    ax.axhline(a, color=GREY, lw=0.6, ls=(0, (1, 2)))
    ax.annotate("$a$: natural", (mu[0], a), xytext=(0, 3), textcoords="offset points", color=GREY)
    ax.set(xscale="log", yscale="log", title="constant of the gradient", xlabel=r"$\mu$")
    ax.set_ylim(0.6, None)
    ax.legend(loc="upper right")


def caption(data: Mapping[str, Any]) -> str:
    """The constants of the curves shown, and how far the measured ones are from them."""
    a, b, epsilon = data["constants"]
    exact = a + b**2 / np.asarray(data["mu"])
    off = float(np.abs(np.asarray(data["measured"]) / exact - 1).max())
    listed = ", ".join(
        f"{a + b**2 / c['mu']:g} for mu = {c['mu']:g}" for c in data["curves"] if c["mu"]
    )
    return f"""l = (a/2) theta^2 + b theta x - (mu/2) x^2 under |x| <= epsilon, with a = {a:g},
    b = {b:g}, epsilon = {epsilon:g}. The gradient has the slope a + b^2/mu for
    |theta| <= epsilon mu/b and a beyond: {listed}. For mu = 0 it jumps by 2 epsilon b =
    {2 * epsilon * b:g}. The largest difference quotients agree with a + b^2/mu to {off:.0e}."""
