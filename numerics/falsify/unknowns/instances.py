"""An instance of a claim: a value for every symbol, vector, function, map and set in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp
from flint import fmpq

from numerics.falsify.unknowns.bodies import Box
from numerics.falsify.unknowns.quadratics import Quadratic
from numerics.falsify.unknowns.rational_matrices import Matrix, Row
from numerics.falsify.unknowns.waves import Wave

Concrete = Quadratic | Wave


@dataclass(frozen=True)
class Instance:
    """The keys are the objects of the claim: symbols, Vectors, Functions, NamedMaps; set names."""

    dimension: int
    scalars: dict[Any, fmpq] = field(default_factory=dict)
    vectors: dict[Any, Row] = field(default_factory=dict)
    functions: dict[Any, Concrete] = field(default_factory=dict)
    maps: dict[Any, Matrix] = field(default_factory=dict)
    sets: dict[str, Box] = field(default_factory=dict)

    def put(self, symbol: Any, value: fmpq) -> Instance:
        """The same with another value of one symbol."""
        return replace(self, scalars={**self.scalars, symbol: value})

    def at(self, vectors: dict[Any, Row]) -> Instance:
        """The same at other points."""
        return replace(self, vectors=vectors)

    def values(self) -> dict[str, str | list[str]]:
        """Symbols and vectors as exact rationals in text."""
        found: dict[str, str | list[str]] = {str(s): str(v) for s, v in self.scalars.items()}
        found |= {str(v): [str(x) for x in row] for v, row in self.vectors.items()}
        return dict(sorted(found.items()))

    def unknowns(self) -> dict[str, Any]:
        """Functions as formulas, maps as rows of exact rationals, sets as products of intervals."""
        found: dict[str, Any] = {}
        for f, concrete in self.functions.items():
            names = coordinate_names(f, self.dimension)
            arguments = ", ".join(str(n) for row in names for n in row)
            found[f"{f}({arguments})"] = str(concrete.expression(names))
        found |= {str(m): [[str(x) for x in r] for r in rows] for m, rows in self.maps.items()}
        found |= {name: str(body) for name, body in self.sets.items()}
        return dict(sorted(found.items()))


def coordinate_names(f: Any, d: int) -> tuple[tuple[sp.Symbol, ...], ...]:
    """x in one dimension, x_1, x_2 in two."""
    if d == 1:
        return tuple((sp.Symbol(s, real=True),) for s in f.slots)
    return tuple(tuple(sp.Symbol(f"{s}_{k + 1}", real=True) for k in range(d)) for s in f.slots)
