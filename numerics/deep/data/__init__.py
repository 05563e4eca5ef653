"""Data sets by name or by path: each file with ``NAMES``, ``reads`` and ``load`` is a loader.

``load("digits")`` and other names come with installed libraries; a path is read by the one loader
that knows its format. Nothing is ever downloaded.
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Any

from numerics.deep.data.dataset import Dataset
from numerics.deep.data.division import fold_of, folds, split
from numerics.sentences import Malformed, did_you_mean

__all__ = ["Dataset", "fold_of", "folds", "load", "names", "split"]


def names() -> list[str]:
    """The data sets that need no file.

    >>> names()
    ['breast_cancer', 'digits', 'patches']
    """
    return sorted(name for loader in _loaders() for name in loader.NAMES)


def load(name_or_path: str | Path) -> Dataset:
    """The data set of that name, or that of the user's file or folder.

    >>> load("digit")
    Traceback (most recent call last):
    numerics.sentences.Malformed: data 'digit': expected breast_cancer, digits, patches or a path \
(did you mean 'digits'?)
    """
    shown = str(name_or_path)
    for loader in _loaders():
        if shown in loader.NAMES:
            named: Dataset = loader.load(shown)
            return named
    try:
        return _from_path(Path(name_or_path).expanduser(), shown)
    except OSError as problem:
        reason = problem.strerror or "it cannot be read"
        raise Malformed(f"data {shown[:200]!r}: expected a readable path ({reason})") from None


def _from_path(path: Path, shown: str) -> Dataset:
    if not path.exists():
        known, near = ", ".join(names()), did_you_mean(shown, names())
        raise Malformed(f"data {shown!r}: expected {known} or a path{near}")
    if loader := _reader(path):
        read: Dataset = loader.load(path)
        return read
    raise Malformed(f"{shown}: expected {_formats()}{_advice(path)}")


def _loaders() -> list[Any]:
    modules = [
        importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__)
    ]
    return [module for module in modules if hasattr(module, "NAMES")]


def _reader(path: Path) -> Any:
    return next((loader for loader in _loaders() if loader.reads(path)), None)


def _formats() -> str:
    return ", ".join(loader.FORMAT for loader in _loaders() if loader.FORMAT)


def _advice(path: Path) -> str:
    """Which folder inside was meant, or that an archive is to be unpacked."""
    if path.name.endswith((".tar.gz", ".tgz", ".tar", ".zip")):
        return " (did you unpack the archive?)"
    if path.is_dir():
        for inside in sorted(path.iterdir())[:100]:
            if inside.is_dir() and _reader(inside):
                return f" (did you mean {str(inside)!r}?)"
    return ""
