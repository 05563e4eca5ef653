r"""Leaving a maximiser on the box for a better one across it.

.. math:: \delta \mapsto \delta - 2\delta_i e_i \quad \text{if that raises } l.

On the L-infinity ball most coordinates sit at +-radius, and a vertex can be a strict local
maximiser while its neighbour is better: gradients do not see this, values do. Only the ``TRIED``
coordinates with the least |g_i| are tried, where the gradient speaks least against it.
Shapes (n, d). Source: ours (local search over one flip).
"""

from __future__ import annotations

import torch
from torch import Tensor

from numerics.deep.attacks.input_problem import InputProblem

TRIED = 32


def best_flip(problem: InputProblem, delta: Tensor) -> tuple[Tensor, Tensor]:
    """Delta with the best one of the flips (n, d), and its value (n,), better or not."""
    _, gradient = problem.value_and_gradient(delta)
    places = gradient.abs().argsort(dim=1)[:, :TRIED]
    tried = [delta.scatter(1, p, -delta.gather(1, p)) for p in places.split(1, dim=1)]
    with torch.no_grad():
        values = torch.stack([problem.values(trial) for trial in tried])
    value, which = values.max(0)
    return torch.stack(tried)[which, torch.arange(len(delta), device=delta.device)], value
