r"""What training has cost: passes through the network, in mini-batches.

.. math:: \text{gradients} = \text{parameters} + \text{inputs}.

A pass is one forward and one backward over one mini-batch. ``extra`` counts what no update used
(statistics estimated anew, validation is not counted at all); ``steps`` are outer steps.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass
class Counts:
    """Passes so far.

    >>> Counts(parameters=1, inputs=10).gradients
    11
    """

    parameters: int = 0
    inputs: int = 0
    steps: int = 0
    drawn: int = 0
    extra: int = 0

    @property
    def gradients(self) -> int:
        """Gradients of either kind that updates used."""
        return self.parameters + self.inputs

    def as_dict(self) -> dict[str, int]:
        """All counts and their sum, for a row of the history."""
        return {**asdict(self), "gradients": self.gradients}
