"""Mutants of every theorem: false ones die and are never proved, true ones are never refuted.

Profile `hunt` takes every mutant and tries to prove the dead ones, too; the other profiles take
a sample that never changes.  The end of the session shows the kill rate and fails below a floor.
"""

import importlib
import os
import pkgutil
from typing import Any
from zlib import crc32

import pytest

import theory.theorems
from numerics.falsify import Refutation, falsify
from numerics.time_limit import OutOfTime, time_limit
from numerics.verify import verify
from tests.laws.kill_rate import PROPERTY
from tests.laws.witnesses import confirm
from theory import clock
from theory.claims import Claim, Mutant, restated
from theory.general.atoms import about_unknowns
from theory.provers import prove
from theory.statements import Not
from theory.verdicts import Status, Verdict, Witness

HUNT = os.environ.get("HYPOTHESIS_PROFILE") == "hunt"
SHARE = 1 if HUNT else 3  # one mutant in so many
ATTACK, DEFENCE, PROOF = 4.0, 1.5, 3.0  # seconds: against false ones, against true ones, to prove
OVERRUN = 6.0  # seconds after which an engine that ignores its deadline is stopped


def mutants() -> list[Any]:
    """Every chosen mutant, with the theorem file it belongs to."""
    found = []
    for info in pkgutil.iter_modules(theory.theorems.__path__):
        module = importlib.import_module(f"theory.theorems.{info.name}")
        claims = [value for value in vars(module).values() if isinstance(value, Claim)]
        found += [
            pytest.param(info.name, mutant, id=mutant.claim.id)
            for mutant in dict.fromkeys(m for claim in claims for m in claim.mutants)
            if crc32(mutant.claim.id.encode()) % SHARE == 0
        ]
    return found


@pytest.mark.parametrize(("theorem", "mutant"), mutants())
def test_a_mutant_gets_no_wrong_verdict(theorem: str, mutant: Mutant, record_property: Any) -> None:
    statuses, witness = judged(mutant)
    refuted = Status.REFUTED in statuses
    end = "killed" if refuted else "survived"
    record_property(PROPERTY, (theorem, mutant.claim.id, mutant.truth, end))
    if witness is not None and not about_unknowns(mutant.claim):
        confirm(restated(mutant.claim), witness)  # of unknowns: tests/numerics/test_unknowns.py
    assert not (refuted and Status.PROVED in statuses), "both proved and refuted"
    assert not (mutant.truth is False and Status.PROVED in statuses), "a false claim is proved"
    assert not (mutant.truth is True and refuted), "a true claim is refuted"
    assert Status.VACUOUS not in statuses or mutant.claim.given


def judged(mutant: Mutant) -> tuple[set[Status], Witness | None]:
    """Every status that some engine gives, and the witness if there is one."""
    if isinstance(mutant.claim.holds, Not):
        verdict = limited(whole_verdict, mutant.claim, ATTACK + PROOF)
        return ({verdict.status}, verdict.witness) if verdict else (set(), None)
    witness = limited(attacked, mutant.claim, DEFENCE if mutant.truth else ATTACK)
    statuses = set() if witness is None else {Status.REFUTED}
    if mutant.truth is not True and (witness is None or HUNT):
        statuses |= limited(proofs, mutant.claim, PROOF) or set()
    return statuses, witness


def attacked(claim: Claim, seconds: float) -> Witness | None:
    found = falsify(claim, 0, clock.now() + seconds)
    return found.witness if isinstance(found, Refutation) else None


def proofs(claim: Claim, seconds: float) -> set[Status]:
    return {item.status for item in prove(claim, clock.now() + seconds)}


def whole_verdict(claim: Claim, seconds: float) -> Verdict:
    return verify(claim, budget=seconds)


def limited(work: Any, claim: Claim, seconds: float) -> Any:
    """The answer, or None where there is none in time: no answer is no wrong one."""
    try:
        with time_limit(seconds + OVERRUN):
            return work(claim, seconds)
    except OutOfTime:
        return None


def test_the_sample_holds_every_truth_and_most_theorems() -> None:
    chosen = [param.values for param in mutants()]
    assert {mutant.truth for _, mutant in chosen} >= {True, False}
    assert len({theorem for theorem, _ in chosen}) >= 30
