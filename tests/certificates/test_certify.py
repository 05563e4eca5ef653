"""The certifier: true claims with room get a certificate, everything else a reason."""

import importlib
import json
import random
import time
from fractions import Fraction
from typing import Any

import pytest
from sympy import (
    Abs,
    Max,
    Rational,
    atan,
    cos,
    cosh,
    erf,
    exp,
    log,
    sin,
    sinh,
    sqrt,
    symbols,
    tanh,
)

from numerics.certify import Certified, Gap, Supremum, certify, enclose_supremum
from numerics.certify.confirmation import simple_below
from numerics.certify.goals import EXACT, FLOAT
from numerics.certify.jets import Jets
from numerics.certify.lowering import Lowering
from numerics.certify.program import Program
from numerics.certify.tree import Tree
from numerics.intervals import interval
from tests.certificates import corpus
from theory import Claim, Lipschitz, Vector, clock, norm
from theory.enclosure import decide, enclose

a, b = symbols("a b", real=True)
t = Vector("t")


def within(seconds: float) -> float:
    return clock.now() + seconds


def named(claims: list[Claim]) -> Any:
    return pytest.mark.parametrize("claim", claims, ids=lambda claim: claim.id)


@named(corpus.TRUE)
def test_true_claims_with_room_are_certified(claim: Claim, tmp_path: Any) -> None:
    found = certify(claim, within(60))
    assert isinstance(found, Certified), found
    body = found.certificate["body"]
    assert found.leaves == sum(len(leaves_of(case["tree"])) for case in body["cases"])
    for name in ("arb", "decimals"):
        outcome = checked(name, found, tmp_path)
        assert outcome is None or outcome.accepted, outcome


def leaves_of(tree: str) -> list[str]:
    return [token for token in tree.split() if not token.isdecimal()]


def checked(name: str, found: Certified, tmp_path: Any) -> Any:
    """What an independent program says to the certificate."""
    program = importlib.import_module(f"numerics.certificates.{name}")
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(found.certificate), encoding="utf-8")
    return program.check(path)


@named(corpus.FALSE)
def test_false_claims_are_never_certified(claim: Claim) -> None:
    assert isinstance(certify(claim, within(10)), Gap)


@named(corpus.TOUCHING)
def test_equality_is_noticed_early(claim: Claim) -> None:
    start = time.process_time()
    found = certify(claim, within(60))
    assert isinstance(found, Gap), found
    assert time.process_time() - start < 10, found


@named(corpus.NOT_SHOWN)
def test_what_boxes_cannot_show_has_a_reason(claim: Claim) -> None:
    start = time.process_time()
    found = certify(claim, within(60))
    assert isinstance(found, Gap), found
    assert found.reason
    assert time.process_time() - start < 10, found


def test_the_budget_ends_the_search() -> None:
    hard = Claim(id="hard", given=[norm(t, 2) <= 3], holds=norm(t) < 10**9, dimensions=(8,))
    assert isinstance(certify(hard, within(-1)), Gap | Certified)  # no exception, whatever it is
    slow = corpus.claim("slow", corpus.greatest_curvature() < Rational(456, 1000), corpus.ANNULUS)
    start = time.process_time()
    assert isinstance(certify(slow, within(0.2)), Gap)
    assert time.process_time() - start < 5


def test_processes_share_the_cases() -> None:
    claim = corpus.claim("label", exp(-corpus.y * a) < 8, [Abs(a) <= 2])
    alone, shared = certify(claim, within(60)), certify(claim, within(60), jobs=2)
    assert isinstance(alone, Certified)
    assert alone == shared


def test_the_slack_is_stated_where_it_costs_nothing() -> None:
    found = certify(corpus.claim("room", a < 3, [Abs(a) <= 2]), within(10))
    assert isinstance(found, Certified)
    assert found.certificate["body"]["slack"] == "1/2"


def test_a_simple_slack() -> None:
    assert simple_below(0.0471) == Fraction(1, 50)
    assert simple_below(0.0) == simple_below(float("nan")) == simple_below(float("inf")) == 0


def test_a_tree_is_written_in_preorder() -> None:
    tree = Tree()
    low = tree.divide(0, 1)
    tree.close(low + 1, 2)
    inner = tree.divide(low, 0)
    tree.close(inner, 1)
    tree.close(inner + 1, 4)
    assert tree.text() == "1 0 n h1 c"
    boxes = [box for _, box in tree.boxes(((Fraction(0), Fraction(1)), (Fraction(0), Fraction(1))))]
    assert [box[0] for box in boxes] == [(0, Fraction(1, 2)), (Fraction(1, 2), 1), (0, 1)]


