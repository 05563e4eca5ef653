"""Value, mean and covariance of a local entropy: exact for quadratics, else enclosed.

.. math:: S = \\gamma I+Q,\\quad \\langle t\\rangle = S^{-1}(\\gamma\\theta-q),\\quad
          \\operatorname{Cov}=S^{-1}
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import sympy as sp
from flint import arb, fmpq, fmpq_mat

from numerics.falsify.unknowns.numbers import ONE, Number, Undefined, is_exact, symbolic
from numerics.falsify.unknowns.rational_matrices import (
    Matrix,
    Row,
    added,
    applied,
    definite,
    dotted,
    inverted,
    scaled,
    unit_matrix,
)

DIGITS = 8
T = sp.Symbol("t", real=True)


@dataclass(frozen=True)
class Entropy:
    """E(theta) and the moments of its density."""

    value: Number
    mean: Row
    covariance: Matrix


def of_quadratic(q: Matrix, linear: Row, gamma: fmpq, theta: Row) -> Entropy:
    """f = <t, Q t>/2 + <q, t>; the integral has to be finite."""
    d = len(theta)
    s = added(scaled(unit_matrix(d), gamma), q)
    if not is_exact(*theta) or not definite(s):
        raise Undefined("local entropy of a quadratic without a finite integral")
    covariance = inverted(s)
    push = [gamma * t - c for t, c in zip(theta, linear, strict=True)]
    mean = applied(covariance, push)
    depth = gamma * dotted(theta, theta) / 2 - dotted(push, mean) / 2
    width = arb(fmpq_mat(s).det()).log() / 2 - arb(2 * arb.pi()).log() * d / 2
    return Entropy(depth + width, mean, covariance)


def enclosed(f: sp.Expr, gamma: fmpq, theta: Row) -> Entropy:
    """Of a function of the real variable T, in balls."""
    if len(theta) != 1 or not is_exact(*theta):
        raise Undefined("local entropy in one dimension at a rational number only")
    return _enclosed(f, symbolic(gamma), symbolic(theta[0]))


@lru_cache(maxsize=256)
def _enclosed(f: sp.Expr, gamma: sp.Rational, theta: sp.Rational) -> Entropy:
    from numerics.local_entropy import LocalEntropy

    try:
        found = LocalEntropy(f, gamma).at(theta, digits=DIGITS)
    except (ValueError, ArithmeticError) as reason:
        raise Undefined(str(reason)) from None
    g = fmpq(int(gamma.p), int(gamma.q))
    mean = fmpq(int(theta.p), int(theta.q)) - found.slope / g
    covariance = (g - found.curvature) * (ONE / (g * g))
    return Entropy(found.value, [mean], [[covariance]])
