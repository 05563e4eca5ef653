"""What the two versions of CIFAR share: their files, and the data set made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from numerics.deep.data.dataset import Dataset
from numerics.deep.data.files import Pixels, checksum_note, integers, intensities, present
from numerics.sentences import Malformed

PUBLISHED = 60_000  # images; a file that lost whole records is still well formed
Part = tuple[Pixels, NDArray[np.int64]]


@dataclass(frozen=True)
class Kind:
    """CIFAR-10 or CIFAR-100; the last of ``files`` is the test part."""

    name: str
    classes: int
    label_bytes: int
    labels: bytes
    files: tuple[str, ...]


BATCHES = tuple(f"data_batch_{i}" for i in range(1, 6))
CIFAR10 = Kind("cifar10", 10, 1, b"labels", (*BATCHES, "test_batch"))
CIFAR100 = Kind("cifar100", 100, 2, b"fine_labels", ("train", "test"))


def combine(folder: Path, kind: Kind, suffix: str, read: Callable[[Path, Kind], Part]) -> Dataset:
    """The data set of all files of the folder."""
    present(folder, [name + suffix for name in kind.files])
    paths = [folder / (name + suffix) for name in kind.files]
    parts = [_checked(path, kind, read(path, kind)) for path in paths]
    is_test = torch.zeros(sum(len(y) for _, y in parts), dtype=torch.bool)
    is_test[-len(parts[-1][1]) :] = True
    x = intensities(np.concatenate([pixels for pixels, _ in parts]))
    y = integers(np.concatenate([labels for _, labels in parts]))
    note = checksum_note(paths)
    if len(y) != PUBLISHED:
        note += f"; {len(y)} images where {PUBLISHED} were published"
    return Dataset(x, y, kind.name, kind.classes, 0.0, 1.0, is_test, note=note)


def _checked(path: Path, kind: Kind, part: Part) -> Part:
    wrong = (part[1] < 0) | (part[1] >= kind.classes)
    if wrong.any():
        at = int(wrong.argmax())
        found = f"got {part[1][at]} at record {at}"
        raise Malformed(f"{path}: expected labels 0 to {kind.classes - 1}, {found}")
    return part
