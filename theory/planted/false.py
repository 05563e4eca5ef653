"""Plainly false claims: wrong constants, wrong norms, dropped hypotheses, flipped signs.

.. math:: \\text{each has a rational counterexample in dimension 1, 2 or 3.}

Source: ours.
"""

from typing import Any

from sympy import Abs, Eq, Rational, exp, log, oo, symbols

from theory import (
    AdversarialLoss,
    Claim,
    Convex,
    Equal,
    Label,
    Lipschitz,
    Maximizes,
    NormBall,
    Signs,
    Vector,
    dot,
    in_orthant,
    logistic,
    norm,
    sign,
    unit,
)

theta, x, u, v, delta = (Vector(n) for n in ("theta", "x", "u", "v", "delta"))
y, s = Label("y"), Signs("s")
eps, rho, B = symbols("epsilon rho B", positive=True)
m, t = symbols("m t", real=True)


def loss(p: Any) -> AdversarialLoss:
    return AdversarialLoss(logistic, NormBall(p, eps))


def lipschitz(p: Any, constant: Any) -> Lipschitz:
    return Lipschitz(loss(p).gradient(theta, x, y), wrt=theta, constant=constant)


def planted(name: str, holds: Any, given: Any = (), dimensions: Any = None) -> Claim:
    return Claim(id=name, title="planted", given=given, holds=holds, dimensions=dimensions)


quarter_turning = planted(
    "planted-l2-quarter-turning",
    lipschitz(2, (B + eps) ** 2 / 4 + eps / (4 * rho)),
    [norm(theta) >= rho, norm(x) <= B],
)
box_lipschitz = planted("planted-linf-lipschitz", lipschitz(oo, 1000))
wrong_orthant_constant = planted(
    "planted-linf-orthant-l2-constant",
    lipschitz(oo, (norm(x) + eps) ** 2 / 4),
    [in_orthant(theta, s)],
)
wrong_dual = planted("planted-wrong-dual", dot(u, v) <= norm(u, oo) * norm(v, oo))
reversed_triangle = planted("planted-reversed-triangle", norm(u) + norm(v) <= norm(u + v))
reversed_norms = planted("planted-reversed-norms", norm(u, 1) <= norm(u))
pythagoras = planted("planted-pythagoras", Eq(norm(u + v) ** 2, norm(u) ** 2 + norm(v) ** 2))
box_attack_in_ball = planted(
    "planted-box-attack-in-ball",
    Maximizes(-eps * y * sign(theta), logistic(y * dot(theta, x + delta)), delta, NormBall(2, eps)),
)
attack_helps = planted(
    "planted-attack-helps",
    Maximizes(eps * y * unit(theta), logistic(y * dot(theta, x + delta)), delta, NormBall(2, eps)),
    [norm(theta) > 0],
)
convex_margin = planted("planted-convex-margin", Convex(loss(2).margin(theta, x, y), wrt=theta))
direction_is_sign = planted(
    "planted-direction-is-sign", Equal(unit(theta), sign(theta)), [norm(theta) > 0]
)
lost_label = planted(
    "planted-lost-label",
    Eq(loss(2).value(theta, x, y), log(1 + exp(-dot(theta, x) + eps * norm(theta)))),
)
half_exponential = planted("planted-half-exponential", log(1 + exp(-m)) <= exp(-m) / 2)
taylor = planted("planted-taylor", exp(t) >= 1 + t + t**2 / 2)
modulus = planted("planted-modulus", Eq(Abs(t), t))
attack_lowers = planted(
    "planted-attack-lowers", loss(2).value(theta, x, y) <= logistic(y * dot(theta, x))
)
always_log_2 = planted(
    "planted-always-log-2", loss(2).value(theta, x, y) >= log(2), [norm(x, oo) <= eps], (2,)
)
sharp_quarter = planted("planted-quarter", logistic.slope(m, 2) <= Rational(1, 5))

TRUTH = {claim.id: "refuted" for claim in tuple(globals().values()) if isinstance(claim, Claim)}
