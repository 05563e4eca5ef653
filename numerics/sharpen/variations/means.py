"""One mean of two sizes for another: min, geometric, arithmetic, quadratic, max, in this order.

.. math:: \\min(a,b) \\le \\sqrt{ab} \\le \\tfrac{a+b}{2} \\le \\sqrt{\\tfrac{a^2+b^2}{2}}
          \\le \\max(a,b).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from sympy import Add, Expr, Max, Min, Mul, Pow, S, sqrt

from numerics.sharpen.changes import Change
from numerics.sharpen.rewriting import everywhere
from theory.claims import Claim
from theory.scalars import Norm

ORDER = 1


def variations(claim: Claim) -> Iterator[Change]:
    """Every mean in every bound, replaced by the others on its stronger side."""
    return everywhere(claim, _rule)


def means(a: Expr, b: Expr) -> list[Expr]:
    """From the smallest to the largest.

    >>> from sympy import symbols
    >>> means(*symbols("a b", positive=True))[2]
    a/2 + b/2
    """
    return [Min(a, b), sqrt(a * b), (a + b) / 2, sqrt((a**2 + b**2) / 2), Max(a, b)]


def _rule(e: Expr, sense: int) -> Iterator[Expr]:
    for pair, index, rest, power in _found(e):
        toward = sense if power > 0 else -sense
        choices = means(*pair)
        chosen = choices[index + 1 :] if toward > 0 else choices[:index][::-1]
        for mean in chosen:
            yield rest * mean**power


def _found(e: Expr) -> Iterator[tuple[tuple[Any, Any], int, Expr, Any]]:
    """(the pair, which mean of it, the factor beside, its power) at this very place."""
    args = e.args
    if isinstance(e, Min | Max) and len(args) == 2:
        yield (args[0], args[1]), 0 if isinstance(e, Min) else 4, S.One, S.One
    if isinstance(e, Add) and len(args) == 2 and _similar(*args):
        yield (args[0], args[1]), 2, S(2), S.One
    if isinstance(e, Mul):
        for a, b in combinations(e.args, 2):
            if _is_root(a) and _is_root(b) and a.exp == b.exp and _similar(a.base, b.base):
                yield (a.base, b.base), 1, e / (a * b), 2 * a.exp


def _similar(a: Expr, b: Expr) -> bool:
    """Two norms of one kind: sizes of two things that play the same part."""
    return isinstance(a, Norm) and isinstance(b, Norm) and a.p == b.p


def _is_root(e: Expr) -> bool:
    return isinstance(e, Pow) and e.exp in (S.Half, -S.Half)
