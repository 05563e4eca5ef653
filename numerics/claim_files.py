"""Claim files: from what the user names to claims, or to one sentence that says why not.

A claim file is any `.py` file; every module-level `Claim` in it is a claim.  Whatever a file
does while it runs (raise, exit, print, never end) becomes an error verdict on that file, and
the other files are still read.

>>> read_file(Path("nowhere.py"), "nowhere.py").errors[0].message
'nowhere.py: expected a readable Python file (No such file or directory)'
"""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType

import theory
from numerics.sentences import Malformed, first_line_of, where_it_failed
from numerics.time_limit import OutOfTime, time_limit
from theory.adversarial_loss import AdversarialLoss
from theory.claims import Claim
from theory.verdicts import Verdict

PACKAGE = Path(theory.__file__).resolve().parent
LOADING_SECONDS = 60.0  # a claim file states; one that computes for longer is not one


@dataclass(frozen=True)
class Loaded:
    """What a file holds: claims by the name that binds them, module-level losses, or errors."""

    path: Path
    shown: str
    claims: dict[str, Claim]
    errors: tuple[Verdict, ...] = ()
    losses: tuple[AdversarialLoss, ...] = ()


@cache
def read_file(path: Path, shown: str) -> Loaded:
    """Run the file once per process.  `shown` is the path in messages, as the user typed it."""
    try:
        module = _module(path, shown)
    except Malformed as problem:
        return Loaded(path, shown, {}, (Verdict.error(shown, str(problem)),))
    losses = tuple(v for v in vars(module).values() if isinstance(v, AdversarialLoss))
    return Loaded(path, shown, claims_of(module), losses=losses)


def claims_of(module: ModuleType) -> dict[str, Claim]:
    """The module-level claims, in order of definition, each once."""
    found: dict[str, Claim] = {}
    for name, value in vars(module).items():
        if isinstance(value, Claim) and not any(value is other for other in found.values()):
            found[name] = value
    return found


def python_files(folder: Path) -> list[Path]:
    """Every `.py` file below the folder, except in hidden folders and environments."""
    return sorted(path for path in folder.rglob("*.py") if path.is_file() and _ours(folder, path))


def _ours(folder: Path, path: Path) -> bool:
    between = path.relative_to(folder).parents
    hidden = any(part.name.startswith(".") or part.name == "__pycache__" for part in between)
    return not hidden and not any((folder / part / "pyvenv.cfg").exists() for part in between)


def _module(path: Path, shown: str) -> ModuleType:
    """The executed module; Malformed with one sentence where it cannot be had."""
    dotted = _name_in_package(path)
    if dotted is not None:
        return _run(lambda: importlib.import_module(dotted), path, shown)
    code = _compile(path, shown)
    module = ModuleType("claim_file_" + hashlib.sha256(str(path).encode()).hexdigest()[:16])
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # dataclasses in the file look themselves up here
    with _siblings(path.parent):
        return _run(lambda: _execute(code, module), path, shown)


def _name_in_package(path: Path) -> str | None:
    """The import name of a file of the package itself, so that it is not run twice."""
    try:
        parts = path.resolve().relative_to(PACKAGE).with_suffix("").parts
    except ValueError:
        return None
    return ".".join((theory.__name__, *(part for part in parts if part != "__init__")))


def _compile(path: Path, shown: str) -> CodeType:
    try:
        return compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
    except OSError as problem:
        reason = problem.strerror or "unreadable"
        raise Malformed(f"{shown}: expected a readable Python file ({reason})") from None
    except SyntaxError as problem:
        line = f", line {problem.lineno}" if problem.lineno else ""
        raise Malformed(f"{shown}{line}: expected valid Python ({problem.msg})") from None
    except (ValueError, RecursionError, MemoryError) as problem:
        raise Malformed(f"{shown}: expected valid Python ({first_line_of(problem)})") from None


def _execute(code: CodeType, module: ModuleType) -> ModuleType:
    exec(code, vars(module))
    return module


def _run(load: Callable[[], ModuleType], path: Path, shown: str) -> ModuleType:
    """Run the file's code: its output goes to stderr, its exceptions become Malformed."""
    try:
        with redirect_stdout(sys.stderr), time_limit(LOADING_SECONDS):
            return load()
    except KeyboardInterrupt:
        raise
    except OutOfTime:
        reason = f"expected a file that loads within {LOADING_SECONDS:g} s"
        raise Malformed(f"{shown}: {reason}") from None
    except BaseException as problem:
        raise Malformed(where_it_failed(problem, path, shown)) from None


@contextmanager
def _siblings(folder: Path) -> Iterator[None]:
    """Let a file import its neighbours; last on the path, so that they shadow nothing.

    Neighbours are forgotten afterwards: two folders may both have a `helpers.py`.
    """
    before = set(sys.modules)
    sys.path.append(str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            origin = getattr(sys.modules[name], "__file__", None)
            if origin and Path(origin).is_relative_to(folder) and not name.startswith("claim_"):
                del sys.modules[name]
