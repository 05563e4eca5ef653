"""The figure modules of this package: every module that has what a figure needs.

A figure of an experiment has no data of its own: EXPERIMENT names the record it is drawn from.

>>> "hoelder_exponent" in figures()
True
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from functools import cache
from types import ModuleType

import paper_figures
from numerics.sentences import did_you_mean

PARTS = ("TITLE", "CLAIMS", "SETTINGS", "data", "plot", "caption")
PARTS_OF_EXPERIMENT = ("TITLE", "CLAIMS", "EXPERIMENT", "plot", "caption")


@cache
def figures() -> dict[str, ModuleType]:
    """Name and module of every figure that computes its own data, sorted by name."""
    return {name: module for name, module in _all().items() if not is_of_experiment(module)}


@cache
def figures_of_experiments() -> dict[str, ModuleType]:
    """Name and module of every figure that is drawn from the record of an experiment."""
    return {name: module for name, module in _all().items() if is_of_experiment(module)}


@cache
def _all() -> dict[str, ModuleType]:
    names = sorted(m.name for m in pkgutil.iter_modules(paper_figures.__path__) if not m.ispkg)
    modules = {name: importlib.import_module(f"paper_figures.{name}") for name in names}
    return {name: module for name, module in modules.items() if is_figure(module)}


def is_of_experiment(module: ModuleType) -> bool:
    return hasattr(module, "EXPERIMENT")


def is_figure(module: ModuleType) -> bool:
    """Whether a module has all parts of a figure; CLAIMS alone is a mistake worth a sentence."""
    parts = PARTS_OF_EXPERIMENT if is_of_experiment(module) else PARTS
    missing = [part for part in parts if not hasattr(module, part)]
    if missing and hasattr(module, "CLAIMS"):
        raise ValueError(f"{module.__name__}: expected a figure with {', '.join(missing)}")
    return not missing


def chosen(names: Sequence[str]) -> dict[str, ModuleType]:
    """The figures of the given names, all of them without a name."""
    known = {**figures(), **figures_of_experiments()}
    for name in names:
        if name not in known:
            close = did_you_mean(name, known)
            raise ValueError(f"figure {name!r}: expected one of {', '.join(known)}{close}")
    return {name: known[name] for name in dict.fromkeys(names or known)}
