"""Box certificates: every case of labels and dimensions has a box that contains the domain and a
split tree on whose leaves the statement certainly holds.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from flint import fmpq

from numerics.certificates.arb.case import Case, Layout, read_case
from numerics.certificates.arb.domain import check_domain
from numerics.certificates.arb.goals import goal_of
from numerics.certificates.arb.outcome import Malformed, Outcome, Rejected, shown
from numerics.certificates.arb.reader import keys, list_of, rational
from numerics.certificates.arb.rotation import (
    check_invariant,
    reduced_dimension,
    vector_operations,
)
from numerics.certificates.arb.statement import MAX_DIMENSION, Statement
from numerics.certificates.arb.tree import Tree

MAX_PATTERN = 12  # labels and signs of one dimension: at most 4096 cases


def check_box(statement: Statement, body: Any) -> Outcome:
    """The outcome of a box certificate; Rejected where it does not convince."""
    keys(body, {"reductions", "slack", "cases"}, "body")
    rotated = _rotated(body["reductions"])
    slack = rational(body["slack"], "slack")
    if slack < 0:
        raise Malformed("slack: expected a number >= 0")
    cases = [read_case(c, f"case {k}") for k, c in enumerate(list_of(body["cases"], "cases"))]
    _check_exhaustive(statement, rotated, cases)
    facts = [_checked(statement, case, rotated, slack) for case in cases]
    return Outcome(True, "the statement holds on every leaf of every case", tuple(facts))


def _rotated(reductions: Any) -> bool:
    if list_of(reductions, "reductions") not in ([], ["rotation"]):
        raise Malformed(f"reductions: expected [] or ['rotation'], got {shown(reductions)}")
    return bool(reductions)


def _dimensions(statement: Statement, rotated: bool) -> tuple[int, ...]:
    if rotated:
        check_invariant(statement)
        reduced = reduced_dimension(statement)
        if reduced > MAX_DIMENSION:
            raise Rejected("the statement has more vectors than this program checks")
        return (reduced,)
    if statement.dimensions is not None:
        return statement.dimensions
    if vector_operations(statement):
        raise Rejected("a statement about every dimension needs the reduction 'rotation'")
    return (1,)


def _check_exhaustive(statement: Statement, rotated: bool, cases: list[Case]) -> None:
    """One case for every dimension and every pattern of signs."""
    labels, signs = statement.named("label"), statement.named("signs")
    wanted = set()
    for d in _dimensions(statement, rotated):
        if len(labels) + d * len(signs) > MAX_PATTERN:
            raise Rejected("the statement has more sign patterns than this program checks")
        choices: list[list[tuple[int, ...]]] = [[(0, 1), (0, -1)] for _ in labels]
        choices += [list(product((1, -1), repeat=d)) for _ in signs]
        for pattern in product(*choices):
            named = zip([*labels, *signs], pattern, strict=True)
            wanted.add((d, tuple(sorted(named))))
    found = [case.key for case in cases]
    if extra := set(found) - wanted:
        raise Rejected(f"a case is none of the statement: {shown(min(map(str, extra)))}")
    if len(set(found)) < len(found):
        raise Rejected("a case occurs twice")
    if missing := len(wanted - set(found)):
        raise Rejected(f"the cases are not exhaustive: {missing} missing")


def _checked(statement: Statement, case: Case, rotated: bool, slack: fmpq) -> str:
    layout = Layout(statement, case, rotated)
    check_domain(layout)
    tree = Tree(layout, goal_of(layout, slack))
    tree.check()
    leaves = ", ".join(f"{n} {kind}" for kind, n in sorted(tree.leaves.items()))
    return f"dimension {case.dimension}, {len(case.domain)} variables: leaves {leaves}"
