"""The float64 intervals: containment against balls, undefined points, empty intervals, NaN."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from numerics import intervals as iv
from numerics.intervals import Interval, interval, rounding
from tests.containment import enclosures, kernel
from tests.containment.__main__ import main
from tests.containment.operations import OPERATIONS


def test_a_sample_of_the_containment_tests() -> None:
    tally = kernel.run(20_000, seed=1)
    assert tally.count == 20_000
    assert not tally.violations, tally.examples
    assert min(tally.empty, tally.nan, tally.undefined) > 100


def test_a_sample_of_the_enclosures() -> None:
    tally = enclosures.run(2000, seed=1)
    assert tally.count == 2000
    assert not tally.violations, tally.examples


def test_the_command_prints_its_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--count", "2000"]) == 0
    assert "2000 tests, 0 violations" in capsys.readouterr().out


def planted(name: str, wrong: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> int:
    """How many violations a wrong operation shows."""
    broken = [
        kernel.Operation(o.name, o.inputs, wrong, o.ball) for o in OPERATIONS if o.name == name
    ]
    monkeypatch.setattr(kernel, "OPERATIONS", broken)
    return kernel.run(2000).violations.total()


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("add", lambda x, y: Interval(x.lo + y.lo, x.hi + y.hi, x.sure & y.sure)),
        ("mul", lambda x, y: Interval(x.lo * y.lo, x.hi * y.hi, x.sure & y.sure)),
        ("div", lambda x, y: x * Interval(1 / y.hi, 1 / y.lo, y.sure)),
        ("exp", lambda x: Interval(np.exp(x.lo), np.exp(x.hi), x.sure)),
        ("log", lambda x: iv.log(interval(np.abs(x.lo), np.abs(x.hi)))),
        ("sqrt", lambda x: iv.sqrt(interval(np.maximum(x.lo, 0), x.hi))),
        ("sin", lambda x: Interval(np.sin(x.lo), np.sin(x.hi), x.sure)),
        ("^2", lambda x: x * Interval(np.abs(x.lo), x.hi, x.sure)),
        ("max", lambda x, y: Interval(x.lo, np.fmax(x.hi, y.hi), x.sure)),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_containment_test_sees_planted_bugs(
    name: str, wrong: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert planted(name, wrong, monkeypatch) > 0


def test_libraries_that_round_badly_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounding, "_SHARE", 0.0)
    monkeypatch.setattr(rounding, "TINY", 0.0)
    assert kernel.run(20_000).violations.total() > 0


def test_undefined_is_never_sure_again() -> None:
    x = iv.log(interval(-1.0, 1.0))
    assert x.lo == -np.inf
    assert x.hi == np.inf
    for y in (x, iv.apply("tanh", x), iv.exp(x), x * interval(0.0), iv.maximum(x, interval(1.0))):
        assert not y.sure


@pytest.mark.parametrize("name", ["log", "sqrt"])
def test_domains_end_where_they_end(name: str) -> None:
    ends = interval([-2.0, -1.0, 0.0, 1.0], [-1.0, 1.0, 1.0, 2.0])
    expected = {"log": [False, False, False, True], "sqrt": [False, False, True, True]}
    assert iv.apply(name, ends).sure.tolist() == expected[name]


def test_division_through_zero() -> None:
    quotient = interval(1.0) / interval([-1.0, 0.0, 1.0, -2.0], [1.0, 1.0, 2.0, -1.0])
    assert quotient.sure.tolist() == [False, False, True, True]
    assert quotient.lo[0] == -np.inf
    assert quotient.hi[1] == np.inf


def test_nan_is_everything() -> None:
    x = interval([np.nan, 0.0], [1.0, np.nan])
    assert (x.lo == -np.inf).all()
    assert (x.hi == np.inf).all()
    assert not x.sure.any()
    assert not (x * interval(0.0) + interval(1.0)).sure.any()


def test_empty_stays_empty() -> None:
    empty = interval(2.0, 1.0)
    for y in (empty + interval(1.0), empty * empty, iv.exp(empty), iv.norm([empty, interval(1.0)])):
        assert y.is_empty()
    assert interval(0.0, 1.0).intersection(interval(2.0, 3.0)).is_empty()
    assert interval(np.inf, np.inf).is_empty()


def test_signs_survive_rounding() -> None:
    x = interval([0.0, -1.0, 0.0], [1.0, 0.0, 5e-324])
    assert (iv.integer_power(x, 2).lo == 0).all()
    assert (iv.norm([x, x]).lo == 0).all()
    assert (x * x).lo.tolist() == [0.0, 0.0, 0.0]
    assert iv.sqrt(iv.integer_power(x, 2) + iv.integer_power(x, 2)).sure.all()


def test_zero_times_an_unbounded_interval_is_zero() -> None:
    product = interval(0.0) * interval(-np.inf, np.inf)
    assert product.contains(0.0)
    assert abs(product.lo) <= 5e-324
    assert product.sure


def test_overflow_is_unbounded_and_not_infinite() -> None:
    y = iv.exp(interval(1000.0))
    assert np.isfinite(y.lo)
    assert y.hi == np.inf
    big = interval(1e308) + interval(1e308)
    assert np.isfinite(big.lo)
    assert big.hi == np.inf


def test_a_norm_needs_an_exponent_of_at_least_one() -> None:
    with pytest.raises(ValueError, match="expected p >= 1"):
        iv.norm([interval(1.0)], 0.5)
