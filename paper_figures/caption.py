"""Captions: what is seen, how it was measured, then the claims with their verdicts."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from types import ModuleType
from typing import Any

WIDTH = 92


def full_caption(module: ModuleType, data: Mapping[str, Any], status: Mapping[str, str]) -> str:
    """Title, text and one line for each claim, wrapped for reading."""
    text = " ".join(f"{module.caption(data)} {data.get('made_by', '')}".split())
    claims = [f"  {claim}: {word}" for claim, word in status.items()]
    heading = ["Claims shown:"] if claims else []
    parts = [f"{module.TITLE}.", textwrap.fill(text, WIDTH), *heading, *claims]
    return "\n".join(parts) + "\n"
