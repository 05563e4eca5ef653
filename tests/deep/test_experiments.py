"""Experiments: parts that are kept, resumed and fail alone; E1, E2 and E6 on small settings."""

import json
import math
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("sklearn")

from click.testing import CliRunner  # noqa: E402

import advsmooth  # noqa: E402
from numerics.deep import experiment, record, run  # noqa: E402
from numerics.deep.attacks.norm_balls import NormBall  # noqa: E402
from numerics.deep.experiment import Context, Finding, PartsFailed  # noqa: E402
from numerics.deep.experiments import (  # noqa: E402
    attack_sensitivity,
    linear_models,
    loss_surfaces,
)
from numerics.deep.models import build  # noqa: E402
from numerics.deep.objective import Objective  # noqa: E402
from numerics.deep.training.stopped import TrainingStopped  # noqa: E402
from numerics.pool import Workers  # noqa: E402
from numerics.sentences import Malformed  # noqa: E402
from tests.deep.test_records import NO_TORCH  # noqa: E402

ROOT = Path(__file__).parents[2]


def square(device: str, value: float) -> Any:
    """A part; negative values are the user's mistake."""
    if value < 0:
        raise Malformed(f"value {value}: expected at least 0")
    if value > 100:
        raise TrainingStopped("training collapsed", reason="collapse")
    return {"square": value**2, "threads": torch.get_num_threads()}


def cases(*values: float) -> dict[str, dict[str, float]]:
    return {f"value {v}": {"value": v} for v in values}


def context(folder: Path, **options: Any) -> Context:
    return Context("linear_models", folder=folder, **options)


def test_parts_are_kept_and_taken_up(tmp_path: Path) -> None:
    first = context(tmp_path).parts(square, cases(2, 3))
    assert first == {f"value {v}": {"square": v**2, "threads": 1} for v in (2, 3)}
    files = sorted((tmp_path / "parts" / "linear_models").iterdir())
    assert len(files) == 2
    kept = json.loads(files[0].read_text())
    kept["value"]["square"] = -1
    files[0].write_text(json.dumps(kept))
    files[1].write_text("{")
    resumed = context(tmp_path, resume=True)
    assert resumed.parts(square, cases(2, 3, 4))["value 2"]["square"] == -1
    assert resumed.reused == 1
    assert context(tmp_path).parts(square, cases(2)) == {"value 2": first["value 2"]}


def test_other_cases_devices_and_sources_are_other_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context(tmp_path).parts(square, cases(2))
    for other in (context(tmp_path, device="cuda", resume=True),):
        other.parts(square, cases(2))
        assert other.reused == 0
    monkeypatch.setattr(record, "sources", lambda name: "changed")
    changed = context(tmp_path, resume=True)
    changed.parts(square, cases(2))
    assert changed.reused == 0


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_part_that_fails_keeps_the_others(tmp_path: Path, jobs: int) -> None:
    with pytest.raises(PartsFailed) as caught:
        context(tmp_path, jobs=jobs).parts(square, cases(-1, 2, 101))
    sentence = str(caught.value)
    assert sentence.startswith("linear_models: 2 of 3 parts failed, the first at value -1: ")
    assert "expected at least 0" in sentence
    resumed = context(tmp_path, resume=True)
    resumed.parts(square, cases(2))
    assert resumed.reused == 1


def process(device: str, value: float) -> int:
    """Of which process."""
    return os.getpid()


def crash(device: str, value: float) -> None:
    """A part that ends its process, as a lack of memory does."""
    os._exit(1)


def test_workers_are_kept_and_replaced_after_a_crash(tmp_path: Path) -> None:
    with Workers(2) as workers:
        shared = context(tmp_path, jobs=2, workers=workers)
        with pytest.raises(PartsFailed, match=r"2 of 2 parts failed.* its process ended early"):
            shared.parts(crash, cases(1, 2))
        first, second = (shared.parts(process, cases(k, k + 1)) for k in (1, 3))
    assert len({*first.values(), *second.values()}) <= 2
    assert os.getpid() not in first.values()


def test_a_part_that_gives_no_plain_value_fails() -> None:
    with pytest.raises(PartsFailed, match="expected JSON values"):
        Context("linear_models").parts(_not_a_number, {"a": {}})


def _not_a_number(device: str) -> float:
    return math.nan


def test_the_number_of_processes_changes_no_number() -> None:
    case = {"data": "breast_cancer", "n": 60, "seed": 1, "p": "2", "radius": 0.5, "steps": 5}
    alone, together = (
        Context("linear_models", jobs=jobs).parts(
            linear_models.agreement, {"a": case, "b": {**case, "seed": 2}}
        )
        for jobs in (1, 2)
    )
    assert alone == together


