"""One-sided derivatives against difference quotients of the function itself, for every ball."""

from itertools import product

import pytest
from sympy import N, Rational, S, oo, symbols

from theory import AdversarialLoss, Label, NormBall, Vector, logistic, norm, ones
from theory.coordinates import coordinate, coordinates, in_coordinates
from theory.directional import directional_derivative, gradient_jump, norm_slope

THETA, X, H, Y = Vector("theta"), Vector("x"), Vector("h"), Label("y")
EPS = symbols("epsilon", positive=True)
POINTS = [(1, 1), (0, 1), (0, 0), (-1, 1), (2, -3)]
STEP = Rational(1, 10**12)


def values(theta, h, y=1):
    found = {EPS: Rational(3, 10), Y: y}
    for v, point in ((THETA, theta), (X, (Rational(1, 2), -1)), (H, h)):
        found |= {coordinate(v, i): S(c) for i, c in enumerate(point)}
    return found


@pytest.mark.parametrize(("p", "theta"), list(product((1, Rational(3, 2), 2, oo), POINTS)))
def test_directional_derivative_is_the_limit_of_difference_quotients(p, theta):
    f = AdversarialLoss(logistic, NormBall(p, EPS)).value(THETA, X, Y)
    here, form = values(theta, (1, -2)), in_coordinates(f, 2)
    moved = values(tuple(a + STEP * b for a, b in zip(theta, (1, -2), strict=True)), (1, -2))
    quotient = N((form.subs(moved) - form.subs(here)) / STEP, 30, maxn=1000)
    derived = in_coordinates(directional_derivative(f, THETA, H), 2).subs(here)
    assert abs(N(derived, 30) - quotient) < 1e-9, (p, theta, derived, quotient)


def test_linf_jump_counts_the_coordinates_that_cross():
    f = AdversarialLoss(logistic, NormBall(oo, EPS)).value(THETA, X, Y)
    (jump,) = gradient_jump(f, THETA, H).values()
    point = values((0, 1), (1, -2))
    size = in_coordinates(norm(jump), 2).subs(point)
    margin = -1 - Rational(3, 10)
    expected = 2 * Rational(3, 10) / (1 + S.Exp1**margin)
    assert abs(N(size - expected, 30)) < 1e-25


def test_the_zero_pattern_is_exact():
    slope = norm_slope(THETA, H, S.One)
    for theta in POINTS:
        at = values(theta, (1, -2))
        by_hand = sum(
            abs(b) if a == 0 else (1 if a > 0 else -1) * b
            for a, b in zip(theta, (1, -2), strict=True)
        )
        assert in_coordinates(slope, 2).subs(at) == by_hand
    assert coordinates(ones(), 3) == (1, 1, 1)
