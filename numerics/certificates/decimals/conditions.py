"""Conditions on a tape: relations, their Boolean combinations, and sets of vectors.

.. math:: a \\le b \\mapsto b - a \\ge 0, \\qquad \\text{InOrthant}(v, s) \\mapsto
          \\bigwedge_i s_i v_i > 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from numerics.certificates.decimals.outcome import Malformed, shown
from numerics.certificates.decimals.reader import items, keys, mapping, text
from numerics.certificates.decimals.tape import Tape

# The difference that decides, and whether the sides change places.
_RELATIONS = {
    "LessThan": ("nonneg", False),
    "StrictLessThan": ("pos", False),
    "GreaterThan": ("nonneg", True),
    "StrictGreaterThan": ("pos", True),
    "Equality": ("zero", False),
    "Unequality": ("zero", False),
}


class Writer(Protocol):
    """What writes scalars and vectors onto a tape."""

    tape: Tape

    def scalar(self, tree: Any) -> int: ...

    def vector(self, tree: Any) -> list[int]: ...


def operation(tree: Any) -> tuple[str, list[Any]] | None:
    """(name, arguments) of a node {"op", "args"}, or None."""
    if not isinstance(tree, dict) or "op" not in tree:
        return None
    keys(tree, ["op", "args"], "operation")
    return text(tree["op"], "op"), items(tree["args"], "args")


def condition(writer: Writer, tree: Any) -> int:
    """The register of a condition."""
    found = operation(tree)
    if found is None:
        value = keys(mapping(tree, "condition"), ["truth"], "condition")["truth"]
        if not isinstance(value, bool):
            raise Malformed("expected a truth value to be true or false")
        return writer.tape.emit("truth", (), value)
    return _logic(writer, *found)


def _logic(writer: Writer, name: str, args: list[Any]) -> int:
    if name in ("And", "Or"):
        return writer.tape.emit(name.lower(), [condition(writer, a) for a in args])
    if name in _RELATIONS and len(args) == 2:
        return _relation(writer.tape, name, *(writer.scalar(a) for a in args))
    if name == "Not" and len(args) == 1:
        return writer.tape.emit("not", [condition(writer, args[0])])
    if name == "InOrthant" and len(args) == 2:
        return _in_orthant(writer.tape, *(writer.vector(a) for a in args))
    if name == "ZeroComponent" and len(args) == 1:
        return _zero_component(writer.tape, writer.vector(args[0]))
    if name == "TiedPeak" and len(args) == 1:
        return _tied_peak(writer.tape, writer.vector(args[0]))
    raise Malformed(f"expected a condition, got {shown(name)} of {len(args)} arguments")


def _relation(tape: Tape, name: str, a: int, b: int) -> int:
    kind, turned = _RELATIONS[name]
    register = tape.relation(kind, *((b, a) if turned else (a, b)), turned)
    return tape.emit("not", [register]) if name == "Unequality" else register


def _in_orthant(tape: Tape, v: Sequence[int], s: Sequence[int]) -> int:
    """s_i v_i > 0 for every i."""
    products = [tape.mul(pair) for pair in zip(s, v, strict=True)]
    return tape.emit("and", [tape.relation("pos", tape.constant(0), p, True) for p in products])


def _zero_component(tape: Tape, v: Sequence[int]) -> int:
    """v_i = 0 for some i."""
    return tape.emit("or", [tape.relation("zero", tape.constant(0), c, True) for c in v])


def ties(tape: Tape, v: Sequence[int]) -> list[int]:
    """Whether |v_i| is the largest, for every i."""
    sizes = [tape.unary("abs", c) for c in v]
    top = tape.extremum("max", sizes)
    return [tape.relation("zero", size, top) for size in sizes]


def _tied_peak(tape: Tape, v: Sequence[int]) -> int:
    """v = 0, or two components share the largest |v_i|."""
    tied = ties(tape, v)
    pairs = [tape.emit("and", (a, b)) for k, a in enumerate(tied) for b in tied[:k]]
    top = tape.extremum("max", [tape.unary("abs", c) for c in v])
    return tape.emit("or", [tape.relation("zero", tape.constant(0), top), *pairs])
