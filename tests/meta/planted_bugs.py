"""What the tests of the tester need: sentinel claims, and a bug put in place of every use."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest

from theory import clock
from theory.claims import Claim
from theory.verdicts import Status

SECONDS = 8.0  # for one sentinel; they are chosen to take a fraction of it
OURS = ("theory", "numerics")


def says(holds: Any, *given: Any, dimensions: Any = None) -> Claim:
    return Claim(id="sentinel", holds=holds, given=given, dimensions=dimensions)


def is_proved(strategy: Any, claim: Claim) -> bool:
    """Whether this one strategy proves the claim."""
    found = strategy.prove(claim, clock.now() + SECONDS)
    return found is not None and found.status is Status.PROVED


def proofs(strategy: Any, true: list[Claim], false: list[Claim]) -> list[str]:
    """What a strategy gets wrong: true sentinels not proved, false ones proved."""
    lost = [f"not proved: {claim}" for claim in true if not is_proved(strategy, claim)]
    return lost + [f"proved: {claim}" for claim in false if is_proved(strategy, claim)]


def modules() -> Iterator[ModuleType]:
    for name, module in list(sys.modules.items()):
        if module is not None and name.partition(".")[0] in OURS:
            yield module


def replace_everywhere(patch: pytest.MonkeyPatch, old: Any, new: Any) -> None:
    """Put `new` wherever a module of ours has `old` under any name."""
    places = [(m, name) for m in modules() for name, value in vars(m).items() if value is old]
    assert places, f"{old} is used nowhere"
    for module, name in places:
        patch.setattr(module, name, new)


def forget() -> None:
    """Empty every cache of ours: answers of a broken engine must not outlive it, nor hide it."""
    for module in modules():
        for value in list(vars(module).values()):
            if callable(clear := getattr(value, "cache_clear", None)):
                clear()


@contextmanager
def bug(plant: Callable[[pytest.MonkeyPatch], None]) -> Iterator[None]:
    """The planted bug, and none of its traces afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        forget()
        plant(patch)
        yield
    forget()
