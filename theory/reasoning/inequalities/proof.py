"""What the engine hands back: a method, readable steps and a certificate that can be re-checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy.polys.rings import PolyElement

from theory.reasoning.inequalities.formulas import Every, Formula, Literal, Some
from theory.reasoning.inequalities.kernel import Node

_STRENGTH = ("evaluation", "nonnegative-coefficients", "linear", "products", "smt")


@dataclass(frozen=True)
class EntailmentProof:
    """``method`` names the strongest rung used; ``data`` is JSON-able.

    data["variables"] explains the names, data["hypotheses"] lists the polynomial formulas (facts,
    definitions and the negated goal) and data["refutation"] is the tree that contradicts them.
    """

    method: str
    steps: tuple[str, ...]
    data: Mapping[str, Any] = field(default_factory=dict)


def leaves(node: Node) -> Iterator[Node]:
    """The identities and solver answers of a tree."""
    if node["rule"] == "cases":
        for branch in node["branches"]:
            yield from leaves(branch)
    elif node["rule"] == "lemma":
        yield from leaves(node["because"])
        yield from leaves(node["then"])
    else:
        yield node


def method_of(node: Node) -> str:
    """The strongest rung among the leaves."""
    used = {leaf.get("method", leaf["rule"]) for leaf in leaves(node)} or {"evaluation"}
    return max(used, key=_STRENGTH.index)


def exported(value: Any) -> Any:
    """A certificate as lists, dictionaries and strings."""
    if isinstance(value, PolyElement):
        return str(value.as_expr())
    if isinstance(value, Literal):
        return [exported(value.value), value.op]
    if isinstance(value, Every | Some):
        return {"every" if isinstance(value, Every) else "some": exported(value.parts)}
    if isinstance(value, Mapping):
        return {str(k): exported(v) for k, v in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [exported(v) for v in value]
    return str(value)


def described(node: Node, depth: int = 0) -> Iterator[str]:
    """The tree in words."""
    pad = "  " * depth
    if node["rule"] == "cases":
        for part, branch in zip(node["clause"].parts, node["branches"], strict=True):
            yield f"{pad}case {shown(part)}:"
            yield from described(branch, depth + 1)
        if not node["branches"]:
            yield f"{pad}no case is left"
    elif node["rule"] == "lemma":
        yield f"{pad}lemma {shown(node['literal'])}, because otherwise:"
        yield from described(node["because"], depth + 1)
        yield from described(node["then"], depth)
    elif node["rule"] == "smt":
        yield f"{pad}z3 and cvc5 both find no real solution"
    else:
        yield f"{pad}0 = " + identity(node)
        yield from (f"{pad}  with {step}" for step in node.get("substitution", ()))


def identity(node: Node) -> str:
    """The identity of a leaf, products of hypotheses first."""
    terms = []
    for term in node["products"]:
        factors = [f"({h.value.as_expr()})" for h in term["factors"]]
        if term.get("square") is not None:
            factors.append(f"({term['square'].as_expr()})**2")
        terms.append("*".join([str(term["multiplier"]), *factors]))
    for term in node["equalities"]:
        terms.append(f"({term['cofactor'].as_expr()})*({term['of'].value.as_expr()})")
    return " + ".join(terms) + ", a positive sum"


def shown(formula: Formula) -> str:
    """A formula in one line."""
    if isinstance(formula, Literal):
        return f"{formula.value.as_expr()} {formula.op} 0"
    if not formula.parts:
        return "true" if isinstance(formula, Every) else "false"
    word = " and " if isinstance(formula, Every) else " or "
    return "(" + word.join(shown(part) for part in formula.parts) + ")"
