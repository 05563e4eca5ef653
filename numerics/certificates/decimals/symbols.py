"""The free variables of a statement: scalars with their assumptions, labels, vectors, signs.

One walk over the trees, without recursion and without building anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from numerics.certificates.decimals.outcome import Malformed, Rejected, shown
from numerics.certificates.decimals.reader import keys, mapping, text

PROBE = "t''"  # the variable of a support function, bound
# True facts that say no more than "a real number"; the others are read below.
_HARMLESS = {"real", "extended_real", "complex", "finite", "hermitian", "commutative"}
SIGNS = {"positive", "negative", "nonnegative", "nonpositive", "nonzero", "zero"}
_WHOLE = {"integer", "rational"}
_BARE = {"label": "label", "vector": "vector", "signs": "signs"}


@dataclass(frozen=True)
class Variable:
    """``kind`` is scalar, label, vector or signs; ``facts`` are the assumptions on a scalar."""

    name: str
    kind: str
    facts: tuple[tuple[str, bool], ...] = ()

    @property
    def has_components(self) -> bool:
        return self.kind in ("vector", "signs")

    def fact(self, name: str) -> bool | None:
        return dict(self.facts).get(name)


def variable(tree: dict[str, Any]) -> Variable | None:
    """The variable of a node, or None."""
    for key, kind in _BARE.items():
        if key in tree:
            name = keys(tree, [key], key)[key]
            is_probe = key == "vector" and name == PROBE
            return Variable(name if is_probe else _name(name), kind)
    if "symbol" not in tree:
        return None
    keys(tree, ["symbol", "assume"], "symbol")
    return Variable(_name(tree["symbol"]), "scalar", _facts(tree))


def _name(value: Any) -> str:
    name = text(value, "name of a variable")
    if not name or len(name) > 200 or any(c in "'[]" or c.isspace() for c in name):
        raise Malformed(f"expected a name without spaces, primes and brackets, got {shown(name)}")
    return name


def _facts(tree: dict[str, Any]) -> tuple[tuple[str, bool], ...]:
    facts = mapping(tree["assume"], "assumptions")
    for key, value in facts.items():
        if not isinstance(value, bool):
            raise Malformed("expected every assumption to be true or false")
        known = key in SIGNS or (value and key in _HARMLESS | _WHOLE)
        if not known:
            raise Rejected(f"the assumption {shown(key)} = {value} is not understood")
    return tuple(sorted(facts.items()))


def nodes(trees: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Every object inside some JSON values."""
    stack = list(trees)
    while stack:
        tree = stack.pop()
        if isinstance(tree, dict):
            yield tree
            # Assumptions are data about a symbol, not a tree.
            stack.extend(v for k, v in tree.items() if k != "assume")
        elif isinstance(tree, list):
            stack.extend(tree)


def variables(trees: Iterable[Any]) -> dict[str, Variable]:
    """Every variable by name; one name belongs to one variable."""
    found: dict[str, Variable] = {}
    for node in nodes(trees):
        new = variable(node)
        if new is not None and found.setdefault(new.name, new) != new:
            raise Rejected(f"the name {shown(new.name)} belongs to two different variables")
    return {name: found[name] for name in sorted(found)}
