"""Local entropy, its relatives and its constants, against closed forms and mpmath."""

import time
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import mpmath
import pytest
from flint import acb, arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import (
    Abs,
    Expr,
    Max,
    Min,
    Piecewise,
    Rational,
    Symbol,
    cos,
    exp,
    lambdify,
    log,
    sin,
    sqrt,
    tanh,
)

from numerics.local_entropy import LocalEntropy, MoreauEnvelope, NotIntegrable, SoftAttack
from numerics.local_entropy.constants import (
    conjectured_lipschitz_lower,
    lipschitz_lower,
    smooth_upper,
    weakly_convex_lower,
)
from numerics.local_entropy.hunt import hunt
from theory.enclosure import enclose
from theory.enclosure.growth import growth
from theory.enclosure.landscape import landscape
from theory.enclosure.moments import Moments
from theory.enclosure.pieces import pieces
from theory.enclosure.quadrature import Quadrature

t = Symbol("t", real=True)
ADVERSARIAL = log(1 + exp(-(Rational(3, 5) * t - Abs(t))))
FEW = settings(max_examples=8)


def near(ball: arb, printed: str, digits: int) -> bool:
    """Whether the ball is narrow and contains a number that rounds to what is printed."""
    half = arb(10) ** -digits
    return bool(ball.rad() < half / 10) and ball.overlaps(arb(printed) + arb(0, 1) * half / 2)


def holds(ball: arb, value: Any) -> bool:
    """Whether the ball contains mpmath's value, give or take mpmath's own error."""
    return ball.overlaps(arb(mpmath.nstr(value, 25)) + arb(0, 1) * arb(10) ** -20)


# --- test vectors


@pytest.mark.parametrize(
    ("gamma", "theta", "printed"),
    [
        (1, 0, (".16250068", "-.26203783", ".40315204")),
        (4, 1, (".69006336", ".21048844", ".15604978")),
    ],
)
def test_the_listed_values(gamma: int, theta: int, printed: tuple[str, ...]) -> None:
    found = LocalEntropy(ADVERSARIAL, gamma).at(theta)
    for ball, text in zip((found.value, found.slope, found.curvature), printed, strict=True):
        assert near(ball, text, 8)


def test_a_planted_wrong_value_is_seen() -> None:
    found = LocalEntropy(ADVERSARIAL, 1).at(0)
    assert not near(found.curvature, ".40315206", 8)
    assert not near(found.normalised, ".16250068", 8)


@pytest.mark.parametrize(("radius", "printed"), [(2, "-1.13"), (8, "-27.8"), (32, "-454")])
def test_two_wells(radius: int, printed: str) -> None:
    """Neither Lipschitz nor weakly convex: the curvature falls without bound."""
    wells = Min((t - radius) ** 2, (t + radius) ** 2)
    places = len(printed.partition(".")[2])
    assert near(LocalEntropy(wells, 1).at(0, 8).curvature, printed, places)


@pytest.mark.parametrize("b", [1, 10, 100, 1000])
def test_inverse_temperature(b: int) -> None:
    curvature = LocalEntropy(-Abs(t), 1, b).at(0, 8).curvature
    assert curvature.overlaps(conjectured_lipschitz_lower(1, 1, b))
    assert curvature >= lipschitz_lower(1, 1, b)
    assert -1.3 * b < curvature < -0.99 * b


# --- closed forms


@pytest.mark.parametrize(
    ("L", "gamma", "theta", "b"),
    [
        ("1/2", 1, "3/7", 1),
        (1, "10001/10000", 1, 3),
        (-3, 2, -5, 10**6),
        (0, "1/1000000", 10**9, 1),
    ],
)
def test_gaussian(L: Any, gamma: Any, theta: Any, b: int) -> None:
    """f = -(L/2) t^2: E = -gamma L theta^2/(2 (gamma - L)) - log(2 pi/(b (gamma - L)))/(2 b)."""
    below, g, at = Rational(L), Rational(gamma), Rational(theta)
    found = LocalEntropy(-below * t**2 / 2, gamma, b).at(theta)
    bend = -g * below / (g - below)
    pi = arb.pi()
    level = -(2 * pi / (b * enclose(g - below, {}))).log() / (2 * b)
    assert found.value.overlaps(enclose(bend * at**2 / 2, {}) + level)
    assert found.slope.overlaps(enclose(bend * at, {}))
    assert found.curvature.overlaps(enclose(bend, {}))
    if below >= 0:
        assert found.curvature.overlaps(arb(weakly_convex_lower(gamma, L)))


