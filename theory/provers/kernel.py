"""The one place where a proof becomes the verdict ``proved``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from theory.verdicts import Evidence, Status


def proved(
    by: str, detail: str, steps: Iterable[str] = (), data: Mapping[str, Any] | None = None
) -> Evidence:
    """Evidence of a symbolic proof; an argument without a recorded step is refused."""
    recorded = tuple(dict.fromkeys(steps))
    if not recorded:
        raise ValueError(f"{by}: a proof needs at least one recorded step")
    material = dict(data or {})
    return Evidence(by, Status.PROVED, detail, steps=recorded, data=material)
