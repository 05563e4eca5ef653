"""advsmooth: verify claims about the smoothness of adversarial losses, from the command line.

Exit status of `verify`: 0 every claim proved or certified; 1 at least one refuted or vacuous;
2 bad usage, an unreadable file or a malformed claim; 3 otherwise; 130 interrupted.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from numerics.tasks import Selection, Task
    from theory.verdicts import Verdict

__version__ = "0.1.0"

INTERRUPTED = 130


class Seconds(click.FloatRange):
    """A positive finite number of seconds."""

    name = "seconds"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        seconds = super().convert(value, param, ctx)
        if not math.isfinite(seconds):
            self.fail(f"{value!r} is not a finite number of seconds.", param, ctx)
        return seconds


class Commands(click.Group):
    """Commands whose mistakes end in one sentence on stderr, never in a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        from numerics.sentences import Malformed

        try:
            return super().invoke(ctx)
        except Malformed as problem:
            click.echo(f"error: {problem}", err=True)
            ctx.exit(2)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(INTERRUPTED)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="advsmooth")
def main() -> None:
    """Verify claims about adversarial losses: prove, certify, or refute with a witness."""


def running(command: Any) -> Any:
    """The options of every command that verifies."""
    for option in (
        click.option("--jobs", type=click.IntRange(1, 512), default=1, help="Worker processes."),
        click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True),
        click.option(
            "--budget",
            type=Seconds(min=0, min_open=True),
            default=60.0,
            show_default=True,
            help="Seconds for each claim.",
        ),
    ):
        command = option(command)
    return command


@main.command()
@click.argument("targets", nargs=-1, metavar="[ID | FILE | FOLDER]...")
@click.option("--json", "json_file", metavar="FILE", help="Also write the result; - is stdout.")
@click.option(
    "--certificates", type=click.Path(path_type=Path), help="Write certificates to this folder."
)
@running
def verify(
    targets: Sequence[str],
    json_file: str | None,
    certificates: Path | None,
    budget: float,
    seed: int,
    jobs: int,
) -> None:
    """Verify claims; without a target, the whole library."""
    from numerics import results, table

    if json_file is not None and json_file != "-":
        results.check_writable(Path(json_file))
    if certificates is not None:
        results.prepare_folder(certificates)
    selection = _select(targets)
    verdicts, interrupted = _reach(selection, budget, seed, jobs)
    table.show_verdicts(verdicts, table.console(stderr=json_file == "-"))
    if json_file is not None:
        _write_json(json_file, results.document(verdicts, seed=seed, version=__version__))
    if certificates is not None:
        _write_certificates(selection, verdicts, certificates)
    if interrupted:
        left = len(selection.tasks) + len(selection.errors) - len(verdicts)
        click.echo(f"interrupted: {left} claims have no verdict", err=True)
    sys.exit(INTERRUPTED if interrupted else results.exit_status(verdicts))


@main.command("list")
def list_claims() -> None:
    """List the claims of the library and the open ones, which have no proof; verifies nothing."""
    from numerics import table
    from numerics.describe import describe
    from numerics.library import known

    selection, inside = known(), {task.id for task in _select([]).tasks}
    parts = ["library" if task.id in inside else "open" for task in selection.tasks]
    claims = [describe(task.claim()) for task in selection.tasks]
    table.console().print(table.claim_table(claims, parts))
    _say_errors(selection.errors)
    sys.exit(2 if selection.errors else 0)


@main.command()
@click.argument("target", metavar="ID")
def show(target: str) -> None:
    """Show a claim: statement, hypotheses, source and derivation."""
    from numerics.describe import derivation, describe
    from numerics.latex import latex
    from numerics.table import one_line

    for task in _one_target(target):
        claim = task.claim()
        parts = describe(claim)
        click.echo(f"{parts.id}: {one_line(parts.title)}\n")
        click.echo(f"source      {one_line(parts.source)}\nfile        {task.shown}")
        click.echo(f"dimensions  {parts.dimensions}\nkind        {parts.kind or '-'}")
        for name in ("given", "lemmas", "assumptions"):
            for text in getattr(parts, name):
                click.echo(f"{name:<11} {text}")
        click.echo(f"holds       {parts.statement}\nLaTeX       {latex(claim.holds)}")
        for step in derivation(task):
            click.echo(f"  {step}")


@main.command()
@click.argument("target", metavar="ID | FILE")
@running
def sharpen(target: str, budget: float, seed: int, jobs: int) -> None:
    """Search for a better constant, or a point that shows there is none."""
    from numerics.optional import find

    improve = find("numerics.sharpen", "sharpen", "sharpen")
    for task in _one_target(target):
        found = improve(task.claim(), budget=budget, seed=seed)
        click.echo(found)
        if found.interrupted:
            sys.exit(INTERRUPTED)


