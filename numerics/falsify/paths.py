"""No finite constant: two points that move along a path on which the ratio has limit infinity.

.. math:: \\frac{\\|f(\\theta(t)) - f(\\theta'(t))\\|}{\\|\\theta(t) - \\theta'(t)\\|} \\to \\infty
          \\qquad (t \\to 0^+).

Near a point and far out the components D of the difference have expansions in powers of t and
log t, and one coefficient that is not zero, of a term that outgrows the distance, makes the ratio
unbounded.  Otherwise, far out: points at a fixed distance on one ray, and a derivative of D that
stays above a positive number.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from numerics.falsify.blow_up import outgrows
from numerics.falsify.far_paths import far_limit
from numerics.falsify.germs import S, Unresolved, along, holds_along
from numerics.falsify.goals import at_one_point, function_of_pairs
from numerics.falsify.kink_points import directions, kink_points
from numerics.falsify.kinks import ends_of_domains, kinks
from numerics.falsify.outcomes import Refutation
from numerics.falsify.problem import Problem, admissible, conjunction, domain, wrt_symbols
from numerics.falsify.repair_plan import Repairs
from numerics.falsify.repairs import Point
from numerics.falsify.tape import Tape
from numerics.falsify.witnesses import values_of
from theory import clock
from theory.claims import Claim
from theory.coordinates import in_coordinates
from theory.statements import Smooth
from theory.vectors import Vector
from theory.verdicts import Witness

T = sp.Dummy("t", positive=True)  # printed as t; never a variable of the claim
Pair = tuple[tuple[Any, ...], tuple[Any, ...]]
NEAR = (1e-3, 1e-5, 1e-7)
FAR = (1 / 3, 1 / 10, 1 / 30)
STEADY = 0.4  # what slow growth keeps of its increments; a ratio with a limit loses them


@dataclass(frozen=True)
class Path:
    """first + a t and second + b t; far out, first + a/t and second + b/t."""

    first: tuple[Any, ...]
    second: tuple[Any, ...]
    a: tuple[Any, ...]
    b: tuple[Any, ...]
    far: bool

    @property
    def ends(self) -> Pair:
        """Both points as expressions in ``T``."""
        step = 1 / T if self.far else T
        return (
            tuple(c + k * step for c, k in zip(self.first, self.a, strict=True)),
            tuple(c + k * step for c, k in zip(self.second, self.b, strict=True)),
        )

    @property
    def order(self) -> int:
        """k where the distance of the two points is a multiple of t**k."""
        if self.far:
            return 0 if self.a == self.b else -1
        return 1

    def slower(self, pace: int) -> Path:
        """t/pace in the place of t, which changes no limit."""
        factor = sp.Integer(pace) if self.far else sp.Rational(1, pace)
        a, b = (tuple(factor * c for c in move) for move in (self.a, self.b))
        return Path(self.first, self.second, a, b, self.far)

    def floats(self, t: float) -> tuple[list[float], list[float]]:
        """Both points at time t."""
        step = 1 / t if self.far else t
        return (
            [float(c) + float(k) * step for c, k in zip(self.first, self.a, strict=True)],
            [float(c) + float(k) * step for c, k in zip(self.second, self.b, strict=True)],
        )


class PathSearch:
    """Paths that show that f, or its gradient for Smooth, has no finite constant."""

    LARGEST = 3  # dimension

    def __init__(self, claim: Claim, d: int) -> None:
        holds = claim.holds
        self.claim, self.d = claim, d
        self.first = wrt_symbols(holds.wrt, d)
        self.f = function_of_pairs(holds, d)
        self.problem: Problem = at_one_point(claim, d)
        self.repairs = Repairs(self.problem)
        self.given = sp.And(conjunction(claim.given, d), *domain(self.first))
        self.points = 0
        bends = [in_coordinates(holds.f, d)] if isinstance(holds, Smooth) else []
        self.guards = kinks([*self.f, *bends], self.first)
        self._tape = Tape(self.problem.symbols, self.f)

    def search(self, deadline: float) -> Refutation | None:
        """The first path with a proved limit."""
        surfaces = kinks(self.f, self.first) + ends_of_domains((*self.f, self.given), self.first)
        for point in kink_points(self.problem, self.repairs, surfaces, self.first):
            for paths in (self._near(point), self._far(point)):
                if clock.now() > deadline:
                    return None
                self.points += len(paths)
                for path in self._growing(point, paths):
                    if self._proved(point, path):
                        return self._refutation(point, self._shortened(point, path))
        return None

    def _shortened(self, point: Point, path: Path) -> Path:
        """The same path run through slowly enough to lie in the domain for all t up to 1."""
        column = np.array([float(point[s]) for s in self.problem.symbols])
        where = [self.problem.row_of[s] for s in self.first]
        for pace in (1, 2, 5, 10, 20, 50, 100, 1000, 10**4, 10**6):
            slow = path.slower(pace)
            ends = [end for t in np.geomspace(1e-4, 1, 60) for end in slow.floats(t)]
            rows = np.repeat(column[:, None], len(ends), axis=1)
            rows[where] = np.array(ends).T
            if (self.problem.slack(rows) >= 0).all():
                return slow
        return path

    def _near(self, point: Point) -> list[Path]:
        base = tuple(point[s] for s in self.first)
        return [Path(base, base, *moves, far=False) for moves in _near_moves(self.d_of_wrt)]

    def _far(self, point: Point) -> list[Path]:
        """a/t against a/t + b, for the direction a of the point."""
        a = tuple(point[s] for s in self.first)
        zero = (sp.S.Zero,) * len(a)
        rays = [a, tuple(-c for c in a)] if any(a) else []
        axes = [tuple(map(sp.Integer, h)) for h in directions(len(a))[: len(a)]]
        twice = [Path(zero, zero, ray, tuple(2 * c for c in ray), far=True) for ray in rays]
        return twice + [
            Path(zero, step, ray, ray, far=True)
            for ray in rays
            for step in dict.fromkeys((ray, *axes))
        ]

    @property
    def d_of_wrt(self) -> int:
        return len(self.first)

    def _growing(self, point: Point, paths: list[Path]) -> list[Path]:
        """Those on which the ratio grows in floats without an end in sight."""
        if not paths:
            return []
        columns = np.array([float(point[s]) for s in self.problem.symbols])
        times = FAR if paths[0].far else NEAR
        rows = np.repeat(columns[:, None], 2 * len(times) * len(paths), axis=1)
        where = [self.problem.row_of[s] for s in self.first]
        ends = [end for path in paths for t in times for end in path.floats(t)]
        rows[where] = np.array(ends).T
        with np.errstate(all="ignore"):
            ratio = (_gaps(self._tape(rows)) / _gaps(rows[where])).reshape(-1, len(times))
            fast = (ratio[:, 1:] > (1.2 if paths[0].far else 3) * ratio[:, :-1]).all(axis=1)
            steps = np.diff(ratio, axis=1)
            slow = (steps > 0).all(axis=1) & (steps[:, 1] > STEADY * steps[:, 0])
            slow &= ratio[:, 2] > 1.02 * ratio[:, 0]
        order = (*np.flatnonzero(fast), *np.flatnonzero(slow & ~fast))
        return [paths[k] for k in order]

    def _proved(self, point: Point, path: Path) -> bool:
        if self._by_expansion(point, path):
            return True
        fixed = path.first != path.second
        return path.far and fixed and far_limit(self.f, self.given, self.first, point, path.ends, T)

    def _by_expansion(self, point: Point, path: Path) -> bool:
        moved = [[sp.sympify(e).subs(T, S) for e in end] for end in path.ends]
        paths = [{**point, **dict(zip(self.first, end, strict=True))} for end in moved]
        return self._inside(paths) and any(self._outgrows(f, paths, path.order) for f in self.f)

    def _inside(self, paths: list[dict]) -> bool:
        fixed = [s for s in paths[0] if s not in self.first]
        return all(admissible(s, paths[0][s]) for s in fixed) and all(
            holds_along(self.given, p) for p in paths
        )

    def _outgrows(self, f: sp.Expr, paths: list[dict], order: int) -> bool:
        try:
            if not all(_off_jumps(self.guards, p) for p in paths):
                return False
            germs = [along(f, p) for p in paths]
            return outgrows(germs[0] - germs[1], order)
        except Unresolved:
            return False

    def _refutation(self, point: Point, along_path: Path) -> Refutation:
        wrt = self.claim.holds.wrt
        values = values_of(self.claim, self.d, point)
        values.pop(wrt.name)
        names = (wrt.name, f"{wrt.name}'")
        t = sp.Symbol("t", positive=True)
        shown = [[str(sp.expand(e).xreplace({T: t})) for e in end] for end in along_path.ends]
        ends = shown if isinstance(wrt, Vector) else [end[0] for end in shown]
        path = dict(zip(names, ends, strict=True))
        detail = (
            f"no finite constant in dimension {self.d}: along the path the ratio has limit "
            "infinity as t -> 0+, proved by enclosed expansions"
        )
        return Refutation(Witness(self.d, values, path=path, limit="oo"), detail, float("inf"))


def _gaps(values: np.ndarray) -> np.ndarray:
    return np.linalg.norm(values[:, ::2] - values[:, 1::2], axis=0)


def _off_jumps(guards: Sequence[sp.Expr], path: dict) -> bool:
    """Whether no argument that jumps or bends vanishes identically along the path."""
    for g in guards:
        moved = g.xreplace(path)
        if moved == 0 or (moved.has(S) and sp.simplify(moved) == 0):
            return False
    return True


def _near_moves(d: int) -> list[tuple[Any, Any]]:
    """Moves a, b of c + t a against c + t b: across a kink, or into a point from two sides."""
    steps = [tuple(map(sp.Integer, h)) for h in directions(d)]
    opposite = [(h, tuple(-c for c in h)) for h in steps]
    doubled = [(h, tuple(2 * c for c in h)) for h in steps]
    doubled += [(back, tuple(2 * c for c in back)) for _, back in opposite]
    return [*opposite, *itertools.combinations(steps, 2), *doubled]
