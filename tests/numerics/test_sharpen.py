"""Sharper claims are found again, sharp ones are left alone, and nothing is proved by survival."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from sympy import Abs, Eq, Max, Rational, exp, sqrt, symbols

from numerics.falsify import Survival
from numerics.sharpen import Variation, sharpen
from numerics.sharpen import examine as examine_module
from numerics.sharpen import search as search_module
from numerics.sharpen.bounds import bounds_of, terms
from numerics.sharpen.changes import Scale
from numerics.sharpen.forms import forms, without_symbols
from numerics.sharpen.points import Pool
from numerics.sharpen.report import NONE
from numerics.sharpen.simple_numbers import simplest_number
from numerics.sharpen.strength import Sample, says_something_beyond
from numerics.sharpen.variations import operators
from tests.numerics.independent import assert_refutes
from theory import Claim, Convex, Equal, Lipschitz, Not, Vector, logistic, norm, ones, unit
from theory.theorems import dunkl_williams, gradient_pairs_l2, hessian_l2_bound, smooth_l2
from theory.verdicts import Status

theta, x, u, v = (Vector(n) for n in ("theta", "x", "u", "v"))
eps, rho, B = symbols("epsilon rho B", positive=True)
t, m = symbols("t m", real=True)
FACTORS = ["coefficients"]


def says(holds, given=(), name="claim"):
    return Claim(id=name, given=given, holds=holds)


def proved_bounds(result):
    return [bound.expr for w in result.proved for bound in bounds_of(w.claim)]


# --- what was found once by hand


def test_half_of_the_turning_is_found_again_and_proved():
    """From the bound for pairs to the sharper Hessian bound, by generic steps alone."""
    result = sharpen(gradient_pairs_l2.pairs, budget=45, only=FACTORS)
    wanted = hessian_l2_bound.half_turning
    assert [
        w for w in result.proved if (w.claim.holds, w.claim.given) == (wanted.holds, wanted.given)
    ]
    [edge] = [e for e in result.enclosures if e.form == "at a point" and "theta" in e.place]
    assert edge.upper == Rational(1, 2)
    assert 0.49 < edge.lower <= 0.5
    assert [w for w in result.survivors if w.form == "as stated"]
    assert "candidates for a sharper theorem" in str(result)


def test_the_bound_in_symbols_has_the_same_form_at_a_point():
    found = dict(forms(smooth_l2.away_from_zero))
    [bound] = bounds_of(found["at a point"])
    turning = next(place for term, place in terms(bound.expr) if term == eps / norm(theta))
    halved = bound.changed(turning(eps / (2 * norm(theta))), "half")
    assert halved.holds == hessian_l2_bound.half_turning.holds
    assert halved.given == hessian_l2_bound.half_turning.given


# --- loose claims get their constants back

LOOSE = {
    "logistic function": (
        says(Lipschitz(1 / (1 + exp(-t)), t, 1)),
        Rational(1, 4),
    ),
    "third derivative": (says(Abs(logistic.slope(m, 3)) <= 1), sqrt(3) / 18),
    "attack": (
        says(Lipschitz(eps * unit(theta), theta, 2 * eps / rho), [norm(theta) >= rho]),
        eps / rho,
    ),
}


@pytest.mark.parametrize("name", LOOSE)
def test_a_loose_constant_is_repaired(name):
    claim, sharp = LOOSE[name]
    result = sharpen(claim, budget=30, only=FACTORS)
    assert sharp in proved_bounds(result)
    [edge] = [e for e in result.enclosures if e.form == "as stated"]
    assert edge.lower <= float(edge.upper) <= edge.lower * (1 + 1e-5)


def test_a_loose_exponent_is_repaired():
    claim = says(norm(x, 1) <= norm(ones()) ** 2 * norm(x))
    result = sharpen(claim, budget=24, only=["exponents"])
    assert norm(ones()) * norm(x) in proved_bounds(result)
    assert result.candidates[0].claim.holds == (norm(x, 1) <= norm(ones()) * norm(x))


def test_a_hypothesis_that_is_not_needed_goes():
    needless = says(norm(x, 1) <= norm(ones()) * norm(x), [norm(x) >= 1])
    result = sharpen(needless, budget=8, only=["hypotheses"])
    assert [w for w in result.proved if w.claim.given == ()]


def test_a_hypothesis_that_is_needed_stays():
    result = sharpen(says(t >= 1, [t >= 2]), budget=8, only=["hypotheses"])
    assert [w.change for w in result.refuted if w.change.startswith("without")]
    assert any(w.claim.given == (t >= 1,) for w in result.proved)


def test_a_compact_domain_has_its_best_constant_enclosed():
    pytest.importorskip("numerics.certify")
    result = sharpen(says(t * (1 - t) <= 1, [t >= 0, t <= 1]), budget=10, only=FACTORS)
    assert any("[0.2" in note or "[0.25" in note for note in result.notes)
    assert Rational(1, 4) in proved_bounds(result)


# --- sharp claims


def test_nothing_is_stronger_than_a_sharp_inequality():
    result = sharpen(dunkl_williams.sharp, budget=15)
    assert not result.proved and not result.survivors and not result.candidates
    assert len(result.refuted) > 10
    assert str(result).endswith(NONE)
    for w in result.refuted:
        assert_refutes(w.claim, w.verdict.witness)


def test_an_identity_has_no_bound_to_sharpen():
    result = sharpen(says(Equal(2 * x, x + x)), budget=5)
    assert str(result).endswith(NONE)


# --- honesty


def test_a_false_claim_is_refused_in_one_sentence():
    result = sharpen(says(norm(x, 1) <= norm(x)), budget=5)
    assert result.verdict.status is Status.REFUTED
    assert "\n" not in str(result) and "nothing to sharpen" in str(result)
    assert not result.variations


def test_a_vacuous_claim_and_a_negation_are_refused():
    assert "nothing to sharpen" in str(sharpen(says(t <= 1, [t < 0, t > 1]), budget=5))
    assert "nothing to sharpen" in str(sharpen(says(Not(norm(x, 1) <= norm(x))), budget=5))


def test_a_false_survivor_is_never_called_proved(monkeypatch):
    """With a falsifier that finds nothing, every proved bound must still be true."""
    blind = lambda *args, **kwargs: Survival(10, (1,))  # noqa: E731
    monkeypatch.setattr(examine_module, "falsify", blind)
    monkeypatch.setattr(Pool, "refutation", lambda self, claim: None)
    monkeypatch.setattr(Pool, "add", lambda self, dimension, values: None)
    result = sharpen(says(logistic.slope(m, 2) <= 1), budget=6, only=FACTORS)
    assert all(bound >= Rational(1, 4) for bound in proved_bounds(result))
    low = [w for w in result.survivors for b in bounds_of(w.claim) if b.expr < Rational(1, 4)]
    assert low and all(w.status is Status.SURVIVED for w in low)


def test_an_interrupt_keeps_what_was_found(monkeypatch):
    calls = []
    real = search_module.Search._consider

    def once(self, node, proposal):
        if calls:
            raise KeyboardInterrupt
        calls.append(real(self, node, proposal))

    monkeypatch.setattr(search_module.Search, "_consider", once)
    result = sharpen(dunkl_williams.sharp, budget=8, only=["means"])
    assert result.interrupted and len(result.variations) == 1
    assert "interrupted" in str(result)


# --- the parts


def test_every_operator_is_found_and_unknown_ones_are_refused():
    names = [o.name for o in operators()]
    assert names[0] == "coefficients" and "hypotheses" in names
    with pytest.raises(ValueError, match="expected operators among"):
        operators(["no-such"])


@pytest.mark.parametrize("operator", operators(), ids=lambda o: o.name)
@pytest.mark.parametrize(
    "claim",
    [
        dunkl_williams.sharp,
        dunkl_williams.geometric,
        smooth_l2.away_from_zero,
        says(Eq(norm(x) ** 2, norm(x) ** 2, evaluate=False)),
        says(Convex(norm(x), x)),
        says(norm(x) >= -B, [norm(x) <= B]),
    ],
    ids=lambda c: str(c.holds)[:30],
)
def test_operators_propose_claims_about_anything(operator, claim):
    for proposal in operator.variations(claim):
        change = proposal.at(Rational(1, 2)) if isinstance(proposal, Scale) else proposal
        assert change is None or isinstance(change.claim, Claim)


def test_means_are_replaced_on_the_stronger_side_only():
    [means] = operators(["means"])
    texts = [c.text for c in means.variations(dunkl_williams.geometric)]
    assert len(texts) == 3
    assert any("Max" in text for text in texts) and not any("Min" in text for text in texts)


def test_strength_is_measured_on_the_domain():
    sample = Sample(says(norm(x) <= B, [B >= 2]))
    assert sample.is_below(B, B**2, -1)
    assert not sample.is_below(B**2, B, -1)
    assert not sample.is_below(B, 1 * B, -1)


def test_a_hypothesis_that_only_makes_sense_of_the_statement_is_kept():
    off_zero, g = norm(u) > 0, norm(u) >= 1
    assert not says_something_beyond(says(norm(unit(u)) <= 1, [off_zero]), off_zero, ())
    assert says_something_beyond(says(norm(unit(u)) <= 1, [g]), g, ())


def test_symbols_that_only_bound_give_way():
    plain = without_symbols(says(norm(x, 1) ** 2 <= B * rho, [norm(x) <= B, norm(x) <= rho]))
    assert plain.given == () and plain.holds.rhs == norm(x) ** 2
    strict = says(norm(x) < B, [norm(x) < B])
    assert without_symbols(strict) is strict
    both = says(norm(x) + norm(u) <= 2 * B, [norm(x) <= B, norm(u) <= B])
    assert without_symbols(both).holds.rhs == 2 * Max(norm(x), norm(u))


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.49, 0.51, Rational(1, 2)),
        (0.0962250, 0.0962251, sqrt(3) / 18),
        (0.7071067, 0.7071068, sqrt(2) / 2),
        (0.3, 0.4, Rational(1, 3)),
    ],
)
def test_the_simplest_number(low, high, expected):
    assert simplest_number(low, high) == expected
    assert low <= float(expected) <= high


def test_a_known_point_refutes_what_is_stronger():
    pool = Pool()
    pool.add(2, {"x": ["1", "1"]})
    found = pool.refutation(says(norm(x, 1) <= Rational(7, 5) * norm(x)))
    assert found is not None
    assert_refutes(says(norm(x, 1) <= Rational(7, 5) * norm(x)), found.witness)
    assert pool.refutation(says(norm(x, 1) <= sqrt(2) * norm(x))) is None


def test_the_lower_end_is_attained_at_its_point():
    claim = Claim(id="plane", holds=norm(x, 1) <= 3 * norm(x), dimensions=(1, 2))
    result = sharpen(claim, budget=8, only=FACTORS)
    assert isinstance(result.variations[0], Variation)
    for edge in result.enclosures:
        point = [Fraction(c) for c in edge.at["x"]]
        ratio = float(sum(map(abs, point))) / math.sqrt(sum(c * c for c in point))
        assert edge.lower <= ratio / 3 * (1 + 1e-12)
        assert edge.upper == sqrt(2) / 3
