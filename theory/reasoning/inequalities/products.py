"""Exact multipliers: a contradiction as a positive combination of products of hypotheses.

.. math:: \\sum_k \\lambda_k P_k + \\sum_j c_j e_j \\equiv 0, \\quad \\lambda_k \\ge 0,
          \\quad \\sum_{P_k > 0} \\lambda_k = 1.

The P_k are hypotheses, products of two or three of them, and squares of differences of
monomials; the c_j are combinations of monomials. Handelman's theorem with equations.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import QQ
from sympy.polys.matrices import DomainMatrix
from sympy.polys.rings import PolyElement

from theory import clock
from theory.reasoning.inequalities.context import Context, product
from theory.reasoning.inequalities.formulas import ABOVE, AT_LEAST, EQUAL, UNEQUAL, Literal
from theory.reasoning.inequalities.nonnegative_least_squares import support

_SUM = "sum of the positive products"
_MOST_COLUMNS = 900


@dataclass(frozen=True)
class _Column:
    """One product, or a monomial multiple of an equation with either sign."""

    value: PolyElement
    factors: tuple[Literal, ...] = ()
    square: PolyElement | None = None
    positive: bool = False
    equation: Literal | None = None
    cofactor: PolyElement | None = field(default=None, compare=False)


def refute_by_products(context: Context, size: int, deadline: float) -> dict[str, Any] | None:
    """A certificate with products of at most ``size`` hypotheses, or None."""
    columns = list(itertools.islice(_columns(context, size), _MOST_COLUMNS))
    if not any(column.positive for column in columns):
        return None
    vectors = [_scaled(column) for column in columns]
    chosen = support(vectors, {_SUM: 1.0}, deadline)
    if chosen is None or clock.now() > deadline:
        return None
    return _exact(context, [columns[j] for j in chosen])


def _columns(context: Context, size: int) -> Iterator[_Column]:
    ring = context.ring
    degree = _degree(context, size)
    seen: set[PolyElement] = set()
    for column in itertools.chain(
        [_Column(ring.one, positive=True)],
        _hypothesis_products(context, size, degree),
        _equations(context, degree),
        _squares(context, degree) if size > 1 else (),
    ):
        if column.value and column.value not in seen:
            seen.add(column.value)
            yield column


def _degree(context: Context, size: int) -> int:
    own = [_total(literal.value) for i, literal in context.literals() if i in context.goals]
    largest = max(own or [2])
    return largest if size == 1 else max(largest + (largest == 1), 2) + (size == 3)


def _total(p: PolyElement) -> int:
    return max((sum(m) for m in p), default=0)


def _hypothesis_products(context: Context, size: int, degree: int) -> Iterator[_Column]:
    """Products of inequalities; an inequation enters as its square, an equation not at all."""
    base: list[tuple[tuple[Literal, ...], PolyElement, bool]] = []
    for _, literal in context.literals(ABOVE, AT_LEAST, UNEQUAL):
        p = literal.value
        if literal.op == UNEQUAL:
            base.append(((literal, literal), p**2, True))
        else:
            base.append(((literal,), p, literal.op == ABOVE))
    goals = {literal for i, literal in context.literals() if i in context.goals}
    bound = degree if size > 1 else 10**6
    for count in range(1, size + 1):
        for chosen in itertools.combinations_with_replacement(base, count):
            of_goal = any(h in goals for part in chosen for h in part[0])
            if sum(_total(part[1]) for part in chosen) > bound + (2 if of_goal else 0):
                continue
            yield _Column(
                product(context.ring, (part[1] for part in chosen)),
                tuple(h for part in chosen for h in part[0]),
                positive=all(part[2] for part in chosen),
            )


def _squares(context: Context, degree: int) -> Iterator[_Column]:
    """Squares of m and m +- m' for monomials m, m', alone and times one hypothesis."""
    monomials = _half_monomials(context, degree)
    pairs = list(itertools.combinations(monomials, 2))
    roots = [*_repeated_factors(context), *monomials]
    roots += [*(a - b for a, b in pairs), *(a + b for a, b in pairs)]
    for root in roots:
        yield _Column(root**2, square=root)
    for _, literal in context.literals(ABOVE, AT_LEAST):
        for root in roots:
            if 2 * _total(root) + _total(literal.value) <= degree and _total(root) > 0:
                yield _Column(literal.value * root**2, (literal,), square=root)


def _repeated_factors(context: Context) -> Iterator[PolyElement]:
    """f where f^2 divides a literal of the goal."""
    for i, literal in context.literals():
        if i in context.goals and len(literal.value) <= 80:
            for f, k in literal.value.factor_list()[1]:
                if k > 1:
                    yield f ** (k // 2)


def _half_monomials(context: Context, degree: int) -> list[PolyElement]:
    """Monomials m with m^2 within the exponents that occur; at most a dozen."""
    ring, highest = context.ring, [0] * context.ring.ngens
    for _, literal in context.literals():
        for monomial in literal.value:
            highest = [max(a, b) for a, b in zip(highest, monomial, strict=True)]
    found: list[PolyElement] = [ring.one]
    used = [g for g, e in zip(ring.gens, highest, strict=True) if e]
    for d in range(1, degree // 2 + 1):
        for combo in itertools.combinations_with_replacement(used, d):
            found.append(product(ring, combo))
        if len(found) > 12:
            break
    return found[:14]


def _equations(context: Context, degree: int) -> Iterator[_Column]:
    ring = context.ring
    monomials = [ring.one, *ring.gens, *_pairs(ring.gens)]
    for _, literal in context.literals(EQUAL):
        p = literal.value
        for m in monomials:
            if _total(m) + _total(p) > max(degree, _total(p)):
                continue
            for cofactor in (m, -m):
                yield _Column(cofactor * p, equation=literal, cofactor=cofactor)


def _pairs(gens: Sequence[PolyElement]) -> list[PolyElement]:
    if len(gens) > 8:
        return []
    return [a * b for a, b in itertools.combinations_with_replacement(gens, 2)]


def _scaled(column: _Column) -> dict[Any, float]:
    norm = sum(float(c) ** 2 for c in column.value.values()) ** 0.5
    vector: dict[Any, float] = {m: float(c) / norm for m, c in column.value.items()}
    if column.positive:
        vector[_SUM] = 1.0
    return vector


def _exact(context: Context, columns: Sequence[_Column]) -> dict[str, Any] | None:
    """Solve for the multipliers exactly; the caller re-expands the identity."""
    multipliers = _solve(columns)
    if multipliers is None or any(x < 0 for x in multipliers):
        return None
    products: list[dict[str, Any]] = []
    equalities: list[dict[str, Any]] = []
    for column, x in zip(columns, multipliers, strict=True):
        if not x:
            continue
        if column.equation is not None and column.cofactor is not None:
            equalities.append({"of": column.equation, "cofactor": column.cofactor * x})
        else:
            term: dict[str, Any] = {"multiplier": x, "factors": list(column.factors)}
            products.append(term if column.square is None else {**term, "square": column.square})
    return {"rule": "products", "products": products, "equalities": equalities}


def _solve(columns: Sequence[_Column]) -> list[Any] | None:
    rows: dict[Any, list[Any]] = {}
    width = len(columns) + 1
    for j, column in enumerate(columns):
        entries: Iterable[tuple[Any, Any]] = column.value.items()
        for monomial, c in (*entries, *([(_SUM, QQ(1))] if column.positive else [])):
            rows.setdefault(monomial, [QQ(0)] * width)[j] += c
    rows.setdefault(_SUM, [QQ(0)] * width)[-1] = QQ(1)
    matrix = DomainMatrix(list(rows.values()), (len(rows), width), QQ).to_sparse()
    reduced, pivots = matrix.rref()
    if width - 1 in pivots or len(pivots) < width - 1:
        return None
    dense = reduced.to_dense().rep.to_list()
    return [dense[k][-1] for k in range(width - 1)]
