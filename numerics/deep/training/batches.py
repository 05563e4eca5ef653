r"""Mini-batches whose order is a function of the seed and of how many were drawn before.

Batch number k of the run holds rows k mod m of the permutation of pass floor(k/m), m batches to a
pass; the rest of a pass that fills no batch is left out. No state is kept, so a resumed run sees
the same data. Each process of a distributed run takes its block of the same global batch.

Augmentation ``crop_flip``: reflect-padding by 4 pixels, a random crop of the old size, a random
horizontal flip. Source: the set-up of Wu et al. 2020.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from numerics.deep.training.distributed import Processes
from numerics.sentences import Malformed

PADDING = 4
PRIME = 1_000_003  # seeds of passes of different runs stay apart


@dataclass(frozen=True)
class Batches:
    """x (n, *shape) and y (n,) on one device, in batches of ``size`` rows over all processes."""

    x: Tensor
    y: Tensor
    size: int
    seed: int
    augment: bool
    processes: Processes

    def __post_init__(self) -> None:
        """Every process gets the same number of rows."""
        if len(self.x) != len(self.y) or not len(self.x):
            raise Malformed(
                f"training data: {len(self.x)} inputs and {len(self.y)} labels, "
                "expected as many of both and at least one"
            )
        if self.rows % self.processes.world:
            raise Malformed(
                f"training data: batch = {self.rows} at {self.processes.world} processes, "
                "expected a multiple"
            )

    @property
    def rows(self) -> int:
        """Rows of a batch over all processes: the whole data where they are fewer than ``size``."""
        return min(self.size, len(self.x))

    @property
    def per_epoch(self) -> int:
        """Batches in one pass over the data."""
        return len(self.x) // self.rows

    def indices(self, number: int) -> Tensor:
        """The rows of global batch ``number``."""
        epoch, place = divmod(number, self.per_epoch)
        order = torch.randperm(len(self.x), generator=self._generator(epoch))
        return order[place * self.rows : (place + 1) * self.rows]

    def batch(self, number: int) -> tuple[Tensor, Tensor]:
        """This process's block of batch ``number``: x (rows/world, *shape), y (rows/world,)."""
        rows = self.processes.block(self.indices(number)).to(self.x.device)
        x = self.x[rows]
        if self.augment:
            x = crop_flip(x, *self._places(number))
        return x, self.y[rows]

    def _places(self, number: int) -> tuple[Tensor, Tensor]:
        generator = self._generator(-1 - number)
        shifts = torch.randint(0, 2 * PADDING + 1, (self.rows, 2), generator=generator)
        flips = torch.rand(self.rows, generator=generator) < 0.5
        block, device = self.processes.block, self.x.device
        return block(shifts).to(device), block(flips).to(device)

    def _generator(self, stream: int) -> torch.Generator:
        return torch.Generator().manual_seed((self.seed * PRIME + stream) % 2**63)


def crop_flip(x: Tensor, shifts: Tensor, flips: Tensor) -> Tensor:
    """Images (n, c, h, w) moved by ``shifts`` (n, 2) in 0..8 (4 is no move), some mirrored (n,).

    >>> x = torch.arange(25.0).view(1, 1, 5, 5)
    >>> still, mirrored = torch.tensor([[4, 4]]), torch.tensor([True])
    >>> torch.equal(crop_flip(x, still, mirrored), x.flip(3))
    True
    """
    if x.dim() != 4:
        raise Malformed(f"crop_flip: inputs of shape {tuple(x.shape[1:])}, expected images c, h, w")
    (n, _, h, w), padded = x.shape, nn.functional.pad(x, (PADDING,) * 4, mode="reflect")
    rows = shifts[:, :1] + torch.arange(h, device=x.device)  # (n, h)
    columns = shifts[:, 1:] + torch.arange(w, device=x.device)  # (n, w)
    columns = torch.where(flips[:, None], columns.flip(1), columns)
    samples = torch.arange(n, device=x.device)[:, None, None]
    found = padded.permute(0, 2, 3, 1)[samples, rows[:, :, None], columns[:, None, :]]
    return found.permute(0, 3, 1, 2).contiguous()
