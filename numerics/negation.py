"""Verdicts on Not(S): a refutation of S is its proof, when it reaches every dimension claimed.

.. math:: \\neg S_d \\text{ with a witness } (\\theta, x, \\dots) \\ \\Rightarrow\\ \\neg S_{d+1}
          \\text{ with the witness } ((\\theta, 0), (x, 0), \\dots),

since norms, inner products, directions and signs do not see a zero component added to every
vector.  All-ones vectors, sign vectors and orthants do, and so may unknown functions: about these,
a witness is needed in each dimension claimed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from theory import clock
from theory.claims import Claim
from theory.general.atoms import about_unknowns
from theory.hypotheses import InOrthant
from theory.kink_sets import ZeroComponent
from theory.provers import prove
from theory.statements import parts
from theory.vectors import AbsPower, Ones, Signs, Vector
from theory.verdicts import Evidence, Status, Witness


def negated_verdict(inquiry: Any) -> Status:
    """The status of Not(S) from witnesses against S, or from a proof of S."""
    claim = replace(inquiry.claim, holds=inquiry.claim.holds.statement)
    missing = []
    for d in _dimensions_to_refute(claim):
        if not _refuted_in(inquiry, claim, d):
            missing.append(d)
            break
    if not missing:
        return _proved(inquiry, claim)
    return _from_a_proof(inquiry, claim, missing[0])


def _dimensions_to_refute(claim: Claim) -> tuple[int, ...]:
    """The dimensions in which witnesses are needed; the others follow by padding with zeros."""
    if not _has_vectors(claim):
        return (1,)
    dims = claim.dimensions or (1,)
    return dims[:1] if can_be_padded(claim) else dims


def _has_vectors(claim: Claim) -> bool:
    return any(isinstance(v, Vector) for v in claim.free_variables) or any(
        hasattr(p, "atoms") and p.atoms(Vector, Ones) for p in parts(claim.holds)
    )


def can_be_padded(claim: Claim) -> bool:
    """Whether a zero component added to every vector changes nothing."""
    if about_unknowns(claim):
        return False
    for p in (*parts(claim.holds), *claim.given):
        if hasattr(p, "atoms") and p.atoms(Ones, Signs, InOrthant, ZeroComponent):
            return False
        if hasattr(p, "atoms") and any(
            a.exponent.is_positive is not True for a in p.atoms(AbsPower)
        ):
            return False
    return True


def _refuted_in(inquiry: Any, claim: Claim, d: int) -> bool:
    from numerics.falsify import Refutation, falsify

    start = clock.now()
    found = falsify(replace(claim, dimensions=(d,)), inquiry.seed, inquiry.left(0.4))
    spent = round(clock.now() - start, 3)
    if isinstance(found, Refutation):
        inquiry.evidence.append(
            Evidence(
                "falsifier",
                Status.REFUTED,
                f"the negated statement fails in d = {d}: {found.detail}",
                spent,
                (f"witness: {found.witness.to_json()}",),
                found.witness.to_json(),
            )
        )
        return True
    detail = f"no witness against the negated statement in d = {d}, {found.points} points"
    inquiry.evidence.append(Evidence("falsifier", Status.UNDECIDED, detail, spent))
    return False


def _proved(inquiry: Any, claim: Claim) -> Status:
    from theory.provers.kernel import proved

    if _has_vectors(claim) and claim.dimensions is None and not can_be_padded(claim):
        detail = "refuted in d = 1; no argument carries the witness to every dimension"
        inquiry.evidence.append(Evidence("negation", Status.UNDECIDED, detail))
        return Status.UNDECIDED
    steps = [s for e in inquiry.evidence if e.status is Status.REFUTED for s in e.steps]
    if _has_vectors(claim):
        steps.append("a zero component added to every vector keeps the witness one")
    inquiry.evidence.append(proved("witness", "the negated statement has a witness", steps))
    return Status.PROVED


def _from_a_proof(inquiry: Any, claim: Claim, d: int) -> Status:
    found = prove(claim, inquiry.left(0.6))
    inquiry.evidence += found
    if any(e.status is Status.PROVED for e in found):
        inquiry.witness = _any_point(inquiry, claim)
        if inquiry.witness is not None:
            detail = "the negated statement is proved, so every admissible point is a witness"
            inquiry.evidence.append(Evidence("negation", Status.REFUTED, detail))
            return Status.REFUTED
        detail = "the negated statement is proved, but no admissible point was found"
        inquiry.evidence.append(Evidence("negation", Status.UNDECIDED, detail))
        return Status.UNDECIDED
    detail = f"neither a witness against the statement in d = {d} nor a proof of it"
    inquiry.evidence.append(Evidence("negation", Status.UNDECIDED, detail))
    return Status.UNDECIDED


def _any_point(inquiry: Any, claim: Claim) -> Witness | None:
    """A point that meets the hypotheses, in the smallest dimension that has one."""
    from numerics.falsify import feasible_instance, feasible_point
    from numerics.falsify.witnesses import values_of

    if about_unknowns(claim):
        found = feasible_instance(claim, inquiry.seed, inquiry.left(0.5))
        if found is None:
            return None
        return Witness(found.dimension, found.values(), unknowns=found.unknowns())
    for d in claim.dimensions or (1, 2, 3):
        point = feasible_point(claim, d, inquiry.seed, inquiry.left(0.5))
        if point is not None:
            return Witness(d, values_of(claim, d, point))
    return None
