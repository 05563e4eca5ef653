"""Handwritten digits of 8x8 pixels, 1797 of ten classes, in [0, 1]: (1, 8, 8).

Source: UCI "Optical Recognition of Handwritten Digits" (its test part), in scikit-learn.
"""

from __future__ import annotations

from pathlib import Path

import torch

from numerics.deep.data.dataset import Dataset
from numerics.optional import find

NAMES = ("digits",)
FORMAT = ""


def reads(path: Path) -> bool:
    """No file is needed."""
    return False


def load(name: str = "digits") -> Dataset:
    """Intensities 0 to 16, divided by 16."""
    x, y = find("sklearn.datasets", "load_digits", f"data {name}")(return_X_y=True)
    images = torch.from_numpy(x / 16).float().view(-1, 1, 8, 8)
    return Dataset(images, torch.from_numpy(y).long(), name, 10, 0.0, 1.0)
