"""Random true claims from known inequalities, each with a corruption and the point that breaks it.

.. math:: \\text{true: } f \\le C g; \\qquad \\text{corrupted: } f \\le (1 - r) C g,
          \\text{ false at an explicit point}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from sympy import Abs, Rational, exp, log, symbols

from tests.numerics.independent import At, components, gap, mpf, number
from theory import (
    AdversarialLoss,
    Claim,
    Label,
    Lipschitz,
    MarginLoss,
    NormBall,
    Smooth,
    Vector,
    dot,
    norm,
)

u, v, theta, x = Vector("u"), Vector("v"), Vector("theta"), Vector("x")
y = Label("y")
m, a, b = symbols("m a b", real=True)
s, t = symbols("s t", positive=True)


@dataclass(frozen=True)
class Case:
    """A true claim, its corruption, and a point (for pairs: two) where the corruption fails."""

    family: str
    true: Claim
    false: Claim
    at: Mapping[str, Any]
    then: Mapping[str, Any] | None = None

    def is_broken(self) -> bool:
        """Whether the corrupted claim fails at the point, by the independent evaluator."""
        here, holds = point(self.at), self.false.holds
        if self.then is None:
            return all(here.true(g) for g in self.false.given) and not here.true(holds)
        there = point({**self.at, **self.then})
        moved = gap(components(here, holds.f), components(there, holds.f))
        wrt = gap(components(here, holds.wrt), components(there, holds.wrt))
        return moved > here.scalar(holds.constant) * wrt


def point(values: Mapping[str, Any]) -> At:
    sizes = [len(value) for value in values.values() if isinstance(value, list)]
    exact = {
        name: [mpf(c) for c in value] if isinstance(value, list) else number(str(value))
        for name, value in values.items()
    }
    return At(max(sizes, default=1), exact)


def fractions(low: int, high: int) -> st.SearchStrategy[Rational]:
    """Rationals in [low/6, high/6]."""
    return st.integers(low, high).map(lambda n: Rational(n, 6))


positive, coefficients = fractions(1, 24), fractions(-24, 24)
shrink = st.sampled_from([Rational(1, n) for n in (2, 10, 100, 10**4)])
powers = st.sampled_from([1, Rational(4, 3), Rational(3, 2), 2, Rational(5, 2), 3, 4, 7])


def both(family: str, given: Any = (), dimensions: Any = None) -> Any:
    """A maker of the two claims of a case from their two statements."""

    def make(true: Any, false: Any, at: Any, then: Any = None) -> Case:
        claims = (
            Claim(id=f"{family}-{word}", given=given, holds=holds, dimensions=dimensions)
            for word, holds in (("true", true), ("false", false))
        )
        return Case(family, *claims, at, then)

    return make


@st.composite
def means(draw: Any) -> Case:
    """s^w t^(1-w) <= w s + (1-w) t; equality at s = t."""
    w, r = Rational(draw(st.integers(1, 11)), 12), draw(shrink)
    left, right = s**w * t ** (1 - w), w * s + (1 - w) * t
    return both("means")(left <= right, left <= (1 - r) * right, {"s": 1, "t": 1})


@st.composite
def schwarz(draw: Any) -> Case:
    """<p, q> <= |p||q| for combinations p, q of u and v; equality at u = v = 1."""
    p, q = (draw(positive) * u + draw(positive) * v for _ in range(2))
    r = draw(shrink)
    left, right = dot(p, q), norm(p) * norm(q)
    return both("schwarz")(left <= right, left <= (1 - r) * right, {"u": [1], "v": [1]})


@st.composite
def triangle(draw: Any) -> Case:
    """|a u + b v|_p <= |a||u|_p + |b||v|_p; equality at v = 0."""
    a_, b_, p, r = draw(positive), draw(coefficients), draw(powers), draw(shrink)
    left, first, second = norm(a_ * u + b_ * v, p), a_ * norm(u, p), Abs(b_) * norm(v, p)
    return both("triangle")(
        left <= first + second, left <= (1 - r) * first + second, {"u": [1], "v": [0]}
    )


@st.composite
def tangents(draw: Any) -> Case:
    """A convex function lies above its tangent at a rational point; equality there."""
    c, r = draw(coefficients), draw(shrink)
    f = draw(st.sampled_from([exp(m), exp(-m), log(1 + exp(-m)), log(1 + exp(m)), exp(m) + m**2]))
    line = f.subs(m, c) + f.diff(m).subs(m, c) * (m - c)
    return both("tangents")(f >= line, f >= line + r, {"m": c})


@st.composite
def logarithms(draw: Any) -> Case:
    """log s <= log c + (s - c)/c; equality at s = c."""
    c, r = draw(positive), draw(shrink)
    line = log(c) + (s - c) / c
    return both("logarithms")(log(s) <= line, log(s) <= line - r, {"s": c})


@st.composite
def slopes(draw: Any) -> Case:
    """sum c_i log(1 + e^(-k_i m)) is (sum c_i k_i)-Lipschitz, sharp as m -> -oo."""
    pairs = draw(st.lists(st.tuples(positive, positive), min_size=1, max_size=2))
    f = sum(c * log(1 + exp(-k * m)) for c, k in pairs)
    constant, r = sum(c * k for c, k in pairs), draw(shrink)
    far = {"m": -600}
    return both("slopes")(
        Lipschitz(f, m, constant), Lipschitz(f, m, (1 - r) * constant), far, {"m": -601}
    )


@st.composite
def curvatures(draw: Any) -> Case:
    """The gradient of c log(1 + e^(-k <theta, x>)) is (c k^2 |x|^2/4)-Lipschitz, sharp at 0."""
    c, k, r = draw(positive), draw(positive), draw(shrink)
    f = c * log(1 + exp(-k * dot(theta, x)))
    constant = c * k**2 * norm(x) ** 2 / 4
    return both("curvatures")(Smooth(f, theta, constant), Smooth(f, theta, (1 - r) * constant), {})


@st.composite
def attacks(draw: Any) -> Case:
    """The attacked scaled logistic loss is k(|x| + eps)-Lipschitz, sharp far out in d = 1."""
    k, eps, r = draw(positive), draw(positive), draw(shrink)
    ball = NormBall(draw(st.sampled_from([1, Rational(3, 2), 2])), eps)
    f = AdversarialLoss(MarginLoss("scaled", log(1 + exp(-k * m))), ball).value(theta, x, y)
    constant = k * (norm(x) + eps)
    at = {"theta": [-600], "x": [1], "y": 1}
    return both("attacks")(
        Lipschitz(f, theta, constant),
        Lipschitz(f, theta, (1 - r) * constant),
        at,
        {"theta": [-601]},
    )


@st.composite
def falling_norms(draw: Any) -> Case:
    """|u|_q <= |u|_p for p <= q; equality at a unit vector."""
    p, q = sorted(draw(st.tuples(powers, powers)))
    r = draw(shrink)
    return both("falling-norms")(
        norm(u, q) <= norm(u, p), norm(u, q) <= (1 - r) * norm(u, p), {"u": [1, 0]}
    )


@st.composite
def rising_norms(draw: Any) -> Case:
    """|u|_p <= d^(1/p - 1/q) |u|_q for p <= q; equality at the vector of ones."""
    p, q = sorted(draw(st.tuples(powers, powers)))
    d, r = draw(st.integers(1, 4)), draw(shrink)
    factor = Rational(d) ** (1 / Rational(p) - 1 / Rational(q))
    return both("rising-norms", dimensions=(d,))(
        norm(u, p) <= factor * norm(u, q),
        norm(u, p) <= (1 - r) * factor * norm(u, q),
        {"u": [1] * d},
    )


cases = st.one_of(
    means(), schwarz(), triangle(), tangents(), logarithms(), slopes(), curvatures(), attacks(),
    falling_norms(), rising_norms(),
)  # fmt: skip
