"""The statement of a certificate: dimensions, hypotheses, what holds, and its fingerprint.

.. math:: \\text{hash} = \\operatorname{SHA256}(\\text{canonical JSON of dimensions, given, holds}).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from numerics.certificates.decimals.outcome import Malformed, Rejected, shown
from numerics.certificates.decimals.reader import count, items, keys, mapping, text
from numerics.certificates.decimals.symbols import PROBE, Variable, nodes, variable, variables

MAX_DIMENSION = 16
_FIELDS = {
    "Equal": ("left", "right"),
    "Lipschitz": ("f", "wrt", "constant"),
    "Smooth": ("f", "wrt", "constant"),
    "Differentiable": ("f", "wrt"),
    "Convex": ("f", "wrt"),
    "Maximizes": ("point", "objective", "wrt", "over"),
    "Not": ("statement",),
}


@dataclass(frozen=True)
class Statement:
    """``kind`` is "relation" or one of the kinds with fields; ``wrt`` is its variable."""

    dimensions: tuple[int, ...] | None
    given: tuple[Any, ...]
    holds: Any
    kind: str
    variables: dict[str, Variable]
    wrt: Variable | None

    def named(self, *kinds: str) -> list[Variable]:
        """The variables of some kinds, by name."""
        return [v for v in self.variables.values() if v.kind in kinds]


def read_statement(value: Any, digest: Any) -> Statement:
    """The statement, once its hash is right."""
    tree = keys(value, _KEYS, "statement")
    for key in ("id", "title", "source"):
        text(tree[key], f"statement, {key}")
    dimensions = _dimensions(tree["dimensions"])
    given = items(tree["given"], "given")
    if _digest(tree) != text(digest, "hash"):
        raise Rejected("the hash does not belong to this statement")
    kind = _kind(tree["holds"])
    wrt = _wrt(tree["holds"], kind)
    return Statement(dimensions, tuple(given), tree["holds"], kind, _free(tree, kind, wrt), wrt)


_KEYS = ("id", "title", "source", "dimensions", "given", "holds")


def _digest(tree: dict[str, Any]) -> str:
    core = {key: tree[key] for key in ("dimensions", "given", "holds")}
    canonical = json.dumps(core, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _dimensions(value: Any) -> tuple[int, ...] | None:
    if value is None:
        return None
    found = tuple(count(d, "dimensions", 10**9) for d in items(value, "dimensions"))
    if not found or len(set(found)) < len(found):
        raise Malformed("expected dimensions to be different positive integers")
    return found


def _kind(holds: Any) -> str:
    tree = mapping(holds, "holds")
    if "kind" not in tree:
        return "relation"
    kind = text(tree["kind"], "kind")
    if kind not in _FIELDS:
        raise Malformed(f"expected a kind of statement, got {shown(kind)}")
    keys(tree, ("kind", *_FIELDS[kind]), kind)
    return kind


def _wrt(holds: Any, kind: str) -> Variable | None:
    if "wrt" not in _FIELDS.get(kind, ()):
        return None
    found = variable(mapping(holds["wrt"], "wrt"))
    if found is None or found.kind not in ("scalar", "vector"):
        raise Malformed("expected wrt to be a vector or a scalar symbol")
    if kind == "Maximizes" and found.kind != "vector":
        raise Malformed("expected wrt of Maximizes to be a vector")
    return found


def _free(tree: dict[str, Any], kind: str, wrt: Variable | None) -> dict[str, Variable]:
    """Every variable but the bound ones: wrt of Maximizes and the probe of a support function."""
    holds = tree["holds"]
    if kind != "Maximizes":
        found = variables([holds, *tree["given"]])
        if PROBE in found:
            raise Rejected(f"the name {PROBE} is reserved for support functions")
        if kind in ("Lipschitz", "Smooth") and wrt and wrt.name in variables([holds["constant"]]):
            raise Malformed("expected a constant that does not depend on wrt")
        return found
    return _free_of_maximum(tree, wrt)


def _free_of_maximum(tree: dict[str, Any], wrt: Variable | None) -> dict[str, Variable]:
    holds = tree["holds"]
    outside = [holds["point"], *tree["given"]]
    probe = Variable(PROBE, "vector")
    everywhere = variables([holds["objective"], holds["over"], wrt_tree(holds), *outside])
    names = set(variables(outside)) | set(variables([holds["over"]]))
    if wrt is None or wrt.name in names:
        raise Rejected("the bound variable of Maximizes occurs outside its objective")
    if PROBE in variables([holds["objective"], *outside]) or everywhere.get(PROBE, probe) != probe:
        raise Rejected(f"the name {PROBE} is reserved for support functions")
    return {n: v for n, v in everywhere.items() if n not in (PROBE, wrt.name)}


def wrt_tree(holds: Any) -> Any:
    return holds["wrt"]


def operations_in(trees: Any) -> set[str]:
    """The names of every operation in some trees."""
    return {name for n in nodes(trees) if isinstance(name := n.get("op"), str)}
