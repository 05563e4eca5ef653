"""torch's global switches during a run, and as they were afterwards.

Deterministic algorithms, TF32, cuDNN's benchmark and the global random state are the process's,
not the run's: a run sets them and puts them back.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import torch

from numerics.deep.training.settings import Settings


@contextmanager
def modes(settings: Settings, device: torch.device) -> Iterator[None]:
    """The switches of the settings within, with the global random state seeded."""
    before = (
        torch.are_deterministic_algorithms_enabled(),
        torch.get_float32_matmul_precision(),
        torch.backends.cudnn.benchmark,
        torch.backends.cudnn.deterministic,
    )
    if settings.deterministic:  # read by cuBLAS when it starts
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    precision = "high" if settings.tf32 else "highest"
    with own_random_state(device):
        try:
            _switch(settings.deterministic, precision, not settings.deterministic, True)
            torch.manual_seed(settings.seed)
            yield
        finally:
            _switch(*before)


def _switch(deterministic: bool, precision: str, benchmark: bool, cudnn: bool) -> None:
    torch.use_deterministic_algorithms(deterministic)
    torch.set_float32_matmul_precision(precision)
    torch.backends.cudnn.benchmark = benchmark
    torch.backends.cudnn.deterministic = cudnn


@contextmanager
def own_random_state(device: torch.device) -> Iterator[None]:
    """Whatever is drawn within from the global generators leaves them as they were."""
    devices = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices):
        yield


@contextmanager
def interruptions() -> Iterator[Callable[[], bool]]:
    """Ctrl-C and SIGTERM become a question asked between steps; a second one acts at once.

    Gives the question. Outside the main thread signals are left alone.
    """
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    watched = (signal.SIGINT, signal.SIGTERM)
    before = {s: signal.getsignal(s) for s in watched}

    def note(number: int, frame: FrameType | None) -> None:
        asked.set()
        signal.signal(number, before[signal.Signals(number)] or signal.SIG_DFL)

    for s in watched:
        signal.signal(s, note)
    try:
        yield asked.is_set
    finally:
        for s in watched:
            signal.signal(s, before[s] or signal.SIG_DFL)
