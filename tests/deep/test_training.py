"""The loop: the same weights as by hand, honest counts, budgets, and nothing disturbed."""

from __future__ import annotations

import math
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from numerics.deep.training import Settings, from_dict, train  # noqa: E402
from numerics.deep.training.batches import Batches, crop_flip  # noqa: E402
from numerics.deep.training.distributed import Processes  # noqa: E402
from numerics.deep.training.schedule import multiple  # noqa: E402
from numerics.sentences import Malformed  # noqa: E402
from tests.deep.training_data import blobs, network, weights  # noqa: E402

torch.set_num_threads(1)
SMALL = {"epochs": 2, "batch": 16, "radius": 0.1, "attack_steps": 3}


def settings(**changes: Any) -> Settings:
    return Settings(**{**SMALL, **changes})


# --- the same weights as by hand


def test_natural_training_is_gradient_descent_on_softmax_regression() -> None:
    data, model = blobs(), torch.nn.Linear(6, 3)
    w = torch.cat([model.weight, model.bias[:, None]], dim=1).detach().double()
    run = train(
        settings(method="natural", batch=48, epochs=4, lr=0.5, momentum=0.0, weight_decay=0.01,
                 schedule="constant", dtype="float64"),
        data, model=model,
    )  # fmt: skip
    x = torch.cat([data.x.double(), torch.ones(48, 1)], dim=1)
    for _ in range(4):  # the closed form of the gradient: (softmax - one hot) x
        wrong = (x @ w.T).softmax(1) - torch.eye(3)[data.y]
        w -= 0.5 * (wrong.T @ x / 48 + 0.01 * w)
    trained = torch.cat([run.model.weight, run.model.bias[:, None]], dim=1)
    assert torch.allclose(trained, w, rtol=0, atol=1e-12)


@pytest.mark.parametrize("p", [2.0, math.inf])
def test_adversarial_training_of_a_linear_model_meets_the_closed_form(p: float) -> None:
    data, model, radius = blobs(classes=2), torch.nn.Linear(6, 2), 0.2
    w, b = model.weight.detach().double().clone(), model.bias.detach().double().clone()
    run = train(
        settings(batch=48, epochs=5, lr=0.5, momentum=0.0, weight_decay=0.0, schedule="constant",
                 dtype="float64", p=p, radius=radius, box=False, attack_steps=60,
                 attack_step=0.05),
        data, model=model,
    )  # fmt: skip
    x, signs = data.x.double(), (1.0 - 2 * data.y)[:, None].double()
    for _ in range(5):
        d = (w[0] - w[1])[None]  # the margin of class 0 is <d, x> + const
        delta = -radius * signs * (d.sign() if p == math.inf else d / d.norm())
        wrong = ((x + delta) @ w.T + b).softmax(1) - torch.eye(2)[data.y]
        w, b = w - 0.5 * wrong.T @ (x + delta) / 48, b - 0.5 * wrong.mean(0)
    # PGD's iterate on the sphere turns to the optimum linearly: 60 steps leave 1e-8
    assert torch.allclose(run.model.weight, w, rtol=0, atol=1e-7)
    assert torch.allclose(run.model.bias, b, rtol=0, atol=1e-7)


# --- counts and budgets


COSTS = [  # method, options, gradients of one outer step at K = 3
    ("natural", {}, 1),
    ("adversarial", {}, 4),
    ("trades", {}, 5),
    ("awp", {}, 5),
    ("awp", {"base": "trades"}, 7),
    ("awp", {"base": "natural"}, 2),
    ("sam", {}, 5),
    ("sam", {"attack_again": True}, 8),
    ("weight_noise", {}, 4),
    ("swa", {}, 4),
    ("ema", {}, 4),
    ("entropy_sgd", {"steps": 2}, 8),
    ("entropy_sgd", {"steps": 2, "base": "awp"}, 10),
    ("moreau_envelope", {"steps": 3, "base": "natural"}, 3),
]


