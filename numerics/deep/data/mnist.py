"""MNIST, Fashion-MNIST and others in their format: grey images in [0, 1], (1, height, width).

A folder with the images and labels of the parts ``train`` and ``t10k``; each file may end in .gz,
and a dot may stand for the second hyphen. The name is that of the folder.

Source: as in ``idx``; Xiao, Rasul, Vollgraf 2017 for Fashion-MNIST.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from numerics.deep.data import idx
from numerics.deep.data.dataset import Dataset
from numerics.deep.data.files import Pixels, checksum_note, integers, intensities
from numerics.sentences import Malformed

NAMES = ()
FORMAT = "a folder of MNIST's files (train-images-idx3-ubyte, also .gz)"
CLASSES = 10
PARTS = ("train", "t10k")


def reads(path: Path) -> bool:
    """A folder with at least one of the four files."""
    return any(
        _found(path, part, kind) for part in PARTS for kind in ("images-idx3", "labels-idx1")
    )


def load(path: Path) -> Dataset:
    """Train, then test, which is the marked test part."""
    images = [_file(path, part, "images-idx3") for part in PARTS]
    labels = [_file(path, part, "labels-idx1") for part in PARTS]
    x, y = [idx.read(p, 3) for p in images], [idx.read(p, 1) for p in labels]
    for part in range(len(PARTS)):
        _agree(images[part], x[part], labels[part], y[part])
    if x[0].shape[1:] != x[1].shape[1:]:
        sizes = f"{x[0].shape[1:]} and {x[1].shape[1:]}"
        raise Malformed(f"{path}: expected train and test images of one size, got {sizes}")
    pixels = intensities(np.concatenate(x)[:, None])
    is_test = torch.arange(len(pixels)) >= len(x[0])
    note, name = checksum_note(images + labels), path.resolve().name
    return Dataset(pixels, integers(np.concatenate(y)), name, CLASSES, 0.0, 1.0, is_test, note=note)


def _found(folder: Path, part: str, kind: str) -> Path | None:
    spellings = (f"{part}-{kind}-ubyte", f"{part}-{kind.replace('-', '.')}-ubyte")
    places = [folder / (s + end) for s in spellings for end in ("", ".gz")]
    return next((place for place in places if place.is_file()), None)


def _file(folder: Path, part: str, kind: str) -> Path:
    if place := _found(folder, part, kind):
        return place
    raise Malformed(f"{folder}: expected the file {part}-{kind}-ubyte (or .gz), it is not there")


def _agree(images: Path, x: Pixels, labels: Path, y: Pixels) -> None:
    if len(x) != len(y):
        raise Malformed(f"{labels}: expected {len(x)} labels as in {images.name}, got {len(y)}")
    if y.max() >= CLASSES:
        at = int((y >= CLASSES).argmax())
        raise Malformed(f"{labels}: expected labels 0 to 9, got {y[at]} at entry {at}")
