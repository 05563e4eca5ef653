"""One sentence for a user's mistake: which file, which line, what was expected.

>>> first_line_of(ValueError("p = 1/2 at NormBall:\\n   expected p >= 1"))
'p = 1/2 at NormBall: expected p >= 1'
"""

from __future__ import annotations

import difflib
import traceback
from collections.abc import Iterable
from pathlib import Path

import theory

LONGEST = 400


class Malformed(Exception):
    """A file or target that cannot be used; the message is the sentence for the user."""


def first_line_of(problem: BaseException) -> str:
    """The message of an exception on one line of bounded length."""
    try:
        text = " ".join(str(problem).split())
    except Exception:  # an exception class of the user's, whose __str__ itself fails
        text = ""
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def where_it_failed(problem: BaseException, path: Path, shown: str) -> str:
    """The sentence on an exception: the innermost line within the user's own file."""
    line = line_within(problem, path)
    place = f"{shown}, line {line}" if line else shown
    if isinstance(problem, SyntaxError):  # raised by something that the file imports
        return f"{place}: expected an import that is valid Python ({first_line_of(problem)})"
    if isinstance(problem, SystemExit):
        return f"{place}: expected a file that only states claims, but it exits"
    said = f"{type(problem).__name__}: {first_line_of(problem)}".removesuffix(": ")
    said += advice(problem)
    if "expected" in said:
        return f"{place}: {said}"
    return f"{place}: expected a file that runs without an exception, got {said}"


def advice(problem: BaseException) -> str:
    """What the usual slips in a claim file call for; nothing where none is recognised.

    >>> advice(TypeError("cannot determine truth value of Relational: x > 0"))
    ' (expected And(a, b), Or(a, b) or Not(a): and, or, not and if take no relation)'
    """
    if "truth value of Relational" in str(problem):
        return " (expected And(a, b), Or(a, b) or Not(a): and, or, not and if take no relation)"
    if "not subscriptable" in str(problem) and "Vector" in str(problem):
        return " (expected no components: a vector is one object, the same in every dimension)"
    if isinstance(problem, NameError) and problem.name:
        return did_you_mean(problem.name, theory.__all__)
    if isinstance(problem, AttributeError) and problem.name:
        return did_you_mean(problem.name, _public(problem.obj))
    return ""


def _public(thing: object) -> list[str]:
    return [name for name in dir(thing) if not name.startswith("_")]


def line_within(problem: BaseException, path: Path) -> int | None:
    """The number of the innermost line of `path` that the exception passed through."""
    frames = traceback.extract_tb(problem.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    return lines[-1] if lines else None


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """' (did you mean ...?)' for near misses, else nothing."""
    close = close_words(word, words)
    return f" (did you mean {' or '.join(map(repr, close))}?)" if close else ""


def close_words(word: str, words: Iterable[str]) -> list[str]:
    """Up to three words that may have been meant."""
    return difflib.get_close_matches(word, sorted(words), n=3, cutoff=0.5)
