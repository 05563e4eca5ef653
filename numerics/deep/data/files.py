"""Reading the user's files: bounded, whole, or one sentence.

No more than LARGEST bytes are ever taken from one file, whatever its header says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from numerics.deep.data.published import MD5
from numerics.sentences import Malformed, first_line_of

LARGEST = 2**30  # bytes; the largest file of the known data sets has 2**27.4
Pixels = NDArray[np.uint8]


def content(path: Path) -> bytes:
    """The bytes of a file."""
    with readable(path) as stream:
        return stream.read()


@contextmanager
def readable(path: Path) -> Iterator[BinaryIO]:
    """The open file, which is one, is not empty, is not too large."""
    try:
        if not path.is_file():
            raise Malformed(f"{path}: expected a file")
        if not 0 < (size := path.stat().st_size) <= LARGEST:
            raise Malformed(f"{path}: expected 1 to {LARGEST} bytes, got {size}")
        with path.open("rb") as stream:
            yield stream
    except OSError as problem:
        reason = problem.strerror or first_line_of(problem)
        raise Malformed(f"{path}: expected a readable file ({reason})") from None


def present(folder: Path, files: Iterable[str]) -> None:
    """Malformed if one of the files is not in the folder."""
    if missing := [name for name in files if not (folder / name).is_file()]:
        raise Malformed(f"{folder}: expected the file {missing[0]}, it is not there")


def checksum_note(paths: Iterable[Path]) -> str:
    """Whether every file is, byte for byte, one that was published; never a condition."""
    known = all(_md5(path) in MD5 for path in paths)
    return "matches the published checksums" if known else "checksums unknown"


def intensities(pixels: Pixels) -> Tensor:
    """Bytes to float32 in [0, 1]: value / 255."""
    return torch.from_numpy(np.ascontiguousarray(pixels)).to(torch.float32).div_(255)


def integers(labels: NDArray[np.integer]) -> Tensor:
    """Labels as int64."""
    return torch.from_numpy(np.asarray(labels).astype(np.int64))


def _md5(path: Path) -> str:
    with path.open("rb") as stream:
        made = lambda: hashlib.md5(usedforsecurity=False)  # noqa: E731
        return hashlib.file_digest(stream, made).hexdigest()
