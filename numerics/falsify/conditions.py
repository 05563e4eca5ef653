"""Conditions in coordinates: how far a point is inside or outside, and whether for certain.

.. math:: \\text{slack}(a \\le b) = \\tfrac12\\log\\frac{P + \\text{noise}}{N}, \\qquad
          \\text{slack}(A \\land B) = \\min, \\quad \\text{slack}(A \\lor B) = \\max,

where P is the sum of the positive terms of b - a and -N that of the negative ones.  A positive
slack is a margin free of units; nan counts as neither satisfied nor violated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.relational import Relational

from numerics.falsify.tape import Array, Tape
from numerics.falsify.unsupported import Unsupported
from theory.coordinates import coordinates, in_coordinates
from theory.hypotheses import InOrthant
from theory.kink_sets import TiedPeak, ZeroComponent

# A difference below this share of its terms is rounding: doubles carry 1e-16 an operation.
ROUNDING = 1e-14
SATURATED = 300  # half logarithms at which doubles end
FINER = 1000  # how much less rounding longdouble fakes


def lower(obj: Any, d: int) -> Any:
    """A Boolean of vectors as a Boolean of scalars in dimension d."""
    if isinstance(obj, ZeroComponent):
        return sp.Or(*(sp.Eq(c, 0) for c in coordinates(obj.args[0], d)))
    if isinstance(obj, TiedPeak):
        return _tied(coordinates(obj.args[0], d))
    if isinstance(obj, Relational | InOrthant):
        return in_coordinates(obj, d)
    if obj in (sp.true, sp.false):
        return obj
    if isinstance(obj, sp.And | sp.Or | sp.Not | sp.Implies | sp.Equivalent | sp.Xor | sp.ITE):
        return sp.to_nnf(obj.func(*(lower(a, d) for a in obj.args)), simplify=False)
    raise Unsupported(f"no numeric form of the condition {obj}")


def _tied(c: Sequence[sp.Expr]) -> Any:
    top = sp.Max(*(sp.Abs(v) for v in c))
    ties = [
        sp.And(sp.Eq(sp.Abs(u), top), sp.Eq(sp.Abs(v), top))
        for k, u in enumerate(c)
        for v in c[k + 1 :]
    ]
    return sp.Or(sp.Eq(top, 0), *ties)


@dataclass(frozen=True)
class Condition:
    """A Boolean of plain scalars.

    ``noise`` maps a relation to what rounding may fake there, ``unit`` to the positive number in
    which its slack is measured: a second difference by the square of its step.
    """

    formula: Any
    noise: Mapping[Any, sp.Expr] = field(default_factory=dict)
    unit: Mapping[Any, sp.Expr] = field(default_factory=dict)

    @property
    def atoms(self) -> list[Relational]:
        return sorted(self.formula.atoms(Relational), key=sp.default_sort_key)

    @property
    def single(self) -> Relational | None:
        """The relation, where the condition is one."""
        return self.formula if isinstance(self.formula, Relational) else None

    def slack_of(self, symbols: Sequence[sp.Symbol]) -> Slack:
        return Slack(symbols, self)


class Slack:
    """The numpy form of a condition: rows (k, n) to slacks (n,)."""

    def __init__(self, symbols: Sequence[sp.Symbol], condition: Condition) -> None:
        self.formula = condition.formula
        self.atoms = condition.atoms
        outputs: list[sp.Expr] = []
        self._slices: list[tuple[int, int]] = []
        for atom in self.atoms:
            terms = [*sp.Add.make_args(atom.rhs), *sp.Add.make_args(-atom.lhs)]
            noise = condition.noise.get(atom, sp.S.Zero)
            unit = condition.unit.get(atom, sp.S.One)
            self._slices.append((len(outputs), len(outputs) + len(terms) + 2))
            outputs += [sp.sympify(noise), sp.sympify(unit), *terms]
        self._tape = Tape(symbols, outputs)

    @property
    def length(self) -> int:
        """The number of operations of one evaluation."""
        return len(self._tape.operations)

    def __call__(self, rows: Array, noise: float = 1.0) -> Array:
        """``noise`` is the part of the rounding that counts in favour of the condition."""
        result = self._slack(rows, noise)
        if rows.dtype == float and self._tape.has_exp:
            flat = np.flatnonzero(np.abs(result) > SATURATED)
            if flat.size:  # one side vanished: the wider exponents still tell near from far
                result[flat] = self._slack(rows[:, flat].astype(np.longdouble), noise)
        return result

    def _slack(self, rows: Array, noise: float) -> Array:
        values = self._tape(rows)
        n = rows.shape[1]
        share = noise if rows.dtype == float else noise / FINER
        with np.errstate(all="ignore"):
            known = {
                atom: _slack(atom.rel_op, share * values[start], values[start + 2 : stop])
                / values[start + 1]
                for atom, (start, stop) in zip(self.atoms, self._slices, strict=True)
            }
            return np.array(self._combine(self.formula, known, n))

    def _combine(self, f: Any, known: dict[Any, Array], n: int) -> Array:
        if f in (sp.true, sp.false):
            return np.full(n, 1.0 if f == sp.true else -1.0)
        if isinstance(f, Relational):
            return known[f]
        if isinstance(f, sp.Not):
            return -self._combine(f.args[0], known, n)
        parts = [self._combine(a, known, n) for a in f.args]
        # np.minimum and np.maximum hand nan on: an undefined part leaves the point out.
        together = np.minimum if isinstance(f, sp.And) else np.maximum
        return together.reduce(parts)


def _slack(op: str, noise: Array, terms: Array) -> Array:
    gap, scale = terms.sum(axis=0), np.abs(terms).sum(axis=0)
    alone = np.count_nonzero(np.abs(terms).max(axis=1, initial=0)) <= 1
    if alone:
        scale = 1 + scale  # one term against 0 has no scale of its own
    empty = np.where((scale == 0) & (noise == 0), float(op in ("<=", ">=")), 0)  # 0 <= 0 is no tie
    scale = np.maximum(scale, np.finfo(scale.dtype).tiny)
    if op in ("<=", "<", ">=", ">"):
        gap = (gap if op in ("<=", "<") else -gap) + noise
        return (gap / scale if alone else half_log(gap, terms)) + empty
    off = np.abs(gap) / scale
    rounding = ROUNDING if terms.dtype == float else ROUNDING / FINER
    return rounding * 100 - off if op == "==" else off - rounding


def half_log(gap: Array, terms: Array) -> Array:
    """log(P/N)/2 where P and -N are the sums of the positive and negative terms, P - N = gap.

    Close to gap/(P + N) where that is small, and free of cancellation where P and N differ much.
    """
    sums = (np.maximum(terms, 0).sum(axis=0), np.maximum(-terms, 0).sum(axis=0))
    less = np.maximum(np.minimum(*sums), np.finfo(gap.dtype).tiny)
    return np.sign(gap) * np.log1p(np.abs(gap) / less) / 2


def sides(relation: Relational) -> tuple[sp.Expr, sp.Expr]:
    """(small, large) of an order relation."""
    lhs, rhs = relation.lhs, relation.rhs
    return (lhs, rhs) if relation.rel_op in ("<", "<=") else (rhs, lhs)
