"""A claim: a statement about every value of its variables, with its hypotheses and its source."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from sympy import Basic, Symbol
from sympy.logic.boolalg import Boolean

from theory.attack_sets.support_function import PROBE
from theory.scalars import variables
from theory.statements import Maximizes, Not, Statement, as_statement, parts, substitute
from theory.vectors import Vector

KINDS = ("", "identity", "tight", "upper", "lower", "counterexample", "conjecture")


@dataclass(frozen=True)
class Mutant:
    """A changed claim with its known truth: True, False or None where nobody knows."""

    claim: Claim
    truth: bool | None
    change: str = ""


@dataclass(frozen=True)
class Claim:
    """Data: a statement, its hypotheses, its source.

    >>> from theory.scalars import norm
    >>> from theory.vectors import Vector
    >>> Claim(id="order", holds=norm(Vector("u")) <= norm(Vector("u"), 1)).free_variables
    (u,)
    """

    id: str
    title: str = ""
    given: Any = ()  # any iterable of hypotheses; kept as a tuple
    holds: Any = None
    source: str = ""
    dimensions: tuple[int, ...] | None = None
    kind: str = ""
    lemmas: Any = ()
    about: Any = ()
    assumptions: tuple[str, ...] = ()
    mutants: tuple[Mutant, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        where = f"Claim {self.id!r}"
        if not isinstance(self.id, str) or not self.id.strip():
            raise ValueError(f"Claim: expected id to be a name, got {self.id!r}")
        if self.holds is None:
            raise ValueError(f"{where}: expected holds=..., a relation or a statement")
        object.__setattr__(self, "holds", as_statement(self.holds, f"{where}: holds"))
        object.__setattr__(self, "given", _hypotheses(self.given, f"{where}: given"))
        object.__setattr__(self, "lemmas", _hypotheses(self.lemmas, f"{where}: lemmas"))
        self._make_real()
        object.__setattr__(self, "dimensions", _dimensions(self.dimensions, where))
        object.__setattr__(self, "about", tuple(self.about))
        if self.kind not in KINDS:
            raise ValueError(f"{where}: expected kind to be one of {KINDS[1:]}, got {self.kind!r}")
        for v in self.free_variables:
            _check_real(v, where)
        _check_names(self.free_variables, where)

    def _make_real(self) -> None:
        """A symbol declared without assumptions is a real number."""
        plain = [v for v in self.free_variables if isinstance(v, Symbol) and v.is_real is None]
        rules = {v: Symbol(v.name, **{**v._assumptions_orig, "real": True}) for v in plain}
        if rules:
            object.__setattr__(self, "holds", substitute(self.holds, rules))
            for name in ("given", "lemmas"):
                items = tuple(substitute(v, rules) for v in getattr(self, name))
                object.__setattr__(self, name, items)

    @property
    def free_variables(self) -> tuple[Any, ...]:
        """Vector variables and scalar symbols, sorted by name; bound ones excluded."""
        inner = self.holds.statement if isinstance(self.holds, Not) else self.holds
        bound = {PROBE} | ({inner.wrt} if isinstance(inner, Maximizes) else set())
        asked = [g for g in self.given if isinstance(g, Boolean)]
        found = variables(*parts(self.holds), *asked, *self.lemmas)
        found = (*found, *(v for v in self._constants() if v not in found))
        return tuple(sorted((v for v in found if v not in bound), key=str))

    def _constants(self) -> tuple[Any, ...]:
        """The scalars of hypotheses about unknown functions; their vectors are bound there."""
        told = [p for g in self.given if isinstance(g, Statement) for p in parts(g)]
        return tuple(v for v in variables(*told) if isinstance(v, Symbol))

    def __str__(self) -> str:
        given = " and ".join(str(g) for g in self.given)
        scope = "every d >= 1" if self.dimensions is None else f"d in {list(self.dimensions)}"
        return f"for {scope}" + (f", given {given}" if given else "") + f": {self.holds}"

    def mutate(self, change: str, truth: bool | None, **fields: Any) -> Mutant:
        """A copy with other fields and a known truth."""
        copy = replace(self, id=f"{self.id}~{change}".replace(" ", "-"), mutants=(), **fields)
        return Mutant(copy, truth, change)


def restated(claim: Claim) -> Claim:
    """The claim in the kinds of statement that every engine knows.

    Strong and weak convexity become convexity, the Loewner order a relation for every direction,
    a one-sided derivative an equation; claims about unknown functions stay as they are.
    """
    from theory.general.atoms import about_unknowns

    if about_unknowns(claim):
        return claim
    return replace(claim, holds=_restated(claim.holds, claim), mutants=())


def _restated(statement: Any, claim: Claim) -> Any:
    if isinstance(statement, Not):
        return Not(_restated(statement.statement, claim))
    if not hasattr(statement, "restated"):
        return statement
    plain = statement.restated()
    used = {str(v) for v in claim.free_variables}
    odd = [v for v in variables(plain) if "'" in str(v) and v not in claim.free_variables]
    names = [n for n in ("h", "direction", *(f"h_{k}" for k in range(99))) if n not in used]
    return plain.xreplace(dict(zip(odd, map(Vector, names), strict=False))) if odd else plain


def with_mutants(claim: Claim, *mutants: Mutant) -> Claim:
    """The claim with its mutants attached: data for the tests of the testers."""
    return replace(claim, mutants=mutants)


def _hypotheses(given: Any, where: str) -> tuple[Any, ...]:
    if isinstance(given, Basic | Statement | bool | str):
        given = (given,)
    try:
        items = tuple(given)
    except TypeError:
        raise TypeError(f"{where}: expected a list of relations, got {given!r}") from None
    result = tuple(as_statement(g, where) for g in items)
    for g in result:
        if not isinstance(g, Boolean) and not _of_unknowns(g):
            raise TypeError(f"{where}: expected relations or in_orthant(...), got {g}")
    return result


def _of_unknowns(g: Any) -> bool:
    from theory.general.atoms import is_general

    return is_general(*parts(g))


def _dimensions(dimensions: Any, where: str) -> tuple[int, ...] | None:
    if dimensions is None:
        return None
    items = (dimensions,) if isinstance(dimensions, int) else tuple(dimensions)
    if not items or any(isinstance(d, bool) or not isinstance(d, int) or d < 1 for d in items):
        raise ValueError(f"{where}: expected dimensions such as (1, 2), got {dimensions!r}")
    return tuple(sorted(set(items)))


def _check_names(variables_: tuple[Any, ...], where: str) -> None:
    """Primes and brackets are ours: theta' is a second point, theta[1] a component."""
    from theory.coordinates import Coordinate, SignCoordinate

    names = [str(v) for v in variables_ if not isinstance(v, Coordinate | SignCoordinate)]
    for name in names:
        if any(mark in name for mark in "'[]"):
            raise ValueError(f"{where}: expected a name without primes and brackets, got {name}")
        if names.count(name) > 1:
            raise ValueError(
                f"{where}: expected one variable called {name}, got {names.count(name)}"
            )


def _check_real(v: Any, where: str) -> None:
    if isinstance(v, Symbol) and (v.is_real is False or v.is_extended_real is False):
        raise ValueError(f"{where}: expected the symbol {v} to be real")
