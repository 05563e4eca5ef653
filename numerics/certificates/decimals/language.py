"""Statement trees in one dimension: every vector becomes its components on a tape.

.. math:: \\theta \\mapsto (\\theta_1, \\dots, \\theta_d), \\qquad
          \\langle u, v\\rangle \\mapsto \\sum_i u_i v_i.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from numerics.certificates.decimals.conditions import condition, operation, ties
from numerics.certificates.decimals.outcome import Malformed, shown
from numerics.certificates.decimals.reader import keys, mapping, rational
from numerics.certificates.decimals.symbols import variable
from numerics.certificates.decimals.tape import Tape

ONE = Fraction(1)
_FUNCTIONS = ("exp", "log", "tanh", "sinh", "cosh", "sin", "cos", "atan", "erf")


class Language:
    """Writes trees onto a tape; ``values`` are the registers of every variable by name."""

    def __init__(self, tape: Tape, d: int, values: Mapping[str, int | Sequence[int]]) -> None:
        self.tape, self.d, self.values = tape, d, values
        self._scalars = self._scalar_table()
        self._vectors = self._vector_table()

    def scalar(self, tree: Any) -> int:
        """The register of a scalar expression."""
        if isinstance(tree, str):
            return self.tape.constant(rational(tree, "number"))
        found = operation(tree)
        if found is not None:
            return self._call(self._scalars, found, "scalar")
        node = mapping(tree, "scalar")
        if "number" in node:
            return self._named(keys(node, ["number"], "number")["number"])
        register = self._variable(node, "scalar")
        if not isinstance(register, int):
            raise Malformed("expected a scalar, got a vector")
        return register

    def vector(self, tree: Any) -> list[int]:
        """The registers of the components of a vector expression."""
        found = operation(tree)
        if found is not None:
            return list(self._call(self._vectors, found, "vector"))
        registers = self._variable(mapping(tree, "vector"), "vector")
        if isinstance(registers, int):
            raise Malformed("expected a vector, got a scalar")
        return list(registers)

    def _call(self, table: Mapping[str, Any], found: tuple[str, list[Any]], what: str) -> Any:
        name, args = found
        if name not in table:
            raise Malformed(f"expected a {what}, got the operation {shown(name)}")
        least, most, rule = table[name]
        if not least <= len(args) <= most:
            raise Malformed(f"the operation {name} does not take {len(args)} arguments")
        return rule(*args)

    def _variable(self, node: dict[str, Any], what: str) -> int | Sequence[int]:
        found = variable(node)
        if found is None:
            raise Malformed(f"expected a {what}, got an object with {shown(sorted(node))}")
        if found.name not in self.values:
            raise Malformed(f"the variable {shown(found.name)} is bound elsewhere")
        return self.values[found.name]

    def _named(self, name: Any) -> int:
        if name == "pi":
            return self.tape.emit("pi")
        if name == "E":
            return self.tape.unary("exp", self.tape.constant(1))
        raise Malformed(f"expected a finite number, got {shown(name)}")

    def _scalar_table(self) -> dict[str, tuple[int, float, Callable[..., int]]]:
        many = float("inf")
        functions = {n: (1, 1, self._function(n)) for n in _FUNCTIONS}
        return {
            **functions,
            "Add": (1, many, lambda *a: self.tape.add(self._all(a))),
            "Mul": (1, many, lambda *a: self.tape.mul(self._all(a))),
            "Pow": (2, 2, self._pow),
            "Abs": (1, 1, lambda a: self.tape.unary("abs", self.scalar(a))),
            "sign": (1, 1, lambda a: self.tape.unary("sign", self.scalar(a))),
            "Max": (1, many, lambda *a: self.tape.extremum("max", self._all(a))),
            "Min": (1, many, lambda *a: self.tape.extremum("min", self._all(a))),
            "Piecewise": (1, many, self._piecewise),
            "Norm": (2, 2, lambda v, p: self.tape.norm(self.vector(v), self.exponent(p))),
            "Dot": (2, 2, lambda u, v: self.dot(self.vector(u), self.vector(v))),
            "PeakSlope": (2, 2, self._peak_slope),
        }

    def _function(self, name: str) -> Callable[[Any], int]:
        return lambda a: self.tape.unary(name, self.scalar(a))

    def _all(self, trees: Sequence[Any]) -> list[int]:
        return [self.scalar(t) for t in trees]

    def exponent(self, tree: Any) -> Fraction | None:
        """The p of a p-norm; None is infinity."""
        if tree == {"number": "oo"}:
            return None
        p = rational(tree, "exponent of a norm")
        if p < 1:
            raise Malformed("expected the exponent of a norm to be at least 1")
        return p

    def dot(self, u: Sequence[int], v: Sequence[int]) -> int:
        """sum u_i v_i."""
        return self.tape.add(self.tape.mul(pair) for pair in zip(u, v, strict=True))

    def _pow(self, base: Any, exponent: Any) -> int:
        if base == {"number": "E"}:
            return self.tape.unary("exp", self.scalar(exponent))
        return self.raised(self.scalar(base), exponent)

    def raised(self, base: int, exponent: Any) -> int:
        """A power whose exponent is any scalar."""
        register = self.scalar(exponent)
        q = self.tape.value_of(register)
        return self.tape.emit("power", (base, register)) if q is None else self.tape.power(base, q)

    def _piecewise(self, *pieces: Any) -> int:
        args: list[int] = []
        for piece in pieces:
            name, pair = operation(piece) or ("", [])
            if name != "ExprCondPair" or len(pair) != 2:
                raise Malformed("expected Piecewise to hold pairs of a value and a condition")
            args += [condition(self, pair[1]), self.scalar(pair[0])]
        return self.tape.emit("piecewise", args)

    def _peak_slope(self, v: Any, h: Any) -> int:
        """max of sign(v_i) h_i over the components of largest |v_i|."""
        peak, move = self.vector(v), self.vector(h)
        args: list[int] = []
        for v_i, tied, h_i in zip(peak, ties(self.tape, peak), move, strict=True):
            args += [tied, self.tape.mul([self.tape.unary("sign", v_i), h_i])]
        return self.tape.emit("best", args)

    def _vector_table(self) -> dict[str, tuple[int, float, Callable[..., list[int]]]]:
        return {
            "VectorSum": (0, float("inf"), self._sum),
            "Ones": (0, 0, lambda: [self.tape.constant(1)] * self.d),
            "Unit": (1, 1, self._unit),
            "Sign": (1, 1, lambda v: [self.tape.unary("sign", c) for c in self.vector(v)]),
            "Peak": (1, 1, self._peak),
            "AbsPower": (2, 2, self._absolute_power),
            "Hadamard": (1, float("inf"), self._hadamard),
        }

    def _sum(self, *pairs: Any) -> list[int]:
        rows: list[list[int]] = []
        for pair in pairs:
            c, v = self.pair(pair)
            factor = self.scalar(c)
            rows.append([self.tape.mul([factor, component]) for component in self.vector(v)])
        return [self.tape.add(row[i] for row in rows) for i in range(self.d)]

    def pair(self, tree: Any) -> list[Any]:
        """The coefficient and the atom of a term."""
        name, args = operation(tree) or ("", [])
        if name != "Tuple" or len(args) != 2:
            raise Malformed("expected a sum to hold pairs of a coefficient and a term")
        return args

    def _unit(self, v: Any) -> list[int]:
        """v / ||v||_2, undefined at 0."""
        inner = self.vector(v)
        inverse = self.tape.powi(self.tape.norm(inner, Fraction(2)), -1)
        return [self.tape.mul([c, inverse]) for c in inner]

    def _peak(self, v: Any) -> list[int]:
        """sign(v_i) over the number of ties where |v_i| is the largest, else 0."""
        inner = self.vector(v)
        tied = ties(self.tape, inner)
        signs = [self.tape.unary("sign", c) for c in inner]
        always, one, zero = (
            self.tape.emit("truth", (), True),
            self.tape.constant(1),
            self.tape.constant(0),
        )
        marks = [self.tape.emit("piecewise", (t, one, always, zero)) for t in tied]
        inverse = self.tape.powi(self.tape.add(marks), -1)
        return [
            self.tape.emit("piecewise", (t, self.tape.mul([s, inverse]), always, zero))
            for t, s in zip(tied, signs, strict=True)
        ]

    def _absolute_power(self, v: Any, r: Any) -> list[int]:
        """|v_i|^r; r = 0 marks the components that are not 0."""
        sizes = [self.tape.unary("abs", c) for c in self.vector(v)]
        if r == "0":
            return [self.tape.unary("sign", c) for c in sizes]
        return [self.raised(c, r) for c in sizes]

    def _hadamard(self, *parts: Any) -> list[int]:
        rows = [self.vector(p) for p in parts]
        return [self.tape.mul(column) for column in zip(*rows, strict=True)]
