"""Cheap consequences that shorten a problem, each with its own refutation of the contrary.

.. math:: f q \\ge 0,\\ f > 0 \\Rightarrow q \\ge 0, \\qquad
          f g \\ge 0,\\ f + g \\ge 0 \\Rightarrow f \\ge 0,\\ g \\ge 0.
"""

from __future__ import annotations

from collections.abc import Iterator
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

_MOST_TERMS = 80

Lemma = tuple[Literal, dict[str, Any]]  # the literal and the refutation of its negation


def lemmas_from(context: Context, literal: Literal, deadline: float) -> tuple[list[Lemma], bool]:
    """Lemmas from the factors of a literal, and whether they replace it."""
    p = literal.value
    if len(p) > _MOST_TERMS or p.is_ground:
        return [], False
    c, factors = p.factor_list()
    if len(factors) == 1 and factors[0][1] == 1:
        return [], False
    bounds = Bounds(context)
    if (lemma := _without_known_factors(bounds, literal, factors, deadline)) is not None:
        squared = literal.op == ABOVE and any(k % 2 == 0 for _, k in factors)  # f != 0 is lost
        return [lemma], not squared
    odd = [f for f, k in factors if k % 2]
    if literal.op in (AT_LEAST, ABOVE, EQUAL) and len(factors) == 2 and len(odd) == 2:
        found = list(_both_factors(bounds, literal, c, odd, deadline))
        return found, bool(found) and literal.op != EQUAL
    return [], False


def _without_known_factors(
    bounds: Bounds, literal: Literal, factors: list[Any], deadline: float
) -> Lemma | None:
    """Drop one factor that is positive, negative, or squared and nonzero."""
    p, op = literal.value, literal.op
    for f, k in factors:
        if k % 2 == 0 and op == ABOVE and not (rest := p.exquo(f**k)).is_ground:
            root = f ** (k // 2)
            return _lemma(rest, op, lambda no, _, q=root: _squared_out(bounds, literal, no, q))
        if (rest := p.exquo(f)).is_ground:
            continue
        for sign in (1, -1):
            if found := bounds.nonnegative(sign * f, True, deadline):
                return _lemma(
                    rest * sign,
                    op,
                    lambda no, scale, t=found: _divided_out(bounds, literal, no, scale, t),
                )
    return None


def _lemma(value: PolyElement, op: str, because: Any) -> Lemma | None:
    made = normalised(Literal(value, op))
    if not isinstance(made, Literal):
        return None
    scale = value.LC / made.value.LC  # value = scale * made.value
    node = because(negate_literal(made), scale)
    return (made, node) if node else None


def _divided_out(
    bounds: Bounds, literal: Literal, no: Literal, scale: Any, found: dict[str, Any]
) -> dict[str, Any] | None:
    """p = F*scale*q with F a positive sum: the negation of (q op 0) contradicts (p op 0)."""
    one = bounds.ring.domain.one
    sign = one if scale > 0 else -one
    p, q, size = literal.value, no.value, abs(scale)
    if literal.op in (AT_LEAST, ABOVE):  # no: -q (>, >=) 0, and size*F*(-q) + p = 0
        if scale < 0:
            return None
        products = [
            {**t, "multiplier": t["multiplier"] * size, "factors": [no, *t["factors"]]}
            for t in found["products"]
        ]
        equalities = [{**t, "cofactor": t["cofactor"] * size * q} for t in found["equalities"]]
        own = {"multiplier": one, "factors": [literal]}
        return _identity([*products, own], equalities)
    if literal.op == EQUAL:  # no: q != 0, and size*F*q^2 - sign*q*p = 0
        products = [
            {**t, "multiplier": t["multiplier"] * size, "factors": [no, no, *t["factors"]]}
            for t in found["products"]
        ]
        equalities = [{**t, "cofactor": t["cofactor"] * size * q**2} for t in found["equalities"]]
        return _identity(products, [*equalities, {"of": literal, "cofactor": -sign * q}])
    # p != 0, no: q = 0, and p^2 - (p^2/q)*q = 0
    own = {"multiplier": one, "factors": [literal, literal]}
    return _identity([own], [{"of": no, "cofactor": -(p**2).exquo(q)}])


def _squared_out(
    bounds: Bounds, literal: Literal, no: Literal, root: PolyElement
) -> dict[str, Any] | None:
    """p = root^2 * scale * q > 0 and -q >= 0 contradict each other."""
    scale = literal.value.exquo(root**2).LC / (-no.value).LC
    if scale <= 0:
        return None
    against = {"multiplier": scale, "factors": [no], "square": root}
    return _identity([against, {"multiplier": bounds.ring.domain.one, "factors": [literal]}], [])


def _both_factors(
    bounds: Bounds, literal: Literal, c: Any, factors: list[PolyElement], deadline: float
) -> Iterator[Lemma]:
    f, g = factors[0] * c, factors[1]
    for sign in (1, -1):
        found = bounds.nonnegative(sign * (f + g), False, deadline)
        if not found:
            continue
        op = ABOVE if literal.op == ABOVE else AT_LEAST
        for own in (sign * f, sign * g):
            lemma = _lemma(own, op, lambda no, s, t=found: _one_of_both(bounds, literal, no, s, t))
            if lemma:
                yield lemma
        return


def _one_of_both(
    bounds: Bounds, literal: Literal, no: Literal, scale: Any, found: dict[str, Any]
) -> dict[str, Any]:
    """With n = -f: n*(f + g) + f*g + n^2 = 0, where n is scale times the negated literal."""
    one = bounds.ring.domain.one
    products = [
        {**t, "multiplier": t["multiplier"] * scale, "factors": [no, *t["factors"]]}
        for t in found["products"]
    ]
    equalities = [{**t, "cofactor": t["cofactor"] * scale * no.value} for t in found["equalities"]]
    products.append({"multiplier": scale**2, "factors": [no, no]})
    if literal.op == EQUAL:
        equalities.append({"of": literal, "cofactor": bounds.ring.one})
    else:
        products.append({"multiplier": one, "factors": [literal]})
    return _identity(products, equalities)


def _identity(products: list[Any], equalities: list[Any]) -> dict[str, Any]:
    return {"rule": "products", "products": products, "equalities": equalities}
