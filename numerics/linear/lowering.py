r"""A scalar, vector or matrix of the theory as a numpy function.

.. math:: \texttt{lower}(\langle u, v\rangle)(u, v) = \textstyle\sum_i u_i v_i

The formula stays the one that the theory derived; nothing is written a second time.  Vectors
are arrays (..., d), matrices (..., d, d), scalars (...), and batches broadcast.  At a kink
sign(0) = 0, and unit(0) is nan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from sympy import Basic, Dummy, Expr, Symbol, lambdify, oo

from numerics.linear.stable import FUNCTIONS, stable
from theory.matrices import Diag, MatrixSum
from theory.scalars import Dot, Norm, VectorScalar, variables
from theory.vectors import (
    AbsPower,
    Hadamard,
    Ones,
    Peak,
    Sign,
    Unit,
    Vector,
    VectorExpr,
    VectorSum,
)

Values = Mapping[str, np.ndarray]
Node = Callable[[Values], np.ndarray]
# The key under which d travels with the values; no variable has an empty name.
DIMENSION = ""


def lower(obj: Any) -> Callable[..., np.ndarray]:
    """A function of keywords, one for each free variable of a theory expression.

    >>> from theory import Vector, norm
    >>> float(lower(norm(Vector("theta"), 1))(theta=[3.0, -4.0]))
    7.0
    """
    node = _node(obj)
    free = variables(obj)
    names = {str(v) for v in free}
    vectors = [str(v) for v in free if isinstance(v, Vector)]

    def evaluate(**values: Any) -> np.ndarray:
        if missing := sorted(names - set(values)):
            raise TypeError(f"lower({obj}): expected a value for {', '.join(missing)}")
        arrays = {name: np.asarray(value, dtype=float) for name, value in values.items()}
        arrays[DIMENSION] = np.asarray(max((arrays[v].shape[-1] for v in vectors), default=1))
        # Over- and underflow end in the right limit; 0/0 at a kink is nan, as documented.
        with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
            return node(arrays)

    return evaluate


def _node(obj: Any) -> Node:
    if isinstance(obj, MatrixSum):
        return _matrix(obj)
    return _vector(obj) if isinstance(obj, VectorExpr) else _scalar(obj)


def _scalar(expr: Expr) -> Node:
    """Norms and inner products as numpy, what stands around them by SymPy's printer."""
    atoms = sorted((a for a in expr.atoms(VectorScalar) if expr.has(a)), key=str)
    marks = {a: Dummy(f"a{k}", real=True) for k, a in enumerate(atoms)}
    body = stable(expr.xreplace(marks))
    symbols = sorted(body.free_symbols, key=str)
    inner = {m: _atom(a) for a, m in marks.items() if m in body.free_symbols}
    compiled = lambdify(symbols, body, modules=[FUNCTIONS, "numpy"])

    def evaluate(values: Values) -> np.ndarray:
        return np.asarray(compiled(*(_value(s, inner, values) for s in symbols)), dtype=float)

    return evaluate


def _value(symbol: Symbol, inner: Mapping[Symbol, Node], values: Values) -> np.ndarray:
    return inner[symbol](values) if symbol in inner else values[symbol.name]


def _atom(atom: VectorScalar) -> Node:
    if isinstance(atom, Dot):
        u, v = (_vector(a) for a in atom.args)
        return lambda values: np.sum(u(values) * v(values), axis=-1)
    assert isinstance(atom, Norm)
    of = _vector(atom.vector)
    return lambda values: _norm(of(values), atom.p)


def _norm(v: np.ndarray, p: Expr) -> np.ndarray:
    """The p-norm along the last axis, scaled by the largest entry so that nothing overflows."""
    top = np.max(np.abs(v), axis=-1)
    if p == oo:
        return top
    size = np.where(top > 0, top, 1.0)[..., None]
    return np.sum(np.abs(v / size) ** float(p), axis=-1) ** (1 / float(p)) * size[..., 0]


def _vector(v: VectorExpr) -> Node:
    if isinstance(v, Vector):
        return lambda values: values[v.name]
    if isinstance(v, Ones):
        # Broadcasts against any other vector; alone it has no dimension to show.
        return lambda values: np.ones(_dimension(values))
    if isinstance(v, VectorSum):
        return _combination(v)
    parts = [_vector(a) for a in v.args if isinstance(a, VectorExpr)]
    if isinstance(v, Hadamard):
        return lambda values: np.prod(np.broadcast_arrays(*(f(values) for f in parts)), axis=0)
    return _of_vector(v, parts[0])


def _dimension(values: Values) -> int:
    return int(values[DIMENSION])


def _combination(v: VectorSum) -> Node:
    terms = [(_scalar(c), _vector(b)) for c, b in v.terms()]
    if not terms:
        return lambda values: np.zeros(_dimension(values))

    def evaluate(values: Values) -> np.ndarray:
        rows = [c(values)[..., None] * b(values) for c, b in terms]
        return np.asarray(sum(rows[1:], rows[0]))

    return evaluate


def _of_vector(v: VectorExpr, inner: Node) -> Node:
    if isinstance(v, Unit):
        return lambda values: _unit(inner(values))
    if isinstance(v, Sign):
        return lambda values: np.sign(inner(values))
    if isinstance(v, Peak):
        return lambda values: _peak(inner(values))
    if isinstance(v, AbsPower):
        r = float(v.exponent)
        return lambda values: np.abs(np.sign(inner(values))) * np.abs(inner(values)) ** r
    raise TypeError(f"lower: no numpy form of {v}")


def _unit(v: np.ndarray) -> np.ndarray:
    """v/||v||, by way of v/max|v_i|, whose squares neither over- nor underflow."""
    scaled = v / np.max(np.abs(v), axis=-1, keepdims=True)
    return scaled / np.linalg.norm(scaled, axis=-1, keepdims=True)


def _peak(v: np.ndarray) -> np.ndarray:
    ties = np.abs(v) == np.max(np.abs(v), axis=-1, keepdims=True)
    return np.sign(v) * ties / np.sum(ties, axis=-1, keepdims=True)


def _matrix(m: MatrixSum) -> Node:
    entries = [(_scalar(c), _part(part)) for c, part in m.entries()]

    def evaluate(values: Values) -> np.ndarray:
        rows = [c(values)[..., None, None] * part(values) for c, part in entries]
        d = _dimension(values)
        return np.asarray(sum(rows, np.zeros((d, d))))

    return evaluate


def _part(part: Basic) -> Node:
    a = _vector(part.args[0])  # type: ignore[arg-type]
    if isinstance(part, Diag):
        return lambda values: a(values)[..., None] * np.eye(a(values).shape[-1])
    b = _vector(part.args[1])  # type: ignore[arg-type]
    return lambda values: a(values)[..., :, None] * b(values)[..., None, :]
