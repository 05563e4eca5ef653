r"""How far the gradient jumps across a kink of the L-infinity attack.

Let theta lie on the common face of the orthants with signs s and r, so that
<s, theta> = <r, theta> = ||theta||_1.  The gradients that the two orthants give there differ by

.. math:: \|g_s - g_r\| = \frac{\epsilon\,\|s-r\|}{1+e^{u}} = \frac{2\epsilon\sqrt{k}}{1+e^{u}},

where k components change sign.

**Identity**: sup over theta 2 eps sqrt(d).   Kinks: the statement is about one.
Shapes: theta, x, s, r (d,); eps in the unit of x.
Source: ours; the jump is Kanai et al. 2021, binary linear case.
"""

from typing import Any

from sympy import Eq, Rational, exp, symbols

from theory import Claim, Label, Signs, Vector, dot, norm, ones
from theory.claims import with_mutants

theta, x, y = Vector("theta"), Vector("x"), Label("y")
s, r = Signs("s"), Signs("r")
eps = symbols("epsilon", positive=True)
u = y * dot(theta, x) - eps * norm(theta, 1)
on_both = [Eq(dot(s, theta), norm(theta, 1)), Eq(dot(r, theta), norm(theta, 1))]


def one_sided(signs: Any) -> Any:
    margin = y * dot(theta, x) - eps * dot(signs, theta)
    return -(y * x - eps * signs) / (1 + exp(margin))


gap = norm(one_sided(s) - one_sided(r))
jump = eps * norm(s - r) / (1 + exp(u))

size = Claim(
    id="linf-jump-size",
    title="Across k sign changes the gradient jumps by 2 eps sqrt(k) s(-u)",
    given=on_both,
    holds=Eq(gap, jump),
    source="ours; the jump is Kanai et al. 2021, binary linear case",
    kind="identity",
)
size = with_mutants(
    size,
    size.mutate("half", False, holds=Eq(gap, jump / 2)),
    size.mutate("twice", False, holds=Eq(gap, 2 * jump)),
    size.mutate("k for its root", False, holds=Eq(gap, jump * norm(s - r) / 2)),
    size.mutate("eps squared", False, holds=Eq(gap, eps * jump)),
    size.mutate("margin negated", False, holds=Eq(gap, jump * exp(u))),
    size.mutate("slope one half", False, holds=Eq(gap, eps * norm(s - r) / 2)),
    size.mutate("slope one", False, holds=Eq(gap, eps * norm(s - r))),
    size.mutate("theta in the second orthant only", False, given=on_both[1:]),
    size.mutate("sum of signs", False, holds=Eq(gap, eps * norm(s + r) / (1 + exp(u)))),
    size.mutate("all components", True, holds=gap <= 2 * eps * norm(ones()) / (1 + exp(u))),
    size.mutate("slope below one", True, holds=gap <= eps * norm(s - r)),
    size.mutate("a hair smaller", False, holds=gap <= Rational(999, 1000) * jump),
)
