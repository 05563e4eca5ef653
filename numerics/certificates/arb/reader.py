"""Strict JSON: what a hostile file could do to the reader is refused before it is read.

.. math:: \\text{size} \\le 64\\,\\text{MiB}, \\quad \\text{nesting} \\le 200, \\quad
          \\text{digits} \\le 10^4.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from flint import fmpq, fmpz

from numerics.certificates.arb.outcome import Malformed, shown

MAX_BYTES, MAX_NESTING, MAX_DIGITS = 64 * 2**20, 200, 10_000
MAX_CONTAINERS, MAX_ITEMS = 2_000_000, 6_000_000  # what fits into memory as Python objects
# Possessive: a string that never ends must not be scanned again and again.
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_LONG_NUMBER = re.compile(rf"[0-9]{{{MAX_DIGITS + 1}}}")
_NOT_BRACKETS = re.compile(r"[^\[\]{}]+")
_RATIONAL = re.compile(rf"(-?[0-9]{{1,{MAX_DIGITS}}})(?:/([0-9]{{1,{MAX_DIGITS}}}))?")


def read(path: Path) -> Any:
    """The JSON value of a file."""
    text = _text(path)
    _check_shape(text)
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_refuse_float,
            parse_constant=_refuse_float,
        )
    except Malformed:
        raise
    except (ValueError, RecursionError) as reason:
        raise Malformed(f"expected JSON: {shown(str(reason))}") from None


def _text(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():  # a pipe or a device may never end
            raise Malformed("expected a regular file")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as reason:
        raise Malformed(f"expected a readable file: {reason.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise Malformed(f"expected a file of at most {MAX_BYTES} bytes")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("expected UTF-8 text") from None


def _check_shape(text: str) -> None:
    """Nesting, counts and digits, without recursion and before anything is built."""
    bare = _STRING.sub("", text)
    if bare.count("[") + bare.count("{") > MAX_CONTAINERS or bare.count(",") > MAX_ITEMS:
        raise Malformed("expected fewer lists and objects than this file has")
    if _LONG_NUMBER.search(bare):
        raise Malformed(f"expected numbers of at most {MAX_DIGITS} digits")
    depth = 0
    for bracket in _NOT_BRACKETS.sub("", bare):
        depth += 1 if bracket in "[{" else -1
        if depth < 0 or depth > MAX_NESTING:
            raise Malformed(f"expected matching brackets, nested at most {MAX_NESTING} deep")


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in result if names.count(name) > 1)
        raise Malformed(f"expected every key once, got {shown(twice)} twice")
    return result


def _integer(text: str) -> int:
    # fmpz has no limit of its own, int(text) has one below ours.
    return int(fmpz(text))


def _refuse_float(text: str) -> NoReturn:
    raise Malformed(f"expected exact numbers, got {shown(text)}")


def rational(text: Any, where: str) -> fmpq:
    """The exact number of a text such as '-3/2'."""
    match = _RATIONAL.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise Malformed(f"{where}: expected an exact number such as '-3/2', got {shown(text)}")
    top, bottom = match.groups()
    below = fmpz(bottom or "1")
    if below == 0:
        raise Malformed(f"{where}: expected a denominator that is not 0")
    return fmpq(fmpz(top), below)


def keys(value: Any, expected: set[str], where: str, optional: frozenset[str] = frozenset()) -> Any:
    """The object itself, once it has exactly the expected keys."""
    if not isinstance(value, dict):
        raise Malformed(f"{where}: expected an object, got {shown(value)}")
    if missing := expected - set(value):
        raise Malformed(f"{where}: expected the key {shown(min(missing))}")
    if extra := set(value) - expected - optional:
        raise Malformed(f"{where}: expected no key {shown(min(extra))}")
    return value


def whole(value: Any, where: str) -> int:
    """An integer; JSON's true is none."""
    if type(value) is not int:
        raise Malformed(f"{where}: expected an integer, got {shown(value)}")
    return value


def text_of(value: Any, where: str) -> str:
    """A text."""
    if not isinstance(value, str):
        raise Malformed(f"{where}: expected a text, got {shown(value)}")
    return value


def list_of(value: Any, where: str) -> list[Any]:
    """A list."""
    if not isinstance(value, list):
        raise Malformed(f"{where}: expected a list, got {shown(value)}")
    return value