def minus_abs(M: Any, gamma: Any, theta: Any) -> Any:
    """-log of two Gaussian halves, by mpmath's erfc."""
    M, g, x = (mpmath.mpf(v) for v in (M, gamma, theta))

    def half(sign: int) -> Any:
        mass = mpmath.erfc(-(M + sign * g * x) / mpmath.sqrt(2 * g)) / 2
        return mpmath.exp(M**2 / (2 * g) + sign * M * x) * mass

    return -mpmath.log(mpmath.sqrt(2 * mpmath.pi / g) * (half(1) + half(-1)))


@pytest.mark.parametrize(("M", "gamma", "theta"), [(1, 1, 0), (3, 0.5, 0.25), (0.125, 4, -2)])
def test_minus_abs(M: float, gamma: float, theta: float) -> None:
    with mpmath.workdps(50):
        form = lambda x: minus_abs(M, gamma, x)  # noqa: E731
        found = LocalEntropy(-Rational(M) * Abs(t), gamma).at(theta)
        assert holds(found.value, form(theta))
        for ball, order in ((found.slope, 1), (found.curvature, 2), (found.third, 3)):
            assert holds(ball, mpmath.diff(form, theta, order))


# --- mpmath


def by_mpmath(f: Expr, gamma: Any, theta: Any, cuts: list[float]) -> tuple[Any, Any, Any]:
    """E, E', E'' by mpmath's quadrature on a window with nothing outside."""
    g, x = mpmath.mpf(gamma), mpmath.mpf(theta)
    value = lambdify(t, f, "mpmath")
    ends = [x - 40, *sorted(map(mpmath.mpf, cuts)), x + 40]
    points = [a + (b - a) * k / 8 for a, b in pairwise(ends) for k in range(8)]

    def moment(k: int) -> Any:
        density = lambda s: (s - x) ** k * mpmath.exp(-value(s) - g / 2 * (x - s) ** 2)  # noqa: E731
        return mpmath.quad(density, [*points, ends[-1]])

    mass, first, second = (moment(k) for k in range(3))
    mean = first / mass
    return -mpmath.log(mass), -g * mean, g - g**2 * (second / mass - mean**2)


CASES: list[tuple[Expr, float, float, list[float]]] = [
    (ADVERSARIAL, 2, -0.75, [0]),
    (Max(0, 1 - t) ** 2, 1, 0.5, [1]),
    (Piecewise((t**2, t < 1), (3 - t, True)), 1, 0.25, [1]),
    (tanh(3 * t) + sin(2 * t) / 2, 1, 0.5, []),
    (1 / (1 + exp(t - Abs(2 * t - 1))), 0.5, 1, [0.5]),
]


@pytest.mark.parametrize(("f", "gamma", "theta", "cuts"), CASES, ids=lambda v: str(v)[:24])
def test_the_balls_contain_what_mpmath_finds(
    f: Expr, gamma: float, theta: float, cuts: list[float]
) -> None:
    with mpmath.workdps(30):
        expected = by_mpmath(f, gamma, theta, cuts)
    found = LocalEntropy(f, gamma).at(theta)
    for ball, value in zip((found.value, found.slope, found.curvature), expected, strict=True):
        assert holds(ball, value)
        assert ball.rad() <= abs(ball).lower() * arb(10) ** -10


def test_quadrature_agrees_with_flints() -> None:
    """The same integral by acb.integral, on a window whose outside is below 10^-30."""
    u = Symbol("u", real=True)
    stretches = landscape(cos(3 * u) + u**2, u)
    tails = (stretches[0].growth.low, stretches[-1].growth.low)
    with ctx.workprec(128):
        weights = Moments(fmpq(0), arb(1))
        found = Quadrature(stretches, weights, fmpq(1), arb(0), fmpq(1), tails).integrals(14)
        for k in (0, 2):
            other = acb.integral(
                lambda z, _, k=k: z**k * (-(3 * z).cos() - z * z).exp(), -9, 9
            ).real
            assert found[k].overlaps(other + arb(0, 1) * arb(10) ** -30)


