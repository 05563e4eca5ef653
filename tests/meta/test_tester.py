"""Tests of the tester: a bug planted in an engine makes the sentinels of that engine fail.

Each check returns what is wrong.  It must find nothing in the engine as it is, and something in
the engine with the bug: a sentinel that no bug disturbs would guard nothing.
"""

from collections.abc import Callable
from typing import Any

import numpy
import pytest
from flint import arb, ctx
from sympy import Abs, Eq, Rational, S, Symbol, exp, log, oo, sqrt, symbols

import numerics.falsify.confirm as confirm
import numerics.verify
import theory.enclosure.balls as balls
import theory.enclosure.ranges as ranges
import theory.provers.convexity
import theory.provers.differentiability
import theory.provers.lipschitz_constant
import theory.provers.maximality
import theory.provers.monotone
import theory.provers.quadratic_form
import theory.provers.scalar_relation
import theory.reasoning.convexity as convexity
import theory.reasoning.inequalities.smt as smt
import theory.reasoning.one_variable as one_variable
import theory.reasoning.quadratic_forms as quadratic_forms
from numerics.falsify.goals import problem as lowered
from numerics.falsify.search import Search
from tests.laws.witnesses import confirm as witness_stands
from tests.meta.planted_bugs import bug, proofs, replace_everywhere, says
from theory import (
    Convex,
    Differentiable,
    Lipschitz,
    Maximizes,
    NormBall,
    Signs,
    Vector,
    clock,
    dot,
    hadamard,
    in_orthant,
    norm,
    unit,
)
from theory.attack_sets.norm_ball import dual_exponent
from theory.coordinates import coordinate
from theory.enclosure import decide
from theory.reasoning.inequalities import entails
from theory.reasoning.inequalities.formulas import FALSE
from theory.reasoning.inequalities.search import Search as Refuter
from theory.reasoning.invariants import Reduction, orthant_rewriting
from theory.reasoning.lipschitz_calculus import Bound, LipschitzCalculus
from theory.vectors import AbsPower, Peak, Sign
from theory.verdicts import Evidence, Status, Witness

Patch = pytest.MonkeyPatch
theta, u, v, h, delta, s = (
    *(Vector(name) for name in ("theta", "u", "v", "h", "delta")),
    Signs("s"),
)
eps, rho = symbols("epsilon rho", positive=True)
t, w = symbols("t w", real=True)
NONZERO = (norm(u) > 0, norm(v) > 0)


# --- a: the constant of Dunkl and Williams


def directions() -> list[str]:
    def turning(constant: Any) -> Any:
        return says(Lipschitz(unit(theta), theta, constant), norm(theta) >= rho)

    return proofs(
        theory.provers.lipschitz_constant,
        true=[turning(1 / rho)],
        false=[turning(1 / (2 * rho)), turning(Rational(999, 1000) / rho)],
    )


def one_for_two(patch: Patch) -> None:
    right = LipschitzCalculus._direction

    def wrong(self: Any, inner: Any) -> list[Bound]:
        return [Bound(b.value / 2, b.steps) for b in right(self, inner)]

    patch.setattr(LipschitzCalculus, "_direction", wrong)


# --- b: orthants


def orthants() -> list[str]:
    one_norm = Differentiable(norm(theta, 1), theta)
    return proofs(
        theory.provers.differentiability,
        true=[says(one_norm, in_orthant(theta, s))],
        false=[says(one_norm, norm(theta) > 0), says(one_norm, in_orthant(u, s))],
    )


def orthant_without_hypothesis(patch: Patch) -> None:
    def wrong(given: Any) -> dict[Any, Any]:
        rules = {Sign(theta): s, AbsPower(theta, 1): hadamard(s, theta)}
        return {**rules, norm(theta, 1): dot(s, theta)}

    replace_everywhere(patch, orthant_rewriting, wrong)


# --- c: Cauchy-Schwarz


def cauchy_schwarz() -> list[str]:
    return proofs(
        theory.provers.scalar_relation,
        true=[
            says(dot(u, v) <= norm(u) * norm(v)),
            says(dot(u, v) ** 2 <= norm(u) ** 2, norm(v) <= 1),
        ],
        false=[
            says(dot(u, v) >= norm(u) * norm(v)),
            says(Abs(dot(u, v)) >= norm(u), norm(v) >= 1),
            says(dot(u, v) <= norm(u)),
            says(dot(u, v) <= sqrt(norm(u) * norm(v))),
        ],
    )


def about_dots(fact: Callable[[Any, Any, Any], Any]) -> Callable[[Patch], None]:
    def wrong(self: Any, atom: Any) -> list[Any]:
        a, b = (self._map(norm(vector)) for vector in atom.args)
        return [fact(Abs(self.names[atom]), a, b)]

    return lambda patch: patch.setattr(Reduction, "_about_dot", wrong)


