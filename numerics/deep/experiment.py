"""An experiment: independent parts, numbers, a finding, a record.

``context.parts(function, cases)`` calls ``function(device=..., **case)`` for each case, in ``jobs``
processes of one torch thread each, so that the numbers are the same for every ``jobs``. A result is
on disk as soon as it is there, under a key of its function, case, device, sources and version of
torch; ``resume`` takes what is there. A part that fails keeps the others.

>>> Context("example").parts(_twice, {"a": {"value": 2}, "b": {"value": 3}})
{'a': 4, 'b': 6}
"""

from __future__ import annotations

import hashlib
import importlib
import json
import platform
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from numerics.deep import record
from numerics.deep.device import describe
from numerics.deep.record import Record, plain
from numerics.deep.training.stopped import TrainingStopped
from numerics.pool import Workers
from numerics.results import write
from numerics.sentences import Malformed, first_line_of

VERDICTS = ("borne out", "not borne out", "inconclusive")
HEADER = ("NUMBER", "QUESTION", "CLAIM", "HYPOTHESES", "SCALES", "run", "finding", "summary")
PACKAGES = ("torch", "numpy", "scipy", "scikit-learn")

Part = Callable[..., Any]
Advance = Callable[[int, int, str], None]  # done, of how many, which


class PartsFailed(Malformed):
    """Some parts failed; the results of the others are on disk."""


@dataclass(frozen=True)
class Finding:
    """What an experiment found, in one sentence with the numbers and the interval."""

    verdict: str
    sentence: str

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(f"verdict {self.verdict!r}: expected one of {', '.join(VERDICTS)}")


