r"""Table: accuracies of every trainer and control at an equal number of gradients.

.. math:: \bar a \pm t_{n-1,.975}\, s/\sqrt n \text{ over seeds}; \qquad a - a_{AT}
          \text{ seed by seed.}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from numerics.deep.comparison import (
    beyond,
    clean,
    difference,
    finished,
    pgd,
    points,
    strong,
    values,
)
from numerics.deep.statistics import mean_interval
from paper_figures.style import ATTACK_NAMES, BLACK, GREY, PAGE, VERMILION

TITLE = "Accuracy of adversarial training, its variants and controls"
CLAIMS = ()
EXPERIMENT = "entropy_sgd"
REFERENCE, STUDIED = "AT", "EnSGD"
HEADER = ("", "clean", "PGD", "APGD-T", "AA less APGD-T", "APGD-T less AT", "Hedges' g")
# the left edge of the names, then the columns' middles
PLACES = (0.01, 0.27, 0.4, 0.53, 0.66, 0.82, 0.96)
ROW, HEAD = 0.165, 0.5  # inches

Numbers = Mapping[str, Any]


def plot(numbers: Numbers) -> Figure:
    """One table for each norm, one under the other."""
    norms = of_norms(numbers)
    heights = [HEAD + ROW * len(lines(of)) for of in norms.values()]
    figure = Figure(figsize=(PAGE, sum(heights)))
    axes = figure.subplots(len(norms), 1, squeeze=False, height_ratios=heights)[:, 0]
    for ax, (norm, of), height in zip(axes, norms.items(), heights, strict=True):
        _table(ax, norm, lines(of), height)
    return figure


def of_norms(numbers: Numbers) -> dict[str, Numbers]:
    """What was found at each norm."""
    found = {k: v for k, v in numbers.items() if isinstance(v, Mapping) and "rows" in v}
    return {norm: found[norm] for norm in ATTACK_NAMES if norm in found}


def lines(of: Numbers) -> list[tuple[str, ...]]:
    """The cells of each method, the best robust accuracy first, longer runs below."""
    rows, more = of["rows"], of["longer"]
    order = sorted(finished(rows), key=lambda method: -_average(rows, method))
    longer = [(f"{m}, longer", *line(more, m)[1:]) for m in finished(more)]
    return [*(line(rows, m) for m in order), *longer]


def line(rows: Sequence[Numbers], method: str) -> tuple[str, ...]:
    """Name, three accuracies, what AutoAttack adds, the difference to AT with its effect size."""
    cells = []
    for of in (clean, pgd, strong):
        found = mean_interval(list(values(rows, method, of).values()))
        cells.append(f"{found.mean:.1f} ± {found.high - found.mean:.1f}")
    further = beyond(rows).get(method, [])
    cells.append(f"{0 - round(sum(further) / len(further), 1):.1f}" if further else "")
    less, g = difference(rows, method, REFERENCE, strong)
    compared = ("", "") if method == REFERENCE else (points(less), f"{g:+.1f}")
    return (method, *(cell.replace("-", "\N{MINUS SIGN}") for cell in (*cells, *compared)))


def _average(rows: Sequence[Numbers], method: str) -> float:
    return mean_interval(list(values(rows, method, strong).values())).mean


def _table(ax: Axes, norm: str, cells: Sequence[Sequence[str]], height: float) -> None:
    ax.set(xlim=(0, 1), ylim=(-height, 0))
    ax.set_axis_off()
    rules = (-0.06, -HEAD + 0.1, -height + 0.04)
    ax.hlines(rules, 0, 1, color=BLACK, lw=[0.9, 0.5, 0.9])
    _line(ax, -0.24, [ATTACK_NAMES[norm], *HEADER[1:]], BLACK)
    for i, row in enumerate(cells):
        longer = row[0].endswith("longer")
        colour = VERMILION if row[0] == STUDIED else GREY if longer else BLACK
        _line(ax, -HEAD - ROW * (i - 0.1), row, colour)


def _line(ax: Axes, y: float, cells: Sequence[str], colour: str) -> None:
    for place, cell in zip(PLACES, cells, strict=True):
        side = "left" if place == PLACES[0] else "center"
        ax.text(place, y, cell, color=colour, ha=side, va="center", fontsize=8)


def caption(numbers: Numbers) -> str:
    """What is compared, and what AutoAttack adds."""
    found = []
    for norm, of in of_norms(numbers).items():
        count = sum(map(len, beyond(of["rows"]).values()))
        if count:
            found.append(f"AA: AutoAttack, at {count} networks ({norm}).")
        stopped = [r for r in of["rows"] if r["stopped"] is not None]
        found += [f"{r['method']}, seed {r['seed']}, stopped: {r['stopped']}." for r in stopped]
    return f"""Accuracy in per cent at test samples, mean over seeds and 95 % t interval; best
    robust accuracy first. Every run has the same number of passes over mini-batches ("AT, few
    steps": as many outer steps as EnSGD; "longer": a multiple of the gradients, the same choices),
    every method as many trials for its rates and its own numbers (the Moreau envelope and
    AWP+EnSGD take those of EnSGD). Differences to AT are seed by seed, on the same folds.
    {" ".join(found)}"""
