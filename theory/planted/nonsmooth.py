"""Claims of smoothness across a kink that the formula hides.

.. math:: \\|\\theta\\|_1,\\ \\|\\theta\\|_\\infty,\\ \\max(0, \\cdot),\\ |\\cdot|,\\
          \\sqrt{\\|\\theta\\|}

Source: ours.
"""

from typing import Any

from sympy import Abs, Max, S, oo, sqrt, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Convex,
    Differentiable,
    Label,
    Lipschitz,
    NormBall,
    Not,
    Signs,
    Smooth,
    Vector,
    dot,
    hinge,
    in_orthant,
    logistic,
    norm,
    sign,
    unit,
)

theta, x, y, s = Vector("theta"), Vector("x"), Label("y"), Signs("s")
eps, rho = symbols("epsilon rho", positive=True)
off_zero, away = [norm(theta) > 0], [norm(theta) >= rho]


def planted(name: str, holds: Any, given: Any = (), dimensions: Any = None) -> Claim:
    return Claim(id=name, title="planted", given=given, holds=holds, dimensions=dimensions)


def value(loss: Any, p: Any) -> Any:
    return AdversarialLoss(loss, NormBall(p, eps)).value(theta, x, y)


one_norm = planted("planted-1-norm", Differentiable(norm(theta, 1), theta), off_zero)
peak_norm = planted("planted-oo-norm", Differentiable(norm(theta, oo), theta), off_zero)
two_norm = planted("planted-2-norm", Differentiable(norm(theta), theta))
ramp = planted("planted-ramp", Differentiable(Max(0, dot(theta, x)), theta))
modulus = planted("planted-modulus-of-a-dot", Differentiable(Abs(dot(theta, x)), theta), off_zero)
root = planted("planted-root", Differentiable(sqrt(norm(theta)), theta))
wrong_orthant = planted(
    "planted-wrong-orthant", Differentiable(norm(theta, 1), theta), [in_orthant(x, s)]
)
hinge_off_zero = planted("planted-hinge", Differentiable(value(hinge, 2), theta), away)
box_off_zero = planted("planted-box-off-zero", Differentiable(value(logistic, oo), theta), away)
hidden_sum = planted("planted-hidden-sum", Smooth(norm(theta) ** 2 + norm(theta, 1), theta))
norm_smooth = planted("planted-norm-smooth", Smooth(norm(theta), theta), off_zero)
l2_up_to_zero = planted("planted-l2-up-to-zero", Smooth(value(logistic, 2), theta), off_zero)
signs = planted("planted-signs", Lipschitz(sign(theta), theta), away, (2, 3))
directions = planted("planted-directions", Lipschitz(unit(theta), theta, constant=100), off_zero)
concave = planted("planted-concave-norm", Convex(-norm(theta), theta))
flat_ball = planted(
    "planted-l3-attack",
    Lipschitz(AdversarialLoss(logistic, NormBall(S(3), eps)).attack(theta, y), theta),
    away,
    (2, 3),
)
no_kink = planted("planted-no-kink", Not(Differentiable(norm(theta) ** 2, theta)))

HARD = ("planted-no-kink", "planted-l3-attack")
TRUTH = {
    claim.id: "not proved" if claim.id in HARD else "refuted"
    for claim in tuple(globals().values())
    if isinstance(claim, Claim)
}
