"""What hypotheses about unknown functions say at the points that occur: interpolation conditions.

.. math:: \\|\\nabla l(a)-\\nabla l(b)\\| \\le L\\|a-b\\|, \\qquad
          \\langle\\nabla l(a)-\\nabla l(b), a-b\\rangle \\ge \\mu\\|a-b\\|^2

Source: the idea of Taylor, Hendrickx and Glineur 2017; only that the conditions are necessary is
used here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, permutations, product
from typing import Any

from sympy import Abs, S

from theory.attack_sets.support_function import PROBE
from theory.calculus import gradient
from theory.everywhere import Everywhere
from theory.general.assumptions import TAYLOR, VARIATIONAL, Assumption
from theory.general.functions import Block, Function, Partial, Value, partial
from theory.general.inner_maximum import Maximiser, Support
from theory.moduli import _WithModulus
from theory.scalars import dot, norm
from theory.statements import Convex, Lipschitz, Smooth
from theory.vectors import Vector, VectorExpr

MOST_POINTS = 4  # of one argument: beyond this a claim has too many instances


@dataclass(frozen=True)
class Fact:
    """A relation at points and where it comes from."""

    relation: Any
    because: str
    assumptions: tuple[Assumption, ...] = ()


class Points:
    """The points of every argument of every unknown function in some relations."""

    def __init__(self, objects: Iterable[Any]) -> None:
        self.of: dict[tuple[Function, str], list[VectorExpr]] = {}
        for obj in objects:
            for atom in obj.atoms(Value, Partial, Block, Maximiser):
                self._take(atom)

    def _take(self, atom: Any) -> None:
        points = atom.points() if isinstance(atom, Maximiser) else atom.points
        for slot, p in zip(atom.function.slots, points, strict=True):
            known = self.of.setdefault((atom.function, slot), [])
            if p not in known:
                known.append(p)

    def assignments(self, f: Any, skip: Any = None) -> Iterator[dict[Any, Any]]:
        """Points for every variable vector of an expression in unknown functions."""
        places = self._places(f)
        names = sorted((v for v in places if v != skip), key=str)
        choices = [self.of.get(places[v], [])[:MOST_POINTS] for v in names]
        for chosen in product(*choices):
            yield dict(zip(names, chosen, strict=True))

    def candidates(self, f: Any, v: Vector) -> list[VectorExpr]:
        """The points known for one variable."""
        places = self._places(f)
        return self.of.get(places[v], [])[:MOST_POINTS] if v in places else []

    @staticmethod
    def _places(f: Any) -> dict[Any, tuple[Function, str]]:
        places: dict[Any, tuple[Function, str]] = {}
        for atom in f.atoms(Value, Partial, Block):
            for slot, p in zip(atom.function.slots, atom.points, strict=True):
                if isinstance(p, Vector):
                    places.setdefault(p, (atom.function, slot))
        return places


def instances(hypothesis: Any, points: Points) -> Iterator[Fact]:
    """What one universal hypothesis says at the known points."""
    if isinstance(hypothesis, Everywhere):
        for at in points.assignments(hypothesis.relation):
            yield Fact(_put(hypothesis.relation, at), str(hypothesis))
    elif isinstance(hypothesis, Smooth):
        yield from _smooth(hypothesis, points)
    elif isinstance(hypothesis, Lipschitz):
        yield from _lipschitz(hypothesis, points)
    elif isinstance(hypothesis, Convex | _WithModulus):
        yield from _curved(hypothesis, points)


def _put(obj: Any, at: dict[Any, Any]) -> Any:
    """Simultaneous substitution: a point may contain the variables."""
    from sympy import Basic, Dummy
    from sympy.core.symbol import Str

    marks = {v: Basic.__new__(Vector, Str(str(Dummy(f"{v}''")) + str(k))) for k, v in enumerate(at)}
    marked = obj.xreplace(marks)
    return marked.xreplace({marks[v]: p for v, p in at.items()})


def _pairs(f: Any, wrt: Vector, points: Points, ordered: bool) -> Iterator[tuple[Any, Any, Any]]:
    """(assignment, a, b): all other arguments the same, wrt at two points."""
    choose = permutations if ordered else combinations
    for at in points.assignments(f, skip=wrt):
        for a, b in choose(points.candidates(f, wrt), 2):
            yield at, a, b


def _lipschitz(h: Lipschitz, points: Points) -> Iterator[Fact]:
    t, c = h.wrt, h.constant
    if c is None:
        return
    for at, a, b in _pairs(h.f, t, points, ordered=False):
        change = _put(h.f, {**at, t: a}) - _put(h.f, {**at, t: b})
        size = norm(change) if isinstance(change, VectorExpr) else Abs(change)
        yield Fact(size <= _put(c, at) * norm(a - b), str(h))
    if isinstance(h.f, Value):
        for at in points.assignments(h.f):
            yield Fact(norm(_put(gradient(h.f, t), at)) <= _put(c, at), str(h), (TAYLOR,))
    elif isinstance(h.f, Partial) and _moves_alone(h.f, t):
        yield from _tangents(value_of(h.f), t, c, -c, points, str(h))


def value_of(part: Partial) -> Value:
    """The value whose gradient a Partial is."""
    return part.function(*part.points)  # type: ignore[no-any-return]


def _moves_alone(part: Partial, t: Vector) -> bool:
    """Whether t is the argument of the gradient's own slot and occurs in no other."""
    slots = [s for s, p in zip(part.function.slots, part.points, strict=True) if p.has(t)]
    return slots == [part.slot] and part.points[part.function.index(part.slot)] == t


