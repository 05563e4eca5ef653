"""The least factor c for which claim(c) is true: from below by exact points, from above by search.

.. math:: f \\le a + c\\,b \\text{ at a point with } b > 0 \\ \\Rightarrow\\ c \\ge (f - a)/b.

Guesses are simple numbers: next to the lower end, anywhere below the upper end, and then in the
middle of what is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from flint import arb

from numerics.falsify.confirm import satisfies
from numerics.falsify.goals import problem as lower_claim
from numerics.falsify.problem import Problem
from numerics.sharpen.changes import Scale
from numerics.sharpen.examine import Examiner
from numerics.sharpen.nodes import key_of
from numerics.sharpen.points import REFUSED, Values, point_of
from numerics.sharpen.report import Enclosure, Variation
from numerics.sharpen.simple_numbers import cost, simplest_fraction, simplest_number
from theory.enclosure import enclose
from theory.verdicts import Status

CLOSE = 0.02  # of the upper end: nearer than this the search ends
NEXT_TO = 2e-5  # of the lower end: where the sharp constant is guessed
PLAIN = 60  # the cost of a number that a theorem may contain
MOST = 14
BRIEF = 0.5  # of the time of a full attack, for one guess
PROOFS = 2
ALIVE = (Status.SURVIVED, Status.PROVED)


@dataclass
class Edge:
    """The search along one scale; ``lower`` <= c* is rigorous, ``upper`` merely survived."""

    scale: Scale
    examiner: Examiner
    form: str
    trail: tuple[str, ...]
    proved_at_one: bool
    lower: float = 0.0
    at: Values = field(default_factory=dict)
    upper: sp.Expr = sp.S.One
    found: list[Variation] = field(default_factory=list)
    factors: list[sp.Expr] = field(default_factory=list)
    _rates: dict[int, _Rate | None] = field(default_factory=dict)

    def run(self) -> None:
        """Search, then prove the least factor that survived, or one above it."""
        for d, points in self.examiner.pool.points.items():
            for values in points[-10:]:
                self._learn(d, values)
        for _ in range(MOST):
            c = self._guess()
            if c is None or self.examiner.left() <= 0 or not self._try(c):
                break
        self._prove()

    def _try(self, c: sp.Expr) -> bool:
        """Examine claim(c); False where nothing more can be learnt."""
        change = self.scale.at(c)
        if change is None:
            return False
        variation = self.examiner.examine(change, self.form, self.trail, BRIEF)
        self.found.append(variation)
        self.factors.append(c)
        if variation.status is Status.REFUTED:
            self._refuted(c, variation)
        elif variation.status is Status.SURVIVED:
            self.upper = c
            if variation.verdict.sharpness is not None:
                at = variation.verdict.sharpness.at
                self._learn(at["dimension"], at["values"])
        return variation.status in (Status.REFUTED, Status.SURVIVED)

    def _refuted(self, c: sp.Expr, variation: Variation) -> None:
        witness = variation.verdict.witness
        if witness is None:
            return
        self._learn(witness.dimension, witness.values)
        if float(c) > self.lower:
            self.lower, self.at = float(c), witness.values

    def _learn(self, d: int, values: Values) -> None:
        """Every factor below the one that a point asks for is refuted by it."""
        if d not in self._rates:
            self._rates[d] = _rate(self.scale, d)
        rate = self._rates[d]
        needed = None if rate is None else rate.needed(values)
        if needed is not None and self.lower < needed <= 1:
            self.lower, self.at = needed, values

    def _guess(self) -> sp.Expr | None:
        """The next factor to examine, between both ends; None where the search is over."""
        low, high = self.lower, float(self.upper)
        for c in self._plain_guesses(low, high):
            if c not in self.factors and self.scale.at(c) is not None:
                return c
        return _middle(low, high) if high - low > CLOSE * high else None

    def _plain_guesses(self, low: float, high: float) -> Iterator[sp.Expr]:
        """0; the simplest number next to the lower end; the simplest below the upper end."""
        if low <= 0:
            yield sp.S.Zero
            return
        near = simplest_number(low, min(low * (1 + NEXT_TO), high))
        if cost(near) <= PLAIN and near < self.upper:
            yield near
        between = simplest_number(low, high)
        if cost(between) < cost(self.upper):
            yield between

    def _prove(self) -> None:
        """A proof for the least factor that survived, or for the one before it."""
        alive = [k for k, v in enumerate(self.found) if v.status is Status.SURVIVED]
        for k in sorted(alive, key=lambda k: float(self.factors[k]))[:PROOFS]:
            self.found[k] = self.examiner.prove(self.found[k])
            if self.found[k].status is Status.PROVED:
                break

    def enclosure(self, known: Mapping[tuple[Any, ...], Status]) -> Enclosure:
        """Both ends, by what is known of the claims by now."""
        fates = [known.get(key_of(v.claim), v.status) for v in self.found]
        fated = list(zip(self.factors, fates, strict=True))
        false = [float(c) for c, fate in fated if fate is Status.REFUTED]
        lower = max([self.lower, *false])
        proved = [c for c, fate in fated if fate is Status.PROVED]
        proved += [sp.S.One] if self.proved_at_one else []
        alive = [c for c, fate in fated if fate in ALIVE and float(c) >= lower]
        return Enclosure(
            self.scale.place,
            lower,
            dict(self.at) if lower == self.lower else {},
            min([sp.S.One, *alive], key=float),
            min(proved, key=float) if proved else None,
            self.form,
            self.scale.up,
            self.trail,
        )


def _middle(low: float, high: float) -> sp.Rational:
    """A simple fraction well inside an interval."""
    gap = high - low
    return simplest_fraction(low + 0.3 * gap, low + 0.7 * gap)


@dataclass(frozen=True)
class _Rate:
    """f <= a + k b (or >=) in coordinates; ``sign`` is that of b where smaller c is stronger."""

    problem: Problem
    factor: sp.Symbol
    sides: tuple[sp.Expr, sp.Expr, sp.Expr]
    sign: int
    up: bool

    def needed(self, values: Values) -> float | None:
        """A lower bound of every factor c for which the claim can hold, by a known point."""
        text = {k: list(v) if not isinstance(v, str) else v for k, v in values.items()}
        point = point_of(self.problem, {**text, self.factor.name: "1"})
        try:
            if point is None or not satisfies(self.problem, point):
                return None
            f, a, b = (enclose(e, point, 192) for e in self.sides)
        except REFUSED:
            return None
        k = (f - a) / b
        if not (b * self.sign > 0 and k.is_finite() and (not self.up or k > 0)):
            return None
        c: arb = 1 / k if self.up else k
        return _down(c)


def _down(ball: arb) -> float:
    """A float that is certainly below a ball."""
    near = float(ball.lower())
    return near - abs(near) * 2.0**-50


def _rate(scale: Scale, d: int) -> _Rate | None:
    """The relation of claim(k) as a straight line in k; None where it is none."""
    k = sp.Dummy("k", real=True)
    try:
        claim = scale.make(k)
        problem = None if claim is None else lower_claim(claim, d)
    except REFUSED:
        return None
    relation = _only_relation(problem, k)
    if problem is None or relation is None:
        return None
    a = relation.rhs.xreplace({k: sp.S.Zero})
    b = relation.rhs.diff(k)
    if b.has(k):
        return None
    upward = relation.rel_op in ("<", "<=")
    return _Rate(problem, k, (relation.lhs, a, b), -1 if upward == scale.up else 1, scale.up)


def _only_relation(problem: Problem | None, k: sp.Symbol) -> Any:
    """The goal whose right-hand side alone contains k."""
    if problem is None or problem.hypotheses.formula.has(k):
        return None
    goals = [g for g in problem.goals if g.condition.formula.has(k)]
    relation = goals[0].condition.single if len(goals) == 1 else None
    if relation is None or relation.lhs.has(k) or relation.rel_op not in ("<", "<=", ">", ">="):
        return None
    return relation
