"""Every leaf of a tree in exact-ended Arb intervals: what the floats proposed has to hold here."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from flint import arb, ctx

from numerics.certify.goals import HYPOTHESIS, Goal
from numerics.certify.search import NoTree, Search
from numerics.certify.tree import ExactBox, Tree
from theory import clock

BITS = 128
ROUNDS = 30
ZERO = Fraction(0)


@dataclass
class Confirmed:
    """A tree all of whose leaves hold; their least margin, by Arb and as the floats saw it."""

    tree: Tree
    margin: Fraction
    root: ExactBox
    proposed: float = float("inf")
    failed: list[tuple[int, ExactBox]] = field(default_factory=list)


def confirmed_tree(goal: Goal, root: ExactBox, deadline: float) -> Confirmed:
    """Search and confirm in turn until every leaf holds; NoTree with the reason otherwise."""
    search = Search(goal, root, deadline)
    known: dict[int, arb] = {}
    for _ in range(ROUNDS):
        tree = search.run()
        start, done = clock.now(), len(known)
        found = confirm(goal, tree, root, deadline, known)
        found.proposed = search.lowest_leaf
        if not found.failed:
            return found
        search.seconds_of_a_leaf = (clock.now() - start) / max(len(known) - done, 1)
        search.reopen(found.failed)
    raise NoTree("leaves closed by floats were not confirmed in ball arithmetic")


def confirm(
    goal: Goal, tree: Tree, root: ExactBox, deadline: float, known: dict[int, arb]
) -> Confirmed:
    """Try every leaf that is not yet ``known``; those that fail are listed."""
    least, failed = arb.pos_inf(), []
    with ctx.workprec(BITS):
        for k, box in tree.boxes(root):
            if k not in known:
                if clock.now() > deadline:
                    raise NoTree(f"the time was spent when {len(known)} leaves were confirmed")
                margin = goal.margin(box, tree.code[k], ZERO)
                if margin is None:
                    failed.append((k, box))
                    continue
                known[k] = margin
            if tree.code[k] < HYPOTHESIS:
                least = least.min(known[k])
    return Confirmed(tree, _simple_below(least), root, failed=failed)


def holds_with_slack(goal: Goal, found: Confirmed, slack: Fraction, deadline: float) -> bool:
    """Whether every leaf holds with a slack as well."""
    with ctx.workprec(BITS):
        for k, box in found.tree.boxes(found.root):
            if found.tree.code[k] < HYPOTHESIS and (
                clock.now() > deadline or goal.margin(box, found.tree.code[k], slack) is None
            ):
                return False
    return True


def _simple_below(least: arb) -> Fraction:
    """A short positive rational below half a margin: m/10^k with one digit, or 0."""
    return simple_below(float(least.mid())) if least.is_finite() and least > 0 else ZERO


def simple_below(margin: float) -> Fraction:
    """One significant decimal digit at most half of a positive float; 0 below 1e-12.

    >>> simple_below(0.0471)
    Fraction(1, 50)
    """
    if not 1e-12 < margin < float("inf"):
        return ZERO
    exponent = 0
    half = Fraction(margin) / 2
    while half < Fraction(10) ** exponent:
        exponent -= 1
    while half >= Fraction(10) ** (exponent + 1):
        exponent += 1
    unit = Fraction(10) ** exponent
    return (half // unit) * unit
