r"""Smooth activations with two derivatives, at points and on intervals.

.. math:: \tanh' = 1 - \tanh^2, \qquad \mathrm{softplus}' = s, \qquad s' = s\,(1 - s)

with s the logistic function.  On intervals the ends are rounded outwards, under the assumption
that ``numerics.intervals`` makes about numpy's exp, log, tanh, sin and cos.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from numerics.families.derivatives import Array
from numerics.intervals import Interval, exp, integer_power, interval, log
from numerics.intervals.elementary import tanh
from numerics.intervals.waves import cos, sin

Three = tuple[Array, Array, Array]
ThreeIntervals = tuple[Interval, Interval, Interval]
ONE, TWO = interval(1.0), interval(2.0)


@dataclass(frozen=True)
class Activation:
    """f, f' and f'': ``at`` of arrays, ``on`` of intervals."""

    name: str
    at: Callable[[Array], Three]
    on: Callable[[Interval], ThreeIntervals]


def _tanh_at(z: Array) -> Three:
    t = np.tanh(z)
    return t, 1 - t * t, -2 * t * (1 - t * t)


def _tanh_on(z: Interval) -> ThreeIntervals:
    t = tanh(z)
    slope = (ONE - integer_power(t, 2)).clip(0.0, 1.0)
    return t, slope, -(TWO * t * slope)


def _softplus_at(z: Array) -> Three:
    s = expit(z)
    return np.logaddexp(0.0, z), s, s * expit(-z)


def _softplus_on(z: Interval) -> ThreeIntervals:
    s, opposite = _logistic_on(z), _logistic_on(-z)
    return log(ONE + exp(z)), s, s * opposite


def _logistic_on(z: Interval) -> Interval:
    return (ONE / (ONE + exp(-z))).clip(0.0, 1.0)


def _sin_at(z: Array) -> Three:
    return np.sin(z), np.cos(z), -np.sin(z)


def _sin_on(z: Interval) -> ThreeIntervals:
    wave = sin(z)
    return wave, cos(z), -wave


TANH = Activation("tanh", _tanh_at, _tanh_on)
SOFTPLUS = Activation("softplus", _softplus_at, _softplus_on)
SIN = Activation("sin", _sin_at, _sin_on)
ACTIVATIONS = (TANH, SOFTPLUS, SIN)


def logistic_at(margin: Array) -> Three:
    """phi(u) = log(1 + exp(-u)) with phi' and phi''.

    >>> [round(v.item(), 6) for v in logistic_at(np.zeros(1))]
    [0.693147, -0.5, 0.25]
    """
    value, slope, curvature = _softplus_at(-margin)
    return value, -slope, curvature


def logistic_on(margin: Interval) -> ThreeIntervals:
    """phi, phi' and phi'' on intervals."""
    value, slope, curvature = _softplus_on(-margin)
    return value, -slope, curvature
