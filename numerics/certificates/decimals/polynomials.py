"""Polynomials over the rationals, read from text such as ``3*x**2*y/2 - 1`` and never evaluated.

.. math:: p = \\sum_m c_m x^m, \\qquad c_m \\in \\mathbb Q.

A text is written out: terms joined by ``+`` and ``-``, each a product of whole numbers and of
powers of variables, divided by whole numbers; without brackets, nothing in it can explode.

>>> parse("x*y - y*x + 3/6").terms
{(): Fraction(1, 2)}
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

Monomial = tuple[tuple[str, int], ...]
TOKEN = re.compile(r" *+(\*\*|[-+*/]|[0-9]++(?![A-Za-z_])|[A-Za-z_][A-Za-z_0-9]*+)")
MAX_TEXT, MAX_TERMS, MAX_POWER, MAX_DIGITS, MAX_BITS = 100_000, 20_000, 999, 2_000, 20_000
MAX_WORK = 250_000  # two hundred times what a proof of the library takes


class NotPolynomial(ValueError):
    """The text is not a polynomial with rational coefficients, or a monstrous one."""


@dataclass
class Work:
    """Elementary operations that expansions may still take: a hostile file ends soon."""

    left: int = MAX_WORK

    def spend(self, cost: int) -> None:
        self.left -= cost
        if self.left < 0:
            raise NotPolynomial("expected polynomials that can be expanded in a short time")


@dataclass(frozen=True, eq=False)
class Polynomial:
    """The nonzero terms, by monomial; a monomial lists (variable, power), sorted."""

    terms: dict[Monomial, Fraction] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polynomial) and (self is other or self.terms == other.terms)

    @cached_property
    def _hash(self) -> int:
        """By texts: numbers with equal hashes are easy to find, texts are hashed with a secret."""
        return hash(
            frozenset((m, f"{c.numerator:x}/{c.denominator:x}") for m, c in self.terms.items())
        )

    def __hash__(self) -> int:
        return self._hash

    def __neg__(self) -> Polynomial:
        return Polynomial({m: -c for m, c in self.terms.items()})

    @cached_property
    def bits(self) -> int:
        """The length of the longest coefficient."""
        return max((_bits(c) for c in self.terms.values()), default=1)

    def constant(self) -> Fraction | None:
        """The value of a polynomial without variables, else None."""
        return None if any(m for m in self.terms) else self.terms.get((), Fraction(0))


def number(value: Fraction | int) -> Polynomial:
    """A constant."""
    return collected([((), Fraction(value))])


def total(parts: Iterable[Polynomial], work: Work) -> Polynomial:
    """The sum of some polynomials."""
    found = list(parts)
    work.spend(sum(1 + len(p.terms) for p in found))
    return collected(term for p in found for term in p.terms.items())


def product(factors: Iterable[Polynomial], work: Work) -> Polynomial:
    """The expanded product of some polynomials."""
    result = number(1)
    for p in factors:
        size = 1 + (result.bits + p.bits) // 256
        work.spend(8 + len(result.terms) * len(p.terms) * size)
        pairs = ((m, a, n, b) for m, a in result.terms.items() for n, b in p.terms.items())
        result = collected((_times(m, n), a * b) for m, a, n, b in pairs)
    return result


def collected(terms: Iterable[tuple[Monomial, Fraction]]) -> Polynomial:
    """Equal monomials added up, as soon as they come."""
    found: dict[Monomial, Fraction] = {}
    for monomial, c in terms:
        c = found[monomial] = found.get(monomial, Fraction(0)) + c
        if _bits(c) > MAX_BITS or len(found) > MAX_TERMS:
            raise NotPolynomial("expected a polynomial of bounded size")
    return Polynomial({m: c for m, c in found.items() if c})


def _bits(c: Fraction) -> int:
    return c.numerator.bit_length() + c.denominator.bit_length()


def _times(m: Monomial, n: Monomial) -> Monomial:
    powers = dict(m)
    for variable, power in n:
        powers[variable] = powers.get(variable, 0) + power
    return tuple(sorted(powers.items()))


def parse(text: object, work: Work | None = None) -> Polynomial:
    """The polynomial that the text spells; NotPolynomial where it spells none."""
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise NotPolynomial("expected a polynomial as text of bounded length")
    tokens = _tokens(text)
    (work or Work()).spend(len(tokens))
    return collected(_terms(tokens))


def _tokens(text: str) -> list[str]:
    """The tokens, last first: they are taken from the end."""
    found, place, end = [], 0, len(text.rstrip(" "))
    while place < end:
        match = TOKEN.match(text, place)
        if match is None or len(match[1]) > MAX_DIGITS:
            raise NotPolynomial(f"expected a polynomial, got {text[place : place + 40]!a}")
        found.append(match[1])
        place = match.end()
    return found[::-1]


def _terms(tokens: list[str]) -> Iterable[tuple[Monomial, Fraction]]:
    """Terms: the first may have a sign, each other one has one before it."""
    sign = tokens.pop() if tokens and tokens[-1] == "-" else "+"
    while True:
        monomial, c = _term(tokens)
        yield monomial, -c if sign == "-" else c
        if not tokens:
            return
        sign = tokens.pop()
        if sign not in ("+", "-"):
            raise NotPolynomial(f"expected + or - between terms, got {sign:.20}")


def _term(tokens: list[str]) -> tuple[Monomial, Fraction]:
    powers: dict[str, int] = {}
    c, operation = Fraction(1), "*"
    while True:
        word = _word(tokens)
        if word.isdecimal():
            c = c * int(word) if operation == "*" else c / _divisor(word)
        elif operation == "*":
            powers[word] = powers.get(word, 0) + _power(tokens)
        else:
            raise NotPolynomial("expected a division by a number")
        if _bits(c) > MAX_BITS:
            raise NotPolynomial("expected a polynomial of bounded size")
        if not tokens or tokens[-1] not in ("*", "/"):
            return tuple(sorted((v, k) for v, k in powers.items() if k)), c
        operation = tokens.pop()


def _word(tokens: list[str]) -> str:
    word = tokens.pop() if tokens else ""
    if not word or word[0] in "+-*/":
        raise NotPolynomial(f"expected a number or a variable, got {word or 'the end'}")
    return word


def _divisor(word: str) -> int:
    value = int(word)
    if value == 0:
        raise NotPolynomial("expected a division by a number that is not 0")
    return value


def _power(tokens: list[str]) -> int:
    if not tokens or tokens[-1] != "**":
        return 1
    tokens.pop()
    word = _word(tokens)
    if not word.isdecimal() or len(word) > 3 or int(word) > MAX_POWER:
        raise NotPolynomial(f"expected a power up to {MAX_POWER}, got {word:.20}")
    return int(word)
