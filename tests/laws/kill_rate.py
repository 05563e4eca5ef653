"""How many false mutants die: each test reports one, the end of the session adds them up."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

PROPERTY = "mutant"
FLOOR = 0.93  # of the false mutants; measured: 0.97 on an idle machine, a little less on a busy one
ENOUGH = 60  # false mutants; a rate of fewer says nothing


@dataclass(frozen=True)
class Fate:
    """What became of one mutant: `killed`, or the status it ended with."""

    theorem: str
    id: str
    truth: bool | None
    end: str


@dataclass(frozen=True)
class Tally:
    """The fates of the false mutants, by theorem."""

    fates: tuple[Fate, ...]

    @property
    def rate(self) -> float:
        return sum(f.end == "killed" for f in self.fates) / max(1, len(self.fates))

    @property
    def is_too_low(self) -> bool:
        return len(self.fates) >= ENOUGH and self.rate < FLOOR

    def lines(self) -> list[str]:
        groups: dict[str, list[Fate]] = defaultdict(list)
        for fate in self.fates:
            groups[fate.theorem].append(fate)
        return [*(_line(name, groups[name]) for name in sorted(groups)), self.summary()]

    def summary(self) -> str:
        killed = sum(f.end == "killed" for f in self.fates)
        text = f"killed {killed} of {len(self.fates)} false mutants ({self.rate:.1%})"
        return text + (f": below the floor of {FLOOR:.0%}" if self.is_too_low else "")


def _line(theorem: str, fates: list[Fate]) -> str:
    killed = sum(f.end == "killed" for f in fates)
    alive = [f"{f.id} {f.end}" for f in fates if f.end != "killed"]
    return f"{theorem} {killed}/{len(fates)}" + (f"  alive: {', '.join(alive)}" if alive else "")


def tally(reports: Iterable[Any]) -> Tally:
    """The tally of pytest's reports; with pytest-xdist they arrive from every worker."""
    found = [
        Fate(*value)
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == PROPERTY
    ]
    return Tally(tuple(fate for fate in found if fate.truth is False))
