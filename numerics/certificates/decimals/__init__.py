"""A checker of certificates in the standard library alone: decimals rounded outwards.

.. math:: \\text{accepted} \\implies \\text{the statement holds (box), or fails at the point
          (witness)}, \\text{ up to what the facts list as assumed.}

Run ``python -m numerics.certificates.decimals FILE...``; nothing else has to be installed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from numerics.certificates.decimals.box import check_box
from numerics.certificates.decimals.outcome import Malformed, Outcome, Rejected, shown
from numerics.certificates.decimals.proof import check_proof
from numerics.certificates.decimals.reader import keys, mapping, read, text, texts
from numerics.certificates.decimals.statement import read_statement
from numerics.certificates.decimals.witness import check_witness

__all__ = ["Malformed", "Outcome", "check", "check_value"]

_KEYS = ("certificate", "format", "kind", "statement", "hash", "versions", "assumptions", "body")
_CHECKS = {"box": check_box, "witness": check_witness, "proof": check_proof}
_UNCHECKED = "rejected: its facts hold, but that the statement follows is not checked here"
_SENTENCES = {
    "box": "accepted: the statement holds on every box",
    "witness": "accepted: the statement fails at the point",
    "proof": "accepted: the recorded facts hold",
}


def check(path: Path, replay: bool = False) -> Outcome:
    """The answer to the certificate in a file; Malformed where there is none.

    ``replay``: the caller runs proofs again, so that here their recorded facts are enough.
    """
    return check_value(read(Path(path)), replay)


def check_value(certificate: Any, replay: bool = False) -> Outcome:
    """The answer to a certificate that has been read already."""
    kind = _header(certificate)
    try:
        statement = read_statement(certificate["statement"], certificate["hash"])
        facts = _CHECKS[kind](statement, certificate["body"])
    except Rejected as reason:
        return Outcome(False, f"rejected: {reason}", _notes(certificate))
    except RecursionError:
        raise Malformed("expected a statement that is nested less deeply") from None
    if kind == "proof" and not replay:
        return Outcome(False, _UNCHECKED, (*_notes(certificate), *facts))
    return Outcome(True, _SENTENCES[kind], (*_notes(certificate), *facts))


def _header(certificate: Any) -> str:
    keys(certificate, _KEYS, "certificate")
    if certificate["certificate"] != "advsmooth":
        raise Malformed("expected a certificate of advsmooth")
    if type(certificate["format"]) is not int or certificate["format"] != 1:
        raise Malformed("expected a certificate of format 1")
    for value in mapping(certificate["versions"], "versions").values():
        text(value, "versions")
    texts(certificate["assumptions"], "assumptions")
    kind = text(certificate["kind"], "kind")
    if kind not in _CHECKS:
        raise Malformed(f"expected the kind box, witness or proof, got {shown(kind)}")
    return kind


def _notes(certificate: Any) -> tuple[str, ...]:
    """What the file says about itself, and what no machine checked."""
    name = certificate["statement"].get("id") if certificate["statement"] else None
    assumed = (f"assumed, not checked: {shown(a, 400)}" for a in certificate["assumptions"])
    return (f"statement {shown(name)}, SHA-256 {shown(certificate['hash'], 80)}", *assumed)
