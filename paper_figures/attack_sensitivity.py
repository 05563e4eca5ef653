r"""Figure: how far the worst attack moves with the parameters, under L2 and under Linf.

.. math:: \|\delta^*(\theta') - \delta^*(\theta)\| / \|\theta' - \theta\|

One panel an attack: root mean square over samples, one thin line a seed and their mean; where the
implicit function theorem gives a limit, it is the dotted line. Right: what is left of the motion on
ever shorter brackets is a jump or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from paper_figures.style import ATTACK_COLOURS, ATTACK_NAMES, BLACK, GREY, PAGE

TITLE = "Motion of the worst attack with the parameters"
CLAIMS = ()
EXPERIMENT = "attack_sensitivity"
ATTACKS = ("L2", "Linf")
NETWORKS = {"silu adversarial": "SiLU", "relu adversarial": "ReLU"}


def plot(data: Mapping[str, Any]) -> Figure:
    """Ratio against step for both attacks; share of samples that jumped."""
    figure = Figure(figsize=(PAGE, 2.3))
    axes = figure.subplots(1, 3)
    for ax, attack in zip(axes[:2], ATTACKS, strict=True):
        _ratios(ax, data, attack)
    axes[0].set_ylabel(r"rms of $\|\Delta\delta^*\|\,/\,\|\Delta\theta\|$")
    axes[0].legend(loc="center left")
    _jumps(axes[2], data)
    for ax in axes:
        ax.set(xscale="log", xlabel=r"step, in units of $\|\theta\|$")
    return figure


def _ratios(ax: Any, data: Mapping[str, Any], attack: str) -> None:
    looks = {"SiLU": (ATTACK_COLOURS[attack], "-", "o"), "ReLU": (GREY, "--", "s")}
    for network, name in NETWORKS.items():
        colour, line, marker = looks[name]
        parts = data[f"{network} {attack}"]
        curves = np.array([[s["rms"] for s in part["steps"]] for part in parts])
        steps = [s["step"] for s in parts[0]["steps"]]
        for curve in curves:
            ax.plot(steps, curve, color=colour, ls=line, lw=0.5, alpha=0.5)
        ax.plot(steps, curves.mean(0), color=colour, ls=line, marker=marker, label=name)
    limit = np.mean([part["limit"]["rms"] for part in data[f"silu adversarial {attack}"]])
    ax.axhline(limit, color=BLACK, lw=0.8, ls=":", label="limit by theory", zorder=0)
    ax.set(yscale="log", title=ATTACK_NAMES[attack])


def _jumps(ax: Any, data: Mapping[str, Any]) -> None:
    for attack in ATTACKS:
        parts = data[f"silu adversarial {attack}"]
        shares = np.array([[100 * s["jumped"] for s in part["steps"]] for part in parts])
        steps = [s["step"] for s in parts[0]["steps"]]
        for row in shares:
            ax.plot(steps, row, color=ATTACK_COLOURS[attack], lw=0.5, alpha=0.5)
        marker = "o" if attack == "L2" else "s"
        look: Any = {"color": ATTACK_COLOURS[attack], "marker": marker}
        ax.plot(steps, shares.mean(0), label=ATTACK_NAMES[attack], **look)
    ax.set(title="attacks that jump, SiLU (%)", ylim=(-4, 104))
    ax.legend(loc="upper left")


def caption(data: Mapping[str, Any]) -> str:
    """What the lines are, and how many samples had no certificate."""
    rows = [s for attack in ATTACKS for p in data[f"silu adversarial {attack}"] for s in p["steps"]]
    left_out = max(s["left out"] for s in rows)
    return f"""Root mean square over samples of the motion of the worst attack by the length of the
    step in the parameters, along a random direction, for networks trained against the same attack;
    thin lines are seeds, thick ones their mean. Dotted: the rate by the implicit function theorem
    (SiLU, at the first parameters). SiLU attacks are certified strict maximisers, the best of
    several starts (at most {left_out} samples left out); ReLU attacks come from gradient ascent
    without a certificate, a contrast only. Right: samples in which a coordinate changed its face
    of the box, or another maximiser took over. Where the share of jumps falls to 0 for lack of
    samples, the Linf ratio falls back to the rate between jumps."""
