"""What a claim says in other words: for pairs of points, in their limit, with its symbols gone.

.. math:: \\|f(u)-f(v)\\| \\le K(u,v)\\,\\|u-v\\| \\ \\Rightarrow\\
          \\langle h, Df(u)\\,h\\rangle \\le K(u,u)\\,\\|h\\|^2,
          \\qquad \\|x\\| \\le B \\text{ with } B := \\|x\\|.

A form is a claim of its own, and is examined as one: where it is used, nothing rests on the step
from the original to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from typing import Any

from sympy import Abs, Add, Basic, Expr, Max, Min, Symbol, expand_mul, true
from sympy.core.relational import Ge, Le, Relational

from theory.calculus import KinkError, gradient, jacobian
from theory.claims import Claim
from theory.scalars import Norm, dot, norm, variables
from theory.statements import Lipschitz, Smooth, substitute
from theory.vectors import Signs, Vector, VectorExpr, combine

REFUSED = (KinkError, TypeError, ValueError, NotImplementedError)


# What stands on the left of each form, where it is too long to be written out.
LEFT = {
    "at a point": "<h, Df h>",
    "for pairs": "||f(u) - f(v)||",
}


def forms(claim: Claim) -> Iterator[tuple[str, Claim]]:
    """The other forms of a claim with a Lipschitz bound, each with its name."""
    for name, make in (("at a point", in_the_limit), ("for pairs", for_pairs)):
        try:
            found = make(claim)
        except REFUSED:
            continue
        if found is not None:
            yield name, without_symbols(found)
    plain = without_symbols(claim)
    if plain is not claim and isinstance(plain.holds, Relational):
        yield "pointwise", plain


def _fresh(claim: Claim, wanted: str) -> Vector:
    taken = {str(v) for v in claim.free_variables}
    name = next(n for n in (wanted, *(f"{wanted}_{k}" for k in range(2, 99))) if n not in taken)
    return Vector(name)


def _with(hypothesis: Any, rules: dict[Any, Any]) -> Any:
    """A relation at another point; what is said of unknown functions stays as it is."""
    return hypothesis.xreplace(rules) if isinstance(hypothesis, Basic) else hypothesis


def for_pairs(claim: Claim) -> Claim | None:
    """||f(u) - f(v)|| <= K ||u - v||, with u and v by name and the hypotheses at both."""
    holds = claim.holds
    if not _has_constant(holds) or not isinstance(holds.wrt, Vector):
        return None
    u, v = holds.wrt, _fresh(claim, f"{holds.wrt.name}2")
    f = _field(holds)
    gap = f - f.xreplace({u: v})
    small = norm(gap) if isinstance(gap, VectorExpr) else Abs(gap)
    there = (_with(g, {u: v}) for g in claim.given)
    given = tuple(dict.fromkeys((*claim.given, *there)))
    return _form(claim, "for pairs", given, small <= holds.constant * norm(u - v))


def in_the_limit(claim: Claim) -> Claim | None:
    """The bound on the derivative where the two points meet."""
    found = _rate(claim)
    if found is None:
        return None
    f, u, rate, given = found
    h = _fresh(claim, "h")
    if isinstance(f, VectorExpr):
        small, big = dot(h, jacobian(f, u) @ h), rate * norm(h) ** 2
    else:
        small, big = norm(gradient(f, u)), rate
    return _form(claim, "at a point", given, small <= big)


def _rate(claim: Claim) -> tuple[Any, Vector, Expr, tuple[Any, ...]] | None:
    """(f, u, K(u, u), hypotheses at u) of a Lipschitz statement or a relation for pairs."""
    holds = claim.holds
    if _has_constant(holds) and isinstance(holds.wrt, Vector):
        return _field(holds), holds.wrt, holds.constant, claim.given
    if not isinstance(holds, Le | Ge):
        return None
    vectors = [v for v in claim.free_variables if isinstance(v, Vector)]
    for u, v in permutations([w for w in vectors if not isinstance(w, Signs)], 2):
        f = _difference_of(holds.lts, u, v)
        rate = (holds.gts / norm(u - v)) if f is not None else None
        if rate is not None and not rate.has(norm(u - v)):
            given = tuple(dict.fromkeys(_with(g, {v: u}) for g in claim.given))
            return f, u, rate.xreplace({v: u}), given
    return None


def _difference_of(small: Expr, u: Vector, v: Vector) -> Any:
    """f with small = ||f(u) - f(v)||_2 or |f(u) - f(v)|; None where it is nothing of the kind."""
    if isinstance(small, Norm) and small.p == 2:
        parts = [(a, b) for c, b in small.vector.terms() for a in Add.make_args(expand_mul(c))]
        here: Any = combine((a, b) for a, b in parts if u in variables(a, b))
        whole: Any = small.vector
    elif isinstance(small, Abs):
        whole = small.args[0]
        here = Add(*(a for a in Add.make_args(whole) if u in variables(a)))
    else:
        return None
    same = v not in variables(here) and whole - here == -1 * here.xreplace({u: v})
    return here if same and u in variables(here) else None


def _has_constant(holds: Any) -> bool:
    return isinstance(holds, Lipschitz) and holds.constant is not None


def _field(holds: Lipschitz) -> Any:
    return gradient(holds.f, holds.wrt) if isinstance(holds, Smooth) else holds.f


def _form(claim: Claim, name: str, given: tuple[Any, ...], holds: Any) -> Claim | None:
    if not isinstance(holds, Le):
        return None
    return claim.mutate(name, None, given=given, holds=holds, kind="").claim


def without_symbols(claim: Claim) -> Claim:
    """Every symbol that only bounds something from one side, replaced by what it bounds.

    >>> from sympy import symbols
    >>> x, B = Vector("x"), symbols("B", positive=True)
    >>> without_symbols(Claim(id="c", given=norm(x) <= B, holds=norm(x, 3) <= B)).holds
    norm(x, 3) <= norm(x)
    """
    for s in claim.free_variables:
        plain = _without(claim, s) if isinstance(s, Symbol) else None
        if plain is not None:
            return without_symbols(plain)
    return claim


def _without(claim: Claim, s: Symbol) -> Claim | None:
    about = [g for g in claim.given if s in variables(g)]
    bounds = [_bounded(g, s) for g in about]
    if not about or None in bounds or len({side for _, side in bounds}) > 1:  # type: ignore[misc]
        return None
    wrt = getattr(claim.holds, "wrt", None)
    values = [value for value, _ in bounds]  # type: ignore[misc]
    if wrt is not None and wrt in variables(*values):
        return None
    below = bounds[0][1] == "below"  # type: ignore[index]
    value = (Min if below else Max)(*values)
    kept = [g for g in claim.given if g not in about]
    if below and s.is_positive:
        kept += [v > 0 for v in values]
    given = tuple(g for g in kept if g != true)
    holds = substitute(claim.holds, {s: value})
    lemmas = tuple(substitute(g, {s: value}) for g in claim.lemmas)
    return replace(claim, given=given, holds=holds, lemmas=lemmas, mutants=())


def _bounded(g: Any, s: Symbol) -> tuple[Expr, str] | None:
    """(q, side) where g says that s lies below or above q."""
    if not isinstance(g, Le | Ge):
        return None
    if g.lts == s and s not in variables(g.gts):
        return g.gts, "below"
    if g.gts == s and s not in variables(g.lts):
        return g.lts, "above"
    return None
