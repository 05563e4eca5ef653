r"""Stochastic weight averaging (SWA): the plain mean of the weights late in the run.

.. math:: \bar w = \frac1n\sum_{k} w_{t_k}, \qquad t_k \ge \text{start},

one term every ``every`` outer steps from the fraction ``start`` of the run on. Costs what the
base costs. Source: Izmailov et al. 2018.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numerics.deep.training.averaging import Averaging
from numerics.deep.training.method import checked
from numerics.deep.training.workspace import Workspace
from numerics.sentences import Malformed


class StochasticWeightAveraging(Averaging):
    """Trains as the base does; the mean of late weights is judged."""

    def __init__(
        self,
        work: Workspace,
        base: str | Mapping[str, Any] = "adversarial",
        start: float = 0.5,
        every: int = 1,
    ) -> None:
        super().__init__(work, base)
        if isinstance(every, bool) or not isinstance(every, int) or every < 1:
            raise Malformed(f"method option every = {every!r}: expected a number of steps from 1")
        self.start, self.every = checked("start", start, 0, 1), every

    def due(self) -> bool:
        """Late enough, and a step of the grid."""
        return self.work.used >= self.start and self.work.counts.steps % self.every == 0
