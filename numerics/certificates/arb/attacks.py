"""Violations of a claimed maximiser: a better attack, or a point outside the attack set.

.. math:: \\|\\delta\\|_p \\le \\epsilon,\\; J(\\delta) > J(\\delta^*); \\qquad
          \\|\\delta^*\\|_p > \\epsilon; \\qquad \\langle t, \\delta^*\\rangle > h_K(t).
"""

from __future__ import annotations

from itertools import product

from flint import fmpq

from numerics.certificates.arb.intervals import Interval
from numerics.certificates.arb.outcome import Rejected
from numerics.certificates.arb.points import Formula, Point, rising, values_at
from numerics.certificates.arb.statement import AttackSet, Statement
from numerics.certificates.arb.syntax import PROBE, Node, constant
from numerics.certificates.arb.tape import ONE, check_exponent

Sides = tuple[Interval, Interval]
GRID_DIMENSION = 4
_PROBE = Node("vector", "vector", data=(PROBE, "vector"), names=frozenset((PROBE,)))


class Ball:
    """||v||_p <= radius; p is None for the largest component."""

    def __init__(self, p: fmpq | None, radius: list[Node]) -> None:
        self.p, self.radius = p, radius
        if p is not None:
            check_exponent(p)


def ball_of(over: AttackSet) -> Ball | None:
    """The ball that an attack set is; a support function r ||t||_q is one as well."""
    if over.p is not None and over.radius is not None:
        return Ball(_exponent(over.p), [over.radius])
    form = over.support
    assert form is not None
    factors = form.args if form.op == "Mul" else (form,)
    moving = [f for f in factors if PROBE in f.names]
    if len(moving) != 1 or moving[0].op != "Norm" or moving[0].args[0].op != "vector":
        return None
    q = _exponent(moving[0].args[1])
    radius = [f for f in factors if PROBE not in f.names]
    return Ball(ONE if q is None else None if q == 1 else q / (q - 1), radius)


def _exponent(p: Node) -> fmpq | None:
    if p.op == "named" and p.data == "oo":
        return None
    value = constant(p)
    if value is None or value < 1:
        raise Rejected("an attack set has an exponent that is not a rational number >= 1 or oo")
    return value


class AttackViolation:
    """Both kinds of violation; with a value of ``wrt`` a better attack is meant."""

    def __init__(self, statement: Statement, d: int, point: Point) -> None:
        self.statement, self.d = statement, d
        self.wrt = statement.wrt or ""
        self.delta = point.get(self.wrt)
        self.point = {n: v for n, v in point.items() if n != self.wrt}
        self.parts, self.ball = statement.parts, ball_of(statement.parts["over"])
        self.formula = Formula(statement.variables, d)
        self.claimed = self.formula.entries(self.parts["point"])
        self.radius = self.formula.tape.product(
            [self.formula.compiler.scalar(n) for n in (self.ball.radius if self.ball else [])]
        )
        self.program = self.formula.program([*self.claimed, self.radius])
        if self.delta is not None:
            self._check_inside()
            self._prepare_objective()

    def sides(self) -> list[Sides] | None:
        """The violated inequality."""
        values = values_at(self.program, self.formula.inputs(self.point))
        if values is None or any(values[s] is None for s in self.claimed):
            return None
        if self.ball is not None and not self.formula.arithmetic.nonnegative(values[self.radius]):
            return None
        best = [values[s] for s in self.claimed]
        if self.delta is not None:
            return self._better(best)
        if self.ball is not None:
            return self._apart(self._length(best), values[self.radius])
        return self._outside(best)

    def _apart(self, left: Interval | None, right: Interval | None) -> list[Sides] | None:
        base = self.formula.arithmetic
        if left is None or right is None or not base.positive(base.minus(left, right)):
            return None
        return [(left, right)]

    def _length(self, v: list[Interval]) -> Interval | None:
        base = self.formula.arithmetic
        assert self.ball is not None
        sizes = [base.abs(None, (a,)) for a in v]
        if self.ball.p is None:
            return base.maximum(None, sizes)
        return base.sum(sizes) if self.ball.p == 1 else base.norm(self.ball.p, v)

    # A better attack.

    def _check_inside(self) -> None:
        if self.ball is None:
            raise Rejected("cannot check that an attack lies in a set that is not a ball")
        if rising(self._inside) is not True:
            raise Rejected("the attack is not certainly inside the attack set")

    def _inside(self) -> bool | None:
        """sum |delta_i|^p <= radius^p, which is exact for whole p."""
        base = self.formula.arithmetic
        assert self.ball is not None and self.delta is not None
        values = values_at(self.program, self.formula.inputs(self.point))
        radius = None if values is None else values[self.radius]
        if radius is None or not base.nonnegative(radius):
            return None
        sizes = [base.const(abs(c)) for c in self.delta]
        p = self.ball.p
        if p is None:
            room: Interval | None = base.minus(radius, base.maximum(None, sizes))
        else:
            powers = [base.power(p, (s,)) for s in (radius, *sizes)]
            known = [v for v in powers if v is not None]
            room = base.minus(known[0], base.sum(known[1:])) if len(known) > len(sizes) else None
        return True if room is not None and base.nonnegative(room) else None

    def _prepare_objective(self) -> None:
        variables = {**self.statement.variables, self.wrt: self.parts["wrt"]}
        self.objective = Formula(variables, self.d)
        self.value = self.objective.compiler.scalar(self.parts["objective"])
        self.values = self.objective.program([self.value])

    def _better(self, best: list[Interval]) -> list[Sides] | None:
        assert self.delta is not None
        found = []
        for attack in (self.delta, best):
            inputs = self.objective.inputs({**self.point, self.wrt: attack})
            values = values_at(self.values, inputs)
            found.append(None if values is None else values[self.value])
        return self._apart(found[0], found[1])

    # A point outside.

    def _outside(self, best: list[Interval]) -> list[Sides] | None:
        """Directions t of a small grid with <t, point> > h(t)."""
        if self.d > GRID_DIMENSION:
            return None
        base = self.formula.arithmetic
        support = Formula({**self.statement.variables, PROBE: _PROBE}, self.d)
        slot = support.compiler.scalar(self.parts["over"].support)
        program = support.program([slot])
        for t in product((-1, 0, 1), repeat=self.d):
            direction = [fmpq(c) for c in t]
            values = values_at(program, support.inputs({**self.point, PROBE: direction}))
            if values is not None and any(t):
                terms = [
                    base.mul(None, (base.const(c), b)) for c, b in zip(direction, best, strict=True)
                ]
                if found := self._apart(base.sum(terms), values[slot]):
                    return found
        return None
