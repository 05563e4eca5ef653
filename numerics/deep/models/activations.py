r"""Activations by name, each declared smooth or not.

.. math:: \mathrm{silu}(t) = t\,\sigma(t), \quad \mathrm{softplus}(t) = \log(1 + e^t), \quad
          \mathrm{gelu}(t) = t\,\Phi(t), \quad \mathrm{relu}(t) = \max(t, 0).

Theorems on smoothness need a smooth network: with ReLU the difference quotients of the gradient
do not converge to the Hessian that exists almost everywhere, so ReLU serves only as a contrast.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from numerics.sentences import Malformed, did_you_mean


def _softplus() -> nn.Module:
    """Torch's softplus becomes t above its threshold: at 20 a jump of 2e-9 in value and slope,
    at 40 one of 4e-18, below the rounding of float64."""
    return nn.Softplus(threshold=40.0)


SMOOTH: dict[str, Callable[[], nn.Module]] = {
    "silu": nn.SiLU,
    "softplus": _softplus,
    "gelu": nn.GELU,
    "tanh": nn.Tanh,
}
KINKED: dict[str, Callable[[], nn.Module]] = {"relu": nn.ReLU}


def activation(name: str) -> nn.Module:
    """A new module of that name.

    >>> activation("silu")
    SiLU()
    >>> activation("swiss")
    Traceback (most recent call last):
    numerics.sentences.Malformed: activation 'swiss': expected one of silu, softplus, gelu, tanh, \
relu
    """
    known = {**SMOOTH, **KINKED}
    if name not in known:
        listed = ", ".join(known)
        raise Malformed(f"activation {name!r}: expected one of {listed}{did_you_mean(name, known)}")
    return known[name]()


def is_smooth(name: str) -> bool:
    """Whether the activation has derivatives of every order everywhere.

    >>> is_smooth("gelu"), is_smooth("relu")
    (True, False)
    """
    activation(name)
    return name in SMOOTH
