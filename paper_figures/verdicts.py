"""The word for a claim in a caption: what the verifier says of the id, and nothing else."""

from __future__ import annotations

import importlib.util

NOT_VERIFIED = "not verified"
BUDGET = 20.0
SEED = 0


class Verdicts:
    """Verdicts of one drawing session; each claim is verified at most once."""

    def __init__(self, budget: float = BUDGET) -> None:
        self.budget = budget
        self._words: dict[str, str] = {}

    def word(self, claim: str) -> str:
        """'proved', 'refuted', ... or 'not verified' where there is no such claim."""
        if claim not in self._words:
            self._words[claim] = self._ask(claim)
        return self._words[claim]

    def _ask(self, claim: str) -> str:
        if importlib.util.find_spec("numerics.verify") is None:
            return NOT_VERIFIED
        from numerics.library import library
        from numerics.one_claim import verify_task

        tasks = [task for task in library().tasks if task.id == claim]
        if not tasks:
            return NOT_VERIFIED
        return verify_task(tasks[0], self.budget, SEED).status.value
