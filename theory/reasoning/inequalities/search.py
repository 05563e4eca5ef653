"""The search for a refutation, cheapest rung first.

Factors of known sign are dropped and disjunctions resolved; then bounds, products of hypotheses,
case splits, and at last two solvers. A real solution of the polynomial problem ends the search.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from theory import clock
from theory.reasoning.inequalities import smt
from theory.reasoning.inequalities.bounds import THOROUGH, refute_by_bounds
from theory.reasoning.inequalities.context import Context
from theory.reasoning.inequalities.formulas import (
    ABOVE,
    AT_LEAST,
    FALSE,
    UNEQUAL,
    Every,
    Formula,
    Literal,
    Some,
    negate_literal,
)
from theory.reasoning.inequalities.lemmas import Lemma, lemmas_from
from theory.reasoning.inequalities.products import refute_by_products
from theory.reasoning.inequalities.squaring import squared

Node = dict[str, Any]
_QUICK, _LEAF, _CASES, _TRIPLES, _SMT = 1.0, 3.0, 3.0, 4.0, 5.0  # seconds for each rung
_PROMISING = 6.0  # seconds past the deadline for what a solver has called unsatisfiable
_MOST_CASES = 12


class Satisfiable(Exception):
    """The polynomial problem has a real solution: nothing can refute it."""


class Search:
    """One refutation attempt with a deadline on ``theory.clock.now``."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.promising = False

    def refute(
        self, context: Context, solvers: bool = True, cases: int = _MOST_CASES
    ) -> Node | None:
        """A tree that refutes the context, or None."""
        if (node := self._first_look(context)) is not None:
            return node
        context, wrap, closed = self._saturated(context)
        if closed is None:
            closed = self._leaf(context) or self._beyond(context, solvers, cases)
        return wrap(closed) if closed else None

    def _first_look(self, context: Context) -> Node | None:
        """Bounds and linear combinations before anything else, where the goal is one literal."""
        goals = [i for i, _ in context.literals() if i in context.goals]
        if not goals or any(i in context.goals for i, _ in context.clauses()):
            return None
        if node := self._marked(refute_by_bounds(context, goals, self._within(_QUICK))):
            return node
        node = refute_by_products(context, 1, self._within(_QUICK))
        return {**node, "method": "linear"} if node else None

    def _within(self, seconds: float) -> float:
        return min(self.deadline, clock.now() + seconds)

    def _late(self) -> bool:
        return clock.now() > self.deadline

    # -- saturation ----------------------------------------------------------------------------

    def _saturated(self, context: Context) -> tuple[Context, Callable[[Node], Node], Node | None]:
        """Add lemmas and resolve disjunctions until nothing changes or the context is closed."""
        wraps: list[Callable[[Node], Node]] = []
        context = context.branch(Every())
        treated: set[Any] = set()

        def wrap(node: Node) -> Node:
            for outer in reversed(wraps):
                node = outer(node)
            return node

        changed = True
        while changed and not self._late():
            if FALSE in context.known:
                return context, wrap, {"rule": "cases", "clause": FALSE, "branches": []}
            if self._clauses(context, wraps, only_goals=True):
                changed = True
                closed = None if FALSE in context.known else self._first_look(context)
                if closed is not None:
                    return context, wrap, closed
                continue
            changed = self._lemmas(context, treated, wraps) or self._clauses(context, wraps)
        return context, wrap, None

    def _lemmas(self, context: Context, treated: set[Any], wraps: list[Any]) -> bool:
        changed = False
        for i, literal in list(context.literals()):
            if literal in treated or self._late():
                continue
            treated.add(literal)
            found, replaced = lemmas_from(context, literal, self._within(_QUICK))
            changed |= _record(context, found, i in context.goals, wraps)
            if replaced:
                context.hide(i)
        return changed

    def _without_roots(self, context: Context) -> Node | None:
        """Square the goal's newest inequality, twice at most, and look at the result."""
        wraps: list[Callable[[Node], Node]] = []
        context = context.branch(Every())
        for _ in range(2):
            fresh = [h for i, h in context.literals(ABOVE, AT_LEAST) if i in context.goals]
            made = squared(context, fresh[-1]) if fresh and not self._late() else None
            if made is None or not _record(context, [made], True, wraps):
                return None
            if node := self._first_look(context) or self._products(context, 2):
                for wrap in reversed(wraps):
                    node = wrap(node)
                return node
        return None

    def _clauses(self, context: Context, wraps: list[Any], only_goals: bool = False) -> bool:
        for i, clause in list(context.clauses()):
            if self._late():
                return False
            if only_goals and i not in context.goals:
                continue
            if any(_holds(context, part) for part in clause.parts):
                context.hide(i)
                continue
            closed = [self._closed(context, part) for part in clause.parts]
            open_parts = [k for k, node in enumerate(closed) if node is None]
            if len(open_parts) <= 1:
                context.hide(i)
                rest = clause.parts[open_parts[0]] if open_parts else FALSE
                context.add(rest, goal=i in context.goals)
                wraps.append(_cases_wrap(clause, closed))
                return True
        return False

    def _closed(self, context: Context, part: Formula) -> Node | None:
        """A cheap refutation of one case: the contrary is known, or bounds contradict it."""
        branch = Context(context.ring, list(context.known), [], set(context.hidden))
        added = branch.add(part, goal=True)
        for i in added:
            new = branch.known[i]
            if new == FALSE:
                return {"rule": "cases", "clause": FALSE, "branches": []}
            if isinstance(new, Literal) and (node := _contrary(branch, new)):
                return node
        if node := self._marked(refute_by_bounds(branch, added, self._within(_QUICK))):
            return node
        return self._negative_square_sum(branch, added)

    def _negative_square_sum(self, branch: Context, added: list[int]) -> Node | None:
        """One literal that contradicts itself, such as -u^2 - v^2 > 0."""
        for i in added:
            alone = Context(branch.ring, [branch.known[i]], [0])
            if node := refute_by_products(alone, 2, self._within(_QUICK)):
                return {**node, "method": "products"}
        return None

    # -- leaves and splits ---------------------------------------------------------------------

    def _leaf(self, context: Context) -> Node | None:
        """Bounds, then linear combinations and products of pairs."""
        goals = [i for i, _ in context.literals() if i in context.goals]
        targets = goals or [i for i, _ in context.literals()][:12]
        if node := self._marked(refute_by_bounds(context, targets, self._within(_LEAF), THOROUGH)):
            return node
        return self._products(context, 1) or self._products(context, 2)

    def _products(self, context: Context, size: int) -> Node | None:
        node = refute_by_products(context, size, self._within(_LEAF))
        return {**node, "method": "linear" if size == 1 else "products"} if node else None

    def _marked(self, node: Node | None) -> Node | None:
        return {**node, "method": "nonnegative-coefficients"} if node else None

    def _beyond(self, context: Context, solvers: bool, cases: int) -> Node | None:
        if self._late():
            return None
        if (clause := _goal_clause(context)) is not None:
            return self._split(context, clause, solvers, cases)
        if solvers:
            self._stop_if_satisfiable(context)
        if node := self._without_roots(context):
            return node
        if solvers:
            return self._algebraic(context, cases) or self._solvers(context)
        return self._algebraic(context, cases)

    def _algebraic(self, context: Context, cases: int) -> Node | None:
        """Split the smallest disjunction, then products of triples."""
        clause = min((c for _, c in context.clauses()), key=lambda c: len(c.parts), default=None)
        if clause is not None and len(clause.parts) <= cases:
            inner = Search(self._within(_CASES))
            if node := inner._split(context, clause, False, cases // len(clause.parts)):
                return node
        elif node := refute_by_products(context, 3, self._triples()):
            return {**node, "method": "products"}
        return None

    def _triples(self) -> float:
        return clock.now() + min(_TRIPLES, self._remaining())

    def _split(self, context: Context, clause: Some, solvers: bool, cases: int) -> Node | None:
        branches = []
        index = context.known.index(clause) if clause in context.known else -1
        goal = index in context.goals or index < 0
        for part in clause.parts:
            branch = context.branch(part, goal=goal)
            branch.hide(index)
            node = self.refute(branch, solvers, cases)
            if node is None:
                return None
            branches.append(node)
        return {"rule": "cases", "clause": clause, "branches": branches}

    # -- solvers -------------------------------------------------------------------------------

    def _stop_if_satisfiable(self, context: Context) -> None:
        text = smt.problem_text(context.ring, [f for _, f in context.visible()])
        answer = smt.ask("z3", text, min(_QUICK, self._remaining()))["answer"]
        if answer == "sat":
            raise Satisfiable
        self.promising = answer == "unsat"

    def _remaining(self) -> float:
        more = _PROMISING if self.promising else 0.0
        return max(0.01, self.deadline + more - clock.now())

    def _solvers(self, context: Context) -> Node | None:
        formulas = [f for _, f in context.visible()]
        node, first = smt.refutation(context.ring, formulas, min(_SMT, self._remaining()))
        if first["answer"] == "sat":
            raise Satisfiable
        return node


def _goal_clause(context: Context) -> Some | None:
    """A disjunction of the negated goal; p != 0 is p > 0 or -p > 0."""
    for i, clause in context.clauses():
        if i in context.goals:
            return clause
    for i, literal in context.literals(UNEQUAL):
        p = literal.value
        sides = Some((Literal(p, ABOVE), Literal(-p, ABOVE)))
        if i in context.goals and not any(part in context.known for part in sides.parts):
            return sides
    return None


def _holds(context: Context, part: Formula) -> bool:
    parts = part.parts if isinstance(part, Every) else (part,)
    return all(p in context.known for p in parts)


def _contrary(context: Context, literal: Literal) -> Node | None:
    """The identity p - p = 0 where p > 0 meets -p >= 0, or p = 0 meets p != 0."""
    contrary = negate_literal(literal)
    if contrary not in context.known:
        return None
    one = context.ring.domain.one
    if literal.op in ("=", UNEQUAL):
        zero, nonzero = (literal, contrary) if literal.op == "=" else (contrary, literal)
        products = [{"multiplier": one, "factors": [nonzero, nonzero]}]
        equalities = [{"of": zero, "cofactor": -zero.value}]
    else:
        products = [{"multiplier": one, "factors": [h]} for h in (literal, contrary)]
        equalities = []
    return {"rule": "products", "products": products, "equalities": equalities, "method": "linear"}


def _record(context: Context, found: list[Lemma], goal: bool, wraps: list[Any]) -> bool:
    """Add the lemmas that are new."""
    changed = False
    for made, because in found:
        if context.add(made, goal=goal):
            changed = True
            wraps.append(_lemma_wrap(made, because))
    return changed


def _lemma_wrap(literal: Literal, because: Node) -> Callable[[Node], Node]:
    return lambda then: {"rule": "lemma", "literal": literal, "because": because, "then": then}


def _cases_wrap(clause: Some, closed: list[Node | None]) -> Callable[[Node], Node]:
    return lambda then: {
        "rule": "cases",
        "clause": clause,
        "branches": [node or then for node in closed],
    }
