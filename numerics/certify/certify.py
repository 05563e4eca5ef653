"""``certify``: a claim on a compact domain as a certificate of boxes, or the reason why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from numerics.certify.cases import Case, cases
from numerics.certify.confirmation import Confirmed, holds_with_slack, simple_below
from numerics.certify.derivatives import DerivativeGoal
from numerics.certify.domain import domain
from numerics.certify.goals import Goal
from numerics.certify.program import Unsupported
from numerics.certify.relations import RelationGoal
from numerics.certify.search import NoTree, as_box
from numerics.certify.sharing import confirm_all
from numerics.certify.tree import ExactBox
from numerics.certify.usable import usable
from numerics.certify.writing import certificate
from theory.claims import Claim
from theory.serial import Malformed
from theory.statements import Convex, Differentiable, Equal, Lipschitz, Maximizes, Not, Statement

ZERO = Fraction(0)


@dataclass(frozen=True)
class Certified:
    """The complete certificate, the number of its leaves, one sentence about it."""

    certificate: dict[str, Any]
    leaves: int
    detail: str


@dataclass(frozen=True)
class Gap:
    """Why there is no certificate, in one sentence; it says nothing about the claim."""

    reason: str


def certify(claim: Claim, deadline: float, jobs: int = 1) -> Certified | Gap:
    """A certificate for the claim before ``deadline`` (``theory.clock.now``), or a gap.

    ``jobs`` processes share the cases (dimensions and sign patterns).
    """
    try:
        return _certify(claim, deadline, jobs)
    except (Unsupported, NoTree, Malformed) as reason:
        return Gap(str(reason))
    except (ArithmeticError, ValueError, RecursionError, MemoryError) as error:
        return Gap(f"the search broke off: {type(error).__name__}: {error}")


def _certify(claim: Claim, deadline: float, jobs: int) -> Certified | Gap:
    reductions, found = cases(claim)
    problems = [problem(claim, case) for case in found]
    trees = confirm_all(claim, problems, deadline, jobs)
    slack = _slack([p[0] for p in problems], trees, deadline)
    pairs = [(goal.case, tree) for (goal, _), tree in zip(problems, trees, strict=True)]
    leaves = sum(tree.tree.leaves() for tree in trees)
    made = certificate(claim, reductions, pairs, slack)
    return Certified(made, leaves, _detail(reductions, pairs, leaves, slack))


def problem(claim: Claim, case: Case) -> tuple[Goal, ExactBox]:
    """The goal of a case and its box; Unsupported with the reason otherwise."""
    holds = claim.holds
    if isinstance(holds, Lipschitz | Convex):
        hypotheses = [g for g in claim.given if usable(g, holds.wrt)]
        return DerivativeGoal(claim, case), as_box(domain(claim, case, hypotheses))
    if isinstance(holds, Equal | Maximizes | Differentiable | Not | Statement):
        raise Unsupported(f"a statement of the kind {type(holds).__name__} is not shown by boxes")
    return RelationGoal(claim, case), as_box(domain(claim, case, claim.given))


def _slack(goals: Sequence[Goal], trees: Sequence[Confirmed], deadline: float) -> Fraction:
    """A simple slack that every leaf supports, 0 where none is found."""
    if any(goal.slackless for goal in goals):
        return ZERO
    if slack := min(tree.margin for tree in trees):
        return slack  # at most half of the least margin that Arb found
    # Pivots show that a matrix is definite and not by how much: try what the floats suggest.
    slack = simple_below(min(tree.proposed for tree in trees))
    pairs = list(zip(goals, trees, strict=True))
    if slack and all(holds_with_slack(g, t, slack, deadline) for g, t in pairs):
        return slack
    return ZERO


def _detail(
    reductions: list[str], pairs: list[tuple[Case, Confirmed]], leaves: int, slack: Fraction
) -> str:
    dims = sorted({case.dimension for case, _ in pairs})
    case, tree = pairs[0]
    scope = "d in {" + ", ".join(map(str, dims)) + "}"
    if reductions:
        scope = "every d >= 1" + (" by rotation" if case.nonnegative else "")
    rows = zip(case.variables, tree.root, strict=True)
    box = ", ".join(f"{n} in [{lo}, {hi}]" for n, (lo, hi) in rows) or "no variables"
    more = f" and {len(pairs) - 1} more cases" if len(pairs) > 1 else ""
    spare = f", slack {slack}" if slack else ""
    return f"{leaves} boxes cover {box}{more} ({scope}){spare}"
