"""Tasks: claims named by file and variable, so that any process can load them again.

A claim itself may hold functions and cannot travel between processes; a task can.

>>> select_files([]).tasks
()
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from numerics.claim_files import Loaded, read_file
from theory.adversarial_loss import AdversarialLoss
from theory.claims import Claim
from theory.verdicts import Verdict


@dataclass(frozen=True)
class Task:
    """One claim to verify: where it is stated, under which variable, with which id."""

    path: Path
    shown: str
    name: str
    id: str

    def claim(self) -> Claim:
        return read_file(self.path, self.shown).claims[self.name]

    def about(self) -> tuple[AdversarialLoss, ...]:
        """The losses whose derivation belongs to the claim: those it names, or its file's."""
        return self.claim().about or read_file(self.path, self.shown).losses


@dataclass(frozen=True)
class Selection:
    """What some files came to, in order: tasks to run, and error verdicts on the rest."""

    tasks: tuple[Task, ...] = ()
    errors: tuple[Verdict, ...] = ()


def select_files(files: Iterable[tuple[Path, str]]) -> Selection:
    """The claims of the files, each given as its path and the path to show in messages."""
    loaded = [read_file(path.resolve(), shown) for path, shown in files]
    tasks = [task for file in loaded for task in _tasks(file)]
    return unique(tasks, [error for file in loaded for error in file.errors])


def unique(tasks: Iterable[Task], errors: Iterable[Verdict]) -> Selection:
    """An id answers for one claim: a second claim of that id is an error, the first stands."""
    first: dict[str, Task] = {}
    problems = {(error.file, error.message): error for error in errors}
    for task in tasks:
        other = first.setdefault(task.id, task)
        if not _same(other, task):
            error = _duplicate(task, other)
            problems[error.file, error.message] = error
    return Selection(tuple(first.values()), tuple(problems.values()))


def _tasks(file: Loaded) -> list[Task]:
    return [Task(file.path, file.shown, name, claim.id) for name, claim in file.claims.items()]


def _same(one: Task, other: Task) -> bool:
    """The same claim met twice: by two targets, or by a file that imports another's."""
    if (one.path, one.name) == (other.path, other.name):
        return True
    return one.claim() is other.claim() or is_imported(one) or is_imported(other)


def _duplicate(task: Task, other: Task) -> Verdict:
    message = (
        f"{task.shown}, line {line_of(task)}: expected an id of its own, "
        f"but {task.id!r} is taken in {other.shown}, line {line_of(other)}"
    )
    return Verdict.error(task.shown, message, id=task.id)


def line_of(task: Task) -> int:
    """The line that binds the claim's variable; 1 where it is bound in no plain way."""
    lines = [
        node.lineno
        for node in _nodes(task)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == task.name
    ]
    return lines[-1] if lines else 1


def is_imported(task: Task) -> bool:
    """Whether the file has the claim from another file rather than stating it."""
    imports = [node for node in _nodes(task) if isinstance(node, ast.ImportFrom)]
    names = {alias.asname or alias.name for node in imports for alias in node.names}
    return task.name in names or "*" in names


def _nodes(task: Task) -> Sequence[ast.AST]:
    return list(ast.walk(ast.parse(task.path.read_bytes())))
