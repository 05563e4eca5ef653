"""Check certificates from the command line: 0 accepted, 1 one rejected, 2 one unreadable."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from numerics.certificates.decimals import Malformed, check

USAGE = "usage: python -m numerics.certificates.decimals FILE..."


def main(arguments: Sequence[str] | None = None) -> int:
    """The worst answer among the files decides the exit status."""
    files = list(sys.argv[1:] if arguments is None else arguments)
    if not files or any(f in ("-h", "--help") for f in files):
        sys.stdout.write(USAGE + "\n")
        return 0 if files else 2
    return max(_check(f) for f in files)


def _check(file: str) -> int:
    try:
        outcome = check(Path(file))
    except Malformed as reason:
        _say(f"{file}: malformed: {reason}")
        return 2
    _say(f"{file}: {outcome.sentence}")
    for fact in outcome.facts:
        _say(f"    {fact}")
    return 0 if outcome.accepted else 1


def _say(line: str) -> None:
    """Plain ASCII, because a file may hold characters that no terminal shows."""
    sys.stdout.write(line.encode("ascii", "backslashreplace").decode("ascii") + "\n")


if __name__ == "__main__":
    sys.exit(main())
