r"""Figure 4: the Hölder exponent of the adversarial gradient against the norm p of the attack.

.. math:: \alpha(p) = \min\Bigl(1, \frac{1}{p-1}\Bigr) \quad (1 < p < \infty), \qquad
          \alpha(1) = \alpha(\infty) = 0 \ \text{(kinks)}.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sympy import Rational

from numerics.linear import adversarial_loss, base_points, hoelder_exponent, modulus_of_continuity
from paper_figures.style import BLACK, BLUE, CYCLE, GREY, PAGE, PALE, VERMILION

TITLE = "The Hölder exponent of the adversarial gradient against the norm of the attack"
CLAIMS = (
    "l3-2-smooth-off-zero",
    "l2-smooth-off-zero",
    "l3-gradient-not-lipschitz",
    "l1-kinks-away-from-zero",
    "linf-kinks-away-from-zero",
)
SETTINGS: Mapping[str, Any] = {
    "exponents": ["1", "5/4", "3/2", "2", "9/4", "5/2", "3", "7/2", "4", "5", "7", "10", "oo"],
    "shown": ["2", "5/2", "3", "4", "10", "oo"],
    "x": [1.0, -0.5, 0.25],
    "epsilon": 0.3,
    "steps": [1e-8, 1e-6, 9],
    "curve_steps": [1e-8, 1e-1, 29],
    "seed": 0,
}


def data(
    exponents: list[str],
    shown: list[str],
    x: list[float],
    epsilon: float,
    steps: list[float],
    curve_steps: list[float],
    seed: int,
) -> dict[str, Any]:
    """Measured slopes of log(omega) for each p, and omega(h) for a few of them."""
    points = base_points(len(x), np.random.default_rng(seed))
    short, long = (np.geomspace(a, b, int(n)) for a, b, n in (steps, curve_steps))
    rows = []
    for name in exponents:
        omega = _omega(name, x, epsilon, points, short)
        rows.append({"p": name, "measured": hoelder_exponent(short, omega), "theory": theory(name)})
    curves = {name: _omega(name, x, epsilon, points, long).tolist() for name in shown}
    return {"rows": rows, "h": long.tolist(), "curves": curves, "x": x, "epsilon": epsilon}


def _omega(
    name: str, x: list[float], epsilon: float, points: np.ndarray, steps: np.ndarray
) -> np.ndarray:
    loss = adversarial_loss(math.inf if name == "oo" else Rational(name))
    return modulus_of_continuity(
        lambda theta: loss.gradient(theta, np.asarray(x), 1.0, epsilon), points, steps
    )


def theory(name: str) -> float:
    """alpha(p); 0 means a kink.

    >>> theory("3"), theory("3/2"), theory("oo")
    (0.5, 1.0, 0.0)
    """
    if name in ("1", "oo"):
        return 0.0
    return float(min(Rational(1), 1 / (Rational(name) - 1)))


def number(name: str) -> float:
    return math.inf if name == "oo" else float(Rational(name))


def plot(data: Mapping[str, Any]) -> Figure:
    """omega(h) on the left, its slope against p on the right."""
    figure = Figure(figsize=(PAGE, 2.55))
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.25))
    _moduli(left, data)
    _exponents(right, data["rows"])
    return figure


def _moduli(ax: Axes, data: Mapping[str, Any]) -> None:
    h = np.asarray(data["h"])
    for (name, omega), colour in zip(data["curves"].items(), CYCLE, strict=False):
        ax.plot(h, omega, color=colour, lw=1.1)
        text = r"$p=\infty$" if name == "oo" else f"$p={number(name):g}$"
        at: Any = {"xytext": (7, -9), "textcoords": "offset points", "color": colour, "size": 7.5}
        ax.annotate(text, (h[1], omega[1]), **at)
    ax.set(xscale="log", yscale="log", xlim=(h[0], h[-1]), ylim=(5e-10, 1))
    ax.set(xlabel="step $h$", ylabel=r"largest change $\omega(h)$ of the gradient")


# The axis is log2 p; p = oo stands beyond a gap.
INFINITY = math.log2(10) + 0.75


def _place(p: float) -> float:
    return INFINITY if p == math.inf else math.log2(p)


def _exponents(ax: Axes, rows: list[Mapping[str, Any]]) -> None:
    p = np.geomspace(2, 2 ** (INFINITY - 0.45), 200)
    ax.plot(np.log2(p), 1 / (p - 1), color=BLUE, label=r"theory: $\min(1, 1/(p-1))$")
    ax.plot([0.0, 1.0], [1, 1], color=BLUE)
    ax.plot(0, 1, "o", color=BLUE, mfc="white", ms=3.5, zorder=3)
    ax.plot([0, INFINITY], [0, 0], "o", color=BLUE, ms=3.5, zorder=3)
    ax.axvspan(0, 1, color=PALE, alpha=0.35, lw=0, zorder=0)
    at = [_place(number(row["p"])) for row in rows]
    measured = [row["measured"] for row in rows]
    ax.plot(
        at, measured, "D", color=VERMILION, mfc="none", ms=5, mew=0.9, label="measured", zorder=4
    )
    ax.text(0.5, 0.55, "Lipschitz\noff 0", ha="center", va="center", color=BLACK, size=7.5)
    for x, side in ((0, "left"), (INFINITY, "right")):
        ax.text(x + (0.1 if x == 0 else -0.1), 0.03, "kinks", ha=side, color=GREY, size=7.5)
    ticks = [1, 1.5, 2, 3, 4, 6, 10, math.inf]
    ax.set_xticks([_place(t) for t in ticks], [f"{t:g}" for t in ticks[:-1]] + [r"$\infty$"])
    ax.set(xlim=(-0.15, INFINITY + 0.15), ylim=(-0.04, 1.08))
    ax.set(xlabel="norm $p$ of the attack", ylabel=r"Hölder exponent $\alpha$")
    ax.legend(loc="upper right", bbox_to_anchor=(1.0, 0.95))


def caption(data: Mapping[str, Any]) -> str:
    """Theory and measurement, row by row."""
    listed = "; ".join(
        f"p = {row['p']}: {row['theory']:.3f} | {row['measured']:.3f}" for row in data["rows"]
    )
    return f"""Largest change omega(h) of the gradient of the adversarial logistic loss over a step
    h along a coordinate, from generic points, from points with a zero coordinate and from points
    with two coordinates of equal size (left), and its exponent in h (right): Lipschitz off the
    origin for 1 < p <= 2, exponent 1/(p-1) for 2 < p < oo, kinks for p = 1 and p = oo.
    Theory | measured: {listed}."""
