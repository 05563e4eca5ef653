"""Polynomials over Q in a ring of flint, read from text that is written out, term by term.

.. math:: p = \\sum_m c_m x^m, \\qquad c_m \\in \\mathbb Q.

``3*x**2*y/2 - z + 1``: no brackets, so that a short text is a small polynomial.  Products are
refused before flint would need more time or memory than a proof ever does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx, fmpz

from numerics.certificates.arb.outcome import Rejected, shown

MAX_NAMES, MAX_TEXT, MAX_BITS, MAX_TERMS = 200, 100_000, 20_000, 20_000
MAX_COST = 1_000_000  # two hundred times what a proof of the library takes
_NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*+")
_SIGNED_TERM = re.compile(r"(-?+)([^-+ ]++)")
_NEXT_TERM = re.compile(r" ([-+]) ([^-+ ]++)")
_FACTOR = re.compile(
    r"([*/])(?:([0-9]{1,2000}+)|([A-Za-z_][A-Za-z_0-9]*+)(?:\*\*([0-9]{1,3}+))?+)(?=[*/]|$)"
)


class Allowance:
    """The operations that all expansions of one file may take together."""

    def __init__(self) -> None:
        self.left = MAX_COST

    def use(self, cost: int) -> None:
        self.left -= cost
        if self.left < 0:
            raise Rejected("expected polynomials that can be expanded in a short time")


def names_in(texts: Iterable[str]) -> list[str]:
    """Every variable of some texts."""
    return sorted({name for text in texts for name in _NAME.findall(text)})


class Ring:
    """Q[names]; every polynomial has a text that no other one has."""

    def __init__(self, names: list[str], allowance: Allowance) -> None:
        if len(names) > MAX_NAMES:
            raise Rejected(f"expected a fact with at most {MAX_NAMES} variables")
        names = names or ["x"]
        self.ring = fmpq_mpoly_ctx.get(names, Ordering.lex)
        self.place = {name: k for k, name in enumerate(names)}
        self.allowance = allowance
        self.read: dict[str, fmpq_mpoly] = {}
        self.by_key: dict[str, fmpq_mpoly] = {}

    def polynomial(self, text: Any) -> fmpq_mpoly:
        """The polynomial that a text spells."""
        if not isinstance(text, str) or len(text) > MAX_TEXT:
            raise Rejected("expected a polynomial as text of bounded length")
        if text not in self.read:
            self.allowance.use(len(text) * (1 + len(self.place) // 16))
            self.read[text] = self._read(text)
        return self.read[text]

    def _read(self, text: str) -> fmpq_mpoly:
        terms: dict[tuple[int, ...], fmpq] = {}
        match, place = _SIGNED_TERM.match(text), 0
        while match is not None:
            powers, c = self._term(match[2])
            c = terms.get(powers, fmpq(0)) + (-c if match[1] == "-" else c)
            if _length(c) > MAX_BITS:
                raise Rejected("expected a polynomial with coefficients of bounded length")
            terms[powers], place = c, match.end()
            match = _NEXT_TERM.match(text, place)
        if not text or place < len(text):
            raise Rejected(f"expected a polynomial, got {shown(text[place:])}")
        return self.ring.from_dict(terms)

    def _term(self, text: str) -> tuple[tuple[int, ...], fmpq]:
        powers, c, place, text = [0] * len(self.place), fmpq(1), 0, "*" + text
        while place < len(text):
            match = _FACTOR.match(text, place)
            if match is None:
                raise Rejected(f"expected a product in a polynomial, got {shown(text[1:])}")
            operation, digits, name, power = match.groups()
            if digits:
                c = c * fmpz(digits) if operation == "*" else c / _nonzero(fmpz(digits))
            elif operation == "*":
                powers[self.place[name]] += int(power or "1")
            else:
                raise Rejected("expected a division by a number in a polynomial")
            place = match.end()
        return tuple(powers), c

    def constant(self, value: int) -> fmpq_mpoly:
        return self.ring.constant(value)

    def times(self, left: fmpq_mpoly, right: fmpq_mpoly) -> fmpq_mpoly:
        """The product, if it is of bounded size."""
        bits = _longest(left) + _longest(right)
        self.allowance.use((len(left) * len(right) + 20) * (1 + bits // 256))
        if bits > 2 * MAX_BITS or len(left) * len(right) > 50 * MAX_TERMS:
            raise Rejected("expected products of bounded size in a recorded fact")
        result = left * right
        if len(result) > MAX_TERMS:
            raise Rejected("expected products of bounded size in a recorded fact")
        return result

    def plus(self, left: fmpq_mpoly, right: fmpq_mpoly) -> fmpq_mpoly:
        self.allowance.use(len(left) + len(right) + 20)
        return left + right

    def key(self, p: fmpq_mpoly) -> str:
        """The text of a polynomial: flint prints one for equal polynomials."""
        text = str(p)
        self.by_key[text] = p
        return text


def _nonzero(value: fmpz) -> fmpz:
    if value == 0:
        raise Rejected("expected a division by a number that is not 0")
    return value


def _length(c: fmpq) -> int:
    return int(c.p.bit_length() + c.q.bit_length())


def _longest(p: fmpq_mpoly) -> int:
    return max((_length(c) for c in p.coeffs()), default=1)
