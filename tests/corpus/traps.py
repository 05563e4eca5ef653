"""The traps of the folder: claims with their contracts, and files that must be refused."""

from __future__ import annotations

from pathlib import Path

from numerics.targets import select
from numerics.tasks import Selection, Task, select_files

HERE = Path(__file__).parent
ANNOUNCED = "# expected: "


def claims() -> Selection:
    """Every claim of `claims/`, in order of file and definition."""
    files = sorted(path for path in (HERE / "claims").glob("*.py") if path.stem != "contract")
    return select_files((path, path.name) for path in files)


def malformed() -> list[Path]:
    """Every file that must be refused."""
    return sorted(p for p in (HERE / "malformed").glob("*.py") if p.stem != "__init__")


def refusal(path: Path) -> str:
    """Empty where the file is refused with the one sentence it announces; else what it got."""
    found = select([str(path)])
    said = " ".join(error.message or "" for error in found.errors)
    announced = path.read_text("utf-8").splitlines()[0].removeprefix(ANNOUNCED)
    one = len(found.errors) == 1 and not found.tasks and "\n" not in said
    return "" if one and announced in said and said.startswith(str(path)) else f"said {said!r}"


def sample(tasks: tuple[Task, ...], every: int) -> list[Task]:
    """One claim in so many of each contract, the same ones each time."""
    by_contract: dict[str, list[Task]] = {}
    for task in tasks:
        by_contract.setdefault(task.claim().contract, []).append(task)  # type: ignore[attr-defined]
    return [task for group in by_contract.values() for task in group[::every]]
