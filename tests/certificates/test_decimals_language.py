"""The checker reads statements as the theory means them: a second evaluator at random points.

Every claim of the library is written out by the checker and by ``tests.numerics.independent``,
which share nothing; values, gradients and Hessians must agree.
"""

from __future__ import annotations

import importlib
import pkgutil
import random
from fractions import Fraction
from typing import Any

import pytest
from mpmath import mp, mpf
from sympy.core.relational import Relational

import theory.planted
import theory.theorems
from numerics.certificates.decimals.case import Case, Layout
from numerics.certificates.decimals.derivatives import FirstOrder
from numerics.certificates.decimals.evaluate import Natural, Program
from numerics.certificates.decimals.exact import Exact
from numerics.certificates.decimals.goals import Relations
from numerics.certificates.decimals.intervals import Intervals
from numerics.certificates.decimals.matrices import entries
from numerics.certificates.decimals.one_sided import OneSided
from numerics.certificates.decimals.second_order import SecondOrder
from numerics.certificates.decimals.statement import read_statement
from numerics.certificates.decimals.tape import Tape
from tests.certificates.decimal_examples import envelope
from tests.numerics.independent import At, number
from theory import Claim, Equal, Lipschitz
from theory.claims import restated
from theory.general.atoms import about_unknowns
from theory.serial import encode
from theory.statements import Differentiable, Maximizes, Not
from theory.vectors import Label, Signs, Vector, VectorExpr

DIGITS = 60


def _claims() -> list[Claim]:
    found: dict[str, Claim] = {}
    for package in (theory.theorems, theory.planted):
        for module in pkgutil.iter_modules(package.__path__):
            if module.name != "malformed":
                loaded = importlib.import_module(f"{package.__name__}.{module.name}")
                values = [v for v in vars(loaded).values() if isinstance(v, Claim)]
                found |= {c.id: restated(c) for c in values if not about_unknowns(c)}
    return list(found.values())


CLAIMS = _claims()


def pieces(holds: Any) -> list[Any]:
    """Scalars and vectors that occur in a statement."""
    if isinstance(holds, Not):
        return pieces(holds.statement)
    if isinstance(holds, Maximizes):
        return [holds.point]
    if isinstance(holds, Equal):
        return [holds.left, holds.right]
    if isinstance(holds, Lipschitz | Differentiable):
        return [holds.f]
    return [side for r in holds.atoms(Relational) for side in r.args]


def draw(claim: Claim, d: int, rng: random.Random) -> dict[str, Any]:
    """Rational values, some coordinates zero or tied."""
    values: dict[str, Any] = {}
    for v in claim.free_variables:
        if isinstance(v, Signs | Label):
            signs = [rng.choice(["1", "-1"]) for _ in range(d)]
            values[v.name] = signs if isinstance(v, Signs) else signs[0]
        elif isinstance(v, Vector):
            parts = ["0", "1/2", f"{rng.randint(-30, 30)}/7", f"{rng.randint(-30, 30)}/11"]
            values[v.name] = [rng.choice(parts) for _ in range(d)]
        else:
            low = 1 if v.is_nonnegative else -40
            values[v.name] = f"{rng.randint(low, 40)}/13"
    return values


def scene(claim: Claim, d: int, values: dict[str, Any]) -> tuple[Case, list[Fraction]]:
    certificate = envelope(claim, "box", {})
    statement = read_statement(certificate["statement"], certificate["hash"])
    layout = Layout(statement, d, False)
    parts = {n: v if isinstance(v, list) else [v] for n, v in values.items()}
    signs = statement.named("label", "signs")
    pattern = {v.name: tuple(int(x) for x in parts[v.name]) for v in signs}
    flat = {f"{n}[{i + 1}]": Fraction(x) for n, p in parts.items() for i, x in enumerate(p)}
    flat |= {n: Fraction(v) for n, v in values.items() if not isinstance(v, list)}
    case = Case(layout, layout.names, pattern)
    return case, [flat[name] for name in case.names]


def independent(d: int, values: dict[str, Any]) -> At:
    as_numbers = {
        n: [number(x) for x in v] if isinstance(v, list) else number(v) for n, v in values.items()
    }
    return At(d, as_numbers)


def as_mpf(x: Any) -> mpf:
    q = Fraction(x)
    return mpf(q.numerator) / q.denominator


def agree(found: Any, wanted: mpf) -> bool:
    noise = mpf(10) ** -40 * (1 + abs(wanted))
    return bool(as_mpf(found[0]) - noise <= wanted <= as_mpf(found[1]) + noise)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda c: c.id)
