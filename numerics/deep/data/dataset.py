r"""Samples with labels, the box they live in, and a digest of their content.

.. math:: \{(x_i, y_i)\}_{i<n}, \qquad x_i \in [\mathrm{low}, \mathrm{high}]^{\mathrm{shape}},
          \qquad y_i \in \{0, \dots, \mathrm{classes} - 1\}

x is float32 (n, *shape) in the unit of the data, y is int64 (n,). ``low`` and ``high`` are None for
standardised features. ``is_test`` marks a published or spatial test part; ``group`` marks samples
that belong together (patches that overlap), which no division may part.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import torch
from torch import Tensor

from numerics.sentences import Malformed


@dataclass(frozen=True, eq=False)
class Dataset:
    """Checked when it is made; ``digest`` is the sha256 of x, y and their shapes.

    >>> data = Dataset(torch.tensor([[0.0], [1.0]]), torch.tensor([0, 1]), "two points", 2)
    >>> len(data), data.shape, data.digest[:8]
    (2, (1,), '95e589f8')
    """

    x: Tensor
    y: Tensor
    name: str
    classes: int
    low: float | None = None
    high: float | None = None
    is_test: Tensor | None = None  # (n,) bool
    group: Tensor | None = None  # (n,) int64
    note: str = ""
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        _check(self)
        object.__setattr__(self, "digest", _digest(self.x, self.y))

    def __len__(self) -> int:
        return len(self.y)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one input."""
        return tuple(self.x.shape[1:])

    def take(self, index: Tensor, name: str | None = None) -> Dataset:
        """The samples at ``index`` (positions or bool), in that order; no part is marked in it."""
        group = None if self.group is None else self.group[index]
        box = (self.low, self.high)
        label = self.name if name is None else name
        x, y = self.x[index], self.y[index]
        return Dataset(x, y, label, self.classes, *box, None, group, self.note)

    def parts(self) -> tuple[Dataset, Dataset]:
        """(train, test) as the data set marks them; Malformed where it marks none."""
        if self.is_test is None:
            raise Malformed(
                f"{self.name}: expected a marked test part; divide it with split or folds"
            )
        train = self.take(~self.is_test, f"{self.name} (train)")
        return train, self.take(self.is_test, f"{self.name} (test)")

    def statistics(self) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation of every channel (or feature): (C,), for the normalisation.

        A channel that is constant gets the deviation 1.
        """
        over = [0, *range(2, self.x.ndim)]
        std, mean = torch.std_mean(self.x.double(), over, correction=0)
        return mean.float(), torch.where(std > 0, std, 1.0).float()


def _digest(x: Tensor, y: Tensor) -> str:
    found = hashlib.sha256(f"{tuple(x.shape)}".encode())
    found.update(x.detach().cpu().contiguous().numpy().astype("<f4", copy=False).data)
    found.update(y.detach().cpu().contiguous().numpy().astype("<i8", copy=False).data)
    return found.hexdigest()


def _check(data: Dataset) -> None:
    x, y, name = data.x, data.y, data.name
    if x.dtype != torch.float32 or x.ndim < 2 or y.dtype != torch.int64 or y.ndim != 1:
        got = f"{x.dtype} {tuple(x.shape)} and {y.dtype} {tuple(y.shape)}"
        raise Malformed(f"{name}: expected x float32 (n, ...) and y int64 (n,), got {got}")
    if not 0 < len(x) == len(y):
        raise Malformed(f"{name}: expected as many labels as samples, got {len(y)} and {len(x)}")
    if 0 in x.shape:
        raise Malformed(f"{name}: expected samples with entries, got shape {tuple(x.shape)}")
    for marks in (data.is_test, data.group):
        if marks is not None and marks.shape != y.shape:
            raise Malformed(f"{name}: expected one mark a sample, got shape {tuple(marks.shape)}")
    _check_labels(data)
    _check_range(data)


def _check_labels(data: Dataset) -> None:
    if data.classes < 2:
        raise Malformed(f"{data.name}: expected two classes or more, got {data.classes}")
    wrong = (data.y < 0) | (data.y >= data.classes)
    if bool(wrong.any()):
        at = int(wrong.nonzero()[0])
        found = f"got {int(data.y[at])} at sample {at}"
        raise Malformed(f"{data.name}: expected labels 0 to {data.classes - 1}, {found}")


def _check_range(data: Dataset) -> None:
    least, most = (float(v) for v in torch.aminmax(data.x))
    low = -float("inf") if data.low is None else data.low
    high = float("inf") if data.high is None else data.high
    if not (torch.isfinite(data.x.sum(dtype=torch.float64)) and low <= least <= most <= high):
        place = f"finite values in [{low:g}, {high:g}]"
        raise Malformed(f"{data.name}: expected {place}, got {least:g} to {most:g}")
