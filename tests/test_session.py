"""A session on executors of others: any of concurrent.futures will do."""

import sys
import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from numerics import session
from numerics.claim_files import claims_of
from numerics.one_claim import grace
from numerics.tasks import Task, select_files
from numerics.time_limit import OutOfTime, time_limit
from theory.verdicts import Evidence, Status, Verdict


@pytest.fixture
def tasks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Task, ...]:
    stand_in = ModuleType("numerics.verify")
    stand_in.verify = survived  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "numerics.verify", stand_in)
    path = tmp_path / "claims.py"
    lines = [f"c{n} = Claim(id='c{n}', holds=norm(Vector('t')) >= 0)\n" for n in range(4)]
    path.write_text("from theory import Claim, Vector, norm\n" + "".join(lines))
    return select_files([(path, "claims.py")]).tasks


def survived(claim: Any, *, budget: float, seed: int, file: str) -> Verdict:
    detail = threading.current_thread().name
    evidence = (Evidence("stand-in", Status.SURVIVED, detail),)
    return Verdict(claim.id, "", "", file, Status.SURVIVED, "", evidence)


class Lossy(Executor):
    """Loses every task."""

    def submit(self, work: Any, /, *args: Any, **options: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(ConnectionError("gone"))
        return future


def test_another_executor_is_used_and_left_open(tasks: tuple[Task, ...]) -> None:
    told: list[str] = []
    with ThreadPoolExecutor(2, thread_name_prefix="other") as executor:
        verdicts = session.run(
            tasks, budget=1, seed=0, executor=executor, report=lambda t, v: told.append(t.id)
        )
        assert executor.submit(abs, -1).result() == 1
    assert [verdict.id for verdict in verdicts] == ["c0", "c1", "c2", "c3"]
    assert sorted(told) == ["c0", "c1", "c2", "c3"]
    assert all(verdict.evidence[0].detail.startswith("other") for verdict in verdicts)


def test_a_task_lost_on_the_way_is_undecided(tasks: tuple[Task, ...]) -> None:
    verdicts = session.run(tasks, budget=1, seed=0, executor=Lossy())
    assert {verdict.status for verdict in verdicts} == {Status.UNDECIDED}
    assert "ConnectionError" in verdicts[0].evidence[0].detail


def test_every_module_level_claim_counts_once(tasks: tuple[Task, ...]) -> None:
    module = ModuleType("m")
    first = tasks[0].claim()
    vars(module).update(a=first, alias=first, number=1)
    assert claims_of(module) == {"a": first}


def test_the_limit_passes_through_a_broad_except_and_is_lifted_after() -> None:
    with pytest.raises(OutOfTime), time_limit(0.05):
        while True:
            with suppress(Exception):
                threading.Event().wait(1)
    threading.Event().wait(0.1)


@pytest.mark.parametrize("budget", [0.1, 1.0, 60.0, 1e6])
def test_the_grace_is_short(budget: float) -> None:
    assert 1.0 <= grace(budget) <= 5.0
