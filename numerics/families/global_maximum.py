r"""A certificate that a maximiser is global and unique, by interval branch and bound.

.. math:: l(\delta) < l(\hat\delta)\ \text{or}\ \delta \text{ is not stationary},\quad
          \delta \in K \setminus N, \qquad \text{at most one maximiser in } N \ni \hat\delta

A box is dropped where it leaves the set, where the value (natural or mean-value form) stays below
that of the candidate, or where the first-order conditions fail everywhere.  Floats are rounded
outwards; elementary functions are trusted as far as ``numerics.intervals`` trusts them.
The global maximiser is then unique, lies in N and has the active constraints of the candidate;
``krawczyk`` says how near to it.  Source: ours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from numerics.families.derivatives import Array
from numerics.families.krawczyk import proved_distance
from numerics.families.landscapes import Enclosure, Landscape, sides
from numerics.families.regions import Region
from numerics.intervals import Interval, interval

RADII = 10.0 ** -np.arange(0.5, 6.1, 0.5)  # of N, in the radius of the set
TRIES, NEAR = 5, 1e-9
FIRST = {1: 64, 2: 16, 3: 6}  # pieces of a side to start with


@dataclass(frozen=True)
class Certificate:
    """Whether it holds and why (not).

    ``radius`` is half the side of the cube N; ``distance`` bounds how far the maximiser is from
    the given point in each coordinate.
    """

    certified: bool
    reason: str
    radius: float = 0.0
    boxes: int = 0
    distance: float = np.inf


def certify_maximum(
    landscape: Landscape, region: Region, delta: Array, most_boxes: int = 60_000
) -> Certificate:
    """Prove that the global maximiser is unique, near delta, and has its active constraints.

    Never certified on a guess: when boxes run out the answer is no, with the reason.

    >>> from numerics.families.attack_box import Box
    >>> from numerics.families.quadratic_landscapes import QuadraticLandscape
    >>> bowl = QuadraticLandscape(np.array([0.1]), np.array([[1.0]]))
    >>> [certify_maximum(bowl, Box(1.0), np.array([x])).reason for x in (1.0, -1.0)]
    ['all boxes outside the neighbourhood are excluded', 'a better point was found']
    """
    if landscape.inputs not in FIRST:
        return Certificate(False, f"inputs: expected 1 to 3, got {landscape.inputs}")
    radius, distance = _neighbourhood(landscape, region, delta)
    if not radius:
        return Certificate(False, "no neighbourhood was found in which the maximiser is unique")
    found = _exclude(landscape, region, delta, radius, most_boxes)
    return replace(found, distance=distance) if found.certified else found


def _neighbourhood(landscape: Landscape, region: Region, delta: Array) -> tuple[float, float]:
    """The largest tried half-side of N with the distance in it, (0, inf) if none.

    A smaller N is taken where the equations do not pin the maximiser down in the larger one.
    """
    radii = RADII * region.radius
    boxes = sides(delta - radii[:, None], delta + radii[:, None])
    found = landscape.on(boxes)
    good = radii[region.unique(delta, boxes, found) & _usable(found)]
    best = (0.0, np.inf)
    for radius in good[:TRIES]:
        distance = proved_distance(landscape, region, delta, float(radius))
        if distance < best[1]:
            best = float(radius), distance
        if distance < NEAR * region.radius:
            break
    return best


def _exclude(
    landscape: Landscape, region: Region, delta: Array, radius: float, most: int
) -> Certificate:
    """Drop all boxes outside N."""
    at = region.inside(delta)
    candidate = landscape.on(sides(at[None], at[None])).value
    floor, top = float(candidate.lo[0]), float(candidate.hi[0])
    lo, hi = _start(landscape.inputs, region.radius)
    count = 0
    while len(lo):
        lo, hi = _away(region, lo, hi, delta, radius)
        count += len(lo)
        if count > most:
            return Certificate(False, f"{len(lo)} boxes are open after {count}", radius, count)
        if not len(lo):
            break
        boxes, found, better = _bounds(landscape, region, lo, hi, top)
        if better:
            return Certificate(False, "a better point was found", radius, count)
        keep = ~((found.value.hi < floor) | region.impossible(boxes, found)) | ~_usable(found)
        lo, hi = region.reduced(lo, hi, found)
        lo, hi = _halves(lo[keep], hi[keep])
    return Certificate(True, "all boxes outside the neighbourhood are excluded", radius, count)


def _start(n: int, radius: float) -> tuple[Array, Array]:
    """A grid of boxes that covers the cube around 0."""
    edges = np.linspace(-radius, radius, FIRST[n] + 1)
    edges[0], edges[-1] = -radius, radius
    lo = np.stack(np.meshgrid(*[edges[:-1]] * n, indexing="ij"), -1).reshape(-1, n)
    hi = np.stack(np.meshgrid(*[edges[1:]] * n, indexing="ij"), -1).reshape(-1, n)
    return lo, hi


def _away(region: Region, lo: Array, hi: Array, delta: Array, radius: float) -> tuple[Array, Array]:
    """The boxes that may have members outside N; N is the box of floats that was examined."""
    within = ((delta - radius <= lo) & (hi <= delta + radius)).all(axis=1)
    keep = ~(within | region.outside(sides(lo, hi)))
    return lo[keep], hi[keep]


def _bounds(
    landscape: Landscape, region: Region, lo: Array, hi: Array, top: float
) -> tuple[list[Interval], Enclosure, bool]:
    """Enclosures with the better of the natural and the mean-value form; a better point?"""
    middle, n = (lo + hi) / 2, len(lo)
    both = landscape.on(sides(np.vstack([lo, middle]), np.vstack([hi, middle])))
    found = Enclosure(
        both.value[:n],
        [g[:n] for g in both.gradient],
        [[h[:n] for h in row] for row in both.hessian],
    )
    boxes, form = sides(lo, hi), both.value[n:]
    for i, side in enumerate(boxes):
        form = form + found.gradient[i] * (side - interval(middle[:, i]))
    member = (region.project(middle * (1 + 1e-12)) == middle * (1 + 1e-12)).all(axis=1)
    better = bool((member & (both.value[n:].lo > top)).any())
    upper = np.minimum(found.value.hi, form.hi)
    value = Interval(np.minimum(found.value.lo, upper), upper, found.value.sure)
    return boxes, Enclosure(value, found.gradient, found.hessian), better


def _halves(lo: Array, hi: Array) -> tuple[Array, Array]:
    """Each box cut across its longest side."""
    rows, longest = np.arange(len(lo)), np.argmax(hi - lo, axis=1)
    middle = (lo[rows, longest] + hi[rows, longest]) / 2
    left, right = hi.copy(), lo.copy()
    left[rows, longest], right[rows, longest] = middle, middle
    return np.vstack([lo, right]), np.vstack([left, hi])


def _usable(found: Enclosure) -> Array:
    """Where value and slopes are finite numbers."""
    good = np.isfinite(found.value.lo) & np.isfinite(found.value.hi)
    for slope in found.gradient:
        good = good & np.isfinite(slope.lo) & np.isfinite(slope.hi)
    return good
