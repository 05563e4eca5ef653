"""From a claim and its verdict to a certificate: the statement, its hash, and the grounds.

.. math:: \\text{certificate} = (\\text{statement}, \\text{SHA-256}, \\text{kind}, \\text{body})

Kinds: ``box`` (a split tree of a compact domain), ``witness`` (an exact point that violates the
statement), ``proof`` (the recorded argument with its algebraic facts).
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from theory.claims import Claim, restated
from theory.scalars import variables
from theory.serial import Malformed, claim_to_json, digest, encode
from theory.verdicts import Evidence, Status, Verdict, Witness

FORMAT = 1
LIBRARIES = ("advsmooth", "sympy", "python-flint", "z3-solver", "cvc5")


def envelope(claim: Claim, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """The certificate as an object of JSON."""
    return {
        "certificate": "advsmooth",
        "format": FORMAT,
        "kind": kind,
        "statement": claim_to_json(claim),
        "hash": digest(claim),
        "assumptions": list(claim.assumptions),
        "versions": versions(),
        "body": body,
    }


def certificate(claim: Claim, verdict: Verdict) -> dict[str, Any] | None:
    """The certificate of a verdict; None where the verdict carries nothing that can be checked.

    Claims about unknown functions have no canonical JSON yet, and no certificates.
    """
    claim = restated(claim)
    try:
        if verdict.status is Status.REFUTED and verdict.witness is not None:
            if verdict.witness.path is not None:
                return None
            return envelope(claim, "witness", {"witness": _point(claim, verdict.witness)})
        if verdict.status is Status.CERTIFIED:
            return envelope(claim, "box", _grounds(verdict).to_json()["data"]["certificate"])
        if verdict.status is Status.PROVED:
            lemmas = [encode(lemma) for lemma in claim.lemmas]
            body = {"lemmas": lemmas, "evidence": [recorded(_grounds(verdict))]}
            return envelope(claim, "proof", body)
    except (Malformed, RecursionError):  # a statement that canonical JSON does not hold
        return None
    return None


def _point(claim: Claim, witness: Witness) -> dict[str, Any]:
    """The witness without the variables that only the lemmas of the claim mention."""
    item = witness.to_json()
    hints = {str(v) for v in variables(*claim.lemmas)}
    said = {str(v) for v in replace(claim, lemmas=(), mutants=()).free_variables}
    item["values"] = {k: v for k, v in item["values"].items() if k not in hints - said}
    return item


def _grounds(verdict: Verdict) -> Evidence:
    return next(e for e in verdict.evidence if e.status is verdict.status)


def recorded(evidence: Evidence) -> dict[str, Any]:
    """What a checker may look at: the name of the method, its steps and its facts."""
    item = evidence.to_json()
    return {"by": item["by"], "detail": item["detail"], "steps": item.get("steps", []),
            "data": _texts(item.get("data", {}))}  # fmt: skip


def _texts(value: Any) -> Any:
    """Numbers as texts: a certificate holds no floats, and no integers of any length."""
    if isinstance(value, dict):
        return {key: _texts(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_texts(entry) for entry in value]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else value


def versions() -> dict[str, str]:
    """What made the certificate."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def write(claim: Claim, verdict: Verdict, folder: Path) -> Path | None:
    """Write the certificate of a verdict; returns its path, None where there is none."""
    found = certificate(claim, verdict)
    if found is None:
        return None
    path = folder / f"{file_name(claim)}.json"
    path.write_text(json.dumps(found, indent=1, allow_nan=False) + "\n", encoding="ascii")
    return path


def file_name(claim: Claim) -> str:
    """The id where it is a plain name, else what is plain in it and a piece of its hash.

    >>> from sympy import S
    >>> file_name(Claim(id="l2-margin", holds=S.true))
    'l2-margin'
    """
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", claim.id).strip("-.")[:80]
    if plain == claim.id:
        return plain
    mark = hashlib.sha256(claim.id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain or 'claim'}-{mark}"
