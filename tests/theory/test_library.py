"""Every claim of the library is proved, as a run of ``advsmooth verify`` says."""

import pytest

from numerics.library import known, library
from numerics.verify import verify
from theory.verdicts import Status

TASKS = library().tasks
OPEN = [task for task in known().tasks if task not in TASKS]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
def test_the_claim_is_proved(task):
    verdict = verify(task.claim(), budget=60, file=task.shown)
    found = [(e.by, e.status.value, e.detail) for e in verdict.evidence]
    assert verdict.status is Status.PROVED, found


@pytest.mark.parametrize("task", OPEN, ids=lambda task: task.id)
def test_an_open_claim_is_not_refuted_and_a_conjecture_not_proved(task):
    claim = task.claim()
    verdict = verify(claim, budget=6, file=task.shown)
    assert verdict.status is not Status.REFUTED
    if claim.kind == "conjecture":
        assert verdict.status is not Status.PROVED
