"""Whether a germ outgrows a power: expansions in s and log s, enclosed by balls.

.. math:: D(s) = \\sum_i (\\log s)^i\\, s^{k_i} g_i(s), \\qquad
          \\frac{|D(s)|}{s^q} \\to \\infty \\quad (s \\to 0^+)

if some term c s^p (log s)^i with p < q, or with p = q and i > 0, has a coefficient c that a ball
separates from 0: terms of different growth never cancel.  The g_i are analytic in a root of s.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from numerics.falsify.germs import LOG, S, taylor, whole_powers

HIGHEST = 24  # the most terms of an expansion


def outgrows(germ: Any, q: int) -> bool:
    """Whether |germ| / S**q certainly has limit infinity."""
    (germ,), m = whole_powers([germ])
    # With S = s**m the logarithm of S is m times that of s: nonzero coefficients stay nonzero.
    return any(_has_term(c, q * m, i > 0) for i, c in _by_powers(germ, LOG).items())


def _by_powers(f: Any, base: sp.Symbol) -> dict[Any, Any]:
    """{k: c_k} with f the sum of c_k base**k."""
    result: dict[Any, Any] = {}
    for term in sp.Add.make_args(sp.expand(f, power_base=False, log=False)):
        c, k = term.as_coeff_exponent(base)
        result[k] = result.get(k, sp.S.Zero) + c
    return result


def _has_term(c: Any, q: int, with_log: bool) -> bool:
    """Whether c(S) has a term below S**q, or up to it next to a logarithm."""
    parts = _by_powers(c, S)
    if any(part.has(LOG) or not k.is_Integer for k, part in parts.items()):
        return False
    lowest = min(parts)
    last = q - int(lowest) - (0 if with_log else 1)
    if last < 0 or last > HIGHEST:
        return False
    analytic = sp.Add(*(part * S ** (k - lowest) for k, part in parts.items()))
    found = taylor(analytic, last)
    return found is not None and any(not ball.contains(0) for ball in found)
