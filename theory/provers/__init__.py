"""Strategies that may say ``proved``: each file with a function ``prove``; none is registered."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Container, Iterator
from dataclasses import replace
from typing import Any

from sympy import Eq, S, sqrt

from theory import clock
from theory.reasoning.record import recording
from theory.scalars import norm
from theory.vectors import ones
from theory.verdicts import Evidence, Status


class _Any:
    """Contains every name."""

    def __contains__(self, name: object) -> bool:
        return True


ANY = _Any()
SHARE = 0.6  # of the time left, for one strategy: the next ones need some too


def strategies() -> Iterator[Any]:
    """Every module of this folder that defines ``prove``, in the order of its ``COST``."""
    modules = [
        importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__)
    ]
    yield from sorted((m for m in modules if hasattr(m, "prove")), key=lambda m: m.COST)


def about_dimension(dimensions: tuple[int, ...]) -> list[Any]:
    """||1|| = sqrt(d) lies between the smallest and the largest dimension claimed."""
    root = norm(ones())
    if len(dimensions) == 1:
        return [Eq(root, sqrt(dimensions[0]))]
    found = [root >= sqrt(min(dimensions)), root <= sqrt(max(dimensions))]
    return [f for f in found if f is not S.true]


def prove(claim: Any, deadline: float, among: Container[str] = ANY) -> list[Evidence]:
    """Try each strategy that treats the statement; stop at the first proof.

    ``among`` names the strategies to try where not all are wanted.
    A strategy that breaks is reported as undecided: a broken engine never decides anything.
    """
    from theory.claims import restated
    from theory.general.atoms import about_unknowns

    found: list[Evidence] = []
    claim = restated(claim)
    if claim.dimensions:
        claim = replace(claim, given=(*claim.given, *about_dimension(claim.dimensions)), mutants=())
    unknowns = about_unknowns(claim)
    for module in strategies():
        name = module.__name__.rsplit(".", 1)[-1].replace("_", "-")
        if getattr(module, "ABOUT_UNKNOWNS", False) != unknowns or name not in among:
            continue
        start, facts = clock.now(), []
        if start >= deadline or not module.treats(claim.holds):
            continue
        try:
            with recording() as facts:
                evidence = module.prove(claim, start + SHARE * (deadline - start))
        except Exception as error:
            detail = f"internal failure: {type(error).__name__}: {error}"
            evidence = Evidence(name, Status.UNDECIDED, detail)
        spent = round(clock.now() - start, 3)
        if evidence is None and spent < 0.01:
            continue
        if evidence is None:
            evidence = Evidence(name, Status.UNDECIDED, "found no proof")
        data = dict(evidence.data)
        if evidence.status is Status.PROVED and facts:
            data["facts"] = facts
        found.append(replace(evidence, seconds=spent, data=data))
        if evidence.status is Status.PROVED:
            break
    return found
