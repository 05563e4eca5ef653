"""From vectors of every dimension to finitely many scalars.

.. math:: \\langle u, v\\rangle^2 \\le \\|u\\|^2\\|v\\|^2, \\qquad
          \\|\\textstyle\\sum c_i b_i\\|^2 = \\sum c_i c_j \\langle b_i, b_j\\rangle

A statement about vectors becomes one about their norms and inner products, with the facts that
tie these together in every dimension: Cauchy-Schwarz, Hoelder, triangle inequalities, orders of
norms, Gram determinants.  What follows from the facts holds for every d.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise
from typing import Any

from sympy import Abs, Basic, Dummy, Eq, Expr, Matrix, Max, S, Symbol, expand, oo
from sympy.core.relational import Relational
from sympy.core.symbol import Str
from sympy.logic.boolalg import Boolean

from theory.attack_sets.norm_ball import dual_exponent
from theory.hypotheses import InOrthant
from theory.reasoning.equations import equation_rules
from theory.reasoning.quadratic_forms import expand_outside
from theory.scalars import Dot, Norm, VectorScalar, dot, norm
from theory.vectors import (
    AbsPower,
    Hadamard,
    Label,
    Ones,
    Peak,
    Sign,
    Signs,
    Unit,
    Vector,
    VectorExpr,
    VectorSum,
    hadamard,
    ones,
    sign,
)


def primed(v: Any) -> Any:
    """The second point of a pair statement: theta -> theta'."""
    if isinstance(v, Vector):
        return Basic.__new__(type(v), Str(v.name + "'"))
    return Symbol(v.name + "'", **v._assumptions_orig)


def orthant_rewriting(given: Iterable[Any]) -> dict[Any, Any]:
    """What s_i v_i > 0 lets us replace: sign(v) = sign(s), |v| = sign(s)*v, |v|^0 = 1."""
    rules: dict[Any, Any] = {}
    for g in given:
        if isinstance(g, InOrthant) and len(g.vector.terms()) == 1:
            (_, v), s = g.vector.terms()[0], sign(g.signs)  # of any vector: s itself for Signs
            if g.vector != v:
                continue
            rules |= {Sign(v): s, AbsPower(v, 1): hadamard(s, v), norm(v, 1): dot(s, v)}
            rules |= {AbsPower(v, 0): ones()}
    return rules


def normal_form(obj: Any, given: Iterable[Any] = ()) -> Any:
    """Orthants and equations used, directions written as v/||v||."""
    rules = orthant_rewriting(given) | equation_rules(given)
    for _ in range(4):
        units = {u: u.inner / norm(u.inner) for u in obj.atoms(Unit)}
        changed = obj.xreplace(units).xreplace(rules)
        if changed == obj:
            break
        obj = changed
    return obj


def larger_sizes_written_out(obj: Any) -> Any:
    """max(|a|, |b|) = (|a + b| + |a - b|)/2, where the sign of a + b or a - b is known.

    >>> from sympy import Max, symbols
    >>> a, r = symbols("a", real=True), symbols("r", nonnegative=True)
    >>> larger_sizes_written_out(Max(Abs(a + r), Abs(a - r)))
    r + Abs(a)
    """
    return obj.replace(lambda e: isinstance(e, Max), _larger_size)


def _larger_size(e: Any) -> Expr:
    if len(e.args) != 2 or not all(isinstance(a, Abs) for a in e.args):
        return e
    (a,), (b,) = (s.args for s in e.args)
    halves = [expand((a + b) / 2), expand((a - b) / 2)]
    known = any(h.is_nonnegative or h.is_nonpositive for h in halves)
    return Abs(halves[0]) + Abs(halves[1]) if known else e


