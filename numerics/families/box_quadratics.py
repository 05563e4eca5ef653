r"""Quadratic losses on a box, maximised by looking at every face, in floats or exactly.

.. math:: l(x, \theta) = \tfrac12\theta^\top A\theta + \theta^\top B x + \tfrac12 x^\top H x,
          \qquad |x_i| \le \epsilon

A maximum is attained at a stationary point of a face on which H is negative definite, so 3^n
faces are enough for any symmetric H.
Shapes: theta (p,), x (n,), A (p, p), B (p, n), H (n, n).  Source: ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from numerics.families.curvature import Response, on_box
from numerics.families.derivatives import Derivatives
from numerics.families.elimination import Number, Row, dot, solve_negative_definite, times


@dataclass(frozen=True)
class Summit:
    """A local maximiser: x, its value, the signs of its faces (0: free), the multipliers."""

    x: tuple[Number, ...]
    value: Number
    signs: tuple[int, ...]
    multipliers: tuple[Number, ...]

    @property
    def is_strict(self) -> bool:
        """Strict complementarity: no multiplier of an active face is 0."""
        return all(m > 0 for m, s in zip(self.multipliers, self.signs, strict=True) if s)


@dataclass(frozen=True)
class BoxQuadratic:
    """A, B, H and epsilon, as rows of floats or of fractions.

    >>> wells = BoxQuadratic(((1.0,),), ((1.5,),), ((-0.5,),), 1.0)
    >>> wells.maximisers([0.1])[0].signs, round(wells.gradient([0.1])[0], 12)
    ((0,), 0.55)
    """

    A: Sequence[Row]
    B: Sequence[Row]
    H: Sequence[Row]
    epsilon: Number

    @property
    def inputs(self) -> int:
        """n."""
        return len(self.H)

    @property
    def parameters(self) -> int:
        """p."""
        return len(self.A)

    def value(self, theta: Row) -> Number:
        """l_eps(theta)."""
        return dot(theta, times(self.A, theta)) / 2 + self.maximisers(theta)[0].value

    def gradient(self, theta: Row) -> list[Number]:
        """A theta + B x*: one subgradient where maximisers tie."""
        return self.gradient_at(self.maximisers(theta)[0].x, theta)

    def gradient_at(self, x: Row, theta: Row) -> list[Number]:
        """The gradient in theta of l(x, theta)."""
        return [a + b for a, b in zip(times(self.A, theta), times(self.B, x), strict=True)]

    def gap(self, theta: Row) -> Number:
        """How far the best local maximum leads: 0 for a tie, inf for a single one."""
        found = self.maximisers(theta)
        return found[0].value - found[1].value if len(found) > 1 else float("inf")

    def maximisers(self, theta: Row) -> list[Summit]:
        """All local candidates with negative definite H_FF, best first; one for each point."""
        c = times(list(zip(*self.B, strict=True)), theta)
        found: dict[tuple[Number, ...], Summit] = {}
        for signs in product((0, -1, 1), repeat=self.inputs):
            for summit in self._summits(c, signs):
                found.setdefault(summit.x, summit)
        return sorted(found.values(), key=lambda s: s.value, reverse=True)

    def response(self, theta: Row) -> Response:
        """The Jacobian of the maximiser and the Hessian of l_eps, predicted, in floats."""
        best = self.maximisers(theta)[0]
        return on_box(self.derivatives(best.x, theta), np.array(best.signs))

    def derivatives(self, x: Row, theta: Row) -> Derivatives:
        """Everything at one point, in floats."""
        A, B, H, z, t = (np.asarray(m, dtype=float) for m in (self.A, self.B, self.H, x, theta))
        value = t @ A @ t / 2 + t @ B @ z + z @ H @ z / 2
        return Derivatives(float(value), B.T @ t + H @ z, A @ t + B @ z, H, B.T, A)

    def _summits(self, c: Row, signs: tuple[int, ...]) -> Iterator[Summit]:
        """The stationary point of one face, if it is one of the box."""
        free = [i for i, s in enumerate(signs) if not s]
        held = [i for i, s in enumerate(signs) if s]
        x = [s * self.epsilon for s in signs]
        right = [-c[i] - sum(self.H[i][j] * x[j] for j in held) for i in free]
        inner = solve_negative_definite([[self.H[i][j] for j in free] for i in free], right)
        if inner is None or not all(abs(z) < self.epsilon for z in inner):
            return
        for i, z in zip(free, inner, strict=True):
            x[i] = z
        slope = [a + b for a, b in zip(c, times(self.H, x), strict=True)]
        forces = tuple(s * g if s else 0 * g for s, g in zip(signs, slope, strict=True))
        if all(f >= 0 for f in forces):
            yield Summit(tuple(x), dot(c, x) + dot(x, times(self.H, x)) / 2, signs, forces)


def random_quadratic(rng: np.random.Generator, n: int, p: int) -> BoxQuadratic:
    """Symmetric A and any symmetric H, entries of order 1, epsilon in [0.3, 1]."""
    A, H = rng.normal(size=(p, p)), rng.normal(size=(n, n))
    A, H = (A + A.T) / 2, (H + H.T) / 2 - rng.uniform(-1, 2) * np.eye(n)
    B = rng.normal(size=(p, n))
    return BoxQuadratic(A.tolist(), B.tolist(), H.tolist(), float(rng.uniform(0.3, 1.0)))


def canonical(a: Number, b: Number, mu: Number, epsilon: Number) -> BoxQuadratic:
    r"""The model of one parameter and one input: (a/2) theta^2 + b theta x - (mu/2) x^2.

    Its adversarial gradient is Lipschitz with constant a + b^2/mu, exactly; for mu = 0 it jumps by
    2 eps b at 0.

    >>> canonical(1.0, 1.5, 2.0, 1.0).response([0.1]).hessian.tolist()
    [[2.125]]
    """
    return BoxQuadratic(((a,),), ((b,),), ((-mu,),), epsilon)
