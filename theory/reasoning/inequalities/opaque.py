"""Transcendental subterms as named reals with true facts about them.

Every exponential of a problem becomes a product of powers of a few generators, so that
exp(a + b) = exp(a) exp(b) is algebra; a generator is t = exp(w) > 0, or s = 1/(1 + exp(w)) in
(0, 1) where that quotient occurs. Logarithms are split over positive factors.

.. math:: e^w \\ge 1 + w, \\qquad e^a \\ge e^b (1 + a - b), \\qquad \\log p \\le p - 1.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Any

from sympy import (
    QQ,
    Add,
    Basic,
    Expr,
    Integer,
    Mul,
    Pow,
    Rational,
    S,
    Symbol,
    atan,
    cos,
    cosh,
    coth,
    csch,
    erf,
    exp,
    factor_list,
    factorint,
    fraction,
    log,
    sech,
    sin,
    sinh,
    tanh,
)
from sympy.polys.matrices import DomainMatrix

from theory.reasoning.inequalities.bounded import saturating, trigonometric
from theory.reasoning.inequalities.formulas import (
    ABOVE,
    AT_LEAST,
    EQUAL,
    TRUE,
    Formula,
    Literal,
    every,
    some,
)
from theory.reasoning.inequalities.purify import Purifier, Term, UnsupportedExpression, cancelled

_HYPERBOLIC = (tanh, sinh, cosh, coth, sech, csch)
_DIGITS = 10**12
_MOST_PAIRS = 10


@dataclass(frozen=True)
class Generator:
    """``value`` stands for exp(exponent); ``symbol`` is t = exp(w) or s = 1/(1 + exp(w))."""

    exponent: Expr
    symbol: Symbol
    value: Expr
    logistic: bool


@dataclass(frozen=True)
class _Logarithm:
    argument: Expr
    value: Expr  # log(argument)
    defined: Formula


def exponent_of(e: Basic) -> Expr | None:
    """a where e = exp(a): an exponential, E itself, or a power that is not rational."""
    if e is S.Exp1:
        return S.One
    if isinstance(e, exp):
        return e.args[0]
    if isinstance(e, Pow) and not isinstance(e.exp, Rational) and e.base.is_positive:
        return e.exp * log(e.base)
    return None


def plain(e: Basic) -> Basic:
    """Hyperbolic functions as exponentials."""
    return e.rewrite(exp) if isinstance(e, _HYPERBOLIC) else e


def linear_form(exponent: Expr) -> dict[Expr, Rational]:
    """Rational coefficients of the expanded exponent."""
    flat = exponent.expand(log=False, power_base=False, power_exp=False)
    form: dict[Expr, Rational] = {}
    for term in Add.make_args(flat):
        c, monomial = term.as_coeff_Mul(rational=True)
        form[monomial] = form.get(monomial, S.Zero) + Rational(c)
    return {monomial: c for monomial, c in form.items() if c}


class Opaque(Purifier):
    """A purifier that also knows exponentials, logarithms and general powers."""

    def __init__(
        self, statements: Iterable[Basic], boxed: Iterable[Expr] = (), elementary: bool = True
    ) -> None:
        """``boxed`` subterms get a name of their own; ``elementary`` adds the facts of exp, log."""
        super().__init__()
        self.boxed, self.elementary = frozenset(boxed), elementary
        self.logarithms: dict[Expr, _Logarithm] = {}
        self.exponentials: dict[Expr, Expr] = {}  # exponent -> value, for every occurrence
        self.generators: list[Generator] = []
        self.forms: dict[Expr, dict[Expr, Rational]] = {}
        self.statements = list(statements)
        found, self._quotients = _scan(self.statements)
        self._choose(list(dict.fromkeys(found)))

    def _term(self, e: Expr) -> Term:
        c, core = e.as_coeff_Mul(rational=True)
        if core not in self.boxed:
            return super()._term(e)
        return c * self.name((core, "box"), "g", str(core)), super()._term(core)[1]

    # -- exponentials --------------------------------------------------------------------------

    def _choose(self, exponents: list[Expr]) -> None:
        """Independent exponents of which every other one is an integer combination."""
        self.forms = {a: linear_form(a) for a in exponents}
        forms = self._with_constant_split()
        ordered = sorted(forms, key=lambda f: (len(f), str(sorted(map(str, f)))))
        basis: list[dict[Expr, Rational]] = []
        for form in ordered:
            form = _preferred_sign(form, ordered)
            if form and combination(basis, form) is None:
                basis.append(form)
        self.basis = basis
        combos = [combination(basis, form) for form in forms]
        scales = [
            lcm(*(int(c[i].denominator) for c in combos if c is not None), 1)
            for i in range(len(basis))
        ]
        self.basis = [{m: c / k for m, c in f.items()} for f, k in zip(basis, scales, strict=True)]

    def _with_constant_split(self) -> list[dict[Expr, Rational]]:
        """Forms without their rational constants, and the form 1 if a constant occurs."""
        forms = []
        for form in self.forms.values():
            forms.append({m: c for m, c in form.items() if m != 1})
            if 1 in form:
                forms.append({S.One: form[S.One]})
        return [form for form in forms if form]

    def _generator(self, i: int) -> Generator:
        """The i-th generator, named when first needed."""
        exponent = Add(*(c * m for m, c in self.basis[i].items()))
        for generator in self.generators:
            if generator.exponent == exponent:
                return generator
        logistic = (
            any(
                combination([self.basis[i]], linear_form(q)) in ([1], [-1]) for q in self._quotients
            )
            and exponent != 1
        )
        if logistic:
            s = self.name((exponent, "logistic"), "s", f"1/(1 + exp({exponent}))", ABOVE)
            self.definitions.append(Literal(1 - s, ABOVE))
            generator = Generator(exponent, s, (1 - s) / s, True)
        else:
            t = self.name((exponent, "exp"), "t", f"exp({exponent})", ABOVE)
            generator = Generator(exponent, t, t, False)
            if exponent.is_number:
                self._enclose(t, exp(exponent))
        self.generators.append(generator)
        return generator

    def _exponential(self, exponent: Expr) -> Term:
        _, defined = self.term(exponent)
        form = self.forms.get(exponent) or linear_form(exponent)
        powers = combination(self.basis, form)
        if powers is None or any(c.denominator != 1 for c in powers):
            raise UnsupportedExpression(f"exp({exponent}): not in the span of the generators")
        value = Mul(*(self._generator(i).value ** int(c) for i, c in enumerate(powers) if c))
        if exponent not in self.exponentials:
            self.exponentials[exponent] = value
            self._tangents(exponent, value, defined)
        return value, defined

    def _tangents(self, exponent: Expr, value: Expr, defined: Formula) -> None:
        """t >= 1 + w, 1/t >= 1 - w, and t - 1 has the sign of w."""
        if exponent.is_number or not self.elementary:
            return
        w, _ = self.term(exponent)
        for fact in (value - 1 - w, 1 - value * (1 - w), (value - 1) * w):
            self.define(defined, Literal(fact, AT_LEAST))

    # -- logarithms ----------------------------------------------------------------------------

    def _log(self, argument: Expr) -> Term:
        value, defined = self.term(argument)
        value = cancelled(value)
        defined = every((defined, Literal(value, ABOVE)))
        factors = self._positive_factors(value)
        if factors is None:
            return self._log_atom(value, defined), defined
        return Add(*(k * self._log_factor(f, defined) for f, k in factors)), defined

    def _positive_factors(self, value: Expr) -> list[tuple[Expr, int]] | None:
        """value as a product of powers of factors known to be positive, or None."""
        found: list[tuple[Expr, int]] = []
        constant = S.One
        for part, way in zip(fraction(value), (1, -1), strict=True):
            c, factors = factor_list(part)
            constant *= c**way
            for f, k in factors:
                if not self.is_positive(f):
                    f, constant = -f, constant * (-1) ** k
                if not self.is_positive(f):
                    return None
                found.append((f, way * k))
        if not (isinstance(constant, Rational) and constant > 0):
            return None
        return found + _prime_factors(constant)

    def is_positive(self, f: Expr) -> bool:
        """Positive by the signs of the names alone."""
        if any((f + g.symbol).expand() == 1 for g in self.generators if g.logistic):
            return True
        return super().is_positive(f)

    def _log_factor(self, f: Expr, defined: Formula) -> Expr:
        for g in self.generators:
            if not g.logistic and f == g.symbol:
                return self.term(g.exponent)[0]
            if g.logistic and f.expand() == 1 - g.symbol:
                return self.term(g.exponent)[0] + self._log_atom(g.symbol, TRUE)
        return self._log_atom(f, TRUE)

    def _log_atom(self, f: Expr, defined: Formula) -> Symbol:
        """The name of log f, where f > 0 is part of ``defined`` or known."""
        new = (f, "log") not in self.names
        symbol = self.name((f, "log"), "log", f"log({f})")
        if new and isinstance(f, Rational):
            self._enclose(symbol, log(f))
        elif new and self.elementary:
            self.logarithms[f] = _Logarithm(f, symbol, defined)
            for fact in (f - 1 - symbol, f * symbol - f + 1, symbol * (f - 1)):
                self.define(defined, Literal(fact, AT_LEAST))
        return symbol

    # -- everything else -----------------------------------------------------------------------

    def _other(self, e: Expr) -> Term:
        if isinstance(e, _HYPERBOLIC):
            return self.term(plain(e))  # type: ignore[arg-type]
        exponent = exponent_of(e)
        if exponent is not None:
            return self._exponential(exponent)
        if isinstance(e, log) and len(e.args) == 1:
            return self._log(e.args[0])
        if isinstance(e, Pow) and e.base.is_nonnegative:
            return self._general_power(e)
        if isinstance(e, cos | sin):
            return trigonometric(self, e)
        if isinstance(e, atan | erf) and not e.is_number:
            return saturating(self, e)
        if e.is_number and e.is_real and (e.is_Atom or isinstance(e, atan)):
            symbol = self.name(e, "c", str(e))
            self._enclose(symbol, e)
            return symbol, TRUE
        return super()._other(e)

    def _general_power(self, e: Pow) -> Term:
        """b**a for b >= 0: positive for b > 0, zero for b = 0 and a > 0."""
        (base, defined_base), (exponent, defined_exponent) = self.term(e.base), self.term(e.exp)
        inside = some((Literal(base, ABOVE), Literal(exponent, ABOVE), Literal(exponent, EQUAL)))
        defined = every((defined_base, defined_exponent, inside))
        new = e not in self.names
        p = self.name(e, "power", str(e), AT_LEAST)
        if new:
            self.define(every((defined, Literal(base, ABOVE))), Literal(p, ABOVE))
            self.define(
                every((defined, Literal(exponent, ABOVE), Literal(base, EQUAL))), Literal(p, EQUAL)
            )
            self.define(every((defined, Literal(exponent, EQUAL))), Literal(p - 1, EQUAL))
        return p, defined

    def _enclose(self, symbol: Symbol, value: Expr) -> None:
        """Rational bounds of a real number, from ball arithmetic."""
        from theory.enclosure import enclose

        ball = enclose(value, {}, 128)
        if not ball.is_finite():
            raise UnsupportedExpression(f"{value}: expected a real number")
        low, high = (Fraction(*map(int, _pq(end))) for end in (ball.lower(), ball.upper()))
        lower = Rational(floor(low * _DIGITS), _DIGITS)
        upper = Rational(ceil(high * _DIGITS), _DIGITS)
        self.definitions += [Literal(symbol - lower, AT_LEAST), Literal(upper - symbol, AT_LEAST)]
        if lower > 0:
            self.domain[symbol] = ABOVE

    # -- facts about pairs ---------------------------------------------------------------------

    def pair_facts(self) -> Iterator[tuple[Formula, Formula]]:
        """(where it holds, fact): monotonicity and tangents between two occurrences."""
        yield from itertools.islice(self._exponential_pairs(), 5 * _MOST_PAIRS)
        yield from itertools.islice(self._logarithm_pairs(), 5 * _MOST_PAIRS)

    def _exponential_pairs(self) -> Iterator[tuple[Formula, Formula]]:
        variable = {a: v for a, v in self.exponentials.items() if not a.is_number}
        for (a, t), (b, r) in itertools.combinations(variable.items(), 2):
            if combination([linear_form(a)], linear_form(b)) is not None:
                continue
            (u, where_a), (w, where_b) = self.term(a), self.term(b)
            where = every((where_a, where_b))
            for fact in (t - r * (1 + u - w), r - t * (1 + w - u), (t - r) * (u - w)):
                yield where, Literal(fact, AT_LEAST)
            yield from ((where, fact) for fact in same_order(u - w, t - r))

    def _logarithm_pairs(self) -> Iterator[tuple[Formula, Formula]]:
        """Between two logarithms, or a logarithm and an exponent w = log(exp(w))."""
        exponents = [
            _Logarithm(t, *self.term(a)) for a, t in self.exponentials.items() if not a.is_number
        ]
        atoms = list(self.logarithms.values())
        for a, b in (*itertools.combinations(atoms, 2), *itertools.product(atoms, exponents)):
            p, q, u, w = a.argument, b.argument, a.value, b.value
            where = every((a.defined, b.defined))
            for fact in (p - q - q * (u - w), q - p - p * (w - u), (u - w) * (p - q)):
                yield where, Literal(fact, AT_LEAST)
            yield from ((where, fact) for fact in same_order(p - q, u - w))


def same_order(before: Expr, after: Expr) -> Iterator[Formula]:
    """before >= 0 implies after >= 0, and the same for <=: what an increasing function does."""
    for sign in (1, -1):
        yield some((Literal(-sign * before, ABOVE), Literal(sign * after, AT_LEAST)))


def _pq(end: Any) -> tuple[Any, Any]:
    q = end.fmpq()
    return q.p, q.q


def _prime_factors(c: Rational) -> list[tuple[Expr, int]]:
    if c == 1:
        return []
    if max(c.p, c.q) > 10**6:
        return [(c, 1)]
    powers = {**factorint(c.p), **{p: -k for p, k in factorint(c.q).items()}}
    return [(Integer(p), k) for p, k in powers.items() if p != 1]


def _preferred_sign(form: dict[Expr, Rational], all_forms: list[dict[Expr, Rational]]) -> Any:
    """w rather than -w where both occur."""
    opposite = {m: -c for m, c in form.items()}
    if opposite in all_forms and Add(*(c * m for m, c in form.items())).could_extract_minus_sign():
        return opposite
    return form


def combination(basis: list[dict[Expr, Rational]], form: dict[Expr, Rational]) -> list[Any] | None:
    """Rational coefficients with form = sum of multiples of the independent basis, or None."""
    monomials = list(dict.fromkeys(m for f in (*basis, form) for m in f))
    if not monomials:
        return [QQ(0)] * len(basis)
    rows = [[QQ(*_ratio(f.get(m, S.Zero))) for f in (*basis, form)] for m in monomials]
    reduced, pivots = DomainMatrix(rows, (len(rows), len(basis) + 1), QQ).rref()
    if len(basis) in pivots:
        return None
    dense = reduced.to_dense().rep.to_list()
    return [dense[k][-1] for k in range(len(basis))]


def _ratio(c: Rational) -> tuple[int, int]:
    return int(c.p), int(c.q)


def _scan(statements: Iterable[Basic]) -> tuple[list[Expr], list[Expr]]:
    """Exponents that occur, innermost included, and the w of quotients by 1 + exp(w)."""
    found: list[Expr] = []
    quotients: list[Expr] = []
    todo, seen = list(statements), set[Basic]()
    while todo:
        e = plain(todo.pop())
        if e in seen:
            continue
        seen.add(e)
        exponent = exponent_of(e)
        if exponent is not None:
            found.append(exponent)
            todo.append(exponent)
        elif isinstance(e, Pow) and e.exp.is_negative and isinstance(e.base, Add):
            rest = e.base - 1
            inner = exponent_of(rest)
            if inner is not None:
                quotients.append(inner)
        todo.extend(e.args if exponent is None else ())
    return found, quotients


__all__ = ["Generator", "Opaque"]
