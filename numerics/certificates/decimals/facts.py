"""The algebraic facts of a proof: trees that refute "the hypotheses and not the goal".

A leaf is an identity whose products are nonnegative by the hypotheses, one of them positive,

.. math:: \\sum_k \\lambda_k q_k^2 \\prod_{i \\in I_k} h_i + \\sum_j c_j e_j \\equiv 0,
          \\quad \\lambda_k > 0,\\; h_i \\ge 0,\\; e_j = 0,

or a text that two solvers refuted.  Inner nodes split a known disjunction or cut a lemma.
Identities are expanded here; the answers of the solvers are read, not repeated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from numerics.certificates.decimals.outcome import Rejected
from numerics.certificates.decimals.polynomials import NotPolynomial, Polynomial, number, parse

MAX_NODES = 20_000
OPERATORS = ("=", "!=", ">=", ">")


@dataclass(frozen=True)
class Literal:
    """``value op 0``."""

    value: Polynomial
    op: str


@dataclass(frozen=True)
class Joined:
    """A conjunction or a disjunction."""

    every: bool
    parts: tuple[Literal | Joined, ...]


Formula = Literal | Joined


@dataclass
class Count:
    """What was checked."""

    nodes: int = 0
    identities: int = 0
    answers: int = 0


def check_facts(evidence: Any) -> Count:
    """Expand every identity of every tree; Rejected at the first that fails."""
    count = Count()
    for problem in _problems(evidence):
        try:
            known = _conjuncts([_formula(h) for h in _list(problem["hypotheses"], "hypotheses")])
            _refutes(known, problem["refutation"], count)
        except (KeyError, TypeError, AttributeError):
            raise Rejected("expected a recorded fact with all its parts") from None
    return count


def _problems(data: Any) -> Iterator[dict[str, Any]]:
    """Every object of the record that states hypotheses and refutes them."""
    stack = [data]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            if {"hypotheses", "refutation"} <= set(item):
                yield item
            stack += list(item.values())
        elif isinstance(item, list):
            stack += item


def _refutes(known: list[Formula], root: Any, count: Count) -> None:
    pending = [(known, root)]
    while pending:
        facts, node = pending.pop()
        count.nodes += 1
        if count.nodes > MAX_NODES:
            raise Rejected(f"expected at most {MAX_NODES} nodes in the recorded proof")
        rule = node.get("rule") if isinstance(node, dict) else None
        if rule == "products":
            _identity(facts, node)
            count.identities += 1
        elif rule == "smt":
            _answers(facts, node)
            count.answers += 1
        elif rule == "cases":
            pending += _cases(facts, node)
        elif rule == "lemma":
            pending += _lemma(facts, node)
        else:
            raise Rejected(f"expected a rule of the proof, got {rule!r:.40}")


def _identity(known: list[Formula], node: dict[str, Any]) -> None:
    total, positive = number(0), False
    for term in _list(node.get("products"), "products"):
        value, is_positive = _term(known, term)
        total, positive = total + value, positive or is_positive
    for term in _list(node.get("equalities"), "equalities"):
        hypothesis = _formula(term["of"])
        if hypothesis not in known or not isinstance(hypothesis, Literal) or hypothesis.op != "=":
            raise Rejected("an identity uses an equation that is not among its hypotheses")
        total = total + _polynomial(term["cofactor"]) * hypothesis.value
    if not positive:
        raise Rejected("an identity has no product that is positive")
    if total.terms:
        raise Rejected("a recorded identity does not expand to 0")


def _term(known: list[Formula], term: dict[str, Any]) -> tuple[Polynomial, bool]:
    """A multiplier times hypotheses times a square, and whether it is positive."""
    factors = [_formula(h) for h in _list(term.get("factors"), "factors")]
    multiplier = _polynomial(term["multiplier"]).constant()
    if multiplier is None or multiplier <= 0:
        raise Rejected("an identity has a multiplier that is not positive")
    if any(f not in known or not isinstance(f, Literal) for f in factors):
        raise Rejected("an identity uses a factor that is not among its hypotheses")
    literals = [f for f in factors if isinstance(f, Literal)]
    loose = [f for f in literals if f.op in ("=", "!=")]
    if any(loose.count(f) % 2 for f in loose):
        raise Rejected("an identity uses an inequation an odd number of times")
    value, square = number(Fraction(multiplier)), term.get("square")
    for f in literals:
        value = value * f.value
    if square is not None and square != "None":
        q = _polynomial(square)
        return value * q * q, False
    return value, all(f.op in (">", "!=") for f in literals)


def _answers(known: list[Formula], node: dict[str, Any]) -> None:
    formulas = [_formula(f) for f in _list(node.get("formulas"), "formulas")]
    if node.get("answers") != {"z3": "unsat", "cvc5": "unsat"}:
        raise Rejected("expected the answer unsat of z3 and of cvc5")
    if any(f not in known for f in formulas):
        raise Rejected("the solvers were given a formula that is not among the hypotheses")


def _cases(known: list[Formula], node: dict[str, Any]) -> list[tuple[list[Formula], Any]]:
    clause = _formula(node["clause"])
    branches = _list(node.get("branches"), "branches")
    if not isinstance(clause, Joined) or clause.every or not _is_known(clause, known):
        raise Rejected("a case distinction is not among the hypotheses")
    if len(branches) != len(clause.parts):
        raise Rejected("a case distinction leaves a case out")
    pairs = zip(clause.parts, branches, strict=True)
    return [([*known, *_conjuncts([part])], branch) for part, branch in pairs]


def _is_known(clause: Joined, known: list[Formula]) -> bool:
    """A disjunction that is known, or p > 0 or -p > 0 where p != 0 is known."""
    if clause in known:
        return True
    literals = [part for part in clause.parts if isinstance(part, Literal) and part.op == ">"]
    if len(literals) != 2 or len(clause.parts) != 2:
        return False
    p = literals[0].value
    return literals[1].value == -p and any(Literal(q, "!=") in known for q in (p, -p))


def _lemma(known: list[Formula], node: dict[str, Any]) -> list[tuple[list[Formula], Any]]:
    literal = _formula(node["literal"])
    if not isinstance(literal, Literal):
        raise Rejected("expected a lemma that is one relation")
    return [([*known, _negated(literal)], node["because"]), ([*known, literal], node["then"])]


def _negated(f: Literal) -> Literal:
    if f.op in ("=", "!="):
        return Literal(f.value, "!=" if f.op == "=" else "=")
    return Literal(-f.value, ">" if f.op == ">=" else ">=")


def _conjuncts(formulas: Sequence[Formula]) -> list[Formula]:
    """The formulas with conjunctions taken apart."""
    flat: list[Formula] = []
    for f in formulas:
        flat += _conjuncts(f.parts) if isinstance(f, Joined) and f.every else [f]
    return flat


def _formula(tree: Any, depth: int = 0) -> Formula:
    if depth > 40:
        raise Rejected("expected a formula nested at most 40 levels deep")
    if isinstance(tree, dict) and set(tree) in ({"every"}, {"some"}):
        word = next(iter(tree))
        parts = tuple(_formula(part, depth + 1) for part in _list(tree[word], word))
        return Joined(word == "every", parts)
    if isinstance(tree, list) and len(tree) == 2 and tree[1] in OPERATORS:
        return Literal(_polynomial(tree[0]), tree[1])
    raise Rejected(f"expected a formula, got {tree!r:.60}")


def _polynomial(text: Any) -> Polynomial:
    try:
        return parse(text)
    except NotPolynomial as reason:
        raise Rejected(str(reason)) from None


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise Rejected(f"expected a list of {what}")
    return value
