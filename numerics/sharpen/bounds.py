"""The bound in a claim: the expression whose size is the strength of the statement.

.. math:: f \\le b \\text{ or } \\|f(\\theta)-f(\\theta')\\| \\le b\\,\\|\\theta-\\theta'\\|
          \\text{: smaller } b \\text{ is stronger}; \\quad f \\ge b \\text{: larger.}
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Add, And, Expr, Mul
from sympy.core.relational import Ge, Gt, Le, Lt, Relational

from theory.claims import Claim
from theory.statements import Lipschitz

SMALLER, LARGER = -1, 1
Place = Callable[[Expr], Expr]  # a new subexpression to the whole with it


@dataclass(frozen=True)
class Bound:
    """One bound of a claim; ``sense`` says which way it gets stronger."""

    claim: Claim
    expr: Expr
    sense: int
    statement: Callable[[Expr], Any]

    def changed(self, expr: Expr, change: str) -> Claim | None:
        """The claim with another bound; None where the new one says nothing."""
        holds = self.statement(expr)
        if not isinstance(holds, Relational | And | Lipschitz):
            return None
        return self.claim.mutate(change, None, holds=holds, kind="").claim


def bounds_of(claim: Claim) -> Iterator[Bound]:
    """Every bound that the statement makes; equalities and qualitative statements make none."""
    holds = claim.holds
    if isinstance(holds, Lipschitz) and holds.constant is not None:
        kind, f, wrt = type(holds), holds.f, holds.wrt
        yield Bound(claim, holds.constant, SMALLER, lambda c: kind(f, wrt, c))
    elif isinstance(holds, And):
        for k, part in enumerate(holds.args):
            if isinstance(part, Le | Lt | Ge | Gt):
                yield _of_relation(claim, part, _among(holds.args, k))
    elif isinstance(holds, Le | Lt | Ge | Gt):
        yield _of_relation(claim, holds, lambda relation: relation)


def _of_relation(claim: Claim, r: Any, whole: Callable[[Any], Any]) -> Bound:
    sense = SMALLER if isinstance(r, Le | Lt) else LARGER
    return Bound(claim, r.rhs, sense, lambda e: whole(r.func(r.lhs, e)))


def _among(parts: tuple[Any, ...], k: int) -> Callable[[Any], Any]:
    return lambda relation: And(*parts[:k], relation, *parts[k + 1 :])


def terms(expr: Expr) -> Iterator[tuple[Expr, Place]]:
    """The terms of a sum, also of a sum times a factor, each with its place; (A + B) c has two."""
    if isinstance(expr, Add):
        for k, term in enumerate(expr.args):
            yield term, _within(expr, k)
    elif isinstance(expr, Mul):
        for k, factor in enumerate(expr.args):
            if isinstance(factor, Add):
                outside = _within(expr, k)
                for term, inside in terms(factor):
                    yield term, _composed(outside, inside)


def _within(expr: Expr, k: int) -> Place:
    return lambda new: expr.func(*expr.args[:k], new, *expr.args[k + 1 :])


def _composed(outside: Place, inside: Place) -> Place:
    return lambda new: outside(inside(new))