# --- suprema

BOX = [Abs(a) <= 3, Abs(b) <= 3]


def test_a_supremum_lies_between_its_bounds() -> None:
    found = enclose_supremum(Claim(id="sup", given=BOX, holds=sin(a) + a * b / 9 <= 0), within(30))
    assert isinstance(found, Supremum), found
    peak = Fraction(1579687, 10**6)  # b = 3 and cos a = -1/3
    assert found.lower <= peak + Fraction(1, 10**6)
    assert found.upper >= peak
    assert found.upper - found.lower <= Fraction(2, 1000) * abs(found.upper)


def test_the_best_lipschitz_constant_is_enclosed() -> None:
    f = log(1 + exp(norm(t) - 1))
    claim = Claim(id="best", given=[norm(t) <= 2], holds=Lipschitz(f, t, 1))
    found = enclose_supremum(claim, within(30))
    assert isinstance(found, Supremum), found
    best = 1 / (1 + Rational(2718281828, 10**9) ** -1)  # the sigmoid of 1
    assert found.lower <= Fraction(int(best.p), int(best.q)) + Fraction(1, 10**6)
    assert found.upper >= Fraction(int(best.p), int(best.q)) - Fraction(1, 10**6)


def test_no_supremum_without_bounds() -> None:
    assert isinstance(enclose_supremum(Claim(id="unbounded", holds=a <= 3), within(5)), Gap)
    given = [Abs(a) <= 1]
    pole = Claim(id="pole", given=given, holds=1 / a**2 <= 0)
    assert isinstance(enclose_supremum(pole, within(5)), Gap)


# --- random claims: what is certified is true at random points

ATOMS = (a, b, a * b, a**2, sin(a), tanh(b), Abs(a - b), exp(a / 2), Max(a, b), 1 / (3 + b))


def random_claim(rng: random.Random) -> Claim:
    terms = [Rational(rng.randint(-9, 9), 4) * rng.choice(ATOMS) for _ in range(3)]
    f = terms[0] * terms[1] + terms[2]
    bound = Rational(rng.randint(-20, 60), 4)
    return Claim(id="random", given=[Abs(a) <= 2, Abs(b) <= 2], holds=f + a * 0 < bound + b**2)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_certified_holds_at_random_points(seed: int, tmp_path: Any) -> None:
    rng = random.Random(seed)
    claim = random_claim(rng)
    found = certify(claim, within(3))
    if isinstance(found, Gap):
        return
    for name in ("arb", "decimals"):
        assert checked(name, found, tmp_path).accepted
    for _ in range(200):
        point = {v: Rational(rng.randint(-64, 64), 32) for v in (a, b)}
        assert decide(claim.holds, point)


# --- derivatives on a box contain SymPy's derivatives at its points

SMOOTH = [
    a**3 * b - 2 / (3 + b),
    sin(a) * cos(a * b) + atan(b - a),
    log(1 + exp(a * b)) + sqrt(a**2 + b**2 + 1),
    tanh(a) * sinh(b) - cosh(a - b),
    erf(a + b) ** 2 * (b + 5) ** Rational(3, 2),
    Max(a - 3, b + 4) * Abs(b + 7),
]


@pytest.mark.parametrize("f", SMOOTH, ids=str)
def test_slopes_contain_the_derivatives(f: Any) -> None:
    program = Program(["a", "b"])
    k = Lowering(program, 1, {}).scalar(f)
    low, high = Fraction(-1, 3), Fraction(2, 3)
    box = [EXACT.between(low, high)] * 2
    jet = Jets(program, EXACT, [0, 1], 2).run(program.needed([k]), box)[k]
    rough = Jets(program, FLOAT, [0, 1], 2).run(
        program.needed([k]), [interval(float(low), float(high))] * 2
    )[k]
    rng = random.Random(0)
    plain = f.subs(Max(a - 3, b + 4), b + 4).subs(Abs(b + 7), b + 7)
    pairs = [(jet.value, rough.value, plain)]
    for i, p in enumerate((a, b)):
        pairs.append((jet.first[i], rough.first[i], plain.diff(p)))
        for j, q in enumerate((a, b)[: i + 1]):
            pairs.append((jet.second[i][j], rough.second[i][j], plain.diff(p, q)))
    for exact, floats, derivative in pairs:
        for _ in range(20):
            point = {p: Rational(rng.randint(-33, 66), 99) for p in (a, b)}
            number = enclose(derivative, point)
            if isinstance(exact, int):
                assert number == 0
                continue
            assert exact[0] <= number <= exact[1]
            assert floats.lo <= float(number) <= floats.hi