class Counting(torch.nn.Module):
    """Counts forward passes of a network: an independent count."""

    def __init__(self) -> None:
        super().__init__()
        self.inner, self.passes = network(), 0

    def forward(self, x: Any) -> Any:
        self.passes += torch.is_grad_enabled()
        return self.inner(x)


@pytest.mark.parametrize(("method", "options", "cost"), COSTS)
def test_gradients_are_counted_as_the_network_sees_them(
    method: str, options: dict[str, Any], cost: int
) -> None:
    model = Counting()
    run = train(
        settings(method=method, options=options, epochs=None, budget_steps=3), blobs(), model=model
    )
    assert run.gradients == 3 * cost == run.counts.parameters + run.counts.inputs
    assert (run.counts.steps, run.stopped) == (3, "budget_steps")
    if method not in ("swa", "ema"):  # those judge a copy of the model
        assert model.passes == run.gradients


@pytest.mark.parametrize(("method", "options", "cost"), COSTS)
def test_a_gradient_budget_is_used_but_never_exceeded(
    method: str, options: dict[str, Any], cost: int
) -> None:
    budget = 23
    run = train(
        settings(method=method, options=options, epochs=None, budget_gradients=budget),
        blobs(), model=network(),
    )  # fmt: skip
    assert run.stopped == "budget_gradients"
    assert budget - cost < run.gradients <= budget
    assert run.history[-1]["gradients"] == run.gradients


def test_a_budget_below_one_step_is_a_sentence() -> None:
    with pytest.raises(Malformed, match="budget_gradients = 3: expected at least 4"):
        train(settings(epochs=None, budget_gradients=3), blobs(), model=network())


def test_the_schedule_follows_the_budget_that_ends_the_run() -> None:
    run = train(
        settings(epochs=None, budget_gradients=96, milestones=(0.5,), factor=0.2, lr=1.0),
        blobs(), model=network(),
    )  # fmt: skip
    assert [row["lr"] for row in run.history] == [1.0] * 4 + [0.2] * 4


def test_cosine_and_piecewise_multiples() -> None:
    cosine = settings(schedule="cosine")
    assert [multiple(cosine, t) for t in (0, 1)] == [1, 0]
    assert multiple(cosine, 0.5) == pytest.approx(0.5)
    steps = settings(milestones=(0.5, 0.75), factor=0.2)
    assert [multiple(steps, t) for t in (0, 0.5, 0.8)] == pytest.approx([1, 0.2, 0.04])


def test_the_radius_grows_over_the_warm_up_and_the_attack_keeps_to_it() -> None:
    seen = []

    def attack(f: Any, x: Any, y: Any, ball: Any, start: Any) -> Any:
        seen.append(ball.radius)
        assert bool((ball.size(start) <= ball.radius * 1.001).all())
        return start

    train(settings(warmup_epochs=1.0), blobs(), model=network(), attack=attack)
    thirds = [0.1 / 3, 0.2 / 3, 0.1]
    assert seen == pytest.approx([*thirds, 0.1, 0.1, 0.1])


# --- nothing disturbed


def test_the_seed_decides_the_run() -> None:
    def trained(**changes: Any) -> Any:
        return weights(train(settings(model="mlp", **changes), blobs()).model)

    assert torch.equal(trained(), trained())
    assert not torch.equal(trained(), trained(seed=1))


def test_hooks_neither_disturb_the_run_nor_lose_what_they_measure() -> None:
    def hook(moment: Any) -> dict[str, float]:
        torch.manual_seed(99)
        moment.model.eval()
        return {"noise": float(torch.rand(()))}

    plain = train(settings(), blobs(), model=network("dropout"))
    hooked = train(settings(), blobs(), model=network("dropout"), hooks=[hook])
    assert torch.equal(weights(plain.model), weights(hooked.model))
    assert all("noise" in row for row in hooked.history)
    assert [row["epoch"] for row in hooked.history] == [1, 2]


