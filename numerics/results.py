"""The result of a run: its exit status, its JSON document, its file on disk.

>>> exit_status([])
3
>>> document([], seed=0, version="0.1.0")
{'schema': 1, 'version': '0.1.0', 'seed': 0, 'results': []}
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from numerics.sentences import Malformed
from theory.checked_json import Checked, read
from theory.verdicts import Status, Verdict

SCHEMA = 1
LARGEST_FILE = 200_000_000
GOOD = frozenset({Status.PROVED, Status.CERTIFIED})
BAD = frozenset({Status.REFUTED, Status.VACUOUS})


def exit_status(verdicts: Iterable[Verdict]) -> int:
    """0 all proved or certified; 2 an error; 1 a refuted or vacuous one; 3 otherwise."""
    seen = {verdict.status for verdict in verdicts}
    if Status.ERROR in seen:
        return 2
    if seen & BAD:
        return 1
    return 0 if seen and seen <= GOOD else 3


def document(verdicts: Sequence[Verdict], *, seed: int, version: str) -> dict[str, Any]:
    """The whole run in JSON's own types."""
    results = [verdict.to_json() for verdict in verdicts]
    return {"schema": SCHEMA, "version": version, "seed": seed, "results": results}


def as_text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def read_results(path: Path) -> list[Verdict]:
    """The verdicts of a JSON document; Malformed with one sentence where it is not one."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ValueError(f"expected at most {LARGEST_FILE} bytes")
        fields = Checked(read(path.read_bytes(), "results"), "results")
        if fields.count("schema") != SCHEMA:
            raise ValueError(f"expected schema {SCHEMA}, got {fields.count('schema')}")
        return [Verdict.from_json(item) for item in fields.items("results")]
    except OSError as problem:
        raise Malformed(f"{path}: expected a readable file ({problem.strerror})") from None
    except ValueError as problem:
        raise Malformed(f"{path}: {problem}") from None


def prepare_folder(folder: Path) -> None:
    """Make the folder; Malformed unless files can be written to it."""
    with contextlib.suppress(OSError):  # check_writable says it, in a sentence
        folder.mkdir(parents=True, exist_ok=True)
    check_writable(folder / "certificate.json")


def check_writable(path: Path) -> None:
    """Malformed unless `write` will succeed: found out before the work, not after it."""
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise Malformed(f"{path}: expected a file to write to, got a folder")
    if target.exists() and not os.access(target, os.W_OK):
        raise Malformed(f"{path}: expected a writable file")
    if _replaceable(target):
        try:
            _create_beside(target).unlink()
        except OSError as problem:
            reason = f"expected a folder that can be written to ({problem.strerror})"
            raise Malformed(f"{path}: {reason}") from None


def write(path: Path, text: str) -> None:
    """All of the text or nothing of it: written beside the file, then put in its place."""
    target = Path(os.path.realpath(path))
    if not _replaceable(target):  # a pipe or a device is written to, never replaced
        target.write_text(text, encoding="utf-8")
        return
    beside = _create_beside(target)
    try:
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, target)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def _replaceable(target: Path) -> bool:
    return target.is_file() or not target.exists()


def _create_beside(target: Path) -> Path:
    """A new empty file in the target's folder, with the permissions the user's mask gives."""
    beside = target.with_name(f".{secrets.token_hex(8)}.tmp")
    beside.touch(exist_ok=False)
    return beside
