"""Laws of every attack set: duality, Hölder, feasible and attaining maximisers."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Max, Rational, S, oo

from tests.laws import points as at
from theory import AttackSet, NormBall, Vector, dot, dual_exponent, norm, ones

EXPONENTS = [S(1), Rational(5, 4), Rational(3, 2), S(2), Rational(5, 2), S(3), S(7), oo]
SETS = {
    **{f"ball-{p}": NormBall(p, Rational(1, 3)) for p in EXPONENTS},
    "sum of two balls": AttackSet(support=lambda t: 2 * norm(t) + norm(t, 1) / 3),
    "hull of two balls": AttackSet(support=lambda t: Max(norm(t), norm(t, oo) * 3 / 2)),
    "moved ball": AttackSet(support=lambda t: norm(t) / 2 + dot(t, ones()) / 5),
    "point": AttackSet(support=lambda t: dot(t, ones())),
}
every_exponent = pytest.mark.parametrize("p", EXPONENTS, ids=str)
exponents, names = st.sampled_from(EXPONENTS), st.sampled_from(sorted(SETS))
every_set = pytest.mark.parametrize("name", SETS)

t, u, v = Vector("t"), Vector("u"), Vector("v")
pairs = at.dimensions.flatmap(lambda d: st.tuples(at.vectors(d), at.vectors(d)))


def pair_norms(p: Any, a: list[Any], b: list[Any]) -> tuple[Any, Any]:
    return at.plain_norm(a, p), at.plain_norm(b, p)


@every_exponent
def test_duality_is_an_involution(p: Any) -> None:
    q = dual_exponent(p)
    assert dual_exponent(q) == p
    assert (1 / p if p != oo else 0) + (1 / q if q != oo else 0) == 1


@given(p=exponents, pair=pairs)
def test_the_dual_norm_is_a_norm(p: Any, pair: tuple[list[Any], list[Any]]) -> None:
    q, (a, b), d = dual_exponent(p), pair, len(pair[0])
    point = {u: a, v: b}
    na, nb, total = (at.number(norm(w, q), point, d) for w in (u, v, u + v))
    assert at.at_most(total, na + nb)
    assert na >= 0
    assert (na == 0) == (not any(a))
    assert norm(-3 * u, q) == 3 * norm(u, q)


@given(p=exponents, pair=pairs)
def test_a_norm_is_its_definition(p: Any, pair: tuple[list[Any], list[Any]]) -> None:
    a, d = pair[0], len(pair[0])
    assert at.close(at.number(norm(u, p), {u: a}, d), at.plain_norm(a, p))


@given(p=exponents, pair=pairs)
def test_hoelder(p: Any, pair: tuple[list[Any], list[Any]]) -> None:
    (a, b), q = pair, dual_exponent(p)
    inner = abs(sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0)))
    assert at.close(at.number(dot(u, v), {u: a, v: b}, len(a)) ** 2, inner**2)
    assert at.at_most(at.rational(inner), at.plain_norm(a, p) * at.plain_norm(b, q))


@given(p=exponents, pair=pairs)
def test_norms_decrease_in_p(p: Any, pair: tuple[list[Any], list[Any]]) -> None:
    a = pair[0]
    larger = [q for q in EXPONENTS if q == oo or (p != oo and q >= p)]
    assert all(at.at_most(at.plain_norm(a, q), at.plain_norm(a, p)) for q in larger)


@every_exponent
def test_bipolar_identity_in_symbols(p: Any) -> None:
    """||v||_p is the support function of the unit ball of the dual norm."""
    assert NormBall(dual_exponent(p), 1).support(v) == norm(v, p)


@given(p=exponents, pair=pairs)
def test_bipolar_identity_at_points(p: Any, pair: tuple[list[Any], list[Any]]) -> None:
    """... and no point of that ball does better than its maximiser."""
    (a, b), q, d = pair, dual_exponent(p), len(pair[0])
    if not any(a) or not any(b):
        return
    best = NormBall(q, 1).maximiser(v)
    size = at.plain_norm(a, p)
    assert at.close(at.number(dot(best, v), {v: a}, d), size)
    other = at.number(dot(u, v), {v: a, u: b}, d) / at.plain_norm(b, q)
    assert at.at_most(other, size)


@given(p=exponents, pair=pairs)
def test_the_maximiser_of_a_ball_lies_on_its_sphere(
    p: Any, pair: tuple[list[Any], list[Any]]
) -> None:
    a, d = pair[0], len(pair[0])
    if any(a):
        best = NormBall(p, Rational(1, 3)).maximiser(t)
        assert at.close(at.number(norm(best, p), {t: a}, d), Rational(1, 3))


@given(name=names, pair=pairs)
def test_the_maximiser_attains_the_support_and_lies_in_the_set(
    name: str, pair: tuple[list[Any], list[Any]]
) -> None:
    """<t, m(t)> = h(t), and <t', m(t)> <= h(t') for every other direction t'."""
    (a, b), d, attack = pair, len(pair[0]), SETS[name]
    if not any(a):
        return
    point = {t: a, u: b}
    best = attack.maximiser(t)
    assert at.close(at.number(dot(best, t), point, d), at.number(attack.support(t), point, d))
    assert at.at_most(at.number(dot(best, u), point, d), at.number(attack.support(u), point, d))


@given(name=names, pair=pairs)
def test_a_support_function_is_sublinear(name: str, pair: tuple[list[Any], list[Any]]) -> None:
    (a, b), d, attack = pair, len(pair[0]), SETS[name]
    point = {u: a, v: b}
    hu, hv, total = (at.number(attack.support(w), point, d) for w in (u, v, u + v))
    assert at.at_most(total, hu + hv)


@every_set
def test_a_support_function_is_homogeneous(name: str) -> None:
    attack = SETS[name]
    for scale in (Rational(1, 7), S(3)):
        gap = attack.support(scale * t) - scale * attack.support(t)
        assert at.close(at.number(gap, {t: [1, Fraction(-2, 3), 0]}, 3), 0)


def test_a_set_is_known_by_its_support_function() -> None:
    assert NormBall(2, 1) == AttackSet(support=lambda w: norm(w))
    assert NormBall(2, 1) != NormBall(oo, 1)
    assert len({NormBall(2, 1), AttackSet(support=norm)}) == 1


def test_the_law_of_hoelder_notices_a_wrong_dual() -> None:
    """The laws have teeth: with p instead of q Hölder's inequality fails."""
    a = [Fraction(1), Fraction(1)]
    assert not at.at_most(2, at.plain_norm(a, oo) * at.plain_norm(a, oo))
