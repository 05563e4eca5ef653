"""Best-first branch and bound: split the boxes that look worst until all are closed.

The search works in float intervals on many boxes at once and only proposes: it ends with a tree
whose every leaf says how it is closed, or with the reason why none was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from numerics.certify.goals import OPEN, Array, Bounds, Goal
from numerics.certify.touching import UndefinedHere, lowest
from numerics.certify.tree import DEEPEST, ExactBox, Tree
from theory import clock

BATCH, MOST_LEAVES = 512, 200_000
PROBES = (48, 800)  # boxes; easy claims are closed before anything else is asked
SMALL = 2.0**-18  # of the domain's width: such a box stays open only at an equality
NEARLY = 1e-9  # of the goal's usual size


class NoTree(Exception):
    """Why the search ended without a tree; one sentence."""


@dataclass
class Frontier:
    """Open boxes (k, n), their scores, their nodes, and how much each variable matters (k, n)."""

    lo: Array
    hi: Array
    score: Array
    node: Array
    weight: Array

    def take(self, keep: Any) -> Frontier:
        """Some of the boxes."""
        return Frontier(
            self.lo[:, keep],
            self.hi[:, keep],
            self.score[keep],
            self.node[keep],
            self.weight[:, keep],
        )

    def joined(self, other: Frontier) -> Frontier:
        """The boxes of both."""
        return Frontier(
            np.concatenate((self.lo, other.lo), axis=1),
            np.concatenate((self.hi, other.hi), axis=1),
            np.concatenate((self.score, other.score)),
            np.concatenate((self.node, other.node)),
            np.concatenate((self.weight, other.weight), axis=1),
        )

    def __len__(self) -> int:
        return len(self.score)


class Search:
    """One goal on one box; ``run`` until it returns, ``reopen`` leaves that Arb did not confirm."""

    def __init__(self, goal: Goal, root: ExactBox, deadline: float) -> None:
        self.goal, self.root, self.deadline = goal, root, deadline
        self.tree = Tree()
        lo = np.array([[float(a)] for a, _ in root])
        hi = np.array([[float(b)] for _, b in root])
        self.width = np.maximum(hi - lo, 1e-300)
        self.seconds_of_a_leaf = 0.0
        self.lowest_leaf = np.inf
        self._probes: tuple[int, ...] = PROBES
        self.frontier = self._bounded(lo.reshape(len(root), 1), hi.reshape(len(root), 1), [0])

    def run(self) -> Tree:
        """Split until nothing is open; NoTree with the reason otherwise."""
        while len(self.frontier):
            self._check_budget()
            worst = self._worst()
            children = self._split(self.frontier.take(worst))
            rest = np.ones(len(self.frontier), dtype=bool)
            rest[worst] = False
            self.frontier = self.frontier.take(rest).joined(children)
        return self.tree

    def reopen(self, nodes: list[tuple[int, ExactBox]]) -> None:
        """Leaves that were not confirmed are split after all."""
        lo = np.array([[float(a) for a, _ in box] for _, box in nodes]).T
        hi = np.array([[float(b) for _, b in box] for _, box in nodes]).T
        found = self._scored(lo, hi, np.array([k for k, _ in nodes]))
        self.frontier = self.frontier.joined(found)

    def _worst(self) -> Array:
        n = len(self.frontier)
        size = min(n, BATCH)
        return np.argpartition(self.frontier.score, size - 1)[:size]

    def _split(self, boxes: Frontier) -> Frontier:
        """Halve each box, a few boxes several times at once: bounds cost little more for many."""
        times = 3 if len(boxes) <= 8 else 2 if len(boxes) <= 64 else 1
        for _ in range(times):
            boxes = self._halved(boxes)
        return self._bounded(boxes.lo, boxes.hi, boxes.node.tolist())

    def _halved(self, boxes: Frontier) -> Frontier:
        v = np.argmax(boxes.weight, axis=0)
        each = np.arange(len(boxes))
        middle = (boxes.lo[v, each] + boxes.hi[v, each]) / 2
        found = boxes.take(each.repeat(2))
        found.hi[v, 2 * each], found.lo[v, 2 * each + 1] = middle, middle
        found.weight[v.repeat(2), np.arange(2 * len(boxes))] /= 2
        nodes = [
            self.tree.divide(k, x) for k, x in zip(boxes.node.tolist(), v.tolist(), strict=True)
        ]
        found.node = np.array([n for low in nodes for n in (low, low + 1)])
        return found

    def _bounded(self, lo: Array, hi: Array, nodes: list[int]) -> Frontier:
        """Bound the boxes, close those that can be, return the others."""
        bounds = self._bounds(lo, hi)
        closed = np.flatnonzero(bounds.code != OPEN)
        for k in closed.tolist():
            self.tree.close(nodes[k], int(bounds.code[k]))
        known = closed[bounds.code[closed] <= 2]
        if known.size:
            self.lowest_leaf = min(self.lowest_leaf, float(bounds.score[known].min()))
        open_ = np.flatnonzero(bounds.code == OPEN)
        if open_.size and not len(lo):
            raise NoTree("the statement has no variables, and its one box stays open")
        weight = self._weight(lo, hi, bounds.smear)
        return Frontier(lo, hi, bounds.score, np.array(nodes), weight).take(open_)

    def _bounds(self, lo: Array, hi: Array) -> Bounds:
        return self.goal.search(lo, hi)

    def _scored(self, lo: Array, hi: Array, nodes: Array) -> Frontier:
        bounds = self._bounds(lo, hi)
        return Frontier(lo, hi, bounds.score, nodes, self._weight(lo, hi, bounds.smear))

    def _weight(self, lo: Array, hi: Array, smear: Array | None) -> Array:
        """How much a variable moves the goal; its width where slopes are unknown."""
        share = (hi - lo) / self.width
        if smear is None or not len(lo):
            return share
        known = np.isfinite(smear).all(axis=0) & (smear.max(axis=0) > 0)
        # A variable that is never split keeps every enclosure wide, whatever its slope says.
        each = np.arange(share.shape[1])
        chosen = np.argmax(np.where(known, smear, share), axis=0)
        neglected = share.max(axis=0) > 64 * share[chosen, each]
        return np.where(known & ~neglected, smear, share)

    # --- giving up

    def _check_budget(self) -> None:
        leaves = self.tree.leaves()
        left = self.deadline - clock.now() - leaves * self.seconds_of_a_leaf
        k = int(np.argmin(self.frontier.score))
        if left <= 0:
            raise NoTree(f"the time was spent with {self._state(k)}")
        if leaves > MOST_LEAVES:
            raise NoTree(f"more than {MOST_LEAVES} boxes: {self._state(k)}")
        if max(self.tree.depth[i] for i in self.frontier.node.tolist()) >= DEEPEST:
            raise NoTree(f"boxes were halved {DEEPEST} times: {self._state(k)}")
        if self._probes and leaves >= self._probes[0]:
            self._probes = self._probes[1:]
            self._probe(last=not self._probes)
        share = ((self.frontier.hi - self.frontier.lo) / self.width).max(axis=0)
        stuck = np.flatnonzero(share < SMALL)
        if stuck.size:
            raise NoTree(f"a box of almost no size stays open: {self._state(int(stuck[0]))}")

    def _probe(self, last: bool) -> None:
        """Is there a point where the goal is 0 or fails? Then no tree of boxes closes it."""
        lo, hi = (np.array([float(pair[i]) for pair in self.root]) for i in (0, 1))
        try:
            value, point, scale = lowest(self.goal, lo, hi, self.deadline)
        except UndefinedHere as where:
            place = self._named(where.args[0])
            raise NoTree(f"the statement has no certain value near {place}") from None
        if point is None or value > NEARLY * scale:
            return self._dive()
        if value > -NEARLY * scale and not last and self._may_touch(point):
            return
        place = self._named(point)
        if value < -NEARLY * scale:
            raise NoTree(f"no box around {place} can be closed: the margin there is {value:.3g}")
        raise NoTree(f"equality, or nearly so, near {place}: boxes cannot decide it")

    def _dive(self) -> None:
        """Follow the worse half of the worst box: does it stay open whatever its size?"""
        worst = int(np.argmin(self.frontier.score))
        score = self.frontier.score[worst]
        lo, hi = self.frontier.lo[:, [worst]], self.frontier.hi[:, [worst]]
        while ((hi - lo) / self.width).max() >= SMALL:
            v = int(np.argmax((hi - lo) / self.width))
            middle = (lo[v] + hi[v]) / 2
            lo, hi = lo.repeat(2, axis=1), hi.repeat(2, axis=1)
            hi[v, 0], lo[v, 1] = middle[0], middle[0]
            bounds = self._bounds(lo, hi)
            open_ = np.flatnonzero(bounds.code == OPEN)
            if not open_.size or clock.now() > self.deadline:
                return
            k = open_[np.argmin(bounds.score[open_])]
            lo, hi, score = lo[:, [k]], hi[:, [k]], bounds.score[k]
        place = self._named((lo + hi)[:, 0] / 2)
        margin = "undefined" if score == -np.inf else f"{score:.3g}"
        raise NoTree(f"boxes around {place} stay open whatever their size: the margin is {margin}")

    def _may_touch(self, point: Array) -> bool:
        """A non-strict goal may reach 0 exactly where its bound is exact as well."""
        return not self.goal.strict and bool(np.all(np.isin(point, self._corners())))

    def _corners(self) -> Array:
        return np.array([float(e) for pair in self.root for e in pair] + [0.0])

    def _named(self, point: Array) -> str:
        names = self.goal.case.variables
        return ", ".join(f"{n} = {x:.4g}" for n, x in zip(names, point, strict=True))

    def _state(self, k: int) -> str:
        f = self.frontier
        box = zip(self.goal.case.variables, f.lo[:, k], f.hi[:, k], strict=True)
        shown = ", ".join(f"{n} in [{a:.6g}, {b:.6g}]" for n, a, b in box)
        bound = "undefined" if f.score[k] == -np.inf else f"at least {f.score[k]:.3g}"
        return f"{len(f)} boxes open, the worst {shown} where the margin is {bound}"


def as_box(bounds: list[tuple[Fraction, Fraction]]) -> ExactBox:
    """The root box."""
    return tuple(bounds)
