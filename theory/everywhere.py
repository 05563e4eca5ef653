"""A hypothesis about an unknown function at all of its arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy.logic.boolalg import Boolean

from theory.statements import Statement, as_statement


@dataclass(frozen=True)
class Everywhere(Statement):
    """The relation, for every value of the vectors in it; only as a hypothesis.

    >>> from theory.general.functions import Function, partial
    >>> from theory.scalars import norm
    >>> from theory.vectors import Vector
    >>> l, x = Function("l", "x"), Vector("x")
    >>> print(Everywhere(norm(partial(l(x), "x")) >= 1))
    norm(grad_x l(x)) >= 1 everywhere
    """

    relation: Any

    def __post_init__(self) -> None:
        relation = as_statement(self.relation, "Everywhere")
        if not isinstance(relation, Boolean):
            raise TypeError(f"Everywhere: expected a relation, got {relation}")
        object.__setattr__(self, "relation", relation)

    def __str__(self) -> str:
        return f"{self.relation} everywhere"
