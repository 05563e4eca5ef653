"""Reading untrusted JSON: every field is checked for presence, type and size.

>>> Checked({"id": "a"}, "verdict").text("id")
'a'
>>> Checked({"id": 3}, "verdict").text("id")
Traceback (most recent call last):
ValueError: verdict, key 'id': expected a text of at most 1000000 characters, got int
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

LONGEST_TEXT = 1_000_000
LONGEST_LIST = 100_000
LARGEST_DIMENSION = 1_000_000
DEEPEST = 40
RATIONAL = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+|/[0-9]*[1-9][0-9]*)?", re.ASCII)


class Checked:
    """A JSON object whose fields are read by kind; ValueError names the field at fault."""

    def __init__(self, value: object, what: str) -> None:
        if not isinstance(value, dict):
            raise ValueError(f"{what}: expected a JSON object, got {type(value).__name__}")
        self.fields: dict[str, Any] = value
        self.what = what

    def get(self, key: str) -> Any:
        """The raw field, or None where it is absent."""
        return self.fields.get(key)

    def text(self, key: str) -> str:
        value = self._present(key)
        self._need(is_text(value), key, f"a text of at most {LONGEST_TEXT} characters", value)
        return str(value)

    def optional_text(self, key: str) -> str | None:
        return None if self.get(key) is None else self.text(key)

    def one_of(self, key: str, words: Iterable[str]) -> str:
        value, allowed = self.text(key), list(words)
        self._need(value in allowed, key, "one of " + ", ".join(allowed), value)
        return value

    def number(self, key: str) -> float:
        value = self._present(key)
        self._need(is_finite(value), key, "a finite number", value)
        return float(value)

    def count(self, key: str) -> int:
        value = self._present(key)
        good = type(value) is int and 0 <= value <= LARGEST_DIMENSION
        self._need(good, key, f"an integer between 0 and {LARGEST_DIMENSION}", value)
        return int(value)

    def items(self, key: str, required: bool = True) -> list[Any]:
        value = self._present(key) if required else self.fields.get(key) or []
        good = isinstance(value, list) and len(value) <= LONGEST_LIST
        self._need(good, key, f"a list of at most {LONGEST_LIST} entries", value)
        return list(value)

    def texts(self, key: str, required: bool = True) -> list[str]:
        value = self.items(key, required)
        self._need(all(is_text(entry) for entry in value), key, "a list of texts", value)
        return value

    def mapping(self, key: str, required: bool = True) -> dict[str, Any]:
        value = self._present(key) if required else self.fields.get(key) or {}
        self._need(isinstance(value, dict), key, "a JSON object", value)
        self._need(is_plain(value), key, "finite JSON of bounded size and depth", value)
        return dict(value)

    def vectors(self, key: str, rational: bool, required: bool = True) -> dict[str, Any]:
        """Names to numbers or lists of numbers, each an exact rational in a string."""
        value = self.mapping(key, required)
        for name, entry in value.items():
            numbers = entry if isinstance(entry, list) else [entry]
            good = all(is_text(n) and (not rational or RATIONAL.fullmatch(n)) for n in numbers)
            kind = "exact rationals as strings" if rational else "strings"
            self._need(good, f"{key}.{name}", kind, entry)
        return value

    def _present(self, key: str) -> Any:
        if key not in self.fields:
            raise ValueError(f"{self.what}: expected the key {key!r}, which is absent")
        return self.fields[key]

    def _need(self, good: bool, key: str, expected: str, value: object) -> None:
        if not good:
            got = repr(value) if isinstance(value, str) and len(value) < 80 else kind_of(value)
            raise ValueError(f"{self.what}, key {key!r}: expected {expected}, got {got}")


def kind_of(value: object) -> str:
    return type(value).__name__


def is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_TEXT


def is_finite(value: object) -> bool:
    """A number that is a finite double: neither a bool nor an integer beyond the range."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def is_plain(value: object, depth: int = 0) -> bool:
    """Whether value is JSON without infinities, and neither too deep nor too large."""
    if depth > DEEPEST:
        return False
    if isinstance(value, Mapping):
        inside: Iterable[object] = value.values()
        return len(value) <= LONGEST_LIST and all(is_plain(v, depth + 1) for v in inside)
    if isinstance(value, list):
        return len(value) <= LONGEST_LIST and all(is_plain(v, depth + 1) for v in value)
    return value is None or isinstance(value, bool | int) or is_text(value) or is_finite(value)


def read(text: str | bytes, what: str) -> Any:
    """Parse JSON; ValueError in one sentence on bad syntax, depth, doubled keys or NaN."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as problem:
        reason = "nested too deeply" if isinstance(problem, RecursionError) else problem
        raise ValueError(f"{what}: expected valid JSON ({reason})") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a key occurs twice in one object")
    return fields


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is not a JSON number")
