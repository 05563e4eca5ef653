"""A relation or an equality that fails at one point.

.. math:: a(\\theta) > b(\\theta) \\text{ refutes } a \\le b.
"""

from __future__ import annotations

from typing import Any

from numerics.certificates.decimals.conditions import condition
from numerics.certificates.decimals.exact import Exact
from numerics.certificates.decimals.intervals import Interval
from numerics.certificates.decimals.matrices import entries
from numerics.certificates.decimals.outcome import Malformed, Rejected
from numerics.certificates.decimals.scene import Scene, at, decide
from numerics.certificates.decimals.tape import Tape

Sides = list[tuple[Interval, Interval]]


def check_relation(scene: Scene) -> None:
    """The Boolean combination is certainly false."""
    tape = Tape()
    top = condition(scene.case.language(tape), scene.statement.holds)

    def fails(r: Exact) -> Sides | None:
        values = at(tape, r, scene.inputs())
        if values[top] is True:
            raise Rejected("the statement holds at the witness")
        return _sides(tape, values) if values[top] is False else None

    scene.check_sides(decide(fails, "whether the statement fails at the witness"))


def _sides(tape: Tape, values: list[Any]) -> Sides:
    """Both sides of every relation, in the order in which it was written."""
    found = []
    for (name, args, turned), value in zip(tape.operations, values, strict=True):
        if name in ("nonneg", "pos", "zero") and value is not None:
            left, right = values[args[1]], values[args[2]]
            found.append((right, left) if turned else (left, right))
    return found


def check_equal(scene: Scene) -> None:
    """Some component or entry certainly differs, and all are defined."""
    tape, holds = Tape(), scene.statement.holds
    language = scene.case.language(tape)
    left, right = (entries(language, holds[side]) for side in ("left", "right"))
    if len(left) != len(right):
        raise Malformed("expected two vectors or two matrices")
    pairs = list(zip(left, right, strict=True))

    def differs(r: Exact) -> Sides | None:
        values = at(tape, r, scene.inputs())
        sides = [(values[a], values[b]) for a, b in pairs]
        if any(None in pair for pair in sides):
            return None
        apart = [(a, b) for a, b in sides if a[1] < b[0] or b[1] < a[0]]
        return apart or None

    scene.check_sides(decide(differs, "whether the two sides differ at the witness"))
