"""One case of a box certificate: a dimension, the values of labels and signs, a box, a tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from numerics.certificates.arb.language import Compiler
from numerics.certificates.arb.outcome import Malformed, Rejected, shown
from numerics.certificates.arb.reader import keys, list_of, rational, text_of, whole
from numerics.certificates.arb.rotation import free_coordinates
from numerics.certificates.arb.statement import MAX_DIMENSION, PAIRS, Statement
from numerics.certificates.arb.tape import ZERO, Tape

Range = tuple[fmpq, fmpq]
Pattern = dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Case:
    """``pattern``: the values of every label (one) and of every vector of signs (d)."""

    dimension: int
    pattern: Pattern
    domain: dict[str, Range]
    tree: str

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes two cases the same."""
        return self.dimension, tuple(sorted(self.pattern.items()))


def read_case(value: Any, where: str) -> Case:
    """The case of a JSON object."""
    keys(value, {"dimension", "signs", "domain", "tree"}, where)
    d = whole(value["dimension"], f"{where}: dimension")
    if not 1 <= d <= MAX_DIMENSION:
        raise Rejected(f"{where}: expected a dimension from 1 to {MAX_DIMENSION}")
    if not isinstance(value["signs"], dict):
        raise Malformed(f"{where}: expected signs to be an object")
    pattern = {name: _signs(entry, where) for name, entry in value["signs"].items()}
    return Case(d, pattern, _domain(value["domain"], where), text_of(value["tree"], where))


def _signs(entry: Any, where: str) -> tuple[int, ...]:
    marks = entry if isinstance(entry, list) else [entry]
    if any(not isinstance(m, str) or m not in ("1", "-1") for m in marks):
        raise Malformed(f"{where}: expected signs '1' and '-1', got {shown(entry)}")
    # A label is one mark, not a list of one; the empty tuple in front tells them apart.
    return tuple(int(m) for m in marks) if isinstance(entry, list) else (0, int(entry))


def _domain(entry: Any, where: str) -> dict[str, Range]:
    domain: dict[str, Range] = {}
    for row in list_of(entry, f"{where}: domain"):
        if not isinstance(row, list) or len(row) != 3 or not isinstance(row[0], str):
            raise Malformed(f"{where}: expected a name and two numbers, got {shown(row)}")
        low, high = (rational(end, f"{where}: domain") for end in row[1:])
        if low > high:
            raise Malformed(f"{where}: expected an interval of {shown(row[0])} that is not empty")
        if row[0] in domain:
            raise Malformed(f"{where}: expected {shown(row[0])} once in the domain")
        domain[row[0]] = (low, high)
    return domain


class Layout:
    """Where each variable of a case lives: an input of the tape, a number, or a fixed zero.

    Inputs are numbered as the domain; after them come the coordinates of ``wrt`` that a rotation
    fixed at 0, which still have derivatives.
    """

    def __init__(self, statement: Statement, case: Case, rotated: bool) -> None:
        self.statement, self.case = statement, case
        self.order = {name: k for k, name in enumerate(case.domain)}
        self.free = free_coordinates(statement, rotated, case.dimension)
        self.rotated = rotated
        self.fixed: list[str] = []
        self._check_names()
        if statement.kind in PAIRS and statement.wrt in self.free:
            names = self.coordinates(statement.wrt or "")
            self.fixed = [n for n in names if n not in self.order]

    def coordinates(self, name: str) -> list[str]:
        """theta[1], ..., theta[d]."""
        return [f"{name}[{i + 1}]" for i in range(self.case.dimension)]

    def _check_names(self) -> None:
        wanted = set(self.statement.named("symbol"))
        for name, count in self.free.items():
            wanted |= set(self.coordinates(name)[:count])
        if missing := wanted - set(self.order):
            raise Rejected(f"the domain does not list {shown(min(missing))}")
        if extra := set(self.order) - wanted:
            raise Rejected(f"the domain lists {shown(min(extra))}, which is no variable here")

    def nonnegative(self) -> list[str]:
        """The coordinates that a rotation makes at least 0."""
        if not self.rotated:
            return []
        return [self.coordinates(name)[count - 1] for name, count in self.free.items()]

    def compiler(self, tape: Tape) -> Compiler:
        """A compiler whose variables are the inputs of this case."""
        atoms: dict[str, int | Sequence[int]] = {}
        for name in self.statement.named("symbol"):
            atoms[name] = tape.variable(self.order[name])
        for name in self.free:
            atoms[name] = [self._coordinate(tape, c) for c in self.coordinates(name)]
        for name, marks in self.case.pattern.items():
            if self.statement.variables[name].op == "label":
                atoms[name] = tape.const(fmpq(marks[1]))
            else:
                atoms[name] = [tape.const(fmpq(m)) for m in marks]
        return Compiler(tape, self.case.dimension, atoms)

    def _coordinate(self, tape: Tape, name: str) -> int:
        if name in self.order:
            return tape.variable(self.order[name])
        if name in self.fixed:
            return tape.variable(len(self.order) + self.fixed.index(name))
        return tape.const(ZERO)

    def seeds(self) -> Mapping[int, int]:
        """Which input is which component of wrt."""
        wrt = self.statement.wrt or ""
        if wrt in self.order:
            return {self.order[wrt]: 0}
        slots: dict[int, int] = {}
        for i, name in enumerate(self.coordinates(wrt)):
            known = name in self.order
            index = self.order[name] if known else len(self.order) + self.fixed.index(name)
            slots[index] = i
        return slots
