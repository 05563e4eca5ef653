"""Figures of experiments: drawn from the record that was committed, without torch.

A module with ``EXPERIMENT`` (a file name in numerics/deep/experiments), ``TITLE``, ``CLAIMS`` (may
be empty), ``plot(numbers)`` and ``caption(numbers)`` is such a figure. A record that is missing, or
was made with other settings than those of the small scale, is never drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

from numerics.deep import record as records
from numerics.deep.record import Record


class NotRecorded(ValueError):
    """There is no record to draw from; the message says how to make one."""


def recorded(name: str) -> Record:
    """The committed record of an experiment; its ``numbers`` are what figures show."""
    advice = f"expected one made by advsmooth experiment {name} --keep"
    try:
        found = records.read(records.RECORDS / f"{name}.json")
    except FileNotFoundError:
        raise NotRecorded(f"experiment {name!r}: no record, {advice}") from None
    except ValueError as problem:
        raise NotRecorded(f"{problem}; {advice}") from None
    if found.experiment != name or found.settings != records.scales(name)["small"]:
        raise NotRecorded(f"experiment {name!r}: a record of other settings, {advice}")
    return found


def recomputed(name: str) -> Record:
    """The experiment run now, on the CPU at the small scale; Malformed where torch is missing."""
    from numerics.optional import find

    execute = find("numerics.deep.experiment", "execute", f"figure of experiment {name}")
    context = find("numerics.deep.experiment", "Context", f"figure of experiment {name}")
    done: Record = execute(name, "small", context(name, jobs=2))
    return done


def obtain(module: ModuleType, recompute: bool) -> Record:
    """What a figure is drawn from."""
    return recomputed(module.EXPERIMENT) if recompute else recorded(module.EXPERIMENT)


def provenance(module: ModuleType, record: Record) -> dict[str, Any]:
    """What the figure's own record keeps beside the numbers."""
    kept = {"experiment": record.experiment, "scale": record.scale, "settings": record.settings}
    return {**kept, "finding": record.finding, **record.provenance}


def made_by(record: Record) -> str:
    """The finding and how it was reached, for the caption."""
    where, settings = record.provenance, record.settings
    parts = [
        f"{records.number(record.experiment)}, {record.finding['verdict']}: "
        f"{record.finding['sentence'].removesuffix('.')}.",
        f"Measured on {where['device']} (torch {where['torch']}), {settings['data']}, "
        f"seeds {_listed(settings['seeds'])}, n = {settings['n']}, in {where['seconds']:.0f} s"
        f"{_taken_up(where)}.",
    ]
    if where["sources"] != records.sources(record.experiment):
        parts.append("The sources have changed since.")
    return " ".join(parts)


def _taken_up(where: dict[str, Any]) -> str:
    if not where["reused_parts"]:
        return ""
    return f" and parts of an earlier run ({where['part_seconds']:.0f} s of work in all)"


def _listed(seeds: int | Sequence[int]) -> str:
    """
    >>> _listed([0, 1, 2]), _listed([3]), _listed([1, 5])
    ('0 to 2', '3', '1, 5')
    """
    values = list(range(seeds)) if isinstance(seeds, int) else list(seeds)
    if len(values) > 2 and values == list(range(values[0], values[-1] + 1)):
        return f"{values[0]} to {values[-1]}"
    return ", ".join(map(str, values))
