"""Thirty features of 569 tumours, standardised; label 0 malignant, 1 benign: (30,).

The mean and deviation are those of all 569 samples: they use no label, but they do see the samples
that a division later calls test.

Source: UCI "Breast Cancer Wisconsin (Diagnostic)", in scikit-learn.
"""

from __future__ import annotations

from pathlib import Path

import torch

from numerics.deep.data.dataset import Dataset
from numerics.optional import find

NAMES = ("breast_cancer",)
FORMAT = ""


def reads(path: Path) -> bool:
    """No file is needed."""
    return False


def load(name: str = "breast_cancer") -> Dataset:
    """Every feature with mean 0 and (population) deviation 1; no box."""
    x, y = find("sklearn.datasets", "load_breast_cancer", f"data {name}")(return_X_y=True)
    features = torch.from_numpy((x - x.mean(0)) / x.std(0)).float()
    return Dataset(features, torch.from_numpy(y).long(), name, 2)
