"""One claim, one verdict: attack it, try to prove it, say only what was shown.

The falsifier attacks proved claims all the same; when the engines contradict each other the
verdict is ``undecided`` and says so, because one of them is wrong.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Any

from sympy import S
from sympy.logic.boolalg import Boolean

from numerics.negation import negated_verdict
from theory import clock
from theory.claims import Claim, restated
from theory.general.atoms import about_unknowns
from theory.provers import prove
from theory.provers.vacuity import vacuous
from theory.statements import Not
from theory.verdicts import Evidence, Sharpness, Status, Verdict, Witness

QUICK, ANYWAY = 0.8, 0.8  # seconds for the first attack, and for one on what was shown
PROOF, BOXES = 0.6, 0.6  # shares of the time left
PROOF_OF_UNKNOWNS = 0.85  # nothing comes after it but another attack


@dataclass
class Inquiry:
    """What has been found out about one claim so far."""

    claim: Claim
    seed: int
    start: float  # on the wall, like the user's budget
    deadline: float
    evidence: list[Evidence] = field(default_factory=list)
    witness: Witness | None = None
    sharpness: Sharpness | None = None

    @classmethod
    def begun(cls, claim: Claim, seconds: float, seed: int = 0) -> Inquiry:
        """One that starts now and has so many seconds on the wall."""
        clock.begin()
        start = time.monotonic()
        return cls(claim, seed, start, start + seconds)

    def remaining(self) -> float:
        """Seconds of work that fit into what is left of the budget."""
        return clock.of_the_wall(max(0.0, self.deadline - time.monotonic()))

    def left(self, share: float) -> float:
        """A deadline on the work, after a share of what is left of the budget."""
        return clock.now() + share * self.remaining()


def verify(claim: Claim, *, budget: float = 60.0, seed: int = 0, file: str = "") -> Verdict:
    """The verdict on one claim within ``budget`` seconds."""
    inquiry = Inquiry.begun(restated(claim), budget, seed)
    try:
        status = _status(inquiry)
    except Exception as error:
        detail = f"internal failure: {type(error).__name__}: {error}"
        inquiry.evidence.append(Evidence("verify", Status.UNDECIDED, detail))
        status = Status.UNDECIDED
    return Verdict(
        id=claim.id,
        title=claim.title,
        source=claim.source,
        file=file,
        status=status,
        domain=_domain(claim),
        evidence=tuple(inquiry.evidence),
        sharpness=inquiry.sharpness,
        witness=inquiry.witness if status is Status.REFUTED else None,
        seconds=round(time.monotonic() - inquiry.start, 3),
    )


def _domain(claim: Claim) -> str:
    dims = claim.dimensions
    scope = "every d >= 1" if dims is None else "d in {" + ", ".join(map(str, dims)) + "}"
    unknown = ", all functions and maps" if about_unknowns(claim) else ""
    return f"{scope}, all parameters{unknown}"


def _status(inquiry: Inquiry) -> Status:
    if about_unknowns(inquiry.claim):
        return _status_of_unknowns(inquiry)
    if not _satisfiable(inquiry):
        return inquiry.evidence[-1].status
    if isinstance(inquiry.claim.holds, Not):
        return negated_verdict(inquiry)
    if _attack(inquiry, min(QUICK, 0.3 * (inquiry.deadline - inquiry.start))):
        return Status.REFUTED
    if _prove(inquiry):
        return _attack_anyway(inquiry, Status.PROVED)
    if _certify(inquiry):
        return _attack_anyway(inquiry, Status.CERTIFIED)
    if _attack(inquiry, inquiry.remaining()):
        return Status.REFUTED
    survived = inquiry.evidence[-1].status is Status.SURVIVED
    return Status.SURVIVED if survived else Status.UNDECIDED


def _status_of_unknowns(inquiry: Inquiry) -> Status:
    """Attacks with concrete functions and maps; a proof is tried whether or not any are found."""
    if _contradictory(inquiry):
        return Status.VACUOUS
    if isinstance(inquiry.claim.holds, Not):
        return negated_verdict(inquiry)
    if _attack(inquiry, min(QUICK, 0.3 * (inquiry.deadline - inquiry.start))):
        return Status.REFUTED
    if _prove(inquiry, PROOF_OF_UNKNOWNS):
        return _attack_anyway(inquiry, Status.PROVED)
    if _attack(inquiry, inquiry.remaining()):
        return Status.REFUTED
    survived = inquiry.evidence[-1].status is Status.SURVIVED
    return Status.SURVIVED if survived else Status.UNDECIDED


def _contradictory(inquiry: Inquiry) -> bool:
    """Whether the hypotheses are proved to contradict each other, where no instance is found."""
    from numerics.falsify import feasible_instance

    claim = inquiry.claim
    if not claim.given:
        return False
    found_one = S.false not in claim.given and feasible_instance(
        claim, inquiry.seed, inquiry.left(0.1)
    )
    if found_one:
        return False
    plain = tuple(g for g in claim.given if isinstance(g, Boolean))
    found = vacuous(replace(claim, given=plain, mutants=()), inquiry.left(0.2))
    detail = "no functions and maps that meet the hypotheses were found"
    inquiry.evidence.append(found or Evidence("feasibility", Status.UNDECIDED, detail))
    return found is not None


def _satisfiable(inquiry: Inquiry) -> bool:
    """Whether a point meets the hypotheses; if none is found, the last evidence says why."""
    from numerics.falsify import feasible_point

    claim = inquiry.claim
    if not claim.given:
        return True
    if not any(g is S.false for g in claim.given):
        dims = claim.dimensions or (1, 2, 3)
        for d in dims:
            if feasible_point(claim, d, inquiry.seed, inquiry.left(0.1)) is not None:
                return True
    found = vacuous(claim, inquiry.left(0.8))
    detail = "no point that meets the hypotheses was found, and no contradiction either"
    inquiry.evidence.append(found or Evidence("feasibility", Status.UNDECIDED, detail))
    return False


def _attack(inquiry: Inquiry, seconds: float) -> bool:
    """Search for an exact witness; what survived is kept as evidence and as sharpness."""
    from numerics.falsify import Refutation, falsify
    from numerics.falsify.severity import severity_family

    start = clock.now()
    found = falsify(inquiry.claim, inquiry.seed, start + max(seconds, 0.2))
    spent = round(clock.now() - start, 3)
    if isinstance(found, Refutation):
        inquiry.witness = found.witness
        unknown = about_unknowns(inquiry.claim)
        family = None if unknown else severity_family(inquiry.claim, found.witness)
        data = {"severity": family} if family else {}
        inquiry.evidence.append(
            Evidence("falsifier", Status.REFUTED, found.detail, spent, data=data)
        )
        return True
    inquiry.evidence.append(_survival(found, spent))
    if found.attained is not None:
        claimed = str(getattr(inquiry.claim.holds, "constant", "") or "1")
        inquiry.sharpness = Sharpness(claimed, found.attained, dict(found.at))
    return False


def _survival(found: Any, spent: float) -> Evidence:
    if not found.points:
        return Evidence("falsifier", Status.UNDECIDED, "no admissible point was tried", spent)
    dims = ", ".join(str(d) for d in found.dimensions)
    detail = f"{found.points} points chosen to break it did not, d in {{{dims}}}"
    return Evidence("falsifier", Status.SURVIVED, detail, spent)


def _prove(inquiry: Inquiry, share: float = PROOF) -> bool:
    found = prove(inquiry.claim, inquiry.left(share))
    inquiry.evidence += found
    return any(e.status is Status.PROVED for e in found)


def _certify(inquiry: Inquiry) -> bool:
    """Cover a compact domain with boxes on which the statement certainly holds."""
    from numerics.certify import Certified, certify

    start = clock.now()
    found = certify(inquiry.claim, inquiry.left(BOXES))
    spent = round(clock.now() - start, 3)
    if isinstance(found, Certified):
        data = {"certificate": found.certificate["body"]}
        evidence = Evidence("certifier", Status.CERTIFIED, found.detail, spent, data=data)
    else:
        evidence = Evidence("certifier", Status.UNDECIDED, found.reason, spent)
    inquiry.evidence.append(evidence)
    return isinstance(found, Certified)


def _attack_anyway(inquiry: Inquiry, shown: Status) -> Status:
    """A proof does not stop the falsifier; a witness against one means a broken engine."""
    if not _attack(inquiry, min(ANYWAY, inquiry.remaining())):
        return shown
    detail = f"it is {shown}, and a confirmed witness contradicts it: an engine is wrong"
    inquiry.evidence.append(Evidence("verify", Status.UNDECIDED, detail))
    return Status.UNDECIDED
