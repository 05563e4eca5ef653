"""From a file to an outcome."""

from __future__ import annotations

from pathlib import Path

from flint import ctx

from numerics.certificates.arb.box import check_box
from numerics.certificates.arb.certificate import Certificate, certificate_of, check_hash
from numerics.certificates.arb.outcome import Outcome, Rejected
from numerics.certificates.arb.proof import check_proof
from numerics.certificates.arb.reader import read
from numerics.certificates.arb.statement import read_statement
from numerics.certificates.arb.witness import check_witness

BITS = 128


def check(path: Path, replay: bool = False) -> Outcome:
    """Accepted or rejected, in one sentence; Malformed where the file is no certificate.

    ``replay``: the caller runs proofs again, so that here their recorded facts are enough.
    """
    certificate = certificate_of(read(Path(path)))
    try:
        check_hash(certificate)
        with ctx.workprec(BITS):
            outcome = _outcome(certificate, replay)
    except Rejected as reason:
        return Outcome(False, f"rejected: {reason}")
    except (RecursionError, MemoryError, OverflowError, ZeroDivisionError):
        return Outcome(False, "rejected: the certificate is too large for this program")
    if not outcome.accepted:
        return outcome
    facts = (f"statement {certificate.digest[:16]}", *outcome.facts, f"Arb at {BITS} bits")
    return Outcome(True, outcome.sentence, facts)


def _outcome(certificate: Certificate, replay: bool) -> Outcome:
    statement = read_statement(certificate.statement)
    if certificate.kind == "box":
        return check_box(statement, certificate.body)
    if certificate.kind == "witness":
        return check_witness(statement, certificate.body)
    return check_proof(certificate, replay)
