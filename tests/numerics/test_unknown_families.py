"""The exact facts that concrete functions declare, against samples; balls, entropies, matrices."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
import sympy as sp
from flint import arb, fmpq

from numerics.falsify.unknowns.ball_maximum import over
from numerics.falsify.unknowns.bodies import Ball, Box
from numerics.falsify.unknowns.box_maximum import Inner
from numerics.falsify.unknowns.draws import _general, _of_one_variable, _ridge, _spread, _tilted
from numerics.falsify.unknowns.entropies import T, enclosed
from numerics.falsify.unknowns.instances import coordinate_names
from numerics.falsify.unknowns.numbers import Undefined, rational
from numerics.falsify.unknowns.piecewise_maximum import Objective
from numerics.falsify.unknowns.rational_matrices import (
    added,
    applied,
    definite,
    descent_direction,
    dotted,
    inverted,
    norm_at_most,
    operator_norm_of,
    product,
    transposed,
    unit_matrix,
)
from numerics.falsify.unknowns.tighten import simplest
from numerics.falsify.unknowns.waves import Wave
from theory.general import Function

SLOTS = ("x", "theta")
KINDS = [_general, _spread, _ridge, _tilted]


def to_float(a: Any) -> float:
    return float(arb(a).mid())


def floats(m: Any) -> np.ndarray:
    return np.array([[to_float(x) for x in row] for row in m])


def evaluated(f: Any, d: int) -> Any:
    names = coordinate_names(Function("l", *f.slots), d)
    return sp.lambdify([n for row in names for n in row], f.expression(names), "math")


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
@pytest.mark.parametrize("d", [2, 3])
def test_values_and_gradients_are_those_of_the_formula(kind: Any, d: int) -> None:
    rng = random.Random(d)
    for _ in range(10):
        f = kind(SLOTS, d, rng)
        g = evaluated(f, d)
        z = [[fmpq(rng.randint(-30, 30), 7) for _ in range(d)] for _ in SLOTS]
        flat = [to_float(x) for row in z for x in row]
        assert to_float(f.value(z)) == pytest.approx(g(*flat), rel=1e-12, abs=1e-12)
        for k, slot in enumerate(SLOTS):
            for i, slope in enumerate(f.partial(slot, z)):
                up, down = list(flat), list(flat)
                up[k * d + i] += 1e-5
                down[k * d + i] -= 1e-5
                assert (g(*up) - g(*down)) / 2e-5 == pytest.approx(to_float(slope), abs=1e-3)


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_declared_constants_bound_the_changes_of_gradients(kind: Any) -> None:
    rng, d = random.Random(1), 2
    for _ in range(20):
        f = kind(SLOTS, d, rng)
        for first in SLOTS:
            for second in SLOTS:
                largest = max(to_float(operator_norm_of(m)) for m in f.extremes(first, second))
                assert _observed(f, first, second, d, rng) <= largest * (1 + 1e-9) + 1e-12


def _observed(f: Any, first: str, second: str, d: int, rng: random.Random) -> float:
    k, found = SLOTS.index(second), 0.0
    for _ in range(10):
        z = [[fmpq(rng.randint(-30, 30), 7) for _ in range(d)] for _ in SLOTS]
        other = list(z)
        other[k] = [x + fmpq(rng.randint(-9, 9), 5) for x in z[k]]
        step = [a - b for a, b in zip(other[k], z[k], strict=True)]
        if any(x != 0 for x in step):
            pair = zip(f.partial(first, other), f.partial(first, z), strict=True)
            change = [to_float(a - b) for a, b in pair]
            found = max(found, np.linalg.norm(change) / np.linalg.norm([to_float(x) for x in step]))
    return found


def test_declared_constants_of_ridges_are_attained() -> None:
    """Inside the ridge and outside it the second derivative takes the two values."""
    rng = random.Random(3)
    for _ in range(20):
        f = _of_one_variable(("t",), rng)
        if isinstance(f, Wave):
            continue
        inside, outside = ([[fmpq(k)]] for k in (0, 50))
        step, ends = fmpq(1, 10**6), {str(m[0][0]) for m in f.extremes("t", "t")}
        seen = set()
        for (t,) in (inside, outside):
            up = f.partial("t", [[t[0] + step]])[0] - f.partial("t", [[t[0]]])[0]
            seen.add(str(up / step))
        assert seen == ends
        assert f.lipschitz("t") == abs(f.partial("t", outside)[0])


def test_declared_constants_of_a_wave() -> None:
    f = Wave(("t",), rational("3/2"), rational("4"))
    grid = np.linspace(-3, 3, 4001)
    values = np.array([to_float(f.value([[fmpq(int(1000 * t), 1000)]])) for t in grid[::40]])
    exact = 1.5 * np.cos(4 * np.array([int(1000 * t) / 1000 for t in grid[::40]]))
    assert values == pytest.approx(exact)
    assert f.lipschitz("t") == 6
    assert [m[0][0] for m in f.extremes("t", "t")] == [-24, 24]
    assert np.abs(np.diff(1.5 * np.cos(4 * grid)) / np.diff(grid)).max() <= 6


def test_least_slope_is_the_least() -> None:
    rng, d = random.Random(2), 2
    for _ in range(30):
        f = _tilted(SLOTS, d, rng)
        least = to_float(f.least_slope_squared("x"))
        for _ in range(20):
            z = [[fmpq(rng.randint(-30, 30), 7) for _ in range(d)] for _ in SLOTS]
            g = f.partial("x", z)
            assert to_float(dotted(g, g)) >= least - 1e-12
        zero = [[fmpq(0)] * d for _ in SLOTS]
        g = f.partial("x", zero)
        assert to_float(dotted(g, g)) == pytest.approx(least)


def test_maximisers_on_an_interval_beat_a_grid() -> None:
    rng = random.Random(4)
    for _ in range(300):
        k, g, c, p, s = (fmpq(rng.randint(-4, 4), 2) for _ in range(5))
        objective = Objective(k, g, c, p, s)
        found = objective.maximisers(fmpq(-2), fmpq(3, 2))
        best = {str(objective(x)) for x in found}
        assert len(best) == 1
        grid = [fmpq(-2) + fmpq(7 * i, 2 * 60) for i in range(61)]
        assert all(objective(x) <= objective(found[0]) for x in grid)


def test_maximisers_on_a_ball_beat_samples() -> None:
    rng = random.Random(5)
    for _ in range(60):
        k, r = fmpq(rng.randint(-4, 4)), fmpq(rng.randint(1, 4), 2)
        g = [fmpq(rng.randint(-3, 3)) for _ in range(2)]
        h = [[k, fmpq(0)], [fmpq(0), k]]
        for x in over(Inner(h, g), Ball(r)):
            value = to_float(dotted(g, x) + dotted(x, applied(h, x)) / 2)
            assert to_float(dotted(x, x)) <= to_float(r * r) + 1e-12
            for a in np.linspace(0, 2 * np.pi, 60):
                for size in (0.3, 1):
                    y = size * to_float(r) * np.array([np.cos(a), np.sin(a)])
                    there = y @ [to_float(c) for c in g] + to_float(k) / 2 * y @ y
                    assert there <= value + 1e-9


def test_jacobians_of_maximisers_are_differences() -> None:
    rng, d, step = random.Random(6), 2, fmpq(1, 10**7)
    seen = 0
    for _ in range(200):
        f = _general(SLOTS, d, rng)
        body: Any = rng.choice([Ball(fmpq(1)), Box((fmpq(-1),) * d, (fmpq(1),) * d)])
        theta = [fmpq(rng.randint(-9, 9), 4) for _ in range(d)]
        zero = [fmpq(0)] * d
        try:
            claimed = floats(f.slope("x", "theta", body, [zero, theta]))
        except Undefined:
            continue
        for i in range(d):
            moved = [t + (step if k == i else 0) for k, t in enumerate(theta)]
            (a,), (b,) = (f.maximisers("x", body, [zero, y]) for y in (theta, moved))
            rate = [to_float((y - x) / step) for x, y in zip(a, b, strict=True)]
            assert rate == pytest.approx(claimed[:, i], abs=1e-4)
            seen += 1
    assert seen > 20


def test_entropy_of_a_quadratic_is_the_enclosed_one() -> None:
    rng = random.Random(8)
    for _ in range(3):
        c, q = fmpq(rng.randint(0, 4), 3), fmpq(rng.randint(-3, 3), 2)
        f = _general(("t",), 1, rng)
        f = type(f)(("t",), (([[c]],),), ([q],))
        gamma, theta = fmpq(3, 2), [fmpq(1, 3)]
        exact = f.entropy(gamma, theta)
        ball = enclosed(f.expression(((T,),)), gamma, theta)
        assert ball.mean[0].overlaps(arb(exact.mean[0]))
        assert ball.covariance[0][0].overlaps(arb(exact.covariance[0][0]))
        assert ball.value.overlaps(exact.value)


def test_entropy_needs_a_finite_integral() -> None:
    f = type(_general(("t",), 1, random.Random(0)))(("t",), (([[fmpq(-2)]],),), ([fmpq(0)],))
    with pytest.raises(Undefined):
        f.entropy(fmpq(1), [fmpq(0)])


def test_definiteness_and_norms_are_those_of_numpy() -> None:
    rng = random.Random(9)
    for _ in range(400):
        d = rng.choice([1, 2, 3])
        a = [[fmpq(rng.randint(-2, 2)) for _ in range(d)] for _ in range(d)]
        s = product(transposed(a), a) if rng.random() < 0.5 else added(a, transposed(a))
        h, least = descent_direction(s), np.linalg.eigvalsh(floats(s)).min()
        assert least > -1e-9 if h is None else dotted(h, applied(s, h)) < 0
        assert definite(s) == (least > 1e-9)
        size = np.linalg.norm(floats(a), 2)
        assert to_float(operator_norm_of(a)) == pytest.approx(size, abs=1e-9)
        assert norm_at_most(a, rational("1001/1000") * fmpq(int(size * 1000) + 1, 1000))
        if definite(s):
            assert product(s, inverted(s)) == unit_matrix(d)


def test_simplest_fraction() -> None:
    assert simplest(rational("3141/1000"), rational("3143/1000")) == rational("22/7")
