"""From statement trees to tape: vectors become their d components, labels become numbers.

.. math:: \\theta \\mapsto (\\theta_1, \\dots, \\theta_d), \\qquad
          \\|v\\|_p \\mapsto (\\textstyle\\sum_i |v_i|^p)^{1/p}.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flint import fmpq

from numerics.certificates.arb.conditions import CONDITIONS
from numerics.certificates.arb.outcome import Rejected
from numerics.certificates.arb.syntax import Node, constant
from numerics.certificates.arb.tape import ONE, ZERO, Condition, Tape, check_exponent

Atoms = Mapping[str, int | Sequence[int]]
_PLAIN = frozenset(["exp", "log", "tanh", "sinh", "cosh", "sin", "cos", "atan", "erf"])


class Compiler:
    """Writes nodes to a tape; ``atoms`` gives the slots of every variable by its name."""

    def __init__(self, tape: Tape, dimension: int, atoms: Atoms) -> None:
        self.tape, self.dimension, self.atoms = tape, dimension, atoms

    def scalar(self, node: Node) -> int:
        """The slot of a scalar."""
        if node.op in _PLAIN:
            return self.tape.function(node.op, self.scalar(node.args[0]))
        return _SCALARS[node.op](self, node)

    def vector(self, node: Node) -> list[int]:
        """The slots of the components of a vector."""
        return _VECTORS[node.op](self, node)

    def matrix(self, node: Node) -> list[int]:
        """The slots of the entries of a matrix, row by row."""
        d = self.dimension
        if node.op == "Outer":
            u, v = (self.vector(a) for a in node.args)
            return [self.tape.product((a, b)) for a in u for b in v]
        if node.op == "Diag":
            entries = self.vector(node.args[0])
            nothing = self.tape.const(ZERO)
            return [entries[i] if i == j else nothing for i in range(d) for j in range(d)]
        return self._weighted(node, self.matrix, d * d)

    def condition(self, node: Node) -> Condition:
        """The condition as signs of slots."""
        return CONDITIONS[node.op](self, node)

    def _weighted(self, node: Node, read: Callable[[Node], list[int]], size: int) -> list[int]:
        """A sum of coefficients times vectors or matrices."""
        terms: list[list[int]] = [[] for _ in range(size)]
        for pair in node.args:
            c = self.scalar(pair.args[0])
            for row, entry in zip(terms, read(pair.args[1]), strict=True):
                row.append(self.tape.product((c, entry)))
        return [self.tape.add(row) for row in terms]

    # Scalars.

    def _number(self, node: Node) -> int:
        return self.tape.const(node.data)

    def _named(self, node: Node) -> int:
        return self.tape.emit("named", (), node.data)

    def _atom(self, node: Node) -> int:
        slot = self.atoms[node.data[0]]
        assert isinstance(slot, int)
        return slot

    def _sum(self, node: Node) -> int:
        return self.tape.add([self.scalar(a) for a in node.args])

    def _product(self, node: Node) -> int:
        return self.tape.product([self.scalar(a) for a in node.args])

    def _power(self, node: Node) -> int:
        base, exponent = node.args
        r = constant(exponent)
        if r is None:
            logarithm = self.tape.function("log", self.scalar(base))
            return self.tape.function("exp", self.tape.product((self.scalar(exponent), logarithm)))
        p = _finite_exponent(base) if base.op == "Norm" else None
        if p is not None and r > 0 and (r / p).q == 1:  # (sum |v_i|^p)^(r/p) has no root
            components = self.vector(base.args[0])
            return self.tape.power(self._power_sum(components, p), r / p)
        return self.tape.power(self.scalar(base), r)

    def _absolute(self, node: Node) -> int:
        return self.tape.absolute(self.scalar(node.args[0]))

    def _sign(self, node: Node) -> int:
        return self.tape.sign(self.scalar(node.args[0]))

    def _maximum(self, node: Node) -> int:
        return self.tape.maximum([self.scalar(a) for a in node.args])

    def _minimum(self, node: Node) -> int:
        flipped = [self.tape.scaled(-ONE, self.scalar(a)) for a in node.args]
        return self.tape.scaled(-ONE, self.tape.maximum(flipped))

    def _piecewise(self, node: Node) -> int:
        first, *rest = node.args
        condition = self.condition(first.args[1])
        with self.tape.optional():
            pieces = [(condition, self.scalar(first.args[0]))]
            for pair in rest:
                pieces.append((self.condition(pair.args[1]), self.scalar(pair.args[0])))
        return self._chosen(pieces)

    def _chosen(self, pieces: list[tuple[Condition, int]]) -> int:
        """Drop pieces that labels decide."""
        kept = [(c, slot) for c, slot in pieces if c != ("truth", False)]
        if kept and kept[0][0] == ("truth", True):
            return self.tape.demand(kept[0][1])
        return self.tape.emit("piece", (), tuple(kept))

    def _norm(self, node: Node) -> int:
        return self.norm(self.vector(node.args[0]), node.args[1])

    def norm(self, components: Sequence[int], p: Node) -> int:
        """||v||_p of explicit components."""
        if p.op == "named" and p.data == "oo":
            return self.tape.maximum([self.tape.absolute(c) for c in components])
        r = constant(p)
        if r is None or r < 1:
            raise Rejected("a norm has an exponent that is not a rational number >= 1 or oo")
        if r == 1:
            return self.tape.add([self.tape.absolute(c) for c in components])
        kept = [c for c in components if self.tape.value(c) != 0]
        if len(kept) < 2:
            return self.tape.add([self.tape.absolute(c) for c in kept])
        if all(self.tape.value(c) is not None for c in kept):
            return self.tape.power(self._power_sum(kept, r), 1 / r)
        check_exponent(r)
        return self.tape.emit("norm", tuple(kept), r)

    def _power_sum(self, components: Sequence[int], p: fmpq) -> int:
        return self.tape.add([self._absolute_power(c, p) for c in components])

    def _absolute_power(self, c: int, r: fmpq) -> int:
        even = r.q == 1 and r.p % 2 == 0
        return self.tape.power(c if even else self.tape.absolute(c), r)

    def _dot(self, node: Node) -> int:
        u, v = (self.vector(a) for a in node.args)
        return self.tape.add([self.tape.product(pair) for pair in zip(u, v, strict=True)])

    def _peak_slope(self, node: Node) -> int:
        v, h = (self.vector(a) for a in node.args)
        return self.tape.emit("tip", (*v, *h))

    # Vectors.

    def _components(self, node: Node) -> list[int]:
        slots = self.atoms[node.data[0]]
        assert not isinstance(slots, int)
        return list(slots)

    def _vector_sum(self, node: Node) -> list[int]:
        return self._weighted(node, self.vector, self.dimension)

    def _ones(self, node: Node) -> list[int]:
        return [self.tape.const(ONE)] * self.dimension

    def _unit(self, node: Node) -> list[int]:
        v = self.vector(node.args[0])
        inverse = self.tape.power(self.norm(v, Node("number", "scalar", data=fmpq(2))), fmpq(-1))
        return [self.tape.product((c, inverse)) for c in v]

    def _signs(self, node: Node) -> list[int]:
        return [self.tape.sign(c) for c in self.vector(node.args[0])]

    def _peak(self, node: Node) -> list[int]:
        v = self.vector(node.args[0])
        if len(v) == 1:
            return [self.tape.sign(v[0])]
        return [self.tape.emit("peak", tuple(v), i) for i in range(len(v))]

    def _abs_power(self, node: Node) -> list[int]:
        v, exponent = self.vector(node.args[0]), node.args[1]
        r = constant(exponent)
        if r is None:
            raise Rejected("a componentwise power has an exponent that is not a rational number")
        if r == 0:
            return [self._indicator(c) for c in v]
        return [self._absolute_power(c, r) for c in v]

    def _indicator(self, c: int) -> int:
        value = self.tape.value(c)
        if value is None:
            return self.tape.emit("nonzero", (c,))
        return self.tape.const(fmpq(int(value != 0)))

    def _hadamard(self, node: Node) -> list[int]:
        rows = [self.vector(a) for a in node.args]
        return [self.tape.product(column) for column in zip(*rows, strict=True)]


def _finite_exponent(norm: Node) -> fmpq | None:
    p = constant(norm.args[1])
    return p if p is not None and p >= 1 else None


_SCALARS: dict[str, Callable[[Compiler, Node], int]] = {
    "number": Compiler._number,
    "named": Compiler._named,
    "label": Compiler._atom,
    "symbol": Compiler._atom,
    "Add": Compiler._sum,
    "Mul": Compiler._product,
    "Pow": Compiler._power,
    "Abs": Compiler._absolute,
    "sign": Compiler._sign,
    "Max": Compiler._maximum,
    "Min": Compiler._minimum,
    "Piecewise": Compiler._piecewise,
    "Norm": Compiler._norm,
    "Dot": Compiler._dot,
    "PeakSlope": Compiler._peak_slope,
}
_VECTORS: dict[str, Callable[[Compiler, Node], list[int]]] = {
    "vector": Compiler._components,
    "signs": Compiler._components,
    "VectorSum": Compiler._vector_sum,
    "Ones": Compiler._ones,
    "Unit": Compiler._unit,
    "Sign": Compiler._signs,
    "Peak": Compiler._peak,
    "AbsPower": Compiler._abs_power,
    "Hadamard": Compiler._hadamard,
}
