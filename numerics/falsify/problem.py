"""A claim in one dimension as a problem in plain numbers: variables, hypotheses, goals.

Every kind of statement becomes relations to violate (see ``goals``) over rows of a float array:
the coordinates of each vector, those of a second point, scalars, and labels and signs of +-1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from numerics.falsify.conditions import Condition, Slack, lower
from numerics.falsify.tape import Array
from theory.claims import Claim
from theory.coordinates import SignCoordinate, coordinate
from theory.vectors import Label, Signs, Vector


@dataclass(frozen=True)
class Goal:
    """A condition to violate; ``guards`` are nonzero wherever the violation may be believed."""

    condition: Condition
    guards: tuple[sp.Expr, ...] = ()
    jumps: tuple[sp.Expr, ...] = ()  # zero only where sign(0) is a convention
    defined: tuple[sp.Expr, ...] = ()  # the statement says nothing where one of these is not
    what: str = ""


@dataclass(frozen=True, eq=False)
class Problem:
    """``groups``: the rows of each vector; ``partner``: the group of the second point."""

    claim: Claim
    dimension: int
    symbols: tuple[sp.Symbol, ...]
    groups: Mapping[str, tuple[int, ...]]
    hypotheses: Condition
    goals: tuple[Goal, ...]
    raw_hypotheses: tuple[Any, ...] = ()
    partner: tuple[str, str] | None = None
    names: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def row_of(self) -> dict[sp.Symbol, int]:
        return {s: k for k, s in enumerate(self.symbols)}

    @cached_property
    def discrete(self) -> tuple[int, ...]:
        """The rows of labels and signs."""
        return tuple(k for k, s in enumerate(self.symbols) if isinstance(s, Label))

    @cached_property
    def scalars(self) -> tuple[int, ...]:
        """The rows of real scalars that belong to no vector."""
        inside = {k for rows in self.groups.values() for k in rows} | set(self.discrete)
        return tuple(k for k in range(len(self.symbols)) if k not in inside)

    @cached_property
    def vectors(self) -> dict[str, tuple[int, ...]]:
        """The groups of real coordinates."""
        return {n: r for n, r in self.groups.items() if not set(r) & set(self.discrete)}

    @cached_property
    def _slack(self) -> Slack:
        return self.hypotheses.slack_of(self.symbols)

    @cached_property
    def _goal_slacks(self) -> tuple[Slack, ...]:
        return tuple(g.condition.slack_of(self.symbols) for g in self.goals)

    @cached_property
    def operations(self) -> int:
        """The length of all formulas, as a measure of what one column costs."""
        return 1 + sum(s.length for s in (self._slack, *self._goal_slacks))

    def slack(self, rows: Array) -> Array:
        """How far the hypotheses hold (n,); nan, or a sign against an assumption, is -inf."""
        slack = np.nan_to_num(self._slack(rows), nan=-np.inf, posinf=np.inf, neginf=-np.inf)
        return np.where(self._signs_are_right(rows), slack, -np.inf)

    def _signs_are_right(self, rows: Array) -> Array:
        right = np.ones(rows.shape[1], dtype=bool)
        for k, symbol in enumerate(self.symbols):
            if symbol.is_nonnegative:
                right &= rows[k] >= 0
            elif symbol.is_nonpositive:
                right &= rows[k] <= 0
            if symbol.is_nonzero:
                right &= rows[k] != 0
        return right

    def violation(self, rows: Array, noise: float = 1.0) -> Array:
        """How far the statement fails (n,), rounding in its favour; nan becomes -inf."""
        values = [-s(rows, noise) for s in self._goal_slacks]
        worst = np.fmax.reduce(values) if values else np.full(rows.shape[1], -np.inf)
        return np.nan_to_num(worst, nan=-np.inf, posinf=np.inf, neginf=-np.inf)


Groups = dict[str, tuple[int, ...]]


def layout(variables: tuple[Any, ...], d: int) -> tuple[list[sp.Symbol], Groups]:
    """The symbols of all variables in order, and the rows of each vector."""
    symbols: list[sp.Symbol] = []
    groups: Groups = {}
    for v in variables:
        if isinstance(v, Vector):
            groups[v.name] = tuple(range(len(symbols), len(symbols) + d))
            symbols += [coordinate(v, i) for i in range(d)]
        else:
            symbols.append(v)
    return symbols, groups


def primed(symbol: sp.Symbol) -> sp.Symbol:
    """The same coordinate or scalar at the second point: theta[1] to theta'[1]."""
    name = symbol.name
    head, bracket, tail = name.partition("[")
    facts = {k: v for k, v in symbol.assumptions0.items() if v is not None}
    return sp.Symbol(f"{head}'{bracket}{tail}", **facts)


def wrt_symbols(wrt: Any, d: int) -> tuple[sp.Symbol, ...]:
    """The coordinates of wrt, or the scalar itself."""
    return tuple(coordinate(wrt, i) for i in range(d)) if isinstance(wrt, Vector) else (wrt,)


def conjunction(given: tuple[Any, ...], d: int) -> Any:
    """All hypotheses of the claim at one point, in coordinates."""
    return sp.And(*(lower(g, d) for g in given))


def admissible(symbol: sp.Symbol, value: sp.Rational) -> bool:
    """Whether a rational satisfies every assumption that the symbol was declared with."""
    if isinstance(symbol, Label | SignCoordinate):
        return value in (1, -1)
    return all(
        getattr(value, f"is_{fact}", None) == known
        for fact, known in symbol.assumptions0.items()
        if known is not None
    )


def domain(symbols: Sequence[sp.Symbol]) -> list[Any]:
    """The signs that the symbols were declared with, as conditions that a path may break."""
    known = [(s.is_positive, sp.Gt, s) for s in symbols]
    known += [(s.is_negative, sp.Lt, s) for s in symbols]
    known += [(s.is_nonnegative and not s.is_positive, sp.Ge, s) for s in symbols]
    known += [(s.is_nonpositive and not s.is_negative, sp.Le, s) for s in symbols]
    known += [(s.is_nonzero and s.is_positive is s.is_negative is None, sp.Ne, s) for s in symbols]
    return [relation(s, 0, evaluate=False) for holds, relation, s in known if holds]


def is_signs(v: Any) -> bool:
    """A vector of signs."""
    return isinstance(v, Signs)
