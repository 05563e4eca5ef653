"""Points that certainly lie in an attack set: a sum of points of the balls that it is made of.

.. math:: h_K(t) = \\langle v, t\\rangle + \\sum_k r_k \\|w_k \\odot t\\|_{q_k} \\iff
          K = v + \\sum_k w_k \\odot r_k B_{p_k}, \\quad 1/p_k + 1/q_k = 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from theory.attack_sets import AttackSet, dual_exponent
from theory.attack_sets.support_function import PROBE
from theory.coordinates import coordinates, in_coordinates, p_norm
from theory.scalars import Dot, Norm
from theory.vectors import Hadamard, Vector, VectorExpr, ones


@dataclass(frozen=True)
class Ball:
    """||b||_p <= radius, a variable vector of its own; the attack is weight * b."""

    name: str
    symbols: tuple[sp.Symbol, ...]
    p: sp.Expr
    radius: sp.Expr
    weight: tuple[sp.Expr, ...]

    @property
    def length(self) -> sp.Expr:
        return p_norm(self.symbols, self.p)

    @property
    def condition(self) -> sp.Expr:
        return sp.Le(self.length, self.radius, evaluate=False)


@dataclass(frozen=True)
class Parts:
    """The balls of an attack set in dimension d, and its general point."""

    balls: tuple[Ball, ...]
    centre: tuple[sp.Expr, ...]

    @property
    def point(self) -> tuple[sp.Expr, ...]:
        return tuple(
            c + sp.Add(*(b.weight[i] * b.symbols[i] for b in self.balls))
            for i, c in enumerate(self.centre)
        )

    def contains(self, point: Sequence[sp.Expr]) -> list[sp.Expr]:
        """What must hold for a point to lie in the set: exact for one ball around 0."""
        if len(self.balls) != 1 or any(w != 1 for w in self.balls[0].weight):
            return []
        ball = self.balls[0]
        inner = tuple(a - c for a, c in zip(point, self.centre, strict=True))
        return [sp.Le(p_norm(inner, ball.p), ball.radius, evaluate=False)]


def attack_parts(over: AttackSet, d: int) -> Parts | None:
    """The set as a sum of balls; None where its support function is not a sum of norms."""
    radii: dict[Norm, sp.Expr] = {}
    centre = [sp.S.Zero] * d
    for term in sp.Add.make_args(sp.expand(over.support(PROBE))):
        factor, rest = term.as_independent(Norm, Dot, as_Add=False)
        if _has_probe(factor):
            return None
        if isinstance(rest, Dot) and PROBE in rest.args:
            other = rest.args[1] if rest.args[0] == PROBE else rest.args[0]
            step = coordinates(other, d)  # type: ignore[arg-type]
            centre = [c + in_coordinates(factor, d) * s for c, s in zip(centre, step, strict=True)]
        elif isinstance(rest, Norm):
            radii[rest] = radii.get(rest, sp.S.Zero) + factor
        else:
            return None
    balls = [_ball(k, r, n, d) for k, (n, r) in enumerate(radii.items())]
    if not balls or None in balls or any(_has_probe(c) for c in centre):
        return None
    return Parts(tuple(b for b in balls if b is not None), tuple(centre))


def _has_probe(f: sp.Basic) -> bool:
    return PROBE in f.atoms(Vector) or any(PROBE.name + "[" in s.name for s in f.free_symbols)


def _weight(v: VectorExpr) -> VectorExpr | None:
    """w where v is w * PROBE componentwise."""
    if v == PROBE:
        return ones()
    if isinstance(v, Hadamard) and PROBE in v.args:
        others = [f for f in v.args if f != PROBE]
        if len(others) == 1 and not _has_probe(others[0]):
            return others[0]  # type: ignore[return-value]
    return None


def _ball(k: int, radius: sp.Expr, n: Norm, d: int) -> Ball | None:
    weight = _weight(n.vector)
    if weight is None or not radius.is_nonnegative:
        return None
    name = f"~{k + 1}"  # no user's vector has such a name
    symbols = tuple(sp.Symbol(f"{name}[{i + 1}]", real=True) for i in range(d))
    return Ball(
        name, symbols, dual_exponent(n.p), in_coordinates(radius, d), coordinates(weight, d)
    )
