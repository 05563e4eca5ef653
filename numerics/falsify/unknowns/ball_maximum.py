"""The maximum over a Euclidean ball of a quadratic with one curvature in every direction.

.. math:: \\arg\\max_{\\|x\\|\\le r}\\ \\tfrac k2\\|x\\|^2+\\langle g,x\\rangle
          = -g/k \\text{ if } \\|g\\| \\le -k r, \\qquad r\\,g/\\|g\\| \\text{ otherwise}
"""

from __future__ import annotations

from flint import fmpq

from numerics.falsify.unknowns.bodies import Ball
from numerics.falsify.unknowns.box_maximum import Inner
from numerics.falsify.unknowns.numbers import ONE, ZERO, Undefined, root
from numerics.falsify.unknowns.rational_matrices import (
    Matrix,
    Row,
    added,
    dotted,
    outer_product,
    product,
    scaled,
    unit_matrix,
)


def over(inner: Inner, body: Ball) -> list[Row]:
    """The maximisers; of a whole sphere or ball of them, the two ends of an axis."""
    k, g, r = _curvature(inner), inner.g, body.radius
    square = dotted(g, g)
    if k < 0 and square <= (k * r) ** 2:
        return [[-x / k for x in g]]
    if square == 0:
        axis = [r] + [ZERO] * (len(g) - 1)
        ends = [axis, [-x for x in axis]]
        return [*ends, [ZERO] * len(g)] if k == 0 else ends
    size = root(square)
    return [[r * x / size for x in g]]


def slope(inner: Inner, body: Ball, c: Matrix) -> Matrix:
    """-C/k inside, r/||g|| (I - e e^T) C on the sphere."""
    k, g, r = _curvature(inner), inner.g, body.radius
    square = dotted(g, g)
    if k < 0 and square < (k * r) ** 2:
        return scaled(c, -ONE / k)
    if square == 0 or (k < 0 and square == (k * r) ** 2):
        raise Undefined("Jacobian of a maximiser that is not regular")
    tangent = added(unit_matrix(len(g)), outer_product(g, g), -ONE / square)
    return scaled(product(tangent, c), r / root(square))


def _curvature(inner: Inner) -> fmpq:
    h, d = inner.h, len(inner.g)
    isotropic = all(h[i][j] == (h[0][0] if i == j else 0) for i in range(d) for j in range(d))
    if not isotropic or any(x != 0 for x in inner.ridge()) or not inner.is_rational():
        raise Undefined("maximum over a ball of a function with several curvatures")
    return h[0][0]
