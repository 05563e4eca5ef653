"""Which photograph is this patch from? Patches of 32x32 in colour, in [0, 1]: (3, 32, 32).

Every photograph is cut into five bands of columns. Patches lie whole in a band, on a grid of step
16, so patches of different bands share no pixel; a band is a ``group`` that no division parts. The
last band is the marked test part. Each band of each photograph gives equally many patches.

Source: the colour photographs within scikit-image's own package; grey ones would be told apart by
their colour alone, and pictures that are drawn are left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from numerics.deep.data.dataset import Dataset
from numerics.deep.data.files import Pixels, intensities
from numerics.optional import find

NAMES = ("patches",)
FORMAT = ""
SIZE, STEP, BANDS = 32, 16, 5
PHOTOGRAPHS = (
    "astronaut",
    "chelsea",
    "coffee",
    "hubble_deep_field",
    "immunohistochemistry",
    "retina",
    "rocket",
    "stereo_motorcycle",
)


def reads(path: Path) -> bool:
    """No file is needed."""
    return False


def load(name: str = "patches") -> Dataset:
    """As many patches of every band as the poorest band has, evenly over the band."""
    photographs = [photograph(which) for which in PHOTOGRAPHS]
    corners = [list(bands(image.shape)) for image in photographs]
    count = min(len(band) for photo in corners for band in photo)
    chosen = [[_evenly(band, count) for band in photo] for photo in corners]
    pixels = [
        cut(image, corner)
        for image, photo in zip(photographs, chosen, strict=True)
        for band in photo
        for corner in band
    ]
    group = torch.arange(len(PHOTOGRAPHS) * BANDS).repeat_interleave(count)
    x = intensities(np.stack(pixels).transpose(0, 3, 1, 2))
    is_test = group % BANDS == BANDS - 1
    labels = group // BANDS
    return Dataset(x, labels, name, len(PHOTOGRAPHS), 0.0, 1.0, is_test, group)


def photograph(which: str) -> Pixels:
    """The photograph: (height, width, 3) uint8."""
    found: Any = find("skimage.data", which, "data patches")()
    image: Pixels = found[0] if isinstance(found, tuple) else found  # left of a stereo pair
    return image


def bands(shape: tuple[int, ...]) -> Iterator[list[tuple[int, int]]]:
    """For every band, the upper left corners of its patches.

    >>> [len(band) for band in bands((48, 320, 3))]
    [6, 6, 6, 6, 6]
    """
    edges = [math.floor(shape[1] * band / BANDS) for band in range(BANDS + 1)]
    for left, right in pairwise(edges):
        rows, columns = range(0, shape[0] - SIZE + 1, STEP), range(left, right - SIZE + 1, STEP)
        yield [(row, column) for row in rows for column in columns]


def cut(image: Pixels, corner: tuple[int, int]) -> Pixels:
    """The patch with that upper left corner."""
    row, column = corner
    return image[row : row + SIZE, column : column + SIZE]


def _evenly(band: list[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    places: NDArray[np.intp] = np.linspace(0, len(band) - 1, count).round().astype(np.intp)
    return [band[place] for place in places]
