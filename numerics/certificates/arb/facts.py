"""The algebraic facts of a proof, expanded a second time with flint's polynomials.

A fact is a tree that refutes its hypotheses.  Its leaves are identities

.. math:: \\sum_k \\lambda_k q_k^2 \\prod_{i \\in I_k} h_i + \\sum_j c_j e_j \\equiv 0,
          \\quad \\lambda_k > 0,

or questions that two solvers answered; its inner nodes are case distinctions and lemmas.
Texts are parsed to a syntax tree of which only numbers, names, ``+ - * / **`` are read.
"""

from __future__ import annotations

import ast
from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from numerics.certificates.arb.outcome import Rejected

MAX_TEXT, MAX_POWER, MAX_NODES, MAX_DEPTH = 200_000, 64, 20_000, 100


def check_facts(evidence: Any) -> tuple[int, int]:
    """(identities expanded, solver answers read); Rejected at the first that fails."""
    trees = [_checked(problem) for problem in _walk(evidence)]
    return sum(t.identities for t in trees), sum(t.answers for t in trees)


def _checked(problem: dict[str, Any]) -> _Tree:
    try:
        tree = _Tree(problem)
        tree.refute(tree.known(problem["hypotheses"]), problem["refutation"], 0)
    except (KeyError, TypeError, AttributeError, RecursionError, ZeroDivisionError):
        raise Rejected("expected a recorded fact with all its parts") from None
    return tree


def _walk(root: Any) -> list[dict[str, Any]]:
    found, queue = [], [root]
    for item in queue:
        if isinstance(item, dict):
            if "hypotheses" in item and "refutation" in item:
                found.append(item)
            queue.extend(item.values())
        elif isinstance(item, list):
            queue.extend(item)
    return found


