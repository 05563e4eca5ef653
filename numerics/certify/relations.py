"""Relations and Booleans of them on a box: g >= 0 by the natural or by the centred form.

.. math:: g(B) \\subseteq g(m) + \\sum_i g_i'(B)\\,(B_i - m_i).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
from flint import arb, fmpq

from numerics.certify.cases import Case
from numerics.certify.evaluation import evaluate
from numerics.certify.formulas import All, Atom, Opposite, atoms, truth
from numerics.certify.goals import (
    CENTRED,
    EXACT,
    FLOAT,
    HYPOTHESIS,
    NATURAL,
    Array,
    Bounds,
    Box,
    Setting,
    is_defined,
)
from numerics.certify.jets import Jet, Jets, StackedJets
from numerics.certify.program import Unsupported
from numerics.intervals import Interval, interval
from theory.claims import Claim

ZERO = Fraction(0)


class RelationGoal:
    """The formula of ``claim.holds`` in one case."""

    def __init__(self, claim: Claim, case: Case) -> None:
        self.case = case
        self.setting = Setting(claim, case)
        self.formula = self.setting.lowering.condition(claim.holds)
        found = atoms(self.formula)
        if any(a.op == "==" for a in found):
            raise Unsupported("an equation is no statement about boxes")
        self.setting.demand([a.g for a in found])
        self.setting.lower_hypotheses([True] * len(claim.given))
        if not found:
            raise Unsupported("the statement is a constant")
        self.outputs = list(dict.fromkeys(a.g for a in found))
        self.slackless = any(a.op == "!=" for a in found)
        self.strict = any(_is_strict(f) for f in _leaves(self.formula))
        size = len(case.variables)
        self.slopes = StackedJets(self.setting.program, FLOAT, size)
        self.exact_slopes = Jets(self.setting.program, EXACT, range(size), 1)

    # --- floats

    def search(self, lo: Array, hi: Array, tight: bool = False) -> Bounds:
        n = lo.shape[1]
        middle = (lo + hi) / 2
        both = self.setting.float_box(np.hstack((lo, middle)), np.hstack((hi, middle)))
        known = evaluate(self.setting.program, self.setting.order, both, FLOAT)
        values = {k: v[:n] for k, v in known.items()}
        code = self.setting.excluded([row[:n] for row in both], n)
        defined = np.broadcast_to(self.setting.defined(values), n)
        score, held = self._verdict(values, defined, n)
        code[(code == 0) & held] = NATURAL
        natural = score.copy()
        open_ = np.flatnonzero(code < HYPOTHESIS if tight else code == 0)
        smear = np.full(lo.shape, np.nan)
        if open_.size:
            inside = {k: values[k][open_] for k in self.setting.used}
            at = {k: known[k][n + open_] for k in self.outputs}
            centred, smear[:, open_] = self._centred(lo[:, open_], hi[:, open_], inside, at)
            better, held = self._verdict(centred, defined[open_], open_.size)
            score[open_] = np.maximum(score[open_], better)
            code[open_[held & (code[open_] == 0)]] = CENTRED
        return Bounds(natural, score, code, smear)

    def _verdict(self, values: Any, defined: Any, n: int) -> tuple[Array, Array]:
        score = np.where(defined, np.broadcast_to(_score(self.formula, values), n), -np.inf)
        held = truth(self.formula, values, FLOAT)[0]
        # Equality and rounding: Arb has the last word, so what is close to 0 may be proposed.
        close = np.broadcast_to(held, n) | (
            (score > -1e-13 * self._scale(values)) & (not self.strict)
        )
        return score, close & defined & np.isfinite(score)

    def _scale(self, values: Any) -> Any:
        sizes = [np.abs(values[k].hi) for k in self.outputs]
        return np.where(np.isfinite(total := sum(sizes)), np.minimum(total, 1e3), 0.0)

    def _centred(
        self, lo: Array, hi: Array, inside: dict[int, Any], at: dict[int, Any]
    ) -> tuple[dict[int, Interval], Array]:
        """The mean value forms of the outputs, and the largest slopes times widths."""
        middle = (lo + hi) / 2
        jets = self.slopes.along(self.setting.used, inside)
        steps = interval(lo, hi) - interval(middle)
        smear = np.zeros(lo.shape)
        values: dict[int, Interval] = {}
        for k in self.outputs:
            total = _marked(at[k], jets[k].value)
            slope = jets[k].first[0]
            if not isinstance(slope, int):
                moves = slope * steps
                for i in range(len(lo)):
                    total = total + moves.row(i)
                with np.errstate(all="ignore"):
                    reach = np.maximum(-slope.lo, slope.hi) * (hi - lo)
                smear = np.maximum(smear, np.where(slope.sure, reach, np.inf))
            values[k] = total
        return values, smear

    def _points(self, middle: Array) -> list[Interval]:
        return self.setting.float_box(middle, middle)

    def at_points(self, points: Array) -> tuple[Array, Array]:
        n = points.shape[1]
        box = self._points(points)
        values = evaluate(self.setting.program, self.setting.order, box, FLOAT)
        score, _ = self._verdict(values, self.setting.defined(values), n)
        return np.where(np.isfinite(score), score, np.inf), self.setting.excluded(box, n) == 0

    # --- exact

    def margin(self, box: Box, code: int, slack: Fraction = ZERO) -> arb | None:
        exact = self.setting.exact_box(box)
        if code >= HYPOTHESIS:
            return arb.pos_inf() if self.setting.is_excluded(exact, code - HYPOTHESIS) else None
        if code == NATURAL:
            values = evaluate(self.setting.program, self.setting.order, exact, EXACT)
        else:
            values = self._exact_centred(box, exact)
        if not is_defined(values, [*self.setting.extra, *self.outputs]):
            return None
        margin = _margin(self.formula, values)
        return margin if margin is not None and margin >= _ball(slack) else None

    def value(self, point: Sequence[Fraction]) -> arb | None:
        exact = self.setting.exact_box([(x, x) for x in point])
        values = evaluate(self.setting.program, self.setting.order, exact, EXACT)
        (k,) = self.outputs
        if not is_defined(values, [*self.setting.extra, k]):
            return None
        return -values[k][1] if self.setting.admits(exact, inside=False) else None

    def _exact_centred(self, box: Box, exact: list[Any]) -> dict[int, Any]:
        middle = [(a + b) / 2 for a, b in box]
        jets = self.exact_slopes.run(self.setting.order, exact)
        point = self.setting.exact_box([(m, m) for m in middle])
        at = evaluate(self.setting.program, self.setting.used, point, EXACT)
        steps = [EXACT.between(a - m, b - m) for (a, b), m in zip(box, middle, strict=True)]
        values = {k: jets[k].value for k in self.setting.extra}
        for k in self.outputs:
            values[k] = _exact_mean_value(at[k], jets[k], steps)
        return values


def _exact_mean_value(at: Any, jet: Jet, steps: list[Any]) -> Any:
    if jet.value is None:
        return None
    moves = [
        EXACT.mul(slope, step)
        for slope, step in zip(jet.first, steps, strict=True)
        if not isinstance(slope, int)
    ]
    return reduce(EXACT.add, moves, at)


def _marked(value: Interval, natural: Interval) -> Interval:
    """The value at the midpoint, sure only where the goal is defined on the whole box."""
    return Interval(value.lo, value.hi, value.sure & natural.sure)


def _ball(x: Fraction) -> arb:
    return arb(fmpq(x.numerator, x.denominator))


def _leaves(f: Any) -> list[Any]:
    return [f] if isinstance(f, Atom | Opposite) else [a for p in f.parts for a in _leaves(p)]


def _is_strict(f: Any) -> bool:
    if isinstance(f, Opposite):
        return f.atom.op == ">="
    return f.op in (">", "!=")


def _score(f: Any, values: Any) -> Any:
    """A lower bound of how far the formula holds; -inf where a part is undefined."""
    if isinstance(f, Opposite):
        x = values[f.atom.g]
        return np.where(x.sure, -x.hi, -np.inf)
    if isinstance(f, Atom):
        x = values[f.g]
        low = np.maximum(x.lo, -x.hi) if f.op == "!=" else x.lo
        return np.where(x.sure & (x.lo <= x.hi), low, -np.inf)
    worst, fold = (np.inf, np.minimum) if isinstance(f, All) else (-np.inf, np.maximum)
    return reduce(fold, (_score(p, values) for p in f.parts), np.asarray(worst))


def _margin(f: Any, values: Any) -> arb | None:
    """The certain margin of a formula that certainly holds, else None."""
    if isinstance(f, Atom | Opposite):
        if not truth(f, values, EXACT)[0]:
            return None
        lo, hi = values[f.g if isinstance(f, Atom) else f.atom.g]
        return -hi if isinstance(f, Opposite) or (f.op == "!=" and hi < 0) else lo
    margins = [_margin(p, values) for p in f.parts]
    known = [m for m in margins if m is not None]
    if isinstance(f, All):
        return (
            reduce(lambda a, b: a.min(b), known, arb.pos_inf())
            if len(known) == len(margins)
            else None
        )
    return reduce(lambda a, b: a.max(b), known) if known else None
