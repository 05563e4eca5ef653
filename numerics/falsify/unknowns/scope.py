"""What of a claim about unknowns can be searched, and the parts it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sympy import Abs, Max, Min, Piecewise, Symbol, sign

from numerics.falsify.unknowns.hypotheses import AT_POINTS
from theory.attack_sets.support_function import PROBE
from theory.claims import Claim
from theory.general.functions import Block, Function, Partial, Value
from theory.general.goals import Goals, goals
from theory.general.inner_maximum import Maximiser, Slope, Support
from theory.general.local_entropy import Covariance, EntropyValue, Mean
from theory.linear_maps import NamedMap
from theory.loewner_order import DIRECTION
from theory.moduli import _WithModulus
from theory.reasoning.invariants import primed
from theory.scalars import Norm, variables
from theory.statements import Convex, Lipschitz, Smooth, Statement, parts
from theory.vectors import AbsPower, Peak, Sign, Unit, Vector

AT_VECTORS = (Value, Partial, Maximiser, Slope, Mean, EntropyValue, Covariance)
KINKS = (Abs, Max, Min, Piecewise, sign, AbsPower, Peak, Sign, Unit)
DIMENSIONS = (1, 2, 3)


class NotSearched(ValueError):
    """One sentence: why no instance of a claim can be tried."""


@dataclass(frozen=True, eq=False)
class Parts:
    """The hypotheses by kind, the relations to break, and everything that needs a value."""

    claim: Claim
    wanted: Goals | None

    @cached_property
    def statements(self) -> list[Any]:
        return [g for g in self.claim.given if isinstance(g, Statement)]

    @cached_property
    def relations(self) -> list[Any]:
        """At every point of the domain that occurs: at a second point too."""
        plain = [g for g in self.claim.given if not isinstance(g, Statement)]
        if self.wanted is None or self.wanted.pair is None:
            return plain
        there = {self.wanted.pair: primed(self.wanted.pair)}
        return list(dict.fromkeys([*plain, *(r.xreplace(there) for r in plain)]))

    @cached_property
    def goals(self) -> list[Any]:
        return list(self.wanted.relations) if self.wanted is not None else []

    @cached_property
    def objects(self) -> list[Any]:
        told = [p for g in self.statements for p in parts(g)]
        return [*self.goals, *self.relations, *told, *parts(self.claim.holds)]

    @cached_property
    def _known(self) -> dict[Any, list[Any]]:
        return {}

    def atoms(self, *kinds: Any) -> list[Any]:
        """Everything of some kinds that occurs, in a fixed order."""
        if kinds not in self._known:
            found = {a for o in self.objects if hasattr(o, "atoms") for a in o.atoms(*kinds)}
            self._known[kinds] = sorted(found, key=str)
        return self._known[kinds]

    @cached_property
    def symbols(self) -> list[Any]:
        return self.atoms(Symbol)

    @cached_property
    def vectors(self) -> list[Any]:
        """Those that need coordinates."""
        at = [*self.goals, *self.relations]
        at += [p for g in self.statements if isinstance(g, AT_POINTS) for p in parts(g)]
        found = {v for o in at for v in o.atoms(Vector)} - {PROBE, DIRECTION}
        return sorted(found, key=str)

    @cached_property
    def functions(self) -> list[Function]:
        return self.atoms(Function)

    @cached_property
    def maps(self) -> list[NamedMap]:
        return self.atoms(NamedMap)

    @cached_property
    def sets(self) -> list[str]:
        return sorted({str(s.args[0]) for s in self.atoms(Support)})

    @cached_property
    def dimensions(self) -> tuple[int, ...]:
        allowed = self.claim.dimensions or DIMENSIONS
        return tuple(d for d in DIMENSIONS if d in allowed)

    def needs_second_derivatives(self, f: Function) -> bool:
        maps = [b for b in self.atoms(Block) if b.function == f]
        return bool(maps or [s for s in self.atoms(Slope) if s.args[0].function == f])


def parts_of(claim: Claim) -> Parts:
    """The parts; NotSearched where a witness could not be trusted."""
    wanted = goals(claim.holds)
    if wanted is None:
        raise NotSearched(f"statements of the kind {type(claim.holds).__name__} are not searched")
    found = Parts(claim, wanted)
    _check_bound(found, wanted)
    _check_derivatives(claim.holds)
    _check_point_hypotheses(found)
    if not found.dimensions:
        raise NotSearched("instances are made in dimensions 1 to 3 only")
    return found


def hypotheses_of(claim: Claim) -> Parts:
    """The hypotheses alone, for whatever the claim says."""
    try:
        return Parts(claim, goals(claim.holds))
    except (TypeError, ValueError):
        return Parts(claim, None)


def _check_bound(found: Parts, wanted: Goals) -> None:
    """The conclusion speaks of all values of a vector: no hypothesis may hold it at a point."""
    if wanted.whole_space in [v for r in found.relations for v in variables(r)]:
        raise NotSearched(f"a hypothesis about {wanted.whole_space} restricts the domain")
    for t in (wanted.pair, wanted.whole_space):
        for g in found.statements:
            if t is not None and isinstance(g, AT_POINTS) and moves_with(g, t):
                raise NotSearched(f"{g} is a hypothesis at one {t}, the statement is about all")


def _check_derivatives(statement: Any) -> None:
    """The goals take gradients, which have to be those of the function wherever they exist.

    The slope at a maximiser touches the largest value from below, so it is a subgradient of a
    convex function and the gradient of a smooth one; in a sum with others that is not so.
    """
    if not isinstance(statement, Lipschitz | Convex | _WithModulus):
        return
    f = statement.f
    by_values = isinstance(statement, Lipschitz) and not isinstance(statement, Smooth)
    if by_values and not f.atoms(EntropyValue):
        return
    at_maximisers = [v for v in f.atoms(Value) if v.atoms(Maximiser)]
    if at_maximisers and f not in at_maximisers:
        raise NotSearched(f"the gradient of {f} may not be the formula where maximisers tie")
    kinks = f.atoms(*KINKS) or [n for n in f.atoms(Norm) if n.p != 2]
    if kinks:
        raise NotSearched(f"{f} may have kinks of its own")


def _check_point_hypotheses(found: Parts) -> None:
    """A vector of a hypothesis alone may be bound there, unless nothing is evaluated at it."""
    free = set(found.claim.free_variables)
    for g in found.statements:
        if isinstance(g, AT_POINTS):
            inside = {v for p in parts(g) for a in p.atoms(*AT_VECTORS) for v in a.atoms(Vector)}
            lost = sorted(inside - free - {PROBE, DIRECTION}, key=str)
            if lost:
                raise NotSearched(f"{lost[0]} occurs in the hypothesis {g} alone")


def moves_with(statement: Any, t: Any) -> bool:
    """Whether a statement changes with t for functions whose second derivatives are constant."""
    for p in parts(statement):
        fixed = {b: NamedMap("B") for b in p.atoms(Block)}
        if p.xreplace(fixed).has(t):
            return True
    return False
