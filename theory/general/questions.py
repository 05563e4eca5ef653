"""The ways in which one relation at points is put to the strategies for plain claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from theory import clock
from theory.claims import Claim
from theory.general.relevance import about_sizes, sharing_sizes, without_idle_vectors
from theory.reasoning.change_of_basis import change_of_basis
from theory.verdicts import Status

# Share of the patience; each strategy is put to every question before the next: cheap first.
STRATEGIES = {"chain": 0.12, "scalar-relation": 1.0}
PATIENCE = (3.0, 8.0, 20.0, 60.0)  # seconds for one way of putting a question, round by round


@dataclass(frozen=True)
class Question:
    """Facts and a goal; ``facts`` are as known, ``claim`` is the question after changes."""

    facts: tuple[Any, ...]
    claim: Claim
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """A proof: its steps, and the facts that it was allowed to use."""

    steps: tuple[str, ...]
    facts: tuple[Any, ...]


class Inquiry:
    """Questions asked within a claim; what was proved once is remembered."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.answers: dict[Any, Answer] = {}

    def answer(self, given: tuple[Any, ...], goal: Any, seconds: float) -> Answer | None:
        """A proof of the goal, each way of putting the question for some seconds."""
        if (given, goal) in self.answers:
            return self.answers[given, goal]
        asked = list(questions(given, goal))
        fewest = min(len(q.facts) for q in asked)
        for strategy, question in product(STRATEGIES, asked):
            patience = STRATEGIES[strategy] * seconds * (2 if len(question.facts) == fewest else 1)
            limit = min(clock.now() + patience, self.deadline)
            if clock.now() >= self.deadline:
                return None
            steps = _proof(question.claim, strategy, limit)
            if steps is not None:
                found = Answer((*question.notes, *steps), question.facts)
                self.answers[given, goal] = found
                return found
        return None


def _proof(claim: Claim, strategy: str, deadline: float) -> tuple[str, ...] | None:
    from theory.provers import prove

    found = [e for e in prove(claim, deadline, (strategy,)) if e.status is Status.PROVED]
    return found[0].steps if found else None


def questions(given: tuple[Any, ...], goal: Any) -> Iterator[Question]:
    """From few facts and from all that may matter, as they are and in differences."""
    useful = without_idle_vectors(given, goal)
    choices = (sharing_sizes(useful, goal), about_sizes(useful, goal), useful)
    for facts in dict.fromkeys(c for c in choices if c or not useful):
        plain = Question(facts, Claim(id="at-points", given=facts, holds=goal))
        both = [plain, *_in_differences(facts, goal)]
        yield from reversed(both)


def _in_differences(facts: tuple[Any, ...], goal: Any) -> Iterator[Question]:
    rules = change_of_basis(facts, goal)
    if rules is not None:
        given = tuple(g.xreplace(rules) for g in facts)
        claim = Claim(id="at-points", given=given, holds=goal.xreplace(rules))
        yield Question(facts, claim, tuple(f"{old} = {new}" for old, new in rules.items()))
