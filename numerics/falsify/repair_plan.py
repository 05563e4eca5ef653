"""Which repairs a claim needs: read off its hypotheses, one step for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.relational import Relational

from numerics.falsify.attacks import Ball
from numerics.falsify.conditions import lower, sides
from numerics.falsify.nudge import Nudge
from numerics.falsify.problem import Problem, primed
from numerics.falsify.repairs import Clamp, Orthant, Point, Scale, Solve, Step
from numerics.falsify.tape import Array
from theory.coordinates import coordinates, in_coordinates
from theory.hypotheses import InOrthant
from theory.scalars import Norm
from theory.vectors import Label, Vector

FLIP = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}


class Repairs:
    """All steps of a problem, in an order in which a later one spoils an earlier one least."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._eq_lengths: set[sp.Symbol] = set()
        self._bounds: dict[sp.Symbol, tuple[list[sp.Expr], list[sp.Expr]]] = {}
        self._solved: set[sp.Symbol] = set()
        kinds = ("orthant", "nudge", "equal", "solve", "scale")
        groups: dict[str, list[Step]] = {k: [] for k in kinds}
        relations = [(g, second) for raw in problem.raw_hypotheses for g, second in _flat(raw)]
        # Lengths come first: a solved coordinate must not belong to a vector of fixed length.
        for g, second in sorted(relations, key=lambda r: not _has_length(r[0])):
            for kind, step in self._steps(g, second):
                groups[kind].append(step)
        self._clamps = clamps = [Clamp(problem.symbols, z, *b) for z, b in self._bounds.items()]
        mending = [*groups["equal"], *groups["solve"], *clamps, *groups["scale"], *clamps]
        # What the other steps mend already is not nudged.
        nudged = [*groups["nudge"], *mending, *groups["nudge"], *mending]
        self.steps: list[Step] = [
            *groups["orthant"],
            *mending,
            *(nudged if groups["nudge"] else ()),
        ]

    def floats(self, rows: Array) -> Array:
        """The columns, mended."""
        for step in self.steps:
            step.floats(rows)
        return rows

    def tight(self, rows: Array, rng: np.random.Generator) -> Array:
        """The columns, mended, with many scalars exactly at their bounds (B = ||x||)."""
        for clamp in self._clamps:
            clamp.tighten(rows, np.flatnonzero(rng.random(rows.shape[1]) < 0.6))
        return self.floats(rows)

    def tighten(self, point: Point, relative: float) -> bool:
        """The exact point with every bounded scalar next to its bound."""
        for clamp in self._clamps:
            clamp.forget(point)
        return self.exact(point, relative)

    def exact(self, point: Point, relative: float) -> bool:
        """Mend an exact point in place; False where a step could not."""
        return all([step.exact(point, relative) for step in self.steps])

    def _steps(self, g: Any, second: bool) -> Iterator[tuple[str, Step]]:
        if isinstance(g, Ball):
            yield "scale", Scale(self.problem.symbols, g.symbols, g.length, g.radius, "<=")
        elif isinstance(g, InOrthant):
            if isinstance(g.vector, Vector) and isinstance(g.signs, Vector):
                v, s = self._symbols(g.vector, second), self._symbols(g.signs, second)
                yield "orthant", Orthant(self.problem.symbols, v, s)
        elif isinstance(g, Relational) and g.rel_op in FLIP:
            yield from self._relation_steps(g, second)

    def _relation_steps(self, g: Relational, second: bool) -> Iterator[tuple[str, Step]]:
        plain = self._plain(g, second)
        if not isinstance(plain, Relational):
            return
        clamped = plain.rel_op != "==" and self._clamp(plain)
        scale = self._scale(g, second) or self._circle(plain)
        if scale is not None:
            yield ("equal" if g.rel_op == "==" else "scale"), scale
        elif plain.rel_op == "==" and (solve := self._solve(plain)) is not None:
            yield "solve", solve
        elif not clamped:
            yield "nudge", self._nudge(plain)

    def _plain(self, g: Any, second: bool) -> Any:
        f = lower(g, self.problem.dimension)
        return f.xreplace(self._to_second()) if second else f

    def _to_second(self) -> dict[sp.Symbol, sp.Symbol]:
        first, _ = self.problem.partner or ("", "")
        return {s: primed(s) for s in self.problem.symbols if s.name.partition("[")[0] == first}

    def _symbols(self, v: Vector, second: bool) -> tuple[sp.Symbol, ...]:
        symbols = coordinates(v, self.problem.dimension)
        move = self._to_second() if second else {}
        return tuple(move.get(s, s) for s in symbols)  # type: ignore[call-overload]

    def _clamp(self, g: Relational) -> bool:
        small, large = sides(g)
        slack = large - small
        for k in self.problem.scalars:
            z = self.problem.symbols[k]
            slope = sp.expand(slack).coeff(z) if slack.has(z) else sp.S.Zero
            rest = sp.expand(slack - slope * z) if slope != 0 else slack
            if slope == 0 or rest.has(z) or slope.has(z) or z.name.endswith("'"):
                continue
            if slope.is_positive or slope.is_negative:
                bounds = self._bounds.setdefault(z, ([], []))
                bounds[0 if slope.is_positive else 1].append(-rest / slope)
                return True
        return False

    def _nudge(self, g: Relational) -> Nudge:
        small, large = sides(g) if g.rel_op != "==" else (g.lhs, g.rhs)
        free = [s for s in self.problem.symbols if (large - small).has(s)]
        free = [s for s in free if not isinstance(s, Label)]
        return Nudge(self.problem.symbols, free, large - small, g.rel_op == "==")

    def _circle(self, g: Relational) -> Scale | None:
        """a (z_1^2 + ... + z_k^2) against a bound free of these scalars: a length, too."""
        gap = sp.expand(g.lhs - g.rhs)
        scalars = [self.problem.symbols[k] for k in self.problem.scalars]
        found = [z for z in scalars if gap.coeff(z, 2) != 0]
        a = gap.coeff(found[0], 2) if found else sp.S.Zero
        square = sp.Add(*(z**2 for z in found))
        rest = sp.expand(gap - a * square)
        if not a.is_number or a == 0 or any(rest.has(z) for z in found):
            return None
        op = g.rel_op if a > 0 else FLIP[g.rel_op]
        op = {"<": "<=", ">": ">="}.get(op, op)
        if op == "==":
            self._eq_lengths |= set(found)
        length, bound = sp.sqrt(square), sp.sqrt(-rest / a)
        return Scale(self.problem.symbols, tuple(found), length, bound, op, True)

    def _scale(self, g: Relational, second: bool) -> Scale | None:
        for n in sorted(g.atoms(Norm), key=str):
            mark = sp.Dummy("n", nonnegative=True)
            inside = g.xreplace({n: mark})
            if not isinstance(n.vector, Vector) or n.vector in inside.atoms(Vector):
                continue
            slope = (inside.lhs - inside.rhs).diff(mark)
            if not (slope.is_positive or slope.is_negative) or slope.has(mark):
                continue
            bound = mark - (inside.lhs - inside.rhs) / slope
            return self._scale_step(g, n, sp.expand(bound), bool(slope.is_positive), second)
        return None

    def _scale_step(
        self, g: Relational, n: Norm, bound: sp.Expr, rising: bool, second: bool
    ) -> Scale:
        op = g.rel_op if rising else FLIP[g.rel_op]
        op = {"<": "<=", ">": ">="}.get(op, op)
        v = self._symbols(n.vector, second)  # type: ignore[arg-type]
        if op == "==":
            self._eq_lengths |= set(v)
        return Scale(
            self.problem.symbols,
            v,
            self._plain_scalar(n, second),
            self._plain_scalar(bound, second),
            op,
            n.p == 2,
        )

    def _plain_scalar(self, f: sp.Expr, second: bool) -> sp.Expr:
        plain = in_coordinates(f, self.problem.dimension)
        return plain.xreplace(self._to_second()) if second else plain

    def _solve(self, g: Relational) -> Solve | None:
        residual = g.lhs - g.rhs
        taken = self._eq_lengths | self._solved
        free = [s for s in self.problem.symbols if residual.has(s) and s not in taken]
        slopes = {s: residual.diff(s) for s in free if not isinstance(s, Label)}
        usable = [s for s, b in slopes.items() if not b.has(s) and b != 0]
        if not usable:
            return None
        # Every equation gets unknowns of its own where there are enough.
        group = [s for s in usable if s.name.partition("[")[0] == usable[-1].name.partition("[")[0]]
        self._solved |= set(group)
        vectors = [
            tuple(self.problem.symbols[k] for k in rows) for rows in self.problem.vectors.values()
        ]
        lengths = [v for v in vectors if any(residual.diff(c).has(c) for c in v)]
        return Solve(self.problem.symbols, group, [slopes[s] for s in group], residual, lengths)


def _flat(raw: Any) -> list[tuple[Any, bool]]:
    """Conjunctions split; ("second", g) marks a hypothesis at the second point."""
    second = isinstance(raw, tuple)
    g = raw[1] if second else raw
    return [(part, second) for part in (g.args if isinstance(g, sp.And) else (g,))]


def _has_length(g: Any) -> bool:
    return isinstance(g, sp.Basic) and bool(g.atoms(Norm))
