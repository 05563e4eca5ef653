r"""A change of units: a parameter that only sets the scale of a variable is taken out.

.. math:: \theta = \lambda\theta', \quad f(\lambda\theta') = k\,f'(\theta'), \qquad
          f \text{ has constant } C \iff f' \text{ has constant } \lambda C/k,
          \text{ its gradient } \lambda^2 C/k,

for lambda, k > 0 that do not depend on theta; a relation is divided by k.  The scale lambda is
taken from the places where theta meets a number: n/tau in a function, n = tau in a maximum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sympy import (
    Add,
    Dummy,
    Expr,
    Max,
    Min,
    Mul,
    Pow,
    Symbol,
    atan,
    cosh,
    erf,
    exp,
    expand,
    factor_terms,
    log,
    sinh,
    tanh,
)
from sympy.core.relational import Eq, Ge, Gt, Le, Lt

from theory.provers.kernel import proved
from theory.reasoning.composites import depends
from theory.reasoning.definedness import defined
from theory.scalars import variables
from theory.statements import Differentiable, Lipschitz, Smooth
from theory.vectors import Label, Signs, Vector, VectorExpr, combine
from theory.verdicts import Evidence, Status

COST = 13
ORDERS = (Le, Ge, Lt, Gt, Eq)
FUNCTIONS = (exp, log, tanh, sinh, cosh, atan, erf)
STRETCH = Dummy("k", positive=True)
MOST = 6  # scales to try


def treats(statement: Any) -> bool:
    """Relations, and statements about one function; a Lipschitz constant must be named."""
    if isinstance(statement, Lipschitz):
        return statement.constant is not None
    return isinstance(statement, (Differentiable, *ORDERS))


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Prove the statement in units that leave fewer variables, by any strategy."""
    from theory.provers import prove as prove_any

    for moved in _moves(claim):
        for scale in dict.fromkeys(x for v in moved for x in _scales(claim, v)):
            if scale.free_symbols.intersection(moved):
                continue
            question = rescaled(claim, moved, scale)
            if len(question.free_variables) >= len(claim.free_variables):
                continue
            proofs = [e for e in prove_any(question, deadline) if e.status is Status.PROVED]
            if proofs and _is_defined(claim, deadline):
                note = f"{', '.join(map(str, moved))} in units of {scale}: {question}"
                return proved("units", "in other units", [note, *proofs[0].steps], proofs[0].data)
    return None


def _is_defined(claim: Any, deadline: float) -> bool:
    """Sums are multiplied out on the way: nothing undefined may hide behind that."""
    s = claim.holds
    return defined(s if isinstance(s, ORDERS) else s.f, claim.given, deadline) is not None


def _movable(claim: Any) -> list[Any]:
    """The variables that run over a cone: vectors, reals, positive numbers."""
    known = {"real", "positive", "negative", "nonnegative", "nonpositive", "commutative"}
    found = [v for v in claim.free_variables if not isinstance(v, Signs | Label)]
    free = [v for v in found if isinstance(v, Vector) or set(v._assumptions_orig) <= known]
    s = claim.holds
    return free if isinstance(s, ORDERS) else [v for v in free if v == s.wrt]


def _moves(claim: Any) -> list[tuple[Any, ...]]:
    """One variable, or all that carry no sign: a point and its attack change units together."""
    free = _movable(claim)
    together = tuple(v for v in free if isinstance(v, Vector) or v.is_positive is None)
    return [(v,) for v in free] + ([together] if len(together) > 1 else [])


def rescaled(claim: Any, moved: tuple[Any, ...], scale: Expr) -> Any:
    """The same claim with v = scale * v' for each v, positive common factors divided out."""
    rules = {v: scale * v for v in moved}
    given = [_tidied_relation(_moved(g, rules)) for g in claim.given]
    lemmas = [_tidied_relation(_moved(g, rules)) for g in claim.lemmas]
    return replace(
        claim, holds=_changed(claim.holds, rules, scale), given=given, lemmas=lemmas, mutants=()
    )


def _changed(s: Any, rules: Any, scale: Expr) -> Any:
    if isinstance(s, ORDERS):
        return _tidied_relation(_moved(s, rules))
    if not isinstance(s, Lipschitz):
        return type(s)(_moved(s.f, rules), s.wrt)
    factor, form = _split(_moved(s.f, rules))
    power = 2 if isinstance(s, Smooth) else 1
    return type(s)(form, s.wrt, expand(s.constant * scale**power / factor))


