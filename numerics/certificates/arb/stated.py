"""Numbers that a witness states about itself must be those that are computed.

.. math:: |\\text{stated} - \\text{computed}| \\le 10^{-9}\\,|\\text{computed}| + 10^{-30}
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flint import fmpq, fmpz

from numerics.certificates.arb.intervals import Interval
from numerics.certificates.arb.outcome import Malformed, Rejected, shown
from numerics.certificates.arb.reader import text_of

RELATIVE, ABSOLUTE = fmpq(1, 10**9), fmpq(1, 10**30)
_DECIMAL = re.compile(r"(-?)([0-9]{1,5000})(?:\.([0-9]{1,5000}))?(?:[eE]([+-]?[0-9]{1,4}))?")
_FRACTION = re.compile(r"(-?[0-9]{1,5000})/([0-9]{1,5000})")


def number(text: Any, where: str) -> fmpq:
    """The exact value of a decimal such as '-1.25e-3' or of a fraction."""
    if text_of(text, where) in ("oo", "-oo"):
        raise Rejected(f"{where}: an infinite value is not checked by this program")
    if (match := _FRACTION.fullmatch(text)) and fmpz(match[2]) != 0:
        return fmpq(fmpz(match[1]), fmpz(match[2]))
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise Malformed(f"{where}: expected a decimal number, got {shown(text)}")
    sign, whole, rest, exponent = match.groups()
    rest = rest or ""
    value = fmpq(fmpz(whole + rest)) * fmpq(10) ** (int(exponent or "0") - len(rest))
    return -value if sign else value


def agrees(stated: fmpq, computed: Interval) -> bool:
    """Whether every number of a thin interval is the stated one to the digits shown."""
    low, high = computed
    if low is None or high is None:
        return False
    room = min(abs(low), abs(high)) * RELATIVE + ABSOLUTE
    return bool(abs(stated - low) <= room and abs(stated - high) <= room)


def stated_pair(witness: Mapping[str, Any], names: Sequence[str]) -> list[fmpq | None]:
    """The numbers that a witness states, None for those that it does not."""
    return [number(witness[n], n) if n in witness else None for n in names]


def fits(stated: Sequence[fmpq | None], computed: Sequence[Interval]) -> bool:
    """Whether all that is stated agrees."""
    return all(s is None or agrees(s, c) for s, c in zip(stated, computed, strict=True))
