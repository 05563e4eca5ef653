"""One list of one-variable statements, each with its truth; the engine may say less, never more."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Interval, Max, Min, Piecewise, Rational, cosh, exp, log, oo, sign, sqrt, tanh

from theory import clock
from theory.enclosure import enclose
from theory.reasoning.one_variable import (
    Jump,
    Kink,
    convexity,
    infimum,
    jumps,
    kinks,
    monotonicity,
    prove_nonnegative,
    refute_nonnegative,
    supremum,
    upper_bound,
)
from theory.reasoning.one_variable.refute import refute_by_samples

z = sp.Symbol("z", real=True)
R = Rational
REALS = Interval(-oo, oo)
HALF = Interval(0, oo)
OPEN_HALF = Interval.open(0, oo)

s = 1 / (1 + exp(-z))
phi = log(1 + exp(-z))
d1, d2, d3, d4 = (sp.diff(phi, z, k) for k in (1, 2, 3, 4))
hinge = Max(0, 1 - z)
squared_hinge = hinge**2
ramp = Min(1, Max(0, 1 - z))
sigmoid_loss = 1 / (1 + exp(z))
scaled = log(1 + exp(-3 * z)) / 3
huber = Piecewise((z**2 / 2, Abs(z) <= 1), (Abs(z) - R(1, 2), True))
HAIR = R(1, 10**9)

TRUE = {
    "logistic tangent": (phi - log(2) + z / 2, REALS),
    "logistic derivative at most a quarter": (R(1, 4) - s * s.subs(z, -z), REALS),
    "quadratic majorant": (log(2) - z / 2 + z**2 / 8 - phi, REALS),
    "softplus above identity": (log(1 + exp(z)) - z, REALS),
    "softplus below identity plus log 2": (log(1 + exp(z)) - Max(0, z), REALS),
    "softplus gap": (log(2) + Max(0, z) - log(1 + exp(z)), REALS),
    "logistic symmetric identity": (phi - phi.subs(z, -z) + z, REALS),
    "phi' at least -1": (1 + d1, REALS),
    "phi' at most 0": (-d1, REALS),
    "phi'' nonnegative": (d2, REALS),
    "third derivative above": (sqrt(3) / 18 - d3, REALS),
    "third derivative below": (sqrt(3) / 18 + d3, REALS),
    "third derivative both": (1 / (6 * sqrt(3)) - Abs(d3), REALS),
    "fourth derivative": (R(1, 8) - Abs(d4), REALS),
    "self concordance": (d2 - Abs(d3), REALS),
    "phi'' below -phi'": (-d1 - d2, REALS),
    "phi'^2 below -phi' ": (-d1 - d1**2, REALS),
    "logistic below exponential": (exp(-z) - phi, REALS),
    "exponential tangent": (exp(z) - 1 - z, REALS),
    "exponential second order": (exp(z) - 1 - z - z**2 / 2, HALF),
    "exponential far out": (exp(z) - z**3, Interval(5, oo)),
    "log tangent": (z - 1 - log(z), OPEN_HALF),
    "log lower": (log(z) - 1 + 1 / z, OPEN_HALF),
    "tanh below identity": (z - tanh(z), HALF),
    "tanh is two sigmoids": (tanh(z / 2) - 2 * s + 1, REALS),
    "tanh at most 1": (1 - tanh(z), REALS),
    "tanh slope": (1 - Abs(tanh(z)), REALS),
    "cosh": (cosh(z) - 1 - z**2 / 2, REALS),
    "log cosh": (z**2 / 2 - log(cosh(z)), REALS),
    "log cosh above": (log(cosh(z)) - Abs(z) + log(2), REALS),
    "hinge": (hinge, REALS),
    "hinge above its tangent": (hinge - (1 - z), REALS),
    "hinge below squared hinge shift": (squared_hinge + R(1, 4) - hinge, REALS),
    "ramp below hinge": (hinge - ramp, REALS),
    "ramp at most 1": (1 - ramp, REALS),
    "square above squared hinge": ((1 - z) ** 2 - squared_hinge, REALS),
    "logistic against hinge": (hinge + log(2) - phi, REALS),
    "exponential above hinge": (exp(-z) - hinge, REALS),
    "sigmoid loss slope": (R(1, 4) - Abs(sp.diff(sigmoid_loss, z)), REALS),
    "sigmoid loss below exponential": (exp(-z) - sigmoid_loss, REALS),
    "sigmoid loss below twice logistic": (phi / log(2) - sigmoid_loss, REALS),
    "scaled logistic above": (scaled - Max(0, -z), REALS),
    "scaled logistic gap": (Max(0, -z) + log(2) / 3 - scaled, REALS),
    "scaled curvature": (R(3, 4) - sp.diff(scaled, z, 2), REALS),
    "huber": (z**2 / 2 - huber, REALS),
    "huber above": (huber - Abs(z) + R(1, 2), REALS),
    "max of exponentials": (Max(exp(z), exp(-z)) - cosh(z), REALS),
    "root": (sqrt(1 + z**2) - Abs(z), REALS),
    "root tangent": (1 + z**2 / 2 - sqrt(1 + z**2), REALS),
    "s over z": (s.subs(z, -z) / z - exp(-z) / (2 * z), OPEN_HALF),
    "z s(-z) at most 0.2785": (R(2785, 10000) - z * s.subs(z, -z), HALF),
    "entropy": (log(2) + s * log(s) + (1 - s) * log(1 - s), REALS),
    "Jaakkola": (log(cosh(R(1, 2))) + tanh(R(1, 2)) / 4 * (z**2 - 1) - log(cosh(z / 2)), REALS),
    "even quartic": ((z**2 - 2) ** 2, REALS),
    "cubic on a half line": (z**3 - 3 * z + 2, HALF),
    "sign": (1 - sign(z), REALS),
    "far tail": (phi, Interval(1000, oo)),
    "erf": (1 - sp.erf(z), REALS),
    "sine": (z - sp.sin(z), HALF),
    "gauss": (1 - exp(-(z**2)), REALS),
}

STRICT = {
    "softplus": (log(1 + exp(z)) - z, REALS),
    "logistic positive": (phi, REALS),
    "exponential": (exp(-z), REALS),
    "phi''": (d2, REALS),
    "sigmoid below 1": (1 - s, REALS),
    "tanh below identity": (z - tanh(z), OPEN_HALF),
    "log tangent away from 1": (z - 1 - log(z), Interval.open(1, oo)),
    "root": (sqrt(1 + z**2) - z, REALS),
    "rational": (z**2 - z + 1, REALS),
    "self concordance": (d2 - Abs(d3), REALS),
}

FALSE = {
    "logistic convex bound reversed": (log(2) - z / 2 - phi, REALS),
    "quadratic majorant too flat": (log(2) - z / 2 + z**2 / 9 - phi, REALS),
    "wrong quarter": (R(1, 5) - s * s.subs(z, -z), REALS),
    "exponential cubic": (exp(z) - 1 - z - z**2 / 2, REALS),
    "hinge above logistic": (hinge - phi, REALS),
    "far out only": (R(10**6) - z, REALS),
    "exp below polynomial until late": (z**4 - exp(z), Interval(2, oo)),
    "squared hinge below hinge": (hinge - squared_hinge, REALS),
    "tanh above": (tanh(z) - z + z**3 / 4, HALF),
    "one point of a jump": (Piecewise((1, z > 0), (1, z < 0), (-1, True)), REALS),
    "negative below a kink": (Abs(z) - R(1, 1000), REALS),
    "tail of a logarithm": (10 - log(z), OPEN_HALF),
}

NOT_SHARP = {
    "exponential far out",
    "z s(-z) at most 0.2785",
    "logistic against hinge",
}

LOSSES = {
    "logistic": (phi, "decreasing", "convex"),
    "exponential": (exp(-z), "decreasing", "convex"),
    "hinge": (hinge, "decreasing", "convex"),
    "squared hinge": (squared_hinge, "decreasing", "convex"),
    "ramp": (ramp, "decreasing", None),
    "sigmoid": (sigmoid_loss, "decreasing", None),
    "scaled": (scaled, "decreasing", "convex"),
    "square": ((1 - z) ** 2, None, "convex"),
    "absolute": (Abs(z), None, "convex"),
    "huber": (huber, None, "convex"),
    "sign": (sign(z), "increasing", None),
    "affine": (3 - 2 * z, "decreasing", "affine"),
    "constant": (log(1 + exp(z)) - log(1 + exp(-z)) - z, "constant", "affine"),
    "negative": (-hinge, "increasing", "concave"),
    "exponential max": (Max(exp(-z), 1 - z), "decreasing", "convex"),
    "smoothed hinge": (
        Piecewise((0, z >= 1), ((1 - z) ** 2 / 2, z > 0), (R(1, 2) - z, True)),
        "decreasing",
        "convex",
    ),
}

SUPREMA = {
    "quarter": (d2, R(1, 4), True),
    "third": (Abs(d3), sqrt(3) / 18, True),
    "fourth": (Abs(d4), R(1, 8), True),
    "limit": (-d1, sp.S.One, False),
    "infinite": (phi, oo, False),
    "jump": (sign(z), sp.S.One, True),
    "ramp": (ramp, sp.S.One, True),
    "tanh slope": (sp.diff(tanh(z), z, 2), 4 * sqrt(3) / 9, True),
    "z exp(-z)": (z * exp(-z), exp(-1), True),
    "softplus gap": (log(1 + exp(-Abs(z))), log(2), True),
    "sigmoid curvature": (sp.diff(sigmoid_loss, z, 2), sqrt(3) / 18, True),
}


def _confirmed(f: sp.Expr, domain: Interval, at: sp.Rational) -> bool:
    return domain.contains(at) == sp.true and bool(enclose(f, {z: at}, 4096) < 0)


@pytest.mark.parametrize("name", TRUE)
def test_true_statements_are_proved_and_never_refuted(name: str) -> None:
    f, domain = TRUE[name]
    proof = prove_nonnegative(f, z, domain)
    assert proof is not None and proof.steps, name
    assert refute_nonnegative(f, z, domain) is None, name
    assert refute_by_samples(f, z, domain) is None, name


@pytest.mark.parametrize("name", STRICT)
def test_strict_statements(name: str) -> None:
    f, domain = STRICT[name]
    assert prove_nonnegative(f, z, domain, strict=True) is not None, name


@pytest.mark.parametrize(
    "name",
    [
        "logistic tangent",
        "third derivative both",
        "exponential tangent",
        "hinge",
        "tanh below identity",
        "even quartic",
        "sign",
        "ramp at most 1",
        "huber",
        "logistic symmetric identity",
    ],
)
def test_touching_statements_are_not_strict(name: str) -> None:
    f, domain = TRUE[name]
    assert prove_nonnegative(f, z, domain, strict=True) is None, name


@pytest.mark.parametrize("name", FALSE)
def test_false_statements_are_refuted_and_never_proved(name: str) -> None:
    f, domain = FALSE[name]
    assert prove_nonnegative(f, z, domain) is None, name
    at = refute_nonnegative(f, z, domain)
    assert at is not None and _confirmed(f, domain, at), name


@pytest.mark.parametrize("name", [name for name in TRUE if name not in NOT_SHARP])
def test_statements_wrong_by_a_hair_are_refuted_and_never_proved(name: str) -> None:
    f, domain = TRUE[name]
    low = f - HAIR
    assert prove_nonnegative(low, z, domain) is None, f"{name}: a wrong proof"
    at = refute_nonnegative(low, z, domain)
    assert at is not None and _confirmed(low, domain, at)


@pytest.mark.parametrize("name", LOSSES)
def test_shapes(name: str) -> None:
    f, monotone, convex = LOSSES[name]
    assert monotonicity(f, z, REALS) == monotone
    assert convexity(f, z, REALS) == convex


@pytest.mark.parametrize("name", SUPREMA)
def test_suprema(name: str) -> None:
    f, value, attained = SUPREMA[name]
    found, least = supremum(f, z, REALS), infimum(-f, z, REALS)
    assert found is not None and sp.simplify(found.value - value) == 0 if value is not oo else True
    assert found.attained is attained
    assert least.value == -found.value
    if value is not oo:
        bound = upper_bound(f, z, REALS)
        ball = enclose(value, {})
        assert enclose(bound, {}) >= ball or bound == value
        assert bound <= sp.Rational(str(ball.mid().str(20, radius=False))) * (1 + R(1, 10**6)) + R(
            1, 10**6
        )


def test_upper_bound_without_an_exact_supremum() -> None:
    f = z * s.subs(z, -z)
    assert supremum(f, z, HALF) is None
    assert R(2784645, 10**7) < upper_bound(f, z, HALF) < R(2784647, 10**7)


def test_kinks_and_jumps() -> None:
    assert kinks(hinge, z) == [Kink(sp.S.One, sp.S.NegativeOne, sp.S.Zero)]
    assert kinks(squared_hinge, z) == [] and jumps(squared_hinge, z) == []
    assert [k.at for k in kinks(ramp, z)] == [0, 1]
    assert kinks(Abs(exp(z) - 2), z) == [Kink(log(2), sp.Integer(-2), sp.Integer(2))]
    assert jumps(sign(z), z) == [Jump(sp.S.Zero, sp.S.NegativeOne, sp.S.One, sp.S.Zero)]
    assert kinks(huber, z) == [] and jumps(huber, z) == []


@pytest.mark.parametrize(
    "f, domain",
    [
        (log(z), Interval(0, 2)),
        (1 / z, Interval(-1, 1)),
        (z * log(z) + 1, HALF),
        (sqrt(z), Interval(-1, 1)),
        ((z**2 - 1) / (z - 1) + 5, Interval(0, 2)),
        (log(z) - log(z) + 0 * z - 1, HALF),
    ],
)
def test_undefined_points_are_never_proved(f: sp.Expr, domain: Interval) -> None:
    assert prove_nonnegative(f, z, domain) is None
    assert prove_nonnegative(f, z, domain, strict=True) is None


def test_other_symbols_and_unknown_functions_are_no_answer() -> None:
    w = sp.Symbol("w", real=True)
    assert prove_nonnegative(z**2 + w**2, z, REALS) is None
    assert prove_nonnegative(sp.gamma(z) ** 2, z, Interval(1, 2)) is None
    assert supremum(sp.gamma(z), z, Interval(1, 2)) is None


def test_a_passed_deadline_gives_no_answer_and_poisons_nothing() -> None:
    f = phi - log(2) + z / 2 + z**2 / 7
    assert prove_nonnegative(f, z, REALS, deadline=clock.now() - 1) is None
    assert prove_nonnegative(f, z, REALS) is not None


def test_plain_and_positive_symbols() -> None:
    for m in (sp.Symbol("m"), sp.Symbol("m", positive=True)):
        assert prove_nonnegative(exp(m) - 1 - m, m, OPEN_HALF, strict=True) is not None


ATOMS = st.sampled_from(
    [phi, s, exp(-z), hinge, ramp, tanh(z), Abs(z), z, z**2, squared_hinge, sigmoid_loss, scaled]
)
COEFFICIENTS = st.fractions(min_value=-3, max_value=3, max_denominator=4).map(
    lambda q: Rational(q.numerator, q.denominator)
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(COEFFICIENTS, ATOMS), min_size=1, max_size=3), COEFFICIENTS)
def test_random_combinations_are_never_both_proved_and_violated(terms, constant) -> None:
    f = sp.Add(constant, *(c * atom for c, atom in terms))
    proof = prove_nonnegative(f, z, REALS, deadline=clock.now() + 3)
    negative = [x for x in _grid() if enclose(f, {z: x}, 200) < 0]
    assert not (proof and negative), f"{f}: proved, and negative at {negative[0]}"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(COEFFICIENTS, ATOMS), min_size=1, max_size=3))
def test_random_suprema_are_tight(terms) -> None:
    f = sp.Add(*(c * atom for c, atom in terms))
    found = supremum(f, z, REALS, deadline=clock.now() + 3)
    if found is None or found.value is oo:
        return
    top = enclose(found.value, {}, 200)
    assert not any(enclose(f, {z: x}, 200) > top for x in _grid()), f
    assert prove_nonnegative(found.value - HAIR - f, z, REALS, deadline=clock.now() + 3) is None


def _grid() -> list[Rational]:
    sizes = [R(n, 7) * R(10) ** k for k in (-4, -2, 0, 1) for n in range(1, 30, 3)]
    return [0, 1, *sizes, *(-x for x in sizes)]
