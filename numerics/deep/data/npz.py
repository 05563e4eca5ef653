"""The user's own arrays: an .npz file with x and y, or x_train, y_train, x_test and y_test.

x is uint8 (n, features), (n, height, width), (n, channels, height, width) or (n, height, width,
channels), to be divided by 255, or floating (n, ...), taken as it is; then scalars ``low`` and
``high`` may state the box. y is integer (n,) or (n, 1), with every class from 0 to the largest.

Errors: Malformed; headers are compared with sizes before an array is made, pickles are not read.
Source: NumPy's documentation of the .npy format (NEP 1).
"""

from __future__ import annotations

import math
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import torch
from torch import Tensor

from numerics.deep.data.dataset import Dataset
from numerics.deep.data.files import LARGEST, integers, intensities, readable
from numerics.sentences import Malformed

NAMES = ()
FORMAT = "an .npz file with x and y"
WHOLE, PARTED = ("x", "y"), ("x_train", "y_train", "x_test", "y_test")
HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def reads(path: Path) -> bool:
    """A file of that ending."""
    return path.is_file() and path.suffix == ".npz"


def load(path: Path) -> Dataset:
    """The data set of the file; x_test and y_test are the marked test part."""
    arrays = _read(path)
    keys = PARTED if set(PARTED) <= arrays.keys() else WHOLE
    if not set(keys) <= arrays.keys():
        got = ", ".join(sorted(arrays)) or "none"
        raise Malformed(f"{path}: expected x and y (or {', '.join(PARTED)}), got {got}")
    x = [_inputs(path, key, arrays[key]) for key in keys if key.startswith("x")]
    y = [_labels(path, key, arrays[key]) for key in keys if key.startswith("y")]
    if any(a.shape[1:] != x[0].shape[1:] or a.dtype != x[0].dtype for a in x):
        raise Malformed(f"{path}: expected x_train and x_test of one kind and shape of input")
    together, classes = torch.cat(x), _classes(path, torch.cat(y))
    is_test = torch.arange(len(together)) >= len(x[0]) if len(x) == 2 else None
    low, high = _box(path, arrays, arrays[keys[0]].dtype == np.uint8)
    return Dataset(together, torch.cat(y), path.stem, classes, low, high, is_test)


def _read(path: Path) -> dict[str, Any]:
    try:
        with readable(path) as stream:
            _check_members(path, stream)
            stream.seek(0)
            with np.load(stream, allow_pickle=False) as found:
                return {key: found[key] for key in found.files}
    except Malformed:
        raise
    except Exception as problem:  # zip, zlib and numpy each fail in their own ways
        said = type(problem).__name__
        raise Malformed(f"{path}: expected a whole .npz file of arrays ({said})") from None


def _check_members(path: Path, opened: BinaryIO) -> None:
    """Every member is a numeric .npy of just the size that its header says."""
    with zipfile.ZipFile(opened) as archive:
        for member in archive.infolist():
            if not member.filename.endswith(".npy"):
                raise Malformed(f"{path}: expected .npy members, got {member.filename!r}")
            with archive.open(member) as stream:
                version = np.lib.format.read_magic(stream)
                shape, _, dtype = HEADERS[version](stream)
                size = math.prod(shape) * dtype.itemsize
                if dtype.kind not in "biuf":
                    raise Malformed(f"{path}: expected numbers in {member.filename}, got {dtype}")
                if size > LARGEST or stream.tell() + size != member.file_size:
                    wanted = f"{size} bytes in {member.filename} and at most {LARGEST}"
                    raise Malformed(f"{path}: expected {wanted}, got {member.file_size}")


def _inputs(path: Path, key: str, x: Any) -> Tensor:
    if x.dtype.kind == "f" and x.ndim >= 2:
        with np.errstate(over="ignore"):  # an infinity is refused by the data set
            return torch.from_numpy(x.astype(np.float32))
    if x.dtype != np.uint8 or x.ndim not in (2, 3, 4):
        wanted = f"{key} of uint8, 2 to 4 dimensions, or floating, (n, ...)"
        raise Malformed(f"{path}: expected {wanted}, got {x.dtype} {x.shape}")
    if x.ndim == 3:
        x = x[:, None]
    elif x.ndim == 4:
        first, last = x.shape[1] in (1, 3), x.shape[3] in (1, 3)
        if first == last:
            wanted = "1 or 3 channels in either the second place or the last"
            raise Malformed(f"{path}: expected {wanted} of {key}, got shape {x.shape}")
        x = x if first else x.transpose(0, 3, 1, 2)
    return intensities(x)


def _labels(path: Path, key: str, y: Any) -> Tensor:
    if y.dtype.kind not in "iu" or y.ndim not in (1, 2) or y.size != len(y) or not y.size:
        got = f"{y.dtype} {y.shape}"
        raise Malformed(f"{path}: expected {key} of integers, shape (n,), got {got}")
    return integers(y.reshape(-1))


def _classes(path: Path, y: Tensor) -> int:
    """The number of classes; without a gap, since a gap is most often a wrong label."""
    known = torch.unique(y)
    expected = torch.arange(len(known))
    if len(known) < 2 or not torch.equal(known, expected):
        shown = f"{len(known)} different labels from {int(known[0])} to {int(known[-1])}"
        raise Malformed(f"{path}: expected labels 0, 1, ... without a gap, got {shown}")
    return len(known)


def _box(path: Path, arrays: dict[str, Any], bytes_: bool) -> tuple[float | None, float | None]:
    stated = [arrays.get("low"), arrays.get("high")]
    if any(value is not None and value.size != 1 for value in stated):
        raise Malformed(f"{path}: expected low and high to be single numbers")
    low, high = (None if value is None else float(value.item()) for value in stated)
    if bytes_ and (low, high) != (None, None):
        raise Malformed(f"{path}: expected no low and high beside bytes, whose box is 0 to 1")
    return (0.0, 1.0) if bytes_ else (low, high)
