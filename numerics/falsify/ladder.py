"""Statements that fail in large dimensions only: patterned vectors, in ever larger dimensions.

.. math:: \\|v\\|_1 \\le 4\\,\\|v\\|_2 \\quad\\text{fails first for } d = 17.

Nothing is drawn at random beyond the patterns, so a dimension costs little more than its formulas.
The first dimension that breaks the statement is then halved down to the smallest found.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from numerics.falsify.outcomes import Refutation
from numerics.falsify.search import Attained, Effort, Search
from theory import clock
from theory.claims import Claim

RUNGS = (20, 40, 80, 160)
PATTERNS = Effort(draws=300, elites=0, rounds=0, work=1e6)
SLOWEST = 2.0  # seconds for one rung
GROWTH = 4  # of the seconds from one rung to the next

Opens = Callable[[int], bool]


def climb_ladder(claim: Claim, seed: int, deadline: float) -> Refutation | None:
    """A witness in more than 10 dimensions; the smallest such dimension that patterns reach."""

    def search(d: int) -> Search:
        return Search(claim, d, np.random.default_rng([seed, d]))

    def opens(d: int) -> bool:
        return search(d).looks_broken(PATTERNS)

    below, spent = 10, 0.0
    for d in RUNGS:
        start = clock.now()
        if start + GROWTH * spent > deadline or spent > SLOWEST:
            return None
        if opens(d):
            d = _smallest(opens, below, d, deadline)
            return search(d).visit(PATTERNS, deadline, Attained())
        below, spent = d, clock.now() - start
    return None


def _smallest(opens: Opens, below: int, above: int, deadline: float) -> int:
    """The smallest dimension found between one that held out and one that did not."""
    while above - below > 1 and clock.now() < deadline:
        middle = (below + above) // 2
        below, above = (below, middle) if opens(middle) else (middle, above)
    return above
