"""Facts of analysis that an argument takes from outside, each with its source.

They appear by name in every verdict that uses them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Assumption:
    """A cited fact: its name, what it says, where it is proved."""

    name: str
    says: str
    source: str

    def __str__(self) -> str:
        return f"{self.name} ({self.source}): {self.says}"


DANSKIN = Assumption(
    "Danskin's theorem",
    "a maximum of C^1 functions over a compact set is differentiable where the partial gradients "
    "at all maximisers agree, and has that gradient",
    "Danskin 1967",
)
TAYLOR = Assumption(
    "integration along segments",
    "a gradient with Lipschitz constant L keeps the function within (L/2)||d||^2 of its tangent, "
    "and bounds the second derivative by L",
    "calculus",
)
VARIATIONAL = Assumption(
    "first-order condition",
    "a maximiser d of a differentiable function over a convex set K satisfies "
    "<grad, d> = h_K(grad)",
    "Rockafellar 1970",
)
UNDER_THE_INTEGRAL = Assumption(
    "differentiation under the integral sign",
    "log-partition functions have the moments as derivatives",
    "Brown 1986",
)
BRASCAMP_LIEB = Assumption(
    "Brascamp-Lieb inequality",
    "a density exp(-V) with V - (m/2)||.||^2 convex, m > 0, has covariance at most I/m",
    "Brascamp and Lieb 1976",
)
CRAMER_RAO = Assumption(
    "Cramer-Rao inequality",
    "a density exp(-V) with V at most M-smooth has covariance at least I/M",
    "Cramer 1946, Rao 1945",
)
BY_PARTS = Assumption(
    "integration by parts",
    "gamma Var(h) = ||h||^2 - E[<t - m, h> d_h f] for the density exp(-f - gamma/2 ||.||^2), f "
    "Lipschitz",
    "calculus",
)
IMPLICIT_FUNCTION = Assumption(
    "implicit function theorem",
    "the maximiser is differentiable where the optimality system is regular",
    "Dini 1878; Fiacco 1976",
)
