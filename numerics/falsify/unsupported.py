"""What the refuter does not lower: it then searches for nothing and says so."""

from __future__ import annotations


class Unsupported(ValueError):
    """A claim holds something that has no numeric form here."""
