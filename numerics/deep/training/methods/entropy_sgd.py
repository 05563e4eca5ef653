r"""EntropySGD (EnSGD): descent on the local entropy of the base's loss.

.. math:: E(\theta) = -\log\int e^{-l_\epsilon(t) - \frac\gamma2\|\theta-t\|^2}dt, \qquad
          \nabla E = \gamma(\theta - E_p[t]);

E_p[t] is estimated by the running mean of L Langevin steps (``numerics.deep.training.inner_loop``).
The outer gradient is w_c - m, so that the settings' lr is in units of 1/gamma (1 moves to the
mean); gamma_t = gamma (1 + scoping)^t. The settings' momentum is not used. With the attack an
outer step costs L (K + 1) gradients: compare at equal gradient counts.

Source: Chaudhari et al. 2017; with adversarial training Kanai et al. 2021.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numerics.deep.training.inner_loop import Inner, InnerLoop
from numerics.deep.training.workspace import Workspace


class EntropySGD(InnerLoop):
    """L Langevin steps, then a step towards their mean."""

    def __init__(
        self,
        work: Workspace,
        base: str | Mapping[str, Any] = "adversarial",
        steps: int = 20,
        lr: float = 0.1,
        momentum: float = 0.9,
        keep: float = 0.75,
        noise: float = 1e-4,
        gamma: float = 0.03,
        scoping: float = 0.0,
    ) -> None:
        super().__init__(work, base, Inner(steps, lr, momentum, keep, noise, gamma, scoping))
