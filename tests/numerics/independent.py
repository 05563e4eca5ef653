"""A second, slow evaluator of claims: 60 digits, explicit coordinates, nothing shared.

It walks the expression tree with its own norms, inner products and derivatives (by differences),
so that a witness of the refuter is checked by a route that the refuter did not take.
"""

from __future__ import annotations

from typing import Any

from mpmath import mp, mpf
from sympy import (
    Abs,
    Basic,
    Heaviside,
    Max,
    Min,
    Piecewise,
    Rational,
    S,
    Symbol,
    cos,
    exp,
    log,
    oo,
    sign,
    sin,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Implies, Or
from sympy.logic.boolalg import Not as SymPyNot

from theory import Convex, Differentiable, Equal, Lipschitz, Maximizes, NormBall, Smooth
from theory.vectors import Vector

mp.dps = 60
TINY = mpf(10) ** -40
STEP = mpf(10) ** -18


def number(text: str) -> mpf:
    """An exact rational as 60 digits."""
    value = Rational(text)
    return mpf(int(value.p)) / mpf(int(value.q))


def p_length(v: list, p: Any) -> mpf:
    """(sum |v_i|^p)^(1/p), or max |v_i|."""
    if p == oo:
        return max(abs(c) for c in v)
    power = number(str(p)) if p.is_Rational else mpf(str(p.evalf(70)))
    return mp.fsum(abs(c) ** power for c in v) ** (1 / power)


class At:
    """All variables at one point: vectors as lists, scalars as numbers."""

    def __init__(self, dimension: int, values: dict[str, Any]) -> None:
        self.d, self.values = dimension, values

    def moved(self, name: str, value: Any) -> At:
        """The same point with one variable changed."""
        return At(self.d, {**self.values, name: value})

    def vector(self, v: Any) -> list:
        """The components of a vector expression."""
        kind = type(v).__name__
        if kind in ("Vector", "Signs"):
            return self.values[v.name]
        if kind == "Ones":
            return [mpf(1)] * self.d
        if kind == "VectorSum":
            total = [mpf(0)] * self.d
            for c, atom in (pair.args for pair in v.args):
                factor, parts = self.scalar(c), self.vector(atom)
                total = [a + factor * b for a, b in zip(total, parts, strict=True)]
            return total
        if kind == "Hadamard":
            result = [mpf(1)] * self.d
            for f in v.args:
                result = [a * b for a, b in zip(result, self.vector(f), strict=True)]
            return result
        inner = self.vector(v.args[0])
        if kind == "Unit":
            size = p_length(inner, S(2))
            return [c / size for c in inner]
        if kind == "Sign":
            return [mpf(int(c > 0) - int(c < 0)) for c in inner]
        if kind == "AbsPower":
            if v.args[1] == 0:
                return [mpf(int(c != 0)) for c in inner]
            return [abs(c) ** self.scalar(v.args[1]) for c in inner]
        assert kind == "Peak", kind
        top = max(abs(c) for c in inner)
        ties = [c for c in inner if abs(c) == top]
        return [mp.sign(c) / len(ties) if abs(c) == top else mpf(0) for c in inner]

    def matrix(self, m: Any) -> list[list]:
        """The entries of a matrix expression."""
        rows = [[mpf(0)] * self.d for _ in range(self.d)]
        for c, part in (pair.args for pair in m.args):
            factor, a = self.scalar(c), self.vector(part.args[0])
            diagonal = type(part).__name__ == "Diag"
            b = a if diagonal else self.vector(part.args[1])
            for i in range(self.d):
                for j in range(self.d):
                    if diagonal:
                        rows[i][j] += factor * a[i] if i == j else 0
                    else:
                        rows[i][j] += factor * a[i] * b[j]
        return rows

    def scalar(self, f: Any) -> mpf:
        """The value of a scalar expression."""
        kind = type(f).__name__
        if kind == "Norm":
            return p_length(self.vector(f.args[0]), f.args[1])
        if kind == "Dot":
            u, v = (self.vector(a) for a in f.args)
            return mp.fsum(a * b for a, b in zip(u, v, strict=True))
        if isinstance(f, Symbol):
            return self.values[f.name]
        if f.is_Rational:
            return mpf(int(f.p)) / int(f.q)
        if f.is_Add:
            return mp.fsum(self.scalar(a) for a in f.args)
        if f.is_Mul:
            return mp.fprod(self.scalar(a) for a in f.args)
        if isinstance(f, exp):
            return mp.exp(self.scalar(f.args[0]))
        if f.is_Pow:
            return mp.power(self.scalar(f.base), self.scalar(f.exp))
        if isinstance(f, log):
            return mp.log(self.scalar(f.args[0]))
        if isinstance(f, sin | cos):
            return (mp.sin if isinstance(f, sin) else mp.cos)(self.scalar(f.args[0]))
        if isinstance(f, Abs):
            return abs(self.scalar(f.args[0]))
        if isinstance(f, sign):
            return mp.sign(self.scalar(f.args[0]))
        if isinstance(f, Max | Min):
            return (max if isinstance(f, Max) else min)(self.scalar(a) for a in f.args)
        if isinstance(f, Heaviside):
            return mpf(int(self.scalar(f.args[0]) > 0))
        if isinstance(f, Piecewise):
            return next(self.scalar(value) for value, c in f.args if self.true(c))
        if f.is_number:
            return mpf(str(f.evalf(70)))
        raise TypeError(f"no independent value of {f}")

    def true(self, c: Any) -> bool:
        """The truth of a condition, with a relative tolerance for equality only."""
        if c in (S.true, S.false):
            return bool(c)
        if isinstance(c, And | Or):
            truths = [self.true(a) for a in c.args]
            return all(truths) if isinstance(c, And) else any(truths)
        if isinstance(c, SymPyNot):
            return not self.true(c.args[0])
        if isinstance(c, Implies):
            return not self.true(c.args[0]) or self.true(c.args[1])
        if type(c).__name__ == "InOrthant":
            v, s = (self.vector(a) for a in c.args)
            return all(a * b > 0 for a, b in zip(v, s, strict=True))
        assert isinstance(c, Relational), c
        a, b = self.scalar(c.lhs), self.scalar(c.rhs)
        close = abs(a - b) <= TINY * (abs(a) + abs(b))
        return {"==": close, "!=": not close, "<=": a < b or close, ">=": a > b or close,
                "<": a < b and not close, ">": a > b and not close}[c.rel_op]  # fmt: skip


def point_of(witness: Any, prime: str | None = None) -> At:
    """The point of a witness; ``prime`` puts the second point in the place of the first."""
    values: dict[str, Any] = {}
    for name, value in witness.values.items():
        values[name] = [number(c) for c in value] if isinstance(value, list) else number(value)
    if prime is not None:
        values[prime] = values[f"{prime}'"]
    return At(witness.dimension, values)


def components(at: At, f: Any) -> list:
    """A scalar or vector expression as a list."""
    return [at.scalar(f)] if not hasattr(f, "terms") else at.vector(f)


def slope(at: At, f: Any, wrt: Any) -> list:
    """The gradient of f in wrt by central differences."""
    here = at.values[wrt.name]
    result = []
    for i in range(at.d if isinstance(wrt, Vector) else 1):
        ends = []
        for side in (1, -1):
            if isinstance(wrt, Vector):
                moved = [c + side * STEP * (k == i) for k, c in enumerate(here)]
            else:
                moved = here + side * STEP
            ends.append(at.moved(wrt.name, moved).scalar(f))
        result.append((ends[0] - ends[1]) / (2 * STEP))
    return result


def gap(u: list, v: list) -> mpf:
    """The Euclidean distance."""
    return p_length([a - b for a, b in zip(u, v, strict=True)], S(2))


def assert_refutes(claim: Any, witness: Any) -> None:
    """Fail unless the witness meets the hypotheses and breaks the claim."""
    if witness.path is not None:
        return assert_unbounded(claim, witness)
    at, holds = point_of(witness), claim.holds
    assert {v.name for v in claim.free_variables} <= set(witness.values)
    assert all(at.true(g) for g in claim.given), "the hypotheses fail at the witness"
    if isinstance(holds, Convex):
        return assert_not_convex(claim, witness)
    if isinstance(holds, Lipschitz):
        return (
            assert_not_lipschitz(claim, witness)
            if witness.h is None
            else assert_kink(holds, witness)
        )
    if isinstance(holds, Differentiable):
        return assert_kink(holds, witness)
    if isinstance(holds, Maximizes):
        return assert_not_best(holds, witness)
    if isinstance(holds, Equal):
        left, right = (entries(at, side) for side in (holds.left, holds.right))
        assert max(abs(a - b) for a, b in zip(left, right, strict=True)) > TINY
        return None
    assert not at.true(holds)
    return None


def entries(at: At, side: Any) -> list:
    """A vector or matrix as a list."""
    return at.vector(side) if hasattr(side, "terms") else [e for r in at.matrix(side) for e in r]


def assert_not_lipschitz(claim: Any, witness: Any) -> None:
    """||f(theta) - f(theta')|| > L ||theta - theta'||."""
    holds = claim.holds
    first, second = point_of(witness), point_of(witness, holds.wrt.name)
    assert all(second.true(g) for g in claim.given), "the hypotheses fail at the second point"
    if isinstance(holds, Smooth):
        values = [slope(at, holds.f, holds.wrt) for at in (first, second)]
    else:
        values = [components(at, holds.f) for at in (first, second)]
    ends = [components(at, holds.wrt) for at in (first, second)]
    lhs, rhs = gap(*values), first.scalar(holds.constant) * gap(*ends)
    assert lhs > rhs * (1 + mpf(10) ** -15)
    assert abs(lhs - mpf(witness.lhs)) <= mpf(10) ** -9 * abs(lhs)
    assert abs(rhs - mpf(witness.rhs)) <= mpf(10) ** -9 * abs(rhs)


def assert_not_convex(claim: Any, witness: Any) -> None:
    """f at the midpoint lies above the chord, and a hundred points of the segment are inside."""
    name, f = claim.holds.wrt.name, claim.holds.f
    at = point_of(witness)
    a, b = at.values[name], at.values[f"{name}'"]

    def between(k: mpf) -> At:
        mix = (
            [(1 - k) * u + k * v for u, v in zip(a, b, strict=True)]
            if isinstance(a, list)
            else (1 - k) * a + k * b
        )
        return at.moved(name, mix)

    assert all(between(mpf(k) / 100).true(g) for k in range(101) for g in claim.given)
    ends = between(mpf(0)).scalar(f) + between(mpf(1)).scalar(f)
    assert between(mpf(1) / 2).scalar(f) > ends / 2 + TINY


def assert_kink(holds: Any, witness: Any) -> None:
    """The two difference quotients along h are the stated numbers, and differ."""
    at, name = point_of(witness), holds.wrt.name
    here, middle = at.values[name], point_of(witness).scalar(holds.f)
    quotients = []
    for t in (-STEP, STEP):
        h = [number(c) for c in witness.h]
        moved = (
            [c + t * k for c, k in zip(here, h, strict=True)]
            if isinstance(here, list)
            else here + t * h[0]
        )
        quotients.append((at.moved(name, moved).scalar(holds.f) - middle) / t)
    for stated, found in zip((witness.left, witness.right), quotients, strict=True):
        if stated in ("oo", "-oo"):
            assert (found > 0) == (stated == "oo") and abs(found) > 10**6
            continue
        assert abs(mpf(stated) - found) < mpf(10) ** -12 * (1 + abs(found))
    assert abs(quotients[0] - quotients[1]) > mpf(10) ** -9


def assert_not_best(holds: Any, witness: Any) -> None:
    """A better point of a ball, or a claimed maximiser outside of it."""
    at, ball = point_of(witness), holds.over
    assert isinstance(ball, NormBall)
    radius, point = at.scalar(ball.radius), at.vector(holds.point)
    if holds.wrt.name not in witness.values:
        assert p_length(point, ball.p) > radius * (1 + mpf(10) ** -30)
        return
    assert p_length(at.values[holds.wrt.name], ball.p) <= radius * (1 + TINY)
    assert at.scalar(holds.objective) > at.moved(holds.wrt.name, point).scalar(holds.objective)


def assert_unbounded(claim: Any, witness: Any) -> None:
    """The ratio along the path grows at every step, inside the domain."""
    holds, name = claim.holds, claim.holds.wrt.name
    t = Symbol("t", positive=True)
    ratios = []
    for time in (Rational(1, 20), Rational(1, 400), Rational(1, 8000)):
        ats = []
        for key in (name, f"{name}'"):
            shown = witness.path[key]
            moved = [S(c, locals={"t": t}) for c in ([shown] if isinstance(shown, str) else shown)]
            value = [number(str(Basic.subs(c, t, time))) for c in moved]
            point = value if isinstance(holds.wrt, Vector) else value[0]
            ats.append(point_of(witness).moved(name, point))
        assert all(at.true(g) for at in ats for g in claim.given)
        if isinstance(holds, Smooth):
            values = [slope(at, holds.f, holds.wrt) for at in ats]
        else:
            values = [components(at, holds.f) for at in ats]
        ratios.append(gap(*values) / gap(*(components(at, holds.wrt) for at in ats)))
    assert ratios[0] * 2 < ratios[1] and ratios[1] * 2 < ratios[2], ratios
    assert witness.limit == "oo"
