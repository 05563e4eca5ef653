"""`advsmooth experiment`: the named experiments, one after the other, each with its record.

A record is written to OUT/NAME.json when the experiment is complete; ``keep`` also puts it where
figures look for it. Results of parts stay in OUT/parts, for ``resume``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from numerics.deep import device as devices
from numerics.deep import record
from numerics.deep.experiment import Advance, Context, execute, load, settings_of
from numerics.deep.record import RECORDS, Record
from numerics.pool import Workers
from numerics.results import prepare_folder
from numerics.sentences import Malformed, did_you_mean, first_line_of
from numerics.table import console, one_line


def run(
    names: Sequence[str],
    *,
    device: str = "cpu",
    data: str = "digits",
    scale: str = "small",
    out: Path = Path("experiments"),
    jobs: int = 2,
    resume: bool = False,
    keep: bool = False,
) -> Iterator[str]:
    """Lines for the terminal; Malformed, at once, for what cannot be run."""
    experiments = chosen(names)
    devices.found(device)
    for name in experiments:
        if keep and settings_of(name, scale, data) != record.scales(name)["small"]:
            raise Malformed("--keep: expected --scale small and the data that figures show")
    prepare_folder(out)
    return _lines(experiments, device, data, scale, out, jobs, resume, keep)


def _lines(
    experiments: Sequence[str],
    device: str,
    data: str,
    scale: str,
    out: Path,
    jobs: int,
    resume: bool,
    keep: bool,
) -> Iterator[str]:
    failures: list[str] = []
    with Workers(jobs) as workers:
        for name in experiments:
            with _progress(name) as advance:
                context = Context(name, device, data, jobs, out, resume, advance, workers=workers)
                try:
                    done = execute(name, scale, context)
                except (Malformed, ValueError, OSError) as problem:
                    failures.append(first_line_of(problem))
                    continue
            for path in [out / f"{name}.json", *([RECORDS / f"{name}.json"] if keep else [])]:
                done.write(path)
            yield from shown(done)
            yield f"record: {out / f'{name}.json'}\n"
    if failures:
        kept = f"; what was finished is in {out / 'parts'}, --resume goes on from there"
        raise Malformed("; ".join(failures) + kept)


def chosen(names: Sequence[str]) -> list[str]:
    """File names of experiments, all without a name; E1, E2, ... are names as well.

    >>> chosen(["e1", "linear_models"])
    ['linear_models']
    """
    known = {name: name for name in record.names()}
    numbers = {record.number(name).upper(): name for name in known}
    for name in names:
        if name not in known and name.upper() not in numbers:
            near = did_you_mean(name, [*known, *numbers])
            listed = ", ".join(f"{n} ({numbers[n]})" for n in sorted(numbers))
            raise Malformed(f"experiment {name!r}: expected one of {listed}{near}")
    asked = [known.get(name) or numbers[name.upper()] for name in names]
    return list(dict.fromkeys(asked or [numbers[n] for n in sorted(numbers)]))


def shown(done: Record) -> Iterator[str]:
    """The question, the table and the finding, as in the record."""
    module = load(done.experiment)
    header, rows = module.summary(done.numbers)
    where = done.provenance
    yield f"{module.NUMBER} {done.experiment}: {one_line(module.QUESTION)}"
    yield ""
    yield from table(header, rows)
    yield ""
    yield f"{done.finding['verdict']}: {one_line(done.finding['sentence'])}"
    yield f"{done.scale} scale, {where['device']}, torch {where['torch']}, in {where['seconds']} s"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns as wide as their longest cell, the first to the left, the others to the right.

    >>> table(["attack", "ratio"], [["L2", "0.31"]])
    ['attack  ratio', 'L2       0.31']
    """
    lines = [[one_line(str(cell)) for cell in line] for line in (header, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return ["  ".join(_cells(line, widths)).rstrip() for line in lines]


def _cells(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    first, *others = zip(line, widths, strict=True)
    return [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]


@contextmanager
def _progress(name: str) -> Iterator[Advance]:
    """A bar on stderr that shows the part finished last; nothing where there is no terminal."""
    screen = console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[last]}"),
    )
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task(name, total=None, last="")

        def advance(done: int, total: int, label: str) -> None:
            bar.update(task, completed=done, total=total, last=one_line(label))

        yield advance
