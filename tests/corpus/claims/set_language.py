"""Attack sets that the language must read: products of balls, radii with Max or Min in them.

.. math:: h_{K \\times L}(t) = h_K(t_A) + h_L(t_B)
"""

from contract import open_, prove, refute
from sympy import Max, oo, symbols

from theory import (
    AdversarialLoss,
    AttackSet,
    Convex,
    Label,
    NormBall,
    Signs,
    Vector,
    hadamard,
    logistic,
    norm,
    ones,
)

theta, x, y, s = Vector("theta"), Vector("x"), Label("y"), Signs("s")
eps, rho = symbols("epsilon rho", positive=True)
first, second = (ones() + s) / 2, (ones() - s) / 2
product = AttackSet(
    support=lambda q: eps * norm(hadamard(first, q)) + eps * norm(hadamard(second, q), 1)
)


def value(attack):
    return AdversarialLoss(logistic, attack).value(theta, x, y)


product_convex = prove("product-convex", Convex(value(product), theta), why="norms of projections")
product_box = open_(
    "product-box", value(product) <= value(NormBall(oo, eps)), truth=True, why="2-norm <= 1-norm"
)
product_ball = refute(
    "product-ball",
    value(product) <= value(NormBall(2, eps)),
    near=product_box,
    why="s = (-1, -1), theta = (1, 1): 2 > sqrt 2",
)
larger_radius = prove(
    "larger-radius",
    value(NormBall(oo, eps)) <= value(NormBall(oo, Max(eps, rho))),
    why="eps <= max",
)
larger_radius_flip = refute(
    "larger-radius-flip",
    value(NormBall(oo, Max(eps, rho))) <= value(NormBall(oo, eps)),
    near=larger_radius,
    why="theta = 1, rho = 2 eps",
)