class Reduction:
    """Names for the norms and inner products of a problem, and the facts between them."""

    def __init__(self, given: Sequence[Any] = ()) -> None:
        self.given = tuple(given)
        self.names: dict[Expr, Dummy] = {}
        self._definitions: list[Boolean] = []
        root = equation_rules(self.given).get(norm(ones()))
        self._root = root if root is not None and root.is_number else None  # sqrt(d)

    def scalar(self, obj: Any) -> Any:
        """The expression or relation over scalar symbols."""
        return larger_sizes_written_out(self._map(normal_form(obj, self.given)))

    def hypotheses(self) -> list[Boolean]:
        """The scalar consequences of ``given``."""
        return [h for g in self.given for h in self._hypothesis(g)]

    def _hypothesis(self, g: Any) -> list[Boolean]:
        if isinstance(g, InOrthant):
            return [self._map(dot(g.vector, g.signs)) > 0]
        return [self._map(normal_form(g, [h for h in self.given if h is not g]))]

    def _map(self, e: Any) -> Any:
        if isinstance(e, Norm):
            known = self._root is not None and e == norm(ones())
            return self._root if known else self._name_norm(e)
        if isinstance(e, Dot):
            return self._name(e, real=True)
        if not e.args or not e.atoms(VectorScalar):
            return e
        return e.func(*(self._map(a) for a in e.args))

    def _name(self, atom: Expr, **assumptions: bool) -> Dummy:
        if atom not in self.names:
            self.names[atom] = Dummy(str(atom), **assumptions)
        return self.names[atom]

    def _name_norm(self, n: Norm) -> Symbol:
        if n.p == 1 and isinstance(n.vector, Hadamard):
            first, *rest = (AbsPower(f, 1) for f in n.vector.args)
            return self._map(dot(first, Hadamard(*rest)))
        is_new = n not in self.names
        symbol = self._name(n, nonnegative=True)
        if is_new and n.p == 2 and isinstance(n.vector, VectorSum):
            self._definitions.append(Eq(symbol**2, self._map(dot(n.vector, n.vector))))
        return symbol

    def expanded(self, e: Any) -> Any:
        """Even powers of the names of compound 2-norms written out: N^2 = Gram form."""
        squares = {d.lhs.base: d.rhs for d in self._definitions}
        return e.replace(
            lambda p: p.is_Pow and p.base in squares and p.exp.is_even,
            lambda p: squares[p.base] ** (p.exp / 2),
        )

    def background(self, level: int = 0) -> list[Boolean]:
        """Facts that tie the named scalars together, for every d, in four helpings.

        -1: definitions, Cauchy-Schwarz, Hoelder, which of two norms is larger; 0: and by how
        much; 1: triangle inequalities; 2: Gram determinants.  Few facts first: a proof from them
        is found sooner.
        """
        facts: list[Boolean] = []
        done: set[Expr] = set()
        for _ in range(3):
            fresh = [a for a in tuple(self.names) if a not in done]
            done |= set(fresh)
            for atom in fresh:
                if isinstance(atom, Dot):
                    facts += self._about_dot(atom)
                else:
                    facts += self._about_norm(atom, level)
        facts += self._orders(level) + self._products_with_sums() + self._in_one_orthant()
        if level >= 1:
            facts += self._sums() + self._squares_of_sums()
        if level >= 2:
            facts += self._gram_determinants()
        return [*self._definitions, *_true_facts(facts)]

    def _about_dot(self, atom: Any) -> list[Boolean]:
        g, (a, b) = self.names[atom], atom.args
        facts = _both_signs(g, self._size(a, S(2)) * self._size(b, S(2)))
        for p in self._exponents(a) - {S(2)}:
            below = [r for r in self._exponents(b) if r <= dual_exponent(p)]
            if below:  # ||b||_q <= ||b||_r for r <= q: Hoelder with the largest such r
                facts += _both_signs(g, self._size(a, p) * self._size(b, max(below)))
        return facts

    def _size(self, b: VectorExpr, p: Expr) -> Expr:
        """||b||_p, or 1 where the atom has it as an upper bound."""
        if isinstance(b, Peak) or (isinstance(b, Signs | Ones | Sign) and p == oo):
            return S.One
        if isinstance(b, Sign):
            return self._map(norm(ones(), p))
        return self._map(norm(b, p))

    def _exponents(self, b: VectorExpr) -> set[Expr]:
        found = {n.p for n in self.names if isinstance(n, Norm) and n.vector == b}
        if isinstance(b, Signs | Ones | Sign):
            found |= {S.One, S(2), oo}
        return found

    def _about_norm(self, n: Any, level: int) -> list[Boolean]:
        symbol = self.names[n]
        if isinstance(n.vector, Ones):
            return [symbol >= 1]
        if isinstance(n.vector, Peak):
            return [symbol <= 1]
        if isinstance(n.vector, Hadamard) and len(n.vector.args) == 2:
            return self._about_product(symbol, n)
        if isinstance(n.vector, AbsPower) and n.vector.exponent == 0:
            return [symbol <= self._map(norm(ones(), n.p))]
        if not isinstance(n.vector, VectorSum) or (level <= 0 and n.p == 2):
            return []
        return self._triangles(symbol, [Abs(c) * norm(b, n.p) for c, b in n.vector.terms()])

    def _about_product(self, symbol: Expr, n: Any) -> list[Boolean]:
        """||a * b||_p <= ||a||_oo ||b||_p, and with a and b exchanged."""
        a, b = n.vector.args
        return [symbol <= self._size(u, oo) * self._size(v, n.p) for u, v in ((a, b), (b, a))]

    def _triangles(self, total: Expr, parts: list[Expr]) -> list[Boolean]:
        sizes = [self._map(p) for p in parts]
        facts: list[Boolean] = [total <= sum(sizes)]
        return facts + [s <= total + sum(sizes) - s for s in sizes]

    def _orders(self, level: int) -> list[Boolean]:
        """||v||_q <= ||v||_p <= d^(1/p - 1/q) ||v||_q for p < q."""
        by_vector: dict[VectorExpr, list[Any]] = {}
        for n in tuple(self.names):
            if isinstance(n, Norm) and not isinstance(n.vector, Ones):
                by_vector.setdefault(n.vector, []).append(n)
        facts: list[Boolean] = []
        for family in by_vector.values():
            ordered = sorted(family, key=lambda n: n.p)
            for low, high in pairwise(ordered):
                facts.append(self.names[high] <= self.names[low])
                if level < 0:
                    continue
                root = self._map(norm(ones()))
                gap = 2 / low.p - (0 if high.p == oo else 2 / high.p)
                facts += [self.names[low] <= root**gap * self.names[high], root >= 1]
            if level >= 0:
                facts += [self._between(*triple) for triple in combinations(ordered, 3)]
        return facts

    def _between(self, low: Any, middle: Any, high: Any) -> Boolean:
        """||v||_r^k <= ||v||_p^(k-m) ||v||_q^m for 1/r = (1 - m/k)/p + (m/k)/q."""
        inverse = [S.Zero if n.p == oo else 1 / n.p for n in (low, middle, high)]
        share = (inverse[0] - inverse[1]) / (inverse[0] - inverse[2])
        m, k = share.as_numer_denom()
        a, b, c = (self.names[n] for n in (low, middle, high))
        return b**k <= a ** (k - m) * c**m

    def _sums(self) -> list[Boolean]:
        """Triangle inequalities between compound norms of the same exponent: u + v = w."""
        norms = [n for n in self.names if isinstance(n, Norm)]
        compound = [n for n in norms if isinstance(n.vector, VectorSum)]
        facts: list[Boolean] = []
        for a, b, c in combinations(compound, 3):
            if a.p == b.p == c.p and any(
                s * a.vector + t * b.vector == c.vector for s in (1, -1) for t in (1, -1)
            ):
                facts += self._triangles(self.names[c], [a, b])
        return facts

    def _squares_of_sums(self) -> list[Boolean]:
        """||u + v + w||^2 >= 0, with every choice of signs, where all the products occur."""
        pairs = {frozenset(d.args) for d in self.names if isinstance(d, Dot)}
        vectors = sorted({b for pair in pairs for b in pair}, key=str)
        facts: list[Boolean] = []
        for u, v, w in combinations(vectors, 3):
            if {frozenset(p) for p in combinations((u, v, w), 2)} <= pairs:
                sums = [u + a * v + b * w for a in (1, -1) for b in (1, -1)]
                facts += [self._map(dot(s, s)) >= 0 for s in sums]
        return facts

    def _products_with_sums(self) -> list[Boolean]:
        """|<w, v>| <= ||w||_q ||v||_p for a sum v whose products with w all occur; w may be one."""
        facts: list[Boolean] = []
        sums = [n for n in self.names if isinstance(n, Norm) and isinstance(n.vector, VectorSum)]
        partners = {a for d in self.names if isinstance(d, Dot) for a in d.args}
        partners |= {n.vector for n in sums if n.p == 2}
        for n in sums:
            q = dual_exponent(n.p)
            for w in sorted(partners, key=str):
                product = dot(w, n.vector)  # type: ignore[arg-type]
                named = product.atoms(Dot) <= set(self.names) and product.atoms(Dot)
                if named and (n.p == 2 or q in self._exponents(w)):  # type: ignore[arg-type]
                    size = self._size(w, q)  # type: ignore[arg-type]
                    facts += _both_signs(self._map(product), size * self.names[n])
        return facts

    def _in_one_orthant(self) -> list[Boolean]:
        """<u, v> > 0 where s_i u_i > 0 and s_i v_i > 0 for every i; < 0 for opposite signs."""
        facts: list[Boolean] = []
        for g, h in combinations([g for g in self.given if isinstance(g, InOrthant)], 2):
            product = dot(g.vector, h.vector)
            if product.atoms(Dot) <= set(self.names):
                side = {g.signs: 1, -1 * g.signs: -1}.get(h.signs)
                facts += [side * self._map(product) > 0] if side else []
        return facts

    def _gram_determinants(self) -> list[Boolean]:
        vectors = sorted({b for d in self.names if isinstance(d, Dot) for b in d.args}, key=str)
        facts: list[Boolean] = []
        for triple in combinations(vectors, 3):
            gram = Matrix([[self._map(dot(a, b)) for b in triple] for a in triple])
            facts.append(gram.det() >= 0)
        return facts


