"""Run a recorded proof again: the statement of the certificate, by the provers of this version.

The two checkers expand the identities of a proof; that these identities are what the statement
calls for is the provers' work, which is repeated here rather than believed.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from theory.provers import prove
from theory.serial import Malformed, claim_from_json, decode, digest
from theory.verdicts import Status

SECONDS = 60.0


def replayed(tree: dict[str, Any]) -> tuple[bool, str]:
    """Whether the provers prove the statement again, and a sentence about it."""
    try:
        claim = claim_from_json(tree["statement"])
        if digest(claim) != tree["hash"]:
            return False, "the statement does not read back to its hash"
        lemmas = tuple(decode(lemma) for lemma in tree["body"].get("lemmas", []))
        claim = replace(claim, lemmas=lemmas, assumptions=tuple(tree["assumptions"]))
    except (Malformed, ValueError, TypeError) as problem:
        return False, f"the statement is not a claim: {problem}"
    found = prove(claim, time.monotonic() + SECONDS)
    for evidence in found:
        if evidence.status is Status.PROVED:
            return True, f"proved again by {evidence.by}"
    return False, f"the provers of this version find no proof within {SECONDS:g} s"
