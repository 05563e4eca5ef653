"""Run a recorded proof again: the statement of the certificate, by the provers of this version.

The two checkers expand the identities of a proof; that these identities are what the statement
calls for is the provers' work, which is repeated here rather than believed.  The identities of
the repeated proof pass through both checkers, too.

The statement is a stranger's: it is read and proved in a process of its own, which is ended
when its time is up, whatever SymPy is busy with, and which gets a bounded amount of memory.
"""

from __future__ import annotations

import os
from concurrent.futures import TimeoutError as NoAnswer
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from numerics.pool import Pool
from numerics.sentences import first_line_of
from theory import clock

if TYPE_CHECKING:
    from theory.claims import Claim
    from theory.verdicts import Evidence

SECONDS, GRACE = 60.0, 20.0  # for the provers; and to start, to read, and to stop themselves
MEMORY = 4 << 30  # bytes

Answer = tuple[bool, str]


def replayed(tree: dict[str, Any]) -> Answer:
    """Whether the provers prove the statement again, and a sentence about it."""
    try:
        with Pool(1) as pool:
            return pool.submit(_answer, tree, SECONDS).result(timeout=SECONDS + GRACE)
    except NoAnswer:
        return False, f"the provers of this version come to no end within {SECONDS:g} s"
    except BrokenProcessPool:
        return False, "the provers of this version broke off: no memory was left, or they crashed"


def _answer(tree: dict[str, Any], seconds: float) -> Answer:
    """In the process of its own: an answer, whatever happens."""
    _confine()
    try:
        return _proved_again(tree, seconds)
    except MemoryError:
        return False, "the provers of this version ran out of memory"
    except Exception as problem:
        said = f"{type(problem).__name__}: {first_line_of(problem)}".removesuffix(": ")
        return False, f"the provers of this version failed ({said:.200})"


def _confine() -> None:
    """Bounded memory, and no word on the user's terminal."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    with suppress(ImportError, OSError, ValueError):  # a system without such limits
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        limit = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _proved_again(tree: dict[str, Any], seconds: float) -> Answer:
    from numerics.certificates.envelope import recorded as recorded_facts
    from theory.serial import Malformed, claim_from_json, decode, digest

    try:
        claim = claim_from_json(tree["statement"])
        if digest(claim) != tree["hash"]:
            return False, "the statement is not in the form in which claims are written"
        lemmas = decode(tree["body"]["lemmas"])
        claim = replace(claim, lemmas=lemmas, assumptions=tuple(tree["assumptions"]))
    except (Malformed, ValueError, TypeError) as problem:
        return False, f"the statement is not a claim: {first_line_of(problem):.200}"
    evidence = _proof(claim, seconds)
    if evidence is None:
        return False, f"the provers of this version find no proof within {seconds:g} s"
    return _examined(recorded_facts(evidence), tree["body"]["evidence"])


def _proof(claim: Claim, seconds: float) -> Evidence | None:
    """The evidence that proves the claim; for Not(S) that is a witness against S."""
    from numerics.negation import negated_verdict
    from numerics.verify import Inquiry
    from theory.provers import prove
    from theory.statements import Not
    from theory.verdicts import Status

    if isinstance(claim.holds, Not):
        inquiry = Inquiry.begun(claim, seconds)
        return inquiry.evidence[-1] if negated_verdict(inquiry) is Status.PROVED else None
    found = prove(claim, clock.now() + seconds)
    return next((e for e in found if e.status is Status.PROVED), None)


def _data(item: Any) -> Any:
    return item.get("data") if isinstance(item, dict) else None


def _examined(found: dict[str, Any], recorded: Any) -> Answer:
    """The proof that was found, its facts checked like those of the file."""
    from numerics.certificates.arb.facts import check_facts as check_in_arb
    from numerics.certificates.arb.outcome import Rejected as RejectedByArb
    from numerics.certificates.decimals.facts import check_facts
    from numerics.certificates.decimals.outcome import Rejected

    try:
        identities, answers = check_in_arb(found)
        check_facts(found)
    except (RejectedByArb, Rejected) as reason:
        return False, f"the proof of this version does not pass the checkers: {reason}"
    same = isinstance(recorded, list) and found["data"] in [_data(item) for item in recorded]
    facts = f"{identities} identities and {answers} answers of two solvers"
    which = "the recorded facts" if same else f"other facts ({facts}, checked as well)"
    return True, f"proved again by {found['by']}, with {which}"
