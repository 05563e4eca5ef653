r"""Figure: natural, L2 and Linf loss around the same parameters.

.. math:: (s, t) \mapsto \bar l_\epsilon(\theta + s d_1 + t d_2)

Directions are normalised filter by filter; the attack is solved anew at every point. Above the
surfaces of the first seed, one colour scale a panel; at the right all three along d_1, all seeds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from paper_figures.style import ATTACK_COLOURS, ATTACK_NAMES, PAGE

TITLE = "Loss surfaces with the attack solved anew"
CLAIMS = ()
EXPERIMENT = "loss_surfaces"
ATTACKS = ("natural", "L2", "Linf")
LEVELS = 9


def plot(data: Mapping[str, Any]) -> Figure:
    """Three surfaces and the lines."""
    figure = Figure(figsize=(PAGE, 2.0))
    axes = figure.subplots(1, 4, width_ratios=(1, 1, 1, 1.25))
    for ax, attack in zip(axes[:3], ATTACKS, strict=True):
        _surface(ax, data, attack)
    axes[0].set_ylabel("$t$, along $d_2$")
    for ax in axes[1:3]:
        ax.set_yticklabels([])
    _lines(axes[3], data)
    return figure


def _surface(ax: Any, data: Mapping[str, Any], attack: str) -> None:
    values = np.array(data["surfaces"][attack])
    extent = data["lines"][0]["t"][-1]
    places = np.linspace(-extent, extent, len(values))
    ax.contourf(places, places, values, levels=LEVELS, cmap="cividis")
    lines = ax.contour(places, places, values, levels=LEVELS, colors="white", linewidths=0.5)
    ax.clabel(lines, lines.levels[2::3], fmt="%.2g", fontsize=6)
    ax.plot(0, 0, marker="+", color="white", ms=5)
    ax.set(title=ATTACK_NAMES[attack], xlabel="$s$, along $d_1$", aspect="equal")
    ax.set_xticks([-extent, 0, extent])
    ax.set_yticks([-extent, 0, extent])


def _lines(ax: Any, data: Mapping[str, Any]) -> None:
    for attack, dashes in zip(ATTACKS, ("-", "--", "-."), strict=True):
        curves = np.array([row[attack]["loss"] for row in data["lines"]])
        t, look = data["lines"][0]["t"], {"color": ATTACK_COLOURS[attack]}
        for curve in curves:
            ax.plot(t, curve, lw=0.4, alpha=0.45, **look)
        ax.plot(t, curves.mean(0), ls=dashes, label=ATTACK_NAMES[attack], **look)
    ax.set(title="all seeds", xlabel="$s$, along $d_1$", ylabel="loss", ylim=(0, None))
    ax.legend(loc="lower center", ncols=3, columnspacing=0.7, handletextpad=0.3, fontsize=6)


def caption(data: Mapping[str, Any]) -> str:
    """What is seen, and how large the kinks are."""
    largest = max(row["Linf"]["kink"] for row in data["lines"])
    return f"""Mean loss around the parameters of one network trained against the Linf attack, along
    two random directions in which each filter is as long as that of the network (first seed), and
    along the first of them for every seed (thin lines; thick: their mean). Each panel has levels
    of its own. At this scale all three look alike: the largest kink found in a single sample's
    Linf loss, by halving the tenth next to the centre, is {largest:.2g} of the root mean square
    slope, and a mean over samples divides it by their number. Attacks by 20 steps of gradient
    ascent, hence lower bounds; kinks with certified attacks."""
