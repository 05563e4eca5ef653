"""Draw figures: compute or read the record, ask for the verdicts, write everything or nothing."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from paper_figures.caption import full_caption
from paper_figures.catalogue import chosen, is_of_experiment
from paper_figures.experiment_record import NotRecorded, recorded
from paper_figures.output import check_folder, write_all
from paper_figures.record import Record, obtain
from paper_figures.style import style
from paper_figures.verdicts import Verdicts

# Without a date and a program's name the same data gives the same bytes.
METADATA: Mapping[str, Mapping[str, Any]] = {
    "pdf": {"CreationDate": None, "ModDate": None},
    "svg": {"Date": None},
    "png": {"Software": None},
}
RESOLUTION = 300


@dataclass(frozen=True)
class FigureResult:
    """One figure on disk; printed as its folder, name and kinds of file."""

    name: str
    files: tuple[Path, ...]
    caption: str
    verdicts: Mapping[str, str]
    recomputed: bool
    seconds: float

    def __str__(self) -> str:
        kinds = ",".join(path.suffix.removeprefix(".") for path in self.files)
        return f"{self.files[0].with_suffix('')}.{{{kinds}}}"


def draw(
    names: Sequence[str],
    out: Path,
    recompute: bool = False,
    progress: Callable[[FigureResult], None] = lambda result: None,
    left_out: Callable[[str], None] = lambda sentence: None,
) -> list[FigureResult]:
    """Draw the named figures, or all, into the folder `out`; a verdict is reached once a call.

    A record NAME.json that the same code and settings made is read unless `recompute` is set.
    ValueError for an unknown name, OSError where the folder cannot be written to; both in one
    sentence, before anything is computed. A figure of an experiment that has no record is a
    ValueError if it was named, else it is `left_out` with a sentence.
    """
    modules = chosen(names)
    check_folder(out)
    verdicts, results = Verdicts(), []
    for name, module in modules.items():
        if not recompute and is_of_experiment(module):
            try:
                recorded(module.EXPERIMENT)
            except NotRecorded as missing:
                if names:
                    raise
                left_out(f"figure {name!r} is left out: {missing}")
                continue
        results.append(_draw_one(name, module, out, recompute, verdicts))
        progress(results[-1])
    return results


def _draw_one(
    name: str, module: ModuleType, out: Path, recompute: bool, verdicts: Verdicts
) -> FigureResult:
    start = time.perf_counter()
    record, fresh = obtain(module, out / f"{name}.json", recompute)
    status = {claim: verdicts.word(claim) for claim in module.CLAIMS}
    caption = full_caption(module, record.data, status)
    contents = {**rendered(module, record, status), "txt": caption.encode()}
    contents["json"] = record.as_text().encode()
    files = write_all(out, name, contents)
    return FigureResult(name, files, caption, status, fresh, time.perf_counter() - start)


def rendered(module: ModuleType, record: Record, status: Mapping[str, str]) -> dict[str, bytes]:
    """The figure as PDF, SVG and PNG."""
    with matplotlib.rc_context(style()):
        figure = module.plot({**record.data, "verdicts": dict(status)})
        # Lay out once, so that the three files agree and the work is not done three times.
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        return {kind: _saved(figure, kind) for kind in METADATA}


def _saved(figure: Figure, kind: str) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format=kind, dpi=RESOLUTION, metadata=dict(METADATA[kind]))
    return buffer.getvalue()
