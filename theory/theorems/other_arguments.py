r"""In the radius and in the input the adversarial loss is smooth, kinks in theta or not.

.. math:: l_\epsilon(\theta) = \log\bigl(1+e^{-y\langle\theta,x\rangle+\epsilon\|\theta\|_q}\bigr):
          \qquad 0 \le \partial_\epsilon^2 l_\epsilon \le \tfrac14\|\theta\|_q^2, \qquad
          0 \preceq \nabla_x^2 l_\epsilon \preceq \tfrac14\|\theta\|_2^2 .

So warm-up of eps is a smooth path, and only theta is at its kinks.
**Tight**: attained at margin 0.   Kinks: none in eps and x.
Shapes: theta, x (d,); eps in the unit of x.   Source: ours.
"""

from typing import Any

from sympy import Rational, oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Convex,
    Label,
    Lipschitz,
    NormBall,
    Smooth,
    Vector,
    logistic,
    norm,
    ones,
)
from theory.claims import with_mutants

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps = symbols("epsilon", positive=True)
size = norm(theta)


def loss(p: Any) -> AdversarialLoss:
    return AdversarialLoss(logistic, NormBall(p, eps))


def smooth(p: Any, wrt: Any, constant: Any) -> Smooth:
    return Smooth(loss(p).value(theta, x, y), wrt=wrt, constant=constant)


def stated(name: str, title: str, holds: Any, given: Any = ()) -> Claim:
    return Claim(id=name, title=title, given=given, holds=holds, source="ours", kind="tight")


in_radius = stated(
    "l2-smooth-in-radius",
    "The L2 adversarial logistic loss is smooth in eps",
    smooth(2, eps, size**2 / 4),
)
in_radius = with_mutants(
    in_radius,
    in_radius.mutate("a hair less", False, holds=smooth(2, eps, size**2 * Rational(249, 1000))),
    in_radius.mutate("not squared", False, holds=smooth(2, eps, size / 4)),
    in_radius.mutate("oo-norm", False, holds=smooth(2, eps, norm(theta, oo) ** 2 / 4)),
    in_radius.mutate("1-norm", True, holds=smooth(2, eps, norm(theta, 1) ** 2 / 4)),
    in_radius.mutate("box with the 2-norm", False, holds=smooth(oo, eps, size**2 / 4)),
)
box_radius = stated(
    "linf-smooth-in-radius",
    "The L-infinity adversarial logistic loss is smooth in eps",
    smooth(oo, eps, norm(theta, 1) ** 2 / 4),
)
box_radius = with_mutants(
    box_radius,
    box_radius.mutate("half", False, holds=smooth(oo, eps, norm(theta, 1) ** 2 / 8)),
)
in_input = stated(
    "linf-smooth-in-input",
    "The L-infinity adversarial logistic loss is as smooth in x as the natural one",
    smooth(oo, x, size**2 / 4),
)
in_input = with_mutants(
    in_input,
    in_input.mutate("a fifth", False, holds=smooth(oo, x, size**2 / 5)),
    in_input.mutate("oo-norm", False, holds=smooth(oo, x, norm(theta, oo) ** 2 / 4)),
    in_input.mutate("in theta", False, holds=smooth(oo, theta, norm(x) ** 2)),
)
value = loss(2).value(theta, x, y)
convex = Claim(
    id="l2-convex-in-radius",
    title="The L2 adversarial logistic loss is convex in eps",
    holds=Convex(value, wrt=eps),
    source="ours",
    kind="identity",
)
convex = with_mutants(
    convex,
    convex.mutate("negative", False, holds=Convex(-value, wrt=eps)),
    convex.mutate("in x", True, holds=Convex(value, wrt=x)),
    convex.mutate("less a square", False, holds=Convex(value - eps**2, wrt=eps)),
)


def moves(p: Any, constant: Any) -> Lipschitz:
    return Lipschitz(loss(p).attack(theta, y), wrt=eps, constant=constant)


attack = stated(
    "l2-attack-in-radius",
    "The L2 attack moves as fast as its radius",
    moves(2, 1),
    [size > 0],
)
attack = with_mutants(
    attack,
    attack.mutate("a hair slower", False, holds=moves(2, Rational(999, 1000))),
    attack.mutate("box", False, holds=moves(oo, 1)),
    attack.mutate("box and the diagonal", True, holds=moves(oo, norm(ones()))),
)
