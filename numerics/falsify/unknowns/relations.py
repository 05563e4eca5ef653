"""Whether a relation certainly holds, certainly fails, or neither, at an instance.

.. math:: \\text{lhs} \\le \\text{rhs}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flint import arb
from sympy import Eq, Ge, Gt, Le, Lt, Ne, S
from sympy.logic.boolalg import And, Not, Or

from numerics.falsify.unknowns.evaluate import Evaluation
from numerics.falsify.unknowns.numbers import (
    Number,
    Undefined,
    at_most,
    below,
    is_exact,
    is_zero,
)


@dataclass(frozen=True)
class Violation:
    """Two sides of a relation that is certainly false; ``ball``: told by balls."""

    lhs: Number
    rhs: Number

    @property
    def ball(self) -> bool:
        return not is_exact(self.lhs, self.rhs)

    @property
    def severity(self) -> float:
        """lhs/rhs - 1, or the gap where the right side is not positive."""
        gap = float(arb(self.lhs - self.rhs).mid())
        size = float(arb(self.rhs).mid())
        return gap / size if size > 0 else gap


def decided(relation: Any, at: Evaluation) -> bool | None:
    """True, False, or None where balls overlap; Undefined where a side is."""
    if relation in (S.true, S.false):
        return bool(relation == S.true)
    if isinstance(relation, And):
        return _all([decided(a, at) for a in relation.args])
    if isinstance(relation, Or):
        return _not(_all([_not(decided(a, at)) for a in relation.args]))
    if isinstance(relation, Not):
        return _not(decided(relation.args[0], at))
    return _compared(relation, at)


def _compared(relation: Any, at: Evaluation) -> bool | None:
    if not isinstance(relation, Le | Ge | Lt | Gt | Eq | Ne):
        raise Undefined(f"no truth value for {type(relation).__name__}")
    if isinstance(relation, Eq | Ne):
        same = is_zero(at.scalar(relation.lhs) - at.scalar(relation.rhs))
        return same if isinstance(relation, Eq) else _not(same)
    a, b = at.scalar(relation.lts), at.scalar(relation.gts)
    return at_most(a, b) if isinstance(relation, Le | Ge) else below(a, b)


def _all(truths: list[bool | None]) -> bool | None:
    if False in truths:
        return False
    return None if None in truths else True


def _not(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def violation(relation: Any, at: Evaluation) -> Violation | None:
    """The two sides, if the relation is certainly false."""
    if decided(relation, at) is not False:
        return None
    parts = relation.args if isinstance(relation, And) else (relation,)
    broken = next(r for r in parts if decided(r, at) is False)
    if not isinstance(broken, Le | Ge | Lt | Gt | Eq):
        return None
    if isinstance(broken, Eq):
        return Violation(at.scalar(broken.lhs), at.scalar(broken.rhs))
    return Violation(at.scalar(broken.lts), at.scalar(broken.gts))


def ratio(relation: Any, at: Evaluation) -> float | None:
    """lhs/rhs of an inequality between nonnegative sides."""
    if not isinstance(relation, Le | Ge | Lt | Gt):
        return None
    a, b = (float(arb(at.scalar(s)).mid()) for s in (relation.lts, relation.gts))
    return a / b if a >= 0 and b > 0 else None