@pytest.mark.parametrize(
    "f",
    [ADVERSARIAL, Abs(sin(2 * t)), Min(t**2, Abs(t - 1)), log(2 + cos(t)) - Abs(t), 1 / (1 + t**2)],
    ids=str,
)
def test_more_digits_lie_within_fewer(f: Expr) -> None:
    few, many = (LocalEntropy(f, "3/2").at("2/7", digits) for digits in (3, 14))
    for part in ("value", "normalised", "slope", "curvature", "third"):
        assert getattr(few, part).overlaps(getattr(many, part))
        assert getattr(many, part).rad() < 1e-9


# --- what theorems say


def rationals(low: int, high: int, denominator: int = 4) -> st.SearchStrategy[Fraction]:
    scaled = st.integers(low * denominator, high * denominator)
    return scaled.map(lambda n: Fraction(n, denominator))


def exactly(value: Fraction) -> Rational:
    return Rational(value.numerator, value.denominator)


slopes_and_knots = st.lists(st.tuples(rationals(-3, 3), rationals(-3, 3)), min_size=1, max_size=3)
Folds = list[tuple[Fraction, Fraction]]


def folded(folds: Folds) -> Expr:
    return sum((exactly(a) * Abs(t - exactly(k)) for a, k in folds), exactly(Fraction(0)))


@FEW
@given(slopes_and_knots, rationals(1, 6), rationals(-4, 4))
def test_convex(folds: Folds, gamma: Fraction, theta: Fraction) -> None:
    f = folded([(abs(a), k) for a, k in folds]) + log(1 + exp(-t))
    curvature = LocalEntropy(f, gamma).at(theta, 6).curvature
    assert curvature > 0
    assert curvature < float(gamma)


@FEW
@given(slopes_and_knots, rationals(1, 6), rationals(-4, 4))
def test_lipschitz(folds: Folds, gamma: Fraction, theta: Fraction) -> None:
    M = sum((abs(a) for a, _ in folds), Fraction(0)) + Fraction(1, 4)
    curvature = LocalEntropy(folded(folds) + sin(t) / 4, gamma).at(theta, 6).curvature
    assert lipschitz_lower(gamma, M) < curvature
    assert curvature < float(gamma)
    assert curvature > conjectured_lipschitz_lower(gamma, M)  # a conjecture; see hunt


@FEW
@given(rationals(0, 2), rationals(-3, 3), rationals(1, 4), rationals(-3, 3))
def test_weakly_convex(L: Fraction, a: Fraction, more: Fraction, theta: Fraction) -> None:
    gamma = L + more
    f = -exactly(L) * t**2 / 2 + exactly(abs(a)) * Abs(t - 1) + log(1 + exp(t))
    curvature = LocalEntropy(f, gamma).at(theta, 6).curvature
    assert arb(weakly_convex_lower(gamma, L)) < curvature
    assert curvature < float(gamma)


@FEW
@given(rationals(1, 3), rationals(1, 4), rationals(-3, 3))
def test_smooth(beta: Fraction, more: Fraction, theta: Fraction) -> None:
    """f'' between -beta and beta, from both sides."""
    gamma = beta + more
    curvature = LocalEntropy(exactly(beta) * cos(t), gamma).at(theta, 6).curvature
    assert arb(weakly_convex_lower(gamma, beta)) < curvature
    assert curvature < arb(smooth_upper(gamma, beta))


def test_planted_constants_are_caught() -> None:
    """Each constant is so close to the truth that a slightly better one is false."""
    hill = LocalEntropy(-(t**2) / 2, 2).at(0).curvature
    assert arb(weakly_convex_lower(2, 1)).overlaps(hill)
    assert hill < arb(weakly_convex_lower(2, Fraction(99, 100)))
    bowl = LocalEntropy(t**2 / 2, 2).at(0).curvature
    assert arb(smooth_upper(2, 1)).overlaps(bowl)
    assert bowl > arb(smooth_upper(2, Fraction(99, 100)))
    kink = LocalEntropy(-Abs(t), 1).at(0).curvature
    assert lipschitz_lower(1, 1) < kink < lipschitz_lower(1, Fraction(3, 4))
    assert near(kink, "-1.2876", 4)


