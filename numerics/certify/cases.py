"""The cases of a claim: dimensions, label and sign patterns, and the rotation reduction.

.. math:: (v_1, \\dots, v_k) = Q R, \\qquad R_{ij} = 0\\ (i > j), \\quad R_{jj} \\ge 0.

A statement made of norms, inner products and directions alone looks the same after a rotation,
so k vectors may be taken as the columns of R: every dimension at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

import sympy as sp

from numerics.certify.program import Unsupported
from theory.claims import Claim
from theory.matrices import MatrixSum, Outer
from theory.scalars import Dot, Norm
from theory.statements import Differentiable as WithDerivative
from theory.statements import Lipschitz, parts
from theory.vectors import Label, Signs, Unit, Vector, VectorExpr, VectorSum

MOST_CASES, MOST_VARIABLES = 256, 12
INVARIANT = (Vector, VectorSum, Unit, Norm, Dot, MatrixSum, Outer)


@dataclass(frozen=True)
class Case:
    """One dimension and one pattern of signs; ``fixed`` holds every number that is no interval."""

    dimension: int
    signs: dict[str, Any] = field(default_factory=dict)
    fixed: dict[str, Fraction] = field(default_factory=dict)
    nonnegative: frozenset[str] = frozenset()
    variables: tuple[str, ...] = ()


def cases(claim: Claim) -> tuple[list[str], list[Case]]:
    """The reductions used and the exhaustive cases; Unsupported where there is no finite list."""
    if claim.dimensions is not None:
        return [], _limited(c for d in claim.dimensions for c in _patterns(claim, d, False))
    if not rotation_invariant(claim):
        raise Unsupported("every dimension is claimed, and the statement is not rotation invariant")
    return ["rotation"], _limited(_patterns(claim, _rotated_dimension(claim), True))


def _limited(found: Iterator[Case]) -> list[Case]:
    result: list[Case] = []
    for case in found:
        result.append(case)
        if len(result) > MOST_CASES:
            raise Unsupported(f"more than {MOST_CASES} patterns of dimensions and signs")
        if len(case.variables) > MOST_VARIABLES:
            raise Unsupported(f"{len(case.variables)} variables in dimension {case.dimension}")
    return result


def _vectors(claim: Claim) -> list[Vector]:
    found = (v for v in claim.free_variables if isinstance(v, Vector) and not isinstance(v, Signs))
    return sorted(found, key=lambda v: v.name)


def _rotated_dimension(claim: Claim) -> int:
    k = len(_vectors(claim))
    derivative = isinstance(claim.holds, Lipschitz | WithDerivative)
    if derivative and isinstance(claim.holds.wrt, Vector):
        return k + 1
    return max(k, 1)


def rotation_invariant(claim: Claim) -> bool:
    """Whether every vector operation of the statement and its hypotheses is invariant."""
    objects = [*parts(claim.holds), *claim.given]
    return all(_invariant(obj) for obj in objects if isinstance(obj, sp.Basic))


def _invariant(obj: Any) -> bool:
    from theory.hypotheses import InOrthant
    from theory.scalars import VectorScalar

    for node in sp.preorder_traversal(obj):
        if isinstance(node, Signs | InOrthant) or (isinstance(node, Norm) and node.p != 2):
            return False
        if isinstance(node, VectorExpr | VectorScalar) and not isinstance(node, INVARIANT):
            return False
        if type(node).__name__ in ("Diag", "ZeroComponent", "TiedPeak"):
            return False
    return True


def _patterns(claim: Claim, d: int, rotated: bool) -> Iterator[Case]:
    labels = [v for v in claim.free_variables if isinstance(v, Label)]
    signs = [v for v in claim.free_variables if isinstance(v, Signs)]
    names = [v.name for v in labels] + [f"{s.name}[{i + 1}]" for s in signs for i in range(d)]
    zeros, nonnegative = _triangle(claim, d) if rotated else ({}, frozenset[str]())
    variables = tuple(n for n in _names(claim, d) if n not in zeros)
    for pattern in product((1, -1), repeat=len(names)):
        values = {n: Fraction(s) for n, s in zip(names, pattern, strict=True)}
        shown: dict[str, Any] = {v.name: str(values[v.name]) for v in labels}
        for s in signs:
            shown[s.name] = [str(values[f"{s.name}[{i + 1}]"]) for i in range(d)]
        yield Case(d, shown, {**values, **zeros}, nonnegative, variables)


def _names(claim: Claim, d: int) -> Iterator[str]:
    for v in claim.free_variables:
        if isinstance(v, Label | Signs):
            continue
        if isinstance(v, Vector):
            yield from (f"{v.name}[{i + 1}]" for i in range(d))
        else:
            yield v.name


def _triangle(claim: Claim, d: int) -> tuple[dict[str, Fraction], frozenset[str]]:
    """The coordinates that a rotation makes 0, and those that it makes nonnegative."""
    zeros: dict[str, Fraction] = {}
    nonnegative = set()
    for j, v in enumerate(_vectors(claim), start=1):
        nonnegative.add(f"{v.name}[{j}]")
        zeros |= {f"{v.name}[{i}]": Fraction(0) for i in range(j + 1, d + 1)}
    return zeros, frozenset(nonnegative)
