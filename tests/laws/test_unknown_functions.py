"""Claims about unknown functions and maps, put to the provers without a falsifier in front.

The true ones are proved; the false ones, each beside a true one, never are.
"""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Max, diff, oo, sqrt, symbols

from theory import (
    Claim,
    Convex,
    ConvexSet,
    Equal,
    Everywhere,
    Function,
    InnerMaximum,
    Lipschitz,
    LocalEntropy,
    LoewnerLe,
    NormBall,
    Smooth,
    StronglyConcave,
    Vector,
    WeaklyConvex,
    clock,
    dot,
    gradient,
    hessian,
    identity,
    inverse,
    inverse_on,
    jacobian,
    linear_map,
    norm,
    off,
    operator_norm,
)
from theory.general.functions import block
from theory.provers import prove
from theory.verdicts import Evidence, Status, Verdict

mu, beta, gamma, eps, lam, g = symbols("mu beta gamma epsilon lamda g", positive=True)
L, Ltt, Ltx, Lxx, M, nu = symbols("L L_tt L_tx L_xx M nu", positive=True)
x, t, u, h = Vector("x"), Vector("theta"), Vector("u"), Vector("h")
loss = Function("l", "x", "theta")
value = loss(x, t)
in_x, in_t = gradient(value, x), gradient(value, t)
ball, K = InnerMaximum(loss, "x", NormBall(2, eps)), InnerMaximum(loss, "x", ConvexSet("K"))
box = InnerMaximum(loss, "x", NormBall(oo, eps))
C, H, P = linear_map("C"), linear_map("H", "symmetric"), linear_map("P", "projection")
A, one = linear_map("A", "symmetric"), identity()
f = Function("f", "t")
E = LocalEntropy(f, gamma)

flat, across = Lipschitz(in_t, t, Ltt), Lipschitz(in_t, x, Ltx)
concave, mixed = StronglyConcave(value, x, mu), Lipschitz(in_x, t, Ltx)
steep = [Everywhere(norm(in_x) >= g), Lipschitz(in_x, x, Lxx), mixed]
weak, slope = WeaklyConvex(f(t), t, L), Lipschitz(f(t), t, M)
bounded = [LoewnerLe(mu * one, -H), operator_norm(C) <= L]
compressed = [LoewnerLe(mu * P, P @ H @ P), operator_norm(C) <= L]
between = [LoewnerLe(0 * one, P @ H @ P), LoewnerLe(H, nu * one)]
floor = -gamma * L / (gamma - L) * one
dip = M**2 / 2 + M / 2 * sqrt(M**2 + 4 * gamma)
turned = C.T @ P @ inverse_on(H, P) @ P @ C
jump = norm(ball.gradient(t) - ball.gradient(u))
apart = norm(t - u)


def at_maximum(worst: InnerMaximum):
    """H, C and l_theta_theta at the maximiser, its Jacobian, the worst case."""
    inner, outer = worst.inner_gradient(t), worst.gradient(t)
    blocks = block(inner, "x"), block(inner, "theta"), block(outer, "theta")
    return (*blocks, jacobian(worst.point(t), t), worst.value(t))


Hi, Ci, Ti, Di, Vi = at_maximum(ball)
Hb, Cb, Tb, Db, Vb = at_maximum(box)
beside = off(ball.point(t))
interior = [*ball.in_the_interior(t), LoewnerLe(mu * one, -Hi)]
sphere = [
    *ball.on_the_sphere(t, eps, lam),
    LoewnerLe(mu * beside, beside @ (lam * one - Hi) @ beside),
]
face = [*box.on_a_face(t, P), LoewnerLe(mu * P, P @ (-Hb) @ P)]
on_sphere = inverse_on(lam * one - Hi, beside)

