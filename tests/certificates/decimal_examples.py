"""Certificates to test a checker with: honest ones, grown by bisection, and their forgeries."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from numerics.certificates.decimals.box import _pattern
from numerics.certificates.decimals.case import Case, Layout
from numerics.certificates.decimals.derivative_goals import GOALS
from numerics.certificates.decimals.evaluate import Natural, Program
from numerics.certificates.decimals.goals import Relations
from numerics.certificates.decimals.intervals import Intervals
from numerics.certificates.decimals.statement import read_statement
from theory import Claim
from theory.serial import claim_to_json
from theory.verdicts import Witness

Domain = Mapping[str, tuple[str, str]]


def digest(statement: Mapping[str, Any]) -> str:
    core = {k: statement[k] for k in ("dimensions", "given", "holds")}
    return hashlib.sha256(
        json.dumps(core, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def envelope(claim: Claim, kind: str, body: Any) -> dict[str, Any]:
    statement = json.loads(json.dumps(claim_to_json(claim)))
    return {
        "certificate": "advsmooth",
        "format": 1,
        "kind": kind,
        "statement": statement,
        "hash": digest(statement),
        "versions": {"advsmooth": "test"},
        "assumptions": [],
        "body": body,
    }


def forged(certificate: dict[str, Any], *path: Any, to: Any, rehash: bool = False) -> Any:
    """A copy with one value changed; a path that ends in a function changes with it."""
    result = copy.deepcopy(certificate)
    place = result
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to(place[path[-1]]) if callable(to) else to
    if rehash:
        result["hash"] = digest(result["statement"])
    return result


def witnessed(claim: Claim, witness: Witness) -> dict[str, Any]:
    return envelope(claim, "witness", {"witness": witness.to_json()})


def boxed(
    claim: Claim,
    cases: Sequence[tuple[int, Mapping[str, Any], Domain]],
    slack: str = "0",
    rotation: bool = False,
) -> dict[str, Any]:
    """A certificate whose trees are grown where they are needed."""
    reductions = ["rotation"] if rotation else []
    result = envelope(claim, "box", {"reductions": reductions, "slack": slack, "cases": []})
    for d, signs, domain in cases:
        tree = grow(result, d, signs, domain, Fraction(slack), rotation)
        sides = [[name, *ends] for name, ends in domain.items()]
        entry = {"dimension": d, "signs": dict(signs), "domain": sides, "tree": tree}
        result["body"]["cases"].append(entry)
    return result


def grow(
    certificate: Any, d: int, signs: Any, domain: Domain, slack: Fraction, rotation: bool
) -> str:
    """Split the widest side until every leaf shows its goal; plain recursion will do here."""
    statement = read_statement(certificate["statement"], certificate["hash"])
    layout = Layout(statement, d, rotation)
    case = Case(layout, list(domain), _pattern(statement, d, signs))
    r = Intervals()
    goal = GOALS.get(statement.kind, Relations)(case, r, slack)
    given = Program(case.given, Natural(r))
    pins = tuple(r.constant(Fraction(0)) for _ in layout.pinned)

    def leaf(box: Any) -> str | None:
        for rule in sorted(goal.rules, reverse=True):
            if goal.shows(rule, box):
                return rule
        values = given(box)
        for k in range(len(case.hypotheses)):
            if any(values[part] is False for part in case.usable(k)):
                return f"h{k}"
        return None

    def tree(corners: list[tuple[Fraction, Fraction]], depth: int) -> str:
        found = leaf((*(r.between(*c) for c in corners), *pins))
        if found is not None:
            return found
        if depth > 40:
            raise AssertionError(f"no leaf at {corners}")
        k = max(range(len(corners)), key=lambda i: corners[i][1] - corners[i][0])
        low, high = corners[k]
        middle = (low + high) / 2
        halves = (
            [*corners[:k], half, *corners[k + 1 :]] for half in ((low, middle), (middle, high))
        )
        return " ".join([str(k), *(tree(half, depth + 1) for half in halves)])

    return tree([(Fraction(a), Fraction(b)) for a, b in domain.values()], 0)
