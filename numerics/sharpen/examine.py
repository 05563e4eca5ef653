"""The verdict on one variation: known points, then the falsifier, then the provers.

Nothing is above ``survived`` without a prover, and a refutation is an exact confirmed point.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from numerics.falsify import Refutation, Survival, falsify
from numerics.sharpen.changes import Change
from numerics.sharpen.lemmas import with_tangents
from numerics.sharpen.points import Pool
from numerics.sharpen.report import Variation
from theory import clock
from theory.claims import Claim
from theory.provers import prove
from theory.verdicts import Evidence, Sharpness, Status, Verdict

LEAST = 0.5  # seconds of an attack
FIRST = 0.15  # of the time for a proof, for a first try without lemmas


@dataclass
class Examiner:
    """How long an attack and a proof may take, and the points met so far."""

    seed: int
    deadline: float
    attack: float
    proof: float
    pool: Pool = field(default_factory=Pool)
    hurried: set[str] = field(default_factory=set)  # claims whose provers ran out of time

    def left(self) -> float:
        return self.deadline - clock.now()

    def examine(
        self, change: Change, form: str, trail: tuple[str, ...], share: float = 1.0
    ) -> Variation:
        """Refuted, survived or undecided; no proof is tried."""
        verdict = self._attacked(change.claim, share * self.attack)
        return Variation(change.claim, change.text, verdict, form, (*trail, change.text))

    def attack_again(self, variation: Variation, seconds: float) -> Variation:
        """A longer attack on a survivor, from other random numbers; a proof is not forgotten."""
        again = self._attacked(variation.claim, seconds, self.seed + 1)
        return replace(variation, verdict=_joined(variation.verdict, again))

    def prove(self, variation: Variation, seconds: float | None = None) -> Variation:
        """The same variation, with what the provers say about it."""
        if variation.status is not Status.SURVIVED:
            return variation
        evidence = self.evidence(variation.claim, seconds)
        proved = any(e.status is Status.PROVED for e in evidence)
        old = variation.verdict
        new = replace(
            old,
            status=Status.PROVED if proved else old.status,
            evidence=(*old.evidence, *evidence),
        )
        return replace(variation, verdict=new)

    def evidence(self, claim: Claim, seconds: float | None = None) -> list[Evidence]:
        """What the provers say, at first without and then with lemmas guessed from the claim.

        Where they can do it they are quick, so a first try is short.
        """
        tries = [(claim, FIRST * self.proof if seconds is None else seconds)]
        if (richer := with_tangents(claim)) is not None:
            tries.append((richer, self.proof if seconds is None else seconds))
        found: list[Evidence] = []
        for version, span in tries:
            start = clock.now()
            if self.left() > 0:
                found = prove(version, start + min(span, self.left()))
            if any(e.status is Status.PROVED for e in found):
                break
            if clock.now() - start > span / 2:
                self.hurried.add(claim.id)
        return found

    def _attacked(self, claim: Claim, seconds: float, seed: int | None = None) -> Verdict:
        start = clock.now()
        try:
            found = self.pool.refutation(claim) or self._search(claim, seconds, seed)
        except Exception as error:  # of the machinery: it decides nothing
            found = Survival(0, (), detail=f"internal failure: {type(error).__name__}: {error}")
        return self._verdict(claim, found, round(clock.now() - start, 3))

    def _search(self, claim: Claim, seconds: float, seed: int | None) -> Refutation | Survival:
        """The falsifier, longer where it did not come to a single point."""
        chosen = self.seed if seed is None else seed
        for factor in (1, 3):
            until = clock.now() + max(LEAST, min(factor * seconds, self.left()))
            found = falsify(claim, chosen, until)
            if isinstance(found, Refutation) or found.points or self.left() <= 0:
                break
        return found

    def _verdict(self, claim: Claim, found: Refutation | Survival, spent: float) -> Verdict:
        if isinstance(found, Refutation):
            self.pool.add(found.witness.dimension, found.witness.values)
            evidence = Evidence("falsifier", Status.REFUTED, found.detail, spent)
            return _on(claim, evidence, witness=found.witness)
        if not found.points:
            detail = found.detail or "no admissible point was tried"
            return _on(claim, Evidence("falsifier", Status.UNDECIDED, detail, spent))
        sharpness = None
        if found.attained is not None:
            self.pool.add(found.at["dimension"], found.at["values"])
            sharpness = Sharpness(str(claim.holds), found.attained, dict(found.at))
        detail = f"{found.points} points chosen to break it did not"
        data = {"points": found.points, "dimensions": list(found.dimensions)}
        evidence = Evidence("falsifier", Status.SURVIVED, detail, spent, data=data)
        return _on(claim, evidence, sharpness=sharpness)


def _on(claim: Claim, evidence: Evidence, **fields: object) -> Verdict:
    dims = claim.dimensions
    scope = "every d >= 1" if dims is None else "d in {" + ", ".join(map(str, dims)) + "}"
    return Verdict(
        id=claim.id,
        title=claim.title,
        source=claim.source,
        file="",
        status=evidence.status,
        domain=f"{scope}, all parameters",
        evidence=(evidence,),
        seconds=evidence.seconds,
        **fields,  # type: ignore[arg-type]
    )


def _joined(old: Verdict, new: Verdict) -> Verdict:
    """Both verdicts in one; a proof and a witness together decide nothing."""
    evidence = (*old.evidence, *new.evidence)
    seconds = old.seconds + new.seconds
    if new.status is Status.REFUTED and old.status is Status.PROVED:
        detail = "a proof and a confirmed witness contradict each other: an engine is wrong"
        evidence = (*evidence, Evidence("sharpen", Status.UNDECIDED, detail))
        return replace(old, status=Status.UNDECIDED, evidence=evidence, seconds=seconds)
    if new.status is Status.REFUTED:
        return replace(new, evidence=evidence, seconds=seconds)
    best = max(
        (s for s in (old.sharpness, new.sharpness) if s is not None),
        key=lambda s: s.attained or 0.0,
        default=None,
    )
    return replace(old, evidence=evidence, sharpness=best, seconds=seconds)
