"""The nodes of the search: claims to vary, and when two of them are one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numerics.sharpen.report import Variation
from numerics.sharpen.strength import Sample
from theory.claims import Claim


@dataclass(frozen=True, eq=False)
class Node:
    """A claim to vary: a form of the original, or a variation that survived."""

    claim: Claim
    form: str
    proved: bool
    sample: Sample | None
    trail: tuple[str, ...] = ()
    variation: Variation | None = None


def key_of(claim: Claim) -> tuple[Any, ...]:
    """What makes two claims the same statement."""
    return tuple(sorted(map(str, claim.given))), str(claim.holds), claim.dimensions