# --- d: interval arithmetic


def enclosures() -> list[str]:
    """Ranges and balls contain the value at every point, to twice the precision."""
    wrong = []
    for f in (exp(t), exp(-t) / (1 + t**2), t**3 - 2 * t, t * (t - 1), log(1 + exp(-t))):
        for low, high in ((-1, 1), (0, 2), (-3, -1), (Rational(1, 3), Rational(1, 3))):
            points = [low + Rational(k, 4) * (high - low) for k in range(5)]
            box = ranges.range_of(f, {t: ranges.Range(low, high)}, bits=40)
            for point in points:
                sharp = balls.enclose(f.xreplace({t: point}) if point else f.subs(t, 0), {}, 300)
                coarse = balls.enclose(f, {t: point}, 40)
                if box is None or not (box.lo <= sharp <= box.hi):
                    wrong.append(f"{f} at {point} lies outside its range on [{low}, {high}]")
                if not coarse.overlaps(sharp):
                    wrong.append(f"{f} at {point} lies outside its ball")
    return wrong


def to_nearest(name: str) -> Callable[[Patch], None]:
    """The function without its radius: the middle of the ball, as if it were exact."""

    def plant(patch: Patch) -> None:
        apply = balls.BallEvaluator.apply
        at_end = ranges.INCREASING[name]

        def wrong(self: Any, called: str, a: arb) -> arb:
            value = apply(self, called, a)
            return value.mid() if called == name else value

        patch.setattr(balls.BallEvaluator, "apply", wrong)
        patch.setitem(ranges.INCREASING, name, lambda x: at_end(x).mid())

    return plant


def ends_swapped_by_a_minus(patch: Patch) -> None:
    """[-a, -b] for -[a, b]: reversed ends are put in order, and half of the products are lost."""

    def wrong(self: Any, a: Any, b: Any) -> Any:
        low, high = a.lo * b.lo, a.hi * b.hi
        return ranges.Range(low.min(high), low.max(high))

    patch.setattr(ranges.RangeEvaluator, "mul", wrong)


def added_crosswise(patch: Patch) -> None:
    def wrong(self: Any, a: Any, b: Any) -> Any:
        low, high = a.lo + b.hi, a.hi + b.lo
        return ranges.Range(low.min(high), low.max(high))

    patch.setattr(ranges.RangeEvaluator, "add", wrong)


# --- e: decisions

EQUAL = [  # two sides that are equal at the point, and round differently
    ((1 + sqrt(t)) ** 2, 1 + 2 * sqrt(t) + t, 2),
    ((exp(t) + 1) ** 2, exp(2 * t) + 2 * exp(t) + 1, Rational(1, 3)),
    (log(6 * t), log(2) + log(3) + log(t), 7),
    (sqrt(t) * sqrt(t + 1), sqrt(t**2 + t), 5),
]


def decisions() -> list[str]:
    """Equal numbers are never found apart, numbers that differ are never found equal."""
    positive = Symbol("t", positive=True)
    wrong = []
    for left, right, at in EQUAL:
        a, b = (side.xreplace({t: positive}) for side in (left, right))
        point = {positive: Rational(at)}
        for relation in (a < b, a > b, Eq(a, b) if a != b else a < b):
            truth = relation.rel_op == "=="
            for found in (
                decide(relation, point),
                confirm.certain(relation, point),
                confirm.certain(relation, point, 64),
            ):
                if found not in (truth, None):
                    wrong.append(f"{relation} at {at}: {found}")
        near = b + Rational(1, 10**40)
        if decide(a < near, point) is not True:
            wrong.append(f"{a < near} at {at} is not decided")
    return wrong


def middles(patch: Patch) -> None:
    """Comparison of midpoints at the first precision, as doubles do it."""
    right = balls.enclose

    def wrong(expr: Any, values: Any, bits: int = 128) -> arb:
        with ctx.workprec(bits):
            return right(expr, values, 53).mid()

    def compare(self: Any, a: arb, b: arb) -> frozenset[int]:
        return frozenset({int(a.mid() > b.mid()) - int(a.mid() < b.mid())})

    replace_everywhere(patch, right, wrong)
    patch.setattr(balls.BallEvaluator, "compare", compare)


# --- f: the replay of witnesses


