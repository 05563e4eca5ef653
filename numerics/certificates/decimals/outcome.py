"""What a check can say: accepted or rejected in one sentence, or: this file is no certificate."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """The answer to one certificate; ``facts`` are what was checked and what was assumed."""

    accepted: bool
    sentence: str
    facts: tuple[str, ...] = ()


class Malformed(ValueError):
    """The file is not a certificate; the message is one sentence."""


class Rejected(Exception):
    """The certificate does not show what it claims; the message is one sentence."""


def shown(value: object, width: int = 60) -> str:
    """A short ASCII form of anything read from a file, safe to print anywhere."""
    text = ascii(value if isinstance(value, str) else f"{value!s:.{width * 4}}")
    return text if len(text) <= width else text[: width - 3] + "..."