class _Tree:
    """One fact: its ring, and the walk over its nodes."""

    def __init__(self, problem: dict[str, Any]) -> None:
        names = sorted(_names(problem))
        if len(names) > 200:
            raise Rejected("expected a fact with at most 200 variables")
        self.ring = fmpq_mpoly_ctx.get(names or ["x"], Ordering.lex)
        self.variables = dict(zip(names or ["x"], self.ring.gens(), strict=True))
        self.value: dict[str, fmpq_mpoly] = {}
        self.nodes = self.identities = self.answers = 0

    def known(self, formulas: Any) -> set[Any]:
        """The formulas, conjunctions taken apart, in a form that can be compared."""
        if not isinstance(formulas, list):
            raise Rejected("expected a list of hypotheses")
        facts: set[Any] = set()
        for formula in formulas:
            facts |= _apart(self.formula(formula))
        return facts

    def formula(self, item: Any, depth: int = 0) -> Any:
        """("some" | "every", parts) or (operator, text of the expanded polynomial)."""
        if depth > MAX_DEPTH:
            raise Rejected("expected a formula of bounded depth")
        match item:
            case {"every": [*parts], **rest} if not rest:
                return ("every", tuple(self.formula(p, depth + 1) for p in parts))
            case {"some": [*parts], **rest} if not rest:
                return ("some", tuple(self.formula(p, depth + 1) for p in parts))
            case [text, ("=" | "!=" | ">=" | ">") as op]:
                return (op, self.text(self.polynomial(text)))
        raise Rejected("expected a formula in a recorded fact")

    def text(self, p: fmpq_mpoly) -> str:
        """The polynomial as a key: flint prints one text for equal polynomials."""
        key = str(p)
        self.value[key] = p
        return key

    def polynomial(self, text: Any) -> fmpq_mpoly:
        return self._value(_syntax(text), 0)

    def _value(self, node: ast.AST, depth: int) -> fmpq_mpoly:
        if depth > 5000:
            raise Rejected("expected a polynomial of bounded depth")
        match node:
            case ast.Constant(value=int(n)) if not isinstance(n, bool):
                return self.ring.constant(n)
            case ast.Name(id=name):
                return self.variables[name]
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return -self._value(inner, depth + 1)
            case ast.BinOp(left=base, op=ast.Pow(), right=ast.Constant(value=int(n))):
                if not 0 <= n <= MAX_POWER:
                    raise Rejected(f"expected a power up to {MAX_POWER}")
                return self._value(base, depth + 1) ** n
            case ast.BinOp(left=left, op=op, right=right):
                return _combine(op, self._value(left, depth + 1), self._value(right, depth + 1))
        raise Rejected("expected a polynomial in a recorded fact")

    def refute(self, known: set[Any], node: Any, depth: int) -> None:
        """Whether the node contradicts what is known."""
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH:
            raise Rejected("expected a recorded proof of bounded size")
        match node:
            case {"rule": "products", "products": [*terms], "equalities": [*equations]}:
                self._identity(known, terms, equations)
            case {"rule": "smt", "formulas": [*formulas], "answers": answers}:
                self._solvers(known, formulas, answers)
            case {"rule": "cases", "clause": clause, "branches": [*branches]}:
                parts = self._parts(known, self.formula(clause), len(branches))
                for part, branch in zip(parts, branches, strict=True):
                    self.refute(known | _apart(part), branch, depth + 1)
            case {"rule": "lemma", "literal": literal, "because": because, "then": then}:
                cut = self.formula(literal)
                self.refute(known | {self.opposite(cut)}, because, depth + 1)
                self.refute(known | {cut}, then, depth + 1)
            case _:
                raise Rejected("expected a known rule in a recorded fact")

    def _identity(self, known: set[Any], terms: list[Any], equations: list[Any]) -> None:
        total, positive = self.ring.constant(0), False
        for term in terms:
            value, above = self._term(known, term)
            total, positive = total + value, positive or above
        for entry in equations:
            equation = self.formula(entry["of"])
            if equation[0] != "=" or equation not in known:
                raise Rejected("an identity uses an equation that is not a hypothesis")
            total += self.polynomial(entry["cofactor"]) * self.value[equation[1]]
        if not positive or total != 0:
            raise Rejected("a recorded identity is not one, or nothing in it is positive")
        self.identities += 1

    def _term(self, known: set[Any], term: dict[str, Any]) -> tuple[fmpq_mpoly, bool]:
        factors = [self.formula(f) for f in term["factors"]]
        weight = self.polynomial(term["multiplier"])
        if not weight.is_constant() or not weight.leading_coefficient() > fmpq(0):
            raise Rejected("an identity has a multiplier that is not positive")
        for f in factors:
            if f not in known or f[0] in ("some", "every"):
                raise Rejected("an identity multiplies by something that is not a hypothesis")
            if f[0] in ("=", "!=") and factors.count(f) % 2:
                raise Rejected("an identity multiplies by a factor of unknown sign")
            weight = weight * self.value[f[1]]
        square = term.get("square")
        if square in (None, "None"):
            return weight, all(f[0] in (">", "!=") for f in factors)
        return weight * self.polynomial(square) ** 2, False

    def _solvers(self, known: set[Any], formulas: list[Any], answers: Any) -> None:
        if answers != {"z3": "unsat", "cvc5": "unsat"}:
            raise Rejected("expected the answer unsat of two solvers")
        if not {self.formula(f) for f in formulas} <= known:
            raise Rejected("the solvers were asked about something that is not a hypothesis")
        self.answers += 1

    def _parts(self, known: set[Any], clause: Any, count: int) -> tuple[Any, ...]:
        if clause[0] != "some" or len(clause[1]) != count:
            raise Rejected("a case distinction does not match its branches")
        parts: tuple[Any, ...] = clause[1]
        signs = count == 2 and parts[1] == (">", self.minus(parts[0][1])) and parts[0][0] == ">"
        split = signs and any(("!=", p[1]) in known for p in parts)
        if clause not in known and not split:
            raise Rejected("a case distinction is not a hypothesis")
        return parts

    def minus(self, key: str) -> str:
        return self.text(-self.value[key])

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


def _combine(op: ast.operator, left: fmpq_mpoly, right: fmpq_mpoly) -> fmpq_mpoly:
    match op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div() if right.is_constant() and right != 0:
            return left / right.leading_coefficient()
    raise Rejected("expected only + - * ** and division by numbers in a polynomial")


def _syntax(text: Any) -> ast.AST:
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise Rejected("expected a polynomial as text of bounded length")
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise Rejected("expected a polynomial in a recorded fact") from None


def _names(item: Any) -> set[str]:
    """Every name in every polynomial of the fact."""
    found, queue = set(), [item["hypotheses"], item["refutation"]]
    for entry in queue:
        if isinstance(entry, dict):
            queue.extend(v for k, v in entry.items() if k not in READ_AS_TEXT)
        elif isinstance(entry, list):
            queue.extend(entry)
        elif isinstance(entry, str) and entry not in ("=", "!=", ">=", ">"):
            nodes = ast.walk(_syntax(entry))
            found |= {n.id for n in nodes if isinstance(n, ast.Name)}
    return found


READ_AS_TEXT = ("rule", "text", "answers", "method", "substitution", "target", "polynomial")
