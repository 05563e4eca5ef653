"""From SymPy Booleans to polynomial formulas with defined, named subterms.

.. math:: \\sqrt{u} \\to r:\\ r\\ge 0,\\ r^2=u \\ (u \\ge 0), \\qquad
          |u| \\to a:\\ a \\ge 0,\\ a^2=u^2, \\qquad \\dots

A relation is read as "both sides are defined, and it holds": a point where a side is undefined
satisfies neither the relation nor its negation. Definitions of names hold only where the term is
defined, so they never turn an undefined term into a contradiction.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from typing import Any

from sympy import (
    ITE,
    Abs,
    Add,
    And,
    Eq,
    Equivalent,
    Expr,
    Float,
    Ge,
    Gt,
    Heaviside,
    Implies,
    Integer,
    Le,
    Lt,
    Max,
    Min,
    Mul,
    Ne,
    Not,
    Or,
    Piecewise,
    Pow,
    Rational,
    S,
    Symbol,
    Xor,
    cancel,
    false,
    sign,
    together,
    true,
)
from sympy.logic.boolalg import Boolean

from theory.reasoning.inequalities.formulas import (
    ABOVE,
    AT_LEAST,
    EQUAL,
    FALSE,
    TRUE,
    UNEQUAL,
    Formula,
    Literal,
    every,
    negate,
    some,
)

Term = tuple[Expr, Formula]  # a rational function of the names, and where it is defined

_RESERVED = frozenset(
    (
        *("abs", "and", "as", "assert", "div", "e", "E", "exp", "euler", "false", "I", "is", "ite"),
        *(
            "let",
            "mod",
            "not",
            "or",
            "par",
            "pi",
            "real",
            "sat",
            "sin",
            "cos",
            "sqrt",
            "tan",
            "true",
        ),
        *("unsat", "xor", "Bool", "Int", "Real", "lambda"),
    )
)
_RELATIONS = {
    Eq: (1, EQUAL),
    Ne: (1, UNEQUAL),
    Ge: (1, AT_LEAST),
    Gt: (1, ABOVE),
    Le: (-1, AT_LEAST),
    Lt: (-1, ABOVE),
}


class UnsupportedExpression(ValueError):
    """The engine has no meaning for a subterm."""


class Purifier:
    """Names the variables and the non-rational subterms of a problem."""

    def __init__(self) -> None:
        self.names: dict[Any, Symbol] = {}
        self.meanings: dict[str, str] = {}
        self.definitions: list[Formula] = []
        self.domain: dict[Symbol, str] = {}  # ">" or ">=" where a name is positive, nonnegative
        self.terms: dict[Expr, Term] = {}

    # -- Booleans ------------------------------------------------------------------------------

    def boolean(self, statement: Boolean | bool) -> Formula:
        """The formula "defined and true"."""
        if statement in (true, True):
            return TRUE
        if statement in (false, False):
            return FALSE
        for kind, (factor, op) in _RELATIONS.items():
            if isinstance(statement, kind):
                return self._relation(statement.lhs, statement.rhs, factor, op)
        if isinstance(statement, And | Or):
            join = every if isinstance(statement, And) else some
            return join(self.boolean(arg) for arg in statement.args)
        if isinstance(statement, Not):
            return self.boolean(_negated(statement.args[0]))
        if isinstance(statement, Implies | Equivalent | ITE | Xor):
            return self.boolean(statement.to_nnf(simplify=False))
        raise UnsupportedExpression(f"{statement}: expected a relation or a Boolean of relations")

    def _relation(self, left: Expr, right: Expr, factor: int, op: str) -> Formula:
        if not (isinstance(left, Expr) and isinstance(right, Expr)):
            raise UnsupportedExpression(f"{left}, {right}: expected scalars in a relation")
        (a, defined_a), (b, defined_b) = self.term(left), self.term(right)
        return every((defined_a, defined_b, Literal(factor * (a - b), op)))

    # -- terms ---------------------------------------------------------------------------------

    def term(self, e: Expr) -> Term:
        """A rational function of the names that equals e where e is defined."""
        if e not in self.terms:
            self.terms[e] = self._term(e)
        return self.terms[e]

    def _term(self, e: Expr) -> Term:
        if isinstance(e, Rational | Float):
            value = Rational(e)
            if not value.is_finite:
                raise UnsupportedExpression(f"{e}: expected a finite number")
            return value, TRUE
        if isinstance(e, Add | Mul):
            parts = [self.term(arg) for arg in e.args]
            return e.func(*(p[0] for p in parts)), every(p[1] for p in parts)
        if isinstance(e, Pow) and isinstance(e.exp, Rational) and e.base is not S.Exp1:
            return self._power(e.base, e.exp)
        special = {
            Abs: self._abs,
            sign: self._sign,
            Max: self._extremum,
            Min: self._extremum,
            Piecewise: self._piecewise,
        }.get(e.func)
        if special:
            return special(e)
        if isinstance(e, Heaviside):
            return self.term(e.rewrite(Piecewise))
        return self._other(e)

    def _other(self, e: Expr) -> Term:
        """A variable, or a transcendental term (see ``opaque``)."""
        if isinstance(e, Symbol) or (is_foreign(e) and e.is_real is True):
            return self.variable(e), TRUE
        raise UnsupportedExpression(f"{e}: no meaning is known for it")

    def _power(self, base: Expr, exponent: Rational) -> Term:
        value, defined = self.term(base)
        if exponent.q != 1:
            value, defined = self._root(value, defined, base, exponent)
        if exponent.p < 0:
            if cancelled(value) == 0:
                return S.One, FALSE
            defined = every((defined, Literal(value, UNEQUAL)))
        return value**exponent.p, defined

    def _root(self, value: Expr, defined: Formula, base: Expr, exponent: Rational) -> Term:
        """r >= 0 with r**q = base; a root of a negative number is undefined."""
        q = exponent.q
        key = cancelled(value)
        defined = every((defined, Literal(key, AT_LEAST)))
        new = (key, q) not in self.names
        root = self.name((key, q), "root", f"({base})**(1/{q})", ">=")
        if new:
            self.define(defined, Literal(root**q - key, EQUAL))
        return root, defined

    def _abs(self, e: Expr) -> Term:
        value, defined = self.term(e.args[0])
        key = cancelled(value)
        if self.sign_of(key) > 0:
            return key, defined
        if (-key, "abs") in self.names:
            key = -key
        new = (key, "abs") not in self.names
        a = self.name((key, "abs"), "abs", str(e), ">=")
        if new:
            either = some((Literal(a - key, EQUAL), Literal(a + key, EQUAL)))
            bounds = (Literal(a - key, AT_LEAST), Literal(a + key, AT_LEAST))
            self.define(defined, every((Literal(a**2 - key**2, EQUAL), *bounds, either)))
        return a, defined

    def _sign(self, e: Expr) -> Term:
        value, defined = self.term(e.args[0])
        key = cancelled(value)
        new = (key, "sign") not in self.names
        s = self.name((key, "sign"), "sign", str(e))
        if new:
            cases = (
                every((Literal(s - 1, EQUAL), Literal(key, ABOVE))),
                every((Literal(s + 1, EQUAL), Literal(-key, ABOVE))),
                every((Literal(s, EQUAL), Literal(key, EQUAL))),
            )
            self.define(defined, every((Literal(s * key, AT_LEAST), some(cases))))
        return s, defined

    def _extremum(self, e: Expr) -> Term:
        parts = [self.term(arg) for arg in e.args]
        defined = every(p[1] for p in parts)
        values = [cancelled(p[0]) for p in parts]
        key = (e.func, frozenset(values))
        new = key not in self.names
        m = self.name(key, e.func.__name__.lower(), str(e))
        if new:
            way = 1 if isinstance(e, Max) else -1
            outside = [Literal(way * (m - v), AT_LEAST) for v in values]
            self.define(defined, every((*outside, some(Literal(m - v, EQUAL) for v in values))))
        return m, defined

    def _piecewise(self, e: Expr) -> Term:
        new = e not in self.names
        p = self.name(e, "piece", str(e))
        branches: list[tuple[Formula, Expr]] = []
        before: Formula = TRUE
        for value, condition in e.args:
            try:
                term, defined = self.term(value)
            except UnsupportedExpression:
                if value is not S.NaN:
                    raise
                term, defined = S.Zero, FALSE
            holds = every((before, self.boolean(condition), defined))
            branches.append((holds, term))
            before = every((before, self.boolean(_negated(condition))))
        if new:
            for holds, value in branches:
                self.define(holds, Literal(p - value, EQUAL))
        return p, some(holds for holds, _ in branches)

    # -- names ---------------------------------------------------------------------------------

    def define(self, where: Formula, fact: Formula) -> None:
        """Record a fact that holds where the terms in it are defined."""
        guarded = some((negate(where), every((where, fact))))
        self.definitions.append(fact if where == TRUE else guarded)

    def name(self, key: object, prefix: str, meaning: str, op: str = "") -> Symbol:
        """The symbol of a term, new with its sign if there is none yet."""
        if key not in self.names:
            symbol = self._fresh(prefix)
            self.names[key] = symbol
            self.meanings[symbol.name] = meaning
            if op:
                self.domain[symbol] = op
                self.definitions.append(Literal(symbol, op))
        return self.names[key]

    def _fresh(self, stem: str) -> Symbol:
        stem = re.sub(r"\W+", "_", stem, flags=re.ASCII).strip("_") or "v"
        stem = stem if stem[0].isalpha() and stem not in _RESERVED else f"v_{stem}"
        candidates = itertools.chain([stem], (f"{stem}_{k}" for k in itertools.count(1)))
        return Symbol(next(c for c in candidates if c not in self.meanings))

    def variable(self, leaf: Expr) -> Symbol:
        """The name of a real variable, with what its assumptions say."""
        if leaf in self.names:
            return self.names[leaf]
        if leaf.is_real is False or leaf.is_finite is False or not leaf.is_commutative:
            raise UnsupportedExpression(f"{leaf}: expected a real scalar")
        op = ">" if leaf.is_positive else ">=" if leaf.is_nonnegative else ""
        x = self.name(leaf, str(leaf), str(leaf), op)
        self.definitions.extend(_assumed(leaf, x))
        return x

    def sign_of(self, p: Expr) -> int:
        """1 for a sum of monomials that are nonnegative by the names' signs, else 0."""
        return 1 if all(self._nonnegative_monomial(m) for m in Add.make_args(p.expand())) else 0

    def is_positive(self, f: Expr) -> bool:
        """Nonnegative monomials of which one is positive, by the names' signs."""
        monomials = Add.make_args(f.expand())
        return all(self._nonnegative_monomial(m) for m in monomials) and any(
            m != 0 and all(self.domain.get(x) == ABOVE for x in m.free_symbols) for m in monomials
        )

    def _nonnegative_monomial(self, monomial: Expr) -> bool:
        c, rest = monomial.as_coeff_Mul()
        if c < 0:
            return False
        powers = rest.as_powers_dict()
        return all(
            isinstance(k, Integer) and (k % 2 == 0 or b in self.domain or b == 1)
            for b, k in powers.items()
        )


