"""Cut a function at the kinks of Abs, sign, Max, Min, Heaviside, Piecewise into smooth pieces."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import combinations, pairwise
from typing import Any

import sympy as sp
from flint import ctx
from sympy.core.relational import Relational

from theory.enclosure import Unsupported, enclose
from theory.enclosure.evaluate import TRUTH
from theory.reasoning.one_variable.convert import KINKED, build
from theory.reasoning.one_variable.germs import End, limit_at
from theory.reasoning.one_variable.points import Deadline, Point, Undecided, compare
from theory.reasoning.one_variable.sign_tables import NONZERO, Signs
from theory.reasoning.one_variable.signs import SignEngine, evaluate


class Piece:
    """A smooth expression on the open interval (lo, hi) of the z-line; None is an infinite end."""

    def __init__(
        self, expr: sp.Expr, z: sp.Symbol, lo: Point | None, hi: Point | None, deadline: Deadline
    ):
        self.expr, self.z, self.lo, self.hi, self.deadline = expr, z, lo, hi, deadline
        self._signs: dict[int, Signs] = {}

    @cached_property
    def _built(self) -> tuple[Any, Any]:
        return build(self.expr, self.z)

    @cached_property
    def engine(self) -> SignEngine:
        tower = self._built[0]
        lo, hi = tower.to_base(self.lo, lower=True), tower.to_base(self.hi, lower=False)
        return SignEngine(tower, lo, hi, self.deadline)

    @cached_property
    def _derivatives(self) -> list[Any]:
        return [self._built[1]]

    def derivative(self, order: int) -> Any:
        """The element of the derivative of that order with respect to z."""
        while len(self._derivatives) <= order:
            self._derivatives.append(self.engine.tower.d_place(self._derivatives[-1]))
        return self._derivatives[order]

    def require_defined(self) -> None:
        """Raise unless the expression is provably defined on the whole open interval."""
        tower = self.engine.tower
        for kind, condition in tower.conditions:
            signs = self.engine.signs(tower.element(condition))
            allowed = {"nonzero": (-1, 1), "positive": (1,), "nonnegative": (0, 1)}[kind]
            isolated_ok = kind == "nonnegative"
            if any(c not in allowed for c in signs.cells) or (
                not isolated_ok and any(a != NONZERO for a in signs.at)
            ):
                raise Undecided(f"{self.expr} is not provably defined on the whole interval")

    def signs(self, order: int = 0) -> Signs:
        """Signs of the derivative of that order, at points of the z-line."""
        if order not in self._signs:
            found = self.engine.signs(self.derivative(order))
            places = tuple(self.engine.tower.to_place(p) for p in found.points)
            self._signs[order] = Signs(places, found.at, found.cells)
        return self._signs[order]

    def value(self, order: int, point: Point) -> Point:
        """The derivative of that order at an interior point (or an end where it is continuous)."""
        element, tower = self.derivative(order), self.engine.tower
        at = tower.image(point)

        def ball(bits: int) -> Any:
            with ctx.workprec(bits + 32):
                generators = tower.balls(at.ball(bits + 32))
                below = evaluate(element.denom, generators)
                return evaluate(element.numer, generators) / below

        if not ball(128).is_finite():
            raise Undecided(f"the value at {point!r}")
        if at.exact is None:
            return Point(None, ball)
        quick = in_quadratic_field(element, at.exact)
        if quick is not None:
            return Point(quick)
        above, below = (
            self.engine.substitute(part, at.exact) for part in (element.numer, element.denom)
        )
        return Point(tidy(above / below))

    def limit(self, order: int, side: int) -> Point:
        """The limit at the lower (side = 1) or upper (side = -1) end, a number, oo or -oo."""
        end = self.lo if side > 0 else self.hi
        if end is not None:
            try:
                return self.value(order, end)
            except (Undecided, ZeroDivisionError):
                pass
        at = self.engine.lo if side > 0 else self.engine.hi
        if at is not None and (at.exact is None or not at.exact.is_Rational):
            raise Undecided(f"the limit at {end!r}")
        place = -side * sp.oo if at is None else at.exact
        limit = limit_at(self.engine.tower, self.derivative(order), End(place, side))
        return Point(limit) if limit.is_infinite else Point(tidy(limit))


def in_quadratic_field(element: Any, t: sp.Expr) -> sp.Expr | None:
    """The value a + b sqrt(d) of a rational function at a rational or quadratic number, exactly."""
    roots = t.atoms(sp.Pow)
    if len(roots) > 1 or any(r.exp != sp.Rational(1, 2) or not r.base.is_Integer for r in roots):
        return None
    parts = (element.numer, element.denom)
    if any(sum(m[1:]) for p in parts for m in p.monoms()) or t.atoms(sp.Function, sp.NumberSymbol):
        return None
    root = roots.pop() if roots else sp.S.Zero
    offset = t.subs(root, 0) if root else t
    at = (offset, (t - offset).coeff(root) if root else sp.S.Zero)
    (a, b), (c, d) = (_at(p, at, root.base if root else sp.S.Zero) for p in parts)
    square = root**2
    norm = c * c - square * d * d
    return (a * c - square * b * d) / norm + (b * c - a * d) / norm * root


def _at(p: Any, at: tuple[sp.Rational, sp.Rational], square: sp.Integer) -> tuple[Any, Any]:
    """Horner's rule on pairs (a, b) = a + b sqrt(square)."""
    coefficients = {m[0]: sp.Rational(int(c.numerator), int(c.denominator)) for m, c in p.terms()}
    a = b = sp.S.Zero
    for k in range(max(coefficients, default=0), -1, -1):
        a, b = a * at[0] + b * at[1] * square, a * at[1] + b * at[0]
        a += coefficients.get(k, sp.S.Zero)
    return a, b


