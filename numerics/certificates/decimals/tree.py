"""The split tree of a box: preorder tokens, walked with a stack.

.. math:: \\text{tree} ::= \\mathtt{n} \\mid \\mathtt{c} \\mid \\mathtt{h}K \\mid
          i\\ \\text{tree of the lower half}\\ \\text{tree of the upper half}.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from numerics.certificates.decimals.outcome import Malformed, Rejected, shown

MAX_DEPTH, MAX_TOKENS = 2000, 4_000_000
_TOKEN = re.compile(r"n|c|h[0-9]{1,6}|[0-9]{1,6}")
Corners = tuple[tuple[Fraction, Fraction], ...]


def tokens(text: str, variables: int) -> list[str]:
    """The tokens of one whole tree whose splits name variables that exist."""
    if text.count(" ") >= MAX_TOKENS:
        raise Rejected(f"a tree has more than {MAX_TOKENS} tokens")
    found = text.split(" ")
    known: set[str] = set()
    open_subtrees = 1
    for token in found:
        if token not in known:
            _check(token, variables)
            known.add(token)
        if open_subtrees == 0:
            raise Rejected("a tree has tokens after its end")
        open_subtrees += 1 if token[0].isdigit() else -1
    if open_subtrees:
        raise Rejected("a tree ends before all of its boxes are covered")
    return found


def _check(token: str, variables: int) -> None:
    if _TOKEN.fullmatch(token) is None:
        raise Malformed(f"expected tokens such as n, c, h0 or 1 in a tree, got {shown(token)}")
    if token.isdigit() and int(token) >= variables:
        raise Rejected(f"a tree splits variable {int(token)}, there are only {variables}")


def leaves(
    found: Sequence[str], box: Corners, enclose: Callable[[Fraction, Fraction], object]
) -> Iterator[tuple[str, Corners, tuple[object, ...]]]:
    """Every leaf with its exact box and the enclosures of its sides."""
    sides = tuple(enclose(*side) for side in box)
    waiting = [(box, sides, 0)]
    for token in found:
        corners, sides, depth = waiting.pop()
        if not token[0].isdigit():
            yield token, corners, sides
            continue
        if depth >= MAX_DEPTH:
            raise Rejected(f"a tree splits more than {MAX_DEPTH} times along a path")
        k = int(token)
        low, high = corners[k]
        middle = (low + high) / 2
        # The upper half waits below the lower one, which comes first in the text.
        for part in ((middle, high), (low, middle)):
            there = (*corners[:k], part, *corners[k + 1 :])
            then = (*sides[:k], enclose(*part), *sides[k + 1 :])
            waiting.append((there, then, depth + 1))
