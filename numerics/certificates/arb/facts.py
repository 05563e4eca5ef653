"""The algebraic facts of a proof, expanded a second time with flint's polynomials.

A fact is a tree that refutes its hypotheses.  Its leaves are identities

.. math:: \\sum_k \\lambda_k q_k^2 \\prod_{i \\in I_k} h_i + \\sum_j c_j e_j \\equiv 0,
          \\quad \\lambda_k > 0,

or questions that two solvers answered; its inner nodes are case distinctions and lemmas.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flint import fmpq, fmpq_mpoly

from numerics.certificates.arb.outcome import Rejected
from numerics.certificates.arb.polynomials import Allowance, Ring, names_in

MAX_NODES, MAX_DEPTH, MAX_NESTING = 20_000, 100, 40
RELATIONS = ("=", "!=", ">=", ">")


def check_facts(evidence: Any) -> tuple[int, int]:
    """(identities expanded, solver answers read); Rejected at the first that fails."""
    allowance = Allowance()
    trees = [_checked(problem, allowance) for problem in _walk(evidence)]
    if sum(t.nodes for t in trees) > MAX_NODES:
        raise Rejected("expected a recorded proof of bounded size")
    return sum(t.identities for t in trees), sum(t.answers for t in trees)


def _checked(problem: dict[str, Any], allowance: Allowance) -> _Tree:
    try:
        tree = _Tree(problem, allowance)
        with tree.assumed(*tree.formulas(problem["hypotheses"])):
            tree.refute(problem["refutation"], 0)
    except (KeyError, TypeError, AttributeError):
        raise Rejected("expected a recorded fact with all its parts") from None
    return tree


def _is_problem(item: Any) -> bool:
    return isinstance(item, dict) and "hypotheses" in item and "refutation" in item


def _walk(root: Any) -> list[dict[str, Any]]:
    found, queue = [], [root]
    for item in queue:
        if _is_problem(item):
            found.append(item)
        if isinstance(item, dict):
            queue.extend(item.values())
        elif isinstance(item, list):
            queue.extend(item)
    return found


class _Tree:
    """One fact: its ring, what holds at the node in hand, and the walk over its nodes."""

    def __init__(self, problem: dict[str, Any], allowance: Allowance) -> None:
        self.ring = Ring(names_in(_texts(problem, allowance)), allowance)
        self.known: set[Any] = set()
        self.nodes = self.identities = self.answers = 0

    @contextmanager
    def assumed(self, *formulas: Any) -> Iterator[None]:
        """Know more inside the block."""
        new = {f for formula in formulas for f in _apart(formula)} - self.known
        self.known |= new
        yield
        self.known -= new

    def formulas(self, items: Any) -> list[Any]:
        if not isinstance(items, list):
            raise Rejected("expected a list of formulas in a recorded fact")
        return [self.formula(item) for item in items]

    def formula(self, item: Any, depth: int = 0) -> Any:
        """("some" | "every", parts) or (operator, text of the polynomial)."""
        if depth > MAX_NESTING:
            raise Rejected("expected a formula of bounded depth")
        match item:
            case {"every": [*parts], **rest} if not rest:
                return ("every", tuple(self.formula(p, depth + 1) for p in parts))
            case {"some": [*parts], **rest} if not rest:
                return ("some", tuple(self.formula(p, depth + 1) for p in parts))
            case [text, str(op)] if op in RELATIONS:
                return (op, self.ring.key(self.ring.polynomial(text)))
        raise Rejected("expected a formula in a recorded fact")

    def refute(self, node: Any, depth: int) -> None:
        """Whether the node contradicts what is known."""
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH:
            raise Rejected("expected a recorded proof of bounded size")
        match node:
            case {"rule": "products", "products": [*terms], "equalities": [*equations]}:
                self._identity(terms, equations)
            case {"rule": "smt", "formulas": [*formulas], "answers": answers}:
                self._solvers(formulas, answers)
            case {"rule": "cases", "clause": clause, "branches": [*branches]}:
                parts = self._parts(self.formula(clause), len(branches))
                for part, branch in zip(parts, branches, strict=True):
                    with self.assumed(part):
                        self.refute(branch, depth + 1)
            case {"rule": "lemma", "literal": literal, "because": because, "then": then}:
                cut = self.formula(literal)
                with self.assumed(self.opposite(cut)):
                    self.refute(because, depth + 1)
                with self.assumed(cut):
                    self.refute(then, depth + 1)
            case _:
                raise Rejected("expected a known rule in a recorded fact")

    def _identity(self, terms: list[Any], equations: list[Any]) -> None:
        total, positive = self.ring.constant(0), False
        for term in terms:
            value, above = self._term(term)
            total, positive = self.ring.plus(total, value), positive or above
        for entry in equations:
            equation = self.formula(entry["of"])
            if equation[0] != "=" or equation not in self.known:
                raise Rejected("an identity uses an equation that is not a hypothesis")
            cofactor = self.ring.polynomial(entry["cofactor"])
            zero = self.ring.times(cofactor, self.ring.by_key[equation[1]])
            total = self.ring.plus(total, zero)
        if not positive or total != 0:
            raise Rejected("a recorded identity is not one, or nothing in it is positive")
        self.identities += 1

    def _term(self, term: dict[str, Any]) -> tuple[fmpq_mpoly, bool]:
        factors = self.formulas(term["factors"])
        value = self.ring.polynomial(term["multiplier"])
        if not value.is_constant() or not value.leading_coefficient() > fmpq(0):
            raise Rejected("an identity has a multiplier that is not positive")
        for f in factors:
            if f not in self.known or f[0] not in RELATIONS:
                raise Rejected("an identity multiplies by something that is not a hypothesis")
            value = self.ring.times(value, self.ring.by_key[f[1]])
        if any(n % 2 for f, n in Counter(factors).items() if f[0] in ("=", "!=")):
            raise Rejected("an identity multiplies by a factor of unknown sign")
        square = term.get("square")
        if square in (None, "None"):
            return value, all(f[0] in (">", "!=") for f in factors)
        q = self.ring.polynomial(square)
        return self.ring.times(self.ring.times(value, q), q), False

    def _solvers(self, formulas: list[Any], answers: Any) -> None:
        if answers != {"z3": "unsat", "cvc5": "unsat"}:
            raise Rejected("expected the answer unsat of two solvers")
        if not self.known.issuperset(self.formulas(formulas)):
            raise Rejected("the solvers were asked about something that is not a hypothesis")
        self.answers += 1

    def _parts(self, clause: Any, count: int) -> tuple[Any, ...]:
        if clause[0] != "some" or len(clause[1]) != count:
            raise Rejected("a case distinction does not match its branches")
        parts: tuple[Any, ...] = clause[1]
        signs = count == 2 and parts[0][0] == ">" and parts[1] == (">", self.minus(parts[0][1]))
        split = signs and any(("!=", p[1]) in self.known for p in parts)
        if clause not in self.known and not split:
            raise Rejected("a case distinction is not a hypothesis")
        return parts

    def minus(self, key: str) -> str:
        return self.ring.key(-self.ring.by_key[key])

    def opposite(self, literal: Any) -> Any:
        match literal:
            case ("=", key):
                return ("!=", key)
            case ("!=", key):
                return ("=", key)
            case (">=", key):
                return (">", self.minus(key))
            case (">", key):
                return (">=", self.minus(key))
        raise Rejected("expected a lemma that is one relation")


def _apart(formula: Any) -> set[Any]:
    if formula[0] != "every":
        return {formula}
    return {f for part in formula[1] for f in _apart(part)}


def _texts(problem: dict[str, Any], allowance: Allowance) -> Iterator[str]:
    """Every text that may be a polynomial of this fact."""
    queue = [problem["hypotheses"], problem["refutation"]]
    for entry in queue:
        if isinstance(entry, dict) and not _is_problem(entry):
            queue.extend(v for k, v in entry.items() if k not in COMMENTS)
        elif isinstance(entry, list):
            queue.extend(entry)
        elif isinstance(entry, str):
            allowance.use(1 + len(entry) // 16)
            yield entry


COMMENTS = ("rule", "text", "answers", "method", "substitution", "target", "polynomial")
