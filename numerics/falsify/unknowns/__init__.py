"""Counterexamples to claims about unknown functions and linear maps: concrete ones, exact.

``falsify_unknowns(claim, seed, deadline)`` ends in a ``Refutation`` or in ``Survival``;
``feasible_instance`` finds functions, maps and numbers that meet the hypotheses.
"""

from numerics.falsify.unknowns.instances import Instance
from numerics.falsify.unknowns.unknowns import falsify_unknowns, feasible_instance

__all__ = ["Instance", "falsify_unknowns", "feasible_instance"]
