"""A better attack than the claimed maximiser, or a claimed maximiser outside of the set.

.. math:: \\delta \\in K,\\ g(\\delta) > g(\\delta^*); \\qquad
          \\|\\delta^*\\|_p > \\epsilon, \\ \\text{ or }\\ \\langle t, \\delta^*\\rangle > h_K(t).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, product
from typing import Any

from numerics.certificates.decimals.evaluate import Natural, Program
from numerics.certificates.decimals.exact import Exact
from numerics.certificates.decimals.intervals import Interval
from numerics.certificates.decimals.outcome import Rejected
from numerics.certificates.decimals.reader import keys, mapping
from numerics.certificates.decimals.scene import Scene, decide, less
from numerics.certificates.decimals.symbols import PROBE
from numerics.certificates.decimals.tape import Tape

Sides = tuple[Interval, Interval]


class Attack:
    """The objective, the claimed point and the set on one tape, with two more vectors as inputs."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.tape, holds = scene, Tape(), scene.statement.holds
        self.d, start = scene.case.layout.d, len(scene.case.names)
        free = scene.case.language(self.tape)
        self.point = free.vector(holds["point"])
        self.attack = [self.tape.input(start + i) for i in range(self.d)]
        free.values = {**free.values, scene.wrt.name: self.attack}
        self.objective = free.scalar(holds["objective"])
        self.ball: Mapping[str, Any] | None = None
        over = mapping(holds["over"], "over")
        language = scene.case.language(self.tape)
        if "ball" in over:
            self.ball = keys(over, ["ball", "radius"], "over")
            self.p = language.exponent(over["ball"])
            self.radius = language.scalar(over["radius"])
        else:
            form = keys(over, ["support"], "over")["support"]
            language.values = {**language.values, PROBE: self.attack}
            self.support = language.scalar(form)

    def values(self, r: Exact, attack: Sequence[Interval] | None = None) -> list[Any]:
        """Every register, with the two vectors at hand set to the same attack."""
        filler = [(Fraction(0), Fraction(0))] * self.d
        free = [(x, x) for x in self.scene.inputs()]
        return Program(self.tape, Natural(r))([*free, *(filler if attack is None else attack)])

    def point_at(self, r: Exact) -> list[Interval] | None:
        found = [self.values(r)[k] for k in self.point]
        return None if None in found else found


def check_maximum(scene: Scene) -> None:
    """Better, where the witness names an attack; else outside."""
    attack = Attack(scene)
    if scene.wrt.name in scene.values:
        _check_inside(attack)
        scene.check_sides([decide(lambda r: _better(attack, r), "whether the attack is better")])
    elif attack.ball is not None:
        scene.check_sides([decide(lambda r: _outside(attack, r), "whether the point is outside")])
    else:
        _check_cut_off(attack)


def _check_inside(attack: Attack) -> None:
    """The attack lies in the ball: by p-th powers, which are exact where p is whole."""
    if attack.ball is None:
        raise Rejected("whether an attack lies in a set given by its support is not checked")
    delta = [(x, x) for x in attack.scene.values[attack.scene.wrt.name]]

    def inside(r: Exact) -> bool | None:
        radius = attack.values(r)[attack.radius]
        if radius is None or radius[0] < 0:
            return None if radius is None or radius[1] >= 0 else False
        if attack.p is None or attack.p == 1:
            sizes = [r.abs(x) for x in delta]
            length = r.max(*sizes) if attack.p is None else r.sum(sizes)
        else:
            length = r.sum([r.rational_power(r.abs(x), attack.p) for x in delta])
            radius = r.rational_power(radius, attack.p)
        return True if length[1] <= radius[0] else False if length[0] > radius[1] else None

    if not decide(inside, "whether the attack lies in the ball"):
        raise Rejected("the attack lies outside of the ball")


def _better(attack: Attack, r: Exact) -> Sides | None:
    """objective(delta) > objective(point)."""
    point = attack.point_at(r)
    delta = [(x, x) for x in attack.scene.values[attack.scene.wrt.name]]
    if point is None:
        return None
    better, best = (attack.values(r, x)[attack.objective] for x in (delta, point))
    if better is None or best is None:
        return None
    if better[1] <= best[0]:
        raise Rejected("the attack is not better than the claimed maximiser")
    return (better, best) if less(best, better) else None


def _outside(attack: Attack, r: Exact) -> Sides | None:
    """||point||_p > radius."""
    point, radius = attack.point_at(r), attack.values(r)[attack.radius]
    if point is None or radius is None:
        return None
    sizes = [r.abs(x) for x in point]
    length = r.max(*sizes) if attack.p is None else r.norm(sizes, attack.p)
    if length[1] <= radius[0]:
        raise Rejected("the claimed maximiser lies in the ball")
    return (length, radius) if less(radius, length) else None


def _check_cut_off(attack: Attack) -> None:
    """Some half-space <t, .> <= h_K(t) excludes the claimed maximiser."""
    if attack.scene.number("lhs") is not None or attack.scene.number("rhs") is not None:
        raise Rejected("the stated lhs and rhs of a general attack set are not checked")

    def cut_off(r: Exact) -> bool | None:
        point = attack.point_at(r)
        if point is None:
            return None
        return any(_cuts(attack, r, point, t) for t in _directions(attack.d, point))

    if not decide(cut_off, "whether the claimed maximiser lies outside of the set"):
        raise Rejected("no direction that was tried shows the claimed maximiser outside of the set")


def _cuts(attack: Attack, r: Exact, point: Sequence[Interval], t: Sequence[Fraction]) -> bool:
    support = attack.values(r, [(x, x) for x in t])[attack.support]
    reach = r.sum([r.mul((x, x), p) for x, p in zip(t, point, strict=True)])
    return support is not None and bool(less(support, reach))


def _directions(d: int, point: Sequence[Interval]) -> Iterator[Sequence[Fraction]]:
    """The point itself, the axes, and a small grid."""
    size = range(-3, 4) if d <= 3 else range(-1, 2)
    grid = product([Fraction(n) for n in size], repeat=d) if d <= 6 else iter(())
    axes = ([Fraction(s * (i == j)) for i in range(d)] for j in range(d) for s in (1, -1))
    return chain([[x[0] for x in point]], axes, (t for t in grid if any(t)))
