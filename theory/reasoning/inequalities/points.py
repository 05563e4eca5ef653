"""``find_point``: an exact rational point of some facts, replayed before it is returned.

A solver proposes a real solution of the polynomial abstraction; its values are replaced by simple
rationals one at a time while a solution remains. Only exact replay of the facts decides.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sympy import Dummy, Expr, Rational, Symbol, false, sympify
from sympy.logic.boolalg import Boolean

from theory import clock
from theory.reasoning.inequalities import smt
from theory.reasoning.inequalities.engine import DEFAULT_SECONDS, Problem
from theory.reasoning.inequalities.purify import UnsupportedExpression, is_foreign

Point = dict[Expr, Rational]

_ASSUMPTIONS = (
    "positive",
    "negative",
    "nonnegative",
    "nonpositive",
    "zero",
    "nonzero",
    "integer",
    "rational",
    "irrational",
    "even",
    "odd",
    "prime",
    "composite",
    "real",
    "finite",
)
_DENOMINATORS = (1, 2, 10, 100, 10**4, 10**8)
_GRID = tuple(
    Rational(*q)
    for q in (
        (0, 1),
        (1, 1),
        (-1, 1),
        (2, 1),
        (-2, 1),
        (1, 2),
        (-1, 2),
        (3, 1),
        (-3, 1),
        (1, 10),
        (-1, 10),
        (3, 2),
        (-3, 2),
        (5, 1),
        (-5, 1),
        (10, 1),
        (-10, 1),
        (1, 100),
        (100, 1),
    )
)
_TRIES = 400


def find_point(facts: Sequence[Boolean], deadline: float | None = None) -> Point | None:
    """Rational values of the variables that satisfy every fact and every assumption, or None.

    >>> from sympy import symbols
    >>> x, y = symbols("x y", positive=True)
    >>> find_point([x + y < 1, x > y]) is not None
    True
    """
    limit = clock.now() + DEFAULT_SECONDS if deadline is None else deadline
    facts = [sympify(fact) for fact in facts]
    if false in facts:
        return None
    variables = _variables(facts)
    for candidate in _candidates(facts, variables, limit):
        if _satisfies(candidate, facts):
            return candidate
        if clock.now() > limit:
            return None
    return None


def _variables(facts: Iterable[Boolean]) -> list[Expr]:
    """Symbols and foreign real scalars, outermost first; sorted by name."""
    found: dict[Expr, None] = {}

    def visit(e: Any) -> None:
        foreign = is_foreign(e) and getattr(e, "is_real", False)
        if isinstance(e, Symbol) or foreign:
            found[e] = None
        else:
            for arg in getattr(e, "args", ()):
                visit(arg)

    for fact in facts:
        visit(fact)
    return sorted(found, key=str)


def _candidates(
    facts: Sequence[Boolean], variables: Sequence[Expr], limit: float
) -> Iterator[Point]:
    if not variables:
        yield {}
        return
    transcendental = True
    try:
        problem = Problem(facts, false, limit)
        transcendental = problem.is_transcendental
        yield from _from_solver(problem, variables, limit)
    except UnsupportedExpression:
        pass
    if transcendental:
        yield from _from_grid(variables)


def _from_solver(problem: Problem, variables: Sequence[Expr], limit: float) -> Iterator[Point]:
    names = {v: problem.opaque.names[v].name for v in variables if v in problem.opaque.names}
    text = smt.problem_text(problem.context.ring, [f for _, f in problem.context.visible()])
    model = _model(text, limit)
    if model is None:
        return
    yield _point(variables, names, model)
    for choices in (_simpler, _simple):
        yield _point(variables, names, _rounded(text, model, names.values(), choices, limit))
    for denominator in _DENOMINATORS:
        yield {
            v: Rational(*Fraction(q.p, q.q).limit_denominator(denominator).as_integer_ratio())
            for v, q in _point(variables, names, model).items()
        }


def _rounded(
    text: str, model: dict[str, Fraction], names: Iterable[str], choices: Any, limit: float
) -> dict[str, Fraction]:
    """Give the variables simple values one after the other while a solution remains."""
    for name in names:
        for q in choices(model.get(name, Fraction(0))):
            fixed = _with_value(text, name, q)
            if fixed and (better := _model(fixed, limit)) is not None:
                text, model = fixed, better
                break
    return model


def _model(text: str, limit: float) -> dict[str, Fraction] | None:
    seconds = min(3.0, limit - clock.now())
    if seconds <= 0:
        return None
    answer = smt.ask("z3", text, seconds)
    if answer["answer"] != "sat":
        return None
    return {name: Fraction(value) for name, value in answer["model"].items()}


def _simpler(q: Fraction) -> Iterator[Fraction]:
    yield from dict.fromkeys(q.limit_denominator(d) for d in _DENOMINATORS)


def _simple(q: Fraction) -> Iterator[Fraction]:
    """Values that do not depend on the model, for circles and the like."""
    yield from (Fraction(int(g.p), int(g.q)) for g in _GRID[1:])
    yield from _simpler(q)


def _with_value(text: str, name: str, q: Fraction) -> str | None:
    if f"(declare-const {name} Real)" not in text:
        return None
    size = f"(/ {abs(q.numerator)} {q.denominator})"
    value = f"(- {size})" if q < 0 else size
    return text.replace("(check-sat)", f"(assert (= {name} {value}))\n(check-sat)")


def _point(
    variables: Sequence[Expr], names: Mapping[Expr, str], model: Mapping[str, Fraction]
) -> Point:
    values = {v: model.get(names.get(v, ""), None) for v in variables}
    return {
        v: _default(v) if q is None else Rational(*q.as_integer_ratio()) for v, q in values.items()
    }


def _default(v: Expr) -> Rational:
    """Any value that the assumptions of an unconstrained variable allow."""
    return next((q for q in _GRID if _allowed(v, q)), Rational(0))


def _from_grid(variables: Sequence[Expr]) -> Iterator[Point]:
    choices = [[q for q in _GRID if _allowed(v, q)] or [Rational(1)] for v in variables]
    generator = random.Random(0)
    for _ in range(_TRIES):
        yield {v: generator.choice(c) for v, c in zip(variables, choices, strict=True)}


def _allowed(v: Expr, q: Rational) -> bool:
    """Whether the assumptions of a variable permit a value."""
    for word in _ASSUMPTIONS:
        wanted = getattr(v, f"is_{word}", None)
        if wanted is not None and getattr(q, f"is_{word}") != wanted:
            return False
    return not (isinstance(v, Symbol) and v**2 == 1) or q**2 == 1


def _satisfies(point: Point, facts: Sequence[Boolean]) -> bool:
    """Exact replay; undefined or undecided counts as no."""
    from theory.enclosure import Unsupported, decide

    if not all(_allowed(v, q) for v, q in point.items()):
        return False
    plain = {v: Dummy(str(v), real=True) for v in point}
    values = {plain[v]: q for v, q in point.items()}
    try:
        return all(decide(fact.xreplace(plain), values) is True for fact in facts)
    except (Unsupported, ValueError, TypeError, ArithmeticError):
        return False
