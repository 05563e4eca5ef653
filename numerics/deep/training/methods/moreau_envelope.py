r"""The Moreau envelope: EnSGD without its noise.

.. math:: M(\theta) = \min_t l_\epsilon(t) + \tfrac\gamma2\|\theta-t\|^2, \qquad
          \nabla M = \gamma(\theta - t^*).

The same inner loop with noise 0, so a difference to EnSGD is the noise's; ``keep = 0`` takes the
last inner iterate for t*, the default its running mean. Inexact: t* is where L steps end.
A step costs L times the base's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numerics.deep.training.inner_loop import Inner, InnerLoop
from numerics.deep.training.workspace import Workspace


class MoreauEnvelope(InnerLoop):
    """L steps of minimisation, then a step towards where they lead."""

    def __init__(
        self,
        work: Workspace,
        base: str | Mapping[str, Any] = "adversarial",
        steps: int = 20,
        lr: float = 0.1,
        momentum: float = 0.9,
        keep: float = 0.75,
        gamma: float = 0.03,
        scoping: float = 0.0,
    ) -> None:
        super().__init__(work, base, Inner(steps, lr, momentum, keep, 0.0, gamma, scoping))
