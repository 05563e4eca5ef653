"""Two points that break a Lipschitz bound, a smoothness bound or convexity.

.. math:: \\|f(\\theta)-f(\\theta')\\| > L\\,\\|\\theta-\\theta'\\|; \\qquad
          2 f\\bigl(\\tfrac{\\theta+\\theta'}2\\bigr) > f(\\theta)+f(\\theta').
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from numerics.certificates.decimals.derivative_goals import functions_of
from numerics.certificates.decimals.derivatives import FirstOrder
from numerics.certificates.decimals.evaluate import Program
from numerics.certificates.decimals.exact import Exact
from numerics.certificates.decimals.intervals import Interval
from numerics.certificates.decimals.outcome import Rejected
from numerics.certificates.decimals.scene import Scene, Value, at, decide, less
from numerics.certificates.decimals.tape import Tape

TWO = Fraction(2)
Row = list[Interval]


def check_pair(scene: Scene) -> None:
    """The bound certainly fails between wrt and its primed second point."""
    second = scene.values[f"{scene.wrt.name}'"]
    scene.check_hypotheses(scene.inputs(second))
    if scene.statement.kind == "Convex":
        _check_segment(scene, second)
        sides = decide(_chord(scene, second), "whether the chord fails")
    else:
        sides = decide(_bound(scene, second), "whether the bound fails")
    scene.check_sides([sides])


def _check_segment(scene: Scene, second: Value) -> None:
    """Both ends satisfy hypotheses of convex kinds, hence so does everything between."""
    case = scene.case
    if not all(case.convexity.convex_set(h) for h in case.hypotheses):
        raise Rejected("cannot check that the whole segment satisfies the hypotheses")
    if scene.wrt.fact("integer"):
        raise Rejected("cannot check convexity in an integer variable")
    first = scene.values[scene.wrt.name]
    crosses = any(a * b < 0 for a, b in zip(first, second, strict=True))
    punctured = scene.wrt.fact("nonzero") or scene.wrt.fact("zero") is False
    if punctured and crosses:
        raise Rejected("the segment crosses 0, where the variable may not be")


def _chord(scene: Scene, second: Value) -> Callable[[Exact], tuple[Interval, Interval] | None]:
    tape = Tape()
    (f,) = functions_of(scene.case.language(tape), scene.statement.holds["f"], vectors=False)
    first = scene.values[scene.wrt.name]
    middle = tuple((a + b) / 2 for a, b in zip(first, second, strict=True))

    def fails(r: Exact) -> tuple[Interval, Interval] | None:
        below, *ends = (at(tape, r, scene.inputs(p))[f] for p in (middle, first, second))
        if below is None or None in ends:
            return None
        chord = r.div(r.add(*ends), r.constant(TWO))
        return _violated(below, chord)

    return fails


def _violated(small: Interval, large: Interval) -> tuple[Interval, Interval] | None:
    """The two sides where small <= large certainly fails."""
    if less(large, small):
        return small, large
    if small[1] <= large[0]:
        raise Rejected("the statement holds at the witness")
    return None


def _bound(scene: Scene, second: Value) -> Callable[[Exact], tuple[Interval, Interval] | None]:
    tape, holds = Tape(), scene.statement.holds
    if holds["constant"] is None:
        raise Rejected("'some finite constant' is not refuted by two points")
    language = scene.case.language(tape)
    smooth = scene.statement.kind == "Smooth"
    f = functions_of(language, holds["f"], vectors=not smooth)
    constant = language.scalar(holds["constant"])
    first = scene.values[scene.wrt.name]
    step = [a - b for a, b in zip(first, second, strict=True)]

    def fails(r: Exact) -> tuple[Interval, Interval] | None:
        rows = [
            _gradient(scene, tape, f[0], r, p) if smooth else _values(scene, tape, f, r, p)
            for p in (first, second)
        ]
        bound = at(tape, r, scene.inputs())[constant]
        if bound is None or rows[0] is None or rows[1] is None:
            return None
        change = r.norm([r.sub(a, b) for a, b in zip(rows[0], rows[1], strict=True)], TWO)
        return _violated(change, r.mul(bound, r.norm([(s, s) for s in step], TWO)))

    return fails


def _values(scene: Scene, tape: Tape, f: Sequence[int], r: Exact, point: Value) -> Row | None:
    found = at(tape, r, scene.inputs(point))
    row = [found[k] for k in f]
    return None if None in row else row


def _gradient(scene: Scene, tape: Tape, f: int, r: Exact, point: Value) -> Row | None:
    """The gradient in wrt at a point that is certainly on no kink."""
    case = scene.case
    moving = {case.place[n]: j for j, n in enumerate(case.layout.moving)}
    kind = FirstOrder(r, len(moving), strict=True)
    inputs = [kind.start((x, x), moving.get(k)) for k, x in enumerate(scene.inputs(point))]
    found = Program(tape, kind)(inputs)[f]
    zero = r.constant(Fraction(0))
    return None if found is None else [zero if g is None else g for g in found[1]]