def test_a_validation_set_does_not_change_the_run() -> None:
    alone = train(settings(), blobs(), model=network("dropout"))
    judged = train(settings(), blobs(), blobs(seed=5), model=network("dropout"))
    assert torch.equal(weights(alone.model), weights(judged.model))
    assert judged.best is not None
    assert all(0 <= row["robust"] <= row["clean"] <= 1 for row in judged.history)


def test_global_switches_and_random_state_are_put_back() -> None:
    before = torch.get_rng_state()
    train(settings(deterministic=True, tf32=True), blobs(), model=network())
    assert torch.equal(torch.get_rng_state(), before)
    assert not torch.are_deterministic_algorithms_enabled()
    assert torch.get_float32_matmul_precision() == "highest"


def test_training_leaves_no_gradients_and_all_parameters_trainable() -> None:
    model = network("norm")
    train(settings(), blobs(), model=model)
    assert all(p.grad is None and p.requires_grad for p in model.parameters())


def test_the_attack_in_training_mode_keeps_running_statistics() -> None:
    # natural passes over the data only: the same statistics whatever the attack's mode
    frozen = {"lr": 0.0, "weight_decay": 0.0, "radius": 1e-9}
    found = [
        train(settings(attack_mode=mode, **frozen), blobs(), model=network("norm")).model[1]
        for mode in ("eval", "train")
    ]
    assert torch.allclose(found[0].running_mean, found[1].running_mean, atol=1e-6)
    assert int(found[0].num_batches_tracked) == int(found[1].num_batches_tracked) == 6


def test_patience_ends_a_run_that_does_not_improve() -> None:
    run = train(
        settings(epochs=50, lr=0.0, weight_decay=0.0, patience=2),
        blobs(), blobs(seed=3), model=network(),
    )  # fmt: skip
    assert (run.stopped, len(run.history)) == ("patience", 3)


# --- precisions and layouts


@pytest.mark.parametrize("changes", [{"dtype": "bf16"}, {"attack_dtype": "bf16"}])
def test_bf16_trains_nearly_as_float32(changes: dict[str, str]) -> None:
    exact = train(settings(epochs=20), blobs(), model=network())
    short = train(settings(epochs=20, **changes), blobs(), model=network())
    assert next(short.model.parameters()).dtype == torch.float32
    assert not torch.equal(weights(exact.model), weights(short.model))
    assert short.history[-1]["loss"] == pytest.approx(exact.history[-1]["loss"], rel=0.05)


def test_channels_last_and_augmentation_run_on_images() -> None:
    data = blobs(shape=(1, 8, 8))
    model = torch.nn.Sequential(
        torch.nn.Conv2d(1, 4, 3), torch.nn.SiLU(), torch.nn.Flatten(), torch.nn.Linear(144, 3)
    )
    run = train(settings(channels_last=True, augment="crop_flip", lr=0.01), data, model=model)
    assert run.counts.steps == 6


# --- data order


def test_every_pass_sees_every_row_once_and_passes_differ() -> None:
    data = blobs(50)
    batches = Batches(data.x, data.y, 10, 3, False, Processes())
    passes = [torch.cat([batches.indices(5 * e + k) for k in range(5)]) for e in range(3)]
    assert all(order.sort().values.tolist() == list(range(50)) for order in passes)
    assert not torch.equal(passes[0], passes[1])
    parts = [Batches(data.x, data.y, 10, 3, False, Processes(r, 2)) for r in range(2)]
    whole = torch.cat([part.batch(7)[0] for part in parts])
    assert torch.equal(whole, batches.batch(7)[0])


