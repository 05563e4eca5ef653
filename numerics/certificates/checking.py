"""Check a certificate with two programs that share no code with its maker or each other.

Accepted is what both accept; a recorded proof is in addition run again by the provers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from numerics.sentences import Malformed


@dataclass(frozen=True)
class Checked:
    """What became of one certificate: a sentence, and what each program said."""

    path: Path
    accepted: bool
    sentence: str
    details: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """What a reader sees: the outcome, then what was checked."""
        word = "accepted" if self.accepted else "rejected"
        return [f"{self.path}: {word}: {self.sentence}", *(f"  {item}" for item in self.details)]


def check(path: Path) -> Checked:
    """The outcome of all checks; Malformed with one sentence where the file is no certificate."""
    from numerics.certificates import arb, decimals

    details: list[str] = []
    for name, program in (("Arb", arb), ("decimal", decimals)):
        try:
            outcome = program.check(path, replay=True)
        except OSError as problem:
            raise Malformed(
                f"{path}: expected a readable certificate ({problem.strerror})"
            ) from None
        except (arb.Malformed, decimals.Malformed) as problem:
            raise Malformed(f"{path}: {problem}") from None
        if not outcome.accepted:
            return Checked(path, False, f"{name}: {_bare(outcome.sentence)}", tuple(details))
        details += [f"{name}: {_bare(outcome.sentence)}", *(f"  {f}" for f in outcome.facts)]
    return _with_replay(path, tuple(details))


def _with_replay(path: Path, details: tuple[str, ...]) -> Checked:
    tree = json.loads(path.read_bytes())  # both programs have found it well formed
    kind = tree["kind"]
    if kind == "proof":
        from numerics.certificates.replay import replayed

        accepted, said = replayed(tree)
        if not accepted:
            return Checked(path, False, said, details)
        details = (*details, f"provers: {said}")
    shown = [f"assumed, not checked: {text}" for text in tree["assumptions"]]
    return Checked(path, True, _claimed(tree), (*details, *shown))


def _bare(sentence: str) -> str:
    """Without the word that stands before it already."""
    return sentence.removeprefix("accepted: ").removeprefix("rejected: ")


def _claimed(tree: dict) -> str:  # type: ignore[type-arg]
    said = {"box": "certified", "witness": "refuted", "proof": "proved"}
    return f"{tree['statement']['id']} is {said[tree['kind']]}"
