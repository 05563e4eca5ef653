"""CIFAR-10 and CIFAR-100, python version: pickled dictionaries, read without running anything.

``data`` is uint8 (n, 3072): red, green, blue; ``labels`` (or ``fine_labels``) is a list of n.

Source: Krizhevsky, "The CIFAR-10 and CIFAR-100 datasets", section "Dataset layout".
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from numerics.deep.data.cifar import CIFAR10, CIFAR100, Kind, Part, combine
from numerics.deep.data.dataset import Dataset
from numerics.deep.data.files import content
from numerics.deep.data.restricted_pickle import loads
from numerics.sentences import Malformed

NAMES = ()
FORMAT = "a folder of CIFAR's python version (data_batch_1 or train)"


def reads(path: Path) -> bool:
    """A folder with at least one of the files."""
    return any((path / name).is_file() for kind in (CIFAR10, CIFAR100) for name in kind.files)


def load(path: Path) -> Dataset:
    """The training files in their order, then the test file, which is the marked test part."""
    first = any((path / name).is_file() for name in CIFAR10.files)
    return combine(path, CIFAR10 if first else CIFAR100, "", entries)


def entries(path: Path, kind: Kind) -> Part:
    """Pixels (n, 3, 32, 32) and labels (n,) of one file."""
    found = loads(content(path), str(path))
    if not isinstance(found, dict):
        raise Malformed(f"{path}: expected a pickled dictionary, got {type(found).__name__}")
    pixels, labels = _entry(found, b"data"), _entry(found, kind.labels)
    key = kind.labels.decode()
    right = isinstance(pixels, np.ndarray) and pixels.dtype == np.uint8 and pixels.ndim == 2
    if not right or pixels.shape[1] != 3072 or not len(pixels):
        raise Malformed(f"{path}: expected 'data' of bytes, shape (n, 3072), got {_kind(pixels)}")
    if not isinstance(labels, list) or any(type(label) is not int for label in labels):
        raise Malformed(f"{path}: expected {key!r} to be a list of integers, got {_kind(labels)}")
    if len(labels) != len(pixels) or any(not 0 <= label < 2**31 for label in labels):
        wanted = f"{len(pixels)} labels from 0 to {kind.classes - 1}"
        raise Malformed(f"{path}: expected {wanted}, got {len(labels)} in {key!r}")
    return pixels.reshape(-1, 3, 32, 32), np.array(labels, np.int64)


def _entry(found: dict[Any, Any], key: bytes) -> Any:
    """The entry of that key, which python 2 wrote as bytes and python 3 as text."""
    return found.get(key, found.get(key.decode()))


def _kind(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape}"
    return "none" if value is None else type(value).__name__
