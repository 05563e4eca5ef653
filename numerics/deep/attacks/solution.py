r"""Worst perturbations with the certificate of their optimality.

.. math:: \delta_i^* \in \arg\max_{\delta \in K} l(x_i + \delta, y_i, \theta).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

SHOWN = 10


@dataclass(frozen=True)
class Solution:
    """What an attack solver found for n samples of shape ``shape``; all on one device, float64.

    ``residual`` is the norm of the optimality conditions: the projected gradient
    || P_K(delta + g) - delta || with g the gradient of l at x + delta. ``multiplier`` is that of
    the constraint ||delta||_2 <= radius (0 inside); for boxes it is 0. ``active`` marks, for the
    L-infinity ball, the coordinates at +-radius; for the L2 ball all coordinates of a sample on
    the sphere. ``gap`` is the value at delta less the best other local maximum found (inf if all
    starts agree, NaN where no other start was tried).

    The second-order conditions, where they were measured: ``curvature_margin`` is the least
    eigenvalue of P(multiplier I - H)P on the tangent space of the active constraints (inf at a
    vertex; a strict maximiser has it > 0), H the Hessian of l in x. ``complementarity`` is the
    least multiplier of an active constraint (inf if none is active): 0 means degenerate.
    """

    delta: Tensor  # (n, *shape)
    value: Tensor  # (n,) losses at x + delta
    residual: Tensor  # (n,)
    multiplier: Tensor  # (n,)
    active: Tensor  # (n, *shape) bool
    gap: Tensor  # (n,)
    p: float  # 2.0 or inf
    radius: float
    curvature_margin: Tensor | None = None  # (n,)
    complementarity: Tensor | None = None  # (n,)

    def converged(self, tolerance: float = 1e-8) -> Tensor:
        """Which samples meet the first-order optimality conditions: (n,) bool."""
        return self.residual <= tolerance

    def failures(self, tolerance: float = 1e-8) -> Tensor:
        """The indices of the samples that do not; NaN is a failure."""
        return (~self.converged(tolerance)).nonzero()[:, 0]

    def strict(self, tolerance: float = 1e-8, margin: float = 0.0) -> Tensor:
        """Which are strict local maximisers with multipliers away from 0: (n,) bool.

        None is, where the second-order conditions were not measured.
        """
        if self.curvature_margin is None or self.complementarity is None:
            return torch.zeros_like(self.residual, dtype=torch.bool)
        second = (self.curvature_margin > margin) & (self.complementarity > margin)
        return self.converged(tolerance) & second

    def attack_error(self) -> Tensor:
        """residual / curvature_margin: (n,), the distance to the maximiser to first order.

        The residual alone means little where the gradient is tiny; this is its share. inf where
        the margin is not positive or was not measured, 0 at a vertex.
        """
        if self.curvature_margin is None:
            return torch.full_like(self.residual, torch.inf)
        positive = self.curvature_margin > 0
        return torch.where(positive, self.residual / self.curvature_margin, torch.inf)

    def report(self, tolerance: float = 1e-8) -> str:
        """One sentence: how many samples converged, and which did not."""
        failed, n = self.failures(tolerance), len(self.residual)
        if not len(failed):
            return f"all {n} samples meet the optimality conditions to {tolerance:g}"
        named = ", ".join(str(int(i)) for i in failed[:SHOWN])
        rest = f" and {len(failed) - SHOWN} more" if len(failed) > SHOWN else ""
        worst = float(self.residual[failed].max())
        return (
            f"{len(failed)} of {n} samples did not converge to {tolerance:g} "
            f"(worst residual {worst:.1e}): {named}{rest}"
        )