def replay() -> list[str]:
    """A point outside the hypotheses is no witness, whoever asks."""
    claim = says(norm(theta) <= 1, norm(theta) <= 1, dimensions=(2,))
    problem = lowered(claim, 2)
    outside = {coordinate(theta, i): Rational(3) for i in range(2)}
    wrong = []
    if confirm.satisfies(problem, outside):
        wrong.append("a point outside the hypotheses satisfies them")
    search = Search(claim, 2, numpy.random.default_rng(0))
    if search._settle(outside, clock.now() + 5) is not None:
        wrong.append("a point outside the hypotheses refutes")
    return wrong


def hypotheses_ignored(patch: Patch) -> None:
    replace_everywhere(patch, confirm.satisfies, lambda problem, point: True)


# --- g: convexity


def compositions() -> list[str]:
    return proofs(
        theory.provers.convexity,
        true=[says(Convex(exp(norm(theta)), theta)), says(Convex(norm(theta) ** 2, theta))],
        false=[
            says(Convex(exp(-norm(theta)), theta)),
            says(Convex(log(1 + exp(-norm(theta))), theta)),
            says(Convex((norm(theta) - 1) ** 2, theta)),
        ],
    )


def monotonicity_forgotten(patch: Patch) -> None:
    patch.setattr(convexity, "_compose", lambda shape, trend, inner: shape)


# --- h: dual norms


def duals() -> list[str]:
    """The claims are made anew: a ball derives its support function when it is made."""

    def best(point: Any, p: Any) -> Any:
        return says(Maximizes(point, dot(theta, delta), delta, NormBall(p, eps)), norm(theta) > 0)

    return proofs(
        theory.provers.maximality,
        true=[best(eps * unit(theta), 2), best(eps * Sign(theta), oo), best(eps * Peak(theta), 1)],
        false=[best(eps * Peak(theta), 2), best(eps * unit(theta), oo), best(eps * unit(theta), 1)],
    )


def duals_exchanged(patch: Patch) -> None:
    """The dual of L1 for that of L2, and back."""
    exchanged = {S.One: S(2), S(2): oo}
    right = dual_exponent
    replace_everywhere(patch, right, lambda p: exchanged.get(S(p), right(p)))


# --- i: monotone functions


def comparisons() -> list[str]:
    def fall(a: Any, b: Any) -> Any:
        return log(1 + exp(-a)) <= log(1 + exp(-b))

    shorter = norm(u) <= norm(v)
    return proofs(
        theory.provers.monotone,
        true=[says(fall(norm(v), norm(u)), shorter), says(exp(norm(u)) <= exp(norm(v)), shorter)],
        false=[says(fall(norm(u), norm(v)), shorter), says(exp(norm(v)) <= exp(norm(u)), shorter)],
    )


def always(trend: str) -> Callable[[Patch], None]:
    return lambda patch: patch.setattr(one_variable, "monotonicity", lambda *a, **k: trend)


# --- j: quadratic forms


def forms() -> list[str]:
    """With <u, v> <= 0 the largest eigenvalue of (u v' + v u')/2 is at most |u| |v|/2."""
    blunt = (*NONZERO, dot(u, v) <= 0)

    def bounded(share: Any) -> Any:
        return says(dot(h, u) * dot(h, v) <= share * norm(u) * norm(v) * norm(h) ** 2, *blunt)

    negative = says(norm(h) ** 2 + dot(h, u) ** 2 + dot(h, v) ** 2 <= 0, *NONZERO)
    return proofs(
        theory.provers.quadratic_form,
        true=[bounded(1), bounded(Rational(1, 2))],
        false=[bounded(Rational(1, 4)), bounded(0), negative],
    )


def without_the(kept: slice) -> Callable[[Patch], None]:
    right = quadratic_forms.conditions
    return lambda patch: replace_everywhere(patch, right, lambda form: right(form)[kept])


# --- k: two solvers

HONEST = smt.ask


def polynomials() -> list[str]:
    """Motzkin's polynomial is no sum of squares; with 3.1 for 3 it is negative somewhere."""
    a, b = symbols("a b", real=True)
    top = a**4 * b**2 + a**2 * b**4 + 1
    facts = {
        top >= 3 * a**2 * b**2: True,
        top >= Rational(31, 10) * a**2 * b**2: False,
        a**4 + b**4 + 1 >= 4 * a * b: False,
    }
    wrong = []
    for goal, truth in facts.items():
        proof = entails([], goal, deadline=clock.now() + SECONDS)
        if proof is not None and not truth:
            wrong.append(f"proved by {proof.method}: {goal}")
    return wrong


SECONDS = 6.0


def liars(*names: str) -> Callable[[Patch], None]:
    def wrong(solver: str, text: str, seconds: float) -> dict[str, Any]:
        return {"answer": "unsat"} if solver in names else HONEST(solver, text, seconds)

    return lambda patch: patch.setattr(smt, "ask", wrong)


# --- l: vacuity


