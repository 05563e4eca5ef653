"""The README keeps its promises: its Python runs, its commands print what it says they print."""

import math
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from numerics.library import library
from theory.verdicts import Status

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
PYTHON = [text for kind, text in BLOCKS if kind == "python"]
CONSOLE = [text for kind, text in BLOCKS if kind == "console"]
LEFT_OUT = "..."
NUMBER = r"-?\d+(?:[./]\d+)*(?:e[-+]?\d+)?"


def run(command: str) -> str:
    """What the command prints, on both streams, as in a terminal."""
    name, *arguments = command.split()
    assert name == "advsmooth"
    done = subprocess.run(
        [sys.executable, "-m", "advsmooth", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=200,
    )
    return done.stdout


def normal(line: str) -> str:
    """Without what a run cannot promise: seconds, sharpness, the point that was found."""
    line = re.sub("─+", "─", " ".join(line.split()))
    line = re.sub(r"in [0-9.]+ s$", "in # s", line)
    if line.split(" ")[0] in set(Status):
        line = re.sub(r"( \S+){2}$", " # #", line)
    if ": refuted at " in line:
        line = re.sub(rf"{NUMBER}(, {NUMBER})*(?=[),:]|$)", "#", line)
    return line


def matches(shown: list[str], printed: list[str]) -> bool:
    """Equality of lines, where `...` stands for any number of lines."""
    if not shown:
        return not printed
    if shown[0] == LEFT_OUT:
        return any(matches(shown[1:], printed[k:]) for k in range(len(printed) + 1))
    return bool(printed) and shown[0] == printed[0] and matches(shown[1:], printed[1:])


def lines(text: str) -> list[str]:
    return [normal(line) for line in text.strip().splitlines()]


@pytest.mark.parametrize("text", PYTHON, ids=lambda text: text.strip().splitlines()[0])
def test_every_python_block_runs(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(text, "README.md", "exec"), {"__name__": "readme"})


@pytest.mark.parametrize("text", CONSOLE, ids=lambda text: text.splitlines()[0])
def test_every_command_prints_what_the_readme_shows(text: str) -> None:
    first, _, shown = text.partition("\n")
    printed = run(first.removeprefix("$ "))
    assert matches(lines(shown), lines(printed)), printed


def test_the_readme_has_blocks_of_both_kinds() -> None:
    assert len(PYTHON) >= 3
    assert len(CONSOLE) >= 3


def test_the_comparison_sees_a_changed_verdict_and_nothing_of_the_clock() -> None:
    row = "proved   a   every d >= 1   0.99   1.50"
    assert normal(row) == normal(row.replace("1.50", "22.75").replace("0.99", "1"))
    assert normal(row) != normal(row.replace("proved", "survived"))
    found = "a: refuted at d = 1, B = 1/10, theta = (-1/5): lhs = 1.09, rhs = 0.621"
    other = "a: refuted at d = 2, B = 3, theta = (0, 4): lhs = 2, rhs = 1e-9"
    assert normal(found) == normal(other)
    assert normal(found) != normal(found.replace("B", "C"))
    assert matches(["a", "...", "d"], ["a", "b", "c", "d"])
    assert not matches(["a", "...", "d"], ["a", "b"])


def test_the_claim_shown_is_the_example_file() -> None:
    assert (ROOT / "tests/examples/smooth_l2.py").read_text(encoding="utf-8") in PYTHON


def test_the_witness_shown_breaks_the_claim_shown() -> None:
    """By the formula of the gradient in one dimension, in plain floating point."""
    (line,) = [line for line in README.splitlines() if ": refuted at d = 1, " in line]
    found = re.findall(rf"([\w']+) = \(?({NUMBER})\)?", line)
    value = {name: math.prod(_ratio(text)) for name, text in found}
    radius, rho, bound = value["epsilon"], value["rho"], value["B"]

    def gradient(theta: float) -> float:
        margin = value["y"] * theta * value["x"] - radius * abs(theta)
        turn = value["y"] * value["x"] - radius * math.copysign(1, theta)
        return -turn / (1 + math.exp(margin))

    assert min(abs(value["theta"]), abs(value["theta'"])) >= rho
    assert abs(value["x"]) <= bound
    constant = (bound + radius) ** 2 / 4 + radius / (4 * rho)
    left = abs(gradient(value["theta"]) - gradient(value["theta'"]))
    right = constant * abs(value["theta"] - value["theta'"])
    assert left == pytest.approx(value["lhs"], rel=1e-9)
    assert right == pytest.approx(value["rhs"], rel=1e-9)
    assert left > right


def _ratio(text: str) -> tuple[float, float]:
    top, _, bottom = text.partition("/")
    return float(top), 1 / float(bottom or 1)


def test_files_and_claims_named_in_the_readme_exist() -> None:
    for path in re.findall(r"[`(]((?:tests|paper_figures|theory|numerics)/[\w./]*)[`)]", README):
        assert (ROOT / path).exists(), path
    ids = {task.id for task in library().tasks}
    assert {"l2-hessian-formula", "l2-no-global-constant", "linf-jump-size"} <= ids


def test_the_number_of_claims_is_that_of_the_library() -> None:
    (count,) = re.findall(r"the library\s+of (\d+) claims", README)
    assert int(count) == len(library().tasks)


def test_every_status_is_explained() -> None:
    for status in Status:
        assert f"| `{status}` |" in README


def test_the_figure_is_small_enough_for_a_page() -> None:
    (path,) = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README)
    assert (ROOT / path).stat().st_size < 200_000
