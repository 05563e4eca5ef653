"""An id is found by the text of its file: a file that states it is never passed over."""

import pytest

from numerics.ids import files_that_may_state, files_with_similar
from numerics.library import known, theorem_files


@pytest.mark.parametrize("task", known().tasks, ids=lambda task: task.id)
def test_the_file_of_an_id_is_among_those_to_read(task):
    assert task.path in {path.resolve() for path in files_that_may_state(task.id)}


def test_few_files_are_read_for_one_id():
    assert len(files_that_may_state("l2-attack-optimal")) < len(theorem_files()) / 6


def test_a_slip_leads_to_a_file():
    assert any(path.stem == "attack_l2" for path in files_with_similar("l2-atack-optimal"))
