"""What the terminal shows of a run: progress, one line a verdict, and what needs a sentence.

Colour and progress only on a terminal; in a pipe every verdict is one line of any length.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from numerics.describe import Description
from theory.verdicts import Status, Verdict, Witness

WIDE = 100_000
STYLES = {
    Status.PROVED: "green",
    Status.CERTIFIED: "green",
    Status.SURVIVED: "yellow",
    Status.UNDECIDED: "yellow",
    Status.VACUOUS: "magenta",
    Status.REFUTED: "bold red",
    Status.ERROR: "bold red",
}


def console(stderr: bool = False) -> Console:
    """A console that folds lines on a terminal only."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else WIDE
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


@contextmanager
def progress(total: int) -> Iterator[Callable[[Verdict], None]]:
    """A bar on stderr, which the yielded function moves on; nothing where there is no terminal."""
    screen = console(stderr=True)
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[last]}"),
    )
    hidden = not screen.is_terminal
    with Progress(*columns, console=screen, transient=True, disable=hidden) as bar:
        task = bar.add_task("verify", total=total, last="")
        yield lambda verdict: bar.update(task, advance=1, last=one_line(verdict.id))


def show_verdicts(verdicts: Sequence[Verdict], screen: Console) -> None:
    """The table, the witnesses and reasons below it, and the summary."""
    if verdicts:
        screen.print(verdict_table(verdicts))
    for verdict in verdicts:
        if text := note(verdict):
            screen.print(Text(text), soft_wrap=True)
    screen.print(Text(summary(verdicts)))


def verdict_table(verdicts: Sequence[Verdict]) -> Table:
    table = _table("status", "id", "domain", "sharpness")
    table.add_column("seconds", justify="right", no_wrap=True)
    for verdict in verdicts:
        table.add_row(
            Text(verdict.status.value, style=STYLES[verdict.status]),
            one_line(verdict.id),
            one_line(verdict.domain),
            attained(verdict),
            f"{verdict.seconds:.2f}",
        )
    return table


def claim_table(claims: Sequence[Description], parts: Sequence[str]) -> Table:
    """All claims at a glance: id, library or open, kind of bound, title, source."""
    table = _table("id", "part", "kind", "title", "source")
    for claim, part in zip(claims, parts, strict=True):
        table.add_row(*map(one_line, (claim.id, part, claim.kind, claim.title, claim.source)))
    return table


def _table(*headers: str) -> Table:
    """Ids and statuses are never cut; on a narrow terminal the other columns are."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for header in headers:
        shortest = 8 if header in ("status", "id") else None
        table.add_column(header, no_wrap=True, overflow="ellipsis", min_width=shortest)
    return table


def attained(verdict: Verdict) -> str:
    sharpness = verdict.sharpness
    if sharpness is None or sharpness.attained is None:
        return "-"
    return f"{sharpness.attained:.4g}"


def note(verdict: Verdict) -> str:
    """The sentence that a verdict needs besides its line; nothing for good news."""
    if verdict.status is Status.ERROR:
        return ""  # said on stderr, where errors belong
    if verdict.witness is not None:
        return f"{one_line(verdict.id)}: {verdict.status.value} {witness_in_words(verdict.witness)}"
    if verdict.status in (Status.PROVED, Status.CERTIFIED, Status.SURVIVED):
        return ""
    reasons = [f"{item.by}: {item.detail}" for item in verdict.evidence]
    said = one_line("; ".join(reasons)) or "no evidence"
    return f"{one_line(verdict.id)}: {verdict.status.value} ({said})"


def witness_in_words(witness: Witness) -> str:
    """`at d = 2, theta = (1/2, -3), y = -1: lhs = 1.25, rhs = 1.0`."""
    unknowns = _assignments(witness.unknowns or {})
    point = [f"d = {witness.dimension}", *unknowns, *_assignments(witness.values)]
    facts = [
        f"{name} = {_shown(value)}"
        for name in ("h", "lhs", "rhs", "left", "right")
        if (value := getattr(witness, name)) is not None
    ]
    if witness.path is not None:
        along = ", ".join(_assignments(witness.path))
        facts += [f"along {along} the ratio tends to {witness.limit} as t -> 0+"]
    text = "at " + ", ".join(point) + (": " + ", ".join(facts) if facts else "")
    return one_line(text)


def _assignments(values: object) -> list[str]:
    return [f"{name} = {_shown(value)}" for name, value in dict(values).items()]  # type: ignore[call-overload]


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else "(" + ", ".join(_shown(v) for v in value) + ")"


def summary(verdicts: Sequence[Verdict]) -> str:
    """
    >>> summary([])
    '0 claims'
    """
    counts = Counter(verdict.status for verdict in verdicts)
    words = [f"{counts[status]} {status.value}" for status in Status if counts[status]]
    claims = f"{len(verdicts)} claim" + ("" if len(verdicts) == 1 else "s")
    seconds = sum(verdict.seconds for verdict in verdicts)
    return f"{claims}: {', '.join(words)}, in {seconds:.1f} s" if words else claims


def one_line(text: str) -> str:
    """Printable characters on one line: a title may hold anything, a terminal obeys codes."""
    return "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))
