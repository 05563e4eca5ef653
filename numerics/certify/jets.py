"""Forward derivatives on boxes: first ones for the centred form, second ones for curvature.

.. math:: g(B) \\subseteq g(m) + \\sum_i g_i'(B)\\,(B_i - m_i).

At a kink of Abs, Max, Min or a norm the first derivative is Clarke's: all slopes between the
sides.  Second derivatives are undefined there, and so is any derivative of a jump.  Derivatives
that vanish by structure are the integer 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from numerics.certify.evaluation import pieces, value
from numerics.certify.program import Node, Program
from numerics.certify.slopes import function_slopes, power, power_slopes


@dataclass
class Jet:
    """A value with its first derivatives and, in order 2, the lower triangle of its second."""

    value: Any
    first: list[Any]
    second: list[list[Any]] | None = None


class Jets:
    """Derivatives with respect to the variables ``seeds`` (their rows), of order 1 or 2."""

    def __init__(self, program: Program, arithmetic: Any, seeds: Sequence[int], order: int) -> None:
        self.program, self.a, self.order = program, arithmetic, order
        self.size = len(seeds)
        self.seeds = {row: self._seed(i) for i, row in enumerate(seeds)}

    def _seed(self, i: int) -> list[Any]:
        one = self.a.constant(Fraction(1))
        return [one if j == i else 0 for j in range(self.size)]

    def run(self, nodes: Sequence[int], box: Sequence[Any]) -> dict[int, Jet]:
        """The jets of the nodes on a box."""
        values: dict[int, Any] = {}
        for k in nodes:
            values[k] = value(self.program.nodes[k], values, box, self.a)
        return self.along(nodes, values)

    def along(self, nodes: Sequence[int], values: dict[int, Any]) -> dict[int, Jet]:
        """The jets of nodes whose values are known."""
        jets: dict[int, Jet] = {}
        for k in nodes:
            node = self.program.nodes[k]
            jets[k] = self._jet(node, values, values[k], [jets[i] for i in node.inputs])
        return jets

    def _flat(self, v: Any) -> Jet:
        second = [[0] * (i + 1) for i in range(self.size)] if self.order == 2 else None
        return Jet(v, [0] * self.size, second)

    def _jet(self, node: Node, values: dict[int, Any], v: Any, x: list[Jet]) -> Jet:
        if node.op == "variable":
            jet = self._flat(v)
            jet.first = self.seeds.get(node.data, jet.first)
            return jet
        if node.op != "piecewise" and all(_is_flat(j) for j in x):
            return self._flat(v)  # a piecewise constant jumps where its conditions change
        if node.op == "linear":
            return self._combined(v, lambda p: self._weighted(node.data[1], p), x)
        if node.op == "mul":
            return self._product(v, *x)
        if node.op in ("max", "min"):
            return self._extreme(node.op, v, *x)
        if node.op == "norm":
            return self._norm(v, x)
        if node.op == "piecewise":
            return self._piecewise(node, values, v, x)
        return self._chain(v, x[0], *self._slopes(node, v, x[0].value))

    def _combined(self, v: Any, f: Any, x: Sequence[Jet]) -> Jet:
        """Every derivative is f of the derivatives of x."""
        first = [f([j.first[i] for j in x]) for i in range(self.size)]
        if self.order == 1:
            return Jet(v, first)
        rows = range(self.size)
        second = [[f([j.second[i][k] for j in x]) for k in range(i + 1)] for i in rows]  # type: ignore[index]
        return Jet(v, first, second)

    # --- structural zeros

    def _plus(self, *terms: Any) -> Any:
        result: Any = 0
        for t in terms:
            if not _zero(t):
                result = t if _zero(result) else self.a.add(result, t)
        return result

    def _weighted(self, factors: Sequence[Fraction], parts: list[Any]) -> Any:
        pairs = zip(factors, parts, strict=True)
        return self._plus(*(self._scaled(c, p) for c, p in pairs if not _zero(p)))

    def _scaled(self, c: Fraction, x: Any) -> Any:
        if _zero(x):
            return 0
        return x if c == 1 else self.a.neg(x) if c == -1 else self.a.scale(c, x)

    def _times(self, *factors: Any) -> Any:
        if any(_zero(f) for f in factors):
            return 0
        result = factors[0]
        for f in factors[1:]:
            result = self.a.mul(result, f)
        return result

    def _lift(self, x: Any, like: Any) -> Any:
        return self.a.constant(Fraction(0)) if _zero(x) else x

    # --- rules

    def _product(self, v: Any, x: Jet, y: Jet) -> Jet:
        first = [
            self._plus(self._times(x.value, q), self._times(y.value, p))
            for p, q in zip(x.first, y.first, strict=True)
        ]
        if x.second is None or y.second is None:
            return Jet(v, first)
        second = [
            [
                self._plus(
                    self._times(x.value, y.second[i][k]),
                    self._times(y.value, x.second[i][k]),
                    self._times(x.first[i], y.first[k]),
                    self._times(x.first[k], y.first[i]),
                )
                for k in range(i + 1)
            ]
            for i in range(self.size)
        ]
        return Jet(v, first, second)

    def _chain(self, v: Any, x: Jet, slope: Any, curve: Any) -> Jet:
        first = [self._times(slope, p) for p in x.first]
        if x.second is None:
            return Jet(v, first)
        second = [
            [
                self._plus(
                    self._times(slope, x.second[i][k]),
                    self._times(curve, x.first[i], x.first[k]),
                )
                for k in range(i + 1)
            ]
            for i in range(self.size)
        ]
        return Jet(v, first, second)

    def _slopes(self, node: Node, v: Any, x: Any) -> tuple[Any, Any]:
        """f' and, in order 2, f'' at x."""
        if node.op == "function":
            return function_slopes(self.a, node.data, v, x, self.order)
        return power_slopes(self.a, Fraction(node.data), x, self.order)

    def _extreme(self, op: str, v: Any, x: Jet, y: Jet) -> Jet:
        large, small = (x.value, y.value) if op == "max" else (y.value, x.value)
        smooth = self.order == 2

        def chosen(pair: list[Any]) -> Any:
            p, q = (self._lift(t, v) for t in pair)
            return self.a.choose(large, small, p, q, smooth)

        return self._combined(v, chosen, (x, y))

    def _piecewise(self, node: Node, values: dict[int, Any], v: Any, x: list[Jet]) -> Jet:
        conditions = pieces(node, [j.value for j in x], values, self.a)

        def chosen(parts: list[Any]) -> Any:
            triples = zip(parts, conditions, strict=True)
            return self.a.only([(self._lift(p, v), yes, no) for p, (_, yes, no) in triples])

        return self._combined(v, chosen, x)

    def _norm(self, v: Any, x: list[Jet]) -> Jet:
        """Slopes c/||c|| within [-1, 1]; in order 2 the root of a sum of squares."""
        if self.order == 1:
            unit = [self.a.ratio(j.value, v) for j in x]
            return self._combined(v, lambda p: self._plus(*map(self._times, unit, p)), x)
        squares = [self._powered(j, Fraction(2)) for j in x]
        total = self._combined(self._plus(*(j.value for j in squares)), self._sum, squares)
        return self._powered(total, Fraction(1, 2))

    def _sum(self, parts: list[Any]) -> Any:
        return self._plus(*parts)

    def _powered(self, x: Jet, r: Fraction) -> Jet:
        return self._chain(power(self.a, x.value, r), x, *power_slopes(self.a, r, x.value, 2))


class StackedJets(Jets):
    """First derivatives in one float interval each, (k, n) for k variables and n boxes."""

    def __init__(self, program: Program, arithmetic: Any, variables: int) -> None:
        super().__init__(program, arithmetic, [], 1)
        self.size = 1
        columns = arithmetic.unit_columns(variables)
        self.seeds = {row: [column] for row, column in enumerate(columns)}


def _zero(x: Any) -> bool:
    return isinstance(x, int) and x == 0


def _is_flat(jet: Jet) -> bool:
    second = jet.second or []
    return all(_zero(p) for p in jet.first) and all(_zero(p) for row in second for p in row)