def test_progress_counts_every_part(tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    context(tmp_path, advance=lambda *what: told.append(what)).parts(square, cases(1, 2))
    assert told == [(0, 2, ""), (1, 2, "value 1"), (2, 2, "value 2")]


def test_a_verdict_is_one_of_three() -> None:
    with pytest.raises(ValueError, match="expected one of borne out"):
        Finding("proved", "no experiment proves")


def test_names_and_numbers() -> None:
    assert run.chosen(["E1", "linear_models", "e6"]) == ["linear_models", "loss_surfaces"]
    assert set(run.chosen([])) == set(record.names())
    with pytest.raises(Malformed, match="did you mean 'linear_models'"):
        run.chosen(["linear_model"])


def command(*arguments: str) -> Any:
    return CliRunner().invoke(advsmooth.main, ["experiment", *arguments])


def test_mistakes_are_one_sentence(tmp_path: Path) -> None:
    for arguments, said in (
        (["linear_modles"], "expected one of"),
        (["E1", "--keep", "--scale", "full"], "expected --scale small"),
        (["E2", "--data", str(tmp_path / "none")], "expected"),
    ):
        result = command(*arguments, "--out", str(tmp_path / "out"), "--jobs", "1")
        assert result.exit_code == 2, result.output
        assert said in result.output
        assert "Traceback" not in result.output
        assert len(result.output.strip().splitlines()) == 1


def test_without_torch_the_command_says_what_to_install() -> None:
    code = f"{NO_TORCH}\nimport advsmooth; advsmooth.main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "experiment"],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
    )
    assert done.returncode == 2
    assert done.stderr.strip().endswith("(pip install 'advsmooth[deep]')")


TINY_E1 = {"n": 60, "seeds": [0, 1], "pairs": 20, "cells": 60}


def test_a_command_leaves_a_table_and_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = {**linear_models.SCALES["small"], **TINY_E1}
    monkeypatch.setattr(record, "scales", lambda name: {"small": small})
    result = command("E1", "--out", str(tmp_path), "--jobs", "1")
    assert result.exit_code == 0, result.output
    assert "borne out: attack, loss, gradient and Hessian" in result.output
    done = record.read(tmp_path / "linear_models.json")
    assert done.settings == small
    assert done.provenance["sources"] == record.sources("linear_models")
    assert done.provenance["threads"] == 1
    assert len(done.numbers["Linf"]["kinks"]) == 2


@pytest.fixture(scope="module")
def linear() -> dict[str, Any]:
    settings = {**linear_models.SCALES["small"], **TINY_E1}
    return linear_models.run(settings, Context("linear_models"))


def test_linear_models_agree_with_theory_to_rounding(linear: dict[str, Any]) -> None:
    assert linear_models.finding(linear).verdict == "borne out"
    for row in linear["L2"]["agreement"]:
        assert row["Hessian"] < 1e-12
        assert row["Hessian, attack held fixed"] > 0.01  # what would be seen if it were wrong
        assert row["left out"] == 0
    near = linear["L2"]["constants"][0]["near zero"]
    for _, top, measured, rate in near[1:]:
        assert top == pytest.approx(rate, rel=0.01)
        assert measured == pytest.approx(rate, rel=0.01)


@pytest.mark.parametrize(
    ("ball", "part", "name", "value"),
    [
        ("L2", "agreement", "Hessian", 1e-6),
        ("Linf", "agreement", "loss", 1e-6),
        ("Linf", "kinks", "jump error", 1e-3),
        ("Linf", "kinks", "found on the line", 1),
        ("L2", "kinks", "found on the line", 1),
        ("Linf", "kinks", "position error", None),
        ("L2", "constants", "largest quotient by constant", 1.01),
    ],
)
def test_a_difference_from_theory_is_not_borne_out(
    linear: dict[str, Any], ball: str, part: str, name: str, value: float | None
) -> None:
    wrong = json.loads(json.dumps(linear))
    wrong[ball][part][0][name] = value
    assert linear_models.finding(wrong).verdict == "not borne out"


TINY_E2 = {
    "data": "digits",
    "n": 6,
    "seed": 0,
    "epochs": 1,
    "lr": 0.1,
    "steps": [0.1, 0.001, 0.0001],
    "starts": 4,
    "bisected": 3,
    "method": "adversarial",
}


def test_the_l2_attack_moves_at_the_rate_of_the_implicit_function_theorem() -> None:
    part = attack_sensitivity.moved("cpu", activation="silu", p="2", radius=0.75, **TINY_E2)
    last = part["steps"][-1]
    assert last["away from limit"] < 0.01
    assert last["mean"] == pytest.approx(part["limit"]["mean"], rel=0.01)
    assert last["flipped coordinates"] == 0
    assert part["bracket"]["change"] < 1e-3
    assert part == attack_sensitivity.moved("cpu", activation="silu", p="2", radius=0.75, **TINY_E2)


