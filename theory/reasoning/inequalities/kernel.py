"""The small checker that every algebraic proof passes before it is returned.

A refutation is a tree. Leaves: an identity

.. math:: \\sum_k \\lambda_k q_k^2 \\prod_{i \\in I_k} h_i + \\sum_j c_j e_j \\equiv 0,
          \\quad \\lambda_k > 0,

whose products are nonnegative by the hypotheses and of which one is positive, while the e_j
vanish; or one text that two solvers refute. Inner nodes split a known disjunction or cut a lemma.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sympy.polys.rings import PolyRing

from theory.reasoning.inequalities.context import Context, product
from theory.reasoning.inequalities.formulas import (
    ABOVE,
    EQUAL,
    UNEQUAL,
    Formula,
    Literal,
    Some,
    negate_literal,
)
from theory.reasoning.inequalities.smt import problem_text

Node = Mapping[str, Any]


def verify(context: Context, node: Node) -> bool:
    """Whether the tree refutes the formulas of the context."""
    rule = node["rule"]
    if rule == "products":
        return _identity_holds(context.ring, context.known, node)
    if rule == "smt":
        return _solvers_agree(context, node)
    if rule == "cases":
        clause = node["clause"]
        return (
            isinstance(clause, Some)
            and _is_known(clause, context.known)
            and len(clause.parts) == len(node["branches"])
            and all(
                verify(context.branch(part), child)
                for part, child in zip(clause.parts, node["branches"], strict=True)
            )
        )
    if rule == "lemma":
        literal: Literal = node["literal"]
        return verify(context.branch(negate_literal(literal)), node["because"]) and verify(
            context.branch(literal), node["then"]
        )
    return False


def _is_known(clause: Some, known: Sequence[Formula]) -> bool:
    """A disjunction of the context, or p > 0 or -p > 0 where p != 0 is known."""
    if clause in known or len(clause.parts) != 2:
        return clause in known
    first = clause.parts[0]
    return (
        isinstance(first, Literal)
        and Literal(first.value, UNEQUAL) in known
        and clause.parts == (Literal(first.value, ABOVE), Literal(-first.value, ABOVE))
    )


def _identity_holds(ring: PolyRing, known: Sequence[Formula], node: Node) -> bool:
    total, positive = ring.zero, False
    for term in node["products"]:
        hypotheses, square = term["factors"], term.get("square")
        if term["multiplier"] <= 0 or not _is_nonnegative(hypotheses, known):
            return False
        value = product(ring, (h.value for h in hypotheses))
        total += term["multiplier"] * value * (square**2 if square is not None else ring.one)
        positive |= square is None and _is_positive(hypotheses)
    for term in node["equalities"]:
        hypothesis = term["of"]
        if hypothesis not in known or hypothesis.op != EQUAL:
            return False
        total += term["cofactor"] * hypothesis.value
    return positive and total == 0


def _is_nonnegative(hypotheses: Sequence[Literal], known: Sequence[Formula]) -> bool:
    """Equations and inequations may only occur squared, that is, an even number of times."""
    loose = [h for h in hypotheses if h.op in (EQUAL, UNEQUAL)]
    return all(h in known for h in hypotheses) and all(loose.count(h) % 2 == 0 for h in loose)


def _is_positive(hypotheses: Sequence[Literal]) -> bool:
    return all(h.op in (ABOVE, UNEQUAL) for h in hypotheses)


def _solvers_agree(context: Context, node: Node) -> bool:
    return (
        set(node["answers"]) == {"z3", "cvc5"}
        and set(node["answers"].values()) == {"unsat"}
        and all(formula in context.known for formula in node["formulas"])
        and node["text"] == problem_text(context.ring, node["formulas"])
    )
