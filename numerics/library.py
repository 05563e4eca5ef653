"""The library: every module-level claim of the package `theory.theorems`, found by looking.

>>> from numerics.library import library
>>> all(task.id for task in library().tasks)
True
"""

from __future__ import annotations

import importlib.util
import pkgutil
from functools import cache
from pathlib import Path

from numerics.claim_files import PACKAGE
from numerics.tasks import Selection, select_files

THEOREMS, OPEN = "theory.theorems", "theory.open_claims"


@cache
def library() -> Selection:
    """All claims of the library, and an error verdict for each file that does not load."""
    return select_files([(path, shown_path(path)) for path in theorem_files()])


@cache
def known() -> Selection:
    """The library and the open claims: everything that has an id."""
    files = [*theorem_files(), *theorem_files(OPEN)]
    return select_files([(path, shown_path(path)) for path in files])


def theorem_files(package: str = THEOREMS) -> list[Path]:
    """The modules of a package of claims, subpackages included, sorted by path."""
    found = importlib.util.find_spec(package)
    folders = list(found.submodule_search_locations or []) if found else []
    modules = pkgutil.walk_packages(folders, package + ".", onerror=lambda name: None)
    specs = [importlib.util.find_spec(module.name) for module in modules if not module.ispkg]
    return sorted(Path(spec.origin) for spec in specs if spec and spec.origin)


def shown_path(path: Path) -> str:
    """`theory/theorems/smooth.py`, wherever the package is installed."""
    return (Path(PACKAGE.name) / path.resolve().relative_to(PACKAGE)).as_posix()
