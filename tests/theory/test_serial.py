"""Canonical JSON keeps every claim, and refuses everything that is not one."""

import json

import pytest
from sympy import oo, symbols

from theory import (
    AdversarialLoss,
    AttackSet,
    Claim,
    Convex,
    Differentiable,
    Equal,
    Label,
    Lipschitz,
    Maximizes,
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
)
from theory.serial import Malformed, canonical, claim_from_json, claim_to_json, decode, digest

THETA, X, Y = Vector("theta"), Vector("x"), Label("y")
EPS, RHO = symbols("epsilon rho", positive=True)
LOSS = AdversarialLoss(logistic, NormBall(oo, EPS))
SUM = AttackSet(lambda t: norm(t) + norm(t, 1))
STATEMENTS = [
    norm(THETA, 3) <= norm(THETA),
    Lipschitz(LOSS.gradient(THETA, X, Y), wrt=THETA, constant=EPS / RHO),
    Smooth(AdversarialLoss(hinge, NormBall(1, EPS)).value(THETA, X, Y), wrt=THETA),
    Equal(LOSS.hessian(THETA, X, Y), LOSS.hessian(THETA, X, Y)),
    Not(Differentiable(LOSS.value(THETA, X, Y), wrt=THETA)),
    Convex(LOSS.value(THETA, X, Y), wrt=THETA),
    Maximizes(LOSS.attack(THETA, Y), dot(THETA, X), wrt=X, over=SUM),
]


@pytest.mark.parametrize("holds", STATEMENTS, ids=lambda s: type(s).__name__)
def test_a_claim_survives_the_round_trip(holds):
    claim = Claim(id="a", given=[norm(THETA) >= RHO, in_orthant(THETA, Signs("s"))], holds=holds)
    again = claim_from_json(json.loads(json.dumps(claim_to_json(claim))))
    assert again == claim and canonical(again) == canonical(claim)


def test_the_digest_depends_on_the_statement_and_not_on_its_name():
    one, same, other = (
        Claim(id="a", holds=norm(THETA) <= norm(THETA, 1)),
        Claim(id="b", holds=norm(THETA) <= norm(THETA, 1)),
        Claim(id="a", holds=norm(THETA) < norm(THETA, 1)),
    )
    assert digest(one) == digest(same) != digest(other)


@pytest.mark.parametrize(
    "tree",
    [
        "__import__('os')",
        "1/0",
        "1.5",
        "9" * 20_000,
        {"op": "eval", "args": ["1"]},
        {"op": "Lambda", "args": []},
        {"kind": "AttackSet"},
        {"symbol": "x", "assume": {"real": "yes"}},
        {"vector": "a b"},
        {},
        3,
        {"op": "Norm", "args": ["1"]},
    ],
)
def test_what_is_not_a_statement_is_refused_in_one_sentence(tree):
    with pytest.raises(Malformed) as refusal:
        decode(tree)
    assert "\n" not in str(refusal.value)


def test_deep_nesting_is_refused():
    tree = "1"
    for _ in range(500):
        tree = [tree]
    with pytest.raises(Malformed, match="nested"):
        decode(tree)
