r"""A vector as a sum of steps of known length.

.. math:: v = \sum_i \pm w_i, \quad \|w_i\| \le B_i \quad\Rightarrow\quad \|v\| \le \sum_i B_i
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

from sympy import Abs, Expr
from sympy.core.relational import Ge, Le

from theory import clock
from theory.provers.kernel import proved
from theory.reasoning.definedness import defined
from theory.reasoning.entailment import entailed
from theory.scalars import Norm, variables
from theory.vectors import VectorExpr, is_zero
from theory.verdicts import Evidence

COST = 15
MOST_STEPS, MOST_TERMS = 14, 3
SECONDS = 3.0  # for the comparison of one sum with the claimed bound

Step = tuple[Any, Expr, str]


def treats(statement: Any) -> bool:
    """Weak inequalities."""
    return isinstance(statement, Le | Ge)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Find the sum, then compare the bounds."""
    small, big = claim.holds.lts, claim.holds.gts
    if not isinstance(small, Norm | Abs) or (isinstance(small, Norm) and small.p != 2):
        return None
    given = list(claim.given)
    steps = known_steps(given, isinstance(small, Norm))
    for chain in chains(small.args[0], steps):
        total = sum(b for _, b, _ in chain)
        if clock.now() > deadline or defined(claim.holds, given, deadline) is None:
            return None
        argument = _compared(given, total, big, deadline)
        if argument is not None:
            parts = " + ".join(f"({w})" for w, _, _ in chain)
            lines = [f"{small.args[0]} = {parts}, each up to its sign", *(s for _, _, s in chain)]
            lines += [f"compare: {total} <= {big}", *argument.steps]
            return proved("chain", f"derived bound {total}", lines, argument.data)
    return None


def _compared(given: list[Any], total: Any, big: Any, deadline: float) -> Any:
    """total <= big from the hypotheses about the same variables alone, then from all."""
    same = set(variables(total, big))
    near = [g for g in given if set(variables(g)) <= same]
    for facts in (near, given):
        limit = min(deadline, clock.now() + SECONDS)
        argument = entailed(facts, total <= big, limit)
        if argument is not None or len(near) == len(given):
            return argument
    return None


def known_steps(given: list[Any], vectors: bool) -> list[Step]:
    """(w, B) with ||w|| <= B, or |w| <= B, among the hypotheses."""
    found: list[Step] = []
    for g in given:
        if not isinstance(g, Le | Ge):
            continue
        for n in g.lts.atoms(Norm if vectors else Abs):
            factor = g.lts / n
            fits = not factor.has(n) and factor.is_positive
            if fits and (not vectors or n.p == 2):
                found.append((n.args[0], g.gts / factor, f"|{n.args[0]}| <= {g.gts / factor}: {g}"))
    return found[:MOST_STEPS]


def chains(target: Any, steps: list[Step]) -> Iterator[tuple[Step, ...]]:
    """Sums of two or more steps, up to signs, that give the target; short ones first."""
    parts = {w: _parts(w) for w, _, _ in steps}
    for size in range(2, MOST_TERMS + 1):
        for chosen in combinations(steps, size):
            if not _may_vanish([_parts(target), *(parts[w] for w, _, _ in chosen)]):
                continue
            for signs in product((1, -1), repeat=size):
                rest = target
                for s, (w, _, _) in zip(signs, chosen, strict=True):
                    rest = rest - s * w
                if _vanishes(rest):
                    yield chosen
                    break


def _parts(w: Any) -> frozenset[Any]:
    """The vectors, or the monomials, that a sum is made of."""
    if isinstance(w, VectorExpr):
        return frozenset(v for _, v in w.terms())
    return frozenset(w.expand().as_coefficients_dict())


def _may_vanish(sums: list[frozenset[Any]]) -> bool:
    """No part can cancel that occurs once."""
    return all(sum(v in other for other in sums) > 1 for v in frozenset().union(*sums))


def _vanishes(rest: Any) -> bool:
    return is_zero(rest) if isinstance(rest, VectorExpr) else rest.expand() == 0
