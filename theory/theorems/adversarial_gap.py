r"""How much an attack raises the loss, to first and second order, for any model.

With l the natural loss, g = grad_x l at the clean point and 1/p + 1/q = 1,

.. math:: l_\epsilon \le l + \epsilon\|g\|_q \ (l \text{ concave in } x), \qquad
          l_\epsilon \le l + \epsilon\|g\|_2 + \tfrac{\epsilon^2}{2}L_{xx}, \qquad
          l_\epsilon \le l + \frac{\|g\|_2^2}{2\mu} \ (\mu\text{-strongly concave}),
          \qquad l_\epsilon \le l + \epsilon L_x .

**Tight**: l = b x + (h/2) x^2 in one dimension.   Kinks: allowed.
Shapes: theta, x (d,), the clean point is 0; eps in the unit of x.   Source: ours.
"""

from typing import Any

from sympy import Rational, oo, symbols

from theory import Claim, Convex, Lipschitz, NormBall, Vector, gradient, norm
from theory.claims import with_mutants
from theory.general import Function, InnerMaximum
from theory.general.functions import partial
from theory.moduli import StronglyConcave
from theory.vectors import zero

x, theta = Vector("x"), Vector("theta")
Lx, Lxx, mu, eps = symbols("L_x L_xx mu epsilon", positive=True)
model = Function("l", "x", "theta")
loss, clean = model(x, theta), model(zero(), theta)
slope = partial(clean, "x")
hair = Rational(999, 1000)


def rise(p: Any = 2) -> Any:
    return InnerMaximum(model, "x", NormBall(p, eps)).value(theta) - clean


steep = Lipschitz(loss, x, Lx)
lipschitz = Claim(
    id="adversarial-gap-lipschitz",
    title="An L2 attack on a loss that is L_x-Lipschitz in x raises it by at most eps L_x",
    given=[steep],
    holds=rise() <= eps * Lx,
    source="ours",
    kind="tight",
)
lipschitz = with_mutants(
    lipschitz,
    lipschitz.mutate("a hair less", False, holds=rise() <= hair * eps * Lx),
    lipschitz.mutate("half", False, holds=rise() <= eps * Lx / 2),
    lipschitz.mutate("squared", False, holds=rise() <= eps**2 * Lx),
    lipschitz.mutate("any loss", False, given=[]),
    lipschitz.mutate("box", False, holds=rise(oo) <= eps * Lx),
    lipschitz.mutate("twice", True, holds=rise() <= 2 * eps * Lx),
)

curved = Lipschitz(gradient(loss, x), x, Lxx)
second = eps * norm(slope) + eps**2 * Lxx / 2
expansion = Claim(
    id="adversarial-gap-second-order",
    title="An L2 attack raises a loss by at most eps ||grad_x l|| + eps^2 L_xx/2",
    given=[curved],
    holds=rise() <= second,
    source="ours",
    kind="tight",
)
expansion = with_mutants(
    expansion,
    expansion.mutate("a hair less", False, holds=rise() <= hair * second),
    expansion.mutate("first order", False, holds=rise() <= eps * norm(slope)),
    expansion.mutate("second order", False, holds=rise() <= eps**2 * Lxx / 2),
    expansion.mutate("quarter", False, holds=rise() <= eps * norm(slope) + eps**2 * Lxx / 4),
    expansion.mutate("any loss", False, given=[]),
    expansion.mutate("twice", True, holds=rise() <= 2 * second),
)

first = Claim(
    id="adversarial-gap-concave",
    title="An L2 attack raises a loss that is concave in x by at most eps ||grad_x l||",
    given=[Convex(-loss, x)],
    holds=rise() <= eps * norm(slope),
    source="ours",
    kind="tight",
)
first = with_mutants(
    first,
    first.mutate("a hair less", False, holds=rise() <= hair * eps * norm(slope)),
    first.mutate("convex", False, given=[Convex(loss, x)]),
    first.mutate("any loss", False, given=[]),
    first.mutate("box", False, holds=rise(oo) <= eps * norm(slope)),
    first.mutate("box and 1-norm", True, holds=rise(oo) <= eps * norm(slope, 1)),
    first.mutate("twice", True, holds=rise() <= 2 * eps * norm(slope)),
)

box = Claim(
    id="adversarial-gap-concave-box",
    title="A box attack raises a loss that is concave in x by at most eps ||grad_x l||_1",
    given=[Convex(-loss, x)],
    holds=rise(oo) <= eps * norm(slope, 1),
    source="ours",
    kind="tight",
)
box = with_mutants(
    box,
    box.mutate("a hair less", False, holds=rise(oo) <= hair * eps * norm(slope, 1)),
    box.mutate("2-norm", False, holds=rise(oo) <= eps * norm(slope)),
    box.mutate("convex", False, given=[Convex(loss, x)]),
    box.mutate("L2 ball", True, holds=rise() <= eps * norm(slope, 1)),
)

bounded = norm(slope) ** 2 / (2 * mu)
strongly = Claim(
    id="adversarial-gap-strongly-concave",
    title="No attack of any radius raises a strongly concave loss by over ||grad_x l||^2/(2 mu)",
    given=[StronglyConcave(loss, x, mu)],
    holds=rise() <= bounded,
    source="ours",
    kind="tight",
)
strongly = with_mutants(
    strongly,
    strongly.mutate("a hair less", False, holds=rise() <= hair * bounded),
    strongly.mutate("half", False, holds=rise() <= bounded / 2),
    strongly.mutate("not squared", False, holds=rise() <= norm(slope) / (2 * mu)),
    strongly.mutate("concave", False, given=[Convex(-loss, x)]),
    strongly.mutate("any loss", False, given=[]),
    strongly.mutate("twice", True, holds=rise() <= 2 * bounded),
)
