"""The unknown parts of a claim, and plain variables in their place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Basic, Symbol

from theory.general.functions import Block, Function, Partial, Value
from theory.general.inner_maximum import Maximiser, Support
from theory.general.local_entropy import EntropyValue, Mean
from theory.linear_maps import Image, LinearMap, OperatorNorm, Transposed
from theory.scalars import Dot, dot
from theory.vectors import Vector, split

VECTORS = (Partial, Maximiser, Mean, Image)
SCALARS = (Value, EntropyValue, OperatorNorm, Support)


def is_general(*objects: Any) -> bool:
    """Whether an unknown function or map occurs."""
    return any(isinstance(o, Basic) and bool(o.atoms(Function, LinearMap)) for o in objects)


def about_unknowns(claim: Any) -> bool:
    """Whether a claim speaks of unknown functions or maps."""
    from theory.statements import Statement, parts

    if any(isinstance(g, Statement) for g in claim.given):
        return True
    return is_general(*(p for s in (claim.holds, *claim.given) for p in parts(s)))


def canonical(obj: Any) -> Any:
    """Transposes moved to the other side of inner products, projections on both sides.

    >>> from theory.linear_maps import linear_map
    >>> C = linear_map("C")
    >>> canonical(dot(Vector("u"), C.T @ Vector("v")))
    dot(C(u), v)
    """
    for _ in range(12):
        rules = {d: new for d in obj.atoms(Dot) if (new := _moved(*d.args)) != d}
        if not rules:
            return obj
        obj = obj.xreplace(rules)
    return obj


def _moved(a: Any, b: Any) -> Any:
    for u, v in ((a, b), (b, a)):
        if isinstance(v, Image) and _backwards(v.map):
            return dot(v.map.T.image(u), v.inner)
    for u, v in ((a, b), (b, a)):
        p = range_of(v)
        if p is not None:
            projected = p @ u
            pair = split(projected)
            if pair is None or pair[1] != u:
                return dot(projected, v)
    return dot(a, b)


def _backwards(m: LinearMap) -> bool:
    """Whether the map stands for the transpose of the one that is kept."""
    if isinstance(m, Transposed):
        return True
    if isinstance(m, Block):
        i, j = (m.function.index(s) for s in m.pair)
        return i > j
    return False


def range_of(v: Any) -> Any:
    """The unknown projection that leaves the image v where it is, as a matrix, or None."""
    from theory.linear_maps import InverseOn, as_matrix
    from theory.matrices import Word, identity

    if not isinstance(v, Image):
        return None
    if v.map.idempotent:
        return as_matrix(v.map)
    if isinstance(v.map, InverseOn):
        p = v.map.args[1]
        named = all(isinstance(m, Word) for _, m in p.entries())  # type: ignore[attr-defined]
        return p if named and p != identity() else None
    return None


class Naming:
    """Plain variables for unknown values, gradients, maximisers and images."""

    def __init__(self, used: Iterable[str]) -> None:
        self.used = set(used)
        self.names: dict[Any, Any] = {}

    def plain(self, obj: Any) -> Any:
        """The object with every unknown part replaced, the outermost first."""
        while True:
            found = _outermost(obj)
            if not found:
                return obj
            obj = obj.xreplace({a: self._name(a) for a in found})

    def rename(self, v: Any) -> Any:
        """A plain variable for one whose name a claim may not use."""
        return self._name(v)

    def _name(self, atom: Any) -> Any:
        if atom not in self.names:
            name = self._fresh(_stem(atom))
            if isinstance(atom, (*SCALARS, Symbol)):
                sign = {"nonnegative": True} if isinstance(atom, OperatorNorm) else {"real": True}
                self.names[atom] = Symbol(name, **sign)
            else:
                self.names[atom] = Vector(name)
        return self.names[atom]

    def _fresh(self, stem: str) -> str:
        k, name = 1, stem
        while name in self.used:
            k += 1
            name = f"{stem}_{k}"
        self.used.add(name)
        return name

    def legend(self) -> list[str]:
        """What the plain variables stand for."""
        return [
            f"{new} stands for {old}" for old, new in self.names.items() if str(new) != str(old)
        ]


def _outermost(obj: Any) -> list[Any]:
    found: list[Any] = []
    stack = [obj]
    while stack:
        e = stack.pop()
        if isinstance(e, (*VECTORS, *SCALARS)):
            found.append(e)
        elif isinstance(e, Basic):
            stack += e.args
    return found


def _stem(atom: Any) -> str:
    """A readable identifier: grad_x, attack, image."""
    if isinstance(atom, Partial):
        return f"grad_{atom.slot}"
    if isinstance(atom, Maximiser):
        return f"{atom.slot}_best"
    if isinstance(atom, Image):
        inner = "".join(c for c in str(atom.map) if c.isalnum())[:12]
        return f"{inner or 'map'}_image"
    if isinstance(atom, Value):
        return f"{atom.function.name}_value"
    words = {Mean: "mean", EntropyValue: "entropy", OperatorNorm: "bound", Support: "support"}
    if type(atom) in words:
        return words[type(atom)]
    return str(atom).replace("''", "").replace("'", "_2")
