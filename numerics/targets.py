"""Targets: what a user may name (an id of the library, a file, a folder) as tasks.

>>> select(["no-such-claim"]).errors[0].message
'no-such-claim: expected the id of a claim, a file or a folder'
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from numerics.claim_files import python_files
from numerics.ids import files_that_may_state, files_with_similar
from numerics.library import library, shown_path
from numerics.sentences import did_you_mean
from numerics.tasks import Selection, Task, select_files, unique
from theory.verdicts import Verdict


def select(targets: Sequence[str]) -> Selection:
    """The tasks that the targets name, each claim once; no target is the whole library."""
    if not targets:
        return library()
    parts = [_resolve(target) for target in targets]
    tasks = [task for part in parts for task in part.tasks]
    return unique(tasks, [error for part in parts for error in part.errors])


def _resolve(target: str) -> Selection:
    """One target; what it cannot name becomes an error verdict, never an exception."""
    path = Path(target)
    if _is_python(target):
        return _file(path, target) if path.exists() else _failed(target, _missing(target))
    if named := [task for task in _stated(files_that_may_state(target)) if task.id == target]:
        return Selection(tuple(named))
    if path.is_dir():
        return _folder(path, target)
    return _failed(target, _missing(target))


def _stated(files: Sequence[Path]) -> tuple[Task, ...]:
    return select_files([(path, shown_path(path)) for path in files]).tasks


def _is_python(target: str) -> bool:
    return target.endswith(".py") and not Path(target).is_dir()


def _missing(target: str) -> str:
    if Path(target).exists():
        return "expected a Python file, whose name ends in .py"
    if target.endswith(".py") or os.sep in target:
        return "expected a file or folder that exists"
    close = did_you_mean(target, (task.id for task in _stated(files_with_similar(target))))
    return f"expected the id of a claim, a file or a folder{close}"


def _failed(target: str, expected: str) -> Selection:
    return Selection(errors=(Verdict.error(target, f"{target}: {expected}"),))


def _file(path: Path, shown: str) -> Selection:
    found = select_files([(path, shown)])
    if found.tasks or found.errors:
        return found
    return _failed(shown, "expected at least one module-level Claim, found none")


def _folder(path: Path, shown: str) -> Selection:
    files = [(file, str(file)) for file in python_files(path)]
    found = select_files(files)
    if found.tasks or found.errors:
        return found
    reason = f"none in {len(files)} Python files" if files else "no .py file"
    return _failed(shown, f"expected a folder with at least one claim, found {reason}")
