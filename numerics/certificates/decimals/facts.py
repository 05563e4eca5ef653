"""The algebraic facts of a proof: trees that refute "the hypotheses and not the goal".

A leaf is an identity whose products are nonnegative by the hypotheses, one of them positive,

.. math:: \\sum_k \\lambda_k q_k^2 \\prod_{i \\in I_k} h_i + \\sum_j c_j e_j \\equiv 0,
          \\quad \\lambda_k > 0,\\; h_i \\ge 0,\\; e_j = 0,

or a text that two solvers refuted.  Inner nodes split a known disjunction or cut a lemma.
Identities are expanded here; the answers of the solvers are read, not repeated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from numerics.certificates.decimals.outcome import Rejected, shown
from numerics.certificates.decimals.polynomials import (
    NotPolynomial,
    Polynomial,
    Work,
    number,
    parse,
    product,
    total,
)

MAX_NODES, MAX_NESTING = 20_000, 40
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


class Known:
    """What holds at a node: what is new there, and what holds at the node above it."""

    def __init__(self, formulas: Sequence[Formula], above: Known | None = None) -> None:
        self.here, self.above = frozenset(_conjuncts(formulas)), above

    def __contains__(self, formula: Formula) -> bool:
        level: Known | None = self
        while level is not None:
            if formula in level.here:
                return True
            level = level.above
        return False


@dataclass
class Count:
    """What was checked, and what a check may still cost."""

    nodes: int = 0
    identities: int = 0
    answers: int = 0
    work: Work = field(default_factory=Work)
    read: dict[str, Polynomial] = field(default_factory=dict)


def check_facts(evidence: Any) -> Count:
    """Expand every identity of every tree; Rejected at the first that fails."""
    count = Count()
    try:
        for problem in _problems(evidence):
            formulas = [_formula(h, count) for h in _list(problem["hypotheses"], "hypotheses")]
            _refutes(Known(formulas), problem["refutation"], count)
    except NotPolynomial as reason:
        raise Rejected(str(reason)) from None
    except (KeyError, TypeError, AttributeError):
        raise Rejected("expected a recorded fact with all its parts") from None
    return count


def _problems(data: Any) -> Iterator[dict[str, Any]]:
    """Every object of the record that states hypotheses and refutes them."""
    stack = [data]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            if "hypotheses" in item and "refutation" in item:
                yield item
            stack += item.values()
        elif isinstance(item, list):
            stack += item


def _refutes(known: Known, root: Any, count: Count) -> None:
    pending = [(known, root)]
    while pending:
        facts, node = pending.pop()
        count.nodes += 1
        if count.nodes > MAX_NODES:
            raise Rejected(f"expected at most {MAX_NODES} nodes in the recorded proof")
        rule = node.get("rule") if isinstance(node, dict) else None
        if rule == "products":
            _identity(facts, node, count)
            count.identities += 1
        elif rule == "smt":
            _answers(facts, node, count)
            count.answers += 1
        elif rule == "cases":
            pending += _cases(facts, node, count)
        elif rule == "lemma":
            pending += _lemma(facts, node, count)
        else:
            raise Rejected(f"expected a rule of the proof, got {shown(rule)}")


def _identity(known: Known, node: dict[str, Any], count: Count) -> None:
    found = [_term(known, t, count) for t in _list(node.get("products"), "products")]
    parts = [value for value, _ in found]
    for entry in _list(node.get("equalities"), "equalities"):
        equation = _formula(entry["of"], count)
        if equation not in known or not isinstance(equation, Literal) or equation.op != "=":
            raise Rejected("an identity uses an equation that is not among its hypotheses")
        parts.append(product([_polynomial(entry["cofactor"], count), equation.value], count.work))
    if not any(positive for _, positive in found):
        raise Rejected("an identity has no product that is positive")
    if total(parts, count.work).terms:
        raise Rejected("a recorded identity does not expand to 0")


def _term(known: Known, term: dict[str, Any], count: Count) -> tuple[Polynomial, bool]:
    """A multiplier times hypotheses times a square, and whether it is positive."""
    factors = [_formula(h, count) for h in _list(term.get("factors"), "factors")]
    multiplier = _polynomial(term["multiplier"], count).constant()
    if multiplier is None or multiplier <= 0:
        raise Rejected("an identity has a multiplier that is not positive")
    literals = [f for f in factors if isinstance(f, Literal) and f in known]
    if len(literals) < len(factors):
        raise Rejected("an identity uses a factor that is not among its hypotheses")
    times = Counter(f for f in literals if f.op in ("=", "!="))
    if any(n % 2 for n in times.values()):
        raise Rejected("an identity uses an inequation an odd number of times")
    parts, square = [number(multiplier), *(f.value for f in literals)], term.get("square")
    if square is None or square == "None":
        return product(parts, count.work), all(f.op in (">", "!=") for f in literals)
    q = _polynomial(square, count)
    return product([*parts, q, q], count.work), False


def _answers(known: Known, node: dict[str, Any], count: Count) -> None:
    formulas = [_formula(f, count) for f in _list(node.get("formulas"), "formulas")]
    if node.get("answers") != {"z3": "unsat", "cvc5": "unsat"}:
        raise Rejected("expected the answer unsat of z3 and of cvc5")
    if any(f not in known for f in formulas):
        raise Rejected("the solvers were given a formula that is not among the hypotheses")


def _cases(known: Known, node: dict[str, Any], count: Count) -> list[tuple[Known, Any]]:
    clause = _formula(node["clause"], count)
    branches = _list(node.get("branches"), "branches")
    if not isinstance(clause, Joined) or clause.every or not _is_known(clause, known):
        raise Rejected("a case distinction is not among the hypotheses")
    if len(branches) != len(clause.parts):
        raise Rejected("a case distinction leaves a case out")
    pairs = zip(clause.parts, branches, strict=True)
    return [(Known([part], known), branch) for part, branch in pairs]


def _is_known(clause: Joined, known: Known) -> bool:
    """A disjunction that is known, or p > 0 or -p > 0 where p != 0 is known."""
    if clause in known:
        return True
    literals = [part for part in clause.parts if isinstance(part, Literal) and part.op == ">"]
    if len(literals) != 2 or len(clause.parts) != 2:
        return False
    p = literals[0].value
    return literals[1].value == -p and any(Literal(q, "!=") in known for q in (p, -p))


def _lemma(known: Known, node: dict[str, Any], count: Count) -> list[tuple[Known, Any]]:
    literal = _formula(node["literal"], count)
    if not isinstance(literal, Literal):
        raise Rejected("expected a lemma that is one relation")
    pairs = ((_negated(literal), node["because"]), (literal, node["then"]))
    return [(Known([part], known), branch) for part, branch in pairs]


def _negated(f: Literal) -> Literal:
    if f.op in ("=", "!="):
        return Literal(f.value, "!=" if f.op == "=" else "=")
    return Literal(-f.value, ">" if f.op == ">=" else ">=")


def _conjuncts(formulas: Sequence[Formula]) -> Iterator[Formula]:
    """The formulas with conjunctions taken apart."""
    for f in formulas:
        if isinstance(f, Joined) and f.every:
            yield from _conjuncts(f.parts)
        else:
            yield f


def _formula(tree: Any, count: Count, depth: int = 0) -> Formula:
    if depth > MAX_NESTING:
        raise Rejected(f"expected a formula nested at most {MAX_NESTING} levels deep")
    if isinstance(tree, dict) and set(tree) in ({"every"}, {"some"}):
        word = next(iter(tree))
        parts = tuple(_formula(part, count, depth + 1) for part in _list(tree[word], word))
        return Joined(word == "every", parts)
    if isinstance(tree, list) and len(tree) == 2 and tree[1] in OPERATORS:
        return Literal(_polynomial(tree[0], count), tree[1])
    raise Rejected(f"expected a formula, got {shown(tree)}")


def _polynomial(text: Any, count: Count) -> Polynomial:
    """The polynomial of a text; a text that comes again is read once."""
    if not isinstance(text, str):
        raise NotPolynomial("expected a polynomial as text")
    if text not in count.read:
        count.read[text] = parse(text, count.work)
    return count.read[text]


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise Rejected(f"expected a list of {what}")
    return value
