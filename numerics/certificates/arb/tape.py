"""A statement in one dimension as a straight list of operations, each subexpression once.

.. math:: v_k = \\mathrm{op}_k(v_{i_1}, \\dots, v_{i_m}), \\qquad
          \\text{sums are kept as } c_0 + \\textstyle\\sum_j c_j v_j \\text{ with exact } c_j.

The same tape runs over balls, exact rational intervals, derivatives and one-sided derivatives:
an arithmetic offers one method per operation and None stands for "undefined".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flint import fmpq

from numerics.certificates.arb.outcome import Rejected

MAX_STEPS, MAX_EXPONENT, MAX_BITS = 100_000, 10**6, 200_000
ZERO, ONE = fmpq(0), fmpq(1)
Condition = tuple[Any, ...]
_EXACT = {
    **{(ZERO, name): ZERO for name in ("tanh", "sinh", "sin", "atan", "erf")},
    **{(ZERO, name): ONE for name in ("exp", "cosh", "cos")},
    (ONE, "log"): ZERO,
}


class Tape:
    """Grows while a statement is compiled; slots are numbers of steps."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, tuple[int, ...], Any]] = []
        self.required: set[int] = set()
        self._known: dict[Any, int] = {}
        self._optional = 0

    @contextmanager
    def optional(self) -> Iterator[None]:
        """What is emitted inside need not be defined: it may never be selected."""
        self._optional += 1
        yield
        self._optional -= 1

    def emit(self, op: str, args: tuple[int, ...] = (), extra: Any = None) -> int:
        """The slot of an operation; equal operations share one."""
        key = (op, args, extra)
        if key not in self._known:
            if len(self.steps) >= MAX_STEPS:
                raise Rejected("the statement is longer than this program is willing to check")
            self._known[key] = len(self.steps)
            self.steps.append(key)
        slot = self._known[key]
        if not self._optional:
            self.required.add(slot)
        return slot

    def demand(self, slot: int) -> int:
        """The slot itself, which now has to be defined, like everything it is made of."""
        waiting = [] if self._optional else [slot]
        while waiting:
            k = waiting.pop()
            if k not in self.required:
                self.required.add(k)
                waiting += self.steps[k][1]
        return slot

    def const(self, value: fmpq) -> int:
        """An exact number."""
        return self.emit("const", (), value)

    def value(self, slot: int) -> fmpq | None:
        """The exact number in a slot, or None."""
        op, _, extra = self.steps[slot]
        return extra if op == "const" else None

    def variable(self, index: int) -> int:
        """The index-th input."""
        return self.emit("var", (), index)

    def linear(self, slot: int) -> tuple[fmpq, tuple[tuple[int, fmpq], ...]]:
        """A slot as c_0 + sum c_j v_j."""
        op, args, extra = self.steps[slot]
        if op == "const":
            return extra, ()
        if op == "lin":
            return extra[0], tuple(zip(args, extra[1], strict=True))
        return ZERO, ((slot, ONE),)

    def combination(self, terms: Iterable[tuple[fmpq, int]], constant: fmpq = ZERO) -> int:
        """c_0 + sum of c_j v_j with like terms collected."""
        total: dict[int, fmpq] = {}
        for c, slot in terms:
            shift, inner = self.linear(slot)
            constant = bounded(constant + c * shift)
            for k, factor in inner:
                total[k] = bounded(total.get(k, ZERO) + c * factor)
        kept = sorted((k, c) for k, c in total.items() if c != 0)
        if not kept:
            return self.const(constant)
        if constant == 0 and len(kept) == 1 and kept[0][1] == 1:
            return kept[0][0]
        slots, factors = zip(*kept, strict=True)
        return self.emit("lin", slots, (constant, factors))

    def add(self, slots: Iterable[int]) -> int:
        """A sum."""
        return self.combination((ONE, s) for s in slots)

    def minus(self, a: int, b: int) -> int:
        """a - b."""
        return self.combination([(ONE, a), (-ONE, b)])

    def scaled(self, c: fmpq, slot: int) -> int:
        """c v."""
        return self.combination([(c, slot)])

    def product(self, slots: Iterable[int]) -> int:
        """A product: rational factors in front, equal factors as a power."""
        factor, count = ONE, dict[int, int]()
        for slot in slots:
            shift, inner = self.linear(slot)
            if not inner:
                factor = bounded(factor * shift)
            elif shift == 0 and len(inner) == 1:
                factor = bounded(factor * inner[0][1])
                count[inner[0][0]] = count.get(inner[0][0], 0) + 1
            else:
                count[slot] = count.get(slot, 0) + 1
        powers = sorted(self.power(slot, fmpq(n)) for slot, n in count.items())
        if not powers or factor == 0:
            return self.const(factor)
        result = powers[0]
        for slot in powers[1:]:
            result = self.emit("mul", (result, slot))
        return self.scaled(factor, result)

    def function(self, name: str, slot: int) -> int:
        """exp, log and the like; their rational values at 0 and 1 are exact."""
        value = self.value(slot)
        if value is not None and (value, name) in _EXACT:
            return self.const(_EXACT[value, name])
        return self.emit(name, (slot,))

    def power(self, slot: int, r: fmpq) -> int:
        """v^r for an exact r."""
        check_exponent(r)
        if r == 1:
            return slot
        if r == 0:
            return self.const(ONE)
        base = self.value(slot)
        root = None if base is None else _root(base, int(r.q))
        if root is None or (root == 0 and r < 0) or root.height_bits() * abs(r.p) > MAX_BITS:
            return self.emit("power", (slot,), r)
        return self.const(root ** int(r.p))

    def absolute(self, slot: int) -> int:
        """|v|, with |c v| = |c| |v|."""
        shift, inner = self.linear(slot)
        if not inner:
            return self.const(abs(shift))
        if shift == 0 and len(inner) == 1:
            return self.scaled(abs(inner[0][1]), self.emit("abs", (inner[0][0],)))
        return self.emit("abs", (slot,))

    def sign(self, slot: int) -> int:
        """sign(v)."""
        value = self.value(slot)
        if value is None:
            return self.emit("sign", (slot,))
        return self.const(fmpq((value > 0) - (value < 0)))

    def maximum(self, slots: Iterable[int]) -> int:
        """The largest of several values."""
        distinct = sorted(set(slots))
        values = [v for v in map(self.value, distinct) if v is not None]
        others = [s for s in distinct if self.value(s) is None]
        if values:
            others.append(self.const(max(values)))
        return others[0] if len(others) == 1 else self.emit("maximum", tuple(others))

    def relation(self, kind: str, a: int, b: int) -> Condition:
        """a <= b and the like as a condition on the sign of one difference."""
        difference = self.minus(a, b) if kind in ("ge", "gt") else self.minus(b, a)
        kind = {"le": "ge", "lt": "gt"}.get(kind, kind)
        value = self.value(difference)
        if value is None:
            return (kind, difference)
        truths = {"ge": value >= 0, "gt": value > 0, "eq": value == 0, "ne": value != 0}
        return ("truth", bool(truths[kind]))

    def live(self, roots: Iterable[int]) -> list[int]:
        """The slots that the roots need, in order."""
        found: set[int] = set()
        waiting = list(roots)
        while waiting:
            slot = waiting.pop()
            if slot not in found:
                found.add(slot)
                op, args, extra = self.steps[slot]
                waiting += args if op != "piece" else _slots_of_pieces(extra)
        return sorted(found)

    def demanded(self) -> list[int]:
        """Everything that has to be defined: sums that were taken apart do not count."""
        return [s for s in self.required if self.steps[s][0] not in ("const", "lin", "var")]


def _root(value: fmpq, q: int) -> fmpq | None:
    """The q-th root, where it is rational."""
    if q == 1:
        return value
    if value < 0 or q > 64:
        return None
    top, bottom = value.p.root(q), value.q.root(q)
    return fmpq(top, bottom) if top**q == value.p and bottom**q == value.q else None


def check_exponent(r: fmpq) -> None:
    """Bounds the work of a power."""
    if abs(r.p) > MAX_EXPONENT or r.q > MAX_EXPONENT:
        raise Rejected("an exponent is larger than this program is willing to compute with")


def bounded(value: fmpq) -> fmpq:
    """The number itself, unless computing with it would take too long."""
    if value.height_bits() > MAX_BITS:
        raise Rejected("a number is longer than this program is willing to compute with")
    return value


def slots_of(condition: Condition) -> list[int]:
    """The slots that a condition looks at."""
    if condition[0] in ("and", "or", "not"):
        return [s for part in condition[1] for s in slots_of(part)]
    return [] if condition[0] == "truth" else [condition[1]]


def _slots_of_pieces(pieces: Sequence[tuple[Condition, int]]) -> list[int]:
    return [s for condition, slot in pieces for s in (*slots_of(condition), slot)]
