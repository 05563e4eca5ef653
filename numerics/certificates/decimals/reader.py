"""Strict JSON: one reading of every file, and a bound on its size before anything is built.

.. math:: \\text{bytes} \\le 2^{26}, \\quad \\text{nesting} \\le 200, \\quad
          \\text{digits} \\le 10^4, \\quad \\text{no repeated keys, floats, NaN}.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from numerics.certificates.decimals.outcome import Malformed, shown

MAX_BYTES, MAX_DEPTH, MAX_PARTS, MAX_DIGITS, MAX_INTEGER = 64 << 20, 200, 2_000_000, 10_000, 18
# Possessive quantifiers: a string is skipped in one pass, whatever it contains.
_MARKS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["\[\]{},]', re.DOTALL)
_RATIONAL = re.compile(r"(-?[0-9]+)(?:/([0-9]+))?")


def read(path: Path) -> Any:
    """The JSON value in a file."""
    try:
        if path.exists() and not path.is_file():  # a pipe or a device may never end
            raise Malformed("expected a regular file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as reason:
        raise Malformed(f"the file cannot be read: {reason.strerror or 'no such file'}") from None
    except ValueError:
        raise Malformed("the file cannot be read: its name is not a path") from None
    if len(data) > MAX_BYTES:
        raise Malformed(f"expected a file of at most {MAX_BYTES >> 20} MiB")
    return parse(data)


def parse(data: bytes) -> Any:
    """The JSON value in some bytes."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as reason:
        raise Malformed(f"expected UTF-8 text, byte {reason.start} is not") from None
    _check_shape(text)
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except json.JSONDecodeError as reason:
        raise Malformed(
            f"expected JSON: {reason.msg} at line {reason.lineno}, column {reason.colno}"
        ) from None


def _check_shape(text: str) -> None:
    """Depth and number of parts, before a recursive parser sees the text."""
    depth = 0
    for count, match in enumerate(_MARKS.finditer(text)):
        mark = match[0]
        if mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
        elif mark == '"':
            raise Malformed("expected JSON: a string has no end")
        if depth > MAX_DEPTH:
            raise Malformed(f"expected JSON nested at most {MAX_DEPTH} levels deep")
        if count > MAX_PARTS:
            raise Malformed(f"expected JSON of at most {MAX_PARTS} parts")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise Malformed(f"expected every key once, got {shown(key)} twice")
        result[key] = value
    return result


def _integer(text: str) -> int:
    if len(text) > MAX_INTEGER:
        raise Malformed(f"expected integers of at most {MAX_INTEGER} characters, got {len(text)}")
    return int(text)


def _no_float(text: str) -> Any:
    raise Malformed(f"expected exact numbers such as '-3/2' in quotes, got {shown(text)}")


def rational(value: Any, where: str) -> Fraction:
    """The number in a string such as "-3/2"."""
    if not isinstance(value, str):
        raise Malformed(f"{where}: expected a number in quotes such as '-3/2', got {shown(value)}")
    if len(value) > 2 * MAX_DIGITS + 2:
        raise Malformed(f"{where}: expected a number of at most {MAX_DIGITS} digits")
    match = _RATIONAL.fullmatch(value)
    if match is None:
        raise Malformed(f"{where}: expected a number such as '-3/2', got {shown(value)}")
    top, bottom = match[1], match[2] or "1"
    if max(len(top), len(bottom)) > MAX_DIGITS:
        raise Malformed(f"{where}: expected a number of at most {MAX_DIGITS} digits")
    # By way of Decimal, because int() of a long text depends on a setting of the interpreter.
    numerator, denominator = int(Decimal(top)), int(Decimal(bottom))
    if denominator == 0:
        raise Malformed(f"{where}: expected a denominator that is not 0")
    return Fraction(numerator, denominator)


def mapping(value: Any, where: str) -> dict[str, Any]:
    """An object, or one sentence."""
    if not isinstance(value, dict):
        raise Malformed(f"{where}: expected an object, got {_kind(value)}")
    return value


def keys(value: Any, wanted: Collection[str], where: str, optional: Collection[str] = ()) -> Any:
    """An object with exactly these keys."""
    found = mapping(value, where)
    for key in wanted:
        if key not in found:
            raise Malformed(f"{where}: expected the key {shown(key)}")
    for key in found:
        if key not in wanted and key not in optional:
            raise Malformed(f"{where}: did not expect the key {shown(key)}")
    return found


def items(value: Any, where: str) -> list[Any]:
    """A list, or one sentence."""
    if not isinstance(value, list):
        raise Malformed(f"{where}: expected a list, got {_kind(value)}")
    return value


def text(value: Any, where: str) -> str:
    """A string, or one sentence."""
    if not isinstance(value, str):
        raise Malformed(f"{where}: expected text, got {_kind(value)}")
    return value


def texts(value: Any, where: str) -> list[str]:
    """A list of strings, or one sentence."""
    return [text(v, where) for v in items(value, where)]


def count(value: Any, where: str, most: int) -> int:
    """An integer from 1 to ``most``; True is not one."""
    if type(value) is not int:
        raise Malformed(f"{where}: expected an integer, got {_kind(value)}")
    if not 1 <= value <= most:
        raise Malformed(f"{where}: expected an integer from 1 to {most}, got {shown(str(value))}")
    return value


def _kind(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Mapping):
        return "an object"
    return "a list" if isinstance(value, list) else shown(value)
