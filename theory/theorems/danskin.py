r"""How a worst case moves, from the gradients at its maximisers.

For l with an L-Lipschitz gradient in theta, v(theta) = max over K of l(., theta), and any
selection of maximisers,

.. math:: \langle \nabla_\theta l(\delta^*,\theta), d\rangle - \tfrac L2\|d\|^2
          \le v(\theta+d)-v(\theta)
          \le \langle \nabla_\theta l(\delta^{*\prime},\theta+d), d\rangle + \tfrac L2\|d\|^2.

With d = t h and t to 0 both sides give the one-sided derivative v'(theta; h), the largest
<grad_theta l, h> over the maximisers: Danskin's theorem.
**Tight**: where l is quadratic in theta with curvature -L or L.   Kinks: ties of maximisers.
Shapes: theta, d (p,); K compact convex; L in the unit of l over theta squared.
Source: Danskin 1967; constants ours.   Needs: no concavity in x.
"""

from sympy import symbols

from theory import Claim, ConvexSet, Function, InnerMaximum, Lipschitz, Vector, dot, gradient, norm
from theory.claims import with_mutants

theta, w, x = Vector("theta"), Vector("w"), Vector("x")
L = symbols("L", positive=True)
loss = Function("l", "x", "theta")
worst = InnerMaximum(loss, "x", ConvexSet("K"))
smooth = Lipschitz(gradient(loss(x, theta), theta), wrt=theta, constant=L)
step = w - theta
change = worst.value(w) - worst.value(theta)
here, there = (dot(worst.gradient(p), step) for p in (theta, w))
bend = norm(step) ** 2 / 2

from_below = Claim(
    id="danskin-from-below",
    title="A worst case grows at least as the loss at any of its maximisers",
    given=[smooth],
    holds=change >= here - L * bend,
    source="Danskin 1967; constant ours",
    kind="tight",
)
from_below = with_mutants(
    from_below,
    from_below.mutate("half the curvature", False, holds=change >= here - L / 2 * bend),
    from_below.mutate("no curvature", False, holds=change >= here),
    from_below.mutate("upper instead", False, holds=change <= here + L * bend),
    from_below.mutate("any loss", False, given=[]),
    from_below.mutate("twice the curvature", True, holds=change >= here - 2 * L * bend),
)
from_above = Claim(
    id="danskin-from-above",
    title="A worst case grows at most as the loss at any of its new maximisers",
    given=[smooth],
    holds=change <= there + L * bend,
    source="Danskin 1967; constant ours",
    kind="tight",
)
from_above = with_mutants(
    from_above,
    from_above.mutate("half the curvature", False, holds=change <= there + L / 2 * bend),
    from_above.mutate("gradient here", False, holds=change <= here + L * bend),
    from_above.mutate("any loss", False, given=[]),
    from_above.mutate("twice the curvature", True, holds=change <= there + 2 * L * bend),
)
