r"""Figure 9: the curvature of adversarial training, with the attack held and with it moving.

.. math:: \lambda_{\max}(\nabla^2_{\theta\theta}\bar l) \le \lambda_{\max}(\nabla^2\bar l_\epsilon),
          \qquad \frac{\langle\Delta\nabla\bar l_\epsilon,\Delta\theta\rangle}{\|\Delta\theta\|^2}.

Hessian studies hold the attack; what they miss is the ratio. The Hessian exists almost everywhere
and misses jumps, the change of the gradient along a step does not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from numerics.deep.statistics import mean_interval
from paper_figures.style import ATTACK_COLOURS, ATTACK_NAMES, BLACK, GREY, PAGE

TITLE = "True against frozen curvature in adversarial training"
CLAIMS = ("l2-hessian-formula",)
EXPERIMENT = "true_curvature"
FROZEN = (0, (3, 1.5))
TICKS = (0.5, 0.7, 1, 1.2, 1.5, 2, 3, 5, 10, 20, 50)
ATTACKS = {"L2": ("o", 0.97), "Linf": ("s", 1.03)}  # marker, and a shift to tell them apart

Numbers = Mapping[str, Any]
Row = Mapping[str, Any]


def plot(numbers: Numbers) -> Figure:
    """Training on the left, the ratios at its end beside."""
    figure = Figure(figsize=(PAGE, 2.55))
    during, tops, steps = figure.subplots(1, 3)
    _during(during, numbers)
    _against_radius(tops, numbers, top_ratio)
    tops.set(title="top eigenvalue", ylabel="true / frozen")
    _against_radius(steps, numbers, step_ratio)
    steps.set(title="along a step", ylabel="attack moving / attack held")
    steps.legend(loc="upper left")
    return figure


def _during(ax: Axes, numbers: Numbers) -> None:
    """The middle radius: geometric means over seeds."""
    middle = len(numbers["radii"]["Linf"]) // 2
    series = [(attack, numbers["radii"][attack][middle]) for attack in ATTACKS]
    for attack, radius in [("natural", 0.0), *series]:
        runs = [one["rows"] for one in numbers["networks"] if _is(one, attack, radius)]
        epochs = [row["epoch"] for row in runs[0]]
        for name, style in (("true", "-"), ("frozen", FROZEN)):
            if attack == "natural" and style == FROZEN:
                continue  # there is nothing to hold: the frozen one is drawn as the true one
            name = "frozen" if attack == "natural" else name
            heights = [_geometric([rows[k][name] for rows in runs]) for k in range(len(epochs))]
            label = ATTACK_NAMES[attack] if style == "-" else None
            ax.plot(epochs, heights, color=ATTACK_COLOURS[attack], ls=style, marker=".",
                    label=label)  # fmt: skip
    ax.plot([], [], color=BLACK, ls=FROZEN, label="attack held")
    ax.set(title="during training", xlabel="passes over the data", xscale="log", yscale="log")
    ax.set_ylabel("top eigenvalue")
    ax.set_xticks(epochs, [str(epoch) for epoch in epochs])
    ax.minorticks_off()
    ax.legend(loc="lower right")


def _against_radius(ax: Axes, numbers: Numbers, of: Callable[[Row], float]) -> None:
    """Every seed as a dot, the geometric mean and its interval; matched radii share a place."""
    places = numbers["radii"]["Linf"]
    for attack, (marker, shift) in ATTACKS.items():
        colour = ATTACK_COLOURS[attack]
        for place, radius in zip(places, numbers["radii"][attack], strict=True):
            values = ratios(numbers, attack, radius, of)
            ax.plot([place * shift**2] * len(values), values, ".", color=colour, ms=2, alpha=0.6)
            mean, low, high = interval(values)
            label = ATTACK_NAMES[attack] if place == places[0] else None
            ax.errorbar(place * shift, mean, [[mean - low], [high - mean]], color=colour, lw=0.8,
                        fmt=marker, mfc="white", label=label)  # fmt: skip
    ax.axhline(1, color=GREY, lw=0.6, ls=(0, (1, 2)), zorder=0)
    ax.set(xscale="log", xlabel=r"$\epsilon$ of the $L_\infty$ attack", yscale="log")
    ax.set_xticks(places, [f"{place:g}" for place in places])
    ax.minorticks_off()
    low, high = ax.get_ylim()
    ax.set_yticks([t for t in TICKS if low <= t <= high])
    ax.yaxis.set_major_formatter("{x:g}")


def top_ratio(row: Row) -> float:
    """True over frozen."""
    return float(row["true"] / row["frozen"])


def step_ratio(row: Row) -> float:
    """On the longest step, attack moving over attack held."""
    longest = max(row["along"], key=lambda a: float(a["step"]))
    return float(longest["moving"] / longest["held"])


def ratios(numbers: Numbers, attack: str, radius: float, of: Callable[[Row], float]) -> list[float]:
    """At the end of training, one a seed."""
    return [of(one["rows"][-1]) for one in numbers["networks"] if _is(one, attack, radius)]


def interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Geometric mean and the ends of its interval."""
    found = mean_interval([math.log(v) for v in values])
    return math.exp(found.mean), math.exp(found.low), math.exp(found.high)


def _is(one: Mapping[str, Any], attack: str, radius: float) -> bool:
    return bool(one["attack"] == attack and one["radius"] == radius)


def _geometric(values: Sequence[float]) -> float:
    return math.exp(sum(map(math.log, values)) / len(values))


def caption(numbers: Numbers) -> str:
    """What is drawn; the finding with its numbers follows from the record."""
    ends = [one["rows"][-1] for one in numbers["networks"] if one["attack"] in ATTACKS]
    left = sum(row["left_out"] for row in ends)
    total = left + sum(row["samples"] for row in ends)
    beaten = sum(max(row["along"], key=lambda a: float(a["step"]))["beaten"] for row in ends)
    pairs = zip(numbers["radii"]["Linf"], numbers["radii"]["L2"], strict=True)
    matched = ", ".join(f"{linf:g} ({l2:g})" for linf, l2 in pairs)
    middle = numbers["radii"]["Linf"][len(numbers["radii"]["Linf"]) // 2]
    return f"""SiLU networks trained naturally and against L2 and Linf attacks; the radii are
    matched so that both attacks reach the same loss on naturally trained networks: Linf (L2)
    {matched}. Left: top eigenvalue of the Hessian of the training loss at radius {middle:g} and its
    match, with the attack held (dashed) and moving (solid). Middle: their ratio at the end
    of training. Right: change of the gradient along the top eigenvector by
    {max(a["step"] for a in ends[0]["along"]):g} of the length of theta, the attack solved anew or
    held. Dots: seeds; marks: geometric means with 95 % intervals (t, in logarithms). Attacks are
    solved to their optimality conditions; {left} of {total} were no regular maximisers, {beaten}
    were beaten by what the step found; both are left out."""
