r"""Convexity of logarithms of sums of exponentials, and of norms of convex functions.

.. math:: f, g \text{ log-convex} \Rightarrow f + g,\ f g \text{ log-convex}, \qquad
          q_i \ge 0 \text{ convex},\ p \ge 1 \Rightarrow
          \Bigl(\sum_i q_i^p\Bigr)^{1/p} \text{ convex}.
"""

from __future__ import annotations

from typing import Any

from sympy import Add, Expr, Mul, Pow, S, exp, expand, log

from theory.reasoning import one_variable
from theory.reasoning.composites import INNER, composite, depends
from theory.reasoning.convexity import FLIP, Curvature, curvature, joined
from theory.scalars import variables

Given = tuple[Any, ...]


def of_exponentials(e: Expr, wrt: Any, given: Given) -> Curvature | None:
    """log f from the shape of log f; a function with a convex logarithm is convex."""
    if isinstance(e, log) and len(e.args) == 1:
        found = log_shape(e.args[0], wrt, given)
        return found or _log_of_concave(e, wrt, given)
    found = log_shape(e, wrt, given) if e.is_Mul or e.is_Pow or isinstance(e, exp) else None
    if found is None or found.kind == "concave":
        return None
    return Curvature("convex", (*found.steps, f"{e}: its logarithm is {found.kind}"))


def _log_of_concave(e: Expr, wrt: Any, given: Given) -> Curvature | None:
    inner = curvature(e.args[0], wrt, given)
    if inner is None or inner.kind == "convex":
        return None
    return Curvature("concave", (*inner.steps, f"{e}: logarithm of a concave function"))


def log_shape(e: Expr, wrt: Any, given: Given = ()) -> Curvature | None:
    """The curvature of log e for an e > 0 made of exponentials, or None.

    >>> from sympy import symbols
    >>> a, b = symbols("a b", real=True)
    >>> log_shape(exp(a) + exp(b), a).kind
    'convex'
    """
    if not depends(e, wrt):
        return Curvature("affine") if e.is_positive else None
    if isinstance(e, exp):
        return curvature(e.args[0], wrt, given)
    if e.is_Mul:
        return joined([log_shape(a, wrt, given) for a in e.args], f"logarithm of {e}")
    if e.is_Pow and e.exp.is_number and e.exp.is_real:
        inner = log_shape(e.base, wrt, given)
        if inner is None or e.exp.is_nonnegative:
            return inner
        return Curvature(FLIP[inner.kind], (*inner.steps, f"{e}: a negative power"))
    return _log_sum(e, wrt, given) if e.is_Add else None


def _log_sum(e: Expr, wrt: Any, given: Given) -> Curvature | None:
    parts = [log_shape(a, wrt, given) for a in Add.make_args(e)]
    known = [p for p in parts if p is not None and p.kind != "concave"]
    if len(known) < len(parts):
        return None
    steps = tuple(s for p in known for s in p.steps)
    return Curvature("convex", (*steps, f"{e}: a sum of functions with convex logarithms"))


def of_two_ends(e: Expr, wrt: Any, given: Given) -> Curvature | None:
    """max(g(c - h), g(c + h)) = max of g(c + s) over |s| <= h, for convex g, affine c, convex h."""
    ends = [composite(a, wrt) for a in e.args]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        return None
    (a, b), forms = (ends[0], ends[1]), [f.factor * f.form for f in ends if f is not None]
    if forms[0] != forms[1] or variables(forms[0]) != (INNER,):
        return None
    centre, half = expand((a.inner + b.inner) / 2), expand((a.inner - b.inner) / 2)
    middle = curvature(centre, wrt, given)
    reach = next((h for h in (half, -half) if h.is_nonnegative), None)
    spread = None if reach is None else curvature(reach, wrt, given)
    if middle is None or middle.kind != "affine" or spread is None or spread.kind == "concave":
        return None
    if one_variable.convexity(forms[0], INNER, S.Reals) not in ("convex", "affine"):
        return None
    note = f"{e}: the largest value of the convex {forms[0]} within {reach} of {centre}"
    return Curvature("convex", (*middle.steps, *spread.steps, note))


def of_power_sum(e: Expr, wrt: Any, given: Given) -> Curvature | None:
    """(sum of c_i b_i^k_i)^r with 0 < r <= 1: a norm of the functions (c_i b_i^k_i)^r."""
    if not (isinstance(e, Pow) and e.exp.is_Rational and 0 < e.exp <= 1):
        return None
    terms = Add.make_args(e.base)
    found = [_root_of_term(t, e.exp, wrt, given) for t in terms]
    if any(f is None for f in found):
        return None
    steps = tuple(s for f in found if f is not None for s in f.steps)
    return Curvature("convex", (*steps, f"{e}: a {1 / e.exp}-norm of convex functions >= 0"))


def _root_of_term(t: Expr, r: Expr, wrt: Any, given: Given) -> Curvature | None:
    """(c b^k)^r is convex and >= 0: c >= 0, k r >= 1 and |b| is convex."""
    moving = [f for f in Mul.make_args(t) if depends(f, wrt)]
    fixed = Mul(*(f for f in Mul.make_args(t) if not depends(f, wrt)))
    if not fixed.is_nonnegative or len(moving) > 1:
        return None
    if not moving:
        return Curvature("affine")
    base, k = moving[0].as_base_exp() if not isinstance(moving[0], exp) else (moving[0], S.One)
    inner = curvature(base, wrt, given)
    if inner is None or not k.is_Rational or k * r < 1:
        return None
    if inner.kind == "affine" and (k.is_even or base.is_nonnegative):
        return inner
    return inner if inner.kind == "convex" and base.is_nonnegative else None
