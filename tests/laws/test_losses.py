"""Laws of every loss of the margin: its proved properties imply each other and its values."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Max, Rational, S, exp, log

from tests.laws import points as at
from theory import (
    AdversarialLoss,
    Label,
    MarginLoss,
    NormBall,
    Vector,
    exponential,
    hinge,
    logistic,
    squared_hinge,
)
from theory.losses import MARGIN

HIGH = at.HIGH
RAMP = MarginLoss("ramp", lambda m: 1 / (1 + exp(m)))
SQUARED = MarginLoss("squared", (1 - MARGIN) ** 2)
SHARP = MarginLoss("sharp logistic", lambda m: log(1 + exp(-2 * m)) / 2)
REWARD = MarginLoss("reward", lambda m: exp(m / 2))
TWO_SLOPES = MarginLoss("two slopes", lambda m: Max(-m, -2 * m - 1))

# Each loss once more in mpmath, its kinks, and what is true of it.
PLAIN: dict[MarginLoss, Any] = {
    logistic: lambda m: HIGH.log(1 + HIGH.exp(-m)),
    exponential: lambda m: HIGH.exp(-m),
    hinge: lambda m: max(0, 1 - m),
    squared_hinge: lambda m: max(0, 1 - m) ** 2,
    RAMP: lambda m: 1 / (1 + HIGH.exp(m)),
    SQUARED: lambda m: (1 - m) ** 2,
    SHARP: lambda m: HIGH.log(1 + HIGH.exp(-2 * m)) / 2,
    REWARD: lambda m: HIGH.exp(m / 2),
    TWO_SLOPES: lambda m: max(-m, -2 * m - 1),
}
KINKS = {hinge: [1], squared_hinge: [1], TWO_SLOPES: [-1]}
TREND = {RAMP: "decreasing", SQUARED: None, REWARD: "increasing"}
SHAPE = {RAMP: None}
every_loss = pytest.mark.parametrize("loss", PLAIN, ids=lambda loss: loss.name)
losses = st.sampled_from(sorted(PLAIN, key=lambda loss: loss.name))


def value(loss: MarginLoss, m: Fraction) -> Any:
    return at.high(loss(at.rational(m)))


@every_loss
def test_the_proved_shape_is_the_true_one(loss: MarginLoss) -> None:
    assert loss.monotonicity() == TREND.get(loss, "decreasing")
    assert loss.convexity() == SHAPE.get(loss, "convex")


@given(loss=losses, m=at.rationals)
def test_a_loss_is_its_definition(loss: MarginLoss, m: Fraction) -> None:
    assert at.close(value(loss, m), PLAIN[loss](at.high(m)))


@given(loss=losses, m=at.rationals, step=at.positive)
def test_a_proved_trend_holds_at_points(loss: MarginLoss, m: Fraction, step: Fraction) -> None:
    here, there = value(loss, m), value(loss, m + step)
    trend = loss.monotonicity()
    if trend == "decreasing":
        assert there <= here
    if trend == "increasing":
        assert there >= here


@given(loss=losses, a=at.rationals, b=at.rationals, share=st.fractions(0, 1, max_denominator=9))
def test_a_proved_convexity_holds_at_points(
    loss: MarginLoss, a: Fraction, b: Fraction, share: Fraction
) -> None:
    if loss.convexity() == "convex":
        chord = at.high(share) * value(loss, a) + at.high(1 - share) * value(loss, b)
        assert at.at_most(value(loss, share * a + (1 - share) * b), chord)


@given(loss=losses, m=at.rationals)
def test_trend_and_shape_are_signs_of_derivatives(loss: MarginLoss, m: Fraction) -> None:
    if m in KINKS.get(loss, []):
        return
    slope, bend = (at.high(loss.slope(at.rational(m), k)) for k in (1, 2))
    if loss.monotonicity() == "decreasing":
        assert slope <= 0
    if loss.monotonicity() == "increasing":
        assert slope >= 0
    if loss.convexity() == "convex":
        assert bend >= 0


@given(loss=losses, m=at.rationals, order=st.integers(1, 3))
def test_derivatives_agree_with_numerical_ones(loss: MarginLoss, m: Fraction, order: int) -> None:
    """A difference quotient at fifty digits, which knows nothing of the symbolic derivative."""
    if any(abs(m - kink) < Fraction(1, 20) for kink in KINKS.get(loss, [])):
        return
    symbolic = at.high(loss.slope(at.rational(m), order))
    assert close_to(symbolic, difference(PLAIN[loss], at.high(m), order))


def difference(f: Any, m: Any, order: int) -> Any:
    """The central difference quotient of the order, with error O(h^2)."""
    h = HIGH.mpf(10) ** -10
    weights = {
        1: ((1, 0.5), (-1, -0.5)),
        2: ((1, 1), (0, -2), (-1, 1)),
        3: ((2, 0.5), (1, -1), (-1, 1), (-2, -0.5)),
    }[order]
    return HIGH.fsum(w * f(m + k * h) for k, w in weights) / h**order


def close_to(a: Any, b: Any) -> bool:
    """h^2 = 1e-20 of truncation and 1e-50/h^3 = 1e-20 of rounding, times derivatives below 1e4."""
    return bool(abs(a - b) <= HIGH.mpf(10) ** -15 * (1 + abs(a)))


@given(loss=losses, radius=at.positive)
def test_a_monotone_loss_is_attacked_at_one_end(loss: MarginLoss, radius: Fraction) -> None:
    """Value and margin tell the same story on the line, where the attack has two ends."""
    theta, x, y = Vector("theta"), Vector("x"), Label("y")
    if loss.monotonicity() is None and loss.convexity() is None:
        return
    attacked = AdversarialLoss(loss, NormBall(2, at.rational(radius)))
    point = {theta: [Fraction(3, 4)], x: [Fraction(-1, 2)], y: 1}
    ends = [Fraction(3, 4) * (Fraction(-1, 2) + s * radius) for s in (-1, 1)]
    worst = max(value(loss, m) for m in ends)
    assert at.close(at.number(attacked.value(theta, x, y), point, 1), worst)


def test_sharp_constants_of_the_logistic_loss() -> None:
    assert logistic.slope(S.Zero) == Rational(-1, 2)
    assert logistic.slope(S.Zero, 2) == Rational(1, 4)
    at_peak = logistic.slope(log(2 + S(3) ** Rational(1, 2)), 3)
    assert at.close(abs(at_peak), 1 / (6 * S(3) ** Rational(1, 2)))


def test_a_loss_of_two_symbols_is_refused() -> None:
    with pytest.raises(ValueError, match="expected an expression in one symbol"):
        MarginLoss("two", exp(-MARGIN * Rational(1, 2)) * log(2) * at.rational(1) * _other())


def _other() -> Any:
    from sympy import Symbol

    return Symbol("beta")
