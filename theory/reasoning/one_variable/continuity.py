"""Continuity read off the form of a function: compositions of continuous functions.

>>> z = sp.Symbol("z", real=True)
>>> continuous_by_form(sp.sin(z) / (1 + z**2), z, sp.S.Reals)
True
>>> continuous_by_form(1 / sp.sin(z), z, sp.S.Reals)
False
"""

from __future__ import annotations

import sympy as sp

from theory.reasoning.one_variable.proof import prove_nonnegative
from theory.reasoning.one_variable.splits import TOTAL

CONTINUOUS = (*TOTAL, sp.Abs, sp.Max, sp.Min)


def continuous_by_form(f: sp.Expr, z: sp.Symbol, domain: sp.Set) -> bool:
    """Whether every operation in f is shown to be defined and continuous on the domain."""
    if not f.has(z) or f == z:
        return True
    if f.is_Pow and not f.exp.has(z):
        return _defined_power(f, z, domain) and continuous_by_form(f.base, z, domain)
    if isinstance(f, sp.log) and len(f.args) == 1:
        positive = prove_nonnegative(f.args[0], z, domain, strict=True) is not None
        return positive and continuous_by_form(f.args[0], z, domain)
    known = f.is_Add or f.is_Mul or isinstance(f, CONTINUOUS)
    return known and all(continuous_by_form(a, z, domain) for a in f.args)


def _defined_power(f: sp.Pow, z: sp.Symbol, domain: sp.Set) -> bool:
    if not f.exp.is_number or not f.exp.is_real:
        return False
    if f.exp.is_Integer and f.exp.is_nonnegative:
        return True
    bases = (f.base, -f.base) if f.exp.is_Integer else (f.base,)
    strict = bool(f.exp.is_negative)
    return any(prove_nonnegative(b, z, domain, strict=strict) is not None for b in bases)
