r"""Checkpoints: written whole or not at all, read without running code, checked before use.

The file is ``torch.save`` of plain values and tensors, read with ``weights_only=True``. It carries
the SHA-256 of its own content: a flipped bit in a weight is a damaged file, not another model.
A file that cannot be used is one sentence, and is left where it is.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from numerics.sentences import Malformed, first_line_of

FORMAT, VERSION = "advsmooth training checkpoint", 1
UNREADABLE = (
    OSError,
    RuntimeError,
    EOFError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    OverflowError,
    MemoryError,
    pickle.UnpicklingError,
    zipfile.BadZipFile,
)


def save(path: Path, state: Mapping[str, Any]) -> None:
    """Write beside the file, force to disk, then replace: a reader finds the old or the new."""
    content = dict(state)
    whole = {"format": FORMAT, "version": VERSION, "digest": digest(content), "state": content}
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as file:
            torch.save(whole, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as problem:
        raise Malformed(f"{path}: cannot be written ({first_line_of(problem)})") from problem
    finally:
        beside.unlink(missing_ok=True)


def load(path: Path, device: torch.device | str = "cpu") -> dict[str, Any]:
    """The state in a file; anything but an undamaged checkpoint is one sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on foreign pickles, which are refused below
            whole = torch.load(path, map_location="cpu", weights_only=True)
    except UNREADABLE as problem:
        said = first_line_of(problem).split(". ")[0][:120]
        raise _refused(path, f"{type(problem).__name__}: {said}") from problem
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise _refused(path, "another kind of file")
    if whole.get("version") != VERSION or not isinstance(whole.get("state"), dict):
        raise _refused(path, f"version {whole.get('version')!r}, this program reads {VERSION}")
    if digest(whole["state"]) != whole.get("digest"):
        raise _refused(path, "content that does not match its checksum")
    found: dict[str, Any] = _to(whole["state"], torch.device(device))
    return found


def _refused(path: Path, got: str) -> Malformed:
    return Malformed(f"{path}: expected an undamaged training checkpoint, got {got}")


def digest(value: Any) -> str:
    """SHA-256 of nested plain values and tensors, types and shapes included.

    >>> digest({"a": torch.zeros(2)}) == digest({"a": torch.zeros(2)})
    True
    >>> digest({"a": 1}) == digest({"a": True})
    False
    """
    found = hashlib.sha256()
    _feed(found, value)
    return found.hexdigest()


def _feed(found: Any, value: Any) -> None:
    if isinstance(value, Mapping):
        found.update(f"mapping {len(value)}".encode())
        for key, item in value.items():
            _feed(found, key)
            _feed(found, item)
    elif isinstance(value, (list, tuple)):
        found.update(f"{type(value).__name__} {len(value)}".encode())
        for item in value:
            _feed(found, item)
    elif isinstance(value, Tensor):
        found.update(f"tensor {value.dtype} {tuple(value.shape)}".encode())
        plain = value.detach().cpu().contiguous().reshape(-1)
        found.update(plain.view(torch.uint8).numpy().tobytes())
    elif value is None or isinstance(value, (bool, int, float, str)):
        found.update(f"{type(value).__name__} {value!r};".encode())
    else:
        raise TypeError(f"checkpoint: {type(value).__name__}, expected plain values and tensors")


def _to(value: Any, device: torch.device) -> Any:
    """Tensors on the device, but the states of generators, which are bytes, on the CPU."""
    if isinstance(value, Tensor):
        return value if value.dtype == torch.uint8 else value.to(device)
    if isinstance(value, Mapping):
        return {k: _to(v, device) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_to(v, device) for v in value)
    return value
