"""Search for counterexamples, exact and rigorously confirmed.

``falsify(claim, seed, deadline)`` ends in a ``Refutation`` with a witness or in ``Survival``;
``feasible_point`` finds an exact point that satisfies the hypotheses, ``feasible_instance``
concrete functions and maps that do.
"""

from numerics.falsify.falsify import falsify
from numerics.falsify.feasible import feasible_point
from numerics.falsify.outcomes import Refutation, Survival
from numerics.falsify.unknowns import feasible_instance

__all__ = ["Refutation", "Survival", "falsify", "feasible_instance", "feasible_point"]
