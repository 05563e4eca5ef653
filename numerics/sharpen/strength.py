"""Is a bound below another one?  Measured at points that meet the hypotheses, never proved.

.. math:: b' \\preceq b \\iff b'(z) \\le b(z) \\text{ at every sampled } z,
          \\text{ and } b'(z) < b(z) \\text{ at some.}
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from numerics.falsify.climb import FEASIBLE
from numerics.falsify.conditions import lower
from numerics.falsify.draws import draw, draw_nice
from numerics.falsify.goals import at_one_point, entries
from numerics.falsify.problem import Problem
from numerics.falsify.repair_plan import Repairs
from numerics.falsify.scope import dimensions_of
from numerics.falsify.tape import Array, Tape
from numerics.falsify.unsupported import Unsupported
from theory.calculus import KinkError
from theory.claims import Claim
from theory.coordinates import in_coordinates
from theory.statements import Differentiable, Equal, Lipschitz, Maximizes, Not
from theory.vectors import VectorExpr

POINTS = 1500
EQUAL = 1e-9  # relative; two bounds this close everywhere are one bound


class Sample:
    """Points of the domain of a claim, on which its bounds are compared."""

    def __init__(self, claim: Claim, seed: int = 0) -> None:
        small = [d for d in dimensions_of(claim) if d <= 3]
        self.dimension = 2 if 2 in small or not small else small[0]
        self.problem = at_one_point(claim, self.dimension)
        self.rng = np.random.default_rng(seed)

    @cached_property
    def rows(self) -> Array:
        """The columns that meet the hypotheses."""
        return _inside(self.problem, self.rng)

    def is_below(self, new: Any, old: Any, sense: int) -> bool:
        """Whether ``new`` is the stronger of two bounds of this domain, and not the same."""
        if not self.rows.shape[1]:
            return False
        try:
            outputs = [in_coordinates(e, self.dimension) for e in (new, old)]
            a, b = sense * Tape(self.problem.symbols, outputs)(self.rows)
        except (Unsupported, ValueError, TypeError):
            return False
        known = np.isfinite(a) & np.isfinite(b)
        a, b = a[known], b[known]
        lead = (a - b) / (np.abs(a) + np.abs(b) + 1e-300)
        return bool(lead.size and lead.min() >= -1e-12 and lead.max() > EQUAL)


def sample_of(claim: Claim, seed: int = 0) -> Sample | None:
    """The sample of a claim; None where it cannot be lowered to numbers."""
    try:
        return Sample(claim, seed)
    except (Unsupported, ValueError, TypeError):
        return None


def _inside(problem: Problem, rng: np.random.Generator) -> Array:
    repairs = Repairs(problem)
    if not problem.symbols:
        return np.zeros((0, 1))
    halves = [draw(problem, rng, POINTS), draw_nice(problem, rng, POINTS)]
    rows = repairs.floats(np.hstack(halves))
    return rows[:, problem.slack(rows) >= FEASIBLE]


def says_something_beyond(claim: Claim, g: Any, others: tuple[Any, ...]) -> bool:
    """Whether the statement is defined at a point that violates g and meets the others."""
    try:
        sample = Sample(claim.mutate("beyond", None, given=(*others, sp.Not(g))).claim)
        d, symbols = sample.dimension, sample.problem.symbols
        outputs = [lower(g, d), *_components(claim.holds, d)]
        inside, *values = Tape(symbols, outputs)(sample.rows)
    except (Unsupported, KinkError, ValueError, TypeError):
        return True  # nothing is known: the falsifier may find out
    return bool((np.isfinite(values).all(axis=0) & (inside == 0)).any())


def _components(holds: Any, d: int) -> list[sp.Expr]:
    """The scalars that the statement speaks about, at one point."""
    if isinstance(holds, Not):
        return _components(holds.statement, d)
    if isinstance(holds, Lipschitz | Differentiable):
        found = entries(holds.f, d) if isinstance(holds.f, VectorExpr) else [holds.f]
        constant = getattr(holds, "constant", None)
        found += [] if constant is None else [constant]
        return [in_coordinates(e, d) for e in found]
    if isinstance(holds, Equal):
        return [*entries(holds.left, d), *entries(holds.right, d)]
    if isinstance(holds, Maximizes):
        return entries(holds.point, d)
    relations = lower(holds, d).atoms(sp.core.relational.Relational)
    return [side for r in relations for side in (r.lhs, r.rhs)]
