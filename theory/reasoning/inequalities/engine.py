"""``entails`` and ``contradictory``: facts and the negated goal are refuted together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sympy import And, false, log, sympify, true
from sympy.logic.boolalg import Boolean
from sympy.polys.polyerrors import BasePolynomialError

from theory import clock
from theory.reasoning.inequalities.composites import Composite, composite_facts, composites
from theory.reasoning.inequalities.context import Context
from theory.reasoning.inequalities.formulas import Formula, literals, negate
from theory.reasoning.inequalities.kernel import verify
from theory.reasoning.inequalities.opaque import Opaque
from theory.reasoning.inequalities.polynomials import Clearing
from theory.reasoning.inequalities.proof import (
    EntailmentProof,
    described,
    exported,
    leaves,
    method_of,
    shown,
)
from theory.reasoning.inequalities.purify import UnsupportedExpression
from theory.reasoning.inequalities.search import Satisfiable, Search
from theory.reasoning.record import note

DEFAULT_SECONDS = 20.0


def entails(
    facts: Sequence[Boolean], goal: Boolean, *, deadline: float | None = None
) -> EntailmentProof | None:
    """A proof that every real point of the facts satisfies the goal, or None.

    Symbols range over the reals that their assumptions allow. A goal is only satisfied where it
    is defined, so 1/x > 0 needs x != 0 from the facts. ``deadline`` is a ``theory.clock.now`` time.

    >>> from sympy import symbols
    >>> a, b = symbols("a b", positive=True)
    >>> entails([], (a + b)**2 >= 4*a*b).method
    'products'
    """
    facts, goal = [sympify(fact) for fact in facts], sympify(goal)
    if goal is true:
        return EntailmentProof("evaluation", ("the goal evaluates to true as written",))
    limit = clock.now() + DEFAULT_SECONDS if deadline is None else deadline
    found = composites([*facts, goal])
    modes = _modes(found)
    try:
        for k, mode in enumerate(modes):
            now = clock.now()
            if now < limit:
                until = now + (limit - now) / (len(modes) - k)
                proof = _attempt(Problem(facts, goal, until, mode, found), until)
                if proof is not None:
                    return proof
    except (UnsupportedExpression, BasePolynomialError, NotImplementedError, RecursionError):
        pass
    return None


def _modes(found: Sequence[Composite]) -> tuple[str, ...]:
    """What to know about transcendental terms, in the order of attempts."""
    if not found:
        return ("elementary",)
    boxed = () if all(c.form.has(log) for c in found) else ("boxed",)
    return (*boxed, "lean", "elementary", "all")


def _attempt(problem: Problem, limit: float) -> EntailmentProof | None:
    """Search, then check the certificate before it becomes a proof."""
    try:
        node = Search(limit).refute(problem.context)
    except Satisfiable:
        return None
    if node is None or not verify(problem.context, node):
        return None
    return _proof(problem, node)


def contradictory(
    facts: Sequence[Boolean], deadline: float | None = None
) -> EntailmentProof | None:
    """A proof that no real point satisfies the facts, or None.

    >>> from sympy import Symbol
    >>> n = Symbol("n", real=True)
    >>> contradictory([n >= 2, n <= 1]).method
    'nonnegative-coefficients'
    """
    return entails(facts, false, deadline=deadline)


class Problem:
    """Facts, definitions and the negated goal as one polynomial context.

    ``mode`` says what is known of transcendental terms: "elementary" the facts of exp and log,
    "boxed" only those of composites, each under one name, "lean" the same but with composites
    that are rational in exponentials left open, "all" everything.
    """

    def __init__(
        self,
        facts: Iterable[Boolean],
        goal: Boolean,
        deadline: float,
        mode: str = "elementary",
        found: Sequence[Composite] = (),
    ) -> None:
        conjuncts = list(_conjuncts(facts))
        boxed = [c.term for c in found if mode == "boxed" or (mode == "lean" and c.form.has(log))]
        self.elementary = mode in ("elementary", "all")
        self.opaque = Opaque([*conjuncts, goal], boxed, self.elementary)
        given = list(self._formulas(conjuncts))
        against = negate(self.opaque.boolean(goal))
        self._background(conjuncts, mode, found, deadline)
        background = [*given, *self.opaque.definitions]
        clearing = Clearing(self.opaque, [*background, against])
        self.context = Context(clearing.ring)
        self.context.add(clearing.polynomial(against, decide=False), goal=True)
        polynomial = [clearing.polynomial(f) for f in background]
        for formula in _relevant(polynomial, self.context.known, everything=goal is false):
            self.context.add(formula)

    def _background(
        self, facts: Sequence[Boolean], mode: str, found: Sequence[Composite], deadline: float
    ) -> None:
        if self.elementary:
            for where, fact in self.opaque.pair_facts():
                self.opaque.define(where, fact)
        if mode != "elementary":
            for where, fact in composite_facts(self.opaque, facts, found, deadline):
                self.opaque.define(where, fact)

    def _formulas(self, facts: Iterable[Boolean]) -> Iterator[Formula]:
        """Facts that cannot be read are left out: fewer facts prove less."""
        for fact in facts:
            try:
                yield self.opaque.boolean(fact)
            except UnsupportedExpression:
                continue

    @property
    def is_transcendental(self) -> bool:
        """Whether names stand for more than algebraic terms."""
        return bool(self.opaque.exponentials or self.opaque.logarithms)


def _conjuncts(facts: Iterable[Boolean]) -> Iterator[Boolean]:
    for fact in facts:
        if isinstance(fact, And):
            yield from _conjuncts(fact.args)
        elif fact is not true:
            yield fact


def _relevant(formulas: list[Formula], seeds: Iterable[Formula], everything: bool) -> list[Formula]:
    """Formulas that share variables with the goal, directly or through others."""
    if everything:
        return formulas
    reached = {i for f in seeds for i in _variables(f)}
    supports = [_variables(f) for f in formulas]
    growing = True
    while growing:
        larger = reached.union(*(s for s in supports if s & reached))
        growing, reached = larger != reached, larger
    return [f for f, s in zip(formulas, supports, strict=True) if s & reached or not s]


def _variables(formula: Formula) -> set[int]:
    return {i for h in literals(formula) for m in h.value for i, e in enumerate(m) if e}


def _proof(problem: Problem, node: dict[str, Any]) -> EntailmentProof:
    method = method_of(node)
    meanings = {k: v for k, v in problem.opaque.meanings.items() if k != v}
    names = tuple(f"{name} stands for {meaning}" for name, meaning in meanings.items())
    hypotheses = tuple(shown(f) for f in problem.context.known)
    data: dict[str, Any] = {
        "method": method,
        "variables": dict(problem.opaque.meanings),
        "hypotheses": exported(problem.context.known),
        "refutation": exported(node),
    }
    note(dict(data))
    own = [leaf for leaf in leaves(node) if leaf.get("method", leaf["rule"]) == method]
    if own:
        data.update({k: v for k, v in exported(own[0]).items() if k not in ("rule", "method")})
    steps = (
        "facts and negated goal: " + "; ".join(hypotheses),
        *names,
        *described(node),
    )
    return EntailmentProof(method, steps, data)
