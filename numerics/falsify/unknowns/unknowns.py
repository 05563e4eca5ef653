"""``falsify_unknowns``: a concrete function or matrix that breaks a claim, or survival.

Every hypothesis is decided exactly on the instance and the violation is strict, in rationals or
in balls; what cannot be decided is not used.  Survival proves nothing.
"""

from __future__ import annotations

import random

from flint import arb, ctx

from numerics.falsify.outcomes import Refutation, Survival
from numerics.falsify.unknowns.instances import Instance
from numerics.falsify.unknowns.numbers import BITS, Number, text
from numerics.falsify.unknowns.scope import NotSearched, hypotheses_of, parts_of
from numerics.falsify.unknowns.search import Broken, Search
from theory.claims import Claim
from theory.statements import Not
from theory.verdicts import Witness


def falsify_unknowns(claim: Claim, seed: int, deadline: float) -> Refutation | Survival:
    """Search until ``deadline``, a value of ``clock.now()``."""
    if isinstance(claim.holds, Not):
        return Survival(0, (), detail="negations are not searched")
    try:
        search = Search(parts_of(claim), random.Random(seed))
    except (NotSearched, TypeError) as reason:
        return Survival(0, (), detail=f"not searched: {reason}")
    found = search.run(deadline)
    if found is not None:
        return refutation(found)
    at = search.best
    best = {}
    if at is not None:
        best = {"dimension": at.dimension, "values": at.values(), "unknowns": at.unknowns()}
    return Survival(search.points, tuple(sorted(search.visited)), search.attained, best)


def feasible_instance(claim: Claim, seed: int, deadline: float) -> Instance | None:
    """Concrete functions, maps and numbers that meet the hypotheses; None proves nothing."""
    return Search(hypotheses_of(claim), random.Random(seed)).first(deadline)


def refutation(found: Broken) -> Refutation:
    """The witness in words, and how it was confirmed."""
    instance = found.instance
    lhs, rhs = decimals(found.violation.lhs, found.violation.rhs)
    witness = Witness(
        instance.dimension,
        {**instance.values(), **found.chosen},
        lhs=lhs,
        rhs=rhs,
        h=None if found.direction is None else [str(x) for x in found.direction],
        unknowns=instance.unknowns(),
    )
    means = "ball arithmetic" if found.violation.ball else "exact arithmetic"
    detail = (
        f"concrete functions and maps in dimension {instance.dimension} meet the hypotheses and "
        f"violate the statement; confirmed by {means}"
    )
    return Refutation(witness, detail, found.violation.severity)


def decimals(lhs: Number, rhs: Number) -> tuple[str, str]:
    """Both sides with enough digits to be seen apart."""
    with ctx.workprec(BITS):
        for digits in (12, 17, 25, 40):
            left, right = (text(arb(v), digits) for v in (lhs, rhs))
            if left != right:
                break
    return left, right
