r"""An inexact attack gives a gradient within L_tx times its error, for any differentiable model.

For a point d with ||d - delta|| <= r of a worst attack delta,

.. math:: \|\nabla_\theta l(d,\theta)-\nabla l_\epsilon(\theta)\| \le L_{\theta x}\, r ,

and gradients at any two attacks within r are apart by L_tt ||theta - theta'|| + L_tx r at most.
**Tight**: l = b theta x.   Kinks: allowed.
Shapes: theta, x, d (d,); r in the unit of x.   Source: ours.
"""

from typing import Any

from sympy import Rational, symbols

from theory import Claim, Lipschitz, Vector, gradient, norm
from theory.claims import with_mutants
from theory.general import Function, InnerMaximum
from theory.general.functions import partial
from theory.general.inner_maximum import ConvexSet

x, theta, other = Vector("x"), Vector("theta"), Vector("theta2")
found, found_there = Vector("delta"), Vector("delta2")
Ltt, Ltx, r = symbols("L_tt L_tx r", positive=True)
model = Function("l", "x", "theta")
loss = model(x, theta)
slope = gradient(loss, theta)
worst = InnerMaximum(model, "x", ConvexSet("K"))
in_theta, in_x = Lipschitz(slope, theta, Ltt), Lipschitz(slope, x, Ltx)
apart = norm(theta - other)


def used(attack: Any, at: Any) -> Any:
    return partial(model(attack, at), "theta")


near = norm(found - worst.point(theta)) <= r
error = norm(used(found, theta) - worst.gradient(theta))
inexact = Claim(
    id="inexact-inner-maximum",
    title="An attack within r of a worst one gives a gradient within L_tx r of the right one",
    given=[in_x, near],
    holds=error <= Ltx * r,
    source="ours",
    kind="tight",
)
inexact = with_mutants(
    inexact,
    inexact.mutate("a hair less", False, holds=error <= Rational(999, 1000) * Ltx * r),
    inexact.mutate("squared", False, holds=error <= Ltx * r**2),
    inexact.mutate("no error", False, holds=error <= 0),
    inexact.mutate("anywhere", False, given=[in_x]),
    inexact.mutate("unknown in x", False, given=[in_theta, near]),
    inexact.mutate("twice", True, holds=error <= 2 * Ltx * r),
)

steady = norm(found - found_there) <= r
change = norm(used(found, theta) - used(found_there, other))
exact = Ltt * apart
approximately = Claim(
    id="inexact-inner-maximum-pairs",
    title="Attacks within r of each other give a Lipschitz gradient up to L_tx r",
    given=[in_theta, in_x, steady],
    holds=change <= exact + Ltx * r,
    source="ours; approximate smoothness is from Xiao et al. 2022",
    kind="tight",
)
approximately = with_mutants(
    approximately,
    approximately.mutate(
        "a hair less", False, holds=change <= exact + Rational(999, 1000) * Ltx * r
    ),
    approximately.mutate("no error", False, holds=change <= exact),
    approximately.mutate("half", False, holds=change <= exact + Ltx * r / 2),
    approximately.mutate("error alone", False, holds=change <= Ltx * r),
    approximately.mutate("anywhere", False, given=[in_theta, in_x]),
    approximately.mutate("unknown in x", False, given=[in_theta, steady]),
    approximately.mutate("twice", True, holds=change <= exact + 2 * Ltx * r),
)
