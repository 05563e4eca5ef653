"""Run the whole corpus: `python -m tests.corpus [--jobs N] [--budget S] [--json FILE]`.

Exit status 0: no wrong verdict, every false claim refuted by a confirmed witness, every empty one
reported, every malformed file refused, and at least 95 % of the true claims proved.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median

import click
from rich.table import Table

from numerics import session, table
from tests.corpus.scores import KEPT, MISSED, WRONG, Score, score
from tests.corpus.traps import claims, malformed, refusal

FLOOR = 0.95  # of the claims that must be proved
SLOWEST = 10


@click.command()
@click.argument("ids", nargs=-1)
@click.option("--jobs", type=click.IntRange(1, 512), default=1, show_default=True)
@click.option("--budget", type=click.FloatRange(0, min_open=True), default=60.0, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Also write the scores.")
def main(ids: Sequence[str], jobs: int, budget: float, seed: int, json_file: Path | None) -> None:
    """Verify every trap, or those named by id or file, and compare with the contracts."""
    start = time.monotonic()
    scores = [*of_claims(ids, jobs, budget, seed), *(of_files() if not ids else ())]
    say(scores, time.monotonic() - start)
    if json_file is not None:
        json_file.write_text(json.dumps([asdict(s) for s in scores], indent=1) + "\n", "utf-8")
    sys.exit(0 if is_good(scores) else 1)


def of_claims(ids: Sequence[str], jobs: int, budget: float, seed: int) -> list[Score]:
    """The scores of the claims; a claim file that does not load is wrong."""
    found = claims()
    tasks = [t for t in found.tasks if not ids or {t.id, t.shown, Path(t.shown).stem} & set(ids)]
    with table.progress(len(tasks)) as advance:
        verdicts = session.run(
            tasks, budget=budget, seed=seed, jobs=jobs, report=lambda task, v: advance(v)
        )
    errors = [
        Score(e.id, e.file, "claim file", "error", WRONG, 0.0, e.message or "")
        for e in found.errors
    ]
    return [*map(score, tasks, verdicts), *errors]


def of_files() -> list[Score]:
    """The scores of the malformed files."""
    said = {path: refusal(path) for path in malformed()}
    return [
        Score(path.stem, path.name, "malformed", "error", WRONG if note else KEPT, 0.0, note)
        for path, note in said.items()
    ]


def is_good(scores: Sequence[Score]) -> bool:
    """No wrong verdict, no miss but among the true claims, and few of those."""
    missed = [s for s in scores if s.mark == MISSED]
    others = any(s.contract != "prove" for s in missed)
    return not any(s.mark == WRONG for s in scores) and not others and share(scores) >= FLOOR


def share(scores: Sequence[Score]) -> float:
    """The share of the claims that must be proved and were."""
    asked = [s for s in scores if s.contract == "prove"]
    return sum(s.mark == KEPT for s in asked) / max(1, len(asked))


def say(scores: Sequence[Score], elapsed: float) -> None:
    """The counts, the deviations, and where the time went."""
    screen = table.console()
    screen.print(counts(scores))
    for mark in (WRONG, MISSED):
        for s in scores:
            if s.mark == mark:
                screen.print(f"{mark}  {s.file}  {s.id}  {s.contract}: {s.status}  {s.note}")
    seconds = [s.seconds for s in scores if s.contract != "malformed"] or [0.0]
    screen.print(f"{share(scores):.1%} of the true claims proved")
    spent = f"median {median(seconds):.2f} s, sum {sum(seconds):.0f} s, elapsed {elapsed:.0f} s"
    screen.print(f"{spent}; slowest:")
    for s in sorted(scores, key=lambda s: -s.seconds)[:SLOWEST]:
        screen.print(f"{s.seconds:8.2f} s  {s.status:<10} {s.id}")


def counts(scores: Sequence[Score]) -> Table:
    """One row a contract: how many there are, how they ended, and how they compare."""
    result = Table("contract", "claims", KEPT, MISSED, WRONG, "verdicts", box=None)
    for contract in dict.fromkeys(s.contract for s in scores):
        group = [s for s in scores if s.contract == contract]
        marks = Counter(s.mark for s in group)
        ends = ", ".join(f"{n} {status}" for status, n in Counter(s.status for s in group).items())
        result.add_row(
            contract, str(len(group)), *(str(marks[m]) for m in (KEPT, MISSED, WRONG)), ends
        )
    return result


if __name__ == "__main__":
    main()
