"""The derivatives of the networks: two codes for one jet, differences, and enclosures."""

import numpy as np
import pytest
from scipy.special import expit

from numerics.families import network_landscapes
from numerics.families.activations import ACTIVATIONS, SOFTPLUS, Activation
from numerics.families.derivatives import Derivatives
from numerics.families.differences import derivative
from numerics.families.landscapes import sides
from numerics.families.networks import Network, random_network
from numerics.intervals import Interval

ALL = pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda a: a.name)
SIZES = pytest.mark.parametrize("sizes", [(2, 3), (3, 4, 3), (1, 3, 2, 3)])


def joint(d: Derivatives) -> tuple[np.ndarray, np.ndarray]:
    hessian = np.block([[d.xx, d.xt], [d.xt.T, d.tt]])
    return np.append(d.x, d.theta), hessian


@ALL
@SIZES
def test_derivatives_agree_with_differences(activation: Activation, sizes: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    network, theta = random_network(rng, sizes, activation, -1.0)
    z, n = np.append(rng.normal(size=sizes[0]), theta), sizes[0]
    gradient, hessian = joint(network.derivatives(z[:n], z[n:]))
    v = rng.normal(size=len(z)) / np.sqrt(len(z))

    def along(t: float) -> np.ndarray:
        d = network.derivatives((z + t * v)[:n], (z + t * v)[n:])
        return np.append(d.value, joint(d)[0])

    found = derivative(along, 0.1)
    assert found.error < 1e-9
    assert found.value[0] == pytest.approx(gradient @ v, rel=1e-9, abs=1e-11)
    assert found.value[1:] == pytest.approx(hessian @ v, rel=1e-8, abs=1e-10)


@ALL
@SIZES
def test_the_landscape_is_the_input_part(activation: Activation, sizes: tuple[int, ...]) -> None:
    rng = np.random.default_rng(1)
    network, theta = random_network(rng, sizes, activation, -1.0)
    x, delta = rng.normal(size=(2, sizes[0]))
    d, here = (
        network.derivatives(x + delta, theta),
        network.at_parameters(theta, x).at(delta[None]),
    )
    assert here.value[0] == pytest.approx(d.value, rel=1e-14)
    assert here.gradient[0] == pytest.approx(d.x, rel=1e-12, abs=1e-15)
    assert here.hessian[0] == pytest.approx(d.xx, rel=1e-12, abs=1e-15)


def misses(network: Network, theta: np.ndarray, rng: np.random.Generator) -> int:
    """Points of random boxes whose floats leave the enclosures."""
    n, count = network.inputs, 400
    lo = rng.uniform(-1, 1, (count, n))
    width = 10.0 ** rng.uniform(-9, 0, (count, 1))
    points = lo + width * rng.random((count, n))
    land = network.at_parameters(theta, rng.normal(size=n))
    found, here = land.on(sides(lo, lo + width)), land.at(points)
    bad = ~found.value.contains(here.value)
    for i in range(n):
        bad |= ~found.gradient[i].contains(here.gradient[:, i])
        for j in range(n):
            bad |= ~found.hessian[i][j].contains(here.hessian[:, i, j])
    return int(bad.sum())


@ALL
@SIZES
def test_enclosures_contain(activation: Activation, sizes: tuple[int, ...]) -> None:
    rng = np.random.default_rng(2)
    assert misses(*random_network(rng, sizes, activation, -1.0), rng) == 0


def test_a_wrong_enclosure_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def ends(z: Interval) -> tuple[Interval, Interval, Interval]:
        value, slope, bend = SOFTPLUS.on(z)
        return value, slope, Interval(np.minimum(bend.lo, bend.hi * 0.9), bend.hi * 0.9)

    rng = np.random.default_rng(2)
    network, theta = random_network(rng, (2, 3), Activation("planted", SOFTPLUS.at, ends))
    assert misses(network, theta, rng) > 0


def test_without_hidden_layers_it_is_the_linear_classifier() -> None:
    x, theta = np.array([1.0, -0.5, 0.25]), np.array([0.6, 0.8, -0.3])
    d = Network((3,), biases=False, label=-1.0).derivatives(x, theta)
    u = -theta @ x
    s = expit(-u)
    assert d.value == pytest.approx(np.log1p(np.exp(-u)), rel=1e-14)
    assert d.theta == pytest.approx(s * x, rel=1e-13)
    assert d.tt == pytest.approx(s * (1 - s) * np.outer(x, x), rel=1e-13)
    assert d.xt == pytest.approx(s * np.eye(3) + s * (1 - s) * np.outer(theta, x), rel=1e-13)


def test_a_label_is_a_sign() -> None:
    with pytest.raises(ValueError, match="expected a label of -1 or 1, got 0"):
        Network((2,), label=0)


def test_the_count_of_inputs_is_read_from_a_jet() -> None:
    assert [network_landscapes._inputs(c) for c in (3, 6, 10)] == [1, 2, 3]
