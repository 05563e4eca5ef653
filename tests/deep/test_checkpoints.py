"""Checkpoints: a resumed run ends bit for bit as an uninterrupted one; damage is a sentence."""

from __future__ import annotations

import os
import pickle
import signal
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from numerics.deep.training import Settings, TrainingStopped, checkpoint, train  # noqa: E402
from numerics.deep.training.method import names  # noqa: E402
from numerics.sentences import Malformed  # noqa: E402
from tests.deep.training_data import blobs, network  # noqa: E402

torch.set_num_threads(1)
OPTIONS = {
    "entropy_sgd": {"steps": 2, "noise": 0.1, "scoping": 0.5},
    "moreau_envelope": {"steps": 2},
}


def settings(method: str = "adversarial", **changes: Any) -> Settings:
    small = {"epochs": 4, "batch": 16, "radius": 0.1, "attack_steps": 2, "warmup_epochs": 1.5}
    return Settings(method=method, options=OPTIONS.get(method, {}), **{**small, **changes})


class Interrupting:
    """PGD's place: an attack that sends Ctrl-C to its own process at one call."""

    def __init__(self, call: int) -> None:
        self.left = call

    def __call__(self, f: Any, x: Any, y: Any, ball: Any, start: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            signal.raise_signal(signal.SIGINT)
        return start


def states(run: Any) -> dict[str, Any]:
    """All that the run gives back but the time."""
    rows = [{k: v for k, v in row.items() if k != "seconds"} for row in run.history]
    return {"model": dict(run.model.state_dict()), "best": run.best, "rows": rows}


def interrupted(run: Settings, path: Path, kind: str, call: int, **more: Any) -> TrainingStopped:
    with pytest.raises(TrainingStopped) as caught:
        train(run, blobs(), blobs(seed=2), checkpoint=path, model=network(kind),
              attack=Interrupting(call), **more)  # fmt: skip
    assert caught.value.reason == "interrupted"
    assert str(path) in str(caught.value)
    return caught.value


@pytest.mark.parametrize("kind", ["dropout", "norm"])
@pytest.mark.parametrize("method", names())
def test_a_resumed_run_ends_bit_for_bit_as_an_uninterrupted_one(
    method: str, kind: str, tmp_path: Path
) -> None:
    run, path = settings(method), tmp_path / "run.checkpoint"
    # what interrupts replaces PGD by the random start alone: it uses the same random numbers
    whole = train(run, blobs(), blobs(seed=2), model=network(kind), attack=Interrupting(0))
    if method == "natural":  # no attack to interrupt from
        return _resumed_after_a_hook(run, path, kind, whole)
    interrupted(run, path, kind, call=4)  # within the second pass
    again = train(
        run, blobs(), blobs(seed=2), checkpoint=path, model=network(kind, seed=7),
        attack=Interrupting(0),
    )  # fmt: skip
    assert checkpoint.digest(states(again)) == checkpoint.digest(states(whole))
    assert again.counts == whole.counts


def _resumed_after_a_hook(run: Settings, path: Path, kind: str, whole: Any) -> None:
    def stop(moment: Any) -> None:
        if moment.epoch == 2:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(TrainingStopped):
        train(run, blobs(), blobs(seed=2), checkpoint=path, model=network(kind), hooks=[stop])
    again = train(run, blobs(), blobs(seed=2), checkpoint=path, model=network(kind, seed=7))
    assert checkpoint.digest(states(again)) == checkpoint.digest(states(whole))


def test_resumption_with_pgd_itself_is_exact(tmp_path: Path) -> None:
    path = tmp_path / "run.checkpoint"
    whole = train(settings("awp"), blobs(), model=network("norm"))

    def stop(moment: Any) -> None:
        if moment.epoch == 2:
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        train(settings("awp"), blobs(), model=network("norm"), checkpoint=path, hooks=[stop])
    assert len(checkpoint.load(path)["history"]) == 1  # the pass before the cut
    again = train(settings("awp"), blobs(), model=network("norm"), checkpoint=path)
    assert checkpoint.digest(states(again)) == checkpoint.digest(states(whole))


def test_the_comparison_of_runs_can_fail(tmp_path: Path) -> None:
    # a run that forgets its momentum is another run: the tests above would see it
    path = tmp_path / "run.checkpoint"
    whole = train(settings(), blobs(), model=network(), attack=Interrupting(0))
    interrupted(settings(), path, "plain", call=4)
    state = checkpoint.load(path)
    state["optimizer"]["state"] = {}
    checkpoint.save(path, state)
    again = train(settings(), blobs(), checkpoint=path, model=network(), attack=Interrupting(0))
    assert checkpoint.digest(states(again)) != checkpoint.digest(states(whole))


def test_a_finished_run_is_given_back(tmp_path: Path) -> None:
    path = tmp_path / "run.checkpoint"
    first = train(settings(), blobs(), model=network(), checkpoint=path)
    again = train(settings(), blobs(), model=network(seed=3), checkpoint=path)
    assert checkpoint.digest(states(again)) == checkpoint.digest(states(first))
    assert again.counts == first.counts and again.stopped == "epochs"


def test_without_a_checkpoint_an_interruption_still_keeps_the_history() -> None:
    with pytest.raises(TrainingStopped, match="no checkpoint") as caught:
        train(settings(), blobs(), model=network(), attack=Interrupting(5))
    assert len(caught.value.history) == 1
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


# --- damage


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "run.checkpoint"
    train(settings(epochs=1), blobs(), model=network(), checkpoint=path)
    return path


class Malicious:
    """Its pickle runs a command."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.path),)


def refused(path: Path, expected: str, **changes: Any) -> None:
    """One sentence, and the file as it was."""
    before = path.read_bytes()
    with pytest.raises(Malformed) as caught:
        train(settings(**{"epochs": 1, **changes}), blobs(), model=network(), checkpoint=path)
    said = str(caught.value)
    assert str(path) in said and expected in said and "\n" not in said
    assert path.read_bytes() == before


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_a_truncated_checkpoint_is_a_sentence(good: Path, share: float) -> None:
    whole = good.read_bytes()
    good.write_bytes(whole[: int(share * len(whole))])
    refused(good, "expected an undamaged training checkpoint")


def test_flipped_bytes_never_pass(good: Path) -> None:
    whole, caught = good.read_bytes(), 0
    right = checkpoint.digest(checkpoint.load(good))
    for place in range(0, len(whole), 199):
        damaged = bytearray(whole)
        damaged[place] ^= 0x40
        good.write_bytes(bytes(damaged))
        try:
            assert checkpoint.digest(checkpoint.load(good)) == right  # padding of the archive
        except Malformed:
            caught += 1
    assert caught > 10


@pytest.mark.parametrize("content", [{"weights": 1}, [1, 2], torch.zeros(3)])
def test_a_foreign_file_is_a_sentence(tmp_path: Path, content: Any) -> None:
    path = tmp_path / "foreign.pt"
    torch.save(content, path)
    refused(path, "another kind of file")


def test_text_and_folders_are_sentences(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no checkpoint")
    refused(path, "expected an undamaged training checkpoint")
    with pytest.raises(Malformed, match="expected an undamaged"):
        checkpoint.load(tmp_path)


@pytest.mark.parametrize(
    "saved", [torch.save, lambda v, p: p.write_bytes(pickle.dumps(v, protocol=4))]
)
def test_a_pickle_does_not_run(tmp_path: Path, saved: Any) -> None:
    path, trace = tmp_path / "evil.pt", tmp_path / "trace"
    saved({"format": checkpoint.FORMAT, "state": Malicious(trace)}, path)
    refused(path, "expected an undamaged training checkpoint")
    assert not trace.exists()


def test_another_runs_checkpoint_is_a_sentence(good: Path) -> None:
    refused(good, "a run with lr = 0.1, expected 0.2", lr=0.2)
    with pytest.raises(Malformed, match="other data"):
        train(settings(epochs=1), blobs(seed=9), model=network(), checkpoint=good)
    with pytest.raises(Malformed, match="expected the state of this model"):
        train(settings(epochs=1), blobs(), model=torch.nn.Linear(6, 3), checkpoint=good)


def test_a_write_that_fails_leaves_the_old_file(good: Path, monkeypatch: Any) -> None:
    before = good.read_bytes()

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(Malformed, match="cannot be written"):
        checkpoint.save(good, {"a": 1})
    assert good.read_bytes() == before
    assert [p.name for p in good.parent.iterdir()] == [good.name]
