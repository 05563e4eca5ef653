"""The certificate: the statement, its digest, and for each case its domain and its tree."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from fractions import Fraction
from importlib import metadata
from typing import Any

from numerics.certify.cases import Case
from numerics.certify.confirmation import Confirmed
from theory.claims import Claim
from theory.serial import claim_to_json, digest


def certificate(
    claim: Claim, reductions: list[str], cases: Sequence[tuple[Case, Confirmed]], slack: Fraction
) -> dict[str, Any]:
    """The whole JSON object, kind "box"."""
    return {
        "certificate": "advsmooth",
        "format": 1,
        "kind": "box",
        "statement": claim_to_json(claim),
        "hash": digest(claim),
        "versions": versions(),
        "assumptions": [str(a) for a in claim.assumptions],
        "body": {
            "reductions": reductions,
            "slack": str(slack),
            "cases": [_case(case, found) for case, found in cases],
        },
    }


def _case(case: Case, found: Confirmed) -> dict[str, Any]:
    rows = zip(case.variables, found.root, strict=True)
    return {
        "dimension": case.dimension,
        "signs": case.signs,
        "domain": [[name, str(lo), str(hi)] for name, (lo, hi) in rows],
        "tree": found.tree.text(),
    }


def versions() -> dict[str, str]:
    """What produced the certificate."""
    names = ("sympy", "numpy", "scipy", "python-flint")
    return {"python": platform.python_version(), **{n: metadata.version(n) for n in names}}
