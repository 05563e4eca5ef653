"""The cases of a claim one after another, or shared by processes."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from numerics.certify.confirmation import Confirmed, confirmed_tree
from numerics.certify.goals import Goal
from numerics.certify.tree import ExactBox
from theory.claims import Claim
from theory.serial import claim_from_json, claim_to_json


def confirm_all(
    claim: Claim, problems: Sequence[tuple[Goal, ExactBox]], deadline: float, jobs: int
) -> list[Confirmed]:
    """The confirmed trees of all cases, in order."""
    if jobs <= 1 or len(problems) == 1:
        return [confirmed_tree(goal, root, deadline) for goal, root in problems]
    tree = claim_to_json(claim)
    with ProcessPoolExecutor(min(jobs, len(problems)), mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(_one, tree, k, deadline) for k in range(len(problems))]
        return [future.result() for future in waiting]


def _one(tree: object, k: int, deadline: float) -> Confirmed:
    from numerics.certify.cases import cases
    from numerics.certify.certify import problem

    claim = claim_from_json(tree)
    goal, root = problem(claim, cases(claim)[1][k])
    return confirmed_tree(goal, root, deadline)
