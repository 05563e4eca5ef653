r"""A product of parameters has kinks under every attack: the smallest two-layer linear model.

For the model t <w, x> with parameters t and w, and the L2 attack of radius eps,

.. math:: u = y\,t\,\langle w,x\rangle - \epsilon\,|t|\,\|w\|, \qquad
          l_\epsilon \text{ has kinks where } t = 0,\ w \ne 0 \text{ and where } w = 0,\ t \ne 0,

that is, where the effective parameter t w vanishes: at any distance from the origin.
**Counterexample** to "L2 attacks make one kink".   Kinks: t w = 0.
Shapes: w, x (d,); t is a number; eps in the unit of x.
Source: ours.
"""

from typing import Any

from sympy import Abs, Ne, symbols

from theory import Claim, Differentiable, Label, Not, Vector, dot, exponential, logistic, norm
from theory.claims import with_mutants

w, x, y = Vector("w"), Vector("x"), Label("y")
t = symbols("t", real=True)
eps, rho = symbols("epsilon rho", positive=True)


def differentiable(wrt: Any, radius: Any = eps, loss: Any = logistic) -> Differentiable:
    return Differentiable(loss(y * t * dot(w, x) - radius * Abs(t) * norm(w)), wrt=wrt)


outer = Claim(
    id="product-kink-in-the-factor",
    title="The loss of t <w, x> has a kink at t = 0, however large w is",
    given=[norm(w) >= rho],
    holds=Not(differentiable(t)),
    source="ours",
    kind="counterexample",
)
outer = with_mutants(
    outer,
    outer.mutate("no attack", False, holds=Not(differentiable(t, 0))),
    outer.mutate("positive factor", False, given=[t > 0]),
    outer.mutate("factor in a ring", False, given=[norm(w) >= rho, Ne(t, 0)]),
    outer.mutate("exponential loss", True, holds=Not(differentiable(t, loss=exponential))),
    outer.mutate("large attack", True, holds=Not(differentiable(t, eps + 1))),
)
inner = Claim(
    id="product-kink-in-the-vector",
    title="The loss of t <w, x> has a kink at w = 0, however large t is",
    given=[t >= rho],
    holds=Not(differentiable(w)),
    source="ours",
    kind="counterexample",
)
inner = with_mutants(
    inner,
    inner.mutate("off zero", False, given=[t >= rho, norm(w) > 0]),
    inner.mutate("no attack", False, holds=Not(differentiable(w, 0))),
)
smooth = Claim(
    id="product-smooth-in-the-factor",
    title="For t > 0 the loss of t <w, x> has no kink in t",
    given=[t > 0],
    holds=differentiable(t),
    source="ours",
    kind="identity",
)
smooth = with_mutants(
    smooth,
    smooth.mutate("from minus one on", False, given=[t >= -1]),
    smooth.mutate("below zero", True, given=[t < 0]),
    smooth.mutate("everywhere", False, given=()),
)
