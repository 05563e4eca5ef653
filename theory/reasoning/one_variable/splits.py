r"""Inequalities in one variable by their parts, and by their derivatives at an end.

.. math:: A - |S| \ge 0 \iff A - S \ge 0,\ A + S \ge 0, \qquad
          f(a), f'(a), \dots \ge 0,\ f^{(k)} \ge 0 \text{ on } [a, \infty)
          \ \Rightarrow\ f \ge 0.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from theory.enclosure import enclose, is_exactly_zero
from theory.reasoning.one_variable.changes import JUMPING
from theory.reasoning.one_variable.convert import KINKED
from theory.reasoning.one_variable.points import Deadline

MOST_DERIVATIVES = 6
TOTAL = (sp.sin, sp.cos, sp.exp, sp.atan, sp.erf, sp.tanh, sp.sinh, sp.cosh)


def prove_by_parts(
    f: sp.Expr, z: sp.Symbol, domain: sp.Interval, strict: bool, deadline: Deadline
) -> Any:
    """f >= 0 on both sides of 0 where |z| occurs, and for both values of a subtracted |S|."""
    from theory.reasoning.one_variable.proof import OneVariableProof, prove_nonnegative

    deadline.check()
    for why, cases in (_at_zero(f, z, domain), _signs(f)):
        steps = [why]
        for part, where in cases:
            found = prove_nonnegative(part, z, where or domain, strict, deadline.at)
            if found is None:
                return None
            steps += [f"show {part} {'>' if strict else '>='} 0 on {where or domain}", *found.steps]
        if cases:
            return OneVariableProof("parts", tuple(steps), {"parts": [str(p) for p, _ in cases]})
    return None


def _at_zero(f: sp.Expr, z: sp.Symbol, domain: sp.Interval) -> tuple[str, list[tuple[Any, Any]]]:
    """The two sides of 0, the left one mirrored."""
    if not domain.start.is_extended_negative or not domain.end.is_extended_positive:
        return "", []
    if f.has(*JUMPING) or (f.has(*KINKED) and not f.has(sp.Abs(z))) or not _meets_at_zero(f, z):
        return "", []
    positive = sp.Dummy("p", positive=True)
    sides = [
        (f, domain.end, domain.right_open),
        (f.xreplace({z: -z}), -domain.start, domain.left_open),
    ]
    parts = []
    for part, end, is_open in sides:
        plain = part.xreplace({z: positive}).xreplace({positive: z})
        parts.append((plain, sp.Interval(0, end, False, is_open)))
    return f"on both sides of {z} = 0, the left one mirrored", parts


def _meets_at_zero(f: sp.Expr, z: sp.Symbol) -> bool:
    """Whether f is defined at 0 and no power jumps there, as 0^|z| does."""
    if any(not p.exp.is_number and not p.base.is_positive for p in f.atoms(sp.Pow)):
        return False
    return bool(enclose(f.xreplace({z: sp.S.Zero}), {}, 128).is_finite())


def _signs(f: sp.Expr) -> tuple[str, list[tuple[Any, Any]]]:
    """A - c|S|, A - c Max(p, q) or A + c Min(p, q) with a number c > 0: for each choice."""
    for term in sp.Add.make_args(f):
        c, kinked = term.as_coeff_Mul()
        choices = _choices(kinked, c)
        if choices:
            return f"for each value of {kinked}", [(f - term + c * e, None) for e in choices]
    return "", []


def _choices(kinked: sp.Expr, c: sp.Expr) -> list[sp.Expr]:
    if isinstance(kinked, sp.Abs) and c.is_negative:
        return [kinked.args[0], -kinked.args[0]]
    if isinstance(kinked, sp.Max) and c.is_negative:
        return list(kinked.args)
    return list(kinked.args) if isinstance(kinked, sp.Min) and c.is_positive else []


def prove_by_derivatives(
    f: sp.Expr, z: sp.Symbol, domain: sp.Interval, strict: bool, deadline: Deadline
) -> Any:
    """f and its derivatives are >= 0 at the lower end, the last one everywhere."""
    from theory.reasoning.one_variable.proof import FAILURES, OneVariableProof

    start = domain.start
    if not start.is_finite or f.has(*KINKED) or not is_total(f):
        return None
    top, steps = f, []
    for order in range(MOST_DERIVATIVES):
        value = top.xreplace({z: start})
        if not _nonnegative(value):
            return None
        open_end = strict and order == 0 and not domain.left_open
        if open_end and not enclose(value, {}, 256) > 0:
            return None
        steps.append(f"derivative {order} at {start}: {value} >= 0")
        top = sp.diff(top, z)
        try:
            found = _directly(top, z, domain, strict, deadline)
        except FAILURES:
            found = None
        if found is not None:
            note = f"derivative {order + 1} is {top} {'>' if strict else '>='} 0 on {domain}"
            return OneVariableProof("derivatives", (*steps, note, *found.steps), {"order": order})
    return None


def _directly(
    f: sp.Expr, z: sp.Symbol, domain: sp.Interval, strict: bool, deadline: Deadline
) -> Any:
    """Without another chain of derivatives: by signs, for every z after a change, or on a tail."""
    from theory.reasoning.one_variable.proof import by_signs_or_change

    deadline.check()
    everywhere = sp.Interval(-sp.oo, sp.oo)
    for where in (domain, everywhere):
        found = by_signs_or_change(f, z, where, strict, deadline.at)
        if found is not None:
            return found
    return None


def _nonnegative(value: sp.Expr) -> bool:
    return bool(enclose(value, {}, 256) > 0) or is_exactly_zero(value) is True


def is_total(f: sp.Expr) -> bool:
    """Whether f is built from functions that are smooth on the whole line."""
    if not f.free_symbols or f.is_Symbol:
        return True
    if f.is_Pow and not f.exp.free_symbols:
        return bool(f.exp.is_Integer and f.exp.is_positive) and is_total(f.base)
    known = f.is_Add or f.is_Mul or isinstance(f, TOTAL)
    return known and all(is_total(a) for a in f.args)
