r"""Divisions of a data set: stratified, deterministic, and never through a group.

Of a class with m groups in random order, the j-th goes to place :math:`(j + u)/m` of [0, 1), u
uniform; a part takes an interval of places, so every class is in it up to one group.

Errors: Malformed for fewer groups of a class than folds, and for an empty part.
Source: ours (systematic sampling within each class).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import accumulate

import torch
from torch import Tensor

from numerics.deep.data.dataset import Dataset
from numerics.sentences import Malformed


def folds(dataset: Dataset, k: int, seed: int = 0) -> list[tuple[Dataset, Dataset]]:
    """k pairs (train, test): every sample is in exactly one test part.

    >>> data = Dataset(torch.rand(6, 1), torch.tensor([0, 1] * 3), "six points", 2)
    >>> [(len(train), len(test), sorted(test.y.tolist())) for train, test in folds(data, 3)]
    [(4, 2, [0, 1]), (4, 2, [0, 1]), (4, 2, [0, 1])]
    """
    number = fold_of(dataset, k, seed)
    label = f"{dataset.name} (fold {{}} of {k}, {{}})".format
    return [
        (
            dataset.take(number != fold, label(fold + 1, "train")),
            dataset.take(number == fold, label(fold + 1, "test")),
        )
        for fold in range(k)
    ]


def fold_of(dataset: Dataset, k: int, seed: int = 0) -> Tensor:
    """The fold, 0 to k - 1, of every sample: (n,)."""
    if k < 2:
        raise Malformed(f"{dataset.name}: expected two folds or more, got {k}")
    number, following = torch.empty_like(dataset.y), 0
    for members, rank, count in _ranked(dataset, seed):
        if count < k:
            place = f"class {int(dataset.y[members[0]])}"
            wanted = f"expected at least {k} samples or groups of {place} for {k} folds"
            raise Malformed(f"{dataset.name}: {wanted}, got {count}")
        number[members] = (following + rank) % k  # where the last class ended, so sizes stay even
        following += count
    return number


def split(dataset: Dataset, fractions: Sequence[float], seed: int = 0) -> list[Dataset]:
    """One part for each fraction; what the fractions leave below 1 is left out.

    >>> data = Dataset(torch.rand(20, 1), torch.tensor([0, 1] * 10), "twenty points", 2)
    >>> [len(part) for part in split(data, (0.5, 0.2))]
    [10, 4]
    """
    _check_fractions(dataset, fractions)
    place = torch.empty(len(dataset), dtype=torch.float64)
    draw = torch.Generator().manual_seed(seed)
    for members, rank, count in _ranked(dataset, seed):
        offset = torch.rand((), generator=draw, dtype=torch.float64)
        place[members] = (rank + offset) / count
    ends = torch.tensor(list(accumulate(fractions)), dtype=torch.float64)
    if math.isclose(float(ends[-1]), 1.0):
        ends[-1] = 1.0
    part = torch.searchsorted(ends, place, right=True)
    return [_part(dataset, part == i, i) for i in range(len(fractions))]


def _part(dataset: Dataset, chosen: Tensor, i: int) -> Dataset:
    if not bool(chosen.any()):
        raise Malformed(f"{dataset.name}: expected fractions that leave no part empty, part {i} is")
    return dataset.take(chosen, f"{dataset.name} (part {i})")


def _check_fractions(dataset: Dataset, fractions: Sequence[float]) -> None:
    right = fractions and all(f > 0 for f in fractions) and sum(fractions) <= 1 + 1e-9
    if not right:
        wanted = "expected positive fractions of sum 1 or less"
        raise Malformed(f"{dataset.name}: {wanted}, got {tuple(fractions)}")


def _ranked(dataset: Dataset, seed: int) -> Iterator[tuple[Tensor, Tensor, int]]:
    """For each class: its samples, the random rank of the group of each, the number of groups."""
    draw = torch.Generator().manual_seed(seed)
    group = torch.arange(len(dataset)) if dataset.group is None else dataset.group
    for label in range(dataset.classes):
        members = (dataset.y == label).nonzero().squeeze(1)
        if len(members):
            known, which = torch.unique(group[members], return_inverse=True)
            order = torch.randperm(len(known), generator=draw)
            yield members, order[which], len(known)
