"""Laws of the claim language: canonical forms, derived derivatives, refusals in one sentence."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational, S, diff, exp, oo, symbols

import theory.planted.malformed
from numerics.targets import select
from tests.laws import points as at
from theory import (
    AdversarialLoss,
    AttackSet,
    Claim,
    KinkError,
    Label,
    Lipschitz,
    MarginLoss,
    NormBall,
    Signs,
    Vector,
    absolute,
    dot,
    exponential,
    gradient,
    hadamard,
    hessian,
    hinge,
    logistic,
    norm,
    ones,
    sign,
    squared_hinge,
    unit,
)
from theory.coordinates import coordinate, in_coordinates

HIGH = at.HIGH
theta, x, h, s, y = Vector("theta"), Vector("x"), Vector("h"), Signs("s"), Label("y")
eps = symbols("epsilon", positive=True)

# canonical forms --------------------------------------------------------------------------

atoms = st.sampled_from(
    [theta, x, s, ones(), hadamard(theta, x), hadamard(s, theta), absolute(theta), sign(x)]
)
# Numbers, for coefficients are collected but not expanded: y*(y + 1/2) stays as it is.
coefficients = st.integers(-3, 3) | st.just(Rational(1, 2))
combinations = st.lists(st.tuples(coefficients, atoms), min_size=1, max_size=4).map(
    lambda terms: sum((c * b for c, b in terms[1:]), terms[0][0] * terms[0][1])
)
places = at.dimensions.flatmap(
    lambda d: st.fixed_dictionaries(
        {theta: at.vectors(d), x: at.vectors(d), s: at.signs(d), y: at.labels}
    )
)


@given(u=combinations, v=combinations, w=combinations)
def test_vectors_form_a_module(u: Any, v: Any, w: Any) -> None:
    assert u + v == v + u
    assert (u + v) + w == u + (v + w)
    assert u + v - v == u
    assert 2 * (u + v) == 2 * u + 2 * v
    assert u - u == 0 * v


@given(u=combinations, v=combinations, w=combinations)
def test_componentwise_products_form_an_algebra(u: Any, v: Any, w: Any) -> None:
    assert hadamard(u, v) == hadamard(v, u)
    assert hadamard(u, v + w) == hadamard(u, v) + hadamard(u, w)
    assert hadamard(ones(), u) == u
    assert hadamard(hadamard(u, v), w) == hadamard(u, hadamard(v, w))


@given(u=combinations, v=combinations, w=combinations)
def test_inner_products_are_bilinear_and_symmetric(u: Any, v: Any, w: Any) -> None:
    assert dot(u, v) == dot(v, u)
    assert (dot(u, v + 3 * w) - dot(u, v) - 3 * dot(u, w)).expand() == 0
    assert (dot(hadamard(u, v), w) - dot(u, hadamard(v, w))).expand() == 0


@given(u=combinations, p=st.sampled_from([S(1), Rational(3, 2), S(2), oo]))
def test_norms_are_homogeneous_and_even(u: Any, p: Any) -> None:
    assert norm(-u, p) == norm(u, p)
    if len(u.terms()) == 1:
        assert norm(y * u, p) == norm(u, p)
        assert norm(-3 * u, p) == 3 * norm(u, p)


@given(u=combinations, v=combinations, place=places)
def test_canonical_forms_keep_the_values(u: Any, v: Any, place: dict[Any, Any]) -> None:
    """Sums, products and inner products, formed as symbols or as numbers."""
    d = len(place[theta])
    a, b = at.components(u, place, d), at.components(v, place, d)
    total, product = at.components(u + v, place, d), at.components(hadamard(u, v), place, d)
    assert all(at.close(t, p + q) for t, p, q in zip(total, a, b, strict=True))
    assert all(at.close(t, p * q) for t, p, q in zip(product, a, b, strict=True))
    inner = HIGH.fsum(p * q for p, q in zip(a, b, strict=True))
    assert at.close(at.number(dot(u, v), place, d), inner)
    assert at.close(at.number(norm(u) ** 2, place, d), HIGH.fsum(p * p for p in a))
    assert at.close(at.number(norm(u, 1), place, d), HIGH.fsum(map(abs, a)))


@given(u=combinations, v=combinations, place=places)
def test_coordinates_keep_the_values(u: Any, v: Any, place: dict[Any, Any]) -> None:
    """Vectors written out in coordinates against the evaluation that walks through them."""
    d = len(place[theta])
    scalars = {k: v for k, v in place.items() if k is y}
    for variable in (theta, x, s):
        scalars |= {coordinate(variable, i): c for i, c in enumerate(place[variable])}
    for e in (dot(u, v), norm(u), norm(v, 1), norm(u - v, oo)):
        assert at.close(at.number(in_coordinates(e, d), scalars, d), at.number(e, place, d))


def test_labels_and_signs_square_to_one() -> None:
    assert (y**2, y**3, abs(y), 1 / y, y**-4) == (1, y, 1, y, 1)
    assert hadamard(s, s) == ones()
    assert absolute(s) == ones()
    assert norm(hadamard(s, theta), 3) == norm(theta, 3)
    assert sign(-y * theta) == -y * sign(theta)
    assert unit(-2 * theta) == -unit(theta)
    assert dot(theta, sign(theta)) == norm(theta, 1)
    assert norm(s) == norm(ones())
    assert norm(theta - x) == norm(x - theta)


# derivatives ------------------------------------------------------------------------------

BALLS: dict[str, tuple[Any, Any]] = {
    "1": (NormBall(1, Rational(1, 3)), lambda t: max(map(abs, t)) / 3),
    "3/2": (NormBall(Rational(3, 2), Rational(1, 3)), lambda t: power_norm(t, 3) / 3),
    "2": (NormBall(2, Rational(1, 3)), lambda t: power_norm(t, 2) / 3),
    "3": (NormBall(3, Rational(1, 3)), lambda t: power_norm(t, HIGH.mpf(3) / 2) / 3),
    "oo": (NormBall(oo, Rational(1, 3)), lambda t: power_norm(t, 1) / 3),
    "two balls": (
        AttackSet(support=lambda t: norm(t) / 4 + norm(t, 1) / 5),
        lambda t: power_norm(t, 2) / 4 + power_norm(t, 1) / 5,
    ),
}
LOSSES: dict[Any, Any] = {
    logistic: lambda m: HIGH.log(1 + HIGH.exp(-m)),
    exponential: lambda m: HIGH.exp(-m),
    hinge: lambda m: max(HIGH.mpf(0), 1 - m),
    squared_hinge: lambda m: max(HIGH.mpf(0), 1 - m) ** 2,
}
STEP = HIGH.mpf(10) ** -12


def power_norm(t: list[Any], q: Any) -> Any:
    return HIGH.fsum(abs(c) ** q for c in t) ** (1 / HIGH.mpf(q))


def by_hand(case: dict[str, Any], r: Any) -> Any:
    """The adversarial loss at theta + r h, in mpmath alone."""
    support = BALLS[case["ball"]][1]
    t = [at.high(a) + r * at.high(b) for a, b in zip(case[theta], case[h], strict=True)]
    inner = HIGH.fsum(a * at.high(b) for a, b in zip(t, case[x], strict=True))
    return case[y] * inner - support(t)


nonzero = at.rationals.filter(lambda c: abs(c) >= Fraction(1, 4))
cases = at.dimensions.flatmap(
    lambda d: st.fixed_dictionaries(
        {
            theta: st.lists(nonzero, min_size=d, max_size=d, unique_by=abs),
            x: at.vectors(d),
            h: at.vectors(d),
            y: at.labels,
            "ball": st.sampled_from(sorted(BALLS)),
            "loss": st.sampled_from(list(LOSSES)),
        }
    )
)


@given(case=cases)
def test_derived_gradients_and_hessians_agree_with_difference_quotients(
    case: dict[Any, Any],
) -> None:
    """Along random rational directions, off the kinks, to fifty digits."""
    loss, d = case["loss"], len(case[theta])
    if loss in (hinge, squared_hinge) and abs(by_hand(case, 0) - 1) < 0.05:
        return
    attacked = AdversarialLoss(loss, BALLS[case["ball"]][0])
    point = {v: case[v] for v in (theta, x, h, y)}
    first = at.number(dot(attacked.gradient(theta, x, y), h), point, d)
    second = at.number(dot(h, attacked.hessian(theta, x, y) @ h), point, d)
    low, mid, high = (LOSSES[loss](by_hand(case, k * STEP)) for k in (-1, 0, 1))
    assert near(first, (high - low) / (2 * STEP))
    assert near(second, (high - 2 * mid + low) / STEP**2)
    assert at.close(at.number(attacked.value(theta, x, y), point, d), mid)


@given(case=cases, loss=st.sampled_from([logistic, exponential]), r=at.rationals)
def test_derivatives_along_a_line_are_those_of_the_line(case: Any, loss: Any, r: Any) -> None:
    """d/dr and d^2/dr^2 of the loss at theta + r h, under the L2 ball."""
    attacked, number = AdversarialLoss(loss, NormBall(2, Rational(1, 3))), symbols("r", real=True)
    moved = [a + r * b for a, b in zip(case[theta], case[h], strict=True)]
    if not any(moved):
        return
    d, line = len(moved), attacked.value(theta + number * h, x, y)
    here = {**{v: case[v] for v in (theta, x, h, y)}, number: r}
    there = {**here, theta: moved}
    gradient_there, hessian_there = attacked.gradient(theta, x, y), attacked.hessian(theta, x, y)
    slopes = [dot(gradient_there, h), dot(h, hessian_there @ h)]
    for order, slope in enumerate(slopes, start=1):
        found = at.number(diff(line, number, order), here, d)
        assert near(found, at.number(slope, there, d))


def near(a: Any, b: Any) -> bool:
    """Truncation STEP^2 = 1e-24 times derivatives below 1e12 (small theta, exponential loss);
    rounding 1e-50/STEP^2 = 1e-26 times values below 1e12."""
    return bool(abs(a - b) <= HIGH.mpf(10) ** -12 * (1 + abs(a)))


@given(case=cases)
def test_gradient_and_hessian_have_two_routes(case: dict[Any, Any]) -> None:
    """The chain rule by hand in AdversarialLoss, and the calculus applied to the value."""
    loss, d = case["loss"], len(case[theta])
    attacked = AdversarialLoss(loss, BALLS[case["ball"]][0])
    point = {v: case[v] for v in (theta, x, h, y)}
    if loss in (hinge, squared_hinge) and abs(by_hand(case, 0) - 1) < 0.05:
        return
    value = attacked.value(theta, x, y)
    one = gradient(value, theta, "almost everywhere")
    two = hessian(value, theta, "almost everywhere")
    assert at.close(
        at.number(dot(one, h), point, d),
        at.number(dot(attacked.gradient(theta, x, y), h), point, d),
    )
    assert at.close(
        at.number(dot(h, two @ h), point, d),
        at.number(dot(h, attacked.hessian(theta, x, y) @ h), point, d),
    )


# refusals ---------------------------------------------------------------------------------

REFUSED: dict[str, tuple[Any, type[Exception], str]] = {
    "product": (lambda: theta * x, TypeError, r"expected dot\(u, v\) or hadamard"),
    "vector plus one": (lambda: theta + 1, TypeError, "expected a vector, got a scalar"),
    "one plus vector": (lambda: 1 + theta, TypeError, "expected a vector, got a scalar"),
    "one minus vector": (lambda: 1 - theta, TypeError, "expected a vector, got a scalar"),
    "norm of one": (lambda: norm(1), TypeError, "norm: expected a vector, got 1"),
    "dot with one": (lambda: dot(theta, 1), TypeError, "dot: expected a vector, got 1"),
    "p below one": (lambda: norm(theta, Rational(9, 10)), ValueError, "number >= 1 or oo"),
    "p not a number": (lambda: norm(theta, float("nan")), ValueError, "number >= 1 or oo"),
    "p a symbol": (lambda: norm(theta, symbols("p")), ValueError, "number >= 1 or oo"),
    "p a word": (lambda: norm(theta, "two"), ValueError, "number >= 1 or oo"),
    "p negative infinity": (lambda: norm(theta, -oo), ValueError, "number >= 1 or oo"),
    "ball below one": (lambda: NormBall(0, 1), ValueError, "NormBall: expected p"),
    "negative radius": (lambda: NormBall(2, -1), ValueError, "expected a radius >= 0"),
    "radius of no sign": (lambda: NormBall(2, symbols("r")), ValueError, "positive=True"),
    "radius a vector": (lambda: NormBall(2, theta), TypeError, "expected a scalar"),
    "order of vectors": (lambda: theta <= x, TypeError, "is a vector and has no order"),
    "kink of a 1-norm": (lambda: gradient(norm(theta, 1), theta), KinkError, "has a kink"),
    "kink of an oo-norm": (lambda: gradient(norm(theta, oo), theta), KinkError, "has a kink"),
    "kink of signs": (lambda: gradient(dot(sign(theta), x), theta), KinkError, "has a kink"),
    "unknown word for kinks": (
        lambda: gradient(norm(theta, 1), theta, "ignore"),  # type: ignore[arg-type]
        ValueError,
        "almost everywhere",
    ),
    "derivative by signs": (lambda: gradient(dot(s, x), s), TypeError, "differentiate by"),
    "no homogeneity": (
        lambda: AttackSet(support=lambda t: norm(t) ** 2),
        ValueError,
        "support function",
    ),
    "loss of no margin": (lambda: MarginLoss("one", S.One), ValueError, "in one symbol"),
    "loss without a shape": (
        lambda: AdversarialLoss(
            MarginLoss("bump", lambda m: m * exp(-m * m)), NormBall(2, 1)
        ).value(theta, x, y),
        ValueError,
        "neither monotone nor convex",
    ),
    "name of a vector": (lambda: Vector("a b"), ValueError, "expected a name"),
    "moving constant": (
        lambda: Lipschitz(norm(theta), theta, norm(theta)),
        ValueError,
        "does not depend",
    ),
    "no statement": (lambda: Claim(id="a", holds=norm(theta)), TypeError, "a relation or"),
    "python equality": (
        lambda: Claim(id="a", holds=norm(theta) == norm(x)),
        TypeError,
        "== and != compare formulas",
    ),
    "hypothesis a vector": (
        lambda: Claim(id="a", given=[theta], holds=norm(x) >= 0),
        TypeError,
        "relation",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_makes_no_sense_is_refused_in_one_sentence(name: str) -> None:
    make, kind, sentence = REFUSED[name]
    with pytest.raises(kind, match=sentence) as caught:
        make()
    assert "\n" not in str(caught.value)


MALFORMED = sorted(
    path
    for path in Path(theory.planted.malformed.__path__[0]).glob("*.py")
    if path.name != "__init__.py"
)


@pytest.mark.parametrize("path", MALFORMED, ids=lambda path: path.stem)
def test_a_malformed_file_gets_its_sentence(path: Path) -> None:
    wanted = path.read_text("utf-8").splitlines()[0].removeprefix("# expected: ")
    errors = select([str(path)]).errors
    assert len(errors) == 1
    message = errors[0].message or ""
    assert wanted in message
    assert path.name in message
    assert "\n" not in message


@pytest.mark.parametrize("text", ["def f(:\n", "x = 'open\n", "  indented = 1\n", "\0"])
def test_a_file_that_does_not_parse_gets_a_sentence(text: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text(text)
    (error,) = select([str(path)]).errors
    assert "expected valid Python" in (error.message or "")