def test_values_agree(claim: Claim) -> None:
    rng, compared = random.Random(claim.id), 0
    for d in claim.dimensions or (1, 2, 3):
        for _ in range(2):
            values = draw(claim, d, rng)
            case, inputs = scene(claim, d, values)
            with mp.workdps(DIGITS):
                compared += _compare(pieces(claim.holds), case, inputs, independent(d, values))
    assert compared or not pieces(claim.holds)


def _compare(parts: list[Any], case: Case, inputs: list[Fraction], there: At) -> int:
    tape, compared = Tape(), 0
    language = case.language(tape)
    for part in parts:
        try:
            wanted = _wanted(there, part)
        except (ZeroDivisionError, ValueError, TypeError, AssertionError):
            continue  # undefined there; the checker must not need it either
        if any(not mp.isfinite(w) or isinstance(w, mp.mpc) for w in wanted):
            continue
        tree = encode(part)
        many = isinstance(part, VectorExpr) or type(part).__name__ == "MatrixSum"
        registers = entries(language, tree) if many else [language.scalar(tree)]
        found = Program(tape, Natural(Exact(DIGITS)))([(x, x) for x in inputs])
        for register, w in zip(registers, wanted, strict=True):
            if found[register] is not None:
                assert agree(found[register], w), (part, found[register], w)
                compared += 1
    return compared


def _wanted(there: At, part: Any) -> list[mpf]:
    if isinstance(part, VectorExpr):
        return there.vector(part)
    if type(part).__name__ == "MatrixSum":
        return [e for row in there.matrix(part) for e in row]
    return [there.scalar(part)]


SMOOTH = [
    c
    for c in CLAIMS
    if isinstance(c.holds, Lipschitz | Differentiable)
    and not isinstance(c.holds.f, VectorExpr)
    and not isinstance(c.holds.wrt, Signs)
]
STEP = Fraction(1, 10**12)


@pytest.mark.parametrize("claim", SMOOTH, ids=lambda c: c.id)
def test_derivatives_agree_with_differences(claim: Claim) -> None:
    rng = random.Random(claim.id)
    for d in claim.dimensions or (1, 2):
        case, inputs = scene(claim, d, draw(claim, d, rng))
        inputs = [x + Fraction(k + 1, 1009) for k, x in enumerate(inputs)]  # off the kinks
        tape = Tape()
        f = case.language(tape).scalar(encode(claim.holds.f))
        _compare_derivatives(tape, f, case, inputs)


