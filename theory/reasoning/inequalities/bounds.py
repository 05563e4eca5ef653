"""Nonnegative coefficients after bounds are substituted.

.. math:: h_i = c\\,v + q \\ge 0 \\;\\Rightarrow\\; v = (t_i - q)/c,\\quad t_i \\ge 0.

Each variable is a slot; a substitution lets the slot of v stand for t_i, the value of the
hypothesis. A polynomial all of whose monomials have nonnegative coefficients in nonnegative
slots is nonnegative, and the monomials are products of hypotheses: the certificate.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy.polys.rings import PolyElement

from theory import clock
from theory.reasoning.inequalities.context import Context, product
from theory.reasoning.inequalities.formulas import ABOVE, AT_LEAST, EQUAL, UNEQUAL, Formula, Literal

THOROUGH, QUICK = (5, 8), (2, 3)  # width and depth of the search for substitutions


class _State:
    """A polynomial and the hypotheses, rewritten in the current slots."""

    def __init__(
        self,
        value: PolyElement,
        slots: Mapping[int, int],
        parent: _State | None = None,
        step: tuple[int, PolyElement, int] | None = None,
        hypotheses: Mapping[int, PolyElement] | None = None,
    ) -> None:
        self.value, self.slots, self.parent, self.step = value, slots, parent, step
        self._hypotheses = hypotheses

    @property
    def hypotheses(self) -> Mapping[int, PolyElement]:
        """Rewritten when first needed, for most states never."""
        if self._hypotheses is None:
            assert self.parent is not None and self.step is not None
            v, replacement, _ = self.step
            old = self.parent.hypotheses
            self._hypotheses = {j: compose(p, v, replacement) for j, p in old.items()}
        return self._hypotheses

    def steps(self) -> list[tuple[int, PolyElement, int]]:
        """Substitutions since the start: variable, replacement, hypothesis."""
        if self.parent is None or self.step is None:
            return []
        return [*self.parent.steps(), self.step]


class Bounds:
    """The substitutions that the literals of a context allow."""

    def __init__(self, context: Context) -> None:
        self.context, self.ring = context, context.ring
        self.ops = {i: h.op for i, h in context.literals(AT_LEAST, ABOVE, EQUAL)}
        self.polys = {i: context.known[i].value for i in self.ops}  # type: ignore[union-attr]
        self.signs = self._signed_variables()

    def _signed_variables(self) -> dict[int, int]:
        """Variables x with a hypothesis c*x >= 0 or > 0; the strict one wins."""
        found: dict[int, int] = {}
        for i, p in self.polys.items():
            if len(p) == 1 and sum(p.LM) == 1 and p.LC == 1 and self.ops[i] != EQUAL:
                v = p.LM.index(1)
                if v not in found or self.ops[i] == ABOVE:
                    found[v] = i
        return found

    def nonnegative(
        self,
        value: PolyElement,
        strict: bool,
        deadline: float,
        avoid: int | None = None,
        effort: tuple[int, int] = QUICK,
    ) -> dict[str, Any] | None:
        """value as a sum of products of hypotheses (one positive if strict), or None."""
        width, depth = effort
        hypotheses = {i: p for i, p in self.polys.items() if i != avoid}
        slots = {v: i for v, i in self.signs.items() if i != avoid}
        beam = [_State(value, slots, hypotheses=hypotheses)]
        for level in range(depth + 1):
            for state in beam:
                if self._score(state) == 0 and (found := self._terms(state, strict)):
                    return found
            if level == depth or clock.now() > deadline:
                return None
            beam = self._next(beam, width)
        return None

    def _next(self, beam: list[_State], width: int) -> list[_State]:
        children = [child for state in beam for child in self._substitutions(state)]
        scored = [(self._score(child), len(child.value), k) for k, child in enumerate(children)]
        unique: dict[PolyElement, _State] = {}
        for *_, k in sorted(scored):
            unique.setdefault(children[k].value, children[k])
        return list(unique.values())[:width]

    def _score(self, state: _State) -> float:
        """Total size of the monomials whose sign is not known."""
        return sum(abs(float(c)) for m, c in state.value.terms() if not self._good(state, m, c))

    def _good(self, state: _State, monomial: tuple[int, ...], c: Any) -> bool:
        used = [(v, e) for v, e in enumerate(monomial) if e]
        if any(self._op(state, v) == EQUAL for v, _ in used):
            return True
        return bool(c > 0) and all(e % 2 == 0 or v in state.slots for v, e in used)

    def _op(self, state: _State, v: int) -> str | None:
        return self.ops[state.slots[v]] if v in state.slots else None

    def _substitutions(self, state: _State) -> list[_State]:
        children = []
        involved = {v for m in state.value for v, e in enumerate(m) if e}
        for i, p in state.hypotheses.items():
            if i in state.slots.values():
                continue
            for v in involved:
                if (c := _linear_coefficient(p, v)) is not None:
                    children.append(self._substitute(state, i, v, c))
        return children

    def _substitute(self, state: _State, i: int, v: int, c: Any) -> _State:
        x = self.ring.gens[v]
        replacement = (x - (state.hypotheses[i] - c * x)) / c
        value = compose(state.value, v, replacement)
        return _State(value, {**state.slots, v: i}, state, (v, replacement, i))

    def _terms(self, state: _State, strict: bool) -> dict[str, Any] | None:
        products, equalities, positive = [], [], False
        for monomial, c in state.value.terms():
            zero = [v for v, e in enumerate(monomial) if e and self._op(state, v) == EQUAL]
            if zero:
                rest = [*monomial]
                rest[zero[0]] -= 1
                cofactor = c * self._original(state, rest) / self._scale(state, zero[0])
                equalities.append({"of": self._hypothesis(state, zero[0]), "cofactor": cofactor})
                continue
            term, sure = self._term(state, monomial, c)
            products.append(term)
            positive |= sure
        if strict and not positive:
            return None
        return {
            "rule": "products",
            "products": products,
            "equalities": equalities,
            "substitution": self._described(state),
            "polynomial": state.value,
        }

    def _term(self, state: _State, monomial: Any, c: Any) -> tuple[dict[str, Any], bool]:
        factors, root, multiplier, positive = [], [0] * len(monomial), c, True
        for v, e in enumerate(monomial):
            if v in state.slots:
                factors += [self._hypothesis(state, v)] * e
                multiplier = multiplier / self._scale(state, v) ** e
                positive &= not e or self._op(state, v) == ABOVE
            else:
                root[v] = e // 2
        term: dict[str, Any] = {"multiplier": multiplier, "factors": factors}
        if any(root):
            term["square"], positive = self._original(state, root), False
        return term, positive

    def _described(self, state: _State) -> tuple[str, ...]:
        return tuple(
            f"{self.ring.gens[v]} -> {p}, the new {self.ring.gens[v]} being {self.polys[i]}"
            for v, p, i in state.steps()
        )

    def _hypothesis(self, state: _State, v: int) -> Formula:
        return self.context.known[state.slots[v]]

    def _scale(self, state: _State, v: int) -> Any:
        """c where the hypothesis of the slot is c times the slot."""
        i = state.slots[v]
        return self.polys[i].LC if self.signs.get(v) == i else self.ring.domain.one

    def _original(self, state: _State, exponents: Any) -> PolyElement:
        """A monomial of slots, in the variables of the problem."""
        values = []
        for v, e in enumerate(exponents):
            slot = self.ring.gens[v]
            if e and v in state.slots:
                slot = self.polys[state.slots[v]] / self._scale(state, v)
            values.append(slot**e)
        return product(self.ring, values)


def _linear_coefficient(p: PolyElement, v: int) -> Any:
    """c when p = c*v + rest with constant c and rest free of v, else None."""
    with_v = [(m, c) for m, c in p.terms() if m[v]]
    if len(with_v) != 1 or len(p) == 1:
        return None
    monomial, c = with_v[0]
    return c if sum(monomial) == 1 else None


def compose(p: PolyElement, v: int, replacement: PolyElement) -> PolyElement:
    """p with the variable of index v replaced."""
    by_power: dict[int, dict[tuple[int, ...], Any]] = {}
    for m, c in p.terms():
        by_power.setdefault(m[v], {})[(*m[:v], 0, *m[v + 1 :])] = c
    if set(by_power) <= {0}:
        return p
    result, power = p.ring.zero, p.ring.one
    for k in range(max(by_power) + 1):
        power = power if k == 0 else power * replacement
        if k in by_power:
            result = result + p.ring.from_dict(by_power[k]) * power
    return result


def refute_by_bounds(
    context: Context, targets: list[int], deadline: float, effort: tuple[int, int] = QUICK
) -> dict[str, Any] | None:
    """A certificate that one of the target literals contradicts the others."""
    bounds = Bounds(context)
    for i in targets:
        literal = context.known[i]
        if isinstance(literal, Literal):
            node = _refute_one(bounds, i, literal, deadline, effort)
            if node:
                return node
    return None


def _refute_one(
    bounds: Bounds, i: int, literal: Literal, deadline: float, effort: tuple[int, int]
) -> dict[str, Any] | None:
    p, op = literal.value, literal.op
    if op == UNEQUAL:
        return _refute_unequal(bounds, i, literal, deadline)
    found = bounds.nonnegative(-p, op != ABOVE, deadline, i, effort)
    own: dict[str, Any] = {"multiplier": bounds.ring.domain.one, "factors": [literal]}
    if found:
        if op == EQUAL:
            equality = {"of": literal, "cofactor": bounds.ring.one}
            return {**found, "equalities": [*found["equalities"], equality], "target": literal}
        return {**found, "products": [own, *found["products"]], "target": literal}
    if op == EQUAL and (found := bounds.nonnegative(p, True, deadline, i, effort)):
        equality = {"of": literal, "cofactor": -bounds.ring.one}
        return {**found, "equalities": [*found["equalities"], equality], "target": literal}
    return None


def _refute_unequal(
    bounds: Bounds, i: int, literal: Literal, deadline: float
) -> dict[str, Any] | None:
    """p != 0 fails when p is a combination of equations: p^2 = p * (combination)."""
    p = literal.value
    if EQUAL not in bounds.ops.values():
        return None
    found = bounds.nonnegative(-p, False, deadline, avoid=i)
    if not found or found["products"]:
        return None
    equalities = [{**term, "cofactor": term["cofactor"] * p} for term in found["equalities"]]
    own = {"multiplier": bounds.ring.domain.one, "factors": [literal, literal]}
    return {**found, "products": [own], "equalities": equalities, "target": literal}