@main.command()
@click.argument("certificates", nargs=-1, required=True, metavar="CERTIFICATE...")
def check(certificates: Sequence[str]) -> None:
    """Check certificates by two programs that share no code with their maker or each other.

    Exit status: 0 all accepted, 1 at least one rejected, 2 at least one is no certificate.
    """
    from numerics.certificates.checking import check as examine
    from numerics.sentences import Malformed

    worst = 0
    for name in certificates:
        try:
            outcome = examine(Path(name))
        except Malformed as problem:
            click.echo(f"error: {problem}", err=True)
            worst = 2
            continue
        for line in outcome.lines():
            click.echo(line)
        worst = max(worst, 0 if outcome.accepted else 1)
    sys.exit(worst)


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default="figures")
@click.option("--recompute", is_flag=True, help="Compute the records again.")
def figures(names: Sequence[str], out: Path, recompute: bool) -> None:
    """Draw the figures and tables of the paper; without a name, all of them."""
    from numerics.optional import find

    def left_out(sentence: str) -> None:
        click.echo(f"note: {sentence}", err=True)

    draw = find("paper_figures", "draw", "figures")
    for path in _user(draw, list(names), out, recompute, left_out=left_out) or ():
        click.echo(path)


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--device", type=click.Choice(["cpu", "cuda"]), default="cpu", show_default=True)
@click.option("--data", default="digits", show_default=True, metavar="digits|PATH")
@click.option("--scale", type=click.Choice(["small", "full"]), default="small", show_default=True)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default="experiments",
    show_default=True,
    help="Records, and results of parts for --resume.",
)
@click.option("--jobs", type=click.IntRange(1, 512), default=2, show_default=True)
@click.option("--resume", is_flag=True, help="Take up finished parts of the same code.")
@click.option("--keep", is_flag=True, help="Also replace the records that figures are drawn from.")
def experiment(names: Sequence[str], out: Path, **options: Any) -> None:
    """Run experiments on deep networks, by name or number; without a name, all of them."""
    from numerics.optional import find

    run = find("numerics.deep.run", "run", "experiment")
    try:
        for line in run(names, out=out, **options):
            click.echo(line)
    except KeyboardInterrupt:
        click.echo(f"interrupted: finished parts are in {out}, --resume goes on", err=True)
        sys.exit(INTERRUPTED)


@main.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default="report")
@click.option("--from", "json_file", type=click.Path(path_type=Path), help="Take these verdicts.")
@running
def report(out: Path, json_file: Path | None, budget: float, seed: int, jobs: int) -> None:
    """Write a page of all verdicts of the library, or of a JSON result."""
    from numerics import report, results
    from numerics.describe import describe
    from numerics.library import library

    report.prepare(out)
    interrupted = False
    if json_file is not None:
        verdicts = results.read_results(json_file)
    else:
        verdicts, interrupted = _reach(_select([]), budget, seed, jobs)
    descriptions = {task.id: describe(task.claim()) for task in library().tasks}
    click.echo(report.write(verdicts, out, descriptions, __version__))
    sys.exit(INTERRUPTED if interrupted else 0)


def _select(targets: Sequence[str]) -> Selection:
    from numerics.sentences import Malformed
    from numerics.targets import select

    selection = select(targets)
    if not targets and not selection.tasks and not selection.errors:
        raise Malformed("the library: expected at least one claim, found none")
    return selection


def _one_target(target: str) -> Sequence[Task]:
    """The claims of one target, all of it well formed."""
    from numerics.sentences import Malformed

    selection = _select([target])
    if selection.errors:
        raise Malformed(selection.errors[0].message)
    return selection.tasks


def _reach(selection: Selection, budget: float, seed: int, jobs: int) -> tuple[list[Verdict], bool]:
    """The verdicts in the order of the tasks, errors last; and whether Ctrl-C came before all."""
    from numerics import session, table
    from numerics.optional import find

    if selection.tasks:
        find("numerics.verify", "verify", "verify")
    _say_errors(selection.errors)
    reached: dict[str, Verdict] = {}
    interrupted = False
    try:
        with table.progress(len(selection.tasks)) as advance:

            def keep(task: Task, verdict: Verdict) -> None:
                reached[task.id] = verdict
                advance(verdict)

            session.run(selection.tasks, budget=budget, seed=seed, jobs=jobs, report=keep)
    except KeyboardInterrupt:
        interrupted = True
    done = [reached[task.id] for task in selection.tasks if task.id in reached]
    _say_errors(done)
    return [*done, *selection.errors], interrupted


def _say_errors(verdicts: Sequence[Verdict]) -> None:
    for verdict in verdicts:
        if verdict.message:
            click.echo(f"error: {verdict.message}", err=True)


def _write_json(name: str, document: dict[str, Any]) -> None:
    from numerics import results

    text = results.as_text(document)
    if name == "-":
        click.echo(text, nl=False)
    else:
        results.write(Path(name), text)


def _write_certificates(selection: Selection, verdicts: Sequence[Verdict], folder: Path) -> None:
    from numerics.certificates.envelope import write

    claims = {task.id: task.claim() for task in selection.tasks}
    written = [write(claims[v.id], v, folder) for v in verdicts if v.id in claims]
    count = len([path for path in written if path is not None])
    click.echo(f"{count} certificates in {folder}", err=True)


def _user(work: Any, *args: Any, **options: Any) -> Any:
    """Run work on what the user gave; a ValueError or OSError from it is the user's sentence."""
    from numerics.sentences import Malformed, first_line_of

    try:
        return work(*args, **options)
    except (OSError, ValueError) as problem:
        raise Malformed(first_line_of(problem)) from problem


if __name__ == "__main__":
    main()