def tidy(value: sp.Expr) -> sp.Expr:
    """An equal, usually shorter form of an exact number."""
    if value.is_Rational:
        return value
    if value.is_algebraic:
        return sp.radsimp(sp.expand(sp.radsimp(value)))
    return sp.simplify(value) if value.count_ops() < 80 else value


class Pieces:
    """A function on an interval, cut into smooth pieces; ``breaks`` are the inner cuts."""

    def __init__(self, f: sp.Expr, z: sp.Symbol, domain: sp.Interval):
        self.z = sp.Symbol(z.name, real=True)
        if self.z != z and self.z in f.free_symbols:
            raise Unsupported(f"one variable: two different symbols are called {z}")
        self.f = f.xreplace({z: self.z})
        self.domain = domain
        self.deadline = Deadline()
        self.lo = None if domain.start is -sp.oo else Point(domain.start)
        self.hi = None if domain.end is sp.oo else Point(domain.end)

    @cached_property
    def all(self) -> list[Piece]:
        pieces = list(self._split(self.f, self.lo, self.hi))
        for piece in pieces:
            piece.require_defined()
        return pieces

    @property
    def breaks(self) -> list[Point]:
        return [at for _, at, _ in self.neighbours()]

    def neighbours(self) -> list[tuple[Piece, Point, Piece]]:
        """Every inner cut between its two pieces."""
        return [(a, a.hi, b) for a, b in pairwise(self.all) if a.hi is not None]

    def _split(self, f: sp.Expr, lo: Point | None, hi: Point | None) -> Iterator[Piece]:
        atom = _innermost(f)
        if atom is None:
            yield Piece(f, self.z, lo, hi, self.deadline)
            return
        switches = [Piece(s, self.z, lo, hi, self.deadline) for s in _switches(atom)]
        for switch in switches:
            switch.require_defined()
        tables = [switch.signs() for switch in switches]
        points = _sorted_union(tables)
        ends = [lo, *points, hi]
        for k, (a, b) in enumerate(pairwise(ends)):
            signs = {s.expr: _sign_on(t, points, k) for s, t in zip(switches, tables, strict=True)}
            yield from self._split(f.xreplace({atom: _resolve(atom, signs)}), a, b)

    def value(self, point: Point) -> Point:
        """f itself at a cut or an end, kinks included."""
        if self.continuous_by_form and self._defined_near(point):
            return self._beside(point).value(0, point)
        if point.exact is not None:
            exact = _substituted(self.f, self.z, point.exact)
            if not any(enclose(exact, {}, bits).is_finite() for bits in (64, 256)):
                raise Undecided(f"the function is not defined at {point.exact}")
            return Point(tidy(exact))

        def ball(bits: int) -> Any:
            return enclose(self.f, {self.z: point.ball(bits + 32)}, bits + 32)

        if not ball(128).is_finite():
            raise Undecided(f"the function is not provably defined at {point!r}")
        return Point(None, ball)

    def _defined_near(self, point: Point) -> bool:
        return bool(enclose(self.f, {self.z: point.ball(320)}, 320).is_finite())

    def _beside(self, point: Point) -> Piece:
        """The piece that ends at a point; a continuous function has the value of its branch."""
        return next(p for p in self.all if point is p.hi or point is p.lo)

    @property
    def continuous_by_form(self) -> bool:
        """No jump can occur where the function is defined."""
        return not self.f.has(sp.sign, sp.Heaviside, sp.Piecewise)

    def closed_ends(self) -> list[Point]:
        ends = [] if self.lo is None or self.domain.left_open else [self.lo]
        return ends + ([] if self.hi is None or self.domain.right_open else [self.hi])