def test_the_hunter_finds_a_planted_constant_and_not_the_conjectured_one() -> None:
    planted = hunt(1, 1, claimed="5/4", seed=0, starts=3, steps=60)
    assert planted.confirmed
    assert planted.curvature < -1.25
    assert max(abs(s) for s in planted.function.slopes) <= 1
    conjectured = hunt(1, 1, seed=1, starts=3, steps=100)
    assert not conjectured.confirmed
    assert conjectured.ratio > 0.99
    assert conjectured.ratio < 1


# --- the envelope


@pytest.mark.parametrize("theta", [Fraction(-3), Fraction(-1, 4), Fraction(0), Fraction(2, 3)])
def test_envelope_of_the_modulus(theta: Fraction) -> None:
    """Huber's function, and -|theta| - 1/(2 gamma) with its kink."""
    gamma, size = 2, abs(theta)
    huber = gamma * size**2 / 2 if size <= Fraction(1, gamma) else size - Fraction(1, 2 * gamma)
    found = MoreauEnvelope(Abs(t), gamma).at(theta)
    assert found.value.overlaps(arb(fmpq(huber.numerator, huber.denominator)))
    concave = MoreauEnvelope(-Abs(t), gamma).at(theta)
    level = -size - Fraction(1, 2 * gamma)
    assert concave.value.overlaps(arb(fmpq(level.numerator, level.denominator)))
    expected = {theta + Fraction(s, gamma) for s in (-1, 1) if s * theta >= 0}
    assert len(concave.minimisers) == len(expected)
    for (low, high), point in zip(concave.minimisers, sorted(expected), strict=True):
        assert low <= point <= high
        assert high - low < Fraction(1, 10**6)


def test_envelope_is_the_limit_of_low_temperature() -> None:
    """E_b less its value for f = 0 comes down to M, at a rate of log(b)/b."""
    envelope = MoreauEnvelope(ADVERSARIAL, 4).at("1/3").value
    gaps = [LocalEntropy(ADVERSARIAL, 4, b).at("1/3", 6).normalised - envelope for b in (10, 10**4)]
    assert 0 < gaps[1] < gaps[0] / 100


def test_envelope_at_a_point_below_its_neighbours() -> None:
    low = Piecewise((-100, (t >= 0) & (t <= 0)), (0, True))
    assert MoreauEnvelope(low, 1).at(1).value.overlaps(arb("-99.5"))


# --- the soft attack


@pytest.mark.parametrize(("epsilon", "tau"), [(1, 2), ("3/10", "1/100"), ("1/2", 1000)])
def test_soft_attack_at_zero(epsilon: Any, tau: Any) -> None:
    found = SoftAttack(t, x="2/3", epsilon=epsilon, tau=tau).at(0)
    exact = enclose(Rational(epsilon) ** 2 / (3 * Rational(tau)), {})
    assert found.curvature.overlaps(exact)
    assert not found.curvature.overlaps(exact * arb("1.00000001"))
    assert found.slope.overlaps(arb(2) / 3)
    assert found.value.contains(0)


def test_soft_attack_by_mpmath() -> None:
    def soft(theta: Any) -> Any:
        loss = lambda d: mpmath.log(1 + mpmath.exp(-theta * (1 + d)))  # noqa: E731
        mean = mpmath.quad(lambda d: mpmath.exp(10 * loss(d)), [-0.5, 0, 0.5])
        return mpmath.log(mean) / 10

    found = SoftAttack(log(1 + exp(-t)), x=1, epsilon="1/2", tau="1/10").at(1)
    with mpmath.workdps(40):
        assert holds(found.value, soft(mpmath.mpf(1)))
        assert holds(found.slope, mpmath.diff(soft, 1))
        assert holds(found.curvature, mpmath.diff(soft, 1, 2))


def test_soft_attack_tends_to_the_worst_case() -> None:
    values = [SoftAttack(t, x=0, epsilon=1, tau=tau).at(2).value for tau in (1, "1/10", "1/1000")]
    assert values[0] < values[1] < values[2] < 2
    assert values[2] > 1.99


# --- hostile inputs


