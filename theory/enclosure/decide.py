"""``decide``: the rigorous truth of a relation at one exact point.

>>> from sympy import Symbol, sqrt
>>> z = Symbol("z")
>>> decide(sqrt(z)**2 <= 2, {z: 2}), decide(1 / z > 0, {z: 0})
(True, None)
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from theory.enclosure.balls import enclose, truth
from theory.enclosure.evaluate import TRUTH, Unsupported
from theory.enclosure.exact import is_exactly_zero


def decide(relation: Any, values: Mapping[sp.Symbol, Any], max_bits: int = 4096) -> bool | None:
    """Truth of a SymPy relation or Boolean where every symbol has an exact value, else ``None``."""
    if relation in (sp.true, True):
        return True
    if relation in (sp.false, False):
        return False
    if isinstance(relation, sp.Not):
        inner = decide(relation.args[0], values, max_bits)
        return None if inner is None else not inner
    if isinstance(relation, (sp.And, sp.Or)):
        return _connective(relation, values, max_bits)
    if isinstance(relation, Relational):
        return _relation(relation, values, max_bits)
    raise Unsupported(f"decide: {relation!r} is not a SymPy relation or Boolean")


def _connective(relation: Any, values: Mapping[sp.Symbol, Any], max_bits: int) -> bool | None:
    decisive = isinstance(relation, sp.Or)
    undecided = False
    for arg in relation.args:
        verdict = decide(arg, values, max_bits)
        if verdict is decisive:
            return decisive
        undecided |= verdict is None
    return None if undecided else not decisive


def _relation(relation: Any, values: Mapping[sp.Symbol, Any], max_bits: int) -> bool | None:
    if not _both_sides_defined(relation, values):
        return None
    for bits in (64, 256):
        verdict = truth(relation, values, bits)
        if verdict is not None:
            return verdict
    if _equal_by_algebra(relation, values):
        return TRUTH[relation.rel_op][0]
    bits = 512
    while bits <= max_bits:
        verdict = truth(relation, values, bits)
        if verdict is not None:
            return verdict
        bits *= 2
    return None


def _both_sides_defined(relation: Any, values: Mapping[sp.Symbol, Any]) -> bool:
    """Algebra may cancel 0 * oo, so the balls of both sides have to be finite first."""
    return all(
        any(enclose(side, values, bits).is_finite() for bits in (64, 256, 1024))
        for side in (relation.lhs, relation.rhs)
    )


def _equal_by_algebra(relation: Any, values: Mapping[sp.Symbol, Any]) -> bool:
    exact = {}
    for symbol, value in values.items():
        if isinstance(value, Fraction):
            value = sp.Rational(value.numerator, value.denominator)
        if not isinstance(value, (int, sp.Expr)):
            return False
        exact[symbol] = sp.sympify(value)
    difference = (relation.lhs - relation.rhs).xreplace(exact).doit()
    return is_exactly_zero(difference) is True
