"""Random claims of known truth: a true one is never refuted, a corrupted one never proved."""

from __future__ import annotations

from collections import Counter

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from numerics.verify import verify
from tests.corpus.generated import Case, cases
from tests.corpus.scores import unconfirmed
from theory.verdicts import Status

BUDGET = 3.0
EXAMPLES = settings.default.max_examples // 2
YES, UNKNOWN = {Status.PROVED, Status.CERTIFIED}, {Status.SURVIVED, Status.UNDECIDED}


def test_a_true_claim_is_not_refuted_and_a_corrupted_one_not_proved() -> None:
    ends: Counter[str] = Counter()

    # Without shrinking: a failing example is small already, and every step costs seconds.
    @settings(max_examples=EXAMPLES, phases=(Phase.explicit, Phase.generate))
    @given(cases, st.booleans())
    def check(case: Case, corrupted: bool) -> None:
        claim = case.false if corrupted else case.true
        verdict = verify(claim, budget=BUDGET)
        ends[f"{'corrupted' if corrupted else 'true'} {case.family} {verdict.status}"] += 1
        wanted = {Status.REFUTED} if corrupted else YES
        assert verdict.status in wanted | UNKNOWN, f"{verdict.status}: {claim}"
        if verdict.status is Status.REFUTED:
            assert unconfirmed(claim, verdict) == ""

    check()
    print(*(f"{n:4} {end}" for end, n in sorted(ends.items())), sep="\n")


@settings(max_examples=4 * EXAMPLES)
@given(cases)
def test_the_corruption_is_false_at_its_point(case: Case) -> None:
    if case.at:
        assert case.is_broken(), case.false
