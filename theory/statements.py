"""What a claim can say: a SymPy relation, or one of the kinds below.

.. math:: \\text{Lipschitz: } \\|f(\\theta)-f(\\theta')\\|_2 \\le L\\,\\|\\theta-\\theta'\\|_2
          \\text{ for every pair of the domain.}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Basic, Eq, Expr, Ne, Symbol, sympify
from sympy.logic.boolalg import Boolean

from theory.attack_sets import AttackSet, NormBall
from theory.matrices import MatrixSum
from theory.scalars import variables
from theory.vectors import Label, Signs, Vector, VectorExpr, scalar


class Statement:
    """A kind of statement that no SymPy relation expresses."""


def _value(f: Any, where: str) -> Expr | VectorExpr:
    return f if isinstance(f, VectorExpr) else scalar(_called(f, where), where)


def _called(f: Any, where: str) -> Any:
    """The value itself; a method that was named but not called is a common slip."""
    if callable(f) and not isinstance(f, Basic):
        name = getattr(f, "__name__", "f")
        raise TypeError(f"{where}: expected an expression such as {name}(theta, x, y), got {name}")
    return f


def _wrt(wrt: Any, where: str) -> Vector | Symbol:
    if isinstance(wrt, Signs | Label) or not isinstance(wrt, Vector | Symbol):
        raise TypeError(f"{where}: expected wrt to be a Vector or a real symbol, got {wrt!r}")
    return wrt


def _scalar_of(f: Any, where: str) -> Expr:
    if isinstance(f, VectorExpr):
        raise TypeError(f"{where}: expected a scalar function, got the vector {f}")
    return scalar(_called(f, where), where)


def _constant(constant: Any, wrt: Any, where: str) -> Expr | None:
    if constant is None:
        return None
    result = scalar(constant, f"{where}: constant")
    if wrt in variables(result):
        raise ValueError(f"{where}: expected a constant that does not depend on {wrt}")
    return result


@dataclass(frozen=True)
class Equal(Statement):
    """Equality of two vectors or two matrices, at every point."""

    left: Any
    right: Any

    def __post_init__(self) -> None:
        for side in (self.left, self.right):
            if not isinstance(side, VectorExpr | MatrixSum):
                raise TypeError(
                    f"Equal: expected two vectors or two matrices (scalars: use Eq), got {side!r}"
                )
        if isinstance(self.left, MatrixSum) != isinstance(self.right, MatrixSum):
            raise TypeError("Equal: expected two vectors or two matrices, got one of each")

    def __str__(self) -> str:
        return f"{self.left} = {self.right}"


@dataclass(frozen=True)
class Lipschitz(Statement):
    """||f(t) - f(t')||_2 <= constant ||t - t'||_2 for all pairs; None: some finite constant."""

    f: Any
    wrt: Any
    constant: Any = None

    def __post_init__(self) -> None:
        name = type(self).__name__
        object.__setattr__(self, "f", self._function(self.f, f"{name}: f"))
        object.__setattr__(self, "wrt", _wrt(self.wrt, name))
        object.__setattr__(self, "constant", _constant(self.constant, self.wrt, name))

    def _function(self, f: Any, where: str) -> Any:
        return _value(f, where)

    def __str__(self) -> str:
        bound = "some finite constant" if self.constant is None else f"constant {self.constant}"
        return f"{self.f} is Lipschitz in {self.wrt} with {bound}"


@dataclass(frozen=True)
class Smooth(Lipschitz):
    """f is differentiable and its gradient is Lipschitz."""

    def _function(self, f: Any, where: str) -> Any:
        return _scalar_of(f, where)

    def __str__(self) -> str:
        bound = "some finite constant" if self.constant is None else f"constant {self.constant}"
        return f"{self.f} is smooth in {self.wrt} with {bound}"


@dataclass(frozen=True)
class Differentiable(Statement):
    """f has a gradient at every point of the domain."""

    f: Any
    wrt: Any

    def __post_init__(self) -> None:
        name = type(self).__name__
        object.__setattr__(self, "f", _scalar_of(self.f, f"{name}: f"))
        object.__setattr__(self, "wrt", _wrt(self.wrt, name))

    def __str__(self) -> str:
        return f"{self.f} is {type(self).__name__.lower()} in {self.wrt}"


@dataclass(frozen=True)
class Convex(Differentiable):
    """f lies below its chords, on every segment of the domain."""


@dataclass(frozen=True)
class Maximizes(Statement):
    """``point`` lies in ``over`` and maximises ``objective`` there, as a function of ``wrt``."""

    point: Any
    objective: Any
    wrt: Any
    over: Any

    def __post_init__(self) -> None:
        if not isinstance(self.point, VectorExpr):
            raise TypeError(f"Maximizes: expected point to be a vector, got {self.point!r}")
        object.__setattr__(self, "objective", _scalar_of(self.objective, "Maximizes: objective"))
        if not isinstance(_wrt(self.wrt, "Maximizes"), Vector):
            raise TypeError(f"Maximizes: expected wrt to be a Vector, got {self.wrt!r}")
        if not isinstance(self.over, AttackSet):
            raise TypeError(
                f"Maximizes: expected over to be a NormBall or AttackSet, got {self.over!r}"
            )
        if self.wrt in variables(self.point):
            raise ValueError(f"Maximizes: expected a point that does not depend on {self.wrt}")

    def __str__(self) -> str:
        return f"{self.point} maximises {self.objective} over {self.wrt} in {self.over}"


@dataclass(frozen=True)
class Not(Statement):
    """The statement fails for at least one admissible value of the other variables."""

    statement: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "statement", as_statement(self.statement, "Not"))

    def __str__(self) -> str:
        return f"not ({self.statement})"


def as_statement(value: Any, where: str) -> Any:
    """A SymPy Boolean or a Statement, or one sentence that says what was found instead."""
    if isinstance(value, Statement):
        return value
    if isinstance(value, bool):
        raise TypeError(
            f"{where}: got the Python value {value}: == and != compare formulas as written; "
            "expected Eq(a, b), Ne(a, b), Equal(u, v) or a relation such as a <= b"
        )
    result = sympify(value) if isinstance(value, Basic) else _called(value, where)
    if not isinstance(result, Boolean) and not (isinstance(result, Symbol)):
        raise TypeError(f"{where}: expected a relation or a statement, got {value!r}")
    if isinstance(result, Symbol):
        raise TypeError(f"{where}: expected a relation, got the symbol {result}")
    for relation in result.atoms(Eq, Ne):
        if any(isinstance(side, VectorExpr) for side in relation.args):
            raise TypeError(f"{where}: expected Equal(u, v) for vectors, got {relation}")
    return result


def parts(statement: Any) -> tuple[Any, ...]:
    """Every SymPy object inside a statement, for collecting its variables."""
    if isinstance(statement, Not):
        return parts(statement.statement)
    if isinstance(statement, Statement):
        values = (getattr(statement, name) for name in statement.__dataclass_fields__)  # type: ignore[attr-defined]
        return tuple(v._form if isinstance(v, AttackSet) else v for v in values if v is not None)
    return (statement,)


def mapped(statement: Any, change: Any) -> Any:
    """The statement with a function applied to every SymPy object in it."""
    if not isinstance(statement, Statement):
        return change(statement)
    names = statement.__dataclass_fields__  # type: ignore[attr-defined]
    values = (getattr(statement, n) for n in names)
    return type(statement)(
        *(mapped(v, change) if isinstance(v, Basic | Statement) else v for v in values)
    )


def substitute(value: Any, rules: dict[Any, Any]) -> Any:
    """Replace variables in a statement, an attack set or a SymPy object."""
    if isinstance(value, Statement):
        names = value.__dataclass_fields__  # type: ignore[attr-defined]
        return type(value)(*(substitute(getattr(value, n), rules) for n in names))
    if isinstance(value, NormBall):
        return NormBall(value.p, value.radius.xreplace(rules))
    if isinstance(value, AttackSet):
        return AttackSet(lambda t: value.support(t).xreplace(rules))
    return value.xreplace(rules) if isinstance(value, Basic) else value
