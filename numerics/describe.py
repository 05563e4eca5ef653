"""A claim in words and formulas, for people: what `show`, `list` and the report print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from numerics.tasks import Task
from theory.claims import Claim
from theory.derivation import explain


@dataclass(frozen=True)
class Description:
    """The parts of a claim as text."""

    id: str
    title: str
    source: str
    kind: str
    dimensions: str
    given: tuple[str, ...]
    lemmas: tuple[str, ...]
    assumptions: tuple[str, ...]
    statement: str


def describe(claim: Claim) -> Description:
    """The claim's parts as text; what it does not say is empty."""
    return Description(
        id=claim.id,
        title=str(claim.title),
        source=str(claim.source),
        kind=claim.kind,
        dimensions=dimensions_in_words(claim.dimensions),
        given=tuple(str(entry) for entry in claim.given),
        lemmas=tuple(str(entry) for entry in claim.lemmas),
        assumptions=tuple(str(entry) for entry in claim.assumptions),
        statement=str(claim.holds),
    )


def derivation(task: Task) -> list[str]:
    """The derivation of every loss that the claim is about, one step a line."""
    return explain(replace(task.claim(), about=task.about()))


def dimensions_in_words(dimensions: Iterable[int] | None) -> str:
    """
    >>> dimensions_in_words(None), dimensions_in_words((1, 2))
    ('every d >= 1', 'd = 1, 2')
    """
    if dimensions is None:
        return "every d >= 1"
    return "d = " + ", ".join(str(d) for d in dimensions)
