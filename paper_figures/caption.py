"""Captions: what is seen, then the claims with their verdicts."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from types import ModuleType
from typing import Any

WIDTH = 92


def full_caption(module: ModuleType, data: Mapping[str, Any], status: Mapping[str, str]) -> str:
    """Title, text and one line for each claim, wrapped for reading."""
    text = " ".join(str(module.caption(data)).split())
    claims = [f"  {claim}: {word}" for claim, word in status.items()]
    parts = [f"{module.TITLE}.", textwrap.fill(text, WIDTH), "Claims shown:", *claims]
    return "\n".join(parts) + "\n"
