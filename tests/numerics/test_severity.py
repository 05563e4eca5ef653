"""A refutation across a kink comes with its growth, ratio ~ c/h; one without a kink with none."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache
from itertools import pairwise

import pytest
from sympy import oo, symbols

from numerics.falsify import Refutation, falsify
from numerics.falsify.severity import severity_family
from theory import (
    AdversarialLoss,
    Claim,
    Label,
    Lipschitz,
    NormBall,
    Smooth,
    Vector,
    clock,
    hinge,
    logistic,
    norm,
)
from theory.verdicts import Witness

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps, rho, B = symbols("epsilon rho B", positive=True)
AWAY = (norm(theta) >= rho, norm(x) <= B)
L2, L3, BOX = (AdversarialLoss(logistic, NormBall(p, eps)) for p in (2, 3, oo))


@cache
def family(loss, constant, given=AWAY):
    field = loss.gradient(theta, x, y)
    claim = Claim(id="c", given=given, holds=Lipschitz(field, theta, constant))
    found = falsify(claim, 0, clock.now() + 3)
    assert isinstance(found, Refutation)
    return severity_family(claim, found.witness, seconds=5)


def steps(entries):
    ratios = [Fraction(e["ratio"]) for e in entries]
    return [b / a for a, b in pairwise(ratios)]


def test_across_a_face_of_the_box_the_ratio_is_c_over_h():
    entries = family(BOX, (B + eps) ** 2 / 4 + eps / rho)
    assert len(entries) >= 3
    assert all(Fraction(99, 10) < step < Fraction(101, 10) for step in steps(entries))
    assert json.loads(json.dumps(entries)) == entries


def test_towards_the_origin_of_an_l2_attack_too():
    entries = family(L2, 10**3 * (B + eps) ** 2, (norm(x) <= B,))
    assert all(step > 9 for step in steps(entries))


def test_an_infinite_slope_grows_like_its_own_power():
    """p = 3: the gradient is Hoelder with exponent 1/2, so ten times closer is sqrt(10) worse."""
    entries = family(L3, (B + eps) ** 2 + 100 * eps / rho)
    assert all(Fraction(31, 10) < step < Fraction(32, 10) for step in steps(entries)[1:])


def test_a_constant_that_is_merely_too_small_has_no_family():
    assert family(L2, (B + eps) ** 2 / 4 + eps / (4 * rho)) == []


def test_every_entry_violates_the_claim():
    for entry in family(BOX, (B + eps) ** 2 / 4 + eps / rho):
        assert Fraction(entry["ratio"]) > 1
        assert Fraction(entry["distance"]) > 0


@pytest.mark.parametrize("holds", [norm(x) <= B, Smooth(BOX.value(theta, x, y), theta)])
def test_other_statements_have_none(holds):
    witness = Witness(1, {"x": ["1"], "B": "1/2"}, lhs="1", rhs="0.5")
    assert severity_family(Claim(id="c", holds=holds), witness) == []


def test_a_kink_of_the_value_counts_for_smoothness():
    loss = AdversarialLoss(hinge, NormBall(2, 0))
    claim = Claim(id="c", holds=Smooth(loss.value(theta, x, y), theta, 100 * norm(x) ** 2))
    found = falsify(claim, 0, clock.now() + 3)
    assert isinstance(found, Refutation)
    assert severity_family(claim, found.witness) or found.witness.lhs is None
