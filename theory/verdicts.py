"""Verdicts: what is known about a claim, who says so, and on what grounds.

.. math:: \\text{Verdict} = (\\text{claim}, \\text{status}, \\text{evidence}, \\text{witness})

There is no Boolean "passed": proved, certified, survived, undecided, vacuous, refuted and
error are different words.  Exact numbers travel as strings ("-3/2"), seconds as floats.

>>> Status("proved") is Status.PROVED
True
>>> Verdict.error("half.py", "half.py, line 3: expected p >= 1").to_json()["status"]
'error'
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from theory.checked_json import Checked


class Status(StrEnum):
    """The seven words.  Only the first two are good news."""

    PROVED = "proved"
    CERTIFIED = "certified"
    SURVIVED = "survived"
    UNDECIDED = "undecided"
    VACUOUS = "vacuous"
    REFUTED = "refuted"
    ERROR = "error"


# A verdict with one of these words must name the argument that carries it.
NEEDS_GROUNDS = frozenset({Status.PROVED, Status.CERTIFIED, Status.VACUOUS, Status.REFUTED})


@dataclass(frozen=True)
class Evidence:
    """What one method found.  `steps` is a readable argument, `data` certificate material."""

    by: str
    status: Status
    detail: str
    seconds: float = 0.0
    steps: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {
            "by": self.by,
            "status": self.status.value,
            "detail": self.detail,
            "seconds": plain(round(self.seconds, 4)),
        }
        if self.steps:
            out["steps"] = list(self.steps)
        if self.data:
            out["data"] = plain(self.data)
        return out

    @classmethod
    def from_json(cls, value: object) -> Evidence:
        item = Checked(value, "evidence")
        return cls(
            by=item.text("by"),
            status=Status(item.one_of("status", Status)),
            detail=item.text("detail"),
            seconds=item.number("seconds"),
            steps=tuple(item.texts("steps", required=False)),
            data=item.mapping("data", required=False),
        )


@dataclass(frozen=True)
class Witness:
    """A point that violates the claim: every free variable, in exact rationals.

    Three shapes: a point with `lhs` and `rhs`; a kink with direction `h` and the one-sided
    derivatives `left`, `right`; a `path` in t along which the ratio has the given `limit`.
    `unknowns` holds the concrete functions, matrices and sets of a claim about unknown ones.
    """

    dimension: int
    values: Mapping[str, str | list[str]]
    lhs: str | None = None
    rhs: str | None = None
    h: list[str] | None = None
    left: str | None = None
    right: str | None = None
    path: Mapping[str, list[str] | str] | None = None
    limit: str | None = None
    unknowns: Mapping[str, Any] | None = None  # functions as formulas, matrices as rows

    def to_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"dimension": self.dimension, "values": plain(self.values)}
        for key in ("lhs", "rhs", "h", "left", "right", "path", "limit", "unknowns"):
            value = getattr(self, key)
            if value is not None:
                out[key] = plain(value)
        return out

    @classmethod
    def from_json(cls, value: object) -> Witness:
        item = Checked(value, "witness")
        return cls(
            dimension=item.count("dimension"),
            values=item.vectors("values", rational=True),
            lhs=item.optional_text("lhs"),
            rhs=item.optional_text("rhs"),
            h=item.texts("h", required=False) or None,
            left=item.optional_text("left"),
            right=item.optional_text("right"),
            path=item.vectors("path", rational=False, required=False) or None,
            limit=item.optional_text("limit"),
            unknowns=item.mapping("unknowns", required=False) or None,
        )


@dataclass(frozen=True)
class Sharpness:
    """How close anything came to a claimed bound: the largest ratio seen, and where."""

    claimed: str
    attained: float | None
    at: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        finite = self.attained is not None and math.isfinite(self.attained)
        attained = plain(self.attained) if finite else None
        return {"claimed": self.claimed, "attained": attained, "at": plain(self.at)}

    @classmethod
    def from_json(cls, value: object) -> Sharpness:
        item = Checked(value, "sharpness")
        attained = None if item.get("attained") is None else item.number("attained")
        return cls(item.text("claimed"), attained, item.mapping("at"))


@dataclass(frozen=True)
class Verdict:
    """The answer to one claim.  `message` is the sentence that explains an error."""

    id: str
    title: str
    source: str
    file: str
    status: Status
    domain: str
    evidence: tuple[Evidence, ...] = ()
    sharpness: Sharpness | None = None
    witness: Witness | None = None
    seconds: float = 0.0
    message: str | None = None

    def __post_init__(self) -> None:
        grounds = any(item.status is self.status for item in self.evidence)
        if self.status in NEEDS_GROUNDS and not grounds and self.witness is None:
            raise ValueError(
                f"verdict {self.status.value!r} on {self.id!r}: "
                "expected evidence of that status or a witness"
            )
        if self.status is Status.ERROR and not self.message:
            raise ValueError(f"verdict 'error' on {self.id!r}: expected a message")

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The facts from outside that the evidence for the status takes, with their sources."""
        named = [e.data.get("assumptions") for e in self.evidence if e.status is self.status]
        facts = (str(fact) for facts in named if isinstance(facts, list) for fact in facts)
        return tuple(dict.fromkeys(facts))

    @classmethod
    def error(cls, file: str, message: str, id: str | None = None) -> Verdict:
        """The verdict on something that is not a claim, with the sentence that says why."""
        return cls(id or file, "", "", file, Status.ERROR, "", message=message)

    def to_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {
            "id": self.id,
            "title": self.title,
            "source": self.source,
            "file": self.file,
            "status": self.status.value,
            "domain": self.domain,
            "evidence": [item.to_json() for item in self.evidence],
            "sharpness": None if self.sharpness is None else self.sharpness.to_json(),
            "witness": None if self.witness is None else self.witness.to_json(),
            "seconds": plain(round(self.seconds, 4)),
        }
        if self.assumptions:
            out["assumptions"] = list(self.assumptions)
        return out if self.message is None else {**out, "message": self.message}

    @classmethod
    def from_json(cls, value: object) -> Verdict:
        """Read a verdict back; ValueError where the value is not one.  Evaluates nothing."""
        item = Checked(value, "verdict")
        sharpness, witness = item.get("sharpness"), item.get("witness")
        return cls(
            **{key: item.text(key) for key in ("id", "title", "source", "file")},
            status=Status(item.one_of("status", Status)),
            domain=item.text("domain"),
            evidence=tuple(Evidence.from_json(entry) for entry in item.items("evidence")),
            sharpness=None if sharpness is None else Sharpness.from_json(sharpness),
            witness=None if witness is None else Witness.from_json(witness),
            seconds=item.number("seconds"),
            message=item.optional_text("message"),
        )


def plain(value: Any) -> Any:
    """The value in JSON's own types.  JSON has no infinity: what it lacks becomes text."""
    if value is None or isinstance(value, bool | str):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return [plain(entry) for entry in value]
    return str(value)
