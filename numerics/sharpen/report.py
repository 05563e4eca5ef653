"""What a search for sharper claims found: variations with their verdicts, constants, candidates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr

from numerics.sharpen.forms import LEFT
from theory.claims import Claim
from theory.statements import Lipschitz, Smooth
from theory.verdicts import Status, Verdict

NONE = "no stronger variation survived"
LONGEST = 100


@dataclass(frozen=True)
class Variation:
    """A stronger claim, what was changed, and what became of it.

    ``form`` names the form of the claim that was varied; ``trail`` all changes that led here.
    """

    claim: Claim
    change: str
    verdict: Verdict
    form: str = "as stated"
    trail: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        return self.verdict.status

    @property
    def says(self) -> str:
        """The statement on one line: hypotheses and bound."""
        given = " and ".join(map(str, self.claim.given))
        statement = short(self.claim.holds, LEFT.get(self.form, "..."))
        return f"given {given}: {statement}" if given else statement


@dataclass(frozen=True)
class Enclosure:
    """The least factor that one place of a bound may carry, from both sides.

    ``lower`` is rigorous: at the exact point ``at`` every smaller factor fails.  ``upper`` is the
    least factor with a proof, None without one; ``survived`` the least that was not refuted.
    """

    place: str
    lower: float
    at: Mapping[str, Any]
    survived: Expr
    upper: Expr | None
    form: str = "as stated"
    up: bool = False  # the factors are reciprocals: the largest is sought
    trail: tuple[str, ...] = ()  # the changes made before

    @property
    def slack(self) -> float | None:
        """upper/lower - 1: what lies between the proof and the worst point."""
        if self.upper is None or self.lower <= 0:
            return None
        return float(self.upper) / self.lower - 1


@dataclass(frozen=True)
class Sharpening:
    """All that was found; prints as a table."""

    claim: Claim
    verdict: Verdict
    variations: tuple[Variation, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    candidates: tuple[Variation, ...] = ()
    message: str | None = None
    interrupted: bool = False
    seconds: float = 0.0
    notes: tuple[str, ...] = field(default=())

    def _with(self, *statuses: Status) -> tuple[Variation, ...]:
        return tuple(v for v in self.variations if v.status in statuses)

    @property
    def refuted(self) -> tuple[Variation, ...]:
        return self._with(Status.REFUTED)

    @property
    def proved(self) -> tuple[Variation, ...]:
        return self._with(Status.PROVED, Status.CERTIFIED)

    @property
    def survivors(self) -> tuple[Variation, ...]:
        return self._with(Status.SURVIVED)

    def __str__(self) -> str:
        if self.message is not None:
            return self.message
        lines = [f"{self.claim.id}: {self.verdict.status.value}", ""]
        lines += _table(self.variations)
        lines += _constants(self.enclosures)
        lines += ["", *_conclusion(self)]
        return "\n".join(lines)


def short(value: Any, left: str = "...", longest: int = LONGEST) -> str:
    """A statement, with a left side that is too long to read replaced by a name for it."""
    text = str(value)
    if len(text) <= longest:
        return text
    if isinstance(value, Lipschitz) and value.constant is not None:
        kind = "smooth" if isinstance(value, Smooth) else "Lipschitz"
        return f"f is {kind} in {value.wrt} with constant {value.constant}"
    if not hasattr(value, "lhs"):
        return _clip(text, 3 * longest)
    lhs = str(value.lhs)
    return f"{lhs if len(lhs) <= longest else left} {value.rel_op} {value.rhs}"


def _table(variations: tuple[Variation, ...]) -> list[str]:
    rows = [("form", "variation", "verdict", "attained")]
    rows += [(v.form, _clip(v.change), found(v.verdict), _attained(v.verdict)) for v in variations]
    widths = [max(len(row[k]) for row in rows) for k in range(4)]
    shown = ["  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in rows]
    return [shown[0], "-" * (sum(widths) + 6), *shown[1:]]


def _clip(text: str, longest: int = 70) -> str:
    return text if len(text) <= longest else text[: longest - 3] + "..."


def found(verdict: Verdict) -> str:
    """A verdict in a few words: `refuted in d = 2`, `survived 18231 points`, `proved`."""
    if verdict.witness is not None:
        return f"refuted in d = {verdict.witness.dimension}"
    if verdict.status is Status.SURVIVED:
        points = [e.data["points"] for e in verdict.evidence if "points" in e.data]
        return f"survived {sum(points)} points"
    by = [e.by for e in verdict.evidence if e.status is verdict.status]
    return f"{verdict.status.value} ({by[0]})" if by else verdict.status.value


def _attained(verdict: Verdict) -> str:
    sharpness = verdict.sharpness
    if sharpness is None or sharpness.attained is None:
        return ""
    return f"{sharpness.attained:.6g}"


def _constants(enclosures: tuple[Enclosure, ...]) -> list[str]:
    if not enclosures:
        return []
    return ["", "best factors", *(f"  {line}" for e in enclosures for line in _enclosure(e))]


def _enclosure(e: Enclosure) -> list[str]:
    proved = "not proved" if e.upper is None else f"proved with {e.upper}"
    slack = "" if e.slack is None else f", slack {100 * e.slack:.3g} %"
    what = "1/factor" if e.up else "factor"
    line = f"{e.form}, {what} on {_clip(e.place)}: at least {_floor(e.lower)}, {proved}"
    lines = [f"{line}, not refuted with {e.survived}{slack}"]
    if e.at:
        values = ", ".join(f"{n} = {_value(v)}" for n, v in e.at.items())
        lines.append(_clip(f"  attained at {values}", 2 * LONGEST))
    return lines


def _floor(x: float, digits: int = 6) -> str:
    """The decimal of so many digits just below a positive number."""
    unit = 10.0 ** (math.floor(math.log10(x)) - digits + 1) if x > 0 else 1.0
    return f"{math.floor(x / unit) * unit:.{digits}g}"


def _value(v: Any) -> str:
    return str(v) if isinstance(v, str) else "(" + ", ".join(map(str, v)) + ")"


def _conclusion(result: Sharpening) -> list[str]:
    lines = list(result.notes)
    if result.interrupted:
        lines.append("interrupted: not all variations were examined")
    if not result.candidates:
        return [*lines, NONE]
    lines.append("candidates for a sharper theorem")
    for v in result.candidates:
        trail = ", then ".join(map(_clip, v.trail or (v.change,)))
        lines.append(f"  {found(v.verdict)}, {v.form}: {trail}")
        lines.append(f"    {v.says}")
    return lines