def _substituted(f: sp.Expr, z: sp.Symbol, at: sp.Expr) -> sp.Expr:
    """f at an exact point; SymPy compares before it divides, and raises where that fails."""
    try:
        return f.subs(z, at)
    except (TypeError, ValueError) as error:
        raise Undecided(f"the value of {f} at {at}: {error}") from None


@lru_cache(maxsize=512)
def _pieces(f: sp.Expr, z: sp.Symbol, domain: sp.Interval) -> Pieces:
    return Pieces(f, z, domain)


def pieces_of(f: sp.Expr, z: sp.Symbol, domain: sp.Set, at: float | None = None) -> Pieces:
    """The cut function; work on it stops at the deadline."""
    if domain is sp.S.Reals:
        domain = sp.Interval(-sp.oo, sp.oo)
    if not isinstance(domain, sp.Interval):
        raise ValueError(f"one variable: the domain {domain} is not an interval with interior")
    result = _pieces(sp.sympify(f), z, domain)
    result.deadline.set(at)
    return result


def _innermost(f: sp.Expr) -> sp.Expr | None:
    atoms = [a for a in f.atoms(*KINKED) if not any(x.has(*KINKED) for x in a.args)]
    return min(atoms, key=sp.default_sort_key) if atoms else None


def _switches(atom: sp.Expr) -> list[sp.Expr]:
    """Functions whose signs decide which smooth branch of the atom applies."""
    if isinstance(atom, (sp.Max, sp.Min)):
        return [a - b for a, b in combinations(atom.args, 2)]
    if isinstance(atom, sp.Piecewise):
        relations = set().union(*(_relations(c) for _, c in atom.args))
        return sorted({r.lhs - r.rhs for r in relations}, key=sp.default_sort_key)
    return [atom.args[0]]


def _relations(condition: Any) -> set[Relational]:
    return set(condition.atoms(Relational)) if isinstance(condition, sp.Basic) else set()


def _resolve(atom: sp.Expr, signs: dict[sp.Expr, int]) -> sp.Expr:
    if isinstance(atom, (sp.Max, sp.Min)):
        want = 1 if isinstance(atom, sp.Max) else -1
        best = atom.args[0]
        for other in atom.args[1:]:
            if _sign_of(best - other, signs) == -want:
                best = other
        return best
    if isinstance(atom, sp.Piecewise):
        for expr, condition in atom.args:
            if _holds(condition, signs):
                return expr
        raise Undecided("no branch of a piecewise function applies")
    sign = signs[atom.args[0]]
    if isinstance(atom, sp.Abs):
        return sign * atom.args[0]
    if isinstance(atom, sp.sign):
        return sp.Integer(sign)
    at_zero = atom.args[1] if len(atom.args) > 1 else sp.Rational(1, 2)
    return sp.Integer((1 + sign) // 2) if sign else at_zero


def _sign_of(difference: sp.Expr, signs: dict[sp.Expr, int]) -> int:
    if difference in signs:
        return signs[difference]
    if -difference not in signs:
        raise Undecided(f"the sign of {difference}")
    return -signs[-difference]


def _holds(condition: Any, signs: dict[sp.Expr, int]) -> bool:
    if condition in (True, sp.true):
        return True
    if condition in (False, sp.false):
        return False
    if isinstance(condition, sp.Not):
        return not _holds(condition.args[0], signs)
    if isinstance(condition, (sp.And, sp.Or)):
        combine = all if isinstance(condition, sp.And) else any
        return combine(_holds(c, signs) for c in condition.args)
    if isinstance(condition, Relational):
        return TRUTH[condition.rel_op][signs[condition.lhs - condition.rhs]]
    raise Undecided(f"the condition {condition}")


def _sorted_union(tables: list[Signs]) -> list[Point]:
    points: list[Point] = []
    for table in tables:
        for new in table.points:
            place = 0
            while place < len(points) and compare(points[place], new) < 0:
                place += 1
            if place == len(points) or compare(points[place], new) != 0:
                points.insert(place, new)
    return points


def _sign_on(table: Signs, grid: list[Point], k: int) -> int:
    """The sign of a table on cell k of a finer grid."""
    passed = 0
    for point in grid[:k]:
        if passed < len(table.points) and compare(table.points[passed], point) == 0:
            passed += 1
    return table.cells[passed]
