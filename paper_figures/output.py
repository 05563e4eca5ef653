"""All files of a figure, each written beside its place and then moved there."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path


def check_folder(out: Path) -> None:
    """Make the folder; OSError in one sentence where it cannot be made or written to."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = _beside(out)
        probe.touch(exist_ok=False)
        probe.unlink()
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise type(problem)(f"{out}: expected a folder that can be written to ({reason})") from None


def write_all(out: Path, name: str, contents: Mapping[str, bytes]) -> tuple[Path, ...]:
    """NAME.kind for every kind; no file is ever seen half-written."""
    waiting: dict[Path, Path] = {}
    try:
        for kind, content in contents.items():
            beside = waiting[out / f"{name}.{kind}"] = _beside(out)
            beside.write_bytes(content)
        for place, beside in waiting.items():
            os.replace(beside, place)
    finally:
        for beside in waiting.values():
            with contextlib.suppress(OSError):
                beside.unlink()
    return tuple(waiting)


def _beside(out: Path) -> Path:
    return out / f".{secrets.token_hex(8)}.tmp"
