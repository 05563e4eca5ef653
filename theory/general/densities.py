r"""What is known of the mean and covariance of the density of a local entropy.

.. math:: 0 \preceq \operatorname{Cov}, \qquad f+\tfrac{L}{2}\|\cdot\|^2 \text{ convex}
          \Rightarrow \operatorname{Cov}\preceq\tfrac{1}{\gamma-L} I, \qquad
          f\ M\text{-Lipschitz} \Rightarrow
          \gamma c \le \|h\|^2 + M\|h\|\sqrt c,\ c=\langle h,\operatorname{Cov}h\rangle
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sympy import sqrt

from theory.general.assumptions import BRASCAMP_LIEB, BY_PARTS, CRAMER_RAO
from theory.general.facts import Fact
from theory.general.functions import Value
from theory.general.local_entropy import Covariance, Mean
from theory.linear_maps import Image
from theory.moduli import _WithModulus
from theory.scalars import dot, norm
from theory.statements import Convex, Lipschitz, Smooth


def density_facts(
    objects: Iterable[Any], statements: list[Any], relations: list[Any]
) -> Iterator[Fact]:
    """Bounds of <h, Cov h> for every image under a covariance that occurs."""
    objects = list(objects)
    found = {i for o in objects for i in o.atoms(Image) if isinstance(i.map, Covariance)}
    for image in sorted(found, key=str):
        c, square = dot(image.inner, image), norm(image.inner) ** 2
        yield Fact(c >= 0, f"{image.map} is a covariance")
        for h in statements:
            if _is_about(h, image.map.function):
                yield from _from(h, image.map.gamma, c, square)
    yield from _about_means(objects, statements)


def _is_about(h: Any, function: Any) -> bool:
    """Whether the hypothesis is about f itself, not about f of something else."""
    f = getattr(h, "f", None)
    return isinstance(f, Value) and f.function == function and f.points == (h.wrt,)


def _from(h: Any, gamma: Any, c: Any, square: Any) -> Iterator[Fact]:
    why = f"{h}, gamma = {gamma}"
    if isinstance(h, Smooth):
        if h.constant is not None:
            beta = h.constant
            yield Fact((gamma + beta) * c >= square, why, (CRAMER_RAO,))
            yield _definite(gamma - beta, c, square, why)
    elif isinstance(h, Lipschitz):
        if h.constant is not None:
            size = h.constant * sqrt(square) * sqrt(c)
            yield Fact(gamma * c <= square + size, why, (BY_PARTS,))
    elif isinstance(h, Convex | _WithModulus):
        side, m = h.bend() if isinstance(h, _WithModulus) else (1, 0)
        if side == 1:
            yield _definite(gamma + m, c, square, why)
        else:  # f + (m/2)||.||^2 is concave: the potential is at most (gamma - m)-smooth
            yield Fact((gamma - m) * c >= square, why, (CRAMER_RAO,))


def _definite(modulus: Any, c: Any, square: Any, why: str) -> Fact:
    """modulus Cov <= I; for a modulus <= 0 it says nothing that Cov >= 0 does not."""
    return Fact(modulus * c <= square, why, (BRASCAMP_LIEB,))


def _about_means(objects: list[Any], statements: list[Any]) -> Iterator[Fact]:
    """||grad E|| <= M for an M-Lipschitz f: grad E is the mean of grad f."""
    found = {m for o in objects for m in o.atoms(Mean)}
    for mean in sorted(found, key=str):
        for h in statements:
            lipschitz = isinstance(h, Lipschitz) and not isinstance(h, Smooth)
            if lipschitz and _is_about(h, mean.function) and h.constant is not None:
                size = mean.gamma * norm(mean.point - mean)
                yield Fact(size <= h.constant, str(h), (BY_PARTS,))