TRUE = {
    "liu": ([flat, across], jump <= Ltt * apart + 2 * eps * Ltx),
    "worst-value-lipschitz": ([Lipschitz(value, t, L)], Lipschitz(ball.value(t), t, L)),
    "concave-attack": ([concave, mixed], Lipschitz(K.point(t), t, Ltx / mu)),
    "concave-smooth": (
        [concave, mixed, across, flat],
        Smooth(K.value(t), t, Ltt + Ltx**2 / mu),
    ),
    "weakly-convex": ([flat], WeaklyConvex(K.value(t), t, Ltt)),
    "steep": ([*steep, eps * Lxx < g], Lipschitz(ball.point(t), t, eps * Ltx / (g - eps * Lxx))),
    "schur": (bounded, LoewnerLe(C.T @ inverse(-H) @ C, L**2 / mu * one)),
    "flat-above": (compressed, LoewnerLe(turned, L**2 / mu * one)),
    "flat-below": (between, norm(P @ C @ h) ** 2 <= nu * dot(h, turned @ h)),
    "entropy-any": ([], LoewnerLe(E.hessian(t), gamma * one)),
    "entropy-convex": ([Convex(f(t), t)], Smooth(E.value(t), t, gamma)),
    "entropy-weak": ([weak, gamma > L], LoewnerLe(floor, E.hessian(t))),
    "entropy-weak-smooth": (
        [weak, gamma > L],
        Smooth(E.value(t), t, Max(gamma, gamma * L / (gamma - L))),
    ),
    "entropy-lipschitz": ([slope], LoewnerLe(-dip * one, E.hessian(t))),
    "entropy-value-lipschitz": ([slope], Lipschitz(E.value(t), t, M)),
    "entropy-smooth": (
        [Smooth(f(t), t, beta), gamma > beta],
        LoewnerLe(E.hessian(t), gamma * beta / (gamma + beta) * one),
    ),
    "interior-jacobian": (interior, Equal(Di, inverse(-Hi) @ Ci)),
    "interior-hessian": (interior, Equal(hessian(Vi, t), Ti + Ci.T @ inverse(-Hi) @ Ci)),
    "sphere-jacobian": (sphere, Equal(Di, on_sphere @ beside @ Ci)),
    "sphere-hessian": (sphere, Equal(hessian(Vi, t), Ti + Ci.T @ on_sphere @ Ci)),
    "face-jacobian": (face, Equal(Db, inverse_on(-Hb, P) @ P @ Cb)),
    "face-hessian": (face, Equal(hessian(Vb, t), Tb + Cb.T @ inverse_on(-Hb, P) @ Cb)),
}
FALSE = {
    "liu-once": ([flat, across], jump <= Ltt * apart + eps * Ltx),
    "constant-of-an-argument": (
        [Lipschitz(in_t, t, norm(x))],
        Lipschitz(gradient(loss(u, t), t), t, norm(x)),
    ),
    "other-value": ([Lipschitz(value, x, L)], Lipschitz(K.value(t), t, L)),
    "one-gradient-on-the-diagonal": (
        [Lipschitz(gradient(loss(x, u), x).xreplace({x: t, u: t}), t, L)],
        loss(u, u) - loss(t, t) <= dot(gradient(loss(t, t), t), u - t) + L * norm(u - t) ** 2 / 2,
    ),
    "concave-half": ([concave, mixed], Lipschitz(K.point(t), t, Ltx / (2 * mu))),
    "concave-other-slope": ([concave, flat], Lipschitz(K.point(t), t, Ltt / mu)),
    "no-concavity": ([mixed], Lipschitz(K.point(t), t, Ltx)),
    "two-sets": ([concave], norm(K.point(t) - ball.point(t)) <= 0),
    "weakly-convex-half": ([flat], WeaklyConvex(K.value(t), t, Ltt / 2)),
    "smooth-without-concavity": ([flat], Smooth(K.value(t), t, Ltt)),
    "worst-below": ([], K.value(t) <= value),
    "steep-without-room": (steep, Lipschitz(ball.point(t), t, eps * Ltx / (g - eps * Lxx))),
    "steep-straight": ([*steep, eps * Lxx < g], Lipschitz(ball.point(t), t, eps * Ltx / g)),
    "schur-not-squared": (bounded, LoewnerLe(C.T @ inverse(-H) @ C, L / mu * one)),
    "schur-sign": (
        [LoewnerLe(mu * one, H), operator_norm(C) <= L],
        LoewnerLe(C.T @ inverse(-H) @ C, -(L**2) / mu * one),
    ),
    "flat-below-unprojected": (between, norm(C @ h) ** 2 <= nu * dot(h, turned @ h)),
    "entropy-scaled": ([Lipschitz(f(t / 2), t, M)], LoewnerLe(-dip * one, E.hessian(t))),
    "entropy-scaled-weak": (
        [WeaklyConvex(f(t / 3), t, L), gamma > L],
        LoewnerLe(floor, E.hessian(t)),
    ),
    "entropy-weak-gamma": ([weak, gamma > L], Smooth(E.value(t), t, gamma)),
    "entropy-weak-any-gamma": ([weak], LoewnerLe(floor, E.hessian(t))),
    "entropy-lipschitz-half": ([slope], LoewnerLe(-(dip - M**2 / 4) * one, E.hessian(t))),
    "entropy-always-convex": ([], Convex(E.value(t), t)),
    "commute": ([], Equal(C @ A, A @ C)),
    "projections-pass": ([], Equal(P @ A @ P @ A @ P, P @ A @ A @ P)),
    "contraction": ([], norm(A @ h) <= norm(h)),
    "product-of-positive": (
        [LoewnerLe(0 * one, A), LoewnerLe(0 * one, H)],
        dot(h, A @ H @ h) >= 0,
    ),
    "interior-sign": (interior, Equal(Di, -inverse(-Hi) @ Ci)),
    "interior-frozen": (interior, Equal(hessian(Vi, t), Ti)),
    "interior-indefinite": (interior[:-1], Equal(Di, inverse(-Hi) @ Ci)),
    "sphere-without-multiplier": (sphere, Equal(Di, inverse_on(-Hi, beside) @ beside @ Ci)),
    "face-not-projected": (face, Equal(Db, inverse(-Hb) @ Cb)),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_ones_are_proved(name):
    given, holds = TRUE[name]
    found = prove(Claim(id=name, given=given, holds=holds), clock.now() + 120)
    assert [e.status for e in found][-1:] == [Status.PROVED]
    assert found[-1].steps


@pytest.mark.parametrize("name", FALSE)
def test_false_ones_are_not_proved(name):
    given, holds = FALSE[name]
    found = prove(Claim(id=name, given=given, holds=holds), clock.now() + 3)
    assert all(e.status is not Status.PROVED for e in found)


def test_what_is_taken_from_outside_is_named():
    given, holds = TRUE["entropy-weak"]
    (evidence,) = prove(Claim(id="named", given=given, holds=holds), clock.now() + 60)
    cited = " ".join(evidence.data["assumptions"])
    assert "Brascamp" in cited and "integral sign" in cited and "Danskin" not in cited
    assert "Brascamp-Lieb" in evidence.detail
    verdict = Verdict("named", "", "", "", Status.PROVED, "", evidence=(evidence,))
    assert verdict.to_json()["assumptions"] == evidence.data["assumptions"]
    assert Verdict.from_json(verdict.to_json()) == verdict


def test_evidence_of_another_status_and_strange_data_name_nothing():
    tried = Evidence("by", Status.UNDECIDED, "", data={"assumptions": ["Danskin"]})
    shown = Evidence("by", Status.PROVED, "", data={"assumptions": 5})
    verdict = Verdict("named", "", "", "", Status.PROVED, "", evidence=(tried, shown))
    assert "assumptions" not in verdict.to_json()


def test_a_set_that_moves_with_the_parameter_is_refused():
    with pytest.raises(ValueError, match="does not move with theta"):
        InnerMaximum(loss, "x", NormBall(2, norm(t)))


@pytest.mark.parametrize("p", [2 * P, P + A, one - 2 * P])
def test_an_inverse_needs_a_projection(p):
    with pytest.raises(ValueError, match="projection"):
        inverse_on(H, p)


def test_hypotheses_about_known_functions_are_refused():
    with pytest.raises(TypeError, match="expected relations"):
        Claim(id="known", given=[Convex(norm(t), t)], holds=norm(t) >= 0)


@pytest.mark.parametrize(
    ("moving", "number"),
    [(ball.value(t), eps), (dot(ball.gradient(t), h), eps), (E.value(t), gamma)],
)
def test_what_moves_with_a_number_unseen_is_not_differentiated(moving: object, number: Any) -> None:
    """The maximiser moves with the radius, the local entropy with gamma: no rule says how."""
    with pytest.raises(TypeError):
        diff(moving, number)


def test_a_function_of_moving_vectors_is_differentiated_by_the_chain_rule() -> None:
    s = symbols("s", real=True)
    line = t + s * h
    assert diff(f(line), s) == dot(gradient(f(t), t).xreplace({t: line}), h)
    bend = dot(h, hessian(f(t), t).xreplace({t: line}) @ h)
    assert diff(f(line), s, 2) == bend
