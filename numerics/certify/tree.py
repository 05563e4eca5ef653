"""The tree of splits: exact boxes from the root, and its text in preorder.

.. math:: [a, b] \\to [a, \\tfrac{a+b}2],\\ [\\tfrac{a+b}2, b].
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from numerics.certify.goals import CENTRED, HYPOTHESIS, NATURAL

ExactBox = tuple[tuple[Fraction, Fraction], ...]
DEEPEST = 1000


class Tree:
    """Node 0 is the root; ``split[k]`` is a variable or -1, ``low[k]`` and ``low[k]+1`` children.

    >>> tree = Tree()
    >>> tree.divide(0, 0), tree.close(1, 1), tree.close(2, 5)
    (1, None, None)
    >>> tree.text()
    '0 n h2'
    """

    def __init__(self) -> None:
        self.split = [-1]
        self.low = [0]
        self.code = [0]
        self.depth = [0]

    def divide(self, k: int, variable: int) -> int:
        """Split a leaf; the number of the lower child, the upper one follows it."""
        self.split[k], self.low[k], self.code[k] = variable, len(self.split), 0
        for _ in range(2):
            self.split.append(-1)
            self.low.append(0)
            self.code.append(0)
            self.depth.append(self.depth[k] + 1)
        return self.low[k]

    def close(self, k: int, code: int) -> None:
        """Say how a leaf is closed."""
        self.code[k] = code

    def boxes(self, root: ExactBox) -> Iterator[tuple[int, ExactBox]]:
        """Every leaf with its exact box, in preorder."""
        todo = [(0, root)]
        while todo:
            k, box = todo.pop()
            if self.split[k] < 0:
                yield k, box
                continue
            lower, upper = halves(box, self.split[k])
            todo += [(self.low[k] + 1, upper), (self.low[k], lower)]

    def leaves(self) -> int:
        """How many leaves there are."""
        return (len(self.split) + 1) // 2

    def text(self) -> str:
        """Tokens in preorder: a variable's number, or ``n``, ``c``, ``hK``."""
        tokens, todo = [], [0]
        while todo:
            k = todo.pop()
            if self.split[k] >= 0:
                tokens.append(str(self.split[k]))
                todo += [self.low[k] + 1, self.low[k]]
            else:
                tokens.append(_token(self.code[k]))
        return " ".join(tokens)


def _token(code: int) -> str:
    names = {NATURAL: "n", CENTRED: "c"}
    return names[code] if code in names else f"h{code - HYPOTHESIS}"


def halves(box: ExactBox, variable: int) -> tuple[ExactBox, ExactBox]:
    """The two halves of a box."""
    lo, hi = box[variable]
    middle = (lo + hi) / 2
    before, after = box[:variable], box[variable + 1 :]
    return (*before, (lo, middle), *after), (*before, (middle, hi), *after)
