"""Proof certificates: the algebraic facts that a prover recorded."""

from __future__ import annotations

from typing import Any

from numerics.certificates.decimals.facts import check_facts
from numerics.certificates.decimals.reader import items, keys


def check_proof(statement: Any, body: Any) -> tuple[str, ...]:
    """What was checked: the identities, not that the statement follows from them."""
    keys(body, ["lemmas", "evidence"], "body")
    items(body["lemmas"], "lemmas")
    count = check_facts(items(body["evidence"], "evidence"))
    said = f"{count.identities} identities expanded, {count.answers} answers of two solvers read"
    return (said,)