def _compare_derivatives(tape: Tape, f: int, case: Case, inputs: list[Fraction]) -> None:
    moving = {case.place[n]: j for j, n in enumerate(case.layout.moving)}
    r = Exact(80)
    value = Program(tape, Natural(r))

    def plain(point: list[Fraction]) -> Fraction:
        low, high = value([(x, x) for x in point])[f]
        return Fraction(low + high) / 2

    first = FirstOrder(Intervals(), len(moving))
    second = SecondOrder(Intervals(), len(moving))
    duals = [
        Program(tape, kind)([kind.start(first.r.constant(x), moving.get(k)) for k, x in
                             enumerate(inputs)])[f]
        for kind in (first, second)
    ]  # fmt: skip
    assert all(dual is not None for dual in duals)
    for k, j in moving.items():
        up, down = (shifted(inputs, {k: s * STEP}) for s in (1, -1))
        slope = (plain(up) - plain(down)) / (2 * STEP)
        for dual in duals:
            assert close(dual[1][j], slope), (j, dual[1][j], float(slope))
        for m, i in moving.items():
            if i <= j:
                corners = [plain(shifted(inputs, {k: a * STEP, m: b * STEP}))
                           if m != k else plain(shifted(inputs, {k: (a + b) * STEP}))
                           for a in (1, -1) for b in (1, -1)]  # fmt: skip
                bend = (corners[0] - corners[1] - corners[2] + corners[3]) / (4 * STEP**2)
                assert close(duals[1][2][j * (j + 1) // 2 + i], bend)


def shifted(point: list[Fraction], moves: dict[int, Fraction]) -> list[Fraction]:
    return [x + moves.get(k, Fraction(0)) for k, x in enumerate(point)]


def close(interval: Any, wanted: Fraction) -> bool:
    low, high = (Fraction(0), Fraction(0)) if interval is None else map(Fraction, interval)
    noise = Fraction(1, 10**15) * (1 + abs(wanted))
    return low - noise <= wanted <= high + noise and high - low < noise


@pytest.mark.parametrize("claim", SMOOTH, ids=lambda c: c.id)
def test_right_derivatives_agree_with_differences_on_kinks_too(claim: Claim) -> None:
    rng = random.Random(claim.id)
    for d in claim.dimensions or (1, 2, 3):
        for _ in range(4):
            case, inputs = scene(claim, d, draw(claim, d, rng))
            tape = Tape()
            f = case.language(tape).scalar(encode(claim.holds.f))
            speed = {case.place[n]: Fraction(rng.randint(-3, 3)) for n in case.layout.moving}
            _compare_right_derivative(tape, f, inputs, speed)


def _compare_right_derivative(
    tape: Tape, f: int, inputs: list[Fraction], speed: dict[int, Fraction]
) -> None:
    """A tiny step, because |t|^(10/9)/t is slow to vanish."""
    r = Exact(120)
    kind, step = OneSided(r), Fraction(1, 10**50)
    found = Program(tape, kind)([kind.moving(x, speed.get(k)) for k, x in enumerate(inputs)])[f]
    if found is None:
        return
    later = shifted(inputs, {k: v * step for k, v in speed.items()})
    value = Program(tape, Natural(r))
    ends = [value([(x, x) for x in point])[f] for point in (inputs, later)]
    slope = (sum(ends[1]) - sum(ends[0])) / (2 * step)
    slow = Fraction(1, 10**4) * (1 + abs(slope))
    low, high = kind.slope(found)
    assert low - slow <= slope <= high + slow


RELATIONS = [c for c in CLAIMS if isinstance(c.holds, Relational)]


@pytest.mark.parametrize("claim", [*RELATIONS, *SMOOTH], ids=lambda c: c.id)
def test_enclosures_on_boxes_contain_values_and_gradients_inside(claim: Claim) -> None:
    rng = random.Random(claim.id)
    for d in claim.dimensions or (1, 2):
        for width in (Fraction(1, 3), Fraction(3)):
            case, low = scene(claim, d, draw(claim, d, rng))
            high = [x + width * rng.randint(0, 3) for x in low]
            tape = Tape()
            parts = [p for p in pieces(claim.holds) if not isinstance(p, VectorExpr)]
            registers = [case.language(tape).scalar(encode(p)) for p in parts]
            _check_box(tape, registers, list(zip(low, high, strict=True)), rng)


def _check_box(tape: Tape, registers: list[int], corners: Any, rng: random.Random) -> None:
    r, exact = Intervals(), Exact(60)
    box = [r.between(*side) for side in corners]
    wide, narrow = FirstOrder(r, len(box)), FirstOrder(exact, len(box), strict=True)
    values = Program(tape, Natural(r))(box)
    duals = Program(tape, wide)([wide.start(x, k) for k, x in enumerate(box)])
    inside, slope = Program(tape, Natural(exact)), Program(tape, narrow)
    for _ in range(6):
        shares = [Fraction(rng.randint(0, 8), 8) for _ in corners]
        point = [(a + s * (b - a),) * 2 for s, (a, b) in zip(shares, corners, strict=True)]
        there = inside(point)
        slopes = slope([narrow.start(x, k) for k, x in enumerate(point)])
        for k in registers:
            if there[k] is None:
                assert values[k] is None
            elif values[k] is not None:
                assert overlaps(values[k], there[k])
            if duals[k] is not None and slopes[k] is not None:
                zero = (Fraction(0), Fraction(0))
                pairs = zip(duals[k][1], slopes[k][1], strict=True)
                assert all(overlaps(a or zero, b or zero) for a, b in pairs)


def overlaps(wide: Any, thin: Any) -> bool:
    """Whether an enclosure on a box meets the thin one at a point inside."""
    return bool(Fraction(wide[0]) <= thin[1] and thin[0] <= Fraction(wide[1]))


@pytest.mark.parametrize("claim", RELATIONS, ids=lambda c: c.id)
def test_centred_forms_contain_the_difference_inside(claim: Claim) -> None:
    rng = random.Random(claim.id)
    for d in claim.dimensions or (1, 2):
        case, low = scene(claim, d, draw(claim, d, rng))
        corners = [(x, x + Fraction(rng.randint(0, 8), 8)) for x in low]
        goal = Relations(case, Intervals(), Fraction(0))
        enclosure = goal._by_centre([goal.r.between(*side) for side in corners])
        inside = Program(goal.tape, Natural(Exact(60)))
        for _ in range(5):
            point = [(a + Fraction(rng.randint(0, 8), 8) * (b - a),) * 2 for a, b in corners]
            there = inside(point)
            for k, (name, args, _) in enumerate(goal.tape.operations):
                if name in ("nonneg", "pos", "zero") and enclosure(args[0]) is not None:
                    assert there[args[0]] is not None, k
                    assert overlaps(enclosure(args[0]), there[args[0]])
