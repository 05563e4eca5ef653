"""Loss, accuracy and predicted classes over the mini-batches since the last row.

Sums stay on the device: nothing waits for it before a row is written.
"""

from __future__ import annotations

import torch
from torch import Tensor

from numerics.deep.training.distributed import Processes


class Tally:
    """Sums over samples as training met them.

    >>> tally = Tally(2, torch.device("cpu"))
    >>> tally.add(torch.tensor(0.5), torch.tensor([[1.0, 0.0], [2.0, 0.0]]), torch.tensor([0, 1]))
    >>> tally.row(Processes())
    {'loss': 0.5, 'accuracy': 0.5, 'constant': 1.0}
    """

    def __init__(self, classes: int, device: torch.device) -> None:
        self.classes, self.device = classes, device
        self.clear()

    def clear(self) -> None:
        """Begin again."""
        self.sums = torch.zeros(5, dtype=torch.float64, device=self.device)

    def add(self, loss: Tensor, outputs: Tensor, y: Tensor) -> None:
        """A mini-batch: its mean loss (), outputs (n, classes), labels (n,)."""
        chosen, n = outputs.argmax(1), len(y)
        most = torch.bincount(chosen, minlength=self.classes).max()
        self.sums[0] += loss.double() * n
        self.sums[1] += (chosen == y).sum()
        self.sums[2] += n
        self.sums[3] += most - 1
        self.sums[4] += n - 1

    def row(self, processes: Processes) -> dict[str, float]:
        """Mean loss, accuracy and how constant the predictions were; then begin again.

        ``constant`` is the mean share of the class that a mini-batch is given most, the sample
        compared not counted: a collapsed network may change its one class at every step.
        """
        sums = self.sums.clone()
        processes.average_([sums])
        loss, right, n, same, others = sums.tolist()
        self.clear()
        n, others = n or 1.0, others or 1.0
        return {"loss": loss / n, "accuracy": right / n, "constant": same / others}
