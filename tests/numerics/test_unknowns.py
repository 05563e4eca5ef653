"""Claims about unknown functions and maps: true ones survive, wrong ones meet an exact witness."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from flint import ctx
from sympy import Rational, oo, sqrt, symbols

from numerics.falsify import Refutation, Survival, falsify
from numerics.falsify.unknowns import falsify_unknowns, feasible_instance
from numerics.falsify.unknowns.evaluate import Evaluation
from numerics.falsify.unknowns.instances import Instance
from numerics.falsify.unknowns.numbers import BITS, rational
from numerics.falsify.unknowns.quadratics import Quadratic
from numerics.falsify.unknowns.scope import parts_of
from numerics.falsify.unknowns.search import Search
from numerics.verify import verify
from tests.numerics.unknown_witnesses import Seen, least, norm, projected_inverse
from theory import clock, scalars
from theory.attack_sets import NormBall
from theory.claims import Claim
from theory.everywhere import Everywhere
from theory.general import Function, InnerMaximum, LocalEntropy
from theory.general.functions import partial
from theory.general.inner_maximum import ConvexSet
from theory.linear_maps import inverse, inverse_on, linear_map, operator_norm
from theory.loewner_order import LoewnerLe
from theory.matrices import identity
from theory.moduli import StronglyConcave, WeaklyConvex
from theory.statements import Convex, Differentiable, Lipschitz, Not, Smooth
from theory.vectors import Vector
from theory.verdicts import Status, Witness

mu, Ltt, Ltx, L, eps, gamma, M, beta, nu = symbols(
    "mu L_tt L_tx L epsilon gamma M beta nu", positive=True
)
x, t, w, h = (Vector(n) for n in ("x", "theta", "w", "h"))
loss, f = Function("l", "x", "theta"), Function("f", "t")
v, ft = loss(x, t), f(t)
gx, gt = partial(v, "x"), partial(v, "theta")
ball, K = InnerMaximum(loss, "x", NormBall(2, eps)), InnerMaximum(loss, "x", ConvexSet("K"))
C, H, P = linear_map("C"), linear_map("H", "symmetric"), linear_map("P", "projection")
E, ONE = LocalEntropy(f, gamma), identity()
HAIR = Rational(999, 1000)
PATIENCE = 8.0  # seconds; alone on a machine each takes at most one or two
d_theta, moved = scalars.norm(t - w), scalars.norm(K.point(t) - K.point(w))


@dataclass(frozen=True)
class Case:
    """A true claim, wrong versions, and both sides and hypotheses in floats."""

    claim: Claim
    wrong: tuple[Claim, ...]

    def __str__(self) -> str:
        return self.claim.id


def case(
    name: str, given: list[Any], holds: Any, *wrong: Any, missing: tuple[int, ...] = ()
) -> Case:
    true = Claim(id=name, given=given, holds=holds)
    changed = [replace(true, id=f"{name} {k}", holds=wr) for k, wr in enumerate(wrong)]
    fewer = [
        replace(true, id=f"{name} without {k}", given=[g for i, g in enumerate(given) if i != k])
        for k in missing
    ]
    return Case(true, (*changed, *fewer))


FIRST = [Lipschitz(gt, t, Ltt), Lipschitz(gt, x, Ltx)]
CONCAVE = [StronglyConcave(v, x, mu), Lipschitz(gx, t, Ltx), *FIRST]
jump = scalars.norm(ball.gradient(t) - ball.gradient(w))
turn = scalars.norm(K.gradient(t) - K.gradient(w))
W = C.T @ P @ inverse_on(H, P) @ P @ C
Z = C.T @ inverse(-H) @ C
LOW = M**2 / 2 + M / 2 * sqrt(M**2 + 4 * gamma)
CASES = [
    case(
        "jump", FIRST, jump <= Ltt * d_theta + 2 * eps * Ltx,
        jump <= Ltt * d_theta + 2 * HAIR * eps * Ltx, jump <= Ltt * d_theta, missing=(1,),
    ),
    case(
        "attack", [*FIRST, moved <= L * d_theta], turn <= (Ltt + Ltx * L) * d_theta,
        turn <= (Ltt + HAIR * Ltx * L) * d_theta, missing=(2,),
    ),
    case(
        "weakly", [FIRST[0]], WeaklyConvex(K.value(t), t, Ltt),
        WeaklyConvex(K.value(t), t, HAIR * Ltt), Convex(K.value(t), t), missing=(0,),
    ),
    case(
        "point", CONCAVE[:2], Lipschitz(K.point(t), t, Ltx / mu),
        Lipschitz(K.point(t), t, HAIR * Ltx / mu), Lipschitz(K.point(t), t, Ltx / (2 * mu)),
        missing=(0,),
    ),
    case(
        "smooth", CONCAVE, Smooth(K.value(t), t, Ltt + Ltx**2 / mu),
        Smooth(K.value(t), t, Ltt + HAIR * Ltx**2 / mu), Smooth(K.value(t), t, Ltt), missing=(0,),
    ),
    case(
        "schur", [LoewnerLe(mu * ONE, -H), operator_norm(C) <= Ltx],
        LoewnerLe(Z, Ltx**2 / mu * ONE), LoewnerLe(Z, HAIR * Ltx**2 / mu * ONE), missing=(1,),
    ),
    case(
        "upper", [LoewnerLe(mu * P, P @ H @ P), operator_norm(C) <= Ltx],
        LoewnerLe(W, Ltx**2 / mu * ONE), LoewnerLe(W, HAIR * Ltx**2 / mu * ONE), missing=(1,),
    ),
    case(
        "lower", [LoewnerLe(0 * ONE, P @ H @ P), LoewnerLe(H, nu * ONE)],
        scalars.norm(P @ C @ h) ** 2 <= nu * scalars.dot(h, W @ h),
        scalars.norm(P @ C @ h) ** 2 <= HAIR * nu * scalars.dot(h, W @ h), missing=(1,),
    ),
    case(
        "convex", [Convex(ft, t)], Smooth(E.value(t), t, gamma),
        Smooth(E.value(t), t, Rational(9, 10) * gamma), missing=(0,),
    ),
    case(
        "entropy", [WeaklyConvex(ft, t, L), gamma > L],
        LoewnerLe(-gamma * L / (gamma - L) * ONE, E.hessian(t)),
        LoewnerLe(-HAIR * gamma * L / (gamma - L) * ONE, E.hessian(t)), missing=(0, 1),
    ),
    case(
        "corner", [Lipschitz(ft, t, M)], LoewnerLe(-LOW * ONE, E.hessian(t)),
        LoewnerLe(-(M**2) * ONE, E.hessian(t)),
        LoewnerLe(-Rational(3, 4) * LOW * ONE, E.hessian(t)), missing=(0,),
    ),
    case(
        "slope", [Lipschitz(ft, t, M)], Lipschitz(E.value(t), t, M),
        Lipschitz(E.value(t), t, HAIR * M), missing=(0,),
    ),
    case(
        "flatter", [Smooth(ft, t, beta), gamma > beta],
        LoewnerLe(E.hessian(t), gamma * beta / (gamma + beta) * ONE),
        LoewnerLe(E.hessian(t), HAIR * gamma * beta / (gamma + beta) * ONE), missing=(0,),
    ),
]  # fmt: skip
WRONG = [wrong for c in CASES for wrong in c.wrong]


def hypotheses(seen: Seen, claim: Claim) -> list[bool]:
    """Each hypothesis by sampling, from the printed functions and numbers alone."""
    return [_sampled(g, seen) for g in claim.given]


def _sampled(g: Any, s: Seen) -> bool:
    checks: dict[Any, Any] = {
        FIRST[0]: lambda: s.lipschitz_gradient(1, 1, s["L_tt"]),
        FIRST[1]: lambda: s.lipschitz_gradient(1, 0, s["L_tx"]),
        CONCAVE[0]: lambda: s.bends("l", 0, -np.inf, -s["mu"]),
        CONCAVE[1]: lambda: s.lipschitz_gradient(0, 1, s["L_tx"]),
        CASES[1].claim.given[2]: lambda: _moved(s) <= s["L"] * norm(s["theta"] - s["w"]) + 1e-9,
        CASES[5].claim.given[0]: lambda: least(-s.maps["H"]) >= s["mu"] - 1e-9,
        CASES[5].claim.given[1]: lambda: np.linalg.norm(s.maps["C"], 2) <= s["L_tx"] + 1e-9,
        CASES[6].claim.given[0]: lambda: _on_range(s, s.maps["H"]) >= s["mu"] - 1e-9,
        CASES[7].claim.given[0]: lambda: _on_range(s, s.maps["H"]) >= -1e-9,
        CASES[7].claim.given[1]: lambda: least(-s.maps["H"]) >= -s["nu"] - 1e-9,
        CASES[8].claim.given[0]: lambda: s.bends("f", 0, 0, np.inf),
        CASES[9].claim.given[0]: lambda: s.bends("f", 0, -s["L"], np.inf),
        CASES[9].claim.given[1]: lambda: s["gamma"] > s["L"],
        CASES[10].claim.given[0]: lambda: s.lipschitz_value("f", 0, s["M"]),
        CASES[12].claim.given[0]: lambda: s.bends("f", 0, -s["beta"], s["beta"]),
        CASES[12].claim.given[1]: lambda: s["gamma"] > s["beta"],
    }
    return bool(checks[g]())


def _moved(s: Seen) -> float:
    return norm(s.best("theta") - s.best("w"))


def _on_range(s: Seen, m: np.ndarray) -> float:
    """The least eigenvalue of m on the range of P; of nothing it is infinite."""
    u, sizes, _ = np.linalg.svd(s.maps["P"])
    basis = u[:, sizes > 0.5]
    return least(basis.T @ m @ basis) if basis.size else np.inf


def two_sides(s: Seen, claim: Claim) -> tuple[float, float]:
    """Both sides of the violated statement, by formulas written here."""
    name, _, version = claim.id.partition(" ")
    c = float(HAIR) if version == "0" else 1.0
    return {
        "jump": _jump, "attack": _attack, "weakly": _weakly, "point": _point, "smooth": _smooth,
        "schur": _schur, "upper": _upper, "lower": _lower, "convex": _convex, "entropy": _entropy,
        "corner": _corner, "slope": _slope, "flatter": _flatter,
    }[name](s, c, version)  # fmt: skip


def _gradients(s: Seen, a: str, b: str) -> float:
    g, k = (s.grad("l", 1, s.best(n), s[n]) for n in (a, b))
    return norm(g - k)


def _jump(s: Seen, c: float, version: str) -> tuple[float, float]:
    extra = 0 if version == "1" else 2 * c * s["epsilon"] * s["L_tx"]
    return _gradients(s, "theta", "w"), s["L_tt"] * norm(s["theta"] - s["w"]) + extra


def _attack(s: Seen, c: float, version: str) -> tuple[float, float]:
    rate = s["L_tt"] + c * s["L_tx"] * s["L"]
    return _gradients(s, "theta", "w"), rate * norm(s["theta"] - s["w"])


def _weakly(s: Seen, c: float, version: str) -> tuple[float, float]:
    """The tangent at theta lies below: tangent <= value there."""
    m = 0.0 if version == "1" else c * s["L_tt"]
    a, b = s["theta"], s["theta'"]
    here, there = s.best("theta"), s.best("theta'")
    step = b - a
    tangent = s.call("l", here, a) + s.grad("l", 1, here, a) @ step - m / 2 * step @ step
    return tangent, s.call("l", there, b)


def _point(s: Seen, c: float, version: str) -> tuple[float, float]:
    rate = s["L_tx"] / s["mu"] * (0.5 if version == "1" else c)
    return norm(s.best("theta") - s.best("theta'")), rate * norm(s["theta"] - s["theta'"])


def _smooth(s: Seen, c: float, version: str) -> tuple[float, float]:
    rate = s["L_tt"] + (0 if version == "1" else c * s["L_tx"] ** 2 / s["mu"])
    return _gradients(s, "theta", "theta'"), rate * norm(s["theta"] - s["theta'"])


def _form(s: Seen, m: np.ndarray, bound: float) -> tuple[float, float]:
    return s["h"] @ m @ s["h"], bound * s["h"] @ s["h"]


def _schur(s: Seen, c: float, version: str) -> tuple[float, float]:
    m = s.maps["C"].T @ np.linalg.inv(-s.maps["H"]) @ s.maps["C"]
    return _form(s, m, c * s["L_tx"] ** 2 / s["mu"])


def _upper(s: Seen, c: float, version: str) -> tuple[float, float]:
    m = s.maps["C"].T @ projected_inverse(s.maps["H"], s.maps["P"]) @ s.maps["C"]
    return _form(s, m, c * s["L_tx"] ** 2 / s["mu"])


def _lower(s: Seen, c: float, version: str) -> tuple[float, float]:
    m = s.maps["C"].T @ projected_inverse(s.maps["H"], s.maps["P"]) @ s.maps["C"]
    size = norm(s.maps["P"] @ s.maps["C"] @ s["h"]) ** 2
    return size, c * s["nu"] * s["h"] @ m @ s["h"]


def _convex(s: Seen, c: float, version: str) -> tuple[float, float]:
    bound = (0.9 if version == "0" else 1) * s["gamma"]
    value = s["h"] @ s.curvature() @ s["h"]
    return abs(value), bound * s["h"] @ s["h"]


def _entropy(s: Seen, c: float, version: str) -> tuple[float, float]:
    bound = -c * s["gamma"] * s["L"] / (s["gamma"] - s["L"])
    return _form(s, -s.curvature(), -bound)


def _corner(s: Seen, c: float, version: str) -> tuple[float, float]:
    m, g = s["M"], s["gamma"]
    low = m**2 / 2 + m / 2 * np.sqrt(m**2 + 4 * g)
    return _form(s, -s.curvature(), {"0": m**2, "1": 0.75 * low}.get(version, low))


def _slope(s: Seen, c: float, version: str) -> tuple[float, float]:
    return norm(s.slope()), c * s["M"]


def _flatter(s: Seen, c: float, version: str) -> tuple[float, float]:
    return _form(s, s.curvature(), c * s["gamma"] * s["beta"] / (s["gamma"] + s["beta"]))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_true_claims_survive(case: Case) -> None:
    found = falsify(case.claim, 3, clock.now() + 0.5)
    assert isinstance(found, Survival)
    assert found.points > 0
    assert found.attained is None or found.attained <= 1 + 1e-12


@pytest.mark.parametrize("claim", WRONG, ids=lambda c: c.id)
def test_wrong_claims_meet_a_witness(claim: Claim) -> None:
    found = falsify(claim, 0, clock.now() + PATIENCE)
    assert isinstance(found, Refutation)
    printed = json.loads(json.dumps(found.witness.to_json()))
    directed = {"h": printed["h"]} if printed.get("h") else {}
    seen = Seen(printed["dimension"], {**printed["values"], **directed}, printed["unknowns"])
    lhs, rhs = two_sides(seen, claim)
    assert lhs > rhs
    assert all(hypotheses(seen, claim))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_hypotheses_hold_on_every_instance(case: Case) -> None:
    search = Search(parts_of(case.claim), random.Random(5))
    with ctx.workprec(BITS):
        tried = search.admissible(clock.now() + 0.4)
        for _, at in zip(range(6), tried, strict=False):
            instance = at.instance
            inside = {k: r for k, r in instance.values().items() if "''" not in k}
            inside |= search._chosen(at)
            seen = Seen(instance.dimension, inside, instance.unknowns())
            assert all(hypotheses(seen, case.claim)), (inside, instance.unknowns())


def _instance(q: list[list[str]], radius: str = "1", **vectors: str) -> Instance:
    blocks = tuple(tuple([[rational(e)]] for e in row) for row in q)
    zero = [rational(0)]
    return Instance(
        1,
        scalars={eps: rational(radius)},
        vectors={Vector(n): [rational(a)] for n, a in vectors.items()},
        functions={loss: Quadratic(("x", "theta"), blocks, (zero, zero))},
    )


def test_every_choice_at_a_tie_is_tried() -> None:
    claim = Claim(id="tie", given=FIRST, holds=jump <= Ltt * d_theta)
    search = Search(parts_of(claim), random.Random(0))
    tied = _instance([["1", "0"], ["0", "1"]], theta="0", w="1")
    found = {str(at.vector(ball.point(t))) for at in search._selections(tied)}
    assert found == {"[-1]", "[1]"}
    assert len(list(search._selections(tied))) == 4


def test_one_point_has_one_maximiser() -> None:
    claim = Claim(id="same", given=FIRST, holds=jump <= 0)
    search = Search(parts_of(claim), random.Random(0))
    for at in search._selections(_instance([["1", "0"], ["0", "1"]], theta="2", w="2")):
        assert at.scalar(scalars.norm(ball.point(t) - ball.point(w))) == 0


def test_canonical_model_is_sharp() -> None:
    """l = theta^2/2 + theta x - x^2/2: the gradient of the maximum has slope 1 + 1."""
    at = Evaluation(_instance([["-1", "1"], ["1", "1"]], theta="1/2", w="1/4"))
    size = at.scalar(scalars.norm(ball.gradient(t) - ball.gradient(w)))
    assert size == rational("1/2")


def test_contradictory_hypotheses() -> None:
    claim = Claim(
        id="none", given=[StronglyConcave(v, x, mu), Convex(v, x)], holds=scalars.norm(t) <= eps
    )
    assert feasible_instance(claim, 0, clock.now() + 0.3) is None
    found = falsify(claim, 0, clock.now() + 0.3)
    assert isinstance(found, Survival) and found.points == 0


def test_contradictory_numbers_are_vacuous() -> None:
    claim = Claim(id="void", given=[*FIRST, Ltt < mu, mu < Ltt], holds=jump <= Ltt * d_theta)
    assert verify(claim, budget=4).status is Status.VACUOUS


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        (Claim(id="d=1,2", holds=Not(Convex(v, x)), dimensions=(1, 2)), Status.PROVED),
        (Claim(id="every d", holds=Not(Convex(v, x))), Status.UNDECIDED),
        (Claim(id="true", given=[Convex(v, x)], holds=Not(Convex(2 * v, x))), Status.REFUTED),
        (Claim(id="void", given=[Ltt < mu, mu < Ltt], holds=Not(Convex(v, x))), Status.VACUOUS),
    ],
    ids=lambda c: getattr(c, "id", None),
)
def test_negations(claim: Claim, status: Status) -> None:
    """One function in each dimension claimed proves them, a proof for all refutes them."""
    found = verify(claim, budget=10)
    assert found.status is status
    if status is Status.REFUTED:  # any function that meets the hypothesis
        assert found.witness is not None and found.witness.unknowns


@pytest.mark.parametrize(
    "claim",
    [
        Claim(id="not", given=FIRST, holds=Not(jump <= Ltt * d_theta)),
        Claim(id="kind", given=FIRST, holds=Differentiable(K.value(t), t)),
        Claim(id="open", given=FIRST, holds=Smooth(K.value(t), t)),
        Claim(id="moving", given=[Lipschitz(gt, t, Ltt * scalars.norm(x))], holds=jump <= 0),
        Claim(id="also", given=[Everywhere(scalars.norm(gx) >= scalars.norm(x))], holds=jump <= 0),
        Claim(id="of a maximum", given=[Lipschitz(K.value(t), t, L)], holds=turn <= 0),
        Claim(id="large", given=FIRST, holds=jump <= 0, dimensions=(4,)),
        Claim(id="sum", given=FIRST, holds=Smooth(K.value(t) - ball.value(t), t, L)),
        Claim(id="part", given=[scalars.norm(t) <= 1], holds=Convex(K.value(t), t)),
        Claim(
            id="diamond",
            given=FIRST[:1],
            holds=scalars.norm(InnerMaximum(loss, "x", NormBall(1, eps)).point(t)) <= 0,
            dimensions=(2,),
        ),
    ],
    ids=lambda c: c.id,
)  # fmt: skip
def test_what_cannot_be_decided_is_left_alone(claim: Claim) -> None:
    """No point counts as tried: a goal that is undefined everywhere breaks nothing either."""
    found = falsify_unknowns(claim, 0, clock.now() + 0.2)
    assert isinstance(found, Survival)
    assert found.points == 0 or claim.id == "diamond"


def test_box_attack_in_the_euclidean_norm() -> None:
    box = InnerMaximum(loss, "x", NormBall(oo, eps))
    size = scalars.norm(box.gradient(t) - box.gradient(w))
    claim = Claim(id="box", given=FIRST, holds=size <= Ltt * d_theta + 2 * eps * Ltx)
    found = falsify(claim, 0, clock.now() + PATIENCE)
    assert isinstance(found, Refutation) and found.witness.dimension > 1


def test_verdict_travels_as_json() -> None:
    verdict = verify(CASES[4].wrong[0], budget=6)
    assert verdict.status is Status.REFUTED and verdict.witness is not None
    tree = json.loads(json.dumps(verdict.witness.to_json()))
    assert Witness.from_json(tree).to_json() == tree
    assert "l(x, theta)" in tree["unknowns"]
