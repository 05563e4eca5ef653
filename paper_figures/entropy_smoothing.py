r"""Figure: what local entropy does to a kink, and what the Moreau envelope leaves of it.

.. math:: E(\theta) = -\log\int e^{-f(t) - \frac{\gamma}{2}(\theta-t)^2}dt, \qquad
          M(\theta) = \min_t f(t) + \tfrac{\gamma}{2}(\theta - t)^2.

Above the L-infinity adversarial logistic loss of one weight, log(1 + exp(-(x t - eps |t|))):
convex, so E and M have second derivatives between 0 and gamma, but that of M jumps.  Below
f(t) = -|t|, weakly convex for no constant: M keeps the jump of its slope for every gamma, E
has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import sympy as sp
from matplotlib.figure import Figure

from numerics.local_entropy import LocalEntropy, MoreauEnvelope
from paper_figures.style import BLACK, BLUE, GREY, ORANGE, PAGE, VERMILION

TITLE = "Local entropy and the Moreau envelope at a kink"
CLAIMS = ("line-one-kink", "envelope-of-a-concave-kink", "envelope-keeps-a-concave-kink")
SETTINGS: Mapping[str, Any] = {
    "x": "3/5",
    "epsilon": "1",
    "gammas": ["1", "4", "16"],
    "envelope": "4",
    "extent": "3/2",
    "samples": 61,
    "digits": 5,
}
COLOURS = (BLUE, VERMILION, ORANGE)
t = sp.Symbol("t", real=True)


def data(
    x: str, epsilon: str, gammas: list[str], envelope: str, extent: str, samples: int, digits: int
) -> dict[str, Any]:
    """E - E_0, E', E''/gamma for each gamma, and M, M', M''/gamma for one, for both functions."""
    margin = sp.Rational(x) * t - sp.Rational(epsilon) * sp.Abs(t)
    functions = {"adversarial": sp.log(1 + sp.exp(-margin)), "concave": -sp.Abs(t)}
    end = sp.Rational(extent)
    theta = [end * sp.Rational(2 * i - samples + 1, samples - 1) for i in range(samples)]
    rows = {
        name: {
            "f": [float(f.subs(t, at)) for at in theta],
            "curves": [_entropy(f, gamma, theta, digits) for gamma in gammas],
            "envelope": _envelope(f, envelope, theta, digits),
        }
        for name, f in functions.items()
    }
    return {"theta": [float(at) for at in theta], "x": x, "epsilon": epsilon, "rows": rows}


def _entropy(f: sp.Expr, gamma: str, theta: list[sp.Rational], digits: int) -> dict[str, Any]:
    entropy = LocalEntropy(f, gamma)
    found = [entropy.at(at, digits) for at in theta]
    scale = float(sp.Rational(gamma))
    return {
        "gamma": gamma,
        "value": [float(v.normalised) for v in found],
        "slope": [float(v.slope) for v in found],
        "curvature": [float(v.curvature) / scale for v in found],
        "widest": max(float(b.rad()) for v in found for b in (v.value, v.slope, v.curvature)),
    }


def _envelope(f: sp.Expr, gamma: str, theta: list[sp.Rational], digits: int) -> dict[str, Any]:
    """Where two minimisers tie the slope has two values and the curvature none: NaN is left out."""
    envelope, scale, bend = MoreauEnvelope(f, gamma), sp.Rational(gamma), sp.diff(f, t, 2)
    values, slopes, curvatures = [], [], []
    for at in theta:
        found = envelope.at(at, digits)
        near = [(a + b) / 2 for a, b in found.minimisers]
        values.append(float(found.value))
        slopes.append([float(scale) * (float(at) - float(s)) for s in (near[0], near[-1])])
        curvatures.append(_bend(bend, float(near[0]), float(scale)) if len(near) == 1 else None)
    return {"gamma": gamma, "value": values, "slope": slopes, "curvature": curvatures}


def _bend(bend: sp.Expr, at: float, gamma: float) -> float:
    """M''/gamma = f''/(gamma + f'') at the minimiser; 1 while it stays at the kink."""
    if abs(at) < 1e-9:
        return 1.0
    second = float(bend.subs(t, at).doit().replace(sp.DiracDelta, lambda *_: sp.Integer(0)))
    return second / (gamma + second)


def plot(data: Mapping[str, Any]) -> Figure:
    """One row a function; value, slope and curvature in units of gamma."""
    figure = Figure(figsize=(PAGE, 3.7))
    axes = figure.subplots(2, 3, sharex=True)
    theta = np.asarray(data["theta"])
    for row, name in zip(axes, ("adversarial", "concave"), strict=True):
        _row(row, theta, data["rows"][name])
    titles = (r"value", r"slope", r"curvature, in units of $\gamma$")
    for ax, title in zip(axes[0], titles, strict=True):
        ax.set_title(title)
    for ax in axes[1]:
        ax.set(xlabel=r"$\theta$", xlim=(theta[0], theta[-1]))
    axes[0][0].set_ylabel("adversarial logistic loss")
    axes[1][0].set_ylabel(r"$f(t)=-|t|$")
    figure.align_ylabels(axes[:, 0])
    figure.legend(*axes[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=5)
    return figure


def _row(axes: np.ndarray, theta: np.ndarray, row: Mapping[str, Any]) -> None:
    axes[0].plot(theta, row["f"], color=GREY, lw=0.9, label="$f$")
    for curve, colour in zip(row["curves"], COLOURS, strict=False):
        for ax, part in zip(axes, ("value", "slope", "curvature"), strict=True):
            ax.plot(theta, curve[part], color=colour, label=rf"$E$, $\gamma={curve['gamma']}$")
    _dashed(axes, theta, row["envelope"])


def _dashed(axes: np.ndarray, theta: np.ndarray, envelope: Mapping[str, Any]) -> None:
    look: Any = {"color": BLACK, "lw": 0.9, "ls": (0, (4, 2)), "zorder": 3}
    label = rf"envelope $M$, $\gamma={envelope['gamma']}$"
    axes[0].plot(theta, envelope["value"], label=label, **look)
    # Both slopes of a kink, one after the other: the dashes show the jump.
    slopes = np.asarray(envelope["slope"]).ravel()
    axes[1].plot(np.repeat(theta, 2), slopes, **look)
    curvature = np.array([np.nan if c is None else c for c in envelope["curvature"]], dtype=float)
    for part in _parts(curvature):
        axes[2].plot(theta[part], curvature[part], **look)


def _parts(curvature: np.ndarray) -> list[slice]:
    """The stretches between the jumps of M''."""
    with np.errstate(invalid="ignore"):
        jumps = np.flatnonzero(~(np.abs(np.diff(curvature)) < 0.3)) + 1
    ends = [0, *jumps.tolist(), len(curvature)]
    return [slice(a, b) for a, b in pairwise(ends)]


def caption(data: Mapping[str, Any]) -> str:
    """The curvature at the kink, and how wide the widest ball is."""
    middle = len(data["theta"]) // 2
    rows = data["rows"]
    pairs = zip(rows["adversarial"]["curves"], rows["concave"]["curves"], strict=True)
    listed = "; ".join(
        f"gamma = {a['gamma']}: {a['curvature'][middle]:.5f} | {b['curvature'][middle]:.5f}"
        for a, b in pairs
    )
    widest = max(curve["widest"] for row in rows.values() for curve in row["curves"])
    return f"""Local entropy E (less its value for f = 0) and the Moreau envelope M (dashed) of the
    Linf adversarial logistic loss of one weight, x = {data["x"]}, epsilon = {data["epsilon"]}
    (above), and of f(t) = -|t| (below): value, slope, and curvature in units of gamma. Every
    value is the midpoint of a rigorous enclosure; the widest has radius {widest:.1e}. E is
    analytic in all panels. Above, M is smooth but its curvature jumps, from gamma, while the
    minimiser rests on the kink, to almost 0. Below, f is weakly convex for no constant, and M
    keeps a jump of 2 in its slope for every gamma. Curvature of E at theta = 0 in units of gamma,
    above | below: {listed}."""
