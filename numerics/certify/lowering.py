"""Statements in dimension d as programs: vectors become nodes for their components.

.. math:: \\theta \\mapsto (\\theta_1, \\dots, \\theta_d), \\qquad
          \\|v\\|_2 \\mapsto \\sqrt{\\textstyle\\sum_i v_i^2}.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from numerics.certify.formulas import All, Atom, Some
from numerics.certify.program import Program, Unsupported
from theory.hypotheses import InOrthant
from theory.scalars import Dot, Norm
from theory.vectors import (
    AbsPower,
    Hadamard,
    Ones,
    Sign,
    Unit,
    Vector,
    VectorExpr,
    VectorSum,
)

FUNCTIONS = ("exp", "log", "tanh", "sinh", "cosh", "sin", "cos", "atan", "erf", "Abs", "sign")


class Lowering:
    """One program; ``fixed``: the numbers of labels, signs and coordinates that do not vary."""

    def __init__(self, program: Program, d: int, fixed: Mapping[str, Fraction]) -> None:
        self.program, self.d, self.fixed = program, d, fixed
        self.row = {name: k for k, name in enumerate(program.variables)}
        self._known: dict[Any, Any] = {}

    def scalar(self, f: Any) -> int:
        """The node of a scalar expression."""
        if f not in self._known:
            self._known[f] = self._scalar(f)
        return self._known[f]

    def vector(self, v: Any) -> tuple[int, ...]:
        """The nodes of the d components."""
        if v not in self._known:
            self._known[v] = self._vector(v)
        return self._known[v]

    def _name(self, name: str) -> int:
        if name in self.row:
            return self.row[name]
        if name not in self.fixed:
            raise Unsupported(f"the variable {name} has no interval")
        return self.program.constant(self.fixed[name])

    # --- scalars

    def _scalar(self, f: Any) -> int:
        p = self.program
        if isinstance(f, sp.Symbol):
            return self._name(f.name)
        if isinstance(f, sp.Rational):
            return p.constant(Fraction(int(f.p), int(f.q)))
        if f in (sp.pi, sp.E):
            return p.emit("named", data=str(f))
        if isinstance(f, Norm):
            return self._norm(self.vector(f.vector), f.p)
        if isinstance(f, Dot):
            u, v = (self.vector(a) for a in f.args)
            return p.total(p.product(pair) for pair in zip(u, v, strict=True))
        if f.is_Add or f.is_Mul:
            return (p.total if f.is_Add else p.product)([self.scalar(a) for a in f.args])
        if isinstance(f, sp.Max | sp.Min):
            name = "max" if isinstance(f, sp.Max) else "min"
            return self._fold(lambda a, b: p.emit(name, a, b), f.args)
        if f.is_Pow:
            return self._power(f.base, f.exp)
        if isinstance(f, sp.Piecewise):
            return self._piecewise(f)
        return self._function(f)

    def _fold(self, operation: Callable[[int, int], int], args: Any) -> int:
        return reduce(operation, (self.scalar(a) for a in args))

    def _piecewise(self, f: Any) -> int:
        with self.program.optional():
            values = [self.scalar(e) for e, _ in f.args]
            conditions = tuple(self.condition(c) for _, c in f.args)
        return self.program.emit("piecewise", *values, data=conditions)

    def _function(self, f: Any) -> int:
        name = type(f).__name__
        if name not in FUNCTIONS or len(f.args) != 1:
            raise Unsupported(f"no interval form of {f}")
        return self.program.emit("function", self.scalar(f.args[0]), data=name)

    def _power(self, base: Any, exponent: Any) -> int:
        p = self.program
        if base is sp.E:
            return p.emit("function", self.scalar(exponent), data="exp")
        a = self.scalar(base)
        if exponent.is_Rational:
            return self._rational_power(a, Fraction(int(exponent.p), int(exponent.q)))
        logarithm = p.emit("function", a, data="log")
        return p.emit("function", p.product((self.scalar(exponent), logarithm)), data="exp")

    def _rational_power(self, a: int, r: Fraction) -> int:
        if r.denominator == 1:
            return self.program.integer_power(a, int(r))
        return self.program.emit("real power", a, data=r)

    def _norm(self, v: tuple[int, ...], exponent: Any) -> int:
        p = self.program
        if exponent == 2:
            return p.norm(v)
        sizes = [p.emit("function", c, data="Abs") for c in v]
        if exponent == sp.oo:
            return reduce(lambda a, b: p.emit("max", a, b), sizes)
        if exponent == 1:
            return p.total(sizes)
        if not exponent.is_Rational:
            raise Unsupported(f"no interval form of a norm with p = {exponent}")
        r = Fraction(int(exponent.p), int(exponent.q))
        return self._rational_power(p.total([self._rational_power(c, r) for c in sizes]), 1 / r)

    # --- vectors

    def _vector(self, v: Any) -> tuple[int, ...]:
        p = self.program
        if isinstance(v, Vector):
            return tuple(self._name(f"{v.name}[{i + 1}]") for i in range(self.d))
        if isinstance(v, Ones):
            return (p.constant(1),) * self.d
        if isinstance(v, Hadamard):
            columns = zip(*(self.vector(f) for f in v.args), strict=True)
            return tuple(p.product(column) for column in columns)
        if isinstance(v, VectorSum):
            rows = [(self.scalar(c), self.vector(b)) for c, b in v.terms()]
            return tuple(p.total(p.product((c, b[i])) for c, b in rows) for i in range(self.d))
        if isinstance(v, Sign | AbsPower | Unit):
            return self._componentwise(v, self.vector(v.inner))
        raise Unsupported(f"no interval form of the vector {v}")

    def _componentwise(self, v: VectorExpr, inner: tuple[int, ...]) -> tuple[int, ...]:
        p = self.program
        if isinstance(v, Unit):
            inverse = p.integer_power(self._norm(inner, sp.S(2)), -1)
            return tuple(p.product((c, inverse)) for c in inner)
        if isinstance(v, Sign):
            return tuple(p.emit("function", c, data="sign") for c in inner)
        assert isinstance(v, AbsPower)
        sizes = tuple(p.emit("function", c, data="Abs") for c in inner)
        if v.exponent == 0:
            return tuple(p.emit("function", c, data="sign") for c in sizes)
        if not v.exponent.is_Rational:
            raise Unsupported(f"no interval form of the vector {v}")
        r = Fraction(int(v.exponent.p), int(v.exponent.q))
        return tuple(self._rational_power(c, r) for c in sizes)

    # --- conditions

    def condition(self, c: Any) -> Any:
        """The formula of a relation, an orthant or a Boolean of them."""
        if c in (sp.true, sp.false):
            return All(()) if c == sp.true else Some(())
        if isinstance(c, Relational):
            return self._relation(c)
        if isinstance(c, InOrthant):
            v, s = self.vector(c.vector), self.vector(c.signs)
            pairs = zip(v, s, strict=True)
            return All(tuple(Atom(self.program.product((a, b)), ">") for a, b in pairs))
        if isinstance(c, sp.And | sp.Or):
            parts = tuple(self.condition(a) for a in c.args)
            return All(parts) if isinstance(c, sp.And) else Some(parts)
        if isinstance(c, sp.Not):
            return self.condition(c.args[0]).negated()
        raise Unsupported(f"no interval form of the condition {c}")

    def _relation(self, c: Relational) -> Atom:
        a, b = self.scalar(c.lhs), self.scalar(c.rhs)
        if c.rel_op in ("<=", "<"):
            return Atom(self.program.sub(b, a), ">=" if c.rel_op == "<=" else ">")
        return Atom(self.program.sub(a, b), c.rel_op)
