r"""How far two directions can be apart.

For nonzero u, v in R^d,

.. math:: \Bigl\|\frac{u}{\|u\|}-\frac{v}{\|v\|}\Bigr\| \le \frac{2\,\|u-v\|}{\|u\|+\|v\|}
          \le \frac{\|u-v\|}{\sqrt{\|u\|\,\|v\|}}.

**Tight**: equality where ||u|| = ||v|| and where v = -tu, t > 0.   Kinks: u = 0 or v = 0.
Shapes: u, v (d,).
Source: Dunkl and Williams 1964.   Needs: an inner product; in other norms the factor is 4.
"""

from sympy import Max, Min, Rational, oo, sqrt

from theory import Claim, Vector, norm, sign, unit
from theory.claims import with_mutants

u, v = Vector("u"), Vector("v")
apart, distance = norm(unit(u) - unit(v)), norm(u - v)
off_zero = [norm(u) > 0, norm(v) > 0]
arithmetic = 2 * distance / (norm(u) + norm(v))

sharp = Claim(
    id="dunkl-williams",
    title="Directions are at most 2||u-v||/(||u||+||v||) apart",
    given=off_zero,
    holds=apart <= arithmetic,
    source="Dunkl and Williams 1964",
    kind="tight",
)
sharp = with_mutants(
    sharp,
    sharp.mutate("half", False, holds=apart <= arithmetic / 2),
    sharp.mutate("a hair less", False, holds=apart <= Rational(999, 1000) * arithmetic),
    sharp.mutate("strict", False, holds=apart < arithmetic),
    sharp.mutate("larger norm", False, holds=apart <= distance / Max(norm(u), norm(v))),
    sharp.mutate("smaller norm", True, holds=apart <= distance / Min(norm(u), norm(v))),
    sharp.mutate(
        "quadratic mean",
        False,
        holds=apart <= sqrt(2) * distance / sqrt(norm(u) ** 2 + norm(v) ** 2),
    ),
    sharp.mutate(
        "root of the sum of squares",
        True,
        holds=apart <= 2 * distance / sqrt(norm(u) ** 2 + norm(v) ** 2),
    ),
    sharp.mutate(
        "oo-norm of the difference", False, holds=apart <= 2 * norm(u - v, oo) / (norm(u) + norm(v))
    ),
    sharp.mutate("signs for directions", False, holds=norm(sign(u) - sign(v)) <= arithmetic),
    sharp.mutate("reversed", False, holds=apart >= arithmetic),
    sharp.mutate("sum for difference", False, holds=apart <= 2 * norm(u + v) / (norm(u) + norm(v))),
)

geometric = Claim(
    id="direction-geometric-mean",
    title="Directions are at most ||u-v||/sqrt(||u|| ||v||) apart",
    given=off_zero,
    holds=apart <= distance / sqrt(norm(u) * norm(v)),
    source="Dunkl and Williams 1964, with the inequality of the means",
    kind="tight",
)
geometric = with_mutants(
    geometric,
    geometric.mutate("half", False, holds=apart <= distance / (2 * sqrt(norm(u) * norm(v)))),
    geometric.mutate("no root", False, holds=apart <= distance / (norm(u) * norm(v))),
)
