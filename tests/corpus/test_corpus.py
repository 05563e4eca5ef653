"""The corpus keeps its own rules, and a fixed sample of it keeps its contracts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from numerics.one_claim import verify_task
from numerics.tasks import Task
from tests.corpus.scores import MISSED, WRONG, mark_of, score
from tests.corpus.traps import claims, malformed, refusal, sample
from theory.verdicts import Evidence, Status, Verdict, Witness

BUDGET = 10.0  # seconds for one claim; most need far less
ALL = claims()
TRAPS: dict[str, Any] = {task.id: task.claim() for task in ALL.tasks}
EVERY = 12
SAMPLE = sample(ALL.tasks, EVERY)
NEAR = 5  # claims between a false one and its true neighbour, at most
CONTRACTS = ("prove", "refute", "vacuous", "open")


@pytest.mark.parametrize("task", SAMPLE, ids=lambda task: task.id)
def test_a_sampled_claim_keeps_its_contract(task: Task) -> None:
    found = score(task, verify_task(task, BUDGET, seed=0))
    assert found.mark != WRONG, f"{found.status}: {found.note}"
    if found.mark == MISSED:  # no answer is no wrong answer; the whole corpus counts them
        pytest.xfail(f"{found.contract}: {found.status}, {found.note}")


@pytest.mark.parametrize("path", malformed(), ids=lambda path: path.stem)
def test_a_malformed_file_is_one_sentence(path: Path) -> None:
    assert refusal(path) == ""


def test_every_file_loads_and_there_are_many_claims() -> None:
    assert ALL.errors == ()
    assert len(ALL.tasks) >= 500 and len(malformed()) >= 12
    for contract in CONTRACTS:
        assert sum(trap.contract == contract for trap in TRAPS.values()) >= 10


def test_a_trap_says_why_and_what_is_true() -> None:
    for trap in TRAPS.values():
        assert trap.source and trap.contract in CONTRACTS, trap.id
        if trap.contract in ("prove", "refute"):
            assert trap.truth is (trap.contract == "prove"), trap.id


def test_a_false_claim_stands_a_few_lines_below_its_true_neighbour() -> None:
    order = {task.id: (task.path, place) for place, task in enumerate(ALL.tasks)}
    for trap in TRAPS.values():
        if trap.truth is False:
            assert trap.near is not None and trap.near.truth is True, trap.id
            (path, place), (other, above) = order[trap.id], order[trap.near.id]
            assert path == other and 0 < place - above <= NEAR, trap.id


def test_the_sample_has_every_contract() -> None:
    assert {TRAPS[task.id].contract for task in SAMPLE} == set(CONTRACTS)


def verdict(status: Status, *said: Status, witness: Witness | None = None) -> Verdict:
    evidence = tuple(Evidence("engine", s, "said so") for s in (*said, status))
    return Verdict("id", "", "", "", status, "", evidence, witness=witness)


@pytest.mark.parametrize(
    ("id", "status", "mark"),
    [
        ("curve", Status.PROVED, "kept"),
        ("curve", Status.SURVIVED, "missed"),
        ("curve", Status.VACUOUS, "WRONG"),
        ("curve-hair", Status.PROVED, "WRONG"),
        ("curve-hair", Status.UNDECIDED, "missed"),
        ("no-square", Status.PROVED, "WRONG"),
        ("no-square", Status.VACUOUS, "kept"),
        ("pinsker", Status.SURVIVED, "kept"),
        ("pinsker", Status.PROVED, "kept"),
        ("pinsker", Status.VACUOUS, "WRONG"),
    ],
)
def test_the_score_of_a_verdict(id: str, status: Status, mark: str) -> None:
    assert mark_of(TRAPS[id], verdict(status))[0] == mark


@pytest.mark.parametrize(("m", "mark"), [("0", "kept"), ("1", "WRONG")])
def test_only_a_confirmed_witness_counts(m: str, mark: str) -> None:
    found = verdict(Status.REFUTED, witness=Witness(1, {"m": m}))
    assert mark_of(TRAPS["curve-hair"], found)[0] == mark


def test_engines_that_contradict_each_other_are_wrong() -> None:
    found = verdict(Status.UNDECIDED, Status.PROVED, Status.REFUTED)
    assert mark_of(TRAPS["curve"], found)[0] == WRONG
