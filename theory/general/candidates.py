r"""Bounds of how far a maximiser moves, worth proving first: lemmas that theorems go through.

.. math:: \|\delta^*-\delta^{*\prime}\| \le \tfrac{L}{\mu}\|\theta-\theta'\|, \qquad
          \|\delta^*-\delta^{*\prime}\| \le \tfrac{\epsilon L}{g-\epsilon L_{xx}}\|\theta-\theta'\|

A candidate is used only after it has been proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, product
from typing import Any

from sympy.core.relational import Ge, Le

from theory.everywhere import Everywhere
from theory.general.functions import Partial, partial
from theory.general.inner_maximum import Maximiser
from theory.moduli import StronglyConcave
from theory.scalars import Norm, norm
from theory.statements import Lipschitz


def candidates(objects: Iterable[Any], statements: list[Any]) -> Iterator[Any]:
    """Relations that bound norm(m - m') for pairs of maximisers over one set."""
    found = sorted({m for o in objects for m in o.atoms(Maximiser)}, key=str)
    for a, b in combinations(found, 2):
        moved = [(p, q) for p, q in zip(a.others, b.others, strict=True) if p != q]
        if a.support == b.support and len(moved) == 1:
            yield from _of_pair(a, b, moved[0], statements)


def _of_pair(a: Maximiser, b: Maximiser, moved: Any, statements: list[Any]) -> Iterator[Any]:
    """First how the gradients move, then the maximisers."""
    step, far = norm(a - b), norm(moved[0] - moved[1])
    ball = a.ball()
    if ball is not None and ball[0] == 2:
        g, k = (partial(m.function(*m.points()), m.slot) for m in (a, b))
        across = list(_lipschitz_constants(a, statements, own=False))
        along = list(_lipschitz_constants(a, statements, own=True))
        for least, c, own in product(_least_gradients(a, statements), across, along):
            yield norm(g - k) <= own * step + c * far
            yield step <= ball[1] / least * norm(g - k)
    for rate in _rates(a, statements):
        yield step <= rate * far


def _rates(m: Maximiser, statements: list[Any]) -> Iterator[Any]:
    across = list(_lipschitz_constants(m, statements, own=False))
    along = list(_lipschitz_constants(m, statements, own=True))
    for h in statements:
        if isinstance(h, StronglyConcave):
            yield from (c / h.modulus for c in across)
    ball = m.ball()
    if ball is not None and ball[0] == 2:
        for c, own, g in product(across, along, _least_gradients(m, statements)):
            yield ball[1] * c / (g - ball[1] * own)


def _lipschitz_constants(m: Maximiser, statements: list[Any], own: bool) -> Iterator[Any]:
    """Constants of the gradient in the attacked argument: in that argument or in another."""
    for h in statements:
        if isinstance(h, Lipschitz) and isinstance(h.f, Partial) and h.f.slot == m.slot:
            k = m.function.index(m.slot)
            if h.f.function == m.function and (h.f.points[k] == h.wrt) == own:
                yield h.constant


def _least_gradients(m: Maximiser, statements: list[Any]) -> Iterator[Any]:
    for h in statements:
        r = h.relation if isinstance(h, Everywhere) else None
        if isinstance(r, Le | Ge) and isinstance(r.gts, Norm):
            part = r.gts.vector
            if isinstance(part, Partial) and part.function == m.function and part.slot == m.slot:
                yield r.lts
