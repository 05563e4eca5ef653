"""Constants of a claim set to what an instance has exactly, so that a wrong one shows.

.. math:: L = \\sup\\|\\nabla^2 l\\|, \\qquad \\mu = \\lambda_{\\min}, \\qquad
          s \\text{ with } \\text{lhs}(s) = \\text{rhs}(s)
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from flint import fmpq
from sympy import Eq, Ge, Gt, Le, Lt, Symbol, sympify

from numerics.falsify.unknowns.equations import roots, with_solved_vectors
from numerics.falsify.unknowns.evaluate import Evaluation
from numerics.falsify.unknowns.hypotheses import AT_POINTS, meets, sides, tight
from numerics.falsify.unknowns.instances import Instance
from numerics.falsify.unknowns.numbers import (
    ONE,
    Number,
    Undefined,
    is_exact,
    is_zero,
    rational,
    root,
    slightly_above,
)
from numerics.falsify.unknowns.pools import allowed, some_value
from numerics.falsify.unknowns.relations import decided
from numerics.falsify.unknowns.scope import Parts
from theory.everywhere import Everywhere
from theory.loewner_order import LoewnerLe
from theory.moduli import _WithModulus
from theory.statements import Equal, Lipschitz, Statement

OFTEN = 0.8  # a constant with room to spare breaks claims with a missing hypothesis
STEPS = 16
NEAR = [rational(s) for s in ("5/4", "4/5", "1001/1000", "999/1000", "2", "1/2")]
GRID = [rational(s) for s in ("1/1000", "1/10", "1/4", "1/2", "1", "2", "4", "10", "100")]


def tightened(parts: Parts, instance: Instance, rng: random.Random) -> Instance:
    """Another choice of the scalars; what it is worth is checked afterwards."""
    done: set[Any] = set()
    hypotheses = [*parts.statements, *parts.relations]
    for h in rng.sample(hypotheses, len(hypotheses)):
        fits = holds(h, Evaluation(instance))
        if fits and rng.random() > OFTEN:
            continue
        free = [s for s in symbols_of(h) if not (fits and s in done)]
        for s in rng.sample(free, len(free)):
            changed = _fitted(h, s, instance, fits, rng)
            if changed is not None:
                instance = changed
                done.add(s)
                break
    return with_solved_vectors(instance, parts.statements, parts.claim.free_variables)


def holds(h: Any, at: Evaluation) -> bool:
    """A hypothesis of either kind."""
    if isinstance(h, Statement):
        return meets(h, at)
    try:
        return decided(h, at) is True
    except Undefined:
        return False


def symbols_of(h: Any) -> list[Any]:
    """The symbols that a hypothesis compares with."""
    if isinstance(h, Lipschitz | _WithModulus):
        told = [h.constant if isinstance(h, Lipschitz) else h.modulus]
    else:
        inside = [h.relation] if isinstance(h, Everywhere) else [h]
        told = [h.left, h.right] if isinstance(h, AT_POINTS) else inside
    found = {s for e in told if hasattr(e, "atoms") for s in sympify(e).atoms(Symbol)}
    return sorted(found, key=str)


def _fitted(h: Any, s: Any, instance: Instance, fits: bool, rng: random.Random) -> Instance | None:
    """The instance with a value of s at which h just holds; else any other that helps."""
    try:
        candidates = list(_roots(h, s, instance))
    except Undefined:
        candidates = []
    if isinstance(h, LoewnerLe) and instance.dimension > 1:
        candidates += _ends(h, s, instance, rng)
    if not fits:
        candidates += [v for near in (True, False) if (v := some_value(s, rng, near)) is not None]
    for value in candidates:
        if allowed(s, value):
            changed = instance.put(s, value)
            if holds(h, Evaluation(changed)):
                return changed
    return None


def _roots(h: Any, s: Any, instance: Instance) -> Iterator[fmpq]:
    """Where the two sides agree, if they are affine in s; both neighbours of an irrational one."""
    if isinstance(h, Equal):
        yield from roots(h, s, instance)
        return
    gap = _gap(h, instance)
    if gap is None:
        return
    at_one, at_two = (gap(Evaluation(instance.put(s, fmpq(k)))) for k in (1, 2))
    if is_zero(at_two - at_one) is not False:
        return
    found = ONE - at_one / (at_two - at_one)
    if not is_exact(found):
        yield slightly_above(found)
        yield -slightly_above(-found)
    elif isinstance(h, Lt | Gt):
        yield from (found * f for f in NEAR)
    else:
        yield found


def _gap(h: Any, instance: Instance) -> Callable[[Evaluation], Number] | None:
    if isinstance(h, Lipschitz | _WithModulus):
        told = h.constant if isinstance(h, Lipschitz) else h.modulus
        return _against(told, tight(h, Evaluation(instance)))
    if isinstance(h, Everywhere):
        g, other = sides(h)
        f = Evaluation(instance).concrete(g.function)
        return _against(other, root(f.least_slope_squared(g.slot)))
    if isinstance(h, LoewnerLe):
        return lambda at: at.matrix(h.right - h.left)[0][0]
    if isinstance(h, Eq):
        return lambda at: at.scalar(h.lhs) - at.scalar(h.rhs)
    if isinstance(h, Le | Ge | Lt | Gt):
        return lambda at: at.scalar(h.gts) - at.scalar(h.lts)
    return None


def _against(told: Any, best: Number | None) -> Callable[[Evaluation], Number] | None:
    return None if best is None else lambda at: at.scalar(told) - best


def _ends(h: Any, s: Any, instance: Instance, rng: random.Random) -> list[fmpq]:
    """The ends of the interval of s on which matrices are ordered, from inside."""
    fits = [meets(h, Evaluation(instance.put(s, v))) for v in GRID]
    found = []
    for k in range(len(GRID) - 1):
        if fits[k] != fits[k + 1]:
            inside, outside = (GRID[k], GRID[k + 1]) if fits[k] else (GRID[k + 1], GRID[k])
            found.append(_closest(h, s, instance, inside, outside))
    return rng.sample(found, len(found)) or [v for v, fit in zip(GRID, fits, strict=True) if fit]


def _closest(h: Any, s: Any, instance: Instance, inside: fmpq, outside: fmpq) -> fmpq:
    """Bisection, at the simplest fraction in the middle third of each interval."""
    for _ in range(STEPS):
        step = (outside - inside) / 3
        middle = simplest(*sorted((inside + step, outside - step)))
        if meets(h, Evaluation(instance.put(s, middle))):
            inside = middle
        else:
            outside = middle
    return inside


def simplest(low: fmpq, high: fmpq) -> fmpq:
    """The fraction with the smallest denominator in an interval of positive numbers.

    >>> simplest(rational("3/10"), rational("7/20"))
    1/3
    """
    whole = fmpq(int(low.ceil()))
    if whole <= high:
        return whole
    floor = whole - 1
    return floor + ONE / simplest(ONE / (high - floor), ONE / (low - floor))
