"""Street View House Numbers, cropped: 32x32 in colour, in [0, 1]: (3, 32, 32).

MATLAB files of version 5: ``X`` uint8 (32, 32, 3, n) and ``y`` (n, 1) with 10 for the digit 0. A
folder with train_32x32.mat and test_32x32.mat, or one such file, which then has no test part.

Source: Netzer et al. 2011, "Reading digits in natural images", format 2.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import torch

from numerics.deep.data.cifar import Part
from numerics.deep.data.dataset import Dataset
from numerics.deep.data.files import (
    LARGEST,
    checksum_note,
    integers,
    intensities,
    present,
    readable,
)
from numerics.sentences import Malformed

NAMES = ()
FORMAT = "an SVHN .mat file or a folder with train_32x32.mat and test_32x32.mat"
FILES = ("train_32x32.mat", "test_32x32.mat")
PIXEL_BYTES = 32 * 32 * 3


def reads(path: Path) -> bool:
    """A .mat file, or a folder with at least one of the two."""
    return (path.is_file() and path.suffix == ".mat") or any((path / f).is_file() for f in FILES)


def load(path: Path) -> Dataset:
    """Train, then test, which is the marked test part; or one file, unmarked."""
    if path.is_file():
        paths = [path]
    else:
        present(path, FILES)
        paths = [path / name for name in FILES]
    parts = [images(p) for p in paths]
    x = intensities(np.concatenate([pixels for pixels, _ in parts]))
    y = integers(np.concatenate([labels for _, labels in parts]))
    is_test = torch.arange(len(y)) >= len(parts[0][1]) if len(parts) == 2 else None
    return Dataset(x, y, "svhn", 10, 0.0, 1.0, is_test, note=checksum_note(paths))


def images(path: Path) -> Part:
    """Pixels (n, 3, 32, 32) and labels 0 to 9 of one file."""
    with readable(path) as stream:
        count = _declared(path, stream)
        stream.seek(0)
        found = _matlab(path, stream, "loadmat", variable_names=["X", "y"])
    pixels, labels = found.get("X"), np.asarray(found.get("y"))
    if pixels is None or pixels.dtype != np.uint8 or pixels.shape != (32, 32, 3, count):
        raise Malformed(f"{path}: expected X of bytes, shape (32, 32, 3, n)")
    if labels.dtype.kind not in "uif" or labels.size != count:
        raise Malformed(f"{path}: expected {count} numbers in y, got {labels.size}")
    wrong = ~np.isin(labels.ravel(), np.arange(1, 11))
    if wrong.any():
        at = int(wrong.argmax())
        raise Malformed(f"{path}: expected labels 1 to 10, got {labels.ravel()[at]} at entry {at}")
    return pixels.transpose(3, 2, 0, 1), labels.ravel().astype(np.int64) % 10


def _declared(path: Path, stream: BinaryIO) -> int:
    """The number of images that the headers promise, before anything of that size is made."""
    shapes = {name: (shape, kind) for name, shape, kind in _matlab(path, stream, "whosmat")}
    if not {"X", "y"} <= shapes.keys():
        raise Malformed(
            f"{path}: expected the variables X and y, got {', '.join(shapes) or 'none'}"
        )
    shape, kind = shapes["X"]
    if kind != "uint8" or len(shape) != 4 or shape[:3] != (32, 32, 3):
        raise Malformed(f"{path}: expected X of bytes, shape (32, 32, 3, n), got {kind} {shape}")
    count = int(shape[3])
    if (
        not 0 < count <= LARGEST // PIXEL_BYTES
        or int(np.prod(shapes["y"][0], dtype=object)) != count
    ):
        wanted = f"1 to {LARGEST // PIXEL_BYTES} images and as many labels"
        raise Malformed(f"{path}: expected {wanted}, its header says {count} and {shapes['y'][0]}")
    return count


def _matlab(path: Path, stream: BinaryIO, function: str, **options: Any) -> Any:
    from scipy import io  # slow to import, and only this format needs it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a damaged file, which then fails anyway
            return getattr(io, function)(stream, **options)
    except NotImplementedError:
        raise Malformed(f"{path}: expected a MATLAB file of version 5, not 7.3 (HDF5)") from None
    except Exception as problem:  # scipy promises no kind of exception for a damaged file
        said = type(problem).__name__
        raise Malformed(f"{path}: expected a whole MATLAB file of version 5 ({said})") from None