def test_crop_flip_is_pad_crop_and_mirror() -> None:
    x = torch.rand(9, 2, 6, 7)
    shifts, flips = torch.randint(0, 9, (9, 2)), torch.rand(9) < 0.5
    padded = torch.nn.functional.pad(x, (4, 4, 4, 4), mode="reflect")
    for i, found in enumerate(crop_flip(x, shifts, flips)):
        top, left = shifts[i].tolist()
        crop = padded[i, :, top : top + 6, left : left + 7]
        assert torch.equal(found, crop.flip(2) if flips[i] else crop)


# --- sentences


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"radius": -1.0}, "radius = -1.0: expected a finite number of at least 0"),
        ({"radius": math.nan}, "radius = nan"),
        ({"p": 0.5}, "p = 0.5: expected a number of at least 1"),
        ({"batch": 0}, "batch = 0: expected a whole number of at least 1"),
        ({"schedule": "linear"}, "schedule = 'linear': expected one of piecewise"),
        ({"epochs": None}, "expected epochs, budget_gradients or budget_steps"),
        ({"dtype": "float16"}, "dtype = 'float16'"),
    ],
)
def test_settings_without_a_meaning_are_sentences(changes: Any, sentence: str) -> None:
    with pytest.raises(Malformed, match=sentence):
        settings(**changes)


def test_an_unknown_setting_is_a_sentence() -> None:
    with pytest.raises(Malformed, match=r"epoch is not a setting .*did you mean 'epochs'"):
        from_dict({"epoch": 3})
    assert from_dict(settings().as_dict()) == settings()


def test_data_without_rows_is_a_sentence() -> None:
    empty = SimpleNamespace(**{**vars(blobs()), "x": torch.zeros(0, 6), "y": torch.zeros(0).long()})
    with pytest.raises(Malformed, match="0 inputs and 0 labels"):
        train(settings(), empty, model=network())


# --- several processes


def both(out: str) -> dict[str, Any]:
    """Two runs on the processes that this one has joined, kept by the first process."""
    found: dict[str, Any] = {}
    for method, options in (("adversarial", {}), ("entropy_sgd", {"steps": 2, "base": "awp"})):
        run = train(
            settings(method=method, options=options, epochs=3, dtype="float64", p=2.0, radius=0.2),
            blobs(), blobs(seed=4), model=network(), checkpoint=f"{out}.{method}.checkpoint",
        )  # fmt: skip
        rows = [(row["loss"], row["accuracy"], row["robust"]) for row in run.history]
        found[method] = {"w": weights(run.model), "rows": torch.tensor(rows)}
    return found


SCRIPT = """
import sys, torch
from numerics.deep.training.distributed import joined
from tests.deep.test_training import both
with joined() as (processes, device):
    found = both(sys.argv[1])
    if processes.rank == 0:
        torch.save(found, sys.argv[1])
"""


def in_two_processes(out: Path) -> dict[str, Any]:
    """As torchrun starts them: the environment is all that it hands over."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    shared = {"PYTHONPATH": str(Path(__file__).parents[2]), "OMP_NUM_THREADS": "1",
              "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}  # fmt: skip
    command = [sys.executable, "-c", SCRIPT, str(out)]
    started = [
        subprocess.Popen(
            command, env={**os.environ, **shared, "RANK": rank}, stderr=subprocess.PIPE, text=True
        )
        for rank in ("0", "1")
    ]
    said = [process.communicate(timeout=120)[1] for process in started]
    assert [process.returncode for process in started] == [0, 0], said[0][-2000:]
    found: dict[str, Any] = torch.load(out, weights_only=True)
    return found


def test_two_processes_train_as_one_on_the_same_global_batch(tmp_path: Path) -> None:
    one, two = both(str(tmp_path / "one")), in_two_processes(tmp_path / "two")
    for method, found in one.items():
        # sums in another order: double rounding, grown by a few steps
        assert torch.allclose(found["w"], two[method]["w"], rtol=0, atol=1e-10)
        assert torch.allclose(found["rows"], two[method]["rows"], atol=1e-6)
    untrained = weights(network()).double()
    assert not torch.allclose(one["adversarial"]["w"], untrained, atol=1e-3)
