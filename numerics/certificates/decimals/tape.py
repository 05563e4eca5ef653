"""Expressions as a list of operations, written once and run on many boxes.

.. math:: r_k = f_k(r_{i_1}, \\dots, r_{i_m}), \\qquad i_j < k.

Equal operations share one register, and sums are kept as canonical linear combinations, so that
x - x is 0 and not the interval [a - b, b - a].
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from numerics.certificates.decimals.exact import bits
from numerics.certificates.decimals.outcome import Rejected

MOST_OPERATIONS, MOST_BITS, MOST_POWER = 50_000, 100_000, 10**6
Operation = tuple[str, tuple[int, ...], Any]
Linear = tuple[dict[int, Fraction], Fraction]


class Tape:
    """Operations and what they depend on (a set of input numbers as bits of an integer)."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self.depends: list[int] = []
        self._known: dict[Operation, int] = {}

    def emit(self, name: str, args: Iterable[int] = (), extra: Any = None) -> int:
        """The register of an operation, new or old."""
        operation = (name, tuple(args), extra)
        register = self._known.get(operation)
        if register is not None:
            return register
        if len(self.operations) >= MOST_OPERATIONS:
            raise Rejected(f"the statement needs more than {MOST_OPERATIONS} operations")
        self._known[operation] = register = len(self.operations)
        self.operations.append(operation)
        mask = 1 << extra if name == "input" else 0
        for i in operation[1]:
            mask |= self.depends[i]
        self.depends.append(mask)
        return register

    def input(self, k: int) -> int:
        """The k-th variable."""
        return self.emit("input", (), k)

    def constant(self, q: Fraction | int) -> int:
        return self.emit("constant", (), _bounded(Fraction(q)))

    def value_of(self, register: int) -> Fraction | None:
        """The number in a constant register."""
        name, _, extra = self.operations[register]
        return extra if name == "constant" else None

    def linear_of(self, register: int) -> Linear:
        """A register as a linear combination of others plus a constant."""
        name, args, extra = self.operations[register]
        if name == "constant":
            return {}, extra
        if name == "linear":
            return dict(zip(args, extra[0], strict=True)), extra[1]
        return {register: Fraction(1)}, Fraction(0)

    def linear(self, terms: Iterable[tuple[Fraction, int]], c: Fraction = Fraction(0)) -> int:
        """c + sum of q_i r_i, collected."""
        total: dict[int, Fraction] = {}
        for q, register in terms:
            parts, constant = self.linear_of(register)
            c = _bounded(c + q * constant)
            for i, k in parts.items():
                total[i] = _bounded(total.get(i, Fraction(0)) + q * k)
        kept = sorted((i, k) for i, k in total.items() if k != 0)
        if not kept:
            return self.constant(c)
        if len(kept) == 1 and kept[0][1] == 1 and c == 0:
            return kept[0][0]
        scale = tuple(k for _, k in kept)
        return self.emit("linear", (i for i, _ in kept), (scale, c))

    def add(self, registers: Iterable[int]) -> int:
        return self.linear((Fraction(1), r) for r in registers)

    def sub(self, a: int, b: int) -> int:
        return self.linear([(Fraction(1), a), (Fraction(-1), b)])

    def scale(self, q: Fraction, register: int) -> int:
        return self.linear([(q, register)])

    def mul(self, registers: Iterable[int]) -> int:
        """A product: constants in front, equal factors as one power."""
        factor, powers = Fraction(1), dict[int, int]()
        for register in registers:
            q, base, n = self._monomial(register)
            factor = _bounded(factor * q)
            if base is not None:
                powers[base] = powers.get(base, 0) + n
        if factor == 0:
            return self.constant(0)
        result: int | None = None
        for base, n in sorted(powers.items()):
            power = self.powi(base, n)
            result = power if result is None else self.emit("mul", (result, power))
        return self.constant(factor) if result is None else self.scale(factor, result)

    def _monomial(self, register: int) -> tuple[Fraction, int | None, int]:
        """(q, b, n) with register = q b^n, n > 0; b is None for a constant."""
        parts, c = self.linear_of(register)
        if not parts:
            return c, None, 0
        if len(parts) > 1 or c != 0:
            return Fraction(1), register, 1
        ((base, q),) = parts.items()
        name, args, extra = self.operations[base]
        if name == "powi" and extra > 0:
            return q, args[0], extra
        return q, base, 1

    def powi(self, base: int, n: int) -> int:
        """An integer power; |x|^2 and ||v||_2^2 lose their kinks."""
        if abs(n) > MOST_POWER:
            raise Rejected(f"expected powers up to {MOST_POWER}")
        if n in (0, 1):
            return base if n else self.constant(1)
        q, inner, m = self._monomial(base)
        if inner is None or q != 1:
            fits = bits(q) * abs(n) <= MOST_BITS and (q != 0 or n > 0)
            if fits:
                power = self.constant(q**n)
                return power if inner is None else self.mul([power, self.powi(inner, m * n)])
            return self.emit("powi", (base,), n)
        if m > 1 and n > 0:
            return self.powi(inner, m * n)
        return self._smooth_power(base, n)

    def _smooth_power(self, base: int, n: int) -> int:
        name, args, extra = self.operations[base]
        if name == "abs" and n % 2 == 0:
            return self.powi(args[0], n)
        if name == "norm" and extra.denominator == 1 and extra % 2 == 0 and n % int(extra) == 0:
            p = int(extra)
            return self.powi(self.add(self.powi(v, p) for v in args), n // p)
        return self.emit("powi", (base,), n)

    def power(self, base: int, q: Fraction) -> int:
        """A rational power."""
        if q.denominator == 1:
            return self.powi(base, int(q))
        if max(abs(q.numerator), q.denominator) > MOST_POWER:
            raise Rejected(f"expected powers up to {MOST_POWER}")
        return self.emit("powq", (base,), q)

    def unary(self, name: str, a: int) -> int:
        """A function of one number; abs and sign of constants are constants."""
        q = self.value_of(a)
        if q is not None and name == "abs":
            return self.constant(abs(q))
        if q is not None and name == "sign":
            return self.constant((q > 0) - (q < 0))
        return self.emit(name, (a,))

    def extremum(self, name: str, registers: Sequence[int]) -> int:
        """max or min."""
        args = sorted(set(registers))
        return args[0] if len(args) == 1 else self.emit(name, args)

    def norm(self, registers: Iterable[int], p: Fraction | None) -> int:
        """||v||_p of explicit components; None is the maximum norm."""
        parts = [v for v in registers if self.value_of(v) != 0]
        if not parts:
            return self.constant(0)
        if len(parts) == 1 or p == 1:
            return self.add(self.unary("abs", v) for v in parts)
        if p is None:
            return self.extremum("max", [self.unary("abs", v) for v in parts])
        return self.emit("norm", parts, p)

    def relation(self, name: str, a: int, b: int, turned: bool = False) -> int:
        """b - a >= 0, > 0 or = 0; the sides stay, because both must be defined.

        ``turned`` remembers that b was written on the left.
        """
        return self.emit(name, (self.sub(b, a), a, b), turned)


def _bounded(q: Fraction) -> Fraction:
    if bits(q) > MOST_BITS:
        raise Rejected(f"the statement has constants of more than {MOST_BITS} bits")
    return q
