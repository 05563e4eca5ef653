r"""Small smooth networks with the logistic loss of the margin, and all second derivatives.

.. math:: l(x, \theta) = \log\bigl(1 + e^{-y f_\theta(x)}\bigr), \qquad
          f_\theta = W_k\,a(W_{k-1}\cdots a(W_1 x + b_1)\cdots) + b_k

Derivatives are propagated forwards, without differences.  Without hidden layers and without
biases this is the linear classifier.  Source: ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from numerics.families.activations import TANH, Activation, logistic_at
from numerics.families.derivatives import Array, Derivatives, from_joint
from numerics.families.jets import Jet, variables
from numerics.families.network_landscapes import NetworkLandscape


@dataclass(frozen=True)
class Network:
    """``sizes`` are the widths from the input on, without the single output; y is -1 or 1.

    theta holds W_1 by rows, b_1, W_2, ...; ``biases`` = False leaves all b out.

    >>> net = Network((2, 3))
    >>> net.inputs, net.parameters
    (2, 13)
    >>> round(net.derivatives(np.zeros(2), np.zeros(13)).value, 6)
    0.693147
    """

    sizes: tuple[int, ...]
    activation: Activation = TANH
    label: float = 1.0
    biases: bool = True

    def __post_init__(self) -> None:
        if self.label not in (-1.0, 1.0):
            raise ValueError(f"Network: expected a label of -1 or 1, got {self.label}")

    @property
    def inputs(self) -> int:
        """n."""
        return self.sizes[0]

    @property
    def parameters(self) -> int:
        """p."""
        return sum(w.size + (b.size if self.biases else 0) for w, b in self._places())

    def derivatives(self, x: Array, theta: Array) -> Derivatives:
        """Everything at one point: variables are x first, then theta."""
        n, count = self.inputs, self.inputs + self.parameters
        jet = variables(np.asarray(x, dtype=float)[None], count)
        layers = list(self.layers(theta))
        for k, ((w, b), (weight, bias)) in enumerate(zip(self._places(), layers, strict=True)):
            jet = self._affine(jet, weight, bias, n + w, n + b)
            jet = jet.apply(*self.activation.at(jet.value)) if k + 1 < len(layers) else jet
        jet = self._loss(jet)
        return from_joint(jet.value.item(), jet.gradient[0, 0], jet.hessian[0, 0], n)

    def layers(self, theta: Array) -> Iterator[tuple[Array, Array]]:
        """Weights and biases (zero where there are none)."""
        for w, b in self._places():
            yield theta[w], theta[b] if self.biases else np.zeros(len(w))

    def at_parameters(self, theta: Array, x: Array) -> NetworkLandscape:
        """The loss as a function of a perturbation of x."""
        layers = tuple(self.layers(np.asarray(theta, dtype=float)))
        return NetworkLandscape(layers, self.activation, self.label, np.asarray(x, dtype=float))

    def _affine(self, jet: Jet, weight: Array, bias: Array, w: Array, b: Array) -> Jet:
        return jet.affine_in_variables(weight, bias, w, b if self.biases else None)

    def _loss(self, output: Jet) -> Jet:
        margin = output.affine(np.array([[self.label]]), np.zeros(1))
        return margin.apply(*logistic_at(margin.value))

    def _places(self) -> Iterator[tuple[Array, Array]]:
        start = 0
        for into, out in zip(self.sizes, (*self.sizes[1:], 1), strict=True):
            end = start + into * out
            yield np.arange(start, end).reshape(out, into), np.arange(end, end + out)
            start = end + (out if self.biases else 0)


def random_network(
    rng: np.random.Generator,
    sizes: tuple[int, ...],
    activation: Activation,
    label: float = 1.0,
    scale: float = 1.5,
) -> tuple[Network, Array]:
    """A network and its parameters: weights with variance scale^2 / fan-in, biases with 1/4."""
    network = Network(sizes, activation, label)
    theta = np.empty(network.parameters)
    for w, b in network._places():
        theta[w] = rng.normal(scale=scale / np.sqrt(w.shape[1]), size=w.shape)
        theta[b] = rng.normal(scale=0.5, size=b.shape)
    return network, theta