def test_the_box_attack_jumps() -> None:
    part = attack_sensitivity.moved("cpu", activation="silu", p="inf", radius=0.1, **TINY_E2)
    assert part["bracket"]["change"] >= 1
    bracket = part["bracket"]
    assert bracket["gradient"] == pytest.approx(bracket["gradient predicted"], rel=1e-2)
    assert part["steps"][0]["flipped coordinates"] > 0


def test_ascent_finds_what_the_certified_attack_finds() -> None:
    torch.manual_seed(0)
    model = build("mlp", (4,), 3, activation="silu", widths=(8,)).double()
    x, y = torch.randn(5, 4, dtype=torch.double), torch.tensor([0, 1, 2, 0, 1])
    certified = attack_sensitivity.Network(model, "silu", NormBall(2, 0.3), 8)
    ascent = attack_sensitivity.Network(model, "relu", NormBall(2, 0.3), 8)
    theta = certified.objective.theta()
    values = [network.attack(theta, x, y).value for network in (certified, ascent)]
    assert torch.allclose(*values, rtol=1e-8)


def test_filters_keep_their_lengths() -> None:
    torch.manual_seed(0)
    objective = Objective(build("mlp", (4,), 3, widths=(5,)).double())
    theta, direction = objective.theta(), loss_surfaces.normalised(objective, 0)
    ours, own = objective.parameters(direction), objective.parameters(theta)
    for name, weight in own.items():
        if weight.ndim > 1:
            assert torch.allclose(ours[name].norm(dim=1), weight.norm(dim=1))
        else:
            assert not ours[name].any()
    assert not torch.equal(direction, loss_surfaces.normalised(objective, 1))


def test_slopes_are_those_of_finite_differences_and_kinks_are_convex() -> None:
    common = {"data": "digits", "n": 8, "seed": 0, "epochs": 1, "lr": 0.1}
    around = loss_surfaces.Around("cpu", **common)
    delta, h = torch.zeros_like(around.x), 1e-6
    length = around.directions[0].norm()

    def losses(t: float) -> torch.Tensor:
        return around.objective.losses(around.at(t), around.x, around.y).detach()

    expected = (losses(0.1 + h) - losses(0.1 - h)) / (2 * h * length)
    assert torch.allclose(around.slopes(0.1, delta), expected, atol=1e-8)
    kink = loss_surfaces._kink(around, "Linf", 0.1, 4, 0.1)
    assert kink["kink"] > 0
    assert kink["attack"] >= 1
    assert abs(loss_surfaces._kink(around, "natural", 0.0, 4, 0.1)["kink"]) < 1e-5


def test_the_verdict_on_surfaces_needs_kinks_where_attacks_jump() -> None:
    def numbers(**changes: Any) -> dict[str, Any]:
        row = {
            "natural": {"kink": 1e-7, "attack": 0.0},
            "L2": {"kink": 1e-6, "attack": 1e-6},
            "Linf": {"kink": 0.3, "attack": 2.0},
        }
        return {"lines": [row, {**row, **changes}]}

    verdict = {
        name: loss_surfaces.finding(numbers(**change)).verdict
        for name, change in {
            "as predicted": {},
            "a tie": {"L2": {"kink": 0.5, "attack": 1.1}},
            "small": {"Linf": {"kink": 1e-3, "attack": 2.0}},
            "concave": {"L2": {"kink": -0.5, "attack": 1.1}},
            "stray": {"L2": {"kink": 0.5, "attack": 1e-6}},
            "none": {"Linf": {"kink": 1e-7, "attack": 0.0}},
        }.items()
    }
    assert verdict == {
        "as predicted": "borne out",
        "a tie": "borne out",
        "small": "inconclusive",
        "concave": "not borne out",
        "stray": "not borne out",
        "none": "not borne out",
    }


def test_an_interruption_keeps_finished_parts(tmp_path: Path) -> None:
    """A real Ctrl-C, in a process of its own."""
    command = [sys.executable, "-m", "advsmooth", "experiment", "E1", "--out", str(tmp_path)]
    with subprocess.Popen(
        [*command, "--jobs", "1"], cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as started:
        folder = tmp_path / "parts" / "linear_models"
        for _ in range(1200):
            if folder.is_dir() and any(folder.glob("*.json")):
                break
            time.sleep(0.1)
        started.send_signal(2)
        _, errors = started.communicate(timeout=60)
    assert started.returncode == 130
    assert "--resume goes on" in errors
    assert not (tmp_path / "linear_models.json").exists()
    assert all("value" in json.loads(p.read_text()) for p in folder.glob("*.json"))
    assert experiment.VERDICTS
