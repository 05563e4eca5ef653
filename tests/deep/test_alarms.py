"""Alarms: each planted failure is caught in one sentence with the history kept; health is not."""

from __future__ import annotations

import math
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from numerics.deep.training import Settings, TrainingStopped, train  # noqa: E402
from numerics.deep.training.alarms import collapsed, entropy, gradient_masking  # noqa: E402
from tests.deep.training_data import blobs, network  # noqa: E402

torch.set_num_threads(1)


def settings(**changes: Any) -> Settings:
    small = {"epochs": 12, "batch": 16, "radius": 0.1, "attack_steps": 2, "collapse_after": 20}
    return Settings(**{**small, **changes})


def stopped(reason: str, run: Settings, model: Any, attack: Any = None, **more: Any) -> Any:
    with pytest.raises(TrainingStopped) as caught:
        train(run, blobs(), model=model, attack=attack, **more)
    assert caught.value.reason == reason
    assert "\n" not in str(caught.value) and "expected" in str(caught.value)
    return caught.value


class Constant(torch.nn.Module):
    """A network all of whose units are dead."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = torch.nn.Linear(6, 3)

    def forward(self, x: Any) -> Any:
        return self.linear(0 * x)


def test_a_constant_predictor_is_called_so_and_the_history_is_kept() -> None:
    found = stopped("collapse", settings(lr=0.0, weight_decay=0.0), Constant())
    assert f"{math.log(3):.4f} of guessing" in str(found)
    assert [row["epoch"] for row in found.history] == list(range(1, 8))  # 7 passes of 3 batches


class Turning(Constant):
    """As dead, but the one class changes from batch to batch, as at a rate that is too large."""

    def forward(self, x: Any) -> Any:
        self.calls = getattr(self, "calls", 0) + 1
        favour = torch.nn.functional.one_hot(torch.tensor(self.calls % 3), 3)
        return super().forward(x) + 9 * favour


def test_a_constant_predictor_that_changes_its_class_is_called_so() -> None:
    stopped("collapse", settings(lr=0.0, weight_decay=0.0), Turning())


def test_healthy_training_raises_no_alarm() -> None:
    run = train(settings(epochs=40, lr=0.5), blobs(), model=network())
    assert run.history[-1]["accuracy"] > 0.8


def test_a_collapse_is_late_constant_and_no_better_than_guessing() -> None:
    def rows(**changes: float) -> list[dict[str, float]]:
        usual = {"constant": 1.0, "loss": 1.1, "radius": 0.1}
        return [{**usual, **changes, "drawn": 10 * k} for k in range(1, 6)]

    entropy_of_labels = math.log(3)
    assert collapsed(rows(), entropy_of_labels, 0.1, 50)
    assert not collapsed(rows(), entropy_of_labels, 0.1, 51)  # too early to tell
    assert not collapsed(rows(loss=1.0), entropy_of_labels, 0.1, 50)  # skewed labels, good model
    assert not collapsed(rows(constant=0.95), entropy_of_labels, 0.1, 50)
    assert not collapsed(rows(radius=0.05), entropy_of_labels, 0.1, 50)
    recovered = [*rows()[:4], {**rows()[4], "loss": 0.9}]
    assert not collapsed(recovered, entropy_of_labels, 0.1, 50)


def test_the_entropy_of_skewed_labels() -> None:
    y = torch.tensor([0] * 3 + [2])
    assert entropy(y) == pytest.approx(-0.75 * math.log(0.75) - 0.25 * math.log(0.25))


def test_the_warm_up_is_no_time_for_alarms() -> None:
    run = train(settings(epochs=9, warmup_epochs=9.0), blobs(), model=Constant())
    assert run.stopped == "epochs"


@pytest.mark.parametrize("method", ["adversarial", "natural", "entropy_sgd"])
def test_divergence_is_a_sentence(method: str) -> None:
    options = {"lr": 1e30, "steps": 3} if method == "entropy_sgd" else {}
    found = stopped("nan", settings(lr=1e30, method=method, options=options), network())
    assert "NaN or infinite" in str(found)


def test_nan_in_the_middle_keeps_the_rows_before() -> None:
    model = network()

    def poison(moment: Any) -> None:
        if moment.epoch == 3:
            with torch.no_grad():
                model[0].weight.fill_(math.nan)

    found = stopped("nan", settings(), model, hooks=[poison])
    assert [row["epoch"] for row in found.history] == [1, 2, 3]
    assert all(math.isfinite(row["loss"]) for row in found.history)


def test_an_attack_in_training_mode_is_caught() -> None:
    model = network("norm")

    def careless(f: Any, x: Any, y: Any, ball: Any, start: Any) -> Any:
        model.train()
        f(x + start)
        return start

    found = stopped("attack", settings(), model, careless)
    assert "running_mean" in str(found)


def test_an_attack_that_leaves_gradients_is_caught() -> None:
    model = network()

    def careless(f: Any, x: Any, y: Any, ball: Any, start: Any) -> Any:
        for p in model.parameters():
            p.requires_grad_(True)
        torch.nn.functional.cross_entropy(f(x + start), y).backward()
        return start

    assert "gradients on the parameters" in str(stopped("attack", settings(), model, careless))


@pytest.mark.parametrize("factor", [1.01, math.nan])
def test_an_attack_that_leaves_its_ball_is_caught(factor: float) -> None:
    def careless(f: Any, x: Any, y: Any, ball: Any, start: Any) -> Any:
        return torch.full_like(x, ball.radius * factor)

    assert "perturbation of norm" in str(stopped("attack", settings(), network(), careless))


def test_gradient_masking_is_measured_and_can_stop() -> None:
    hook = gradient_masking(lambda m: 0.9, lambda m: 0.4, every=2, stop=False)
    run = train(settings(epochs=4), blobs(), model=network(), hooks=[hook])
    assert [row.get("masking") for row in run.history] == [None, 0.5, None, 0.5]
    strict = gradient_masking(lambda m: 0.9, lambda m: 0.4, every=2, stop=True)
    assert "0.900 by the weak attack" in str(
        stopped("masking", settings(), network(), hooks=[strict])
    )
    fine = gradient_masking(lambda m: 0.9, lambda m: 0.85, every=1, stop=True)
    assert train(settings(epochs=2), blobs(), model=network(), hooks=[fine]).stopped == "epochs"
