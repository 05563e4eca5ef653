"""``python -m numerics.certificates.arb FILE...``: one line a file.

Exit status: 0 all accepted, 1 one rejected, 2 one malformed or unreadable.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from numerics.certificates.arb import Malformed, check


def main(paths: Sequence[str] | None = None) -> int:
    """Check every file and report on each."""
    names = sys.argv[1:] if paths is None else list(paths)
    if not names:
        sys.stderr.write("usage: python -m numerics.certificates.arb FILE..." + "\n")
        return 2
    return max(_report(name) for name in names)


def _report(name: str) -> int:
    try:
        outcome = check(Path(name))
    except Malformed as reason:
        sys.stdout.write(f"{name}: malformed: {reason}" + "\n")
        return 2
    sys.stdout.write(f"{name}: {'accepted: ' if outcome.accepted else ''}{outcome.sentence}" + "\n")
    for fact in outcome.facts:
        sys.stdout.write(f"  {fact}" + "\n")
    return 0 if outcome.accepted else 1


if __name__ == "__main__":
    sys.exit(main())
