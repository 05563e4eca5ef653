"""Conditions on the nodes of a program, and their three-valued truth on a box.

.. math:: g \\ge 0, \\quad g > 0, \\quad g = 0, \\quad g \\ne 0, \\quad \\land, \\quad \\lor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Atom:
    """A comparison of node ``g`` with 0: one of ``>=``, ``>``, ``==``, ``!=``."""

    g: int
    op: str

    def nodes(self) -> list[int]:
        return [self.g]

    def negated(self) -> Atom | Opposite:
        if self.op in ("==", "!="):
            return Atom(self.g, "!=" if self.op == "==" else "==")
        return Opposite(self)


@dataclass(frozen=True)
class Opposite:
    """The negation of an order relation: -g > 0 or -g >= 0, without a node of its own."""

    atom: Atom

    def nodes(self) -> list[int]:
        return self.atom.nodes()

    def negated(self) -> Atom:
        return self.atom


@dataclass(frozen=True)
class All:
    """Every part holds; the empty one is true."""

    parts: tuple[Any, ...]

    def nodes(self) -> list[int]:
        return [k for p in self.parts for k in p.nodes()]

    def negated(self) -> Any:
        return Some(tuple(p.negated() for p in self.parts))


@dataclass(frozen=True)
class Some:
    """Some part holds; the empty one is false."""

    parts: tuple[Any, ...]

    def nodes(self) -> list[int]:
        return [k for p in self.parts for k in p.nodes()]

    def negated(self) -> Any:
        return All(tuple(p.negated() for p in self.parts))


def truth(f: Any, values: Any, arithmetic: Any) -> tuple[Any, Any]:
    """(certainly true, certainly false), where undefined is neither."""
    if isinstance(f, Atom):
        return arithmetic.compare(values[f.g], f.op)
    if isinstance(f, Opposite):
        yes, no = truth(f.atom, values, arithmetic)
        return no, yes
    yes, no = arithmetic.true, arithmetic.false
    if isinstance(f, Some):
        yes, no = no, yes
    for part in f.parts:
        true, false = truth(part, values, arithmetic)
        if isinstance(f, All):
            yes, no = yes & true, no | false
        else:
            yes, no = yes | true, no & false
    return yes, no


def atoms(f: Any) -> list[Atom]:
    """Every comparison in a formula."""
    if isinstance(f, Atom):
        return [f]
    if isinstance(f, Opposite):
        return [f.atom]
    return [a for p in f.parts for a in atoms(p)]


def strictly(f: Any) -> Any:
    """The formula with > for >=; equations become false."""
    if isinstance(f, Atom):
        return {">=": Atom(f.g, ">"), "==": Some(())}.get(f.op, f)
    if isinstance(f, Opposite):
        return Opposite(Atom(f.atom.g, ">="))
    return type(f)(tuple(strictly(p) for p in f.parts))
