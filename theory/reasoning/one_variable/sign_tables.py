"""Tables of signs: where a function vanishes or is singular, and its sign in between."""

from __future__ import annotations

from dataclasses import dataclass

from theory.reasoning.one_variable.points import Point, compare

ZERO, NONZERO, POLE, UNKNOWN = "zero", "nonzero", "pole", "unknown"


@dataclass(frozen=True)
class Signs:
    """Signs of a function: ``cells[k]`` holds between ``points[k-1]`` and ``points[k]``."""

    points: tuple[Point, ...]
    at: tuple[str, ...]  # what is known at each point
    cells: tuple[int, ...]

    def trimmed(self) -> Signs:
        """Without the points where nothing happens."""
        points, at, cells = [], [], [self.cells[0]]
        for k, point in enumerate(self.points):
            if self.at[k] == NONZERO and cells[-1] == self.cells[k + 1]:
                continue
            points.append(point)
            at.append(self.at[k])
            cells.append(self.cells[k + 1])
        return Signs(tuple(points), tuple(at), tuple(cells))


def constant_signs(sign: int) -> Signs:
    return Signs((), (), (sign,))


def merge(a: Signs, b: Signs) -> Signs:
    """The signs of a product, on the union of the points."""
    points: list[Point] = []
    at: list[str] = []
    cells = [a.cells[0] * b.cells[0]]
    i = j = 0
    while i < len(a.points) or j < len(b.points):
        order = _order(a, b, i, j)
        states = {a.at[i]} if order <= 0 else set()
        states |= {b.at[j]} if order >= 0 else set()
        points.append(a.points[i] if order <= 0 else b.points[j])
        i, j = i + (order <= 0), j + (order >= 0)
        at.append(next(s for s in (POLE, UNKNOWN, ZERO, NONZERO) if s in states))
        cells.append(a.cells[i] * b.cells[j])
    return Signs(tuple(points), tuple(at), tuple(cells))


def _order(a: Signs, b: Signs, i: int, j: int) -> int:
    if i == len(a.points):
        return 1
    if j == len(b.points):
        return -1
    return compare(a.points[i], b.points[j])


def spread(s: Signs, grid: tuple[Point, ...]) -> list[int]:
    """The signs of s on the cells of a finer grid."""
    result, k = [s.cells[0]], 0
    for point in grid:
        if k < len(s.points) and compare(s.points[k], point) == 0:
            k += 1
        result.append(s.cells[k])
    return result


def describe(s: Signs) -> str:
    symbols = {-1: "-", 0: "0", 1: "+"}
    text = symbols[s.cells[0]]
    for point, cell in zip(s.points, s.cells[1:], strict=True):
        text += f" [{point!r}] {symbols[cell]}"
    return text
