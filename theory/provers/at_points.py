"""Statements about unknown functions and maps, by what the hypotheses say at points."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from theory.claims import Claim
from theory.general.at_points import PlainClaim, Unsuitable, at_points
from theory.general.atoms import about_unknowns
from theory.general.relevance import about_sizes, sharing_sizes, without_idle_vectors
from theory.provers.kernel import proved
from theory.reasoning.change_of_basis import change_of_basis
from theory.scalars import Dot
from theory.verdicts import Evidence, Status

COST = 5
ABOUT_UNKNOWNS = True
FIRST = 5.0  # seconds for each version of the question before any gets more
PATIENCE = (2.0, 8.0, 60.0)  # seconds for one way of putting the question, round by round


def treats(statement: Any) -> bool:
    """Every kind; what is not shown at points is found out on the way."""
    return True


def prove(claim: Any, deadline: float) -> Evidence | None:
    """The plain claim at points, by every strategy for plain claims."""
    if not about_unknowns(claim):
        return None
    try:
        versions = [at_points(claim), at_points(claim, mixed=True)]
    except Unsuitable as reason:
        return Evidence("at-points", Status.UNDECIDED, str(reason))
    if versions[0].given == versions[1].given:
        versions.pop()
    for seconds in (FIRST, deadline):
        for k, plain in enumerate(versions):
            limit = min(time.monotonic() + seconds, _until(deadline, len(versions) - k))
            steps = _shown(claim, plain, limit)
            if steps is not None:
                return _evidence(plain, steps)
    return None


def _until(deadline: float, parts: int) -> float:
    now = time.monotonic()
    return now + (deadline - now) / parts


def _shown(claim: Any, plain: PlainClaim, deadline: float) -> list[str] | None:
    """The proofs of all relations, after the candidate lemmas that can be proved."""
    given = plain.given
    steps: list[str] = []
    for lemma in plain.candidates:
        proof = _proof(claim, given, lemma, _until(deadline, 3))
        if proof is not None:
            given, steps = (lemma, *given), [*steps, f"lemma {lemma}", *proof.steps]
    for relation in plain.relations:
        proof = _proof(claim, given, relation, deadline)
        if proof is None:
            return None
        steps += [f"show {relation}", *proof.steps]
    return steps


def _proof(claim: Any, given: Any, relation: Any, deadline: float) -> Evidence | None:
    """Every way of putting the question, for a short while first, then for longer."""
    asked = list(questions(given, relation))
    for seconds in PATIENCE:
        for rules, facts, goal in asked:
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            limit = time.monotonic() + min(seconds, left)
            found = _answer(Claim(id=claim.id, given=facts, holds=goal), limit)
            if found is not None:
                return replace(found, steps=(*rules, *found.steps))
    return None


def _answer(question: Claim, deadline: float) -> Evidence | None:
    from theory.provers import prove as prove_any

    proofs = [e for e in prove_any(question, deadline) if e.status is Status.PROVED]
    return proofs[0] if proofs else None


def questions(given: Any, relation: Any) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """From few facts and from all that may matter, as they are and in differences."""
    useful = without_idle_vectors(tuple(given), relation)
    choices = (sharing_sizes(useful, relation), about_sizes(useful, relation), useful)
    for facts in dict.fromkeys(choices):
        plain, changed = ((), facts, relation), _in_differences(facts, relation)
        both = [plain] if changed is None else [plain, changed]
        yield from reversed(both) if any(g.atoms(Dot) for g in facts) else both


def _in_differences(facts: Any, relation: Any) -> Any:
    rules = change_of_basis(facts, relation)
    if rules is None:
        return None
    named = tuple(f"{old} = {new}" for old, new in rules.items())
    return named, tuple(g.xreplace(rules) for g in facts), relation.xreplace(rules)


def _evidence(plain: PlainClaim, steps: list[str]) -> Evidence:
    cited = [str(a) for a in plain.assumptions]
    names = ", ".join(a.name for a in plain.assumptions)
    detail = "follows at the points that occur, for every function and map with the hypotheses"
    lines = [*(f"taken from outside: {a}" for a in cited), *plain.steps, *steps]
    return proved(
        "at-points",
        f"{detail}; taken from outside: {names}" if names else detail,
        lines,
        {"assumptions": cited} if cited else {},
    )
