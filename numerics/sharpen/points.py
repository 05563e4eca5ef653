"""Exact points that told something about one variation, tried on all others.

A stronger claim is violated wherever a weaker one is: that prunes the search, and every pruned
variation still gets a witness of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from numerics.falsify.confirm import broken, satisfies
from numerics.falsify.goals import problem as lower_claim
from numerics.falsify.outcomes import Refutation
from numerics.falsify.problem import Problem
from numerics.falsify.repairs import Point
from numerics.falsify.unsupported import Unsupported
from numerics.falsify.witnesses import witness
from theory.calculus import KinkError
from theory.claims import Claim
from theory.enclosure import Unsupported as NotEnclosed

REFUSED = (Unsupported, NotEnclosed, KinkError, ValueError)
MOST = 40  # the latest points are the closest ones
Values = Mapping[str, Any]  # as in a witness: exact numbers as text, a list for a vector


def point_of(problem: Problem, values: Values) -> Point | None:
    """The point of a witness in the symbols of a problem; None where a variable is missing."""
    point: Point = {}
    for name, rows in problem.groups.items():
        given = values.get(name)
        if not isinstance(given, list) or len(given) != len(rows):
            return None
        numbers = zip(rows, given, strict=True)
        point.update({problem.symbols[k]: sp.Rational(text) for k, text in numbers})
    for symbol in problem.symbols:
        if symbol not in point:
            text = values.get(symbol.name)
            if not isinstance(text, str):
                return None
            point[symbol] = sp.Rational(text)
    return point


@dataclass
class Pool:
    """Points by dimension, in the order in which they were found."""

    points: dict[int, list[Values]] = field(default_factory=dict)

    def add(self, dimension: int, values: Values) -> None:
        kept = self.points.setdefault(dimension, [])
        if values and values not in kept:
            kept.append(values)

    def refutation(self, claim: Claim) -> Refutation | None:
        """A known point that violates the claim as well, confirmed anew."""
        for d, points in sorted(self.points.items()):
            if claim.dimensions is not None and d not in claim.dimensions:
                continue
            try:
                if (hit := _first(lower_claim(claim, d), points[-MOST:])) is not None:
                    return hit
            except REFUSED:
                continue
        return None


def _first(problem: Problem, points: list[Values]) -> Refutation | None:
    for values in reversed(points):
        point = point_of(problem, values)
        if point is None or not satisfies(problem, point):
            continue
        found = broken(problem, point)
        if found is not None and not found.on_kink:
            detail = (
                f"an exact rational point in dimension {problem.dimension}, met at another "
                "variation, satisfies the hypotheses and violates the statement; confirmed by "
                "ball arithmetic"
            )
            return Refutation(witness(problem, point, found), detail, found.severity)
    return None
