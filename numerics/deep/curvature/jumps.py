r"""Jumps of the worst attack, and of the gradient with it.

.. math:: \Delta = \frac1n\sum_i \nabla_\theta l(x_i+\delta_i^+,\theta)
                 - \nabla_\theta l(x_i+\delta_i^-,\theta).

Along a segment the attack is solved anew while bisection closes in on its largest change. If the
change stays as the bracket shrinks, the attack jumps (in the box: coordinates flip between faces),
and Delta, at one theta, is the jump of the gradient; else attack and Delta shrink with the bracket.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from numerics.deep.attacks.solution import Solution
from numerics.deep.curvature.difference_quotients import Resolve, gradient_at
from numerics.deep.objective import Objective


def sign_flips(before: Solution, after: Solution) -> Tensor:
    """How many coordinates went from one face of the box to the opposite one: (n,)."""
    both = before.active & after.active
    return (both & (before.delta.sign() != after.delta.sign())).flatten(1).sum(1)


@dataclass(frozen=True)
class Jump:
    """The change of attack and gradient across a bracket of the segment, theta(t)."""

    position: float  # t in [0, 1], the middle of the bracket
    width: float  # of the bracket, in t
    flips: int  # coordinates that changed face, over all samples
    attack: float  # the largest ||delta+ - delta-||_2 of a sample
    observed: float  # ||gradient(theta+) - gradient(theta-)||, attacks solved anew
    predicted: float  # ||Delta|| at the middle theta
    unconverged: int  # attacks at the two ends that missed their optimality conditions


def crossing(
    objective: Objective,
    x: Tensor,
    y: Tensor,
    resolve: Resolve,
    start: Tensor,
    end: Tensor,
    width: float = 1e-9,
    tolerance: float = 1e-8,
) -> Jump:
    """The place between two parameters at which the attack changes most, to ``width`` in t.

    ``resolve`` must look for the global maximum itself (it is given no start: a warm start would
    follow the old maximum past the tie).
    """

    def at(t: float) -> Tensor:
        return start + t * (end - start)

    low, high = 0.0, 1.0
    before, after = resolve(at(low), None), resolve(at(high), None)
    while high - low > width:
        t = (low + high) / 2
        middle = resolve(at(t), None)
        if attack_change(before, middle) >= attack_change(middle, after):
            high, after = t, middle
        else:
            low, before = t, middle
    t = (low + high) / 2
    ends = [gradient_at(objective, at(s), x, y, d.delta) for s, d in ((low, before), (high, after))]
    here = [gradient_at(objective, at(t), x, y, d.delta) for d in (before, after)]
    missed = int((~before.converged(tolerance)).sum() + (~after.converged(tolerance)).sum())
    return Jump(
        position=t,
        width=high - low,
        flips=int(sign_flips(before, after).sum()),
        attack=attack_change(before, after),
        observed=float((ends[1] - ends[0]).norm()),
        predicted=float((here[1] - here[0]).norm()),
        unconverged=missed,
    )


def attack_change(before: Solution, after: Solution) -> float:
    """The largest Euclidean change of a sample's attack."""
    return float((after.delta - before.delta).flatten(1).norm(dim=1).max())
