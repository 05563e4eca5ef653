"""Squaring away roots: x > y >= 0 gives x^2 > y^2, reduced by the equations of the roots.

.. math:: p = x - y > 0,\\ y \\ge 0 \\;\\Rightarrow\\; p^2 + 2 p y = x^2 - y^2 > 0, \\quad r^q = u.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from sympy.polys.rings import PolyElement

from theory.reasoning.inequalities.bounds import Bounds
from theory.reasoning.inequalities.context import Context, normalised
from theory.reasoning.inequalities.formulas import (
    ABOVE,
    AT_LEAST,
    EQUAL,
    Literal,
    negate_literal,
)

_MOST_TERMS, _HIGHEST = 40, 4

Rule = tuple[Literal, int, int, PolyElement]  # equation, variable r, q, value of r^q


def squared(context: Context, literal: Literal) -> tuple[Literal, dict[str, Any]] | None:
    """x^2 - y^2 with the root equations applied, and why it holds; None when roots remain apart."""
    p, bounds = literal.value, Bounds(context)
    rules = root_rules(context, bounds.signs)
    negative = _negative_part(bounds, p)
    touched = any(m[v] for m in p for _, v, _, _ in rules)
    large = len(p) > _MOST_TERMS or max(map(sum, p)) > _HIGHEST
    if literal.op not in (ABOVE, AT_LEAST) or not touched or not negative or large:
        return None
    value = p**2 + 2 * p * negative
    reduced, used = reduce_by(value, rules)
    made = normalised(Literal(reduced, literal.op))
    if not used or not isinstance(made, Literal):
        return None
    return made, _because(bounds, literal, negative, made, reduced.LC / made.value.LC, used)


def root_rules(context: Context, signed: Container[int]) -> list[Rule]:
    """Equations c*r^q + rest = 0 with q > 1, constant c, r >= 0, and rest free of r.

    Where several variables qualify, the root is the one whose sign stands alone, as in
    r^2 - a^2 - b^2 = 0.
    """
    rules: list[Rule] = []
    for _, literal in context.literals(EQUAL):
        p, found = literal.value, []
        for monomial, c in p.terms():
            used = [v for v, e in enumerate(monomial) if e]
            if len(used) == 1 and monomial[used[0]] > 1 and used[0] in signed:
                (v,) = used
                alone = sum(1 for k in p.values() if (k > 0) == (c > 0)) == 1
                if sum(1 for m in p if m[v]) == 1 and all(v != rule[1] for rule in rules):
                    power = context.ring.gens[v] ** monomial[v]
                    found.append((not alone, (literal, v, monomial[v], power - p / c)))
        if found:
            rules.append(min(found, key=lambda item: item[0])[1])
    return rules


def reduce_by(
    p: PolyElement, rules: list[Rule]
) -> tuple[PolyElement, list[tuple[Literal, PolyElement]]]:
    """p with r^q replaced, and the pairs (e, cofactor) with p = result + sum of cofactor*e."""
    used = []
    for equation, v, q, value in rules:
        power = p.ring.gens[v] ** q
        cofactor = p.ring.zero
        while high := [(m, c) for m, c in p.terms() if m[v] >= q]:
            rest = p.ring.from_dict({(*m[:v], m[v] - q, *m[v + 1 :]): c for m, c in high})
            p = p - rest * (power - value)
            cofactor = cofactor + rest
        if cofactor:
            scale = equation.value.coeff(power)
            used.append((equation, cofactor / scale))
    return p, used


def _negative_part(bounds: Bounds, p: PolyElement) -> PolyElement:
    """y: minus the monomials with negative coefficients in nonnegative variables."""
    return p.ring.from_dict(
        {
            m: -c
            for m, c in p.terms()
            if c < 0 and all(v in bounds.signs or e % 2 == 0 for v, e in enumerate(m) if e)
        }
    )


def _because(
    bounds: Bounds,
    literal: Literal,
    negative: PolyElement,
    made: Literal,
    scale: Any,
    used: list[tuple[Literal, PolyElement]],
) -> dict[str, Any]:
    """p*p + 2*p*y - (reduced + sum cofactor*e) = 0."""
    one, ring = bounds.ring.domain.one, bounds.ring
    products: list[dict[str, Any]] = [{"multiplier": one, "factors": [literal, literal]}]
    for m, c in negative.terms():
        factors: list[Any] = [literal]
        root = ring.one
        for v, e in enumerate(m):
            if e % 2:
                factors.append(bounds.context.known[bounds.signs[v]])
            root = root * ring.gens[v] ** (e // 2)
        term: dict[str, Any] = {"multiplier": 2 * c, "factors": factors}
        products.append(term if root == 1 else {**term, "square": root})
    products.append({"multiplier": scale, "factors": [negate_literal(made)]})
    equalities = [{"of": e, "cofactor": -cofactor} for e, cofactor in used]
    return {"rule": "products", "products": products, "equalities": equalities}