def emptiness() -> list[str]:
    """t^2 = 2 has solutions, though no rational ones: not found is not vacuous."""
    wrong = []
    for given, truth in ((Eq(t**2, 2), False), (t**2 <= -1, True), (Eq(t, 2), False)):
        verdict = numerics.verify.verify(says(w**2 >= 0, given), budget=4.0)
        if (verdict.status is Status.VACUOUS) is not truth:
            wrong.append(f"given {given}: {verdict.status}")
    return wrong


def not_found_is_not_there(patch: Patch) -> None:
    empty = Evidence("feasibility", Status.VACUOUS, "no point was found")
    patch.setattr(numerics.verify, "vacuous", lambda claim, deadline: empty)


# --- every bug, and the check that finds it

BUGS: dict[str, tuple[Callable[[Patch], None], Callable[[], list[str]]]] = {
    "Dunkl and Williams with 1 for 2": (one_for_two, directions),
    "orthant used without its hypothesis": (orthant_without_hypothesis, orthants),
    "Cauchy-Schwarz reversed": (about_dots(lambda g, a, b: g >= a * b), cauchy_schwarz),
    "Cauchy-Schwarz with one factor": (about_dots(lambda g, a, b: g <= a), cauchy_schwarz),
    "Cauchy-Schwarz with the square lost": (
        about_dots(lambda g, a, b: g**2 <= a * b),
        cauchy_schwarz,
    ),
    "exp without outward rounding": (to_nearest("exp"), enclosures),
    "product of ranges from two ends": (ends_swapped_by_a_minus, enclosures),
    "sum of ranges crosswise": (added_crosswise, enclosures),
    "middles compared for balls": (middles, decisions),
    "witness replayed without hypotheses": (hypotheses_ignored, replay),
    "composition without monotonicity": (monotonicity_forgotten, compositions),
    "L1 and L2 duals exchanged": (duals_exchanged, duals),
    "every function increasing": (always("increasing"), comparisons),
    "every function decreasing": (always("decreasing"), comparisons),
    "no determinant": (without_the(slice(0, 3)), forms),
    "no diagonal": (without_the(slice(3, 4)), forms),
    "two lying solvers": (liars("z3", "cvc5"), polynomials),
    "not found is vacuous": (not_found_is_not_there, emptiness),
}


@pytest.mark.parametrize(
    "check", dict.fromkeys(c for _, c in BUGS.values()), ids=lambda c: c.__name__
)
def test_the_sentinels_are_right_in_the_engine_as_it_is(check: Callable[[], list[str]]) -> None:
    assert check() == []


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_found(name: str) -> None:
    plant, check = BUGS[name]
    with bug(plant):
        found = check()
    # A proof lost is a nuisance; the sentinels are there for what must never happen.
    assert [text for text in found if not text.startswith("not proved")] != []


@pytest.mark.parametrize("liar", ["z3", "cvc5"])
def test_one_lying_solver_proves_nothing_false(liar: str) -> None:
    with bug(liars(liar)):
        assert polynomials() == []
    assert smt.ask is HONEST


NONSENSE = {"rule": "cases", "clause": FALSE, "branches": []}


def test_a_search_that_lies_proves_nothing_false() -> None:
    """The checker of certificates stands between the search and every proof."""
    with bug(lambda patch: patch.setattr(Refuter, "refute", lambda *a, **k: NONSENSE)):
        assert polynomials() == []


# --- the independent evaluator: a witness that is none is turned away

SHORT = says(norm(theta, 1) <= norm(theta), norm(theta) <= 1)
GOOD = {"theta": ["1/2", "1/2"]}
BAD = {
    "outside the hypotheses": {"theta": ["1", "1"]},
    "breaks nothing": {"theta": ["1/2", "0"]},
    "a variable is missing": {"u": ["1/2", "1/2"]},
}


def test_a_witness_stands() -> None:
    witness_stands(SHORT, Witness(2, GOOD))


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_witness_is_turned_away(kind: str) -> None:
    with pytest.raises((AssertionError, KeyError)):
        witness_stands(SHORT, Witness(2, BAD[kind]))


def test_a_pair_that_respects_the_constant_is_turned_away() -> None:
    claim = says(Lipschitz(norm(theta), theta, 1))
    pair = {"theta": ["1", "2"], "theta'": ["0", "1"]}
    with pytest.raises(AssertionError):
        witness_stands(claim, Witness(2, pair, lhs="1.4142135623730951", rhs="1.4"))


def test_the_traces_of_a_bug_are_gone() -> None:
    before = LipschitzCalculus._direction
    with bug(one_for_two):
        assert LipschitzCalculus._direction is not before
    assert LipschitzCalculus._direction is before
    assert directions() == []
