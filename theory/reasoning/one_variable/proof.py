"""``prove_nonnegative``: f >= 0 (or > 0) on an interval, decided by exact signs.

>>> from sympy import Symbol, exp, log, S
>>> z = Symbol("z", real=True)
>>> proof = prove_nonnegative(log(1 + exp(-z)) - log(2) + z / 2, z, S.Reals)
>>> proof.method, prove_nonnegative(log(2) - log(1 + exp(-z)), z, S.Reals)
('signs', None)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from theory.enclosure import Unsupported, enclose, is_exactly_zero
from theory.reasoning.one_variable.changes import changes
from theory.reasoning.one_variable.pieces import Piece, Pieces, pieces_of
from theory.reasoning.one_variable.points import Deadline, Point, Undecided
from theory.reasoning.one_variable.sign_tables import NONZERO, POLE, describe

FAILURES = (
    Undecided,
    Unsupported,
    ArithmeticError,
    NotImplementedError,
    sp.polys.polyerrors.BasePolynomialError,
    RecursionError,
)


@dataclass(frozen=True)
class OneVariableProof:
    """A finished proof; ``steps`` are readable, ``data`` is JSON-able."""

    method: str
    steps: tuple[str, ...]
    data: Mapping[str, Any] = field(default_factory=dict)


def prove_nonnegative(
    f: sp.Expr, z: sp.Symbol, domain: sp.Set, strict: bool = False, deadline: float | None = None
) -> OneVariableProof | None:
    """A proof of f >= 0 (f > 0 if strict) on the domain; ``None`` is no answer, not a no."""
    from theory.reasoning.one_variable.compact import prove_by_cells
    from theory.reasoning.one_variable.splits import prove_by_derivatives, prove_by_parts

    try:
        return _by_signs(pieces_of(f, z, domain, deadline), strict)
    except FAILURES:
        found = _after_a_change(f, z, domain, strict, deadline)
    for method in () if found else (prove_by_parts, prove_by_derivatives, prove_by_cells):
        try:
            found = method(f, z, domain, strict, Deadline(deadline))
        except FAILURES:
            continue
        if found is not None:
            break
    return found


def by_signs_or_change(
    f: sp.Expr, z: sp.Symbol, domain: sp.Set, strict: bool, deadline: float | None
) -> OneVariableProof | None:
    """The exact methods alone."""
    try:
        return _by_signs(pieces_of(f, z, domain, deadline), strict)
    except FAILURES:
        return _after_a_change(f, z, domain, strict, deadline)


def _after_a_change(
    f: sp.Expr, z: sp.Symbol, domain: sp.Set, strict: bool, deadline: float | None
) -> OneVariableProof | None:
    """f(z) = g(w) >= 0; where w does not reach, by continuity, or by the value itself."""
    for change in changes(f, z, domain):
        if change.missed is not None and not _holds_at(f, z, change.missed, strict):
            continue
        try:
            found = _by_signs(pieces_of(change.g, change.w, change.domain, deadline), strict)
        except FAILURES:
            continue
        if found is not None:
            steps = (f"with {change.note} the function is {change.g}", *found.steps)
            return OneVariableProof("change of variable", steps, found.data)
    return None


def _holds_at(f: sp.Expr, z: sp.Symbol, point: sp.Expr, strict: bool) -> bool:
    """A continuous function is >= 0 at a limit of such points; > 0 has to be seen there."""
    value = enclose(f.xreplace({z: point}), {}, 128)
    return bool(value > 0) if strict else bool(value.is_finite())


def _by_signs(pieces: Pieces, strict: bool) -> OneVariableProof | None:
    if not all(_piece_holds(piece, strict) for piece in pieces.all):
        return None
    for point in (*pieces.breaks, *pieces.closed_ends()):
        if not _point_holds(pieces, point, strict):
            return None
    steps = [line for piece in pieces.all for line in _explain(piece)]
    points = [str(p) for p in (*pieces.breaks, *pieces.closed_ends())]
    if points:
        steps.append(f"at {', '.join(points)} the value is {'> 0' if strict else '>= 0'}")
    data = {
        "function": str(pieces.f),
        "domain": str(pieces.domain),
        "strict": strict,
        "pieces": [_record(piece) for piece in pieces.all],
        "points": points,
    }
    return OneVariableProof("signs", tuple(steps), data)


def _piece_holds(piece: Piece, strict: bool) -> bool:
    signs = piece.signs()
    if strict:
        return all(c > 0 for c in signs.cells) and all(a == NONZERO for a in signs.at)
    return all(c >= 0 for c in signs.cells) and POLE not in signs.at


def _point_holds(pieces: Pieces, point: Point, strict: bool) -> bool:
    """The value at a cut or a closed end; continuity settles an undecided weak inequality."""
    value = pieces.value(point)
    try:
        sign = sign_of(value)
    except Undecided:
        return pieces.continuous_by_form and not strict
    return sign > 0 or (sign == 0 and not strict)


def sign_of(value: Point) -> int:
    """The exact sign of a number."""
    for bits in (64, 256):
        ball = value.ball(bits)
        if ball > 0 or ball < 0:
            return 1 if ball > 0 else -1
    if value.exact is not None and is_exactly_zero(value.exact):
        return 0
    ball = value.ball(4096)
    if ball > 0 or ball < 0:
        return 1 if ball > 0 else -1
    raise Undecided("the sign of a number")


def _explain(piece: Piece) -> list[str]:
    tower = piece.engine.tower
    where = "t = z" if tower.rate is None else f"t = exp({tower.rate * tower.z})"
    interval = f"({_show(piece.lo, '-oo')}, {_show(piece.hi, 'oo')})"
    shown = piece.engine.show(piece.derivative(0))
    return [
        f"on {interval} the function is {piece.expr} = {shown} with {where}",
        *piece.engine.steps,
        f"its signs on {interval} are {describe(piece.signs())}",
    ]


def _record(piece: Piece) -> dict[str, Any]:
    tower, signs = piece.engine.tower, piece.signs()
    return {
        "interval": [_show(piece.lo, "-oo"), _show(piece.hi, "oo")],
        "expression": str(piece.expr),
        "rate": None if tower.rate is None else str(tower.rate),
        "zeros": [str(p) for p in signs.points],
        "at": list(signs.at),
        "cells": list(signs.cells),
        "derivatives": list(piece.engine.steps),
    }


def _show(end: Point | None, infinite: str) -> str:
    return infinite if end is None else repr(end)
