"""Box certificates: finitely many boxes cover what the hypotheses allow, and each is checked.

.. math:: \\{\\text{hypotheses}\\} \\subseteq \\bigcup_{\\text{cases}} \\bigcup_{\\text{leaves}} B,
          \\qquad \\text{on each } B: \\text{ the goal holds or a hypothesis fails.}
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod
from typing import Any

from numerics.certificates.decimals.case import Case, Layout, Pattern
from numerics.certificates.decimals.derivative_goals import GOALS
from numerics.certificates.decimals.domain import Bounds
from numerics.certificates.decimals.evaluate import Natural, Program
from numerics.certificates.decimals.exact import bits, decimal
from numerics.certificates.decimals.goals import Relations
from numerics.certificates.decimals.intervals import Intervals
from numerics.certificates.decimals.outcome import Malformed, Rejected, shown
from numerics.certificates.decimals.reader import count, items, keys, rational, text
from numerics.certificates.decimals.rotation import check_invariant, rotated_dimension
from numerics.certificates.decimals.statement import MAX_DIMENSION, Statement
from numerics.certificates.decimals.tree import Corners, leaves, tokens

MAX_CASES, MAX_WORK = 4096, 5 * 10**8
_WHOLE = "an integer variable cannot be split into boxes"


def check_box(statement: Statement, body: Any) -> tuple[str, ...]:
    """The facts that were checked; Rejected says why not."""
    keys(body, ("reductions", "slack", "cases"), "body")
    if statement.kind != "relation" and statement.kind not in GOALS:
        raise Rejected(f"a statement of kind {statement.kind} has no box certificates")
    if any(v.fact(f) for v in statement.variables.values() for f in ("integer", "rational")):
        raise Rejected(_WHOLE)
    slack = rational(body["slack"], "slack")
    if slack < 0:
        raise Rejected("the slack is negative")
    dimensions, rotated = _dimensions(statement, body["reductions"])
    cases = _cases(statement, body["cases"], dimensions)
    arithmetic, total = Intervals(), 0
    for d, pattern, entry in cases:
        total += _check_case(Layout(statement, d, rotated), pattern, entry, slack, arithmetic)
    scope = "every dimension, by rotation" if rotated else f"dimensions {list(dimensions)}"
    return (f"{len(cases)} cases and {total} boxes cover {scope}",)


def _dimensions(statement: Statement, reductions: Any) -> tuple[tuple[int, ...], bool]:
    found = items(reductions, "reductions")
    if found not in ([], ["rotation"]):
        raise Malformed("expected reductions to be [] or ['rotation']")
    if found:
        check_invariant(statement)
        dimensions: tuple[int, ...] = (rotated_dimension(statement),)
    elif statement.dimensions is None:
        raise Rejected("a statement for every dimension needs the reduction 'rotation'")
    else:
        dimensions = statement.dimensions
    if max(dimensions) > MAX_DIMENSION:
        raise Rejected(f"dimensions above {MAX_DIMENSION} are not checked")
    return dimensions, bool(found)


def _cases(
    statement: Statement, value: Any, dimensions: Sequence[int]
) -> list[tuple[int, Pattern, dict[str, Any]]]:
    """Every dimension and sign pattern exactly once."""
    signs = statement.named("label", "signs")
    sizes = {d: prod(2 ** (d if v.has_components else 1) for v in signs) for d in dimensions}
    wanted = sum(sizes.values())
    if wanted > MAX_CASES:
        raise Rejected(f"more than {MAX_CASES} cases are not checked")
    found, seen = [], set()
    for entry in items(value, "cases"):
        keys(entry, ("dimension", "signs", "domain", "tree"), "case")
        d = count(entry["dimension"], "dimension", MAX_DIMENSION)
        if d not in sizes:
            raise Rejected(f"a case has the dimension {d}, which is not asked for")
        pattern = _pattern(statement, d, entry["signs"])
        key = (d, *sorted(pattern.items()))
        if key in seen:
            raise Rejected("a case occurs twice")
        seen.add(key)
        found.append((d, pattern, entry))
    if len(found) != wanted:
        raise Rejected(f"expected {wanted} cases, one for each sign pattern, got {len(found)}")
    return found


def _pattern(statement: Statement, d: int, value: Any) -> Pattern:
    variables = statement.named("label", "signs")
    tree = keys(value, [v.name for v in variables], "signs")
    return {v.name: _signs(v.has_components, d, tree[v.name]) for v in variables}


def _signs(many: bool, d: int, value: Any) -> tuple[int, ...]:
    parts = items(value, "signs") if many else [value]
    if len(parts) != (d if many else 1) or any(p not in ("1", "-1") for p in parts):
        raise Malformed("expected a sign '1' or '-1' for a label and d of them for a vector")
    return tuple(int(p) for p in parts)


def _check_case(
    layout: Layout, pattern: Pattern, entry: dict[str, Any], slack: Fraction, r: Intervals
) -> int:
    """How many boxes were checked."""
    names, corners = _domain(layout, entry["domain"])
    case = Case(layout, names, pattern)
    _check_domain(case.implied(), names, corners)
    goal = GOALS.get(case.statement.kind, Relations)(case, r, slack)
    found = tokens(text(entry["tree"], "tree"), len(names))
    length = sum(bits(end) for side in corners for end in side)  # halving long numbers takes time
    if len(found) * (goal.work + len(case.given.operations) + length // 30) > MAX_WORK:
        raise Rejected("the certificate is more work than this program does")
    given = Program(case.given, Natural(r))
    pins = tuple(r.constant(Fraction(0)) for _ in layout.pinned)
    checked = 0
    for token, at, sides in leaves(found, corners, r.between):
        box: Any = (*sides, *pins)
        if token[0] == "h":
            shown_here = _excluded(case, given(box), int(token[1:]))
        elif token in goal.rules:
            shown_here = goal.shows(token, box)
        else:
            raise Rejected(f"a leaf {token} does not exist for this kind of statement")
        if not shown_here:
            raise Rejected(
                f"the leaf {token} does not show its goal on the box {_place(names, at)}"
            )
        checked += 1
    return checked


def _domain(layout: Layout, value: Any) -> tuple[list[str], Corners]:
    names, corners = [], []
    for entry in items(value, "domain"):
        parts = items(entry, "domain")
        if len(parts) != 3:
            raise Malformed("expected the domain to list a name and two numbers")
        names.append(text(parts[0], "domain"))
        low, high = rational(parts[1], "domain"), rational(parts[2], "domain")
        if low > high:
            raise Rejected(f"the interval of {shown(names[-1])} is empty")
        corners.append((low, high))
    if sorted(names) != sorted(layout.names):
        raise Rejected("the domain does not list every variable and coordinate once")
    return names, tuple(corners)


def _check_domain(implied: Sequence[Bounds], names: Sequence[str], corners: Corners) -> None:
    for name, (low, high), bounds in zip(names, corners, implied, strict=False):
        if bounds[0] is None or bounds[1] is None:
            raise Rejected(f"no finite bounds on {shown(name)} follow from the hypotheses")
        if bounds[0] < low or bounds[1] > high:
            raise Rejected(
                f"the hypotheses allow {shown(name)} between {decimal(bounds[0])} and "
                f"{decimal(bounds[1])}, which the domain does not cover"
            )


def _excluded(case: Case, values: Sequence[Any], k: int) -> bool:
    """Whether a hypothesis that may be used is certainly false."""
    if k >= len(case.hypotheses):
        raise Rejected(f"a leaf names hypothesis {k}, there are {len(case.hypotheses)}")
    return any(values[part] is False for part in case.usable(k))


def _place(names: Sequence[str], corners: Corners) -> str:
    sides = [
        f"{shown(n)}: [{decimal(a, 6)}, {decimal(b, 6)}]"
        for n, (a, b) in zip(names, corners, strict=True)
    ]
    return ", ".join(sides[:4]) + (", ..." if len(sides) > 4 else "")
