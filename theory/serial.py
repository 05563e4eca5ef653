"""Claims as canonical JSON, and back, without ever evaluating text.

A tree of ``{"op": NAME, "args": [...]}`` over a closed table of constructors; numbers are exact
("-3/2"), symbols carry their assumptions.  ``digest`` is the SHA-256 of the canonical text.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from typing import Any

import sympy
from sympy import Basic, Float, Rational, Symbol, Tuple
from sympy.core.symbol import Str
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from theory import (
    claims,
    directional,
    hypotheses,
    kink_sets,
    matrices,
    scalars,
    statements,
    vectors,
)
from theory.attack_sets import AttackSet, NormBall
from theory.attack_sets.support_function import PROBE

_NAMES = """Add Mul Pow exp log Abs sign Max Min Piecewise ExprCondPair tanh sinh cosh sin cos atan
erf And Or Not Equality Unequality LessThan GreaterThan StrictLessThan StrictGreaterThan"""
_SYMPY = _NAMES.split()
_OURS = {
    vectors: "VectorSum Ones Unit Sign Peak AbsPower Hadamard",
    scalars: "Norm Dot",
    matrices: "MatrixSum Outer Diag",
    hypotheses: "InOrthant",
    kink_sets: "ZeroComponent TiedPeak",
    directional: "PeakSlope",
}
_STATEMENTS = "Equal Lipschitz Smooth Differentiable Convex Maximizes Not"
_NAMED = {"oo": sympy.oo, "-oo": -sympy.oo, "pi": sympy.pi, "E": sympy.E, "nan": sympy.nan}
_CONSTRUCTORS: dict[str, Any] = {
    **{n: getattr(sympy, n, None) for n in _SYMPY},
    "ExprCondPair": sympy.functions.elementary.piecewise.ExprCondPair,
    "Tuple": Tuple,
    **{n: getattr(module, n) for module, names in _OURS.items() for n in names.split()},
}
MAX_DEPTH, MAX_DIGITS = 200, 10_000


class Malformed(ValueError):
    """The JSON does not describe a claim; the message says where and what was expected."""


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
        return str(Rational(obj))
    if isinstance(obj, Rational):
        return str(obj)
    for name, value in _NAMED.items():
        if obj == value:
            return {"number": name}
    if isinstance(obj, vectors.Label):
        return {"label": obj.name}
    if isinstance(obj, vectors.Vector):
        return {type(obj).__name__.lower(): obj.name}
    if isinstance(obj, Symbol):
        return {"symbol": obj.name, "assume": dict(sorted(obj._assumptions_orig.items()))}
    name = type(obj).__name__
    if not isinstance(obj, Basic) or name not in _CONSTRUCTORS:
        raise Malformed(f"cannot write {name} in canonical form: {obj}")
    return {"op": name, "args": [encode(a) for a in obj.args]}


def decode(tree: Any, depth: int = 0) -> Any:
    """The object of a JSON tree; anything outside the table is refused."""
    if depth > MAX_DEPTH:
        raise Malformed(f"expected a statement nested at most {MAX_DEPTH} levels deep")
    if tree is None or isinstance(tree, bool):
        return tree
    if isinstance(tree, str):
        return _number(tree)
    if isinstance(tree, list):
        return tuple(decode(t, depth + 1) for t in tree)
    if not isinstance(tree, dict):
        raise Malformed(f"expected an object, a list or a number in quotes, got {tree!r:.60}")
    return _decode_object(tree, depth + 1)


def _number(text: str) -> Rational:
    if len(text) > MAX_DIGITS:
        raise Malformed(f"expected a number of at most {MAX_DIGITS} digits")
    top, _, bottom = text.partition("/")
    if not all(t.lstrip("-").isdecimal() and t.isascii() for t in (top, bottom or "1")):
        raise Malformed(f"expected an exact number such as '-3/2', got {text!r:.60}")
    if bottom and int(bottom) == 0:
        raise Malformed("expected a denominator that is not 0")
    return Rational(int(top), int(bottom or "1"))


def _decode_object(tree: dict[str, Any], depth: int) -> Any:
    readers = {
        "truth": lambda: sympy.true if tree["truth"] is True else sympy.false,
        "number": lambda: _NAMED[tree["number"]],
        "label": lambda: vectors.Label(tree["label"]),
        "vector": lambda: _vector(vectors.Vector, tree["vector"]),
        "signs": lambda: _vector(vectors.Signs, tree["signs"]),
        "symbol": lambda: _symbol(tree),
        "ball": lambda: NormBall(decode(tree["ball"], depth), decode(tree["radius"], depth)),
        "support": lambda: _attack_set(decode(tree["support"], depth)),
        "kind": lambda: _statement(tree, depth),
        "op": lambda: _operation(tree, depth),
    }
    for key, reader in readers.items():
        if key in tree:
            try:
                return reader()
            except (KeyError, TypeError, ValueError, AttributeError) as reason:
                raise Malformed(f"malformed {key}: {reason}") from None
    raise Malformed(f"expected one of {', '.join(readers)}, got keys {sorted(tree)[:5]}")


def _vector(cls: Any, name: Any) -> Any:
    if not isinstance(name, str) or not name.rstrip("'").isidentifier():
        raise Malformed(f"expected a name, got {name!r:.60}")
    return Basic.__new__(cls, Str(name))


def _symbol(tree: dict[str, Any]) -> Symbol:
    assumptions = tree.get("assume", {})
    if not isinstance(tree["symbol"], str) or not isinstance(assumptions, dict):
        raise Malformed("expected a symbol with a name and its assumptions")
    if not all(isinstance(v, bool) for v in assumptions.values()):
        raise Malformed("expected assumptions to be true or false")
    return Symbol(tree["symbol"], **assumptions)


def _attack_set(form: Any) -> AttackSet:
    return AttackSet(lambda t: form.xreplace({PROBE: t}))


def _statement(tree: dict[str, Any], depth: int) -> Any:
    if tree["kind"] not in _STATEMENTS.split():
        raise Malformed(f"expected a statement kind, got {tree['statement']!r:.60}")
    cls = getattr(statements, tree["kind"])
    return cls(**{f.name: decode(tree[f.name], depth) for f in fields(cls)})


def _operation(tree: dict[str, Any], depth: int) -> Any:
    cls = _CONSTRUCTORS.get(tree["op"])
    if cls is None:
        raise Malformed(f"expected a known operation, got {tree['op']!r:.60}")
    return cls(*(decode(a, depth) for a in tree["args"]))


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
    if not isinstance(tree, dict) or not {"id", "holds"} <= set(tree):
        raise Malformed("expected a claim with an id and a statement")
    dims = tree.get("dimensions")
    return claims.Claim(
        id=tree["id"],
        title=str(tree.get("title", "")),
        source=str(tree.get("source", "")),
        dimensions=tuple(dims) if dims else None,
        given=decode(tree.get("given", [])),
        holds=decode(tree["holds"]),
    )


def canonical(claim: claims.Claim) -> str:
    """The canonical text: sorted keys, no spaces."""
    return json.dumps(claim_to_json(claim), sort_keys=True, separators=(",", ":"))


def digest(claim: claims.Claim) -> str:
    """SHA-256 of the statement, its hypotheses and its dimensions; names do not count."""
    tree = {k: v for k, v in claim_to_json(claim).items() if k in ("dimensions", "given", "holds")}
    text = json.dumps(tree, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
