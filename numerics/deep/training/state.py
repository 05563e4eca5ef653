"""The whole state of a run as plain values and tensors, and a run put into such a state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import torch

from numerics.deep.training.counts import Counts
from numerics.sentences import Malformed, first_line_of

if TYPE_CHECKING:
    from numerics.deep.training.loop import Loop


def of(loop: Loop) -> dict[str, Any]:
    """Everything that the rest of the run depends on. Data order depends on counts alone."""
    work = loop.work
    return {
        "settings": _plain(loop.settings.as_dict()),
        "data": loop.digest,
        "counts": asdict(work.counts),
        "largest": loop.largest,
        "seconds": loop.seconds(),
        "history": loop.history,
        "best": loop.best,
        "model": dict(work.model.state_dict()),
        "optimizer": work.optimizer.state_dict(),
        "method": loop.method.state_dict(),
        "tally": work.tally.sums,
        "random": _random(work.generator, loop.device),
    }


def put(loop: Loop, state: Mapping[str, Any], where: object) -> None:
    """Continue the run of a state; one sentence if it is another run's."""
    _same_run(loop, state, where)
    work = loop.work
    try:
        work.model.load_state_dict(state["model"])
        work.optimizer.load_state_dict(state["optimizer"])
        loop.method.load_state_dict(state["method"])
        work.counts = Counts(**state["counts"])
        work.tally.sums = state["tally"].clone()
        loop.history, loop.best = list(state["history"]), state["best"]
        loop.largest, loop.seconds_before = state["largest"], state["seconds"]
        _set_random(state["random"], work.generator, loop.device)
    except (KeyError, TypeError, ValueError, RuntimeError, AttributeError) as problem:
        raise Malformed(
            f"{where}: expected the state of this model and method ({first_line_of(problem)[:120]})"
        ) from problem


def _same_run(loop: Loop, state: Mapping[str, Any], where: object) -> None:
    theirs = state.get("settings")
    for name, ours in _plain(loop.settings.as_dict()).items():
        other = theirs.get(name) if isinstance(theirs, Mapping) else None
        if other != ours:
            raise Malformed(f"{where}: a run with {name} = {other!r}, expected {ours!r}")
    if state.get("data") != loop.digest:
        raise Malformed(f"{where}: a run on other data, expected the data of this run")


def _plain(value: Any) -> Any:
    """Lists for tuples, dictionaries for mappings: what comes back from a file compares equal."""
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, (list, tuple)) else value


def _random(generator: torch.Generator, device: torch.device) -> dict[str, Any]:
    on_device = torch.cuda.get_rng_state(device) if device.type == "cuda" else None
    return {"own": generator.get_state(), "cpu": torch.get_rng_state(), "device": on_device}


def _set_random(state: Mapping[str, Any], generator: torch.Generator, device: torch.device) -> None:
    generator.set_state(state["own"])
    torch.set_rng_state(state["cpu"])
    if device.type == "cuda" and state["device"] is not None:
        torch.cuda.set_rng_state(state["device"], device)
