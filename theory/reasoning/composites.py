"""A scalar expression as a function of one inner expression: E(theta) = g(w(theta)).

.. math:: \\frac{-1}{1+e^{y\\langle\\theta,x\\rangle-\\epsilon\\|\\theta\\|}} = g(u),
          \\qquad g(z) = \\frac{-1}{1+e^z}.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sympy import (
    Abs,
    Dummy,
    Expr,
    Max,
    Min,
    Piecewise,
    Pow,
    S,
    atan,
    cancel,
    cos,
    cosh,
    erf,
    exp,
    expand_mul,
    log,
    sin,
    sinh,
    tanh,
)
from sympy import sign as scalar_sign
from sympy.core.relational import Relational

from theory.scalars import VectorScalar, variables

INNER = Dummy("z", real=True)  # a dummy: the variables of a claim may have any name
_FUNCTIONS = (
    *(exp, log, tanh, sinh, cosh, sin, cos, atan, erf),
    *(Max, Min, Abs, scalar_sign),
)


@dataclass(frozen=True)
class Composite:
    """factor * g(inner): ``form`` is g in the symbol INNER; the factor does not depend on wrt."""

    factor: Expr
    form: Expr
    inner: Expr


def depends(obj: Any, wrt: Any) -> bool:
    """Whether the variable occurs in the object."""
    return wrt in variables(obj)


def atoms_in(e: Expr, wrt: Any) -> list[Expr]:
    """The maximal norms, inner products or symbols of e that contain the variable."""
    found: dict[Expr, None] = {}
    _collect(e, wrt, found)
    return list(found)


def _collect(e: Any, wrt: Any, found: dict[Expr, None]) -> None:
    if not depends(e, wrt):
        return
    if isinstance(e, VectorScalar) or e == wrt:
        found[e] = None
        return
    for a in e.args:
        _collect(a, wrt, found)


@lru_cache(maxsize=2048)
def composite(e: Expr, wrt: Any) -> Composite | None:
    """e = factor * g(w), when e depends on the variable through one expression w alone."""
    factor, rest = e.as_independent(*atoms_in(e, wrt), as_Add=False) if e.is_Mul else (S.One, e)
    for w in _inner_candidates(rest, wrt):
        form = _eliminate(rest, w, wrt)
        if form is not None and form != INNER:
            return Composite(factor, form, w)
    return None


def _inner_candidates(e: Expr, wrt: Any) -> Iterator[Expr]:
    atoms = atoms_in(e, wrt)
    seen = []
    if len(atoms) == 1:
        seen.append(atoms[0])
    for node in _preorder(e):
        if isinstance(node, _FUNCTIONS) or _is_root(node):
            seen += [expand_mul(a) for a in node.args if depends(a, wrt)]
        elif isinstance(node, Piecewise):
            seen += [expand_mul(r.lhs - r.rhs) for _, c in node.args for r in c.atoms(Relational)]
    powers = [p.base for p in e.atoms(Pow) if p.base.is_Add and depends(p.base, wrt)]
    seen += [expand_mul(b) for b in powers]
    plain = [w for w in seen if not w.atoms(*_FUNCTIONS)]
    moving = [_without_constant(w, wrt) for w in plain]
    kinked = [w for w in seen if w.has(Abs) and not w.atoms(*_FUNCTIONS) - w.atoms(Abs)]
    yield from dict.fromkeys(_leading_plus(w) for w in (*moving, *plain, *kinked))


def _is_root(node: Any) -> bool:
    return isinstance(node, Pow) and not (node.exp.is_Integer and node.exp.is_positive)


def _preorder(e: Any) -> Iterator[Any]:
    yield e
    if not isinstance(e, VectorScalar):
        for a in e.args:
            yield from _preorder(a)


def _without_constant(w: Expr, wrt: Any) -> Expr:
    return w.as_independent(*atoms_in(w, wrt), as_Add=True)[1] if w.is_Add else w


def _leading_plus(w: Expr) -> Expr:
    return -w if w.could_extract_minus_sign() else w


def whole_composite(e: Expr) -> Composite | None:
    """e = g(w) for an expression whose every variable occurs in w alone."""
    for v in variables(e):
        found = composite(e, v)
        if found is not None and not variables(found.factor):
            return Composite(S.One, found.factor * found.form, found.inner)
    return None


def _eliminate(e: Expr, w: Expr, wrt: Any) -> Expr | None:
    """e with w replaced by INNER, or None when something else of the variable remains."""
    for a in atoms_in(w, wrt):
        mark = Dummy("a", real=True)
        line = expand_mul(w.xreplace({a: mark}))
        slope = line.coeff(mark, 1)
        rest = expand_mul(line - slope * mark)
        if slope == 0 or depends(slope, wrt) or rest.has(mark):
            continue
        form = expand_inside(e.xreplace({a: (INNER - rest) / slope}), slope.is_Add)
        if not depends(form, wrt) and variables(form) == (INNER,):
            return form
    return None


def expand_inside(e: Any, over_sums: bool = False) -> Any:
    """Multiply out the arguments of functions, so that equal ones cancel, also in fractions."""
    if not e.args or isinstance(e, VectorScalar):
        return e
    args = [expand_inside(a, over_sums) for a in e.args]
    if isinstance(e, _FUNCTIONS) or e.is_Relational:
        plain = over_sums and not any(a.atoms(*_FUNCTIONS) for a in args)
        args = [cancel(a) if plain else expand_mul(a) for a in args]
    return e.func(*args)
