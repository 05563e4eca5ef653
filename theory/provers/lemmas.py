"""Lemmas that a claim brings along: proved one after the other, by any strategy, then used."""

from __future__ import annotations

from typing import Any

from theory import clock
from theory.claims import Claim
from theory.verdicts import Status

SHARE = 0.4  # of the time left, for one lemma


def with_lemmas(claim: Any, deadline: float) -> tuple[list[Any], list[str]]:
    """The hypotheses and every lemma that was proved from them, with the arguments."""
    from theory.provers import prove

    facts, steps = list(claim.given), []
    for lemma in claim.lemmas:
        now = clock.now()
        question = Claim(id="lemma", given=facts, holds=lemma)
        for e in prove(question, now + SHARE * (deadline - now)):
            if e.status is Status.PROVED:
                facts.append(lemma)
                steps += [f"lemma {lemma}", *e.steps]
    return facts, steps
