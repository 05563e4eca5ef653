"""All sign changes of a tower element on an interval, decided exactly.

An irreducible polynomial p in a logarithm L, with leading coefficient a, has the sign of a times
h = p/a; h' has a lower degree in L, so by recursion its signs are known and h is monotone on each
cell between them. On a monotone cell the two end signs say whether there is a root. At the bottom
are polynomials in t, whose real roots are isolated exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from theory.enclosure import is_exactly_zero
from theory.reasoning.one_variable.germs import End, leading_term
from theory.reasoning.one_variable.points import (
    Deadline,
    Point,
    Undecided,
    between,
    bracket_root,
    compare,
    real_roots,
    simplest_between,
    to_fraction,
)
from theory.reasoning.one_variable.sign_tables import (
    NONZERO,
    POLE,
    UNKNOWN,
    ZERO,
    Signs,
    constant_signs,
    describe,
    merge,
    spread,
)
from theory.reasoning.one_variable.tower import Tower, by_powers

SAMPLE_BITS = (64, 256, 4096)
INEXACT_BITS = 512  # bisection costs one evaluation a bit
DEPTH = 14


@dataclass
class SignEngine:
    """Signs of elements of one tower on one open interval (lo, hi) of the t-line."""

    tower: Tower
    lo: Point | None
    hi: Point | None
    deadline: Deadline = field(default_factory=Deadline)
    steps: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._known: dict[Any, Signs] = {}
        logs = ("log", "place")
        self._logs = [k for k, g in enumerate(self.tower.generators) if g.kind in logs]
        self._radicals = [k for k, g in enumerate(self.tower.generators) if g.kind == "radical"]
        self._constants = [k for k, g in enumerate(self.tower.generators) if g.kind == "constant"]

    def signs(self, element: Any, depth: int = 0) -> Signs:
        """Signs of a field element, by the signs of its irreducible factors."""
        if not element:
            return constant_signs(0)
        content, factors = element.numer.factor_list()
        under, dividers = element.denom.factor_list()
        result = constant_signs(1 if content * under > 0 else -1)
        for p, multiplicity in factors:
            result = merge(result, self._power(self.of_factor(p, depth), multiplicity, ZERO))
        for p, multiplicity in dividers:
            result = merge(result, self._power(self.of_factor(p, depth), multiplicity, POLE))
        return result.trimmed()

    def _power(self, s: Signs, n: int, role: str) -> Signs:
        at = tuple(role if a == ZERO else a for a in s.at)
        return Signs(s.points, at, tuple(c**n for c in s.cells))

    def of_factor(self, p: Any, depth: int) -> Signs:
        self.deadline.check()
        if depth > DEPTH:
            raise Undecided("too many derivatives")
        if p not in self._known:
            self._known[p] = self._of_factor(p, depth)
        return self._known[p]

    def _of_factor(self, p: Any, depth: int) -> Signs:
        present = [k for k in range(len(self.tower.generators)) if p.degree(p.ring.gens[k]) > 0]
        if not present:
            return constant_signs(1 if p.LC > 0 else -1)
        if present == [0]:
            return self._of_polynomial(p)
        logs = [k for k in present if k in self._logs]
        if logs:
            return self._chain(p, logs[-1], depth)
        if any(k in self._radicals for k in present):
            return self._algebraic(p, depth)
        if 0 not in present:
            return constant_signs(self.sign_inside(p, between(self.lo, self.hi)))
        return self._chain(p, None, depth)

    def _of_polynomial(self, p: Any) -> Signs:
        """Rational coefficients: isolate the real roots, then take one sample in each cell."""
        scaled = p.clear_denoms()[1]
        coefficients = [0] * (scaled.degree(scaled.ring.gens[0]) + 1)
        for monomial, coefficient in scaled.terms():
            coefficients[monomial[0]] = int(coefficient)
        points = self._inside(real_roots(coefficients))
        return Signs(tuple(points), (ZERO,) * len(points), self._sample_cells(p, points))

    def _inside(self, points: list[Point]) -> list[Point]:
        kept = [x for x in points if self._after_lo(x) and self._before_hi(x)]
        kept.sort(key=lambda x: to_fraction(x.ball(256)))
        return kept

    def _after_lo(self, x: Point) -> bool:
        return self.lo is None or compare(self.lo, x) < 0

    def _before_hi(self, x: Point) -> bool:
        return self.hi is None or compare(x, self.hi) < 0

    def _cells(self, points: list[Point]) -> list[tuple[Point | None, Point | None]]:
        ends = [self.lo, *points, self.hi]
        return list(pairwise(ends))

    def _sample_cells(self, p: Any, points: list[Point]) -> tuple[int, ...]:
        return tuple(self.sign_inside(p, between(a, b)) for a, b in self._cells(points))

    def sign_inside(self, p: Any, x: Fraction) -> int:
        """The sign at a rational number where p is known not to vanish."""
        for bits in SAMPLE_BITS:
            sign = self._ball_sign(p, x, bits)
            if sign:
                return sign
        raise Undecided("a sample too close to a zero")

    def _ball_sign(self, p: Any, x: Fraction | Point, bits: int) -> int | None:
        """The sign by balls at one precision, ``None`` where p is not finite there."""
        with ctx.workprec(bits):
            t = x.ball(bits) if isinstance(x, Point) else arb(fmpq(x.numerator, x.denominator))
            value = evaluate(p, self.tower.balls(t))
        if not value.is_finite():
            return None
        return int(value > 0) - int(value < 0)

    def sign_at(self, p: Any, x: Point) -> int | None:
        """The exact sign at a point, 0 only by exact algebra; ``None`` where p is not finite."""
        for bits in SAMPLE_BITS[:2]:
            sign = self._ball_sign(p, x, bits)
            if sign is None:
                return None
            if sign:
                return sign
        if x.exact is not None:
            zero = is_exactly_zero(self.substitute(p, x.exact))
            if zero:
                return 0
        sign = self._ball_sign(p, x, SAMPLE_BITS[2] if x.exact is not None else INEXACT_BITS)
        if sign:
            return sign
        raise Undecided(f"whether a function vanishes at {x!r}")

    def substitute(self, p: Any, t: sp.Expr) -> sp.Expr:
        """The exact value of a polynomial in the generators where the base variable is t."""
        expr = p.as_expr()
        known = {self.tower.base: t}
        for g in self.tower.generators[1:]:
            known[g.symbol] = self._exact_generator(g, known)
        return expr.xreplace(known)

    def _exact_generator(self, g: Any, known: dict[sp.Symbol, sp.Expr]) -> sp.Expr:
        if g.kind == "constant":
            return g.definition
        if g.kind == "place":
            return sp.log(known[self.tower.base]) / self.tower.rate
        inner = g.definition.xreplace(known)
        if g.kind == "log":
            return sp.log(sp.Abs(sp.radsimp(inner)))
        return sp.Pow(sp.radsimp(inner), sp.Rational(1, g.index))

    def _algebraic(self, p: Any, depth: int) -> Signs:
        """Radicals: every zero of p is a zero of the norm, a polynomial without radicals."""
        norm = p.as_expr()
        for g in reversed(self.tower.of_kind("radical")):
            n, d = sp.fraction(sp.together(g.definition))
            if norm.has(g.symbol):
                norm = sp.expand(sp.resultant(norm, d * g.symbol**g.index - n, g.symbol))
        if norm == 0:
            raise Undecided("a radical that is not irreducible")
        candidates = self.signs(self.tower.functions.from_expr(norm), depth + 1).points
        points = list(candidates)
        at = tuple(self._state_at(p, x) for x in points)
        return Signs(tuple(points), at, self._sample_cells(p, points)).trimmed()

    def _state_at(self, p: Any, x: Point) -> str:
        try:
            sign = self.sign_at(p, x)
        except Undecided:
            return UNKNOWN
        return UNKNOWN if sign is None else NONZERO if sign else ZERO

    def _chain(self, p: Any, k: int | None, depth: int) -> Signs:
        """Divide by the leading coefficient in generator k, differentiate, recurse."""
        if k is None:
            lead = self.tower.functions.one
        else:
            parts = by_powers(p, k)
            lead = self.tower.functions(parts[max(parts)])
        slope = self.tower.d_base(self.tower.functions(p) / lead)
        if not slope:
            raise Undecided("a tower with dependent logarithms")
        lead_signs = self.signs(lead, depth + 1)
        slope_signs = self.signs(slope, depth + 1)
        grid = merge(lead_signs, slope_signs)
        direction = spread(slope_signs, grid.points)
        factor = spread(lead_signs, grid.points)
        self._note(p, slope, slope_signs)
        return self._monotone_cells(p, lead, list(grid.points), direction, factor)

    def _note(self, p: Any, slope: Any, slope_signs: Signs) -> None:
        if len(self.steps) < 40:
            self.steps.append(
                f"{self.show(p)}: divided by its leading coefficient, its derivative is "
                f"{self.show(slope)}, of signs {describe(slope_signs)}"
            )

    def show(self, element: Any) -> str:
        expr = element.as_expr()
        names = {g.symbol: self._name(g) for g in self.tower.generators}
        return str(expr.xreplace(names))

    def _name(self, g: Any) -> sp.Expr:
        t = sp.Symbol("t")
        if g.kind == "base":
            return t
        if g.kind == "place":
            return sp.Symbol(self.tower.z.name)
        if g.kind == "constant":
            return g.definition
        inner = g.definition.xreplace(
            {h.symbol: self._name(h) for h in self.tower.generators if g.definition.has(h.symbol)}
        )
        return sp.log(inner) if g.kind == "log" else sp.Pow(inner, sp.Rational(1, g.index))

    def _monotone_cells(
        self, p: Any, lead: Any, grid: list[Point], direction: list[int], factor: list[int]
    ) -> Signs:
        points: list[Point] = []
        at: list[str] = []
        cells: list[int] = []
        for k, (a, b) in enumerate(self._cells(grid)):
            self.deadline.check()
            left, right, root = self._one_cell(p, lead, a, b, direction[k], factor[k])
            cells.append(left)
            if root is not None:
                points.append(root)
                at.append(ZERO)
                cells.append(right)
            if b is not None and b is not self.hi:
                points.append(b)
                at.append(self._state_at(p, b))
        return Signs(tuple(points), tuple(at), tuple(cells)).trimmed()

    def _one_cell(
        self, p: Any, lead: Any, a: Point | None, b: Point | None, direction: int, factor: int
    ) -> tuple[int, int, Point | None]:
        """Signs of p next to a and next to b, and the root between them if there is one."""
        growth = direction * factor  # p = lead * h, and h moves in ``direction``
        left = self._sign_by_value(p, lead, a, growth)
        if left == growth:
            return left, left, None
        right = self._sign_by_value(p, lead, b, -growth)
        if right == -growth:
            return right, right, None
        right = self._end_sign(p, b, -1) if right is None else right
        if right == -growth:
            return right, right, None
        left = self._end_sign(p, a, 1) if left is None else left
        if left is None or right is None:
            raise Undecided("the signs at both ends of a monotone cell")
        if left == right:
            return left, left, None
        return left, right, self._root(p, a, b, left)

    def _sign_by_value(self, p: Any, lead: Any, x: Point | None, if_zero: int) -> int | None:
        """The sign next to x from the value at x; a zero leaves it in the monotone direction."""
        if x is None:
            return None
        try:
            sign = self.sign_at(p, x)
        except Undecided:
            return None
        if sign is None or sign:
            return sign
        try:
            regular = self.sign_at(lead.numer, x) and self.sign_at(lead.denom, x)
        except Undecided:
            return None
        return if_zero if regular else None

    def _end_sign(self, p: Any, x: Point | None, side: int) -> int | None:
        """The sign next to an end from the leading term there, ``None`` if that is not known."""
        if x is not None and (x.exact is None or not x.exact.is_Rational):
            return None
        end = End(-side * sp.oo if x is None else x.exact, side)
        try:
            return leading_term(self.tower, p, end).sign
        except Undecided:
            return None

    def _root(self, p: Any, a: Point | None, b: Point | None, left: int) -> Point:
        lo, hi = self._bracket(p, a, b, left)

        def sign(x: Fraction) -> int:
            self.deadline.check()
            for bits in SAMPLE_BITS:
                s = self._ball_sign(p, x, bits)
                if s:
                    return s
            if self.sign_at(p, Point(sp.Rational(x.numerator, x.denominator))) == 0:
                return 0
            raise Undecided("a bisection point too close to a zero")

        root = bracket_root(sign, lo, hi)
        return self._identified(p, root) or root

    def _identified(self, p: Any, root: Point) -> Point | None:
        """The root as a simple rational or its exponential, when exact algebra confirms it."""
        for candidate in _simple_numbers(root):
            exact = Point(candidate)
            try:
                if self.sign_at(p, exact) == 0:
                    return exact
            except Undecided:
                continue
        return None

    def _bracket(
        self, p: Any, a: Point | None, b: Point | None, left: int
    ) -> tuple[Fraction, Fraction]:
        """Rationals in the cell on both sides of its only root."""
        lo = hi = between(a, b)
        while self._ball_sign(p, lo, 256) != left:
            lo = self._towards(a, lo, -1)
        while self._ball_sign(p, hi, 256) != -left:
            hi = self._towards(b, hi, 1)
        return lo, hi

    def _towards(self, end: Point | None, x: Fraction, side: int) -> Fraction:
        self.deadline.check()
        if end is None:
            if abs(x) > 2**4000:
                raise Undecided("a root too far out")
            return side * (2 * abs(x) + 1)
        here = Point(sp.Rational(x.numerator, x.denominator))
        if x.denominator > 2**2000:
            raise Undecided("a root too close to an end")
        return between(end, here) if side < 0 else between(here, end)


def _simple_numbers(root: Point) -> Iterator[sp.Expr]:
    ball = root.ball(80)
    rational = _simple_rational(ball)
    if rational is not None:
        yield rational
    if ball > 0:
        logarithm = _simple_rational(ball.log())
        if logarithm is not None:
            yield sp.exp(logarithm)


def _simple_rational(ball: arb) -> sp.Rational | None:
    low, high = to_fraction(ball.lower()), to_fraction(ball.upper())
    best = low if low == high else simplest_between(low, high)
    return sp.Rational(best.numerator, best.denominator) if best.denominator <= 10**6 else None


def evaluate(p: Any, balls: list[arb]) -> arb:
    """A polynomial in the generators on balls."""
    total = arb(0)
    for monomial, coefficient in p.terms():
        term = arb(fmpq(int(coefficient.numerator), int(coefficient.denominator)))
        for ball, power in zip(balls, monomial, strict=True):
            if power:
                term *= ball**power
        total += term
    return total
