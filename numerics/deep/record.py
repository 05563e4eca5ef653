"""The record of an experiment: settings, numbers, finding, and all that made them.

Read and compared without torch, since figures are drawn from records where torch may be missing.

>>> sorted(scales("no_such_experiment"))
Traceback (most recent call last):
ValueError: experiment 'no_such_experiment': expected a file in numerics/deep/experiments
"""

from __future__ import annotations

import ast
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from numerics.results import write

SCHEMA = 1
HERE = Path(__file__).parent
RECORDS = HERE / "records"
EXPERIMENTS = HERE / "experiments"
METHODS = HERE / "training" / "methods"
# What shows and stores numbers, and makes none.
NO_SOURCE = ("run.py", "record.py")


@dataclass(frozen=True)
class Record:
    """All fields in JSON's own types."""

    experiment: str
    scale: str
    settings: dict[str, Any]
    numbers: dict[str, Any]
    finding: dict[str, str]  # verdict, sentence
    provenance: dict[str, Any]  # versions, device, threads, commit, started, seconds, sources

    def as_text(self) -> str:
        fields = {"schema": SCHEMA, **self.__dict__}
        return json.dumps(fields, indent=1, allow_nan=False) + "\n"

    def write(self, path: Path) -> None:
        """All of it or nothing."""
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, self.as_text())


def read(path: Path) -> Record:
    """ValueError with one sentence for what is no record, FileNotFoundError if there is none."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        if fields.pop("schema") != SCHEMA:
            raise ValueError("another schema")
        return Record(**fields)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ValueError(f"{path}: expected the record of an experiment, schema {SCHEMA}") from None


def plain(value: Any) -> Any:
    """Through JSON, so that a number read again is the number that was shown; NaN is refused."""
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError) as problem:
        raise ValueError(f"numbers of an experiment: expected JSON values ({problem})") from None


def finite(value: float) -> float | None:
    """The number, or None for what JSON has no word for.

    >>> finite(1.5), finite(float("inf"))
    (1.5, None)
    """
    return float(value) if math.isfinite(value) else None


def names() -> list[str]:
    """Every experiment, by file name."""
    return sorted(path.stem for path in EXPERIMENTS.glob("[a-z]*.py"))


@cache
def scales(name: str) -> Mapping[str, Mapping[str, Any]]:
    """SCALES of an experiment, read from its text: importing it would need torch."""
    header = _literal(name, "SCALES")
    if not isinstance(header, dict) or "small" not in header:
        raise ValueError(f"experiment {name!r}: expected SCALES to be a literal with 'small'")
    return plain(header)  # type: ignore[no-any-return]


def number(name: str) -> str:
    """NUMBER of an experiment, such as 'E1', read from its text."""
    return str(_literal(name, "NUMBER"))


def _literal(name: str, target: str) -> Any:
    path = EXPERIMENTS / f"{name}.py"
    if not path.is_file():
        raise ValueError(f"experiment {name!r}: expected a file in numerics/deep/experiments")
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        places = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(p, ast.Name) and p.id == target for p in places):
            return ast.literal_eval(node.value)  # type: ignore[attr-defined]
    raise ValueError(f"experiment {name!r}: expected {target}")


def sources(name: str) -> str:
    """sha256 of the files of numerics/deep that the experiment imports, directly or not.

    Docstrings do not count: they change no number.
    """
    total = hashlib.sha256()
    for path in sorted(imported(EXPERIMENTS / f"{name}.py")):
        code = _without_docstrings(path.read_text(encoding="utf-8"))
        total.update(f"{path.relative_to(HERE).as_posix()}\0{code}".encode())
    return total.hexdigest()


def _without_docstrings(text: str) -> str:
    """The lines that are no part of a docstring."""
    lines = text.splitlines(keepends=True)
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            continue
        if ast.get_docstring(node, clean=False) is not None:
            first = node.body[0]
            if not lines[first.lineno - 1][: first.col_offset].strip():  # nothing before it
                end = first.end_lineno or first.lineno
                lines[first.lineno - 1 : end] = [""] * (end - first.lineno + 1)
    return "".join(lines)


def imported(path: Path) -> set[Path]:
    """The file and what it imports within numerics/deep.

    Of a package that looks for its modules (``pkgutil``) all count, of methods of training those
    that are named.
    """
    found, waiting = set(), {path}
    while waiting:
        found.add(here := waiting.pop())
        text = here.read_text(encoding="utf-8")
        targets = {file for module in _imports(text) for file in _files(module)}
        targets |= {file for file in METHODS.glob("*.py") if f'"{file.stem}"' in text}
        if "pkgutil.iter_modules(__path__)" in text:
            targets |= set(here.parent.glob("*.py"))
        waiting |= {file for file in targets - found if file.name not in NO_SOURCE}
    return found


def _imports(text: str) -> set[str]:
    """Names of modules, and of what is imported from them, which may be modules too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in names if name.startswith("numerics.deep.")}


def _files(module: str) -> list[Path]:
    place = HERE.joinpath(*module.split(".")[2:])
    files = (place.with_suffix(".py"), place / "__init__.py")
    return [file for file in files if file.is_file()]