@pytest.mark.parametrize(
    ("f", "gamma", "theta", "b"),
    [
        (ADVERSARIAL, "1/1000000", 1, 1),
        (ADVERSARIAL, 10**6, 0, 1),
        (ADVERSARIAL, 1, 10**9, 1),
        (ADVERSARIAL, "1/1000000", 3, "1/1000000"),
        (-(10**6) * Abs(t), "1/1000000", 0, 10**6),
        (10**6 * Abs(t - 1), 10**6, "1/3", 1),
        (Abs(t**2 - 2), 1, 0, 1),
        (sqrt(Abs(t)), 1, 3, 1),
    ],
    ids=str,
)
def test_hostile(f: Expr, gamma: Any, theta: Any, b: Any) -> None:
    found = LocalEntropy(f, gamma, b).at(theta, 8)
    assert found.value.rel_accuracy_bits() > 25
    assert found.curvature.rad() <= abs(found.curvature).lower() * 1e-8 + 1e-16 * float(
        Rational(gamma)
    )
    assert not found.curvature > float(Rational(gamma)) * (1 + 1e-12)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (
            lambda: LocalEntropy(-(t**2), 1).at(0),
            NotIntegrable,
            "stays bounded from above or falls",
        ),
        (lambda: LocalEntropy(-exp(t), 1).at(0), NotIntegrable, "t -> oo"),
        (lambda: LocalEntropy(log(Abs(t)), 1).at(0), ValueError, "near t = 0"),
        (lambda: LocalEntropy(t**-2, 1).at(0), ValueError, "defined and bounded"),
        (lambda: LocalEntropy(t * Symbol("x"), 1), ValueError, "expression of one symbol"),
        (lambda: LocalEntropy(Abs(Symbol("p", positive=True)), 1), ValueError, "real symbol"),
        (lambda: LocalEntropy(t, 0), ValueError, "gamma > 0 as an exact number, got 0"),
        (lambda: LocalEntropy(t, 1).at(float("nan")), ValueError, "theta as an exact number"),
        (lambda: LocalEntropy(t, 1, bound=(1, 2)), ValueError, "expected bound = "),
        (lambda: MoreauEnvelope(-(t**2), 1).at(0), NotIntegrable, "gamma = 1"),
        (lambda: SoftAttack(Abs(t), 1, 1, 1), ValueError, "smooth loss without folds"),
        (lambda: SoftAttack(log(t), 1, 2, 1).at(1), ValueError, "under every perturbation"),
    ],
)
def test_errors_are_one_sentence(
    make: Callable[[], Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error) as caught:
        make()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_declared_bound_takes_the_place_of_one_that_is_not_found() -> None:
    f = -Abs(tanh(t) * sqrt(1 + t**4) / 4)
    with pytest.raises(ValueError, match="expected bound="):
        LocalEntropy(f.subs(t, t**3), 1).at(0)
    expected = LocalEntropy(-(t**2) / 4 * sin(t), 1).at(0, 6).curvature
    declared = LocalEntropy(-(t**2) / 4 * sin(t), 1, bound=("1/2", 0, 0)).at(0, 6).curvature
    assert declared.overlaps(expected)


# --- the parts


@settings(max_examples=12)
@given(slopes_and_knots, rationals(-6, 6, 7))
def test_pieces_agree_with_the_function(folds: Folds, at: Fraction) -> None:
    f = Max(folded(folds), Min(t, -t)) + Abs(Abs(t) - 1)
    point = exactly(at)
    for piece in pieces(f, t):
        inside = (piece.low is None or piece.low <= point) and (
            piece.high is None or point <= piece.high
        )
        if inside:
            assert piece.expr.subs(t, point) == f.subs(t, point)
            assert not piece.expr.has(Abs, Max, Min)


GROWING = [-sqrt(1 + t**2), -log(1 + t**2), log(1 + exp(5 * t)), sin(t) * t, Abs(t - 3), t**3 - t]


@given(st.sampled_from(GROWING), rationals(-9, 9), st.sampled_from([-1, 1]), st.integers(0, 10**5))
def test_growth_bounds_hold(f: Expr, start: Fraction, side: int, away: int) -> None:
    found = growth(f, t, exactly(start), side)
    value = enclose(f, {t: exactly(start) + side * Rational(away, 7)})
    v = arb(fmpq(away, 7))
    for bound, sign in ((found.low, 1), (found.high, -1)):
        if bound is not None:
            polynomial = sum((c * v**i for i, c in enumerate(bound)), arb(0))
            assert not sign * (value - polynomial) < 0


def test_it_is_fast() -> None:
    """A second is ten times what one value takes on an idle core."""
    start = time.perf_counter()
    LocalEntropy(ADVERSARIAL, 3).at("1/7")
    assert time.perf_counter() - start < 5
