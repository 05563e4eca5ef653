"""The adversarial loss of a binary linear classifier, derived from phi and the attack set.

.. math:: l_\\epsilon(\\theta) = \\max_{\\delta\\in K} \\phi(y\\langle\\theta, x+\\delta\\rangle)
          = \\phi(y\\langle\\theta, x\\rangle - h_K(-y\\theta))

for a non-increasing phi: the margin y<theta, x + delta> is least where <-y theta, delta> is
greatest, which is what the support function h_K says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Expr, Max, Or
from sympy.logic.boolalg import Boolean

from theory.attack_sets import AttackSet
from theory.calculus import gradient, hessian
from theory.kink_sets import kink_set
from theory.losses import MARGIN, MarginLoss
from theory.matrices import MatrixSum, outer
from theory.scalars import dot
from theory.vectors import Vector, VectorExpr, scalar, vector


@dataclass(frozen=True)
class AdversarialLoss:
    """phi over an attack set; every closed form below is derived when it is asked for.

    ``theta`` and ``x`` are vectors of R^d, ``y`` is a label of {-1, 1}.
    """

    loss: MarginLoss
    attack_set: AttackSet

    def __post_init__(self) -> None:
        if not isinstance(self.loss, MarginLoss):
            raise TypeError(f"AdversarialLoss: expected a MarginLoss first, got {self.loss!r}")
        if not isinstance(self.attack_set, AttackSet):
            raise TypeError(
                f"AdversarialLoss: expected an attack set second, got {self.attack_set!r}"
            )

    def margin(self, theta: Any, x: Any, y: Any) -> Expr:
        """u, the margin at the optimal attack."""
        theta, x, y = _checked(theta, x, y)
        shape = self.loss.monotonicity()
        if shape in ("decreasing", "constant"):
            return self._least_margin(theta, x, y)
        if shape == "increasing":
            return self._greatest_margin(theta, x, y)
        raise ValueError(
            f"AdversarialLoss.margin: {self.loss.name} is not monotone, so no one margin is worst"
        )

    def _least_margin(self, theta: VectorExpr, x: VectorExpr, y: Expr) -> Expr:
        return y * dot(theta, x) - self.attack_set.support(-y * theta)

    def _greatest_margin(self, theta: VectorExpr, x: VectorExpr, y: Expr) -> Expr:
        return y * dot(theta, x) + self.attack_set.support(y * theta)

    def value(self, theta: Any, x: Any, y: Any) -> Expr:
        """l_eps(theta), the maximum of phi over the attack."""
        theta, x, y = _checked(theta, x, y)
        if self._is_monotone():
            return self.loss(self.margin(theta, x, y))
        self._require_convex()
        ends = self._least_margin(theta, x, y), self._greatest_margin(theta, x, y)
        return Max(*(self.loss(u) for u in ends))

    def gradient(self, theta: Any, x: Any, y: Any) -> VectorExpr:
        """phi'(u) (y x - derivative of the support), off the kinks."""
        theta, x, y = _checked(theta, x, y)
        if not self._is_monotone():
            return gradient(self.value(theta, x, y), theta, "almost everywhere")
        u = self.margin(theta, x, y)
        return self.loss.slope(u) * gradient(u, theta, "almost everywhere")

    def hessian(self, theta: Any, x: Any, y: Any) -> MatrixSum:
        """phi''(u) v v^T + phi'(u) Hess u with v = grad u, off the kinks."""
        theta, x, y = _checked(theta, x, y)
        if not self._is_monotone():
            return hessian(self.value(theta, x, y), theta, "almost everywhere")
        u = self.margin(theta, x, y)
        v = gradient(u, theta, "almost everywhere")
        curved = self.loss.slope(u) * hessian(u, theta, "almost everywhere")
        return self.loss.slope(u, 2) * outer(v, v) + curved

    def attack(self, theta: Any, y: Any) -> VectorExpr:
        """The optimal perturbation: where the support function of K attains its maximum."""
        theta, y = vector(theta, "attack: theta"), scalar(y, "attack: y")
        if not self._is_monotone():
            raise ValueError(
                f"AdversarialLoss.attack: {self.loss.name} is not monotone, so the optimal attack "
                "depends on x: compare value and Maximizes instead"
            )
        towards = y * theta if self.loss.monotonicity() == "increasing" else -y * theta
        return self.attack_set.maximiser(towards)

    def kinks(self, theta: Any) -> Boolean:
        """Where the adversarial margin has no gradient, as a condition on theta."""
        theta = vector(theta, "kinks: theta")
        if self._is_monotone():
            return kink_set(self.attack_set.support(-theta))
        return Or(*(kink_set(self.attack_set.support(s * theta)) for s in (1, -1)))

    def _is_monotone(self) -> bool:
        return self.loss.monotonicity() is not None

    def _require_convex(self) -> None:
        if self.loss.convexity() not in ("convex", "affine"):
            raise ValueError(
                f"AdversarialLoss: {self.loss.name} = {self.loss.phi.subs(MARGIN, 'm')} is proved "
                "neither monotone nor convex, so its maximum has no closed form here"
            )


def _checked(theta: Any, x: Any, y: Any) -> tuple[Vector, VectorExpr, Expr]:
    vector(theta, "AdversarialLoss: theta")
    return theta, vector(x, "AdversarialLoss: x"), scalar(y, "AdversarialLoss: y")
