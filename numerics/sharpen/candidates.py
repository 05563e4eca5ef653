"""Which survivors to report: those that no stronger survivor implies.

A proved variation gives way to a stronger proved one only; a guess does not replace a theorem.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from numerics.sharpen.bounds import bounds_of
from numerics.sharpen.nodes import key_of
from numerics.sharpen.report import Variation
from numerics.sharpen.strength import Sample, sample_of
from theory.claims import Claim
from theory.verdicts import Status

ALIVE = (Status.SURVIVED, Status.PROVED)


@dataclass
class Relations:
    """Pairs (weaker, stronger) of claims by what they say, as the search made them."""

    pairs: set[tuple[object, object]] = field(default_factory=set)

    def implied(self, weaker: Claim, stronger: Claim) -> None:
        self.pairs.add((key_of(weaker), key_of(stronger)))

    def know(self, weaker: Claim, stronger: Claim) -> bool:
        return (key_of(weaker), key_of(stronger)) in self.pairs


def candidates(variations: tuple[Variation, ...], relations: Relations) -> tuple[Variation, ...]:
    """The proved ones first, then the survivors; within each in the order of discovery."""
    alive = [v for v in variations if v.status in ALIVE]
    samples: dict[object, Sample | None] = {}
    kept = [
        v
        for v in alive
        if not any(_replaces(other, v, relations, samples) for other in alive if other is not v)
    ]
    return tuple(sorted(kept, key=lambda v: v.status is not Status.PROVED))


def _replaces(
    strong: Variation,
    weak: Variation,
    relations: Relations,
    samples: dict[object, Sample | None],
) -> bool:
    if weak.status is Status.PROVED and strong.status is not Status.PROVED:
        return False
    if relations.know(weak.claim, strong.claim):
        return True
    a, b = strong.claim, weak.claim
    if strong.form != weak.form or a.given != b.given or a.dimensions != b.dimensions:
        return False
    key = (weak.form, a.given)
    if key not in samples:
        samples[key] = sample_of(b)
    sample = samples[key]
    pairs = list(zip(bounds_of(a), bounds_of(b), strict=False))
    changed = [(x, y) for x, y in pairs if x.expr != y.expr]
    return bool(changed and sample) and all(
        x.sense == y.sense and sample is not None and sample.is_below(x.expr, y.expr, y.sense)
        for x, y in changed
    )
