"""Claims that are off by a hair: a constant just too small, a strict sign at one point.

.. math:: |\\phi'''| \\le 0.0962 < \\frac{1}{6\\sqrt3} = 0.096225\\ldots

Source: ours.
"""

from typing import Any

from sympy import Abs, Rational, exp, log, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Label,
    Lipschitz,
    NormBall,
    Vector,
    dot,
    logistic,
    norm,
    unit,
)

theta, x, u, v, h = (Vector(n) for n in ("theta", "x", "u", "v", "h"))
y = Label("y")
eps, rho, B = symbols("epsilon rho B", positive=True)
m, t = symbols("m t", real=True)
loss = AdversarialLoss(logistic, NormBall(2, eps))
natural = AdversarialLoss(logistic, NormBall(2, 0))
HAIR = Rational(1, 10**6)


def planted(name: str, holds: Any, given: Any = (), dimensions: Any = None) -> Claim:
    return Claim(id=name, title="planted", given=given, holds=holds, dimensions=dimensions)


off_zero = [norm(theta) > 0]
form = dot(h, loss.hessian(theta, x, y) @ h)

third_derivative = planted("planted-hair-third", Abs(logistic.slope(m, 3)) <= Rational(962, 10000))
second_derivative = planted("planted-hair-second", logistic.slope(m, 2) <= Rational(1, 4) - HAIR)
strict_exponential = planted("planted-hair-strict", exp(t) > 1 + t)
strict_at_a_third = planted("planted-hair-third-point", (3 * t - 1) ** 2 > 0)
strict_at_root_two = planted("planted-hair-root-two", (t**2 - 2) ** 2 > 0)
cubic = planted("planted-hair-cubic", t**3 - 3 * t + 2 >= 0, [t >= -2 - Rational(1, 1000)])
directions = planted(
    "planted-hair-directions",
    norm(unit(u) - unit(v)) <= (2 - HAIR) * norm(u - v) / (norm(u) + norm(v)),
    [norm(u) > 0, norm(v) > 0],
)
attack = planted(
    "planted-hair-attack",
    Lipschitz(loss.attack(theta, y), wrt=theta, constant=Rational(999, 1000) * eps / rho),
    [norm(theta) >= rho],
)
natural_constant = planted(
    "planted-hair-natural",
    Lipschitz(
        natural.gradient(theta, x, y), wrt=theta, constant=norm(x) ** 2 * Rational(249, 1000)
    ),
)
zero_optimal = planted(
    "planted-hair-zero",
    loss.value(theta, x, y) >= log(2),
    [norm(x) <= Rational(1001, 1000) * eps],
)
five_dimensions = planted("planted-hair-five-dimensions", norm(u, 1) <= 2 * norm(u))
hessian_bound = planted(
    "planted-hair-hessian",
    form <= ((norm(x) + eps) ** 2 / 4 + Rational(499, 1000) * eps / norm(theta)) * norm(h) ** 2,
    off_zero,
)
two_point = planted(
    "planted-hair-two-point",
    Lipschitz(
        loss.gradient(theta, x, y),
        wrt=theta,
        constant=(B + eps) ** 2 / 4 + Rational(49, 100) * eps / rho,
    ),
    [norm(theta) >= rho, norm(x) <= B],
)

# (t^2 - 2)^2 vanishes at irrational points only: no rational witness, and yet no theorem.
NO_RATIONAL_WITNESS = ("planted-hair-root-two",)
TRUTH = {
    claim.id: "not proved" if claim.id in NO_RATIONAL_WITNESS else "refuted"
    for claim in tuple(globals().values())
    if isinstance(claim, Claim)
}
