"""What the tests of the families share: random attacked networks, and their re-solved attacks."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from numerics.families.activations import ACTIVATIONS
from numerics.families.attack_ball import Ball
from numerics.families.attack_box import Box
from numerics.families.attack_solver import Attack, polish, solve_attack
from numerics.families.curvature import Response, interior, on_box, on_sphere
from numerics.families.derivatives import Derivatives
from numerics.families.differences import Difference, derivative
from numerics.families.networks import Network, random_network

SIZES = ((2, 3), (2, 3, 3), (1, 4), (2, 4), (2, 3, 2, 2), (3, 3))


@dataclass(frozen=True)
class Attacked:
    """A network, its parameters, an input and the attack on it."""

    network: Network
    theta: np.ndarray
    x: np.ndarray
    region: Ball | Box
    attack: Attack

    @property
    def derivatives(self) -> Derivatives:
        return self.network.derivatives(self.x + self.attack.delta, self.theta)

    @property
    def response(self) -> Response:
        """Predicted, from the formula that the active constraints choose."""
        if isinstance(self.region, Box):
            return on_box(self.derivatives, self.attack.active)
        if self.attack.active[0]:
            return on_sphere(self.derivatives, self.attack.delta)
        return interior(self.derivatives)

    def solved(self, theta: np.ndarray) -> np.ndarray:
        """The attack solved again at other parameters, from every summit at the first ones."""
        land = self.network.at_parameters(theta, self.x)
        ends = np.array([polish(land, self.region, s) for s in self.attack.summits])
        return ends[np.argmax(land.at(ends).value)]

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        """The adversarial gradient by Danskin's theorem, with the attack solved again."""
        return self.network.derivatives(self.x + self.solved(theta), theta).theta

    def measured(self, direction: np.ndarray) -> Difference:
        """The derivatives of the attack (first n entries) and of the gradient, by differences."""

        def both(t: float) -> np.ndarray:
            theta = self.theta + t * direction
            delta = self.solved(theta)
            return np.append(delta, self.network.derivatives(self.x + delta, theta).theta)

        quick = derivative(both, 0.01, 2)
        return quick if quick.error < 1e-9 else derivative(both, 0.01, 5)


def attacked(seed: int, region: Ball | Box, certify: bool = True) -> Iterator[Attacked]:
    """Random networks without end; every second label is -1."""
    rng = np.random.default_rng(seed)
    for k in range(10**6):
        activation, sizes = ACTIVATIONS[k % 3], SIZES[k % len(SIZES)]
        network, theta = random_network(rng, sizes, activation, label=(-1.0) ** k)
        x = rng.normal(size=sizes[0])
        attack = solve_attack(network.at_parameters(theta, x), region, certify=certify)
        yield Attacked(network, theta, x, region, attack)


def unit(rng: np.random.Generator, n: int) -> np.ndarray:
    v = rng.normal(size=n)
    return v / np.linalg.norm(v)
