"""Polynomials over the rationals, read from text such as ``3*x**2*y/2 - 1`` and never evaluated.

.. math:: p = \\sum_m c_m x^m, \\qquad c_m \\in \\mathbb Q.

>>> parse("(x + 1)**2") == parse("x**2 + 2*x + 1")
True
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

Monomial = tuple[tuple[str, int], ...]
TOKEN = re.compile(r"\s*(\*\*|[-+*/()]|[0-9]+|[A-Za-z_][A-Za-z_0-9]*)")
MAX_TEXT, MAX_TERMS, MAX_POWER, MAX_DIGITS, MAX_NESTING = 200_000, 50_000, 64, 2_000, 50


class NotPolynomial(ValueError):
    """The text is not a polynomial with rational coefficients, or a monstrous one."""


@dataclass(frozen=True)
class Polynomial:
    """The nonzero terms, by monomial; a monomial lists (variable, power), sorted."""

    terms: dict[Monomial, Fraction] = field(default_factory=dict)

    def __add__(self, other: Polynomial) -> Polynomial:
        total = dict(self.terms)
        for monomial, c in other.terms.items():
            total[monomial] = total.get(monomial, Fraction(0)) + c
        return _clean(total)

    def __mul__(self, other: Polynomial) -> Polynomial:
        if len(self.terms) * len(other.terms) > MAX_TERMS * 40:
            raise NotPolynomial("expected a polynomial of bounded size")
        total: dict[Monomial, Fraction] = {}
        for m, a in self.terms.items():
            for n, b in other.terms.items():
                both = _times(m, n)
                total[both] = total.get(both, Fraction(0)) + a * b
        return _clean(total)

    def __neg__(self) -> Polynomial:
        return Polynomial({m: -c for m, c in self.terms.items()})

    def constant(self) -> Fraction | None:
        """The value of a polynomial without variables, else None."""
        return None if any(m for m in self.terms) else self.terms.get((), Fraction(0))


def number(value: Fraction | int) -> Polynomial:
    """A constant."""
    return _clean({(): Fraction(value)})


def parse(text: str) -> Polynomial:
    """The polynomial that the text spells; NotPolynomial where it spells none."""
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise NotPolynomial("expected a polynomial as text of bounded length")
    reader = _Reader(_tokens(text))
    result = reader.sum()
    if reader.peek() is not None:
        raise NotPolynomial(f"expected a polynomial, got {text!r:.60}")
    return result


def _clean(terms: dict[Monomial, Fraction]) -> Polynomial:
    if len(terms) > MAX_TERMS:
        raise NotPolynomial("expected a polynomial of bounded size")
    return Polynomial({m: c for m, c in terms.items() if c})


def _times(m: Monomial, n: Monomial) -> Monomial:
    powers = dict(m)
    for variable, power in n:
        powers[variable] = powers.get(variable, 0) + power
    return tuple(sorted(powers.items()))


def _tokens(text: str) -> list[str]:
    found, place = [], 0
    text = text.rstrip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None or len(match[1]) > MAX_DIGITS:
            raise NotPolynomial(f"expected a polynomial, got {text[place:]!r:.60}")
        found.append(match[1])
        place = match.end()
    return found


class _Reader:
    """Recursive descent: sum = product ((+|-) product)*, and so on."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.at, self.nesting = tokens, 0, 0

    def peek(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> str:
        token = self.peek()
        if token is None:
            raise NotPolynomial("expected a polynomial, got a text that ends early")
        self.at += 1
        return token

    def sum(self) -> Polynomial:
        total = self.signed()
        while self.peek() in ("+", "-"):
            sign = self.take()
            term = self.product()
            total = total + (term if sign == "+" else -term)
        return total

    def signed(self) -> Polynomial:
        if self.peek() == "-":
            self.take()
            return -self.product()
        return self.product()

    def product(self) -> Polynomial:
        total = self.power()
        while self.peek() in ("*", "/"):
            total = total * (self.power() if self.take() == "*" else self.divisor())
        return total

    def divisor(self) -> Polynomial:
        value = self.power().constant()
        if not value:
            raise NotPolynomial("expected a division by a number that is not 0")
        return number(1 / value)

    def power(self) -> Polynomial:
        base = self.atom()
        if self.peek() != "**":
            return base
        self.take()
        exponent = self.take()
        if not exponent.isdecimal() or len(exponent) > 3 or int(exponent) > MAX_POWER:
            raise NotPolynomial(f"expected a power up to {MAX_POWER}, got {exponent!r:.20}")
        result = number(1)
        for _ in range(int(exponent)):
            result = result * base
        return result

    def atom(self) -> Polynomial:
        token = self.take()
        if token == "(":
            return self.group()
        if token.isdecimal():
            return number(int(token))
        if token in "+-*/)" or token == "**":
            raise NotPolynomial(f"expected a number or a variable, got {token!r}")
        return Polynomial({((token, 1),): Fraction(1)})

    def group(self) -> Polynomial:
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise NotPolynomial(f"expected at most {MAX_NESTING} nested brackets")
        inner = self.sum()
        if self.take() != ")":
            raise NotPolynomial("expected a closing bracket")
        self.nesting -= 1
        return inner
