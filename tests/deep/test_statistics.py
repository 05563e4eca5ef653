"""Intervals and effect sizes against SciPy, by hand, and by their coverage."""

import math

import numpy as np
import pytest
from scipy import stats

from numerics.deep.statistics import (
    Interval,
    bootstrap,
    effect_size,
    mean_interval,
    paired_interval,
)

A = [3.1, 2.7, 3.6, 2.9, 3.3, 3.0]
B = [2.8, 2.6, 3.1, 2.9, 2.9, 2.4]


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_the_t_interval_is_that_of_scipy(confidence: float) -> None:
    found = mean_interval(A, confidence)
    expected = stats.ttest_1samp(A, 0).confidence_interval(confidence)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-12)
    assert found.mean == pytest.approx(np.mean(A))
    assert found.n == len(A)


def test_the_paired_interval_is_that_of_the_paired_test() -> None:
    found, expected = paired_interval(A, B), stats.ttest_rel(A, B).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-12)
    unpaired = stats.ttest_ind(A, B).confidence_interval(0.95)
    assert found.high - found.low < unpaired.high - unpaired.low


def test_the_interval_covers_as_often_as_it_says_and_z_does_not() -> None:
    draws = np.random.default_rng(0).normal(size=(4000, 5))
    covered = np.mean([i.low <= 0 <= i.high for i in map(mean_interval, draws.tolist())])
    half = 1.96 * draws.std(axis=1, ddof=1) / math.sqrt(5)
    by_z = np.mean(np.abs(draws.mean(axis=1)) <= half)
    assert abs(covered - 0.95) < 0.015
    assert by_z < 0.9


def test_the_effect_size_by_hand() -> None:
    d = np.array(A) - np.array(B)
    exact = math.gamma(2.5) / (math.sqrt(2.5) * math.gamma(2.0))  # Hedges' J at 5 degrees
    assert effect_size(A, B) == pytest.approx(d.mean() / d.std(ddof=1) * exact, rel=5e-3)
    assert effect_size(B, A) == -effect_size(A, B)
    assert effect_size([2.0, 3.0, 4.0], [1.0, 2.0, 3.0]) == math.inf
    assert effect_size([1.0] * 3, [1.0] * 3) == 0
    assert math.isnan(effect_size([1.0, 2.0], [0.0, 0.0]))


def test_the_bootstrap_is_that_of_scipy_and_repeats() -> None:
    values = np.random.default_rng(1).exponential(size=40).tolist()
    found = bootstrap(values, np.mean)
    assert found == bootstrap(values, np.mean)
    assert found != bootstrap(values, np.mean, seed=1)
    low, high = stats.bootstrap(
        (values,), np.mean, rng=np.random.default_rng(9)
    ).confidence_interval
    assert (found.low, found.high) == pytest.approx((low, high), rel=0.05)


def test_a_constant_sample_and_a_single_value() -> None:
    assert bootstrap([2.0] * 5).high == 2.0
    for found in (mean_interval([1.0]), bootstrap([1.0])):
        assert (found.low, found.high) == (-math.inf, math.inf)
        assert found.as_dict()["low"] is None
    assert not mean_interval([1.0]).above(-1e9)


def test_above_and_below_need_the_whole_interval() -> None:
    found = Interval(1.0, 0.5, 1.5, 5)
    assert found.above(0.4) and not found.above(0.5) and not found.above(0.7)
    assert found.below(1.6) and not found.below(1.5)


@pytest.mark.parametrize("values", [[], [1.0, math.nan], [math.inf], [[1.0], [2.0]]])
def test_what_is_no_sample_is_refused(values: list) -> None:
    with pytest.raises(ValueError, match="expected finite numbers"):
        mean_interval(values)


def test_pairs_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="3 and 2, expected as many"):
        paired_interval([1.0, 2.0, 3.0], [1.0, 2.0])
