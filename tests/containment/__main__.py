"""``python -m tests.containment --count 1000000``: print the count and the violations."""

from __future__ import annotations

import argparse
import sys
import time

from tests.containment import enclosures, kernel


def main(arguments: list[str] | None = None) -> int:
    """Exit status 1 where a violation was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.containment", description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="tests of the float intervals")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    found = 0
    for title, run, count in (
        ("float intervals against balls of 212 bits", kernel.run, options.count),
        ("theory.enclosure against balls of 512 bits", enclosures.run, options.count // 20),
    ):
        start = time.monotonic()
        tally = run(count, options.seed)
        found += (bad := tally.violations.total())
        print(f"{title}: {tally.count} tests, {bad} violations, {time.monotonic() - start:.1f} s")
        print(
            f"  among them {tally.empty} empty, {tally.nan} NaN, {tally.undefined} undefined, "
            f"{tally.beyond} too large for balls"
        )
        for line in tally.examples:
            print(f"  {line}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
