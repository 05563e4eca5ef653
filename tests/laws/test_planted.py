"""Planted claims get what they deserve: refuted, vacuous, never proved, or one sentence."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import theory.planted
from numerics.targets import select
from numerics.verify import verify
from tests.laws.witnesses import confirm
from theory.claims import Claim
from theory.verdicts import Status

ROOT = Path(__file__).parents[2]
BUDGET = 10.0  # seconds for one claim; most need far less
MODULES = [
    importlib.import_module(f"theory.planted.{name}")
    for name in ("false", "vacuous", "nonsmooth", "hair")
]
PLANTED = [
    pytest.param(value, module.TRUTH[value.id], id=value.id)
    for module in MODULES
    for value in vars(module).values()
    if isinstance(value, Claim)
]
MALFORMED = sorted(
    path
    for path in (Path(next(iter(theory.planted.__path__))) / "malformed").glob("*.py")
    if path.name != "__init__.py"
)
ANNOUNCED = "# expected: "


@pytest.mark.parametrize(("claim", "truth"), PLANTED)
def test_a_planted_claim_gets_its_verdict(claim: Claim, truth: str) -> None:
    verdict = verify(claim, budget=BUDGET)
    if truth == "not proved":
        # Where the truth is out of reach, a verdict may be missing but never wrong.
        assert verdict.status not in (Status.PROVED, Status.CERTIFIED, Status.VACUOUS)
    else:
        assert verdict.status == truth, [item.detail for item in verdict.evidence]
    if verdict.witness is not None:
        confirm(claim, verdict.witness)


@pytest.mark.parametrize("truth", ["refuted", "vacuous", "not proved"])
def test_every_kind_of_planted_claim_occurs(truth: str) -> None:
    assert sum(param.values[1] == truth for param in PLANTED) >= 3


def announced(path: Path) -> str:
    first = path.read_text("utf-8").splitlines()[0]
    assert first.startswith(ANNOUNCED), f"{path.name}: expected a first line {ANNOUNCED!r}..."
    return first.removeprefix(ANNOUNCED)


@pytest.mark.parametrize("path", MALFORMED, ids=lambda path: path.stem)
def test_a_malformed_file_is_one_sentence(path: Path) -> None:
    found = select([str(path)])
    (error,) = found.errors
    assert error.status is Status.ERROR
    assert error.message is not None
    assert announced(path) in error.message
    assert error.message.startswith(str(path)) and "\n" not in error.message
    assert len(found.tasks) == (path.stem == "duplicate_id")  # the first of two stands


def test_there_are_malformed_files() -> None:
    assert len(MALFORMED) >= 25


@pytest.mark.parametrize("name", ["p_below_one", "not_python"])
def test_a_malformed_file_ends_the_command_with_status_2(name: str, tmp_path: Path) -> None:
    path = next(path for path in MALFORMED if path.stem == name)
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    done = subprocess.run(
        [sys.executable, "-m", "advsmooth", "verify", str(copy)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"error: {copy}") and announced(path) in done.stderr
