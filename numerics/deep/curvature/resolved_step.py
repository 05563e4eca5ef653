r"""One step in the parameters with the attack solved anew at its end, jumps included.

.. math:: \frac{\langle \nabla\bar l_\epsilon(\theta+tv)-\nabla\bar l_\epsilon(\theta),\,v\rangle}
               {t}, \qquad
          \frac{\langle \nabla_\theta\bar l(x+\delta^*(\theta),\theta+tv)
               -\nabla\bar l_\epsilon(\theta),\,v\rangle}{t}.

The almost-everywhere Hessian misses jumps of the attack, this does not. A maximiser at the end of
the step that beats the one at its start, at the start, shows that the start's was not global: such
samples are left out, as are those that did not converge.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from numerics.deep.attacks.certified import solve
from numerics.deep.attacks.solution import Solution
from numerics.deep.curvature.attack_response import samples_of
from numerics.deep.curvature.difference_quotients import between
from numerics.deep.curvature.jumps import sign_flips
from numerics.deep.objective import Objective

BEATEN = 1e-9  # by so much, relative to 1 + the loss: well above the solver's error
FAR = 0.5  # of the radius


@dataclass(frozen=True)
class ResolvedStep:
    """The curvature along one step, with the attack moving and with it held."""

    moving: float
    held: float
    far: int  # samples whose attack moved by more than half the radius, in its own norm
    flips: int  # coordinates from face to face, L-infinity only
    samples: int
    beaten: int  # left out: the first attack was not global
    unconverged: int  # left out


def resolved_step(
    objective: Objective,
    theta: Tensor,
    x: Tensor,
    y: Tensor,
    here: Solution,
    direction: Tensor,
    step: float,
    *,
    starts: int = 8,
) -> ResolvedStep:
    """From theta along the unit vector ``direction`` by ``step``; ``here`` is solved at theta.

    Raises ValueError where no sample is left.
    """
    end = theta + step * direction
    there = solve(objective, end, x, y, here.p, here.radius, starts, start=here.delta)
    with torch.no_grad():
        again = objective.losses(theta, x + there.delta, y)
    beaten = again > here.value + BEATEN * (1 + here.value.abs())
    keep = ~beaten
    if not bool(keep.any()):
        raise ValueError("resolved step: every first attack was beaten, expected global maximisers")
    a, b = samples_of(here, keep), samples_of(there, keep)
    found = between(objective, x[keep], y[keep], (theta, a), (end, b))
    moved = torch.linalg.vector_norm((b.delta - a.delta).flatten(1), ord=a.p, dim=1)
    flips = int(sign_flips(a, b).sum()) if a.p != 2 else 0
    return ResolvedStep(
        found.total_along,
        found.frozen_along,
        int((moved > FAR * a.radius).sum()),
        flips,
        found.samples,
        int(beaten.sum()),
        found.left_out,
    )
