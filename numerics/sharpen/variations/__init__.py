"""Operators that make a claim stronger: each file with a function ``variations``; none registered.

``variations(claim)`` yields ``Change`` and ``Scale`` objects.  An operator proposes; whether the
proposal is stronger is measured, whether it is true is left to the falsifier and the provers.
``ORDER`` says when it is asked: what tells most about a bound comes first.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from numerics.sharpen.changes import Change, Scale
from theory.claims import Claim


@dataclass(frozen=True)
class Operator:
    """One file of this folder."""

    name: str
    order: int
    variations: Callable[[Claim], Iterator[Change | Scale]]


def operators(only: Iterable[str] | None = None) -> list[Operator]:
    """Every operator, or those named, in their order.

    >>> [o.name for o in operators()][:2]
    ['coefficients', 'means']
    """
    known = [m.name for m in pkgutil.iter_modules(__path__)]
    names = known if only is None else list(only)
    if unknown := [n for n in names if n not in known]:
        raise ValueError(f"sharpen: expected operators among {known}, got {unknown[0]!r}")
    modules = {n: importlib.import_module(f"{__name__}.{n}") for n in names}
    found = [Operator(n, m.ORDER, m.variations) for n, m in modules.items()]
    return sorted(found, key=lambda o: (o.order, o.name))
