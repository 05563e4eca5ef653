"""Rigorous decisions about functions of one variable on an interval.

``prove_nonnegative``, ``refute_nonnegative``, ``supremum``, ``infimum``, ``upper_bound``,
``monotonicity``, ``convexity``, ``kinks``, ``jumps``: each returns an answer with a proof or
``None``. The method is exact (see ``signs``); ball arithmetic on cells is the second choice.
"""

from theory.reasoning.one_variable.extrema import Supremum, infimum, supremum, upper_bound
from theory.reasoning.one_variable.points import Undecided
from theory.reasoning.one_variable.proof import OneVariableProof, prove_nonnegative
from theory.reasoning.one_variable.refute import refute_nonnegative
from theory.reasoning.one_variable.shape import (
    Jump,
    Kink,
    continuous_at_end,
    convexity,
    jumps,
    kinks,
    monotonicity,
)

__all__ = [
    "Jump",
    "Kink",
    "OneVariableProof",
    "Supremum",
    "Undecided",
    "continuous_at_end",
    "convexity",
    "infimum",
    "jumps",
    "kinks",
    "monotonicity",
    "prove_nonnegative",
    "refute_nonnegative",
    "supremum",
    "upper_bound",
]
