"""The report: one static HTML page of all verdicts, which opens without a network."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from numerics.describe import Description
from numerics.results import check_writable
from numerics.results import write as write_file
from numerics.table import summary, witness_in_words
from theory.verdicts import Evidence, Verdict

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f6f6f4; padding: .5rem .8rem }
article { border-top: 1px solid #ccc; padding: 1rem 0 }
h2 { font-size: 1.1rem; margin: 0 } small, .source { color: #555 }
.status { font-weight: 600; padding: .1rem .5rem; border-radius: .3rem; color: #fff }
.proved, .certified { background: #1a7f37 } .survived, .undecided { background: #9a6700 }
.vacuous { background: #8250df } .refuted, .error { background: #cf222e }
table { border-collapse: collapse } td { padding: .1rem .8rem .1rem 0 }
"""


def write(
    verdicts: Sequence[Verdict],
    out: Path,
    descriptions: Mapping[str, Description] | None = None,
    version: str = "",
) -> Path:
    """Write `out/index.html` and return its path; Malformed where it cannot be written."""
    page = prepare(out)
    write_file(page, html(verdicts, descriptions or {}, version))
    return page


def prepare(out: Path) -> Path:
    """Make the folder; the page's path, or Malformed before any work is done for it."""
    page = out / "index.html"
    with contextlib.suppress(OSError):  # check_writable says it, in a sentence
        out.mkdir(parents=True, exist_ok=True)
    check_writable(page)
    return page


def html(
    verdicts: Sequence[Verdict], descriptions: Mapping[str, Description], version: str = ""
) -> str:
    """The page as text.  Everything that comes from a claim is escaped."""
    contents = "".join(_row(verdict) for verdict in verdicts)
    articles = "".join(_article(verdict, descriptions.get(verdict.id)) for verdict in verdicts)
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>advsmooth: verdicts</title>\n<style>{STYLE}</style>\n"
        f"<h1>Verdicts</h1>\n<p>{escape(summary(verdicts))}. "
        f"<small>advsmooth {escape(version)}</small></p>\n"
        f"<table>{contents}</table>\n{articles}</html>\n"
    )


def _row(verdict: Verdict) -> str:
    anchor = escape(verdict.id, quote=True)
    return f'<tr><td>{_badge(verdict)}<td><a href="#{anchor}">{escape(verdict.id)}</a></tr>\n'


def _badge(verdict: Verdict | Evidence) -> str:
    status = escape(verdict.status.value, quote=True)
    return f'<span class="status {status}">{status}</span>'


def _article(verdict: Verdict, description: Description | None) -> str:
    title = verdict.title or verdict.id
    parts = [
        f'<article id="{escape(verdict.id, quote=True)}">\n'
        f"<h2>{_badge(verdict)} {escape(title)}</h2>\n"
        f'<p class="source">{escape(verdict.id)} · {escape(verdict.file)} · '
        f"{escape(verdict.source)} · {escape(verdict.domain)} · {verdict.seconds:.2f} s</p>\n"
    ]
    if description is not None:
        parts.append(_block("Statement", [description.statement]))
        parts.append(_block("Hypotheses", description.given))
    if verdict.message:
        parts.append(_block("Error", [verdict.message]))
    if verdict.witness is not None:
        parts.append(_block("Witness", [witness_in_words(verdict.witness)]))
    if verdict.sharpness is not None:
        bound = verdict.sharpness
        parts.append(_block("Sharpness", [f"claimed {bound.claimed}, attained {bound.attained}"]))
    parts += [_evidence(item) for item in verdict.evidence]
    return "".join(parts) + "</article>\n"


def _evidence(item: Evidence) -> str:
    head = f"<p>{_badge(item)} <b>{escape(item.by)}</b>: {escape(item.detail)}</p>\n"
    return head + _block("Steps", [f"{n}. {step}" for n, step in enumerate(item.steps, 1)])


def _block(name: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    return f"<small>{escape(name)}</small>\n<pre>{escape(chr(10).join(lines))}</pre>\n"
