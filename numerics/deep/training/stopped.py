"""Training that cannot go on says why in one sentence and keeps what was recorded so far."""

from __future__ import annotations

from typing import Any


class TrainingStopped(Exception):
    """The message is the sentence for the user; ``history`` holds the rows recorded before.

    >>> TrainingStopped("collapsed", reason="collapse").reason
    'collapse'
    """

    def __init__(
        self, sentence: str, *, reason: str, history: list[dict[str, Any]] | None = None
    ) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.history: list[dict[str, Any]] = history or []
