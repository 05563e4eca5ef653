r"""Bounds of the adversarial curvature and of the attack, from sizes alone.

.. math:: \lambda_{\min}(l_{\theta\theta}) + \frac{\sigma_2(C)^2}{\|\nabla_x l\|/\epsilon
          + \max(0, -\lambda_{\min}(H))} \le \lambda_{\max}(\nabla^2 l_\epsilon)
          \le L_{\theta\theta} + \frac{L_{\theta x}^2}{\mu_T}

for a maximiser on the L2 sphere.  A flat input with a cross derivative of rank two that does not
shrink therefore makes the parameters sharp.  Source: ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from numerics.families.curvature import on_sphere
from numerics.families.derivatives import Array, Derivatives


@dataclass(frozen=True)
class Between:
    """lower <= true <= upper."""

    lower: float
    true: float
    upper: float


def flatness(d: Derivatives, delta: Array) -> Between:
    """Both bounds of the top eigenvalue at a maximiser on the sphere."""
    response = on_sphere(d, delta)
    steep = float(np.linalg.norm(d.x) / np.linalg.norm(delta))
    lowest, sizes = np.linalg.eigvalsh(d.xx)[0], np.linalg.svd(d.xt, compute_uv=False)
    second = sizes[1] if len(sizes) > 1 else 0.0
    ends = np.linalg.eigvalsh(d.tt)
    return Between(
        float(ends[0] + second**2 / (steep + max(0.0, -lowest))),
        response.largest,
        float(np.abs(ends).max() + sizes[0] ** 2 / response.definite),
    )


@dataclass(frozen=True)
class SmallRadius:
    """What a radius below g_min/L_xx guarantees.

    The map delta -> eps grad l/|grad l| contracts with ``rate``; ``attack`` is a Lipschitz constant
    of the maximiser, ``gradient`` one of the adversarial gradient.
    """

    rate: float
    attack: float
    gradient: float


def small_radius(
    epsilon: float, slope: float, L_xx: float, L_xt: float, L_tt: float
) -> SmallRadius | None:
    r"""One maximiser, on the sphere, if eps L_xx < g_min = ``slope``; otherwise None.

    .. math:: L_\delta = \frac{\epsilon L_{x\theta}}{g_{\min} - \epsilon L_{xx}}, \qquad
              L_{\theta\theta} + L_{\theta x} L_\delta

    >>> small_radius(0.5, 2.0, 2.0, 3.0, 1.0)
    SmallRadius(rate=0.5, attack=1.5, gradient=5.5)
    """
    room = slope - epsilon * L_xx
    if not room > 0:
        return None
    attack = epsilon * L_xt / room
    return SmallRadius(epsilon * L_xx / slope, attack, L_tt + L_xt * attack)


def concave(mu: float, L_xt: float, L_tt: float) -> tuple[float, float]:
    """(attack, gradient): L_xt/mu and L_tt + L_xt^2/mu, for mu-strong concavity on all of K."""
    return L_xt / mu, L_tt + L_xt**2 / mu


def inexact_attack(distance: float, L_xt: float) -> float:
    """The error of the gradient at an attack that is ``distance`` away: L_xt distance."""
    return L_xt * distance