def _moved(e: Any, rules: Any) -> Any:
    """The substitution, with positive factors pulled out of maxima and minima."""
    changed = e.xreplace(rules).replace(_is_root, _out_of_root)
    return changed.replace(lambda m: isinstance(m, Max | Min), _pulled)


def _is_root(e: Any) -> bool:
    return e.is_Pow and e.base.is_Add and e.exp.is_Rational and not e.exp.is_Integer


def _out_of_root(root: Expr) -> Expr:
    """(k a)^q = k^q a^q for a positive factor k."""
    base, exponent = root.as_base_exp()
    factor = _common([base])
    return factor**exponent * expand(base / factor) ** exponent


def _pulled(m: Expr) -> Expr:
    """max(k a, k b) = k max(a, b) for a positive factor k of every part that is not 0."""
    factor = _common([a for a in m.args if a != 0])
    return factor * m.func(*(expand(a / factor) for a in m.args))


def _common(parts: list[Any]) -> Expr:
    """The product of the positive factors that the terms of all the parts share."""
    marks = [Dummy(positive=True) for _ in parts]
    whole = factor_terms(Add(*(k * expand(p) for k, p in zip(marks, parts, strict=True))))
    shared = [f for f in Mul.make_args(whole) if f.is_positive and not f.has(*marks)]
    return Mul(*(f for f in shared if _is_plain(f)))


def _is_plain(f: Expr) -> bool:
    """A number, a positive symbol, or a power of one: defined and positive at every point."""
    base = f.base if isinstance(f, Pow) and not isinstance(f, exp) and f.exp.is_number else f
    return bool(base.is_Rational or (isinstance(base, Symbol) and base.is_positive))


def _split(f: Any) -> tuple[Expr, Any]:
    if isinstance(f, VectorExpr):
        factor = _common([c for c, _ in f.terms()])
        return factor, combine((expand(c / factor), b) for c, b in f.terms())
    factor = _common([f])
    return factor, expand(f / factor)


def _tidied_relation(g: Any) -> Any:
    if not isinstance(g, ORDERS):
        return g
    sides = [a for a in g.args if a != 0]
    factor = _common(sides) if sides else 1
    return g.func(*(expand(a / factor) for a in g.args))


def _scales(claim: Any, v: Any) -> list[Expr]:
    """Positive lambda with c A(lambda v)^k = c0, for the terms that v meets."""
    s = claim.holds
    relations = [g for g in (s, *claim.given) if isinstance(g, ORDERS)]
    gaps = [g.lhs - g.rhs for g in relations]
    exprs = [*gaps, *([] if isinstance(s, ORDERS) else _scalars(s.f))]
    found = [x for e in exprs for node in e.atoms(Add, Max, Min, *FUNCTIONS) for x in _met(node, v)]
    rated = sorted(dict.fromkeys(found), key=lambda x: (x.count_ops(), str(x)))
    return [x for x in rated if x != 1 and x.free_symbols][:MOST]


def _scalars(b: Any) -> list[Expr]:
    return [c for c, _ in b.terms()] if isinstance(b, VectorExpr) else [b]


def _met(node: Any, v: Any) -> Iterator[Expr]:
    if isinstance(node, FUNCTIONS):
        terms = [t for a in node.args for t in Add.make_args(expand(a))]
        numbers: list[Expr] = [Mul()]
    else:
        terms = list(node.args)
        numbers = [t for t in terms if not depends(t, v) and t != 0]
    for term in terms:
        for number in numbers:
            found = _scale(term, number, v)
            if found is not None:
                yield found


def _scale(term: Expr, number: Expr, v: Any) -> Expr | None:
    """(c0/c)^(1/k) for term = c A(v), A of degree k in v."""
    if not depends(term, v):
        return None
    parts = Mul.make_args(term)
    c = Mul(*(p for p in parts if not depends(p, v)))
    shape = Mul(*(p for p in parts if depends(p, v)))
    stretched = shape.xreplace({v: STRETCH * v}) / shape
    base, degree = stretched.as_base_exp()
    if base != STRETCH or not degree.is_Rational or degree == 0:
        return None
    ratio = _size(number) / _size(c)
    scale = ratio ** (1 / degree)
    plain = all(isinstance(x, Symbol) for x in variables(scale))
    return scale if plain and scale.is_positive and _is_product(scale) else None


def _size(c: Expr) -> Expr:
    return -c if (-c).is_positive else c


def _is_product(scale: Expr) -> bool:
    return all(_is_plain(f) for f in Mul.make_args(scale))
