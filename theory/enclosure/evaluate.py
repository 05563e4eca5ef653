"""Walk a SymPy expression once and evaluate it in an arithmetic of enclosures.

Subclasses supply the arithmetic (balls, wide ranges, power series). An operation that leaves the
domain of a function raises ``Undefined``, so nothing that came out of a division by zero or of a
logarithm of a negative number can reach a comparison.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair


class Unsupported(ValueError):
    """An expression contains a function or an atom that enclosures do not know."""


class Undefined(ArithmeticError):
    """The expression is not provably defined on the whole input."""


class Evaluator(ABC):
    """Evaluate SymPy expressions; subclasses define what a number is."""

    def __init__(self, values: Mapping[sp.Symbol, Any]):
        self.values = {symbol: self.coerce(value) for symbol, value in values.items()}
        self._memo: dict[sp.Basic, Any] = {}

    def __call__(self, expr: sp.Expr) -> Any:
        if expr not in self._memo:
            self._memo[expr] = self.checked(self._dispatch(expr))
        return self._memo[expr]

    def _dispatch(self, expr: sp.Expr) -> Any:
        if expr.is_Symbol:
            return self._symbol(expr)
        if expr.is_Rational:
            return self.coerce(expr)
        if expr.is_Float:
            return self.coerce(sp.Rational(expr))
        if expr.is_Add:
            return self._fold(self.add, expr.args)
        if expr.is_Mul:
            return self._fold(self.mul, expr.args)
        if expr.is_Pow:
            return self._power(expr.base, expr.exp)
        if isinstance(expr, sp.exp):
            return self.apply("exp", self(expr.args[0]))
        if isinstance(expr, sp.Max):
            return self._fold(self.maximum, expr.args)
        if isinstance(expr, sp.Min):
            return self._fold(self.minimum, expr.args)
        if isinstance(expr, sp.Piecewise):
            return self._piecewise(expr.args)
        if isinstance(expr, sp.NumberSymbol) or expr in NOT_REAL:
            return self.constant(expr)
        return self._function(expr)

    def _symbol(self, symbol: sp.Symbol) -> Any:
        if symbol not in self.values:
            raise Unsupported(f"enclosure: the symbol {symbol} has no value")
        return self.values[symbol]

    def _fold(self, operation: Any, args: tuple[sp.Expr, ...]) -> Any:
        result = self(args[0])
        for arg in args[1:]:
            result = self.checked(operation(result, self(arg)))
        return result

    def _function(self, expr: sp.Expr) -> Any:
        name = type(expr).__name__
        if (name in ("Abs", "sign", "log") and len(expr.args) == 1) or name in ANALYTIC:
            return self.apply(name, self(expr.args[0]))
        if name == "Heaviside":
            at_zero = expr.args[1] if len(expr.args) > 1 else sp.Rational(1, 2)
            return self.heaviside(self(expr.args[0]), self(at_zero))
        if name == "log" and len(expr.args) == 2:
            return self(sp.log(expr.args[0]) / sp.log(expr.args[1]))
        raise Unsupported(f"enclosure: {expr} is not a function that enclosures know")

    def _power(self, base: sp.Expr, exponent: sp.Expr) -> Any:
        if base is sp.E:
            return self.apply("exp", self(exponent))
        if exponent.is_Integer:
            return self.power(self(base), int(exponent))
        value, nonnegative = self(base), bool(base.is_nonnegative)
        if exponent.is_Rational:
            return self.root_power(value, int(exponent.p), int(exponent.q), nonnegative)
        return self.general_power(value, self(exponent), nonnegative)

    def _piecewise(self, pairs: tuple[ExprCondPair, ...]) -> Any:
        possible = []
        for expr, condition in pairs:
            truth = self.truth(condition)
            if truth is not False:
                possible.append(self(expr))
            if truth is True:
                result = possible[0]
                for other in possible[1:]:
                    result = self.union(result, other)
                return result
        raise Undefined("no branch of the piecewise function certainly applies")

    def truth(self, condition: Any) -> bool | None:
        """Three-valued truth of a relation or Boolean on the whole input."""
        if condition in (sp.true, True):
            return True
        if condition in (sp.false, False):
            return False
        if isinstance(condition, sp.Not):
            inner = self.truth(condition.args[0])
            return None if inner is None else not inner
        if isinstance(condition, (sp.And, sp.Or)):
            truths = [self.truth(arg) for arg in condition.args]
            decisive = isinstance(condition, sp.Or)
            if decisive in truths:
                return decisive
            return None if None in truths else not decisive
        if isinstance(condition, Relational):
            return self._relation(condition)
        raise Unsupported(f"enclosure: {condition} is not a relation that enclosures know")

    def _relation(self, relation: Relational) -> bool | None:
        order = self.compare(self(relation.lhs), self(relation.rhs))
        table = TRUTH.get(relation.rel_op)
        if table is None:
            raise Unsupported(f"enclosure: the relation {relation.rel_op} is not known")
        verdicts = {table[o] for o in order}
        return verdicts.pop() if len(verdicts) == 1 else None

    @abstractmethod
    def coerce(self, value: Any) -> Any: ...
    @abstractmethod
    def constant(self, expr: sp.Expr) -> Any: ...
    @abstractmethod
    def checked(self, value: Any) -> Any: ...
    @abstractmethod
    def add(self, a: Any, b: Any) -> Any: ...
    @abstractmethod
    def mul(self, a: Any, b: Any) -> Any: ...
    @abstractmethod
    def maximum(self, a: Any, b: Any) -> Any: ...
    @abstractmethod
    def minimum(self, a: Any, b: Any) -> Any: ...
    @abstractmethod
    def union(self, a: Any, b: Any) -> Any: ...
    @abstractmethod
    def power(self, a: Any, n: int) -> Any: ...
    @abstractmethod
    def root_power(self, a: Any, p: int, q: int, nonnegative: bool) -> Any: ...
    @abstractmethod
    def general_power(self, a: Any, e: Any, nonnegative: bool) -> Any: ...
    @abstractmethod
    def apply(self, name: str, a: Any) -> Any: ...
    @abstractmethod
    def heaviside(self, a: Any, at_zero: Any) -> Any: ...
    @abstractmethod
    def compare(self, a: Any, b: Any) -> frozenset[int]:
        """The possible signs of a - b, a subset of {-1, 0, 1}."""


NOT_REAL = frozenset({sp.oo, -sp.oo, sp.zoo, sp.nan, sp.I})
ANALYTIC = frozenset(
    {
        "sin",
        "cos",
        "tan",
        "sinh",
        "cosh",
        "tanh",
        "coth",
        "sech",
        "csch",
        "asin",
        "acos",
        "atan",
        "asinh",
        "acosh",
        "atanh",
        "erf",
        "erfc",
    }
)
TRUTH = {
    "<": {-1: True, 0: False, 1: False},
    "<=": {-1: True, 0: True, 1: False},
    ">": {-1: False, 0: False, 1: True},
    ">=": {-1: False, 0: True, 1: True},
    "==": {-1: False, 0: True, 1: False},
    "!=": {-1: True, 0: False, 1: True},
}
