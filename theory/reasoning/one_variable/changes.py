r"""Changes of the variable that bring a function into the reach of the sign engine.

.. math:: \sin\alpha = \frac{2t}{1+t^2},\ \cos\alpha = \frac{1-t^2}{1+t^2}
          \ (t = \tan\tfrac\alpha2), \qquad f(z) = g((z-c)^2).

The first reaches every angle but odd multiples of pi, which a continuous function reaches as a
limit; the second needs z >= c, or a function that is even about c.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

import sympy as sp

from theory.enclosure import enclose

JUMPING = (sp.sign, sp.Heaviside, sp.Piecewise, sp.floor, sp.ceiling)


@dataclass(frozen=True)
class Change:
    """f(z) = g(w) for z = back(w) and w in ``domain``, except where z = ``missed``."""

    g: sp.Expr
    w: sp.Symbol
    domain: sp.Interval
    back: Callable[[sp.Expr], sp.Expr]
    note: str
    missed: sp.Expr | None = None


def changes(f: sp.Expr, z: sp.Symbol, domain: Any) -> Iterator[Change]:
    """The changes of the variable that apply to f on the domain.

    >>> z = sp.Symbol("z", real=True)
    >>> [c.g for c in changes(sp.cos(z), z, sp.S.Reals)]
    [(1 - _t**2)/(_t**2 + 1)]
    """
    if f.has(*JUMPING) or f.free_symbols != {z}:
        return
    domain = sp.Interval(-sp.oo, sp.oo) if domain is sp.S.Reals else domain
    if (half := _half_angle(f, z, domain)) is not None:
        yield half
    for c in _centres(f, z):
        if (square := _square(f, z, domain, c)) is not None:
            yield square


def _half_angle(f: sp.Expr, z: sp.Symbol, domain: sp.Interval) -> Change | None:
    rates = [a.args[0] / z for a in f.atoms(sp.sin, sp.cos)]
    if not rates or not all(r.is_Rational for r in rates) or not _everywhere(domain):
        return None
    rate = reduce(_common, rates)
    angle, t = sp.Dummy("angle", real=True), sp.Dummy("t", real=True)
    turned = f.xreplace({a: a.func(a.args[0] / z / rate * angle) for a in f.atoms(sp.sin, sp.cos)})
    plain = sp.expand_trig(turned) if any(r != rate for r in rates) else turned
    half = {sp.sin(angle): 2 * t / (1 + t**2), sp.cos(angle): (1 - t**2) / (1 + t**2)}
    g = plain.xreplace(half)
    if g.free_symbols - {t}:
        return None
    note = f"t = tan({rate * z / 2}), which leaves out only z = {sp.pi / rate} and its repetitions"
    return Change(
        g, t, sp.Interval(-sp.oo, sp.oo), lambda w: 2 * sp.atan(w) / rate, note, sp.pi / rate
    )


def _everywhere(domain: sp.Interval) -> bool:
    return domain.start is -sp.oo and domain.end is sp.oo


def _common(a: sp.Rational, b: sp.Rational) -> sp.Rational:
    return sp.Rational(sp.igcd(a.p * b.q, b.p * a.q), a.q * b.q)


def _centres(f: sp.Expr, z: sp.Symbol) -> list[sp.Expr]:
    """Zero, and the rational zeros of linear bases of powers: 1 for (z - 1)**2."""
    if not f.has(sp.exp):
        return []
    found = [sp.S.Zero]
    for power in sorted(f.atoms(sp.Pow), key=str):
        base = sp.expand(power.base)
        slope = base.coeff(z, 1)
        if slope.is_Rational and slope and (rest := base - slope * z).is_Rational:
            found.append(-rest / slope)
    return list(dict.fromkeys(found))


def _square(f: sp.Expr, z: sp.Symbol, domain: sp.Interval, c: sp.Expr) -> Change | None:
    """w = (z - c)**2 on a domain that is symmetric about c or lies at z >= c."""
    w = sp.Symbol("w", nonnegative=True)
    f = f.xreplace({z: z + c}).replace(lambda e: e.is_Add, sp.expand) if c else f
    start, end = domain.start - c, domain.end - c
    even = sp.expand(f.xreplace({z: -z}) - f) == 0
    if even and start == -end:
        both_open = bool(domain.left_open and domain.right_open)
        image = sp.Interval(0, end**2, False, both_open)
    elif start.is_nonnegative:
        image = sp.Interval(start**2, end**2, domain.left_open, domain.right_open)
    else:
        return None
    g = f.xreplace({z: sp.sqrt(w)})
    return Change(g, w, image, lambda v: c + sp.sqrt(v), f"w = {(z - c) ** 2}")


def defined_at(f: sp.Expr, z: sp.Symbol, point: sp.Expr) -> bool:
    """Whether f has a finite value at an exact point."""
    return bool(enclose(f.xreplace({z: point}), {}, 128).is_finite())
