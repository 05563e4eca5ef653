"""Enclosures contain the value, whatever the input; undefined input never gives a finite ball."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp
from flint import arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Max, Min, Piecewise, Rational, exp, log, sign, sqrt, tanh

from theory.enclosure import (
    Range,
    Unsupported,
    decide,
    derivatives,
    enclose,
    is_exactly_zero,
    range_of,
)

z = sp.Symbol("z")
x = sp.Symbol("x", real=True)
y = sp.Symbol("y", real=True)

EXPRESSIONS = [
    log(1 + exp(-x)),
    exp(x) / (1 + exp(x)) ** 2,
    tanh(x) - x,
    sqrt(1 + x**2),
    Abs(x) ** Rational(3, 2),
    sign(x) * x,
    Max(x, 1 - x, 0),
    Min(x**2, exp(x)),
    Piecewise((x**2, x < 0), (sp.sin(x), True)),
    sp.cos(x) * sp.atan(x),
    sp.erf(x),
    sp.sinh(x) - sp.cosh(x),
    x**3 - 2 * x,
    x**4 - x,
    1 / (1 + x**2),
    exp(-(x**2)),
    sp.pi * x - sp.E,
    (1 + x**2) ** Rational(-1, 3),
    (2 + sp.sin(x)) ** x,
    sp.Heaviside(x),
    log(x**2 + Rational(1, 10**9)),
    exp(exp(x / 4)),
    Abs(x - 1) - Abs(x + 1),
    3**x,
    x**5,
    sqrt(x**2),
]
CENTRES = st.fractions(min_value=-20, max_value=20, max_denominator=1000)
RADII = st.sampled_from(
    [Fraction(0), Fraction(1, 10**12), Fraction(1, 100), Fraction(1), Fraction(7)]
)
SHARES = st.fractions(min_value=-1, max_value=1, max_denominator=64)


def _wide(centre: Fraction, radius: Fraction) -> arb:
    lo, hi = centre - radius, centre + radius
    return arb(fmpq(lo.numerator, lo.denominator)).union(arb(fmpq(hi.numerator, hi.denominator)))


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(EXPRESSIONS), CENTRES, RADII, SHARES, st.sampled_from([30, 64, 128]))
def test_balls_contain_the_value_at_four_times_the_precision(
    expr, centre, radius, share, bits
) -> None:
    with ctx.workprec(bits):
        coarse = enclose(expr, {x: _wide(centre, radius)}, bits)
    fine = enclose(expr, {x: centre + share * radius}, 4 * bits)
    assert not fine.is_finite() or not coarse.is_finite() or coarse.contains(fine), (expr, fine)


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(EXPRESSIONS), CENTRES, RADII, SHARES, st.sampled_from(["both", "lo", "hi"]))
def test_ranges_contain_the_value(expr, centre, radius, share, finite) -> None:
    wide = Range(
        centre - radius if finite != "hi" else None, centre + radius if finite != "lo" else None
    )
    found = range_of(expr, {x: wide}, 64)
    inside = centre + share * radius + (100 * abs(share) if finite == "lo" else 0)
    fine = enclose(expr, {x: inside}, 256)
    assert (
        found is None
        or not fine.is_finite()
        or (found.lo <= fine.upper() and found.hi >= fine.lower())
    )


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(EXPRESSIONS), CENTRES, RADII, SHARES)
def test_derivatives_enclose_the_symbolic_ones(expr, centre, radius, share) -> None:
    wide = derivatives(expr, x, _wide(centre, radius), 2)
    if wide is None:
        return
    at = centre + share * radius
    for order, ball in enumerate(wide):
        try:
            exact = enclose(sp.diff(expr, x, order), {x: at}, 512)
        except Unsupported:  # DiracDelta off its kink
            continue
        assert not exact.is_finite() or ball.overlaps(exact), (expr, order)


@pytest.mark.parametrize(
    "expr, value",
    [
        (1 / z, 0),
        (log(z), 0),
        (log(z), -1),
        (sqrt(z), -1),
        (z**-2, 0),
        (log(z), arb(0, 1)),
        (1 / z, arb(0, 1)),
        (sqrt(z), arb(0, 1)),
        (z**z, 0),
        (z**sp.pi, -2),
        (0 * log(z) + sp.Mul(z, log(z), evaluate=False), 0),
        (Max(1, log(z)), -1),
        (sign(1 / z), 0),
        (exp(1 / z), 0),
        (sp.oo * sp.exp(z), 1),
        (sp.nan, 1),
        (sp.zoo, 1),
        (Piecewise((1, z > 0)), -1),
        (exp(exp(exp(exp(z)))), 1000),
        (1 / exp(exp(exp(exp(z)))), arb(1000, 1)),
        (z ** Rational(1, 3), -8),
        (sp.acos(z), 2),
        (sp.atanh(z), 1),
        (z, arb.nan()),
        (z - z**2, arb.pos_inf()),
    ],
)
def test_undefined_or_unbounded_is_never_finite(expr, value) -> None:
    assert not enclose(expr, {z: value}).is_finite()


@pytest.mark.parametrize(
    "expr, value, expected",
    [
        (z**0, 0, 1),
        (Abs(z), -3, 3),
        (sign(z), 0, 0),
        (z**3, -2, -8),
        (sp.Heaviside(z), 0, Rational(1, 2)),
        (Piecewise((1, z > 0), (1 / z, True)), 2, 1),
        (Max(z, 2), 2, 2),
        (sqrt(z), 0, 0),
        (z ** Rational(3, 2), 4, 8),
        (exp(-z), 10**6, exp(-(10**6))),
        (sp.Float("0.5") * z, 1, Rational(1, 2)),
        ((-z) ** 2, 3, 9),
    ],
)
def test_exact_values(expr, value, expected) -> None:
    found = enclose(expr, {z: value})
    assert found.is_finite() and found.overlaps(enclose(expected, {}))


def test_sign_of_a_straddling_ball_is_everything() -> None:
    found = enclose(sign(x), {x: arb(0, 1)})
    assert all(found.contains(v) for v in (-1, 0, 1))


def test_an_undecided_piecewise_is_the_union() -> None:
    found = enclose(Piecewise((1, x > 0), (-2, True)), {x: arb(0, 1)})
    assert found.contains(1) and found.contains(-2)


def test_a_sum_of_squares_has_a_root() -> None:
    assert enclose(sqrt(x**2 + y**2), {x: arb(0, 1), y: 0}).contains(1)
    assert not enclose(sqrt(z), {z: arb(0, 1)}).is_finite()


def test_unknown_functions_and_symbols_are_named() -> None:
    with pytest.raises(Unsupported, match="gamma"):
        enclose(sp.gamma(z), {z: 3})
    with pytest.raises(Unsupported, match="has no value"):
        enclose(z, {})
    with pytest.raises(Unsupported):
        enclose(z, {z: 0.5})


def test_ranges_on_half_lines() -> None:
    tail = {x: Range(10, None)}
    assert range_of(1 / (1 + exp(x)), tail).hi < 1e-4 and range_of(1 / (1 + exp(x)), tail).lo >= 0
    assert range_of(tanh(x), tail).lo > 0.999 and range_of(tanh(x), tail).hi >= 1
    assert range_of(x**2, {x: Range(None, -2)}).lo == 4
    assert range_of(log(x - 10), tail) is None and range_of(1 / x, {x: Range(-1, None)}) is None
    assert range_of(sp.atan(x) + sp.sin(x), {x: Range()}).hi < 3


@pytest.mark.parametrize(
    "relation, values, expected",
    [
        (sp.Eq(log(6), log(2) + log(3), evaluate=False), {}, True),
        (sp.Lt(sqrt(2) + sqrt(3), sqrt(5 + 2 * sqrt(6)), evaluate=False), {}, False),
        (sp.Le(sqrt(2) + sqrt(3), sqrt(5 + 2 * sqrt(6)), evaluate=False), {}, True),
        (sp.Ne(exp(log(z) * 2), z**2), {z: 3}, False),
        (z < Rational(1, 3), {z: Fraction(1, 3)}, False),
        (z**2 > 0, {z: 0}, False),
        (1 / z > 0, {z: 0}, None),
        (log(z) < 5, {z: -1}, None),
        (sp.Ne(1 / z, 0), {z: 0}, None),
        (sp.Not(1 / z > 0), {z: 0}, None),
        (sp.And(z > 0, 1 / (z - 1) > 0), {z: -1}, False),
        (sp.Or(z > 0, 1 / z > 0), {z: 1}, True),
        (exp(z) > 0, {z: -(10**5)}, True),
        (exp(exp(z)) > 10, {z: 3}, True),
        (1 + exp(-z) > 1, {z: 2000}, True),
        (Abs(z) >= z, {z: -2}, True),
        (sp.Gt(sp.pi, Rational(355, 113), evaluate=False), {}, False),
        (sp.true, {}, True),
    ],
)
def test_decide(relation, values, expected) -> None:
    assert decide(relation, values) is expected


def test_decide_gives_up_instead_of_trusting_digits() -> None:
    tiny = exp(-z)
    assert decide(1 + tiny > 1, {z: 10**6}) is None
    assert decide(sp.sign(z) >= 0, {z: arb(0, 1)}) is None


@pytest.mark.parametrize(
    "number, expected",
    [
        (sqrt(2) * sqrt(3) - sqrt(6), True),
        (log(4) - 2 * log(2), True),
        (log(2 + sqrt(3)) + log(2 - sqrt(3)), True),
        (sp.pi - Rational(22, 7), False),
        (sqrt(2) - Rational(577, 408), False),
        (exp(1) - sp.E, True),
        (sqrt(3 + 2 * sqrt(2)) - 1 - sqrt(2), True),
        (log(-1), None),
        (sp.zoo, None),
    ],
)
def test_exact_zero(number, expected) -> None:
    assert is_exactly_zero(sp.sympify(number)) is expected