def _both_signs(g: Expr, bound: Expr) -> list[Boolean]:
    return [g <= bound, -g <= bound]


def _true_facts(facts: Iterable[Any]) -> list[Boolean]:
    return [f for f in dict.fromkeys(facts) if f is not S.true and f is not True]


def label_cases(*objects: Any) -> list[dict[Any, Any]]:
    """Assignments of -1 and 1 to the labels that together cover all of them.

    y = -1 is left out where negating y is the same as negating one of the vectors: the objects
    speak of every value of that vector, so the case y = 1 covers both.
    """
    labels = sorted({a for o in objects for a in o.atoms(Label)}, key=str)
    cases: list[dict[Any, Any]] = [{}]
    for y in labels:
        values = (1,) if _mirrored(y, objects) else (1, -1)
        cases = [{**case, y: S(v)} for case in cases for v in values]
    return cases


def _mirrored(y: Label, objects: Any) -> bool:
    vectors = sorted({v for o in objects for v in o.atoms(Vector)}, key=str)
    return any(
        all(_same(o.xreplace({y: S.NegativeOne}), o.xreplace({y: S.One, v: -v})) for o in objects)
        for v in vectors
        if sum(v in o.atoms(Vector) for o in objects)
    )


def _same(a: Any, b: Any) -> bool:
    if a == b:
        return True
    if isinstance(a, Relational) and type(a) is type(b):
        return expand_outside((a.lhs - a.rhs) - (b.lhs - b.rhs)) == 0
    return isinstance(a, Expr) and isinstance(b, Expr) and expand_outside(a - b) == 0
