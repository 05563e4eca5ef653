r"""Where and how precisely we measure: seeds, deterministic algorithms, no TF32.

TF32 keeps 10 bits of a product's operands: a relative error of :math:`2^{-11} \approx .0005`, which
no measurement of curvature survives. Training may use it; ``measuring`` never does.

Errors: an operation without a deterministic algorithm raises RuntimeError within ``measuring``.
Source: the PyTorch notes on reproducibility and on CUDA semantics (TensorFloat-32).
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import numpy as np
import torch

from numerics.sentences import Malformed

WORKSPACE = "CUBLAS_WORKSPACE_CONFIG"


@contextmanager
def measuring(seed: int = 0) -> Iterator[torch.Generator]:
    """Seeded, deterministic, without TF32; yields a seeded CPU generator; all is put back after.

    >>> with measuring(3):
    ...     first = torch.rand(2)
    >>> with measuring(3):
    ...     bool((torch.rand(2) == first).all())
    True
    """
    with _random_states_kept(), _deterministic(), _without_tf32():
        torch.manual_seed(seed)
        np.random.seed(seed % 2**32)
        random.seed(seed)
        yield seeded(seed)


def seeded(seed: int, device: torch.device | str = "cpu") -> torch.Generator:
    """A generator of its own: drawing from it changes no other stream.

    >>> torch.rand(1, generator=seeded(1)) == torch.rand(1, generator=seeded(1))
    tensor([True])
    """
    return torch.Generator(device=device).manual_seed(seed)


def found(name: str) -> torch.device:
    """The device of that name; ``auto`` is CUDA where there is one, else the CPU.

    >>> found("cpu")
    device(type='cpu')
    >>> found("gpu")
    Traceback (most recent call last):
    numerics.sentences.Malformed: device 'gpu': expected auto, cpu, cuda or cuda:0, cuda:1, ...
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        device = None
    if device is None or device.type not in ("cpu", "cuda"):
        raise Malformed(f"device {name!r}: expected auto, cpu, cuda or cuda:0, cuda:1, ...")
    count = torch.cuda.device_count()
    if device.type == "cuda" and (device.index or 0) >= count:
        raise Malformed(f"device {name!r}: expected a CUDA device, this machine shows {count}")
    return device


def describe(device: torch.device | str = "cpu") -> dict[str, Any]:
    """What a record says of the machine: plain values, none that names it.

    >>> sorted(describe("cpu"))
    ['cuda', 'cudnn', 'device', 'threads', 'torch']
    """
    device = torch.device(device)
    on_cuda = device.type == "cuda"
    return {
        "device": torch.cuda.get_device_name(device) if on_cuda else device.type,
        "torch": str(torch.__version__),
        "threads": torch.get_num_threads(),
        "cuda": torch.version.cuda if on_cuda else None,
        "cudnn": torch.backends.cudnn.version() if on_cuda else None,
    }


@contextmanager
def _random_states_kept() -> Iterator[None]:
    """The global streams of torch (CPU, every CUDA device), numpy and Python go on as they were."""
    kept = np.random.get_state(), random.getstate()
    with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
        try:
            yield
        finally:
            np.random.set_state(kept[0])
            random.setstate(kept[1])


@contextmanager
def _deterministic() -> Iterator[None]:
    cudnn, workspace = torch.backends.cudnn, os.environ.get(WORKSPACE)
    kept = (cudnn.deterministic, cudnn.benchmark)
    algorithms = torch.are_deterministic_algorithms_enabled()
    warn_only = torch.is_deterministic_algorithms_warn_only_enabled()
    os.environ.setdefault(WORKSPACE, ":4096:8")  # cuBLAS is deterministic only with a fixed one
    cudnn.deterministic, cudnn.benchmark = True, False
    torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(algorithms, warn_only=warn_only)
        cudnn.deterministic, cudnn.benchmark = kept
        if workspace is None:
            del os.environ[WORKSPACE]


def _precisions() -> tuple[Any, ...]:
    """Torch's settings of the precision of float32 products, the general ones first."""
    cuda, cudnn, onednn = torch.backends.cuda, torch.backends.cudnn, torch.backends.mkldnn
    general = (torch.backends, cudnn, onednn)
    return (*general, cuda.matmul, cudnn.conv, cudnn.rnn, onednn.matmul, onednn.conv, onednn.rnn)


def _older() -> list[tuple[Callable[[Any], None], Any, Any]]:
    """(setter, value now, exact value) of the older switches that torch lets us read.

    It refuses where the newer settings disagree with them.
    """
    cudnn = torch.backends.cudnn
    found: list[tuple[Callable[[Any], None], Any, Any]] = []
    set_cudnn, set_matmul = (
        partial(setattr, cudnn, "allow_tf32"),
        torch.set_float32_matmul_precision,
    )
    with suppress(RuntimeError):
        found.append((set_cudnn, cudnn.allow_tf32, False))
    with suppress(RuntimeError):
        found.append((set_matmul, torch.get_float32_matmul_precision(), "highest"))
    return found


@contextmanager
def _without_tf32() -> Iterator[None]:
    older, kept = _older(), [place.fp32_precision for place in _precisions()]
    for setter, _, exact in older:
        setter(exact)
    for place in _precisions():
        place.fp32_precision = "ieee"
    try:
        yield
    finally:
        for setter, value, _ in older:  # first, since they change the newer ones as well
            setter(value)
        for place, precision in zip(_precisions(), kept, strict=True):
            place.fp32_precision = precision
