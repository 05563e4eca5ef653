"""The curvature that local entropy can have, from what is known of f.

.. math:: \\begin{aligned}
   f \\text{ convex}:&\\quad 0 \\le E'' \\le \\gamma \\\\
   f \\ L\\text{-weakly convex}, \\gamma > L:&\\quad
     -\\tfrac{\\gamma L}{\\gamma - L} \\le E'' \\le \\gamma
     \\quad (\\text{attained below by } -\\tfrac L2 t^2) \\\\
   f \\ \\beta\\text{-smooth}, \\gamma > \\beta:&\\quad
     -\\tfrac{\\gamma\\beta}{\\gamma - \\beta} \\le E''
     \\le \\tfrac{\\gamma\\beta}{\\gamma + \\beta} \\\\
   f \\ M\\text{-Lipschitz}:&\\quad -\\gamma (V - 1) \\le E'' \\le \\gamma, \\quad
     V = \\Bigl(\\tfrac{m + \\sqrt{m^2 + 4}}{2}\\Bigr)^2, \\quad
     m = M \\sqrt{b/\\gamma} \\end{aligned}

The first three do not depend on b.  Proofs: the density is (b times) strongly log-concave or has
a log-density with a Hessian from both sides (Brascamp-Lieb, Cramer-Rao); for the last one,
integration by parts gives b gamma Var <= 1 + m sqrt(b gamma Var).

**Conjecture**, not proved: for M-Lipschitz f the sharp constant is

.. math:: V^* = 1 + m^2 + m \\frac{\\varphi(m)}{\\Phi(m)}, \\quad
          \\text{attained by } f = -M|t| \\text{ at } \\theta = 0.
"""

from __future__ import annotations

from typing import Any

from flint import arb, fmpq

from numerics.local_entropy.tilted import exact


def weakly_convex_lower(gamma: Any, L: Any) -> fmpq:
    """-gamma L/(gamma - L); 0 for convex f, L = 0.

    >>> weakly_convex_lower(1, "1/2")
    -1
    """
    g, below = _above(gamma, L, "L")
    return -g * below / (g - below)


def smooth_upper(gamma: Any, beta: Any) -> fmpq:
    """gamma beta/(gamma + beta).

    >>> smooth_upper(2, 1)
    2/3
    """
    g, beta_ = _above(gamma, beta, "beta")
    return g * beta_ / (g + beta_)


def lipschitz_lower(gamma: Any, M: Any, inverse_temperature: Any = 1) -> arb:
    """-gamma (V - 1) = -(b M^2/2 + (M/2) sqrt(b^2 M^2 + 4 b gamma))."""
    g, m, b = _positive(gamma, M, inverse_temperature)
    slope = arb(m)
    return -(arb(b) * slope * slope + slope * (arb(b * b * m * m + 4 * b * g)).sqrt()) / 2


def conjectured_lipschitz_lower(gamma: Any, M: Any, inverse_temperature: Any = 1) -> arb:
    """-gamma (V* - 1): a conjecture, but the exact curvature of -M|t| at 0.

    >>> round(float(conjectured_lipschitz_lower(1, 1)), 4)
    -1.2876
    """
    g, M_, b = _positive(gamma, M, inverse_temperature)
    m = (arb(b) / arb(g)).sqrt() * arb(M_)
    density = (-m * m / 2).exp() / (2 * arb.pi()).sqrt()
    distribution = (-m / arb(2).sqrt()).erfc() / 2
    return -arb(g) * (m * m + m * density / distribution)


def _above(gamma: Any, constant: Any, name: str) -> tuple[fmpq, fmpq]:
    g, c = exact(gamma, "gamma", positive=True), exact(constant, name)
    if not 0 <= c < g:
        raise ValueError(f"local entropy: expected 0 <= {name} < gamma, got {constant} and {gamma}")
    return g, c


def _positive(gamma: Any, M: Any, inverse_temperature: Any) -> tuple[fmpq, fmpq, fmpq]:
    return (
        exact(gamma, "gamma", positive=True),
        exact(M, "M", positive=True),
        exact(inverse_temperature, "inverse_temperature", positive=True),
    )
