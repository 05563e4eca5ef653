r"""What is known of unknown linear maps at the vectors that occur.

.. math:: \langle S u, v\rangle = \langle u, S v\rangle, \qquad
          \langle u, A u\rangle \le \langle u, B u\rangle, \qquad
          \langle u, M v\rangle^2 \le \langle u, M u\rangle\langle v, M v\rangle \ (M \succeq 0)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

from sympy import Eq

from theory.general.facts import Fact
from theory.general.inner_maximum import Slope
from theory.linear_maps import Image, InverseOn, LinearMap, OperatorNorm
from theory.loewner_order import LoewnerLe
from theory.matrices import MatrixSum
from theory.scalars import Dot, dot, norm
from theory.statements import Equal
from theory.vectors import VectorExpr, is_zero, split

MOST_VECTORS = 8
SOLUTIONS = (InverseOn, Slope)


def images(objects: Iterable[Any]) -> list[Any]:
    """The images that occur, inner ones too."""
    return sorted({i for o in objects for i in o.atoms(Image)}, key=str)


def maps_in(*objects: Any) -> set[Any]:
    """The unknown maps that occur, those inside inverses too."""
    return {m for o in objects for m in o.atoms(LinearMap) if not isinstance(m, InverseOn)}


def where(
    maps: set[Any], seeds: Iterable[Any], seen: Iterable[Any], thorough: bool
) -> list[VectorExpr]:
    """The vectors at which a fact about some maps is worth asking.

    What inverses and Jacobians made of them give; without such, or when thorough, also what these
    maps and inverses are applied to in the seeds.
    """
    near = [i for i in images(seeds) if maps & maps_in(i.map)]
    found: list[Any] = [i for i in near if isinstance(i.map, SOLUTIONS)]
    for i in images(seen):
        if i.map in maps and isinstance(i.inner, Image) and isinstance(i.inner.map, SOLUTIONS):
            found.append(i.inner)
    if thorough or not found:
        found += [_argument(i) for i in near]
    return list(dict.fromkeys(found))[:MOST_VECTORS]


def _argument(i: Image) -> Any:
    if isinstance(i.map, InverseOn):
        return i.map.args[1] @ i.inner  # type: ignore[operator]
    return i.inner


def symmetric_facts(objects: Iterable[Any]) -> Iterator[Fact]:
    """<S u, v> = <u, S v> for the images of one symmetric map."""
    for a, b in combinations(images(objects), 2):
        if a.map == b.map and a.map.symmetric:
            yield Fact(Eq(dot(a, b.inner), dot(a.inner, b)), f"{a.map} is symmetric")


def inverse_facts(objects: Iterable[Any], seeds: list[Any], thorough: bool) -> Iterator[Fact]:
    """w = (P M P)^+ v: P w = w and <P u, M w> = <P u, v> for every u."""
    for w in images(objects):
        if isinstance(w.map, InverseOn):
            m, p = w.map.args
            among = where(maps_in(m), seeds, (), thorough)
            why = f"{w} inverts {m} on the range of {p}"
            rest = w - p @ w  # type: ignore[operator]
            yield from _zero(rest, among, why)
            for u in among:
                projected = p @ u  # type: ignore[operator]
                yield Fact(Eq(dot(projected, m @ w), dot(projected, w.inner)), why)  # type: ignore[operator]


def _zero(v: VectorExpr, among: list[VectorExpr], why: str) -> Iterator[Fact]:
    """v = 0 has no products with any vector; <b, w> b = 0 says <b, w> = 0."""
    if is_zero(v):
        return
    pair = split(v)
    if pair is not None:
        products = [f for f in pair[0].as_ordered_factors() if isinstance(f, Dot)]
        yield from (Fact(Eq(f, 0), why) for f in products if pair[1] in f.args)
    for u in among:
        yield Fact(Eq(dot(v, u), 0), why)


def order_facts(h: LoewnerLe, seeds: list[Any], seen: list[Any], thorough: bool) -> Iterator[Fact]:
    """left <= right at each vector; and Cauchy-Schwarz for right - left, which is >= 0."""
    among = where(maps_in(h.left, h.right), seeds, seen, thorough)
    for u in among:
        yield Fact(h.at(u), str(h))
    gap: MatrixSum = h.right - h.left
    if thorough:
        for u, v in combinations(among, 2):
            product = dot(u, gap @ v)
            sizes = dot(u, gap @ u) * dot(v, gap @ v)
            yield Fact(product**2 <= sizes, f"Cauchy-Schwarz for {gap} >= 0")


def norm_facts(objects: Iterable[Any]) -> Iterator[Fact]:
    """||A v|| <= ||A|| ||v|| for the operator norms that occur, ||P v|| <= ||v||."""
    objects = list(objects)
    for i in images(objects):
        if i.map.idempotent:
            yield Fact(norm(i) <= norm(i.inner), f"{i.map} is a projection")
    bounds = sorted({n for o in objects for n in o.atoms(OperatorNorm)}, key=str)
    for n in bounds:
        m = n.args[0]
        for i in images(objects):
            for a, v in ((m, i.inner), (m.T, i.inner)):
                result = a @ v
                if split(result) == (1, i):
                    yield Fact(norm(i) <= n * norm(v), f"operator norm of {m}")


def equation_facts(h: Equal, seeds: list[Any]) -> Iterator[Fact]:
    """An equation between vectors or matrices, multiplied by the vectors that occur."""
    difference: Any = h.left - h.right
    among = where(maps_in(difference), seeds, (), True)
    arguments = [u for u in among if not isinstance(u, Image)]
    for v in arguments if isinstance(difference, MatrixSum) else [None]:
        rest = difference if v is None else difference @ v
        for u in among:
            yield Fact(Eq(dot(rest, u), 0), str(h))
