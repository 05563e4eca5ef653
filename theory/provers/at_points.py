"""Statements about unknown functions and maps, by what the hypotheses say at points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from theory import clock
from theory.general.assumptions import IMPLICIT_FUNCTION, Assumption
from theory.general.at_points import PlainClaim, Unsuitable, at_points
from theory.general.atoms import about_unknowns
from theory.general.implicit import solved, with_map
from theory.general.questions import PATIENCE, Answer, Inquiry
from theory.provers.kernel import proved
from theory.statements import Equal, mapped
from theory.verdicts import Evidence, Status

COST = 5
ABOUT_UNKNOWNS = True
DETAIL = "follows at the points that occur, for every function and map with the hypotheses"


@dataclass(frozen=True)
class _Derived:
    """What was put in place of Jacobians, and on what grounds."""

    steps: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()


def treats(statement: Any) -> bool:
    """Every kind; what is not shown at points is found out on the way."""
    return True


def prove(claim: Any, deadline: float) -> Evidence | None:
    """The plain claim at points, by the strategies for plain claims."""
    if not about_unknowns(claim):
        return None
    claim, derived = _with_solutions(claim)
    if derived.steps and (same := _same_form(claim, derived)) is not None:
        return same
    inquiry, versions = Inquiry(deadline), list[PlainClaim]()
    for seconds, thorough in product(PATIENCE, (False, True)):
        if clock.now() > deadline:
            break
        if len(versions) == thorough:
            try:
                versions.append(at_points(claim, thorough=thorough))
            except Unsuitable as reason:
                return Evidence("at-points", Status.UNDECIDED, str(reason))
        plain = versions[thorough]
        if thorough and plain.given == versions[0].given:
            continue
        answers = _shown(plain, inquiry, seconds)
        if answers is not None:
            return _evidence(plain, derived, answers)
    return None


def _with_solutions(claim: Any) -> tuple[Any, _Derived]:
    """The claim with the formulas of the Jacobians that its hypotheses determine."""
    steps: list[str] = []
    for d, formula, argument in solved(claim):
        holds = mapped(claim.holds, lambda part, d=d, f=formula: with_map(part, d, f))
        claim = replace(claim, holds=holds, mutants=())
        steps += argument
    return claim, _Derived(tuple(steps), (IMPLICIT_FUNCTION,) if steps else ())


def _same_form(claim: Any, derived: _Derived) -> Evidence | None:
    """Two matrices or vectors with the same canonical form."""
    s = claim.holds
    if not isinstance(s, Equal) or s.left != s.right:
        return None
    steps = (*derived.steps, f"both sides are {s.left}")
    return _cited("implicit-derivative", "the same canonical form", steps, derived.assumptions)


def _shown(plain: PlainClaim, inquiry: Inquiry, seconds: float) -> list[tuple[Any, Answer]] | None:
    """The proofs of all relations, after the candidate lemmas that can be proved."""
    given, found = plain.given, []
    for lemma in plain.candidates:  # much is lost without a lemma that could have been had
        proof = inquiry.answer(given, lemma, 2 * seconds)
        if proof is not None:
            given = (lemma, *given)
            found.append((lemma, proof))
    for relation in plain.relations:
        proof = inquiry.answer(given, relation, seconds)
        if proof is None:
            return None
        found.append((relation, proof))
    return found


def _evidence(plain: PlainClaim, derived: _Derived, answers: list[tuple[Any, Answer]]) -> Evidence:
    """The proof with what it may have used: facts given to the strategies, and their sources."""
    used = {fact for _, proof in answers for fact in proof.facts}
    grounds = [a for fact in plain.given if fact in used for a in plain.grounds.get(fact, ())]
    because = [
        plain.because[fact] for fact in plain.given if fact in used and fact in plain.because
    ]
    steps = [*derived.steps, *plain.steps, *because]
    for relation, proof in answers:
        steps += [f"show {relation}", *proof.steps]
    assumptions = dict.fromkeys((*derived.assumptions, *plain.assumptions, *grounds))
    return _cited("at-points", DETAIL, steps, assumptions)


def _cited(
    by: str, detail: str, steps: Iterable[str], assumptions: Iterable[Assumption]
) -> Evidence:
    """A proof that names what it takes from outside."""
    cited = list(assumptions)
    if not cited:
        return proved(by, detail, steps)
    names = ", ".join(a.name for a in cited)
    lines = [*(f"taken from outside: {a}" for a in cited), *steps]
    data = {"assumptions": [str(a) for a in cited]}
    return proved(by, f"{detail}; taken from outside: {names}", lines, data)
