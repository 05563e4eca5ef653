"""What is being examined, on one line of a terminal; nothing where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.text import Text

from numerics.table import console, one_line


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A spinner on stderr with the text that the yielded function was last given."""
    screen = console(stderr=True)
    if not screen.is_terminal:
        yield lambda text: None
        return
    with screen.status(Text("sharpen")) as status:
        yield lambda text: status.update(Text(one_line(text)[:100]))
