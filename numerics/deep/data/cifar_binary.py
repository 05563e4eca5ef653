r"""CIFAR-10 and CIFAR-100, binary version: 32x32 in colour, in [0, 1]: (3, 32, 32).

A record is the label bytes (one; for CIFAR-100 coarse, then fine), then 1024 red, 1024 green and
1024 blue bytes, row by row.

Source: Krizhevsky, "The CIFAR-10 and CIFAR-100 datasets", section "Binary version".
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from numerics.deep.data.cifar import CIFAR10, CIFAR100, Kind, Part, combine
from numerics.deep.data.dataset import Dataset
from numerics.deep.data.files import content
from numerics.sentences import Malformed

NAMES = ()
FORMAT = "a folder of CIFAR's binary version (data_batch_1.bin or train.bin)"


def reads(path: Path) -> bool:
    """A folder with at least one of the files."""
    return any(
        (path / f"{name}.bin").is_file() for kind in (CIFAR10, CIFAR100) for name in kind.files
    )


def load(path: Path) -> Dataset:
    """The training files in their order, then the test file, which is the marked test part."""
    first = any((path / f"{name}.bin").is_file() for name in CIFAR10.files)
    return combine(path, CIFAR10 if first else CIFAR100, ".bin", records)


def records(path: Path, kind: Kind) -> Part:
    """Pixels (n, 3, 32, 32) and labels (n,) of one file; the fine labels of CIFAR-100."""
    raw, size = np.frombuffer(content(path), np.uint8), kind.label_bytes + 3072
    if raw.size % size:
        wanted = f"a multiple of {size} bytes ({kind.name} records)"
        raise Malformed(f"{path}: expected {wanted}, got {raw.size} (truncated?)")
    rows = raw.reshape(-1, size)
    pixels = rows[:, kind.label_bytes :].reshape(-1, 3, 32, 32)
    return pixels, rows[:, kind.label_bytes - 1].astype(np.int64)
