r"""Data-parallel training under torchrun: one process a device, the gradient of the global batch.

.. math:: g = \frac1w \sum_{r<w} g_r, \qquad g_r \text{ over the block } r \text{ of the batch}.

Each process solves the attack on its own block; the gradients to the parameters are averaged in
one flat buffer. This is what DistributedDataParallel computes; its overlap of communication with
the backward pass is not needed where K attack steps go before each, and averaging by hand serves
the methods with several gradients a step. Batch normalisation sees the block, not the batch.

    torchrun --nproc-per-node 2 script.py      # script: with joined(): train(...)
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor


@dataclass(frozen=True)
class Processes:
    """This process's rank among ``world``.

    >>> Processes(1, 2).block(torch.arange(6))
    tensor([3, 4, 5])
    """

    rank: int = 0
    world: int = 1

    def block(self, rows: Tensor) -> Tensor:
        """This process's part of something over the global batch."""
        return rows.tensor_split(self.world)[self.rank]

    def average_(self, tensors: Sequence[Tensor]) -> None:
        """Replace each by its mean over the processes; one message."""
        if self.world == 1 or not tensors:
            return
        flat = torch.cat([t.reshape(-1) for t in tensors])
        dist.all_reduce(flat)
        flat /= self.world
        for tensor, part in zip(tensors, flat.split([t.numel() for t in tensors]), strict=True):
            tensor.copy_(part.view_as(tensor))

    def any(self, here: bool, device: torch.device) -> bool:
        """Whether it holds in any process: they must all leave the loop together."""
        if self.world == 1:
            return here
        flag = torch.tensor([float(here)], device=device)
        dist.all_reduce(flag)
        return bool(flag.item())

    def wait(self) -> None:
        """Until all processes are here."""
        if self.world > 1:
            dist.barrier()


def current() -> Processes:
    """The processes that this one has joined; itself alone where it joined none."""
    if dist.is_available() and dist.is_initialized():
        return Processes(dist.get_rank(), dist.get_world_size())
    return Processes()


@contextmanager
def joined(device: str = "cpu") -> Iterator[tuple[Processes, torch.device]]:
    """Join the processes that torchrun started; alone where it started none.

    Gives the processes and this one's device: ``cuda:LOCAL_RANK`` for ``cuda``.
    """
    if "RANK" not in os.environ:
        yield Processes(), torch.device(device)
        return
    found = torch.device(device)
    if found.type == "cuda":
        found = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(found)
    dist.init_process_group("nccl" if found.type == "cuda" else "gloo")
    try:
        yield current(), found
    finally:
        dist.destroy_process_group()
