"""Plain SymPy scalars as one vectorised numpy program.

.. math:: (f_1, \\dots, f_m)\\ \\text{at}\\ n\\ \\text{points}: \\quad (k, n) \\mapsto (m, n).

Equal subexpressions are evaluated once, log(1 + exp(z)) never overflows, and points that come
out undefined are tried again with the wider exponents of ``longdouble``.  What is still
undefined is nan.  Rows of ``longdouble`` are evaluated with all of its digits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import sympy as sp
from scipy import special
from sympy.core.relational import Relational

from numerics.falsify.unsupported import Unsupported

Array = np.ndarray[Any, Any]
Operation = tuple[Callable[..., Any], tuple[int, ...]]

UNARY: dict[str, Callable[[Any], Any]] = {
    "Abs": np.abs,
    "sign": np.sign,
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "erf": lambda z: special.erf(np.asarray(z, dtype=float)),
    "erfc": lambda z: special.erfc(np.asarray(z, dtype=float)),
    "coth": lambda z: 1 / np.tanh(z),
    "sech": lambda z: 1 / np.cosh(z),
    "csch": lambda z: 1 / np.sinh(z),
    "cot": lambda z: 1 / np.tan(z),
}
COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}


class Tape:
    """``Tape(symbols, outputs)(rows)``: rows (k, n) of the symbols to (m, n) of the outputs."""

    def __init__(self, symbols: Sequence[sp.Symbol], outputs: Sequence[sp.Expr]) -> None:
        self.rows = {symbol: k for k, symbol in enumerate(symbols)}
        self.operations: list[Operation] = []
        self._known: dict[Any, int] = {}
        self.outputs = [self._compile(sp.sympify(f)) for f in outputs]
        self.has_exp = any(isinstance(e, sp.exp) for e in self._known)

    def __call__(self, rows: Array) -> Array:
        with np.errstate(all="ignore"):
            result = self._run(rows)
            if self.has_exp and rows.dtype == float:
                lost = np.flatnonzero(np.isnan(result).any(axis=0))
                if lost.size:
                    result[:, lost] = self._run(rows[:, lost].astype(np.longdouble))
        return result

    def _run(self, rows: Array) -> Array:
        registers: list[Any] = []
        fine = rows.dtype == np.longdouble
        for operation, inputs in self.operations:
            if not inputs:
                registers.append(operation(fine))
            elif inputs[0] < 0:
                registers.append(rows[-1 - inputs[0]])
            else:
                registers.append(operation(*(registers[k] for k in inputs)))
        result = np.empty((len(self.outputs), rows.shape[1]), dtype=rows.dtype)
        for k, register in enumerate(self.outputs):
            result[k] = registers[register]
        return result

    def _emit(self, operation: Callable[..., Any], *inputs: int) -> int:
        self.operations.append((operation, inputs))
        return len(self.operations) - 1

    def _compile(self, f: Any) -> int:
        if f not in self._known:
            self._known[f] = self._build(f)
        return self._known[f]

    def _build(self, f: Any) -> int:
        if isinstance(f, sp.Symbol):
            if f not in self.rows:
                raise Unsupported(f"the symbol {f} has no row")
            return self._emit(_row, -1 - self.rows[f])
        if f in (sp.true, sp.false):
            return self._constant(bool(f), bool(f))
        if (f.is_number and f.is_Atom) or isinstance(f, sp.Rational):
            return self._constant(float(f), longdouble(f))
        if f.is_Add or f.is_Mul:
            return self._fold(np.add if f.is_Add else np.multiply, f.args)
        if f.is_Pow and f.base is not sp.E:
            return self._power(f.base, f.exp)
        if isinstance(f, sp.Max | sp.Min):
            return self._fold(np.maximum if isinstance(f, sp.Max) else np.minimum, f.args)
        if isinstance(f, sp.Piecewise):
            return self._piecewise(f.args)
        if isinstance(f, Relational | sp.And | sp.Or | sp.Not):
            return self._condition(f)
        return self._function(f)

    def _constant(self, value: Any, fine: Any) -> int:
        return self._emit(lambda is_fine: fine if is_fine else value)

    def _fold(self, operation: Callable[..., Any], args: Sequence[Any]) -> int:
        result = self._compile(args[0])
        for arg in args[1:]:
            result = self._emit(operation, result, self._compile(arg))
        return result

    def _power(self, base: sp.Expr, exponent: sp.Expr) -> int:
        a = self._compile(base)
        if exponent == sp.S.Half:
            return self._emit(np.sqrt, a)
        if exponent.is_Integer and abs(int(exponent)) <= 4:
            return self._emit(_small_power(int(exponent)), a)
        return self._emit(np.power, a, self._compile(exponent))

    def _piecewise(self, pairs: Any) -> int:
        result = self._constant(np.nan, np.longdouble(np.nan))
        for value, condition in reversed(pairs):
            inputs = (self._compile(condition), self._compile(value), result)
            result = self._emit(np.where, *inputs)
        return result

    def _condition(self, f: Any) -> int:
        if isinstance(f, Relational):
            sides = (self._compile(f.lhs), self._compile(f.rhs))
            return self._emit(COMPARE[f.rel_op], *sides)
        if isinstance(f, sp.Not):
            return self._emit(np.logical_not, self._compile(f.args[0]))
        return self._fold(np.logical_and if isinstance(f, sp.And) else np.logical_or, f.args)

    def _function(self, f: Any) -> int:
        if (softplus := _softplus(f)) is not None:
            return self._emit(lambda z: np.logaddexp(0, z), self._compile(softplus))
        name = type(f).__name__
        if name == "Heaviside":
            inputs = (self._compile(f.args[0]), self._compile(f.args[1]))
            return self._emit(lambda z, h: np.where(z == 0, h, z > 0), *inputs)
        if f.is_Pow:
            return self._emit(np.exp, self._compile(f.exp))
        if name not in UNARY or len(f.args) != 1:
            raise Unsupported(f"no numpy form of {f}")
        return self._emit(UNARY[name], self._compile(f.args[0]))


def longdouble(f: Any) -> Any:
    """A number with the digits of longdouble, as far as SymPy can give them."""
    if isinstance(f, sp.Rational) and f.is_finite:
        return np.longdouble(str(f.p)) / np.longdouble(str(f.q))
    try:
        return np.longdouble(str(sp.N(f, 25)))
    except ValueError:
        return np.longdouble(float(f))


def _row() -> None:
    """Marks an input; ``_run`` reads the row itself."""


def _small_power(n: int) -> Callable[[Any], Any]:
    def power(z: Any) -> Any:
        result = z
        for _ in range(abs(n) - 1):
            result = result * z
        return 1 / result if n < 0 else result

    return power


def _softplus(f: Any) -> Any:
    """z when f is log(1 + exp(z))."""
    if not isinstance(f, sp.log) or not f.args[0].is_Add or len(f.args[0].args) != 2:
        return None
    one, other = f.args[0].args
    return other.args[0] if one == 1 and isinstance(other, sp.exp) else None
