r"""Rates along a run: the learning rate's multiple and the attack's radius.

.. math:: \text{piecewise: } f^{\#\{m_i \le t\}}, \qquad \text{cosine: } \tfrac12(1+\cos \pi t),
          \qquad \epsilon(e) = \epsilon \min(1, e/e_{\text{warm-up}}),

with t in [0, 1] the used-up fraction of the run and e the passes over the data so far.
"""

from __future__ import annotations

import math

from numerics.deep.training.counts import Counts
from numerics.deep.training.settings import Settings


def multiple(settings: Settings, t: float) -> float:
    """What the learning rate is multiplied with at the fraction t of the run.

    >>> multiple(Settings(epochs=1), 0.5)
    0.1
    """
    if settings.schedule == "cosine":
        return 0.5 * (1 + math.cos(math.pi * min(t, 1.0)))
    if settings.schedule == "piecewise":
        return settings.factor ** sum(t >= m for m in settings.milestones)
    return 1.0


def radius(settings: Settings, drawn: int, per_epoch: int) -> float:
    """The radius at the mini-batch number ``drawn`` = 1, 2, ...; positive from the first on.

    >>> [radius(Settings(epochs=4, warmup_epochs=2, radius=1.0), n, 2) for n in (1, 2, 4, 9)]
    [0.25, 0.5, 1.0, 1.0]
    """
    if not settings.warmup_epochs:
        return settings.radius
    return settings.radius * min(1.0, drawn / per_epoch / settings.warmup_epochs)


def used_up(settings: Settings, counts: Counts, per_epoch: int) -> float:
    """The largest used fraction of the limits that are set; 1 ends the run."""
    pairs = (
        (counts.drawn / per_epoch, settings.epochs),
        (counts.gradients, settings.budget_gradients),
        (counts.steps, settings.budget_steps),
    )
    return max(used / limit for used, limit in pairs if limit is not None)
