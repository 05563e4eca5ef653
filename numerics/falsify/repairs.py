"""Move a point into the domain of a claim, in floats for the search and exactly for the witness.

Each step mends one kind of hypothesis: signs of an orthant, a length, a linear equation, a bound
on a scalar.  No step is trusted: whether the hypotheses hold is decided afterwards, rigorously.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import sympy as sp

from numerics.falsify.exact_values import Point, ends, exact_value
from numerics.falsify.rationals import fraction, rational, simplest, unit_vector
from numerics.falsify.tape import Array, Tape


class Step(ABC):
    """One repair."""

    @abstractmethod
    def floats(self, rows: Array) -> None:
        """Mend the columns of rows in place."""

    @abstractmethod
    def exact(self, point: Point, relative: float) -> bool:
        """Mend an exact point in place, moving by about ``relative``; False where it cannot."""


@dataclass
class Orthant(Step):
    """s_i v_i > 0: give v the signs of s."""

    symbols: Sequence[sp.Symbol]
    v: Sequence[sp.Symbol]
    s: Sequence[sp.Symbol]

    def __post_init__(self) -> None:
        row = {symbol: k for k, symbol in enumerate(self.symbols)}
        self._v, self._s = [row[c] for c in self.v], [row[c] for c in self.s]

    def floats(self, rows: Array) -> None:
        rows[self._v] = np.maximum(np.abs(rows[self._v]), 1e-12) * rows[self._s]

    def exact(self, point: Point, relative: float) -> bool:
        for v, s in zip(self.v, self.s, strict=True):
            point[v] = abs(point[v]) * point[s]
        return True


@dataclass
class Scale(Step):
    """||v|| <= bound, >= bound or == bound: multiply v by a number."""

    symbols: Sequence[sp.Symbol]
    v: Sequence[sp.Symbol]
    length: sp.Expr
    bound: sp.Expr
    op: str
    euclidean: bool = False

    def __post_init__(self) -> None:
        row = {symbol: k for k, symbol in enumerate(self.symbols)}
        self._rows = [row[c] for c in self.v]
        self._tape = Tape(self.symbols, [self.length, self.bound])

    def floats(self, rows: Array) -> None:
        length, bound = self._tape(rows)
        with np.errstate(all="ignore"):
            factor = bound / length
        wrong = {"<=": length > bound, ">=": length < bound, "==": length != bound}[self.op]
        rows[self._rows] *= np.where(wrong & np.isfinite(factor) & (factor > 0), factor, 1)

    def exact(self, point: Point, relative: float) -> bool:
        if self.op == "==":
            return self._exactly(point, relative)
        found, bound = ends(self.length, point), ends(self.bound, point)
        if found is None or bound is None:
            return False
        if found[0] <= 0 or bound[0] <= 0:
            return True  # no factor helps; the hypotheses are decided afterwards
        slack = Fraction(max(relative, 1e-15))
        if self.op == "<=" and found[1] > bound[0]:
            factor = bound[0] / found[1]
            self._multiply(point, simplest(factor * (1 - slack), factor))
        elif self.op == ">=" and found[0] < bound[1]:
            factor = bound[1] / found[0]
            self._multiply(point, simplest(factor, factor * (1 + slack)))
        return True

    def _multiply(self, point: Point, factor: Fraction) -> None:
        for c in self.v:
            point[c] = point[c] * rational(factor)

    def _exactly(self, point: Point, relative: float) -> bool:
        bound, length = exact_value(self.bound, point), exact_value(self.length, point)
        if bound is None:
            return self._by_exact_ratio(point)
        if length is None and self.euclidean:
            direction = unit_vector([float(point[c]) for c in self.v], max(relative, 1e-15))
            point.update({c: rational(e) for c, e in zip(self.v, direction, strict=True)})
            length = Fraction(1)
        if length is None or length <= 0 or bound <= 0:
            return False
        self._multiply(point, bound / length)
        return True

    def _by_exact_ratio(self, point: Point) -> bool:
        """sqrt(2) over ||(3, 3)||: a rational quotient of irrational lengths."""
        quotient = sp.radsimp((self.bound / self.length).xreplace(point))
        if not quotient.is_Rational or quotient <= 0:
            return False
        self._multiply(point, fraction(quotient))
        return True


@dataclass
class Solve(Step):
    """a + b z = 0: set z to -a/b."""

    symbols: Sequence[sp.Symbol]
    unknowns: Sequence[sp.Symbol]
    slopes: Sequence[sp.Expr]
    residual: sp.Expr
    lengths: Sequence[Sequence[sp.Symbol]] = ()  # vectors whose length occurs

    def __post_init__(self) -> None:
        row = {symbol: k for k, symbol in enumerate(self.symbols)}
        self._rows = np.array([row[z] for z in self.unknowns])
        self._tape = Tape(self.symbols, [self.residual, *self.slopes])

    def floats(self, rows: Array) -> None:
        for _ in range(2):  # the second pass removes the rounding of the first
            values = self._tape(rows)
            slopes, columns = values[1:], np.arange(rows.shape[1])
            best = np.nan_to_num(np.abs(slopes)).argmax(axis=0)
            with np.errstate(all="ignore"):
                move = -values[0] / slopes[best, columns]
            rows[self._rows[best], columns] += np.where(np.isfinite(move), move, 0)

    def exact(self, point: Point, relative: float) -> bool:
        if exact_value(self.residual, point) == 0:
            return True
        for v in self.lengths:
            self._make_length_rational(point, v, relative)
        sizes = [exact_value(b, point) for b in self.slopes]
        usable = [(abs(b), -k) for k, b in enumerate(sizes) if b]
        residual = exact_value(self.residual, point)
        if not usable or residual is None:
            return False
        k = -max(usable)[1]
        point[self.unknowns[k]] -= rational(residual / (sizes[k] or 1))
        return True

    def _make_length_rational(self, point: Point, v: Sequence[sp.Symbol], relative: float) -> None:
        square = sp.Add(*(point[c] ** 2 for c in v))
        if not square or sp.sqrt(square).is_Rational:
            return
        unit = unit_vector([float(point[c]) for c in v], max(relative, 1e-15))
        size = rational(
            simplest(
                *(
                    Fraction(float(sp.sqrt(square))) * Fraction(f)
                    for f in (1 - relative, 1 + relative)
                )
            )
        )
        point.update({c: size * rational(e) for c, e in zip(v, unit, strict=True)})


@dataclass
class Clamp(Step):
    """lower <= z <= upper for a scalar z."""

    symbols: Sequence[sp.Symbol]
    z: sp.Symbol
    lower: Sequence[sp.Expr]
    upper: Sequence[sp.Expr]

    def __post_init__(self) -> None:
        self._row = list(self.symbols).index(self.z)
        self._tape = Tape(self.symbols, [*self.lower, *self.upper])

    def floats(self, rows: Array) -> None:
        values = self._tape(rows)
        if self.lower:
            low = values[: len(self.lower)].max(axis=0)
            rows[self._row] = np.fmax(rows[self._row], low)
        if self.upper:
            high = values[len(self.lower) :].min(axis=0)
            rows[self._row] = np.fmin(rows[self._row], high)

    def tighten(self, rows: Array, columns: Array) -> None:
        """Push z beyond its bound there, so that ``floats`` puts it exactly on the bound."""
        rows[self._row, columns] = -np.inf if self.lower else np.inf

    def forget(self, point: Point) -> None:
        """The exact counterpart of ``tighten``."""
        found = [ends(f, point) for f in (self.lower or self.upper)]
        known = [e for pair in found if pair is not None for e in pair]
        if known:
            beyond = min(known) / 2 if self.lower else 2 * max(known)
            point[self.z] = rational(beyond)

    def exact(self, point: Point, relative: float) -> bool:
        slack = Fraction(max(relative, 1e-15))
        for bounds, side in ((self.lower, 1), (self.upper, -1)):
            for f in bounds:
                found = ends(f, point)
                if found is None:
                    return False
                edge, value = found[1 if side > 0 else 0], fraction(point[self.z])
                if side * (value - edge) >= 0:
                    continue
                inside = edge + side * abs(edge) * slack
                exact = found[0] == found[1]
                point[self.z] = rational(edge if exact else simplest(edge, inside))
        return True
