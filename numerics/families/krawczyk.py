r"""How far a certified maximiser can be from its float: Krawczyk's operator.

.. math:: K(Z) = \hat z - Y F(\hat z) + (I - Y F'(Z))(Z - \hat z), \qquad
          F(z) = 0,\ z \in Z \Rightarrow z \in K(Z)

F are the first-order equations with the active constraints; Z shrinks to K(Z) as long as it helps.
Source: Krawczyk 1969.
"""

from __future__ import annotations

import numpy as np

from numerics.families.derivatives import Array
from numerics.families.landscapes import Enclosure, Landscape
from numerics.families.regions import Region, System
from numerics.intervals import Interval, interval

STEPS = 12


def proved_distance(landscape: Landscape, region: Region, delta: Array, radius: float) -> float:
    """A bound of max |delta_i - delta*_i|, for a maximiser known to be in the cube of ``radius``.

    It must be the only one there, with the active constraints of delta; at worst ``radius``.
    """
    box = [interval([d - radius], [d + radius]) for d in delta]
    unknowns = region.unknowns(delta, box, landscape.on(box))
    for _ in range(STEPS if unknowns else 0):
        smaller = _shrunk(landscape, region, delta, unknowns)
        if _width(smaller) > 0.9 * _width(unknowns):
            break
        unknowns = smaller
    ends = region.moved(delta, unknowns)
    return float(max(_distance(side, d) for side, d in zip(ends, delta, strict=True)))


def _shrunk(
    landscape: Landscape, region: Region, delta: Array, unknowns: list[Interval]
) -> list[Interval]:
    """Z and K(Z) together."""
    middle = [interval((z.lo + z.hi) / 2) for z in unknowns]
    wide, at = _both(landscape, region.moved(delta, unknowns), region.moved(delta, middle))
    rows = [_stacked(row) for row in region.system(delta, unknowns, wide).jacobian]
    slopes = Interval(np.array([r.lo for r in rows]), np.array([r.hi for r in rows]))
    inverse = _inverse((slopes.lo + slopes.hi) / 2)
    if inverse is None:
        return unknowns
    equations = region.system(delta, middle, at)
    found = _newton(equations, slopes, inverse, _stacked(unknowns), _stacked(middle))
    return [_common(z, found[k : k + 1]) for k, z in enumerate(unknowns)]


def _newton(
    at: System, slopes: Interval, inverse: Array, unknowns: Interval, middle: Interval
) -> Interval:
    """K(Z): (n,) intervals, from Jacobians (n, n)."""
    n = len(inverse)
    contraction = interval(np.eye(n))
    for k in range(n):
        contraction = contraction - interval(inverse[:, k, None]) * _row(slopes, k)
    values, reach = _stacked(at.values), unknowns - middle
    total = middle
    for k in range(n):
        total = total - interval(inverse[:, k]) * _row(values, k)
        total = total + Interval(contraction.lo[:, k], contraction.hi[:, k]) * _row(reach, k)
    return total


def _row(x: Interval, k: int) -> Interval:
    return Interval(x.lo[k], x.hi[k])


def _stacked(parts: list[Interval]) -> Interval:
    """(n,) from n intervals (1,)."""
    return Interval(np.concatenate([p.lo for p in parts]), np.concatenate([p.hi for p in parts]))


def _both(
    landscape: Landscape, wide: list[Interval], at: list[Interval]
) -> tuple[Enclosure, Enclosure]:
    """Enclosures over a box and at a point of it, in one call."""
    pairs = zip(wide, at, strict=True)
    found = landscape.on([Interval(np.append(w.lo, a.lo), np.append(w.hi, a.hi)) for w, a in pairs])
    parts = []
    for k in (slice(0, 1), slice(1, 2)):
        hessian = [[h[k] for h in row] for row in found.hessian]
        parts.append(Enclosure(found.value[k], [g[k] for g in found.gradient], hessian))
    return parts[0], parts[1]


def _inverse(middle: Array) -> Array | None:
    """The inverse in floats: any Y is sound."""
    try:
        inverse = np.linalg.inv(middle)
    except np.linalg.LinAlgError:
        return None
    return inverse if np.isfinite(inverse).all() else None


def _common(one: Interval, two: Interval) -> Interval:
    """The intersection; one of them where rounding has left none."""
    lo, hi = np.maximum(one.lo, two.lo), np.minimum(one.hi, two.hi)
    return Interval(lo, hi) if (lo <= hi).all() else one


def _width(unknowns: list[Interval]) -> float:
    return max(float((z.hi - z.lo).max()) for z in unknowns)


def _distance(side: Interval, point: float) -> float:
    # One unit more than the subtraction may have lost.
    far = max(float(side.hi.item()) - point, point - float(side.lo.item()))
    return float(np.nextafter(max(far, 0.0), np.inf))
