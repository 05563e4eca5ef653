"""Interval operations contain the exact value: rational arithmetic, or mpmath at 120 digits."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from numerics.certificates.decimals.definite import norm_at_most, positive_definite
from numerics.certificates.decimals.exact import Exact
from numerics.certificates.decimals.intervals import Intervals, Undefined

FEW = settings(max_examples=300, deadline=None, derandomize=True)
R, E = Intervals(), Exact(60)
FUNCTIONS = ["exp", "log", "sqrt", "sin", "cos", "sinh", "cosh", "tanh", "atan", "erf"]
# Built from integers: Hypothesis takes far longer to draw its own fractions.
rationals = st.builds(Fraction, st.integers(-400, 400), st.sampled_from([8, 9, 10**4, 10**12]))
ends = st.tuples(rationals, rationals).map(lambda p: (min(p), max(p)))
shares = st.integers(0, 97).map(lambda n: Fraction(n, 97))
exponents = st.builds(Fraction, st.integers(-9, 9), st.sampled_from([2, 3, 4, 7]))


def inner(pair: tuple[Fraction, Fraction], share: Fraction) -> Fraction:
    return pair[0] + share * (pair[1] - pair[0])


def contains(interval: Any, value: Fraction) -> bool:
    assert all(Fraction(end).denominator for end in interval)  # an infinity would raise
    return Fraction(interval[0]) <= value <= Fraction(interval[1])


def as_mpf(x: Any) -> mpf:
    q = Fraction(x)
    return mpf(q.numerator) / q.denominator


def near_or_inside(interval: Any, value: mpf) -> bool:
    noise = mpf(10) ** -100 * (1 + abs(value))
    return bool(as_mpf(interval[0]) - noise <= value <= as_mpf(interval[1]) + noise)


@FEW
@given(ends, ends, shares, shares)
def test_sums_products_and_quotients_contain_every_exact_value(
    a: Any, b: Any, s: Fraction, t: Fraction
) -> None:
    x, y = inner(a, s), inner(b, t)
    for r in (R, E):
        A, B = r.between(*a), r.between(*b)
        assert contains(r.add(A, B), x + y)
        assert contains(r.sub(A, B), x - y)
        assert contains(r.mul(A, B), x * y)
        assert contains(r.max(A, B), max(x, y))
        assert contains(r.min(A, B), min(x, y))
        assert contains(r.abs(A), abs(x))
        assert contains(r.sign(A), Fraction((x > 0) - (x < 0)))
        if b[0] <= 0 <= b[1]:
            with pytest.raises(Undefined):
                r.div(A, B)
        else:
            assert contains(r.div(A, B), x / y)


@FEW
@given(ends, shares, st.integers(-7, 9))
def test_integer_powers_contain_every_exact_value(a: Any, s: Fraction, n: int) -> None:
    assume(n >= 0 or not a[0] <= 0 <= a[1])
    for r in (R, E):
        assert contains(r.powi(r.between(*a), n), inner(a, s) ** n)


@FEW
@given(st.lists(st.tuples(rationals, ends), max_size=5), rationals, shares)
def test_linear_combinations_contain_every_exact_value(rows: Any, c: Fraction, s: Any) -> None:
    rows = [(q, a) for q, a in rows if q != 0]
    value = c + sum(q * inner(a, s) for q, a in rows)
    for r in (R, E):
        scale = [r.constant(q) for q, _ in rows]
        assert contains(r.linear([r.between(*a) for _, a in rows], scale, r.constant(c)), value)


@pytest.mark.parametrize("name", FUNCTIONS)
@settings(max_examples=200, deadline=None, derandomize=True)
@given(a=ends, s=shares)
def test_functions_contain_the_value_at_more_digits(name: str, a: Any, s: Fraction) -> None:
    if name in ("log", "sqrt"):
        a = (abs(a[0]) + Fraction(1, 1000), abs(a[0]) + Fraction(1, 1000) + a[1] - a[0])
    x = inner(a, s)
    with mp.workdps(120):
        value = getattr(mp, name)(as_mpf(x))
        for r in (R, E):
            assert near_or_inside(getattr(r, name)(r.between(*a)), value)
            thin = getattr(r, name)(r.between(x, x))
            assert near_or_inside(thin, value)
            assert as_mpf(thin[1]) - as_mpf(thin[0]) <= mpf(10) ** -34 * (1 + abs(value))


@FEW
@given(ends, shares, exponents)
def test_rational_powers_contain_the_value_at_more_digits(a: Any, s: Any, q: Fraction) -> None:
    a = (abs(a[0]), abs(a[0]) + a[1] - a[0])
    assume(q.denominator > 1 and (q > 0 or a[0] > 0))
    with mp.workdps(120):
        value = as_mpf(inner(a, s)) ** as_mpf(q)
        assert near_or_inside(R.powq(R.between(*a), q), value)
        assert near_or_inside(E.powq(E.between(*a), q), value)


@FEW
@given(ends, ends, shares, shares)
def test_general_powers_contain_the_value_at_more_digits(a: Any, b: Any, s: Any, t: Any) -> None:
    a = (abs(a[0]) + Fraction(1, 100), abs(a[0]) + Fraction(1, 100) + a[1] - a[0])
    with mp.workdps(120):
        value = as_mpf(inner(a, s)) ** as_mpf(inner(b, t))
        found = R.power(R.between(*a), R.between(*b))
        noise = mpf(10) ** -90 * value
        assert as_mpf(found[0]) - noise <= value <= as_mpf(found[1]) + noise


@FEW
@given(st.lists(st.tuples(ends, shares), min_size=1, max_size=4), st.sampled_from([2, 3, 5]))
def test_norms_and_signed_powers_contain_the_value(rows: Any, p: int) -> None:
    q = Fraction(p, 2) if p > 2 else Fraction(2)
    with mp.workdps(120):
        parts = [as_mpf(inner(a, s)) for a, s in rows]
        value = mp.fsum(abs(x) ** as_mpf(q) for x in parts) ** (1 / as_mpf(q))
        for r in (R, E):
            assert near_or_inside(r.norm([r.between(*a) for a, _ in rows], q), value)
            power = mp.sign(parts[0]) * abs(parts[0]) ** as_mpf(q)
            assert near_or_inside(r.signed_power(r.between(*rows[0][0]), q), power)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(rationals.map(lambda q: q * 10**4), rationals.map(lambda q: abs(q) / 8))
def test_waves_far_out(x: Fraction, width: Fraction) -> None:
    with mp.workdps(120):
        for share in (0, Fraction(1, 3), 1):
            value = as_mpf(x + share * width)
            assert near_or_inside(R.sin(R.between(x, x + width)), mp.sin(value))
            assert near_or_inside(R.cos(R.between(x, x + width)), mp.cos(value))


def test_every_precision_of_a_witness_is_sound() -> None:
    for digits in (60, 150, 400, 1000):
        r = Exact(digits)
        with mp.workdps(digits + 60):
            for name in FUNCTIONS:
                for q in (Fraction(7, 5), Fraction(22, 7), Fraction(1, 10**9)):
                    found = getattr(r, name)((q, q))
                    value = getattr(mp, name)(as_mpf(q))
                    noise = mpf(10) ** (-digits - 40)
                    assert as_mpf(found[0]) - noise <= value <= as_mpf(found[1]) + noise
                    assert as_mpf(found[1] - found[0]) <= mpf(10) ** (8 - digits) * (1 + abs(value))


def test_what_is_undefined_or_too_large_is_refused() -> None:
    one, wide = R.constant(Fraction(1)), R.between(Fraction(-1), Fraction(1))
    big = R.between(Fraction(10**7), Fraction(10**7))
    for name, args in [
        ("log", (wide,)),
        ("log", (R.between(Fraction(0), Fraction(1)),)),
        ("sqrt", (wide,)),
        ("div", (one, wide)),
        ("powi", (wide, -1)),
        ("powq", (wide, Fraction(1, 3))),
        ("power", (wide, one)),
        ("exp", (big,)),
        ("cosh", (big,)),
        ("powi", (big, 10**6)),
    ]:
        with pytest.raises((Undefined, ArithmeticError)):
            getattr(R, name)(*args)


def test_small_numbers_underflow_outwards() -> None:
    low, high = R.exp(R.constant(Fraction(-(10**9))))
    assert low == 0 < high
    low, high = R.powi(R.constant(Fraction(1, 10**9)), 10**6)
    assert low == 0 < high


def test_the_global_context_does_not_matter() -> None:
    before = R.exp(R.constant(Fraction(1, 3))), R.erf(R.between(Fraction(-1), Fraction(1, 3)))
    with localcontext() as context:
        context.prec, context.Emax = 3, 5
        assert before == (
            Intervals().exp(Intervals().constant(Fraction(1, 3))),
            Intervals().erf(Intervals().between(Fraction(-1), Fraction(1, 3))),
        )


def test_roots_of_squares_and_values_at_zero_are_exact() -> None:
    assert E.sqrt((Fraction(9, 4),) * 2) == (Fraction(3, 2),) * 2
    assert E.powq((Fraction(27, 8),) * 2, Fraction(2, 3)) == (Fraction(9, 4),) * 2
    assert E.exp((Fraction(0),) * 2) == (1, 1)
    assert E.cos((Fraction(0),) * 2) == (1, 1)
    assert R.sqrt((Decimal(4), Decimal(9))) == (2, 3)


def test_long_exact_numbers_are_rounded_outwards() -> None:
    x = Fraction(10**3000 + 1, 3**5000)
    found = E.mul(E.mul((x, x), (x, x)), (x, x))
    assert found[0] < x**3 < found[1]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.lists(st.integers(-5, 5), min_size=3, max_size=3), min_size=3, max_size=3))
def test_definiteness_and_spectral_norms_agree_with_mpmath(rows: Any) -> None:
    with mp.workdps(50):
        matrix = mp.matrix(rows)
        top = mp.svd_r(matrix, compute_uv=False)[0]
        lowest = min(mp.eigsy(matrix + matrix.T, eigvals_only=True))
        jacobian = [[R.constant(Fraction(e)) for e in row] for row in rows]
        symmetric = [
            [R.constant(Fraction(rows[i][j] + rows[j][i])) for j in range(3)] for i in range(3)
        ]
        assert norm_at_most(R, jacobian, R.constant(Fraction(str(top + mpf("0.001")))))
        if top > 1:
            assert not norm_at_most(R, jacobian, R.constant(Fraction(str(top - mpf("0.001")))))
        if abs(lowest) > mpf("1e-20"):
            assert positive_definite(R, symmetric) == (lowest > 0)