def _assumed(leaf: Expr, x: Symbol) -> Iterable[Formula]:
    """Sign, integrality and label assumptions that one literal can state."""
    if leaf.is_negative:
        yield Literal(-x, ABOVE)
    elif leaf.is_nonpositive:
        yield Literal(-x, AT_LEAST)
    elif leaf.is_nonzero and not leaf.is_positive:
        yield Literal(x, UNEQUAL)
    if leaf.is_integer and leaf.is_positive:
        yield Literal(x - 1, AT_LEAST)
    if isinstance(leaf, Symbol) and leaf**2 == 1:  # a label of {-1, 1}
        yield Literal(x**2 - 1, EQUAL)
        yield Literal(1 - x, AT_LEAST)
        yield Literal(1 + x, AT_LEAST)
        yield some((Literal(x - 1, EQUAL), Literal(x + 1, EQUAL)))


def is_foreign(e: object) -> bool:
    """A term of a class that SymPy does not define, such as a norm: a variable of its own."""
    return not str(type(e).__module__).startswith(("sympy.", "None", "builtins"))


def _negated(statement: Boolean) -> Boolean:
    if isinstance(statement, And | Or):
        join = Or if isinstance(statement, And) else And
        return join(*(_negated(arg) for arg in statement.args))
    if isinstance(statement, Not):
        return statement.args[0]
    if isinstance(statement, Implies | Equivalent | ITE | Xor):
        return _negated(statement.to_nnf(simplify=False))
    return Not(statement)


def cancelled(value: Expr) -> Expr:
    """The canonical quotient of two expanded polynomials."""
    return cancel(together(value))
