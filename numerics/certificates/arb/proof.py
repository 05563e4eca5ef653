"""Proof certificates: the algebraic facts of a recorded argument."""

from __future__ import annotations

from numerics.certificates.arb.certificate import Certificate
from numerics.certificates.arb.facts import check_facts
from numerics.certificates.arb.outcome import Outcome
from numerics.certificates.arb.reader import keys, list_of

UNCHECKED = "rejected: its facts hold, but that the statement follows is not checked here"


def check_proof(certificate: Certificate, replay: bool) -> Outcome:
    """Whether every recorded identity expands to 0; alone, that does not show the statement."""
    body = keys(certificate.body, {"lemmas", "evidence"}, "body")
    list_of(body["lemmas"], "lemmas")
    identities, answers = check_facts(list_of(body["evidence"], "evidence"))
    facts = (f"{identities} identities expanded, {answers} answers of two solvers read",)
    return Outcome(replay, "the recorded facts hold" if replay else UNCHECKED, facts)
