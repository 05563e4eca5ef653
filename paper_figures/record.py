"""The record of a figure: its data, and all that made them.

A record counts as long as the settings, the versions and the digest of the sources are the
same; one line changed in the theory, the numerics or the figure, and it is computed again.
"""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

from paper_figures import experiment_record
from paper_figures.catalogue import is_of_experiment

SCHEMA = 1
PACKAGES = ("numpy", "scipy", "sympy", "python-flint")
# What a figure's numbers come from; verdicts are never recorded here.
SOURCES = (
    "theory",
    "numerics/families",
    "numerics/linear",
    "numerics/local_entropy",
    "numerics/sharp_constant.py",
)


@dataclass(frozen=True)
class Record:
    """Data of a figure in JSON's own types, and their provenance."""

    figure: str
    provenance: dict[str, Any]
    data: dict[str, Any]

    def as_text(self) -> str:
        fields = {"schema": SCHEMA, "figure": self.figure, "provenance": self.provenance}
        return json.dumps({**fields, "data": self.data}, allow_nan=False) + "\n"


def obtain(module: ModuleType, path: Path, recompute: bool) -> tuple[Record, bool]:
    """(record, whether it was computed now); NotRecorded for an experiment without a record."""
    name = module.__name__.rpartition(".")[2]
    if is_of_experiment(module):
        done = experiment_record.obtain(module, recompute)
        numbers = {**done.numbers, "made_by": experiment_record.made_by(done)}
        return Record(name, experiment_record.provenance(module, done), numbers), recompute
    now = provenance(module)
    data = None if recompute else _recorded(path, name, now)
    if data is not None:
        return Record(name, now, data), False
    # Through JSON, so that a first and a second drawing see the same numbers.
    data = json.loads(json.dumps(module.data(**module.SETTINGS), allow_nan=False))
    return Record(name, now, data), True


def provenance(module: ModuleType) -> dict[str, Any]:
    """Versions, settings (the seed among them) and a digest of the sources."""
    versions = {name: metadata.version(name) for name in PACKAGES}
    return {
        "versions": {"python": platform.python_version(), **versions},
        "settings": json.loads(json.dumps(module.SETTINGS)),
        "sources": _digest(Path(str(module.__file__))),
    }


def _recorded(path: Path, name: str, now: dict[str, Any]) -> dict[str, Any] | None:
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        same = (fields["schema"], fields["figure"], fields["provenance"]) == (SCHEMA, name, now)
        return dict(fields["data"]) if same else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


@cache
def _digest(figure: Path) -> str:
    root = Path(__file__).parents[1]
    files = [figure]
    for source in SOURCES:
        place = root / source
        files += sorted(place.rglob("*.py")) if place.is_dir() else [place]
    total = hashlib.sha256()
    for file in files:
        total.update(file.name.encode() + b"\0" + file.read_bytes())
    return total.hexdigest()
