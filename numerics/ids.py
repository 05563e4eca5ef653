"""Which library file may state a claim of a given id, read from the text: nothing is executed.

An id is written as a string or as an f-string; the blanks of an f-string match anything, and a
file whose ids are computed in another way may state any id.

>>> "attack_l2" in {path.stem for path in files_that_may_state("l2-attack-optimal")}
True
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from numerics.library import OPEN, theorem_files
from numerics.sentences import close_words

ANYTHING = ".*"


def files_that_may_state(id: str) -> list[Path]:
    """The files of the library and of the open claims that may hold the id."""
    return [path for path in _files() if any(re.fullmatch(p, id) for p in patterns(path))]


def files_with_similar(id: str) -> list[Path]:
    """The files with an id that looks like this one."""
    spelled = {re.sub(r"\.\*|\\", "", p): path for path in _files() for p in patterns(path)}
    return sorted({spelled[word] for word in close_words(id, spelled)})


@cache
def patterns(path: Path) -> tuple[str, ...]:
    """A regular expression for each `id=` of the file."""
    return tuple(dict.fromkeys(_pattern(value) for value in _ids(ast.parse(path.read_bytes()))))


def _files() -> list[Path]:
    return [*theorem_files(), *theorem_files(OPEN)]


def _ids(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from (k.value for k in node.keywords if k.arg == "id")


def _pattern(value: ast.expr) -> str:
    if isinstance(value, ast.Constant):
        return re.escape(str(value.value))
    if isinstance(value, ast.JoinedStr):
        return "".join(_parts(value.values))
    return ANYTHING


def _parts(values: Iterable[ast.expr]) -> Iterator[str]:
    for part in values:
        yield re.escape(str(part.value)) if isinstance(part, ast.Constant) else ANYTHING
