"""One look for all figures: print width, Okabe and Ito's colours, embedded fonts.

>>> style()["pdf.fonttype"]
42
"""

from __future__ import annotations

from typing import Any

from cycler import cycler

# Widths of one and two columns in print, inches.
COLUMN, PAGE = 3.25, 6.75

# Okabe and Ito (2008): told apart with every common colour blindness, and in grey by order.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GREY, PALE = "#6E6E6E", "#C8C8C8"
CYCLE = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK)

# One name for each attack throughout the figures.
ATTACK_COLOURS = {"natural": GREY, "L2": BLUE, "Linf": VERMILION, "L1": GREEN}
ATTACK_NAMES = {
    "natural": "natural",
    "L2": r"$L_2$ attack",
    "Linf": r"$L_\infty$ attack",
    "L1": r"$L_1$ attack",
}


def style() -> dict[str, Any]:
    """rcParams, as a plain dict."""
    return {**_text(), **_lines(), **_files()}


def _text() -> dict[str, Any]:
    return {
        "font.family": "STIXGeneral",
        "mathtext.fontset": "stix",
        "font.size": 8.5,
        "axes.titlesize": 9,
        "axes.labelsize": 8.5,
        "xtick.labelsize": 7.5,
        "ytick.labelsize": 7.5,
        "legend.fontsize": 7.5,
        "axes.titlepad": 5,
        "axes.labelpad": 2.5,
        "axes.unicode_minus": True,
    }


def _lines() -> dict[str, Any]:
    return {
        "axes.prop_cycle": cycler(color=CYCLE),
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "lines.linewidth": 1.3,
        "lines.markersize": 3.5,
        "lines.solid_capstyle": "round",
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "xtick.minor.width": 0.4,
        "ytick.minor.width": 0.4,
        "xtick.major.size": 2.5,
        "ytick.major.size": 2.5,
        "xtick.minor.size": 1.5,
        "ytick.minor.size": 1.5,
        "legend.frameon": False,
        "legend.handlelength": 1.8,
        "legend.borderaxespad": 0.3,
        "legend.labelspacing": 0.35,
    }


def _files() -> dict[str, Any]:
    return {
        "pdf.fonttype": 42,
        "svg.fonttype": "path",
        "svg.hashsalt": "advsmooth",
        "savefig.bbox": None,
        "savefig.facecolor": "white",
        "figure.facecolor": "white",
        "figure.constrained_layout.use": True,
        "figure.constrained_layout.h_pad": 0.02,
        "figure.constrained_layout.w_pad": 0.02,
    }
