"""Claims whose hypotheses nothing satisfies: true of the empty set, and worth nothing.

.. math:: \\{\\theta : \\text{given}\\} = \\emptyset \\text{ in every dimension claimed.}

Source: ours.
"""

from typing import Any

from sympy import Eq, oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Differentiable,
    Label,
    Lipschitz,
    NormBall,
    Signs,
    Vector,
    dot,
    in_orthant,
    logistic,
    norm,
)

theta, x, u, v = (Vector(n) for n in ("theta", "x", "u", "v"))
y, s = Label("y"), Signs("s")
eps, rho, B = symbols("epsilon rho B", positive=True)
t = symbols("t", real=True)
loss = AdversarialLoss(logistic, NormBall(2, eps))
smooth = Lipschitz(loss.gradient(theta, x, y), wrt=theta, constant=eps)


def planted(name: str, given: Any, holds: Any, dimensions: Any = None) -> Claim:
    return Claim(id=name, title="planted", given=given, holds=holds, dimensions=dimensions)


between = planted("planted-between", [norm(theta) >= 2, norm(theta) <= 1], smooth)
negative_norm = planted("planted-negative-norm", [norm(theta) <= -1], smooth)
norms_exchanged = planted("planted-norms-exchanged", [norm(theta, 1) < norm(theta)], smooth)
peak_above_sum = planted("planted-peak-above-sum", [norm(theta, oo) > norm(theta, 1)], smooth)
beyond_cauchy_schwarz = planted(
    "planted-beyond-cauchy-schwarz", [dot(u, v) > norm(u) * norm(v)], norm(u) <= norm(v)
)
beyond_triangle = planted(
    "planted-beyond-triangle", [norm(u - v) > norm(u) + norm(v)], norm(u) <= norm(v)
)
two_orthants = planted(
    "planted-two-orthants",
    [in_orthant(theta, s), in_orthant(-theta, s)],
    Differentiable(loss.value(theta, x, y), wrt=theta),
)
chain = planted("planted-chain", [norm(x) >= rho, norm(x) <= B, rho >= 2 * B], norm(x) <= eps)
square = planted("planted-square", [t**2 + 1 <= t], t >= 5)
negative_radius = planted("planted-negative-radius", [eps <= -1], smooth)
zero_label = planted("planted-zero-label", [Eq(y * norm(x), 2 * norm(x)), norm(x) >= 1], smooth)

TRUTH = {claim.id: "vacuous" for claim in tuple(globals().values()) if isinstance(claim, Claim)}
