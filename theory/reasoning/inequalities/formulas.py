"""Quantifier-free formulas: literals ``p op 0`` joined by conjunction and disjunction.

.. math:: \\varphi ::= (p \\mathbin{op} 0) \\mid \\varphi\\wedge\\dots \\mid \\varphi\\vee\\dots,
          \\qquad op \\in \\{=, \\ne, \\ge, >\\}.

The payload p is a SymPy expression while a problem is read and a ring element afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

EQUAL, UNEQUAL, AT_LEAST, ABOVE = "=", "!=", ">=", ">"


@dataclass(frozen=True)
class Literal:
    """``value op 0``."""

    value: Any
    op: str


@dataclass(frozen=True)
class Every:
    """Conjunction; the empty one is true."""

    parts: tuple[Formula, ...] = ()


@dataclass(frozen=True)
class Some:
    """Disjunction; the empty one is false."""

    parts: tuple[Formula, ...] = ()


Formula = Literal | Every | Some
TRUE, FALSE = Every(), Some()


def every(parts: Iterable[Formula]) -> Formula:
    """Flattened conjunction, with true and false absorbed."""
    flat: list[Formula] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Every) else (part,))
    unique = tuple(dict.fromkeys(flat))
    if FALSE in unique:
        return FALSE
    return unique[0] if len(unique) == 1 else Every(unique)


def some(parts: Iterable[Formula]) -> Formula:
    """Flattened disjunction, with true and false absorbed."""
    flat: list[Formula] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Some) else (part,))
    unique = tuple(dict.fromkeys(flat))
    if TRUE in unique:
        return TRUE
    return unique[0] if len(unique) == 1 else Some(unique)


def negate(formula: Formula) -> Formula:
    """The negation, pushed to the literals.

    A failing conjunction is split by its first failing part, so that definedness, which comes
    first, is known where the relation itself is refuted.
    """
    if isinstance(formula, Literal):
        return negate_literal(formula)
    if isinstance(formula, Some):
        return every(negate(part) for part in formula.parts)
    parts = formula.parts
    return some(every((*parts[:i], negate(part))) for i, part in enumerate(parts))


def negate_literal(literal: Literal) -> Literal:
    """not (p >= 0) is -p > 0, and so on."""
    if literal.op in (EQUAL, UNEQUAL):
        return Literal(literal.value, UNEQUAL if literal.op == EQUAL else EQUAL)
    return Literal(-literal.value, ABOVE if literal.op == AT_LEAST else AT_LEAST)


def literals(formula: Formula) -> Iterator[Literal]:
    """Every literal that occurs."""
    if isinstance(formula, Literal):
        yield formula
    else:
        for part in formula.parts:
            yield from literals(part)


def transform(formula: Formula, change: Callable[[Literal], Formula]) -> Formula:
    """Replace every literal."""
    if isinstance(formula, Literal):
        return change(formula)
    join = every if isinstance(formula, Every) else some
    return join(transform(part, change) for part in formula.parts)
