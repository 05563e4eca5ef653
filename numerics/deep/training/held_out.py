r"""Parts of a data set that are held out, and the accuracies there.

The validation part is the same for every fold and is never tested; what is left is divided into
folds, or as the data set marks its test part. Accuracies are those within the range of the data.
"""

from __future__ import annotations

from collections.abc import Sequence

from numerics.deep import data as datasets
from numerics.deep.attacks.strong import robust_accuracy
from numerics.deep.data import Dataset
from numerics.deep.training.evaluation import accuracies
from numerics.deep.training.run import Run
from numerics.sentences import Malformed

BATCH = 512  # samples at once


def divided(
    data: str, n: int, marked: bool, validation: float, folds: int, fold: int
) -> tuple[Dataset, Dataset, Dataset]:
    """(train, validation, test): the validation part is the same for every fold, never tested."""
    everything = datasets.load(data)
    if marked:
        if everything.is_test is None:
            raise Malformed(
                f"{data}: expected data with a marked test part at this scale, such as a folder "
                "of CIFAR (--data)"
            )
        training, test_set = everything.parts()
        validation_set, train_set = datasets.split(training, (validation, 1 - validation))
        return train_set, validation_set, test_set
    if n < len(everything):
        (everything,) = datasets.split(everything, (n / len(everything),))
    validation_set, rest = datasets.split(everything, (validation, 1 - validation))
    train_set, test_set = datasets.folds(rest, folds)[fold]
    return train_set, validation_set, test_set


def judged_by_pgd(trained: Run, data: Dataset, device: str) -> dict[str, float]:
    """Clean and PGD accuracy, within the range of the data."""
    x, y = data.x.to(device), data.y.to(device)
    found = accuracies(trained.model, x, y, trained.settings, _box(data))
    return {"clean": found["clean"], "pgd": found["robust"]}


def judged_strongly(
    trained: Run, data: Dataset, device: str, attacks: Sequence[str] | str = ("apgd-t",)
) -> float:
    """Accuracy under APGD-T or AutoAttack, within the range of the data."""
    x, y, s = data.x.to(device), data.y.to(device), trained.settings
    return robust_accuracy(
        trained.model, x, y, s.p, s.radius, attacks, box=_box(data), batch=BATCH
    )  # fmt: skip


def _box(data: Dataset) -> tuple[float, float] | None:
    return None if data.low is None or data.high is None else (data.low, data.high)
