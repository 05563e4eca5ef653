"""Witnesses checked along a second route: `confirm` fails unless the claim is broken there.

The independent evaluator does the work.  Added here: sets given by a support function, equations
between tiny numbers, and paths whose ratio grows late.
"""

from itertools import product
from typing import Any

from mpmath import mp, mpf
from sympy import Basic, Rational, S, Symbol

from tests.numerics.independent import (
    At,
    assert_refutes,
    components,
    entries,
    gap,
    number,
    point_of,
    slope,
)
from theory import Equal, Maximizes, NormBall, Not, Smooth, Vector

# A difference that is real does not depend on the working precision; rounding does.
PRECISIONS = (60, 120)
GRID = range(-4, 5)
TIMES = (Rational(1, 10**3), Rational(1, 10**6), Rational(1, 10**9))


def confirm(claim: Any, witness: Any) -> None:
    """Fail unless the witness meets the hypotheses and breaks the claim."""
    holds = claim.holds
    if witness.path is not None:
        return grows(claim, witness)
    if isinstance(holds, Not):  # the statement inside is proved: any admissible point will do
        assert meets(claim, point_of(witness)), "the hypotheses fail at the witness"
        return None
    if isinstance(holds, Equal):
        return differs(claim, witness)
    if isinstance(holds, Maximizes) and not isinstance(holds.over, NormBall):
        return is_not_best(claim, witness)
    return assert_refutes(claim, witness)


def meets(claim: Any, at: At) -> bool:
    return all(at.true(g) for g in claim.given)


def differs(claim: Any, witness: Any) -> None:
    """Some entry of the two sides differs, by the same amount at either precision."""
    found = []
    for digits in PRECISIONS:
        with mp.workdps(digits):
            at = point_of(witness)
            assert meets(claim, at), "the hypotheses fail at the witness"
            sides = [entries(at, side) for side in (claim.holds.left, claim.holds.right)]
            found.append([a - b for a, b in zip(*sides, strict=True)])
    coarse, fine = found
    assert any(
        b != 0 and abs(a - b) < abs(b) / 10**10 for a, b in zip(coarse, fine, strict=True)
    ), f"no entry differs: {fine}"


def is_not_best(claim: Any, witness: Any) -> None:
    """A better point of the set, or a claimed maximiser that some half-space cuts off."""
    at, holds = point_of(witness), claim.holds
    assert meets(claim, at), "the hypotheses fail at the witness"
    point, name = at.vector(holds.point), holds.wrt.name
    if name not in witness.values:
        assert excess(at, holds.over, point) > mpf(10) ** -30
        return
    assert excess(at, holds.over, at.values[name]) <= mpf(10) ** -30
    assert at.scalar(holds.objective) > at.moved(name, point).scalar(holds.objective)


def excess(at: At, attack: Any, point: list) -> mpf:
    """max <t, point> - h(t) over a grid of directions: positive for no point of the set."""
    t = Vector("t")
    support = attack.support(t)
    directions = (list(map(mpf, c)) for c in product(GRID, repeat=at.d) if any(c))
    return max(
        mp.fsum(a * b for a, b in zip(c, point, strict=True)) - at.moved("t", c).scalar(support)
        for c in directions
    )


def grows(claim: Any, witness: Any) -> None:
    """The ratio along the path more than doubles from each time to the next, inside the domain."""
    ratios = [ratio(claim, witness, time) for time in TIMES]
    assert 2 * ratios[0] < ratios[1] and 2 * ratios[1] < ratios[2], ratios
    assert witness.limit == "oo"


def ratio(claim: Any, witness: Any, time: Rational) -> mpf:
    """||f - f'|| / ||theta - theta'|| at one time of the path."""
    holds = claim.holds
    ats = [at_time(holds.wrt, witness, key, time) for key in (holds.wrt.name, holds.wrt.name + "'")]
    assert all(meets(claim, at) for at in ats), "the path leaves the domain"
    if isinstance(holds, Smooth):
        values = [slope(at, holds.f, holds.wrt) for at in ats]
    else:
        values = [components(at, holds.f) for at in ats]
    return gap(*values) / gap(*(components(at, holds.wrt) for at in ats))


def at_time(wrt: Any, witness: Any, key: str, time: Rational) -> At:
    t = Symbol("t", positive=True)
    shown = witness.path[key]
    moved = [S(c, locals={"t": t}) for c in ([shown] if isinstance(shown, str) else shown)]
    value = [number(str(Basic.subs(c, t, time))) for c in moved]
    return point_of(witness).moved(wrt.name, value if isinstance(wrt, Vector) else value[0])