def _smooth(h: Smooth, points: Points) -> Iterator[Fact]:
    c = h.constant
    if c is None:
        return
    yield from _lipschitz(Lipschitz(gradient(h.f, h.wrt), h.wrt, c), points)


def _tangents(
    f: Any, t: Vector, above: Any, below: Any, points: Points, because: str
) -> Iterator[Fact]:
    """The function lies between its tangents plus the two quadratics, at every pair of points."""
    g = gradient(f, t)
    for at, a, b in _pairs(f, t, points, ordered=True):
        here, there = (_put(f, {**at, t: p}) for p in (a, b))
        tangent, square = here + dot(_put(g, {**at, t: a}), b - a), norm(b - a) ** 2 / 2
        if above is not None:
            yield Fact(there <= tangent + _put(above, at) * square, because, (TAYLOR,))
        if below is not None:
            yield Fact(there >= tangent + _put(below, at) * square, because, (TAYLOR,))


def _curved(h: Any, points: Points) -> Iterator[Fact]:
    """Monotone gradients, and the tangent below: side f - (m/2)||.||^2 is convex."""
    t = h.wrt
    side, m = h.bend() if isinstance(h, _WithModulus) else (1, S.Zero)
    g = gradient(h.f, t)
    for at, a, b in _pairs(h.f, t, points, ordered=False):
        change = _put(g, {**at, t: a}) - _put(g, {**at, t: b})
        yield Fact(dot(side * change, a - b) >= _put(m, at) * norm(a - b) ** 2, str(h))
    above, below = (None, m) if side == 1 else (-m, None)
    yield from _tangents(h.f, t, above, below, points, str(h))


def at_maximisers(objects: Iterable[Any], with_values: bool) -> Iterator[Fact]:
    """Membership and optimality of every maximiser that occurs."""
    found = sorted({m for o in objects for m in o.atoms(Maximiser)}, key=str)
    for m in found:
        yield from _about(m, [o for o in found if o != m and o.support == m.support], with_values)


def _about(m: Maximiser, others: list[Maximiser], with_values: bool) -> Iterator[Fact]:
    value = m.function(*m.points())
    g = partial(value, m.slot)
    why = f"{m} maximises {m.function} over its set"
    ball = m.ball()
    if ball is not None:
        yield Fact(norm(m, ball[0]) <= ball[1], why)
    if not m.support.atoms(Support):
        yield Fact(m.support.xreplace({PROBE: g}) <= dot(g, m), why, (VARIATIONAL,))
    for o in others:
        if ball is not None and ball[0] == 2:
            yield _turning(m, o, g, ball[1])
        yield Fact(dot(g, o - m) <= 0, why, (VARIATIONAL,))
        if with_values:
            k = m.function.index(m.slot)
            there = [*m.points()]
            there[k] = o
            yield Fact(m.function(*there) <= value, why)


def _turning(m: Maximiser, o: Maximiser, g: VectorExpr, radius: Any) -> Fact:
    """(||g|| + ||k||) ||m - o|| <= 2 r ||g - k||: both are r times the directions of g and k.

    Where g or k vanishes it says ||m - o|| <= 2 r, or nothing.
    """
    k = partial(o.function(*o.points()), o.slot)
    why = f"{m} and {o} are {radius} times unit gradients, and the Dunkl-Williams inequality"
    size = (norm(g) + norm(k)) * norm(m - o)
    return Fact(size <= 2 * radius * norm(g - k), why, (VARIATIONAL,))
