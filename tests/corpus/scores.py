"""What a verdict is worth against the contract: kept, missed or wrong.

A refutation counts once the independent evaluator has seen the violation, too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from mpmath import mp
from sympy import tanh

from numerics.tasks import Task
from tests.laws.witnesses import confirm
from theory.statements import parts, substitute
from theory.verdicts import Status, Verdict

KEPT, MISSED, WRONG = "kept", "missed", "WRONG"
YES = frozenset({Status.PROVED, Status.CERTIFIED})
UNKNOWN = frozenset({Status.SURVIVED, Status.UNDECIDED})
DIGITS = 400  # two losses of 1e-100 differ although 1 + 1e-100 is 1 to sixty digits
GOOD = {"prove": YES, "refute": {Status.REFUTED}, "vacuous": {Status.VACUOUS}}
TRUE = {True: YES, False: {Status.REFUTED}, None: {Status.VACUOUS}}


@dataclass(frozen=True)
class Score:
    """One claim, what was asked, what came, and why it deviates."""

    id: str
    file: str
    contract: str
    status: str
    mark: str
    seconds: float
    note: str = ""


def score(task: Task, verdict: Verdict) -> Score:
    """The verdict against the contract of the claim."""
    trap: Any = task.claim()
    mark, note = mark_of(trap, verdict)
    status, seconds = str(verdict.status), verdict.seconds
    return Score(task.id, task.shown, trap.contract, status, mark, seconds, note)


def mark_of(trap: Any, verdict: Verdict) -> tuple[str, str]:
    """Kept, missed or wrong, with a reason unless kept."""
    if contradicts_itself(verdict):
        return WRONG, "a proof and a witness against it"
    if verdict.status in UNKNOWN:
        reasons = "; ".join(f"{item.by}: {item.detail}" for item in verdict.evidence)
        return (KEPT, "") if trap.contract == "open" else (MISSED, reasons)
    if verdict.status not in GOOD.get(trap.contract, TRUE[trap.truth]):
        return WRONG, f"the truth: {trap.source}"
    objection = unconfirmed(trap, verdict) if verdict.status is Status.REFUTED else ""
    return (WRONG, f"witness not confirmed: {objection}") if objection else (KEPT, "")


def contradicts_itself(verdict: Verdict) -> bool:
    """Whether one engine proved what another refuted, whatever the last word was."""
    said = {item.status for item in verdict.evidence}
    return verdict.status is Status.UNDECIDED and {Status.PROVED, Status.REFUTED} <= said


def unconfirmed(claim: Any, verdict: Verdict) -> str:
    """Empty where the independent evaluator sees the violation; else what it saw."""
    if verdict.witness is None:
        return "there is none"
    try:
        with mp.workdps(DIGITS):
            confirm(in_exponentials(claim), verdict.witness)
    except Exception as problem:  # any failure of the second route is an objection
        return f"{type(problem).__name__}: {problem} at {verdict.witness.to_json()}"
    return ""


def in_exponentials(claim: Any) -> Any:
    """The claim with every tanh written out, which the independent evaluator does not know."""
    found = {a for part in parts(claim.holds) if hasattr(part, "atoms") for a in part.atoms(tanh)}
    if not found:
        return claim
    return replace(claim, holds=substitute(claim.holds, {a: a.rewrite("exp") for a in found}))
