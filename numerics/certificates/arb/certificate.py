"""The envelope of a certificate: its keys, its kind, and the hash of what it is about."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from numerics.certificates.arb.outcome import Malformed, Rejected, shown
from numerics.certificates.arb.reader import keys, list_of, text_of, whole

KINDS = ("box", "witness", "proof")
_KEYS = ["certificate", "format", "kind", "statement", "hash", "versions", "assumptions", "body"]


@dataclass(frozen=True)
class Certificate:
    """A certificate whose envelope is in order; statement and body are still JSON."""

    kind: str
    statement: dict[str, Any]
    digest: str
    assumptions: tuple[str, ...]
    body: Any


def certificate_of(value: Any) -> Certificate:
    """The certificate of a JSON value."""
    keys(value, set(_KEYS), "certificate")
    if value["certificate"] != "advsmooth" or whole(value["format"], "format") != 1:
        raise Malformed("expected a certificate of advsmooth in format 1")
    if value["kind"] not in KINDS:
        raise Malformed(f"kind: expected one of {', '.join(KINDS)}, got {shown(value['kind'])}")
    names = {"id", "title", "source", "dimensions", "given", "holds"}
    statement = keys(value["statement"], names, "statement")
    for name in ("id", "title", "source"):
        text_of(statement[name], name)
    list_of(statement["given"], "given")
    versions = value["versions"]
    if not isinstance(versions, dict):
        raise Malformed("versions: expected an object")
    for entry in versions.values():
        text_of(entry, "versions")
    assumptions = [text_of(a, "assumptions") for a in list_of(value["assumptions"], "assumptions")]
    digest = text_of(value["hash"], "hash")
    return Certificate(value["kind"], statement, digest, tuple(assumptions), value["body"])


def check_hash(certificate: Certificate) -> None:
    """Refuse a statement that is not the one that was hashed."""
    tree = {k: certificate.statement[k] for k in ("dimensions", "given", "holds")}
    text = json.dumps(tree, sort_keys=True, separators=(",", ":"))
    if hashlib.sha256(text.encode()).hexdigest() != certificate.digest:
        raise Rejected("the hash is not that of the statement")
