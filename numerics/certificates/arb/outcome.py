"""What a check ends with: an outcome in one sentence, or the news that a file is no certificate."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """Accepted or not, one sentence that says why, and what was checked on the way."""

    accepted: bool
    sentence: str
    facts: tuple[str, ...] = ()


class Malformed(ValueError):
    """The file is not a certificate; the message says where and what was expected."""


class Rejected(Exception):
    """A certificate that does not convince; turned into an Outcome by ``check``."""


def shown(value: object) -> str:
    """Foreign text for a sentence: short, printable, on one line."""
    try:
        text = ascii(value)
    except ValueError:  # Python refuses to write out a very long integer
        text = f"a long {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."
