"""``Program``: scalar operations in order, each a node; equal nodes are one.

.. math:: n_k = f_k(n_{i}, n_{j}, \\dots), \\qquad i, j < k.

A program is built once from a statement and run in any arithmetic: float intervals over many
boxes, exact-ended Arb intervals on one box.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


class Unsupported(ValueError):
    """A statement holds something that boxes cannot certify; one sentence says what."""


@dataclass(frozen=True)
class Node:
    """``data``: a number, an exponent, a function's name, the conditions of a piecewise one."""

    op: str
    inputs: tuple[int, ...] = ()
    data: Any = None


class Program:
    """Nodes in an order in which every input comes before its use.

    Sums are kept as linear combinations with exact coefficients, equal factors as a power:
    x - x is 0.  ``required`` holds what has to be defined even where it cancelled.
    """

    def __init__(self, variables: list[str]) -> None:
        self.variables = variables
        self.nodes: list[Node] = []
        self.required: set[int] = set()
        self._known: dict[Node, int] = {}
        self._optional = 0
        for k, _ in enumerate(variables):
            self.emit("variable", data=k)

    @contextmanager
    def optional(self) -> Iterator[None]:
        """What is emitted inside need not be defined."""
        self._optional += 1
        yield
        self._optional -= 1

    def emit(self, op: str, *inputs: int, data: Any = None) -> int:
        """The node of an operation, new or known."""
        node = Node(op, inputs, data)
        if node not in self._known:
            self._known[node] = len(self.nodes)
            self.nodes.append(node)
        k = self._known[node]
        if not self._optional and op not in ("variable", "constant", "linear"):
            self.required.add(k)
        return k

    def constant(self, value: Fraction | int) -> int:
        """An exact number."""
        return self.emit("constant", data=Fraction(value))

    def value(self, k: int) -> Fraction | None:
        """The number of a constant node."""
        return self.nodes[k].data if self.nodes[k].op == "constant" else None

    def linear(self, terms: Iterable[tuple[Fraction | int, int]]) -> int:
        """The sum of c_j n_j, like terms collected."""
        total: dict[int, Fraction] = {}
        constant = Fraction(0)
        for c, k in terms:
            shift, parts = self._as_linear(k)
            constant += c * shift
            for j, factor in parts:
                total[j] = total.get(j, Fraction(0)) + c * factor
        kept = sorted((j, c) for j, c in total.items() if c != 0)
        if not kept:
            return self.constant(constant)
        if constant == 0 and len(kept) == 1 and kept[0][1] == 1:
            return kept[0][0]
        nodes, factors = zip(*kept, strict=True)
        return self.emit("linear", *nodes, data=(constant, factors))

    def _as_linear(self, k: int) -> tuple[Fraction, tuple[tuple[int, Fraction], ...]]:
        node = self.nodes[k]
        if node.op == "constant":
            return node.data, ()
        if node.op == "linear":
            return node.data[0], tuple(zip(node.inputs, node.data[1], strict=True))
        return Fraction(0), ((k, Fraction(1)),)

    def total(self, terms: Iterable[int]) -> int:
        """The sum of nodes."""
        return self.linear((1, k) for k in terms)

    def sub(self, a: int, b: int) -> int:
        """a - b."""
        return self.linear(((1, a), (-1, b)))

    def product(self, factors: Iterable[int]) -> int:
        """The product of nodes: rational factors in front, equal factors as a power."""
        number = Fraction(1)
        powers: dict[int, int] = {}
        for k in factors:
            constant, parts = self._as_linear(k)
            if not parts:
                number *= constant
                continue
            if constant == 0 and len(parts) == 1:
                k, factor = parts[0]
                number *= factor
            base, n = self._as_power(k)
            powers[base] = powers.get(base, 0) + n
        if number == 0:
            return self.constant(0)
        kept = sorted(self.integer_power(base, n) for base, n in powers.items())
        if not kept:
            return self.constant(number)
        result = kept[0]
        for k in kept[1:]:
            result = self.emit("mul", result, k)
        return self.linear(((number, result),))

    def _as_power(self, k: int) -> tuple[int, int]:
        node = self.nodes[k]
        if node.op == "integer power" and node.data > 0:
            return node.inputs[0], node.data
        return k, 1

    def integer_power(self, a: int, n: int) -> int:
        """a^n; even powers of |x| and ||v||_2 lose their kinks."""
        x, node = self.value(a), self.nodes[a]
        if x is not None and (n >= 0 or x != 0) and abs(n) <= 64:
            return self.constant(x**n)
        if n in (0, 1):
            return a if n else self.constant(1)
        if n % 2 == 0 and node.op == "norm":
            squares = self.total(self.integer_power(k, 2) for k in node.inputs)
            return self.integer_power(squares, n // 2)
        if n % 2 == 0 and node.op == "function" and node.data == "Abs":
            return self.integer_power(node.inputs[0], n)
        return self.emit("integer power", a, data=n)

    def norm(self, components: Iterable[int]) -> int:
        """The Euclidean norm, |x| of a single component."""
        kept = [k for k in components if self.value(k) != 0]
        if not kept:
            return self.constant(0)
        if len(kept) == 1:
            return self.emit("function", kept[0], data="Abs")
        return self.emit("norm", *kept)

    def needed(self, outputs: Iterable[int]) -> list[int]:
        """The nodes that the outputs depend on, in order."""
        todo = list(outputs)
        marks = set(todo)
        while todo:
            node = self.nodes[todo.pop()]
            inputs = [*node.inputs, *_of_conditions(node)]
            todo += [k for k in inputs if k not in marks]
            marks |= set(inputs)
        return sorted(marks)


def _of_conditions(node: Node) -> list[int]:
    if node.op != "piecewise":
        return []
    return [k for condition in node.data for k in condition.nodes()]
