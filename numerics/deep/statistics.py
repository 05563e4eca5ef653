r"""Intervals for a few seeds: Student's t, paired differences, effect sizes, the bootstrap.

.. math:: \bar x \pm t_{n-1,(1+c)/2}\, s/\sqrt n, \qquad g = \frac{\bar d}{s_d}\Bigl(1 -
          \frac{3}{4(n-1)-1}\Bigr), \quad d_i = a_i - b_i.

Values are any sequences of finite numbers, one a seed. t assumes differences that are nearly
normal; the bootstrap does not, but is too narrow below ten values or so. Fewer than two values
have no interval: its ends are infinite. Source: Student 1908, Hedges 1981, Efron 1987 (BCa).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy import stats

CONFIDENCE = 0.95
RESAMPLES = 2000


@dataclass(frozen=True)
class Interval:
    """mean in [low, high] at ``confidence``, from n values.

    >>> str(Interval(1.5, 1.25, 1.75, 5))
    '1.5 [1.25, 1.75]'
    """

    mean: float
    low: float
    high: float
    n: int
    confidence: float = CONFIDENCE

    def __str__(self) -> str:
        return f"{self.mean:.3g} [{self.low:.3g}, {self.high:.3g}]"

    def as_dict(self) -> dict[str, Any]:
        """Plain values; infinite ends, which JSON has no word for, are None."""
        return {k: None if v in (-math.inf, math.inf) else v for k, v in asdict(self).items()}

    def above(self, value: float) -> bool:
        """The whole interval is."""
        return self.low > value

    def below(self, value: float) -> bool:
        """The whole interval is."""
        return self.high < value


def mean_interval(values: Sequence[float], confidence: float = CONFIDENCE) -> Interval:
    """Student's t interval of the mean.

    >>> str(mean_interval([1.0, 2.0, 3.0]))
    '2 [-0.484, 4.48]'
    """
    x = _finite(values)
    mean = float(x.mean())
    if len(x) < 2:
        return Interval(mean, -math.inf, math.inf, len(x), confidence)
    half = float(stats.t.ppf((1 + confidence) / 2, len(x) - 1)) * float(x.std(ddof=1))
    half /= math.sqrt(len(x))
    return Interval(mean, mean - half, mean + half, len(x), confidence)


def paired_interval(
    a: Sequence[float], b: Sequence[float], confidence: float = CONFIDENCE
) -> Interval:
    """The t interval of the mean of a_i - b_i: the same seeds, in the same order.

    >>> paired_interval([2.0, 3.0], [1.0, 2.0])
    Interval(mean=1.0, low=1.0, high=1.0, n=2, confidence=0.95)
    """
    return mean_interval(_differences(a, b).tolist(), confidence)


def effect_size(a: Sequence[float], b: Sequence[float]) -> float:
    """Hedges' g of paired values: Cohen's d of the differences, less its bias; NaN below three.

    ±inf where all differences are the same and not 0, and 0 where all are 0.

    >>> round(effect_size([2.0, 4.0, 6.0], [1.0, 2.0, 3.0]), 4)
    1.1429
    """
    d = _differences(a, b)
    if len(d) < 3:
        return math.nan
    mean, deviation = float(d.mean()), float(d.std(ddof=1))
    if deviation == 0:
        return math.copysign(math.inf, mean) if mean else 0.0
    return mean / deviation * (1 - 3 / (4 * (len(d) - 1) - 1))


def bootstrap(
    values: Sequence[float],
    statistic: Callable[..., Any] = np.median,
    confidence: float = CONFIDENCE,
    seed: int = 0,
) -> Interval:
    """The BCa bootstrap interval of a statistic; that statistic takes ``axis``.

    >>> found = bootstrap([1.0, 2.0, 3.0, 4.0, 50.0])
    >>> found.mean, found.low >= 1.0, found.high <= 50.0
    (3.0, True, True)
    """
    x = _finite(values)
    value = float(statistic(x, axis=0))
    if len(x) < 2:
        return Interval(value, -math.inf, math.inf, len(x), confidence)
    if x.min() == x.max():
        return Interval(value, value, value, len(x), confidence)
    low, high = _resampled(x, statistic, confidence, seed)
    return Interval(value, low, high, len(x), confidence)


def _resampled(
    x: np.ndarray, statistic: Callable[..., Any], confidence: float, seed: int
) -> tuple[float, float]:
    """BCa; where its correction is undefined (all resamples on one side), percentiles."""
    for method in ("BCa", "percentile"):
        with np.errstate(all="ignore"):
            found = stats.bootstrap(
                (x,),
                statistic,
                n_resamples=RESAMPLES,
                confidence_level=confidence,
                method=method,
                vectorized=True,
                rng=np.random.default_rng(seed),
            ).confidence_interval
        if math.isfinite(found.low) and math.isfinite(found.high):
            break
    return float(found.low), float(found.high)


def _differences(a: Sequence[float], b: Sequence[float]) -> np.ndarray:
    first, second = _finite(a), _finite(b)
    if len(first) != len(second):
        raise ValueError(f"paired values: {len(first)} and {len(second)}, expected as many of each")
    return first - second


def _finite(values: Sequence[float]) -> np.ndarray:
    found = np.asarray(values, dtype=float)
    if found.ndim != 1 or not len(found) or not np.isfinite(found).all():
        shape = found.shape
        raise ValueError(f"values of shape {shape}: expected finite numbers, at least one")
    return found
