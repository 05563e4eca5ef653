"""Claims as canonical JSON, and back, without ever evaluating text.

A tree of ``{"op": NAME, "args": [...]}`` over a closed table of constructors; numbers are exact
("-3/2"), symbols carry their assumptions.  ``digest`` is the SHA-256 of the canonical text.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from decimal import Decimal
from typing import Any

from sympy import Basic, Float, Rational, Symbol
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from theory import claims, statements, vectors
from theory.attack_sets import AttackSet, NormBall
from theory.serial_reading import CONSTRUCTORS, NAMED, Malformed, checked, decode, expect_keys

__all__ = [
    "Malformed",
    "canonical",
    "claim_from_json",
    "claim_to_json",
    "decode",
    "digest",
    "encode",
]


def encode(obj: Any) -> Any:
    """A JSON tree of a SymPy object, a statement, an attack set or a tuple."""
    if obj is None or isinstance(obj, bool):
        return obj
    if isinstance(obj, statements.Statement):
        pairs = {f.name: encode(getattr(obj, f.name)) for f in fields(obj)}  # type: ignore[arg-type]
        return {"kind": type(obj).__name__, **pairs}
    if isinstance(obj, NormBall):
        return {"ball": encode(obj.p), "radius": encode(obj.radius)}
    if isinstance(obj, AttackSet):
        return {"support": encode(obj._form)}
    if isinstance(obj, tuple | list):
        return [encode(o) for o in obj]
    return _encode_basic(obj)


def _encode_basic(obj: Any) -> Any:
    if isinstance(obj, BooleanTrue | BooleanFalse):
        return {"truth": bool(obj)}
    if isinstance(obj, Float):
        return _exact(Rational(obj))
    if isinstance(obj, Rational):
        return _exact(obj)
    for name, value in NAMED.items():
        if obj == value:
            return {"number": name}
    if isinstance(obj, vectors.Label):
        return {"label": obj.name}
    if isinstance(obj, vectors.Vector):
        return {type(obj).__name__.lower(): obj.name}
    if isinstance(obj, Symbol):
        return {"symbol": obj.name, "assume": dict(sorted(obj._assumptions_orig.items()))}
    name = type(obj).__name__
    if not isinstance(obj, Basic) or name not in CONSTRUCTORS:
        raise Malformed(f"cannot write {name} in canonical form: {obj}")
    return {"op": name, "args": [encode(a) for a in obj.args]}


def _exact(q: Rational) -> str:
    """By way of Decimal: str() of a long integer depends on a setting of the interpreter."""
    top, bottom = (format(Decimal(int(n)), "f") for n in (q.p, q.q))
    return top if bottom == "1" else f"{top}/{bottom}"


def claim_to_json(claim: claims.Claim) -> dict[str, Any]:
    """Everything that the truth of the claim depends on, and its names."""
    return {
        "id": claim.id,
        "title": claim.title,
        "source": claim.source,
        "dimensions": list(claim.dimensions) if claim.dimensions else None,
        "given": [encode(g) for g in claim.given],
        "holds": encode(claim.holds),
    }


def claim_from_json(tree: Any) -> claims.Claim:
    """The claim of a JSON tree made by ``claim_to_json``."""
    if not isinstance(tree, dict):
        raise Malformed("expected a claim as an object")
    expect_keys(tree, {"id", "title", "source", "dimensions", "given", "holds"}, "claim")
    if not all(isinstance(tree[key], str) for key in ("id", "title", "source")):
        raise Malformed("claim: expected id, title and source as texts")
    dimensions, given = tree["dimensions"], tree["given"]
    if not isinstance(dimensions, list | None) or not isinstance(given, list):
        raise Malformed("claim: expected dimensions and given as lists")
    fields_: dict[str, Any] = {key: tree[key] for key in ("id", "title", "source")}
    fields_ |= {"given": decode(given), "holds": decode(tree["holds"]), "dimensions": dimensions}
    return checked("claim", lambda: claims.Claim(**fields_))


def canonical(claim: claims.Claim) -> str:
    """The canonical text: sorted keys, no spaces."""
    return json.dumps(claim_to_json(claim), sort_keys=True, separators=(",", ":"))


def digest(claim: claims.Claim) -> str:
    """SHA-256 of the statement, its hypotheses and its dimensions; names do not count."""
    tree = {k: v for k, v in claim_to_json(claim).items() if k in ("dimensions", "given", "holds")}
    text = json.dumps(tree, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
