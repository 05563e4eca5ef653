r"""Gradient-like fields that are not gradients, and descent on a kink.

.. math:: F(\theta) = \nabla_\theta l\Bigl(x + \epsilon\frac{g}{\|g\|}, \theta\Bigr), \qquad
          g = \nabla_x l(x, \theta)

The Jacobian of F is l_tt + C(x + delta)^T D delta, with D delta = (eps/|g|) P C(x): it is symmetric
only by chance, since the two C belong to different points.
Shapes: F (p,), its Jacobian (p, p).  Source: ours.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from numerics.families.derivatives import Array, Model


def one_step_attack(model: Model, x: Array, theta: Array, epsilon: float) -> Array:
    """eps g/|g|."""
    g = model.derivatives(x, theta).x
    return np.asarray(epsilon * g / np.linalg.norm(g))


def one_step_field(model: Model, x: Array, theta: Array, epsilon: float) -> Array:
    """F(theta): what training on one normalised gradient step follows."""
    delta = one_step_attack(model, x, theta, epsilon)
    return model.derivatives(x + delta, theta).theta


def one_step_jacobian(model: Model, x: Array, theta: Array, epsilon: float) -> Array:
    """The Jacobian of F, exact."""
    here = model.derivatives(x, theta)
    size = float(np.linalg.norm(here.x))
    e = here.x / size
    there = model.derivatives(x + epsilon * e, theta)
    moved = (epsilon / size) * (here.xt - np.outer(e, e @ here.xt))
    return np.asarray(there.tt + there.xt.T @ moved)


def descend(gradient: Callable[[Array], Array], theta: Array, step: float, count: int) -> Array:
    """theta_{k+1} = theta_k - step gradient(theta_k): the iterates (count + 1, p).

    >>> descend(np.sign, np.array([0.5]), 1.0, 3)[:, 0].tolist()
    [0.5, -0.5, 0.5, -0.5]
    """
    out = [np.asarray(theta, dtype=float)]
    for _ in range(count):
        out.append(out[-1] - step * gradient(out[-1]))
    return np.array(out)
