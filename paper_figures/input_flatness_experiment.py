r"""Figure 10: networks made flatter in the input by penalties, and their parameter curvature.

.. math:: \lambda_{\min}(l_{\theta\theta}) + \frac{\sigma_2(C)^2}{\|\nabla_x l\|/\epsilon
          + \max(0, -\lambda_{\min}(H))} \le \lambda_{\max}(\nabla^2 l_\epsilon)
          \le \lambda_{\max}(l_{\theta\theta}) + \frac{\|C\|^2}{\mu_T}.

The bound forces curvature up only as long as the cross derivative C stays.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

from paper_figures.style import BLACK, BLUE, GREEN, GREY, PAGE, VERMILION

TITLE = "Flatter in the input by a penalty: curvature in the parameters"
CLAIMS = ("l2-hessian-formula",)
EXPERIMENT = "input_flatness"
LOOKS = {"gradient": (BLUE, "o"), "curvature": (VERMILION, "s"), "linearity": (GREEN, "^")}
HELD = (0, (3, 1.5))

Numbers = Mapping[str, Any]
Network = Mapping[str, Any]


def plot(numbers: Numbers) -> Figure:
    """All panels run to flatter inputs on the right."""
    figure = Figure(figsize=(PAGE, 2.6))
    roughness, cross, bounds = figure.subplots(1, 3)
    _roughness(roughness, numbers)
    _cross(cross, numbers)
    _bounds(bounds, numbers)
    for ax in (roughness, cross, bounds):
        ax.set(xscale="log", xlabel=r"$\Vert\nabla_x l\Vert$  (flatter $\rightarrow$)")
        ax.set_xticks([1, 1.5, 2], ["1", "1.5", "2"])
        ax.xaxis.set_minor_formatter("")
        ax.invert_xaxis()
    for ax in (roughness, cross):
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 3, 5)))
        ax.yaxis.set_major_formatter("{x:g}")
        ax.yaxis.set_minor_formatter("")
    return figure


def _roughness(ax: Axes, numbers: Numbers) -> None:
    for kind in numbers["weights"]:
        colour, marker = _look(kind)
        x, y = _points(numbers, kind, _true)
        ax.plot(x, y, marker, color=colour, ms=1.8, alpha=0.45)
        ax.plot(*_means(numbers, kind, _true), color=colour, marker=marker, mfc="white", label=kind)
        ax.plot(*_means(numbers, kind, _frozen), color=colour, ls=HELD, lw=0.9)
    x, y = _shorter(numbers)
    ax.plot(x, y, color=GREY, marker="x", ls="", label="none, shorter")
    ax.plot([], [], color=GREY, ls=HELD, lw=0.9, label="attack held")
    ax.set(yscale="log", title=r"top eigenvalue of $\nabla^2\bar l_\epsilon$")
    low, high = ax.get_ylim()
    ax.set_ylim(low * (low / high) ** 0.5, high)  # room for the legend
    ax.legend(loc="lower left", title="penalty on the input", alignment="left")


def _cross(ax: Axes, numbers: Numbers) -> None:
    for kind in numbers["weights"]:
        colour, marker = _look(kind)
        for k, style in ((0, "-"), (1, HELD)):
            ax.plot(*_means(numbers, kind, _singular(k)), color=colour, ls=style, marker=marker,
                    mfc="white")  # fmt: skip
    ax.plot([], [], color=GREY, label=r"$\sigma_1$")
    ax.plot([], [], color=GREY, ls=HELD, label=r"$\sigma_2$")
    ax.set(yscale="log", title=r"cross derivative $C$, one sample")
    ax.legend(loc="upper right")


def _bounds(ax: Axes, numbers: Numbers) -> None:
    """The medians over the samples of a network, means over seeds; all penalties in one."""
    lines = {"upper": (HELD, "upper bound"), "curvature": ("-", "curvature"),
             "lower": ((0, (1, 1.2)), "lower bound")}  # fmt: skip
    for kind in numbers["weights"]:
        colour, _ = _look(kind)
        for name, (style, _) in lines.items():
            x, y = _means(numbers, kind, _bound(name), geometric=False)
            ax.plot(x, y, color=colour, ls=style, lw=1.1)
    for style, label in lines.values():
        ax.plot([], [], color=GREY, ls=style, label=label)
    ax.axhline(0, color=BLACK, lw=0.4)
    ax.set(title="one sample between the bounds")
    ax.legend(loc="upper right")


def _true(one: Network) -> float:
    return float(one["roughness"]["true"])


def _frozen(one: Network) -> float:
    return float(one["roughness"]["frozen"])


def _singular(k: int) -> Callable[[Network], float]:
    return lambda one: float(one["bounds"]["cross"][k])


def _bound(name: str) -> Callable[[Network], float]:
    return lambda one: float(one["bounds"][name])


def _slope(one: Network) -> float:
    return float(one["flatness"]["gradient"])


def _look(kind: str) -> tuple[str, str]:
    return LOOKS.get(kind, (GREY, "d"))


def _by_weight(numbers: Numbers, kind: str) -> list[list[Network]]:
    """The networks of each weight, weight 0 first."""
    doses = [("none", 0.0), *((kind, weight) for weight in numbers["weights"][kind])]
    return [
        [n for n in numbers["networks"] if (n["penalty"], n["weight"]) == dose] for dose in doses
    ]


def _points(
    numbers: Numbers, kind: str, of: Callable[[Network], float]
) -> tuple[list[float], list[float]]:
    networks = [n for group in _by_weight(numbers, kind) for n in group]
    return [_slope(n) for n in networks], [of(n) for n in networks]


def _means(
    numbers: Numbers, kind: str, of: Callable[[Network], float], geometric: bool = True
) -> tuple[list[float], list[float]]:
    """Means over seeds, a point for each weight."""
    groups, mean = _by_weight(numbers, kind), _geometric if geometric else _arithmetic
    return [_geometric([_slope(n) for n in g]) for g in groups], [
        mean([of(n) for n in g]) for g in groups
    ]


def _shorter(numbers: Numbers) -> tuple[list[float], list[float]]:
    """Networks without penalty after fewer passes over the data: means over seeds."""
    networks = numbers["shorter"]
    groups = [
        [n for n in networks if n["epochs"] == e] for e in sorted({n["epochs"] for n in networks})
    ]
    return [_geometric([_slope(n) for n in g]) for g in groups], [
        _geometric([_true(n) for n in g]) for g in groups
    ]


def _geometric(values: Sequence[float]) -> float:
    return math.exp(_arithmetic([math.log(v) for v in values]))


def _arithmetic(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def caption(numbers: Numbers) -> str:
    """What is drawn; the finding with its numbers follows from the record."""
    networks = numbers["networks"]
    hold, total, positive = (
        sum(n["bounds"][name] for n in networks) for name in ("hold", "samples", "positive_lower")
    )
    weights = "; ".join(
        f"{kind} {', '.join(f'{w:g}' for w in values)}"
        for kind, values in numbers["weights"].items()
    )
    lengths = " and ".join(str(e) for e in sorted({n["epochs"] for n in numbers["shorter"]}))
    return f"""SiLU networks trained against an L2 attack at equal length, with a penalty on the
    input (weights: 0 and {weights}). Small marks: seeds; large: geometric means over seeds.
    Left: top eigenvalue of the Hessian of the adversarial loss, attack moving (solid) and held
    (dashed), against the gradient in the input at the worst inputs; crosses: no penalty, training
    of {lengths} passes. Middle: the two largest
    singular values of the cross derivative, medians over samples. Right: the curvature of single
    samples between both bounds (medians, means over seeds); they hold at {hold} of {total}
    samples, the lower one is positive at {positive}."""
