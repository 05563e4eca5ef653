r"""Figure: what EnSGD does to the change of the gradient and to robust accuracy.

.. math:: \frac{\langle\nabla\bar l_\epsilon(\theta+tv)-\nabla\bar l_\epsilon(\theta), v\rangle}{t},
          \qquad \delta^* \text{ solved anew at } \theta + tv.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from numerics.deep.comparison import difference, factor, finished, log_quotient, strong, values
from numerics.deep.statistics import mean_interval
from paper_figures.accuracy_table import of_norms
from paper_figures.style import ATTACK_NAMES, BLUE, GREY, PAGE, VERMILION

TITLE = "EnSGD and its controls: smoothness and robust accuracy"
CLAIMS = ()
EXPERIMENT = "entropy_sgd"
REFERENCE, FEW = "AT", "AT, few steps"
OWN = ("EnSGD", "Moreau envelope", "AWP+EnSGD")
ROW, HEAD = 0.175, 0.75  # inches

Numbers = Mapping[str, Any]


def plot(numbers: Numbers) -> Figure:
    """A row for each norm: robust accuracy, quotient, loss."""
    norms = of_norms(numbers)
    heights = [HEAD + ROW * len(_order(of["rows"])) for of in norms.values()]
    figure = Figure(figsize=(PAGE, sum(heights)))
    grid = figure.subplots(len(norms), 3, squeeze=False, height_ratios=heights)
    for (accuracy, rough, loss), (norm, of) in zip(grid, norms.items(), strict=True):
        _intervals(accuracy, of["rows"], strong)
        accuracy.set(title="robust accuracy, %", xlabel=f"APGD-T, {ATTACK_NAMES[norm]}")
        _intervals(rough, of["rows"], quotient)
        rough.set(title="change of the gradient", xlabel="per unit of step, attack anew")
        _intervals(loss, of["rows"], lambda row: float(row["loss"]))
        loss.set(title="adversarial loss", xlabel="certified, training samples")
        for ax in (rough, loss):
            ax.set_yticklabels([])
    return figure


def quotient(row: Numbers) -> float:
    """The change of the gradient along the longest step."""
    return math.exp(log_quotient(row))


def _order(rows: Sequence[Numbers]) -> list[str]:
    """The most robust last, which is above; equal gradients only."""

    def average(method: str) -> float:
        return mean_interval(list(values(rows, method, strong).values())).mean

    return sorted((m for m in finished(rows) if m != FEW), key=average)


def _colour(method: str) -> str:
    return VERMILION if method in OWN else BLUE if method == REFERENCE else GREY


def _intervals(ax: Axes, rows: Sequence[Numbers], of: Callable[[Numbers], float]) -> None:
    """Every seed as a dot, the mean and its interval; a line at plain AT."""
    order = _order(rows)
    for y, method in enumerate(order):
        found = list(values(rows, method, of).values())
        mean = mean_interval(found)
        ax.plot(found, [y - 0.25] * len(found), ".", color=_colour(method), ms=2, alpha=0.6)
        half = mean.high - mean.mean
        ax.errorbar(mean.mean, y, xerr=half if math.isfinite(half) else None, lw=0.9, fmt="o",
                    color=_colour(method), mfc="white")  # fmt: skip
    at = mean_interval(list(values(rows, REFERENCE, of).values())).mean
    ax.axvline(at, color=BLUE, lw=0.6, ls=(0, (1, 2)), zorder=0)
    ax.set_yticks(range(len(order)), order)
    ax.set_ylim(-0.7, len(order) - 0.4)
    ax.tick_params(axis="y", length=0)


def caption(numbers: Numbers) -> str:
    """What is seen, and the finding."""
    pairs = []
    for norm, of in of_norms(numbers).items():
        for method in (m for m in finished(of["rows"]) if m != REFERENCE):
            found, _ = difference(of["rows"], method, REFERENCE, log_quotient)
            pairs.append(f"{method} {factor(found)}" + (f" ({norm})" if norm != "Linf" else ""))
    return f"""Left: accuracy under APGD-T at test samples. Middle: change of the gradient of the
    adversarial loss on a step of one per cent of the parameters' length along the top eigenvector
    of the Hessian at the held attack, over the length of the step, with the attack solved anew
    (certified, float64, training samples, no pixel box). Right: the loss there. Dots: seeds;
    circles: means with 95 % t intervals; dotted: plain AT. All at an equal number of gradients and
    of trials. Red: EnSGD and its relatives. Change of the gradient over that of AT, seed by seed:
    {", ".join(pairs)}."""