@dataclass
class Context:
    """Where and how the parts of an experiment run; ``folder`` None keeps nothing on disk.

    ``workers`` are shared by several experiments: to start them takes longer than many a part.
    """

    experiment: str
    device: str = "cpu"
    data: str = "digits"
    jobs: int = 1
    folder: Path | None = None
    resume: bool = False
    advance: Advance = lambda done, total, label: None
    seconds: float = 0.0  # of all parts together
    reused: int = 0
    workers: Workers | None = None
    _sources: str = field(default="", repr=False)

    def parts(self, function: Part, cases: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """The JSON value of every case, in their order; PartsFailed in one sentence at the end."""
        found = {label: self._kept(function, label, case) for label, case in cases.items()}
        left = {label: cases[label] for label, outcome in found.items() if outcome is None}
        self.reused += len(cases) - len(left)
        self.advance(len(cases) - len(left), len(cases), "")
        for label, outcome in self._outcomes(function, left):
            found[label] = outcome
            if "problem" not in outcome:
                self._keep(function, label, cases[label], outcome)
            self.advance(sum(o is not None for o in found.values()), len(cases), label)
        outcomes = {label: outcome or {} for label, outcome in found.items()}
        self._check(outcomes)
        self.seconds += sum(outcome["seconds"] for outcome in outcomes.values())
        return {label: outcome["value"] for label, outcome in outcomes.items()}

    def _outcomes(
        self, function: Part, cases: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        if self.jobs == 1 or len(cases) < 2:
            for label, case in cases.items():
                yield label, outcome(function, self.device, case)
            return
        with ExitStack() as here:
            workers = self.workers or here.enter_context(Workers(min(self.jobs, len(cases))))
            futures = {
                workers.submit(outcome, function, self.device, dict(case)): label
                for label, case in cases.items()
            }
            broken = False
            for future in as_completed(futures):
                if isinstance(future.exception(), BrokenProcessPool):
                    broken = True
                    lost = {"problem": "its process ended early (out of memory?)"}
                    yield futures[future], lost
                else:
                    yield futures[future], future.result()
            if broken:
                workers.renew()

    def _check(self, outcomes: Mapping[str, Mapping[str, Any]]) -> None:
        failed = {label: o["problem"] for label, o in outcomes.items() if "problem" in o}
        if failed:
            label, problem = next(iter(failed.items()))
            count = f"{len(failed)} of {len(outcomes)} parts failed"
            raise PartsFailed(f"{self.experiment}: {count}, the first at {label}: {problem}")

    def _place(self, function: Part, label: str, case: Mapping[str, Any]) -> Path | None:
        if self.folder is None:
            return None
        self._sources = self._sources or record.sources(self.experiment)
        name = f"{function.__module__}.{function.__qualname__}"
        made_by = [name, dict(case), self.device, self._sources, torch.__version__]
        key = hashlib.sha256(json.dumps(made_by, sort_keys=True).encode()).hexdigest()[:16]
        readable = "".join(c if c.isalnum() else "-" for c in label)[:60]
        return self.folder / "parts" / self.experiment / f"{readable}-{key}.json"

    def _kept(self, function: Part, label: str, case: Mapping[str, Any]) -> dict[str, Any] | None:
        path = self._place(function, label, case)
        if path is None or not self.resume:
            return None
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            return kept if set(kept) == {"value", "seconds"} else None
        except (OSError, ValueError, TypeError):
            return None

    def _keep(
        self, function: Part, label: str, case: Mapping[str, Any], found: Mapping[str, Any]
    ) -> None:
        path = self._place(function, label, case)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path, json.dumps(found, allow_nan=False) + "\n")


def outcome(function: Part, device: str, case: Mapping[str, Any]) -> dict[str, Any]:
    """{"value", "seconds"} or {"problem": one sentence}; one torch thread, as in every process."""
    threads, start = torch.get_num_threads(), time.perf_counter()
    torch.set_num_threads(1)
    try:
        value = plain(function(device=device, **case))
        return {"value": value, "seconds": time.perf_counter() - start}
    except TrainingStopped as stopped:
        if stopped.reason == "interrupted":
            raise KeyboardInterrupt from None
        return {"problem": first_line_of(stopped)}
    except (Malformed, ValueError) as problem:
        return {"problem": first_line_of(problem)}
    finally:
        torch.set_num_threads(threads)


def load(name: str) -> ModuleType:
    """The module of an experiment, with all that it has to say."""
    module = importlib.import_module(f"numerics.deep.experiments.{name}")
    missing = [part for part in HEADER if not hasattr(module, part)]
    if missing:
        raise ValueError(f"experiment {name!r}: expected it to have {', '.join(missing)}")
    return module


def settings_of(name: str, scale: str, data: str = "digits") -> dict[str, Any]:
    """The settings of a scale; ``data`` takes the place of digits where an experiment uses them."""
    chosen = record.scales(name)
    if scale not in chosen:
        raise Malformed(f"experiment {name}: scale {scale!r}, expected one of {', '.join(chosen)}")
    settings = dict(plain(chosen[scale]))
    if settings.get("data") == "digits":
        settings["data"] = data
    return settings


def execute(name: str, scale: str, context: Context) -> Record:
    """Run an experiment from the beginning, or from the parts that the context takes up."""
    module, settings = load(name), settings_of(name, scale, context.data)
    started, clock = datetime.now(UTC), time.perf_counter()
    made_from = record.sources(name)
    numbers = plain(module.run(settings, context))
    found: Finding = module.finding(numbers)
    provenance = {
        **_versions(),
        **{**describe(context.device), "threads": 1},
        "jobs": context.jobs,
        "commit": _commit(),
        "started": started.date().isoformat(),
        "seconds": round(time.perf_counter() - clock, 1),
        "part_seconds": round(context.seconds, 1),
        "reused_parts": context.reused,
        "sources": made_from,
    }
    finding = {"verdict": found.verdict, "sentence": found.sentence}
    return Record(name, scale, settings, numbers, finding, provenance)


def _versions() -> dict[str, Any]:
    found: dict[str, str | None] = {}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = None
    return {"versions": {"python": platform.python_version(), **found}}


def _commit() -> str | None:
    """The commit of the checkout that this file is in, if it is in one."""
    command = ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None if done.returncode == 0 else None


def _twice(device: str, value: int) -> int:
    return 2 * value
