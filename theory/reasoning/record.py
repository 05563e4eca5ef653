"""The algebraic facts that a prover used, kept while it works so that others can check them.

>>> with recording() as facts:
...     note({"rule": "products"})
>>> facts
[{'rule': 'products'}]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_facts: ContextVar[list[Mapping[str, Any]] | None] = ContextVar("facts", default=None)


@contextmanager
def recording() -> Iterator[list[Mapping[str, Any]]]:
    """Collect what is noted in the block."""
    facts: list[Mapping[str, Any]] = []
    token = _facts.set(facts)
    try:
        yield facts
    finally:
        _facts.reset(token)


def note(fact: Mapping[str, Any]) -> None:
    """Keep a fact that its kernel has accepted; outside a recording it is forgotten."""
    facts = _facts.get()
    if facts is not None and fact not in facts:
        facts.append(fact)
