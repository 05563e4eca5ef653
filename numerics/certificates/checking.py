"""Check a certificate with two programs that share no code with its maker or each other.

Accepted is what both accept; a recorded proof is in addition run again by the provers.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numerics.sentences import Malformed

MAX_BYTES = 64 << 20
WORDS = {"box": "certified", "witness": "refuted", "proof": "proved"}


@dataclass(frozen=True)
class Checked:
    """What became of one certificate: a sentence, and what each program said."""

    path: Path
    accepted: bool
    sentence: str
    details: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """What a reader sees: the outcome, and what an acceptance rests on."""
        word = "accepted" if self.accepted else "rejected"
        details = (f"  {item}" for item in self.details)
        return [f"{_printable(str(self.path))}: {word}: {self.sentence}", *details]


def check(path: Path) -> Checked:
    """The outcome of all checks; Malformed with one sentence where the file is no certificate."""
    with _copy(path) as copy:
        return _checked(path, copy)


@contextmanager
def _copy(path: Path) -> Iterator[Path]:
    """A copy that nobody else writes to: all programs see the same bytes."""
    data = _bytes(path)
    with tempfile.TemporaryDirectory(prefix="advsmooth-") as folder:
        copy = Path(folder) / "certificate.json"
        copy.write_bytes(data)
        yield copy


def _bytes(path: Path) -> bytes:
    """The content of a plain file; a pipe or a device could keep us waiting forever."""
    where, flags = _printable(str(path)), getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, os.O_RDONLY | flags)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise Malformed(f"{where}: expected a file, not a folder, pipe or device")
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                data = file.read(MAX_BYTES + 1)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "not a path"
        raise Malformed(f"{where}: expected a readable certificate ({reason})") from None
    if len(data) > MAX_BYTES:
        raise Malformed(f"{where}: expected a file of at most {MAX_BYTES >> 20} MiB")
    return data


def _checked(path: Path, copy: Path) -> Checked:
    from numerics.certificates import arb, decimals

    details: list[str] = []
    for name, program in (("Arb", arb), ("decimal", decimals)):
        try:
            outcome = program.check(copy, replay=True)
        except (arb.Malformed, decimals.Malformed) as problem:
            raise Malformed(f"{_printable(str(path))}: {problem}") from None
        except Exception as problem:  # a program that breaks has accepted nothing
            return Checked(path, False, f"{name}: the program failed ({type(problem).__name__})")
        if not outcome.accepted:
            return Checked(path, False, f"{name}: {_bare(outcome.sentence)}")
        details += [f"{name}: {_bare(outcome.sentence)}", *(f"  {f}" for f in outcome.facts)]
    return _with_replay(path, json.loads(copy.read_bytes()), tuple(details))


def _with_replay(path: Path, tree: dict[str, Any], details: tuple[str, ...]) -> Checked:
    """Both programs have found the certificate in order; the provers have the last word."""
    if tree["kind"] == "proof":
        from numerics.certificates.replay import replayed

        accepted, said = replayed(tree)
        if not accepted:
            return Checked(path, False, f"provers: {said}")
        details = (*details, f"provers: {said}")
    assumed = [f"assumed, not checked: {_printable(text)}" for text in tree["assumptions"]]
    claimed = f"{_printable(tree['statement']['id'])} is {WORDS[tree['kind']]}"
    return Checked(path, True, claimed, (*details, *assumed))


def _bare(sentence: str) -> str:
    """Without the word that stands before it already."""
    return sentence.removeprefix("accepted: ").removeprefix("rejected: ")


def _printable(text: str) -> str:
    """A stranger's text on one line, without what a terminal would obey."""
    plain = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return plain if len(plain) <= 400 else plain[:397] + "..."
