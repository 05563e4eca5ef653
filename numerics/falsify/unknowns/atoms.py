"""The sets that maximisers range over and the linear maps of an instance, as numbers.

.. math:: (P M P)^+ = \\bigl(P M P + (I-P)\\bigr)^{-1} - (I-P)
"""

from __future__ import annotations

from typing import Any

from flint import fmpq

from numerics.falsify.unknowns.bodies import Ball, Box
from numerics.falsify.unknowns.numbers import ONE, ZERO, Undefined, is_exact
from numerics.falsify.unknowns.rational_matrices import (
    Matrix,
    Row,
    added,
    definite,
    dotted,
    entries,
    inverted,
    outer_product,
    product,
    transposed,
    unit_matrix,
)
from theory.attack_sets.support_function import PROBE
from theory.general.functions import Block
from theory.general.inner_maximum import Maximiser, Slope, Support
from theory.general.local_entropy import Covariance
from theory.linear_maps import InverseOn, Off, Transposed


def body_of(m: Maximiser, evaluation: Any) -> Box | Ball:
    """The set of a maximiser, with its radius."""
    d, form = evaluation.instance.dimension, m.support
    if isinstance(form, Support):
        return evaluation.instance.sets[str(form.args[0])]
    if d == 1:
        return _interval(form, evaluation)
    ball = m.ball()
    if ball is None or str(ball[0]) not in ("2", "oo"):
        raise Undefined(f"maximum over the set with support function {form}")
    radius = _radius(evaluation.scalar(ball[1]))
    return Ball(radius) if ball[0] == 2 else Box((-radius,) * d, (radius,) * d)


def _interval(form: Any, evaluation: Any) -> Box:
    """[-h(-1), h(1)]."""
    right, left = (_support_at(form, fmpq(s), evaluation) for s in (1, -1))
    if not is_exact(left, right) or -left > right:
        raise Undefined("a set without rational ends")
    return Box((-left,), (right,))


def _support_at(form: Any, t: fmpq, evaluation: Any) -> Any:
    from numerics.falsify.unknowns.evaluate import Evaluation

    instance = evaluation.instance
    return Evaluation(instance.at({**instance.vectors, PROBE: [t]})).scalar(form)


def _radius(value: Any) -> fmpq:
    if not is_exact(value) or value < 0:
        raise Undefined("expected a rational radius >= 0")
    return value


def map_of(m: Any, evaluation: Any) -> Matrix:
    """The matrix of an unknown map."""
    if isinstance(m, Transposed):
        return transposed(map_of(m.T, evaluation))
    if isinstance(m, InverseOn):
        return inverse_on_range(*(evaluation.matrix(a) for a in m.args))
    if isinstance(m, Block):
        points = [evaluation.vector(p) for p in m.points]
        return evaluation.concrete(m.function).block(*m.pair, points)
    if isinstance(m, Covariance):
        return evaluation.entropy(m).covariance
    if isinstance(m, Off):
        return beside(evaluation.vector(m.args[0]))
    if isinstance(m, Slope):
        return _slope(m, evaluation)
    if m not in evaluation.instance.maps:
        raise Undefined(f"no matrix for {m}")
    return evaluation.instance.maps[m]


def beside(v: Row) -> Matrix:
    """I - v v^T/<v, v>; the identity for v = 0."""
    one, square = unit_matrix(len(v)), dotted(v, v)
    if not is_exact(square):
        raise Undefined("projection beside a vector that is not rational")
    return one if square == 0 else added(one, outer_product(v, v), -ONE / square)


def inverse_on_range(m: Matrix, p: Matrix) -> Matrix:
    """(P M P)^+ for a projection P and M definite on its range; Undefined for others."""
    if not is_exact(*entries(p)) or not is_projection(p):
        raise Undefined("inverse on the range of a matrix that is not a projection")
    beside = added(unit_matrix(len(p)), p, -ONE)
    inside = product(p, product(m, p))
    if not any(definite(added(beside, inside, s)) for s in (ONE, -ONE)):
        raise Undefined("inverse of a matrix that is not definite on the range")
    return added(inverted(added(beside, inside)), beside, -ONE)


def is_projection(p: Matrix) -> bool:
    return product(p, p) == p and transposed(p) == p


def _slope(m: Slope, evaluation: Any) -> Matrix:
    best, theta = m.args
    if best.others != (theta,):  # type: ignore[attr-defined]
        raise Undefined(f"Jacobian of {best} in {theta}")
    function, k = best.function, best.function.index(best.slot)  # type: ignore[attr-defined]
    (other,) = (s for s in function.slots if s != best.slot)  # type: ignore[attr-defined]
    points = [evaluation.vector(theta)]
    points.insert(k, [ZERO] * evaluation.instance.dimension)
    body = body_of(best, evaluation)  # type: ignore[arg-type]
    return evaluation.concrete(function).slope(best.slot, other, body, points)


__all__ = ["body_of", "inverse_on_range", "is_projection", "map_of"]
