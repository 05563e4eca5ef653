r"""Losses of bounded slope under an L2 attack: bend times (B+eps)^2, and slope times eps/rho.

For phi with |phi'| <= s and |phi''| <= k, ||x|| <= B, on all of ||theta|| >= rho,

.. math:: \|\nabla l_\epsilon(\theta)-\nabla l_\epsilon(\theta')\|
          \le \Bigl(k\,(B+\epsilon)^2 + \frac{s\,\epsilon}{\rho}\Bigr)\|\theta-\theta'\| :

the sigmoid with s = 1/4, k = 1/(6 sqrt 3), not convex; the logistic loss of twice the margin with
s = 1, k = 1/2; and the exponential loss, on ||theta|| <= R, with s = k = exp((B+eps) R).
**Upper bounds**, with a **counterexample** where the slope has no bound.   Kinks: theta = 0.
Shapes: theta, x (d,); eps and B in the unit of x, rho and R in the unit of theta.
Source: ours.
"""

from typing import Any

from sympy import Rational, exp, log, sqrt, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Convex,
    Label,
    Lipschitz,
    MarginLoss,
    NormBall,
    Not,
    Vector,
    exponential,
    norm,
)
from theory.claims import with_mutants

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps, rho, B, R = symbols("epsilon rho B R", positive=True)
m = symbols("m", real=True)
sigmoid = MarginLoss("sigmoid", 1 / (1 + exp(m)))
sharper = MarginLoss("logistic of twice the margin", log(1 + exp(-2 * m)) / 2)


def attacked(loss: Any) -> AdversarialLoss:
    return AdversarialLoss(loss, NormBall(2, eps))


def lipschitz(loss: Any, bend: Any, slope: Any) -> Lipschitz:
    constant = None if bend is None else bend * (B + eps) ** 2 + slope * eps / rho
    return Lipschitz(attacked(loss).gradient(theta, x, y), wrt=theta, constant=constant)


away, bounded, short = norm(theta) >= rho, norm(x) <= B, norm(theta) <= R
k, s = sqrt(3) / 18, Rational(1, 4)


def stated(name: str, title: str, holds: Any, given: Any) -> Claim:
    return Claim(id=name, title=title, given=given, holds=holds, source="ours", kind="upper")


flat = stated(
    "l2-sigmoid-away-from-zero",
    "The L2 adversarial sigmoid loss has a Lipschitz gradient away from the origin",
    lipschitz(sigmoid, k, s),
    [away, bounded],
)
flat = with_mutants(
    flat,
    flat.mutate("no turning", False, holds=lipschitz(sigmoid, k, 0)),
    flat.mutate("no bend", False, holds=lipschitz(sigmoid, 0, s)),
    flat.mutate("a tenth of the turning", False, holds=lipschitz(sigmoid, k, s / 10)),
    flat.mutate("constants of the logistic loss", True, holds=lipschitz(sigmoid, s, 1)),
    flat.mutate("up to zero", False, given=[norm(theta) > 0, bounded]),
    flat.mutate("any x", False, given=[away]),
)
wavy = Claim(
    id="l2-sigmoid-not-convex",
    title="The L2 adversarial sigmoid loss is not convex",
    holds=Not(Convex(attacked(sigmoid).value(theta, x, y), wrt=theta)),
    source="ours",
    kind="counterexample",
)
wavy = with_mutants(
    wavy,
    wavy.mutate("convex", False, holds=Convex(attacked(sigmoid).value(theta, x, y), wrt=theta)),
    wavy.mutate(
        "exponential", False, holds=Not(Convex(attacked(exponential).value(theta, x, y), wrt=theta))
    ),
)
steep = stated(
    "l2-sharper-logistic-away-from-zero",
    "Twice the margin in the logistic loss doubles its bend and leaves the turning",
    lipschitz(sharper, Rational(1, 2), 1),
    [away, bounded],
)
steep = with_mutants(
    steep,
    steep.mutate("a quarter", False, holds=lipschitz(sharper, Rational(1, 4), 1)),
    steep.mutate("no turning", False, holds=lipschitz(sharper, Rational(1, 2), 0)),
    steep.mutate("twice the turning", True, holds=lipschitz(sharper, Rational(1, 2), 2)),
)
largest = exp((B + eps) * R)
local = stated(
    "l2-exponential-in-a-shell",
    "Between two radii the L2 adversarial exponential loss has a Lipschitz gradient",
    lipschitz(exponential, largest, largest),
    [away, short, bounded],
)
local = with_mutants(
    local,
    local.mutate("no exponential", False, holds=lipschitz(exponential, 1, 1)),
    local.mutate("attack left out", False, holds=lipschitz(exponential, exp(B * R), exp(B * R))),
    local.mutate("no turning", False, holds=lipschitz(exponential, largest, 0)),
    local.mutate("outside", False, given=[away, bounded]),
)
no_bound = Claim(
    id="l2-exponential-no-constant",
    title="Far out no constant serves the L2 adversarial exponential loss",
    given=[away],
    holds=Not(lipschitz(exponential, None, None)),
    source="ours",
    kind="counterexample",
)
no_bound = with_mutants(
    no_bound,
    no_bound.mutate("sigmoid", False, holds=Not(lipschitz(sigmoid, None, None))),
    no_bound.mutate("in a shell", False, given=[away, short]),
)
