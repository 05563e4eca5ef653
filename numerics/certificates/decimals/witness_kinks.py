"""A kink: two one-sided derivatives along a direction that differ.

.. math:: D f(\\theta; h) \\ne -D f(\\theta; -h).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from numerics.certificates.decimals.evaluate import Program
from numerics.certificates.decimals.exact import Exact
from numerics.certificates.decimals.intervals import Interval
from numerics.certificates.decimals.one_sided import OneSided
from numerics.certificates.decimals.outcome import Rejected
from numerics.certificates.decimals.reader import items, rational
from numerics.certificates.decimals.scene import Scene, at, decide, near
from numerics.certificates.decimals.symbols import SIGNS
from numerics.certificates.decimals.tape import Tape


def check_kink(scene: Scene) -> None:
    """The derivatives from the left and from the right differ, inside the domain."""
    texts = items(scene.stated["h"], "h")
    h = [rational(t, "h") for t in texts]
    if len(h) != len(scene.case.layout.moving):
        raise Rejected("the direction h does not have as many components as wrt")
    _check_room(scene)
    tape = Tape()
    f = scene.case.language(tape).scalar(scene.statement.holds["f"])

    def differ(r: Exact) -> tuple[Interval, Interval] | None:
        right = _slope(scene, tape, f, r, h)
        left = _slope(scene, tape, f, r, [-c for c in h])
        if left is None or right is None:
            return None
        left = r.neg(left)
        return (left, right) if left[1] < right[0] or right[1] < left[0] else None

    left, right = decide(differ, "whether the one-sided derivatives differ")
    if not (near(scene.number("left"), left) and near(scene.number("right"), right)):
        raise Rejected("the stated one-sided derivatives are not those at the witness")


def _slope(scene: Scene, tape: Tape, f: int, r: Exact, h: Sequence[Fraction]) -> Interval | None:
    """The right derivative along h."""
    kind, case = OneSided(r), scene.case
    speed = dict(zip((case.place[n] for n in case.layout.moving), h, strict=True))
    moving = [kind.moving(x, speed.get(k)) for k, x in enumerate(scene.inputs())]
    found = Program(tape, kind)(moving)[f]
    return None if found is None else kind.slope(found)


def _check_room(scene: Scene) -> None:
    """Every hypothesis on wrt holds strictly, so a neighbourhood lies in the domain."""
    wrt = scene.wrt
    for x in scene.values[wrt.name]:
        if x == 0 and any(k in SIGNS for k, _ in wrt.facts):
            raise Rejected("the witness lies on the border of its domain")
        if wrt.fact("integer"):
            raise Rejected("the domain of the variable has no interior")
    case = scene.case
    bound = [h for h in case.hypotheses if case.convexity.depends(h)]

    def inside(r: Exact) -> bool | None:
        values = at(case.given, r, scene.inputs())
        return all(_strictly(case.given, values, h) for h in bound) or None

    decide(inside, "whether the witness lies inside of the domain")


def _strictly(tape: Tape, values: Sequence[object], register: int) -> bool:
    """Whether a condition holds with room to spare."""
    name, args, _ = tape.operations[register]
    if name in ("and", "or"):
        parts = [_strictly(tape, values, a) for a in args]
        return all(parts) if name == "and" else any(parts)
    if name == "not":
        inner, parts_of, _ = tape.operations[args[0]]
        return inner in ("nonneg", "pos", "zero") and _apart(values[parts_of[0]], -1, inner)
    return name in ("nonneg", "pos") and _apart(values[args[0]], 1, name)


def _apart(difference: object, sign: int, name: str) -> bool:
    """Whether the difference has the strict sign that its relation asks for."""
    if not isinstance(difference, tuple):
        return False
    low, high = difference
    if name == "zero":
        return bool(low > 0 or high < 0)
    return bool(low > 0 if sign > 0 else high < 0)
