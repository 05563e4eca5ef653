"""Strong attacks against the exact answer on linear models; alarms for masked gradients."""

import math
import sys

import pytest

torch = pytest.importorskip("torch")
# ruff: noqa: E402 - what follows needs torch
datasets = pytest.importorskip("sklearn.datasets")

from torch import nn

from numerics.deep.attacks.linear import robust
from numerics.deep.attacks.masking import symptoms
from numerics.deep.attacks.norm_balls import NormBall
from numerics.deep.attacks.strong import robust_accuracy, survivors
from numerics.sentences import Malformed


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def linear_digits():
    found = datasets.load_digits()
    x = torch.tensor(found.data[:150] / 16, dtype=torch.float32)
    y = torch.tensor(found.target[:150])
    torch.manual_seed(0)
    model = nn.Linear(64, 10)
    optimiser = torch.optim.Adam(model.parameters(), 1e-2, weight_decay=1e-3)
    for _ in range(100):
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimiser.step()
    return model, x[:30], y[:30]


@pytest.mark.parametrize(("p", "radius"), [(2, 0.5), (math.inf, 0.08)])
def test_exact_on_linear_models_without_a_box(linear_digits, p, radius):
    pytest.importorskip("pyautoattack")
    model, x, y = linear_digits
    exact = robust(model.weight.detach(), model.bias.detach(), x, y, NormBall(p, radius))
    found = survivors(model, x, y, p, radius, box=None)
    assert 0.05 < float(exact.double().mean()) < 0.95
    assert not bool((exact & ~found).any())  # what is robust survives
    assert int((found & ~exact).sum()) <= 1


def test_the_box_and_the_type_of_the_model(linear_digits):
    pytest.importorskip("pyautoattack")
    model, x, y = linear_digits
    state, trace = torch.random.get_rng_state(), sys.gettrace()
    within = robust_accuracy(model, x, y, math.inf, 0.08)
    assert torch.equal(state, torch.random.get_rng_state()) and sys.gettrace() is trace
    without = robust_accuracy(model, x, y, math.inf, 0.08, box=None)
    assert within >= without
    # the same problem in other units: centred on 0, twice as wide, double precision
    wide = nn.Linear(64, 10).double()
    wide.weight.data = model.weight.data.double() / 2
    wide.bias.data = model.bias.data.double() + model.weight.data.double().sum(1) / 2
    same = robust_accuracy(wide, 2 * x.double() - 1, y, math.inf, 0.16, box=(-1.0, 1.0))
    assert same == pytest.approx(within, abs=0.04)
    assert within == robust_accuracy(model, x, y, math.inf, 0.08)


def test_few_classes_fall_back_to_the_untargeted_loss():
    pytest.importorskip("pyautoattack")
    torch.manual_seed(0)
    model, x = nn.Linear(4, 2), torch.randn(30, 4)
    y = model(x).argmax(1)
    ball = NormBall(2, 0.5)
    exact = float(robust(model.weight.detach(), model.bias.detach(), x, y, ball).double().mean())
    assert robust_accuracy(model, x, y, 2, 0.5, box=None) == pytest.approx(exact, abs=0.04)
    with pytest.raises(Malformed, match="2 classes, expected at least 4"):
        robust_accuracy(model, x, y, 2, 0.5, "standard", box=None)


def test_autoattack_runs(linear_digits):
    pytest.importorskip("pyautoattack")
    model, x, y = linear_digits
    found = robust_accuracy(model, x[:3], y[:3], 2, 0.5, "standard", box=None)
    exact = robust(model.weight.detach(), model.bias.detach(), x[:3], y[:3], NormBall(2, 0.5))
    assert found == pytest.approx(float(exact.double().mean()))


def test_mistakes_are_one_sentence(linear_digits, monkeypatch):
    model, x, y = linear_digits
    for args, said in [
        ((x, y, 3, 0.1), "p = 3, expected 1, 2 or inf"),
        ((x, y, 2, -0.1), "radius = -0.1"),
        ((x, y, 2, 0.1, ("pgd",)), 'pgd, expected "standard" or some of'),
        ((x, y, 2, 0.1, ()), "no attack, expected"),
        ((x + 1, y, 2, 0.1), "leaves the box from 0 to 1"),
        ((x, y[:3], 2, 0.1), "expected 30 integer labels"),
    ]:
        with pytest.raises(Malformed, match=said):
            robust_accuracy(model, *args)
    monkeypatch.setitem(sys.modules, "pyautoattack", None)
    with pytest.raises(Malformed, match="pyautoattack is not installed"):
        robust_accuracy(model, x, y, 2, 0.1)


def test_a_sound_attack_raises_no_alarm(linear_digits):
    model, x, y = linear_digits
    found = symptoms(model, x, y, NormBall(2, 0.5), box=(0.0, 1.0))
    assert found.alarms == ()
    assert found.loss_random < found.loss < found.loss_larger_ball


class Masked(nn.Module):
    """Planted: the same classifier, on inputs rounded so that gradients are 0."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        return self.model((8 * x).round() / 8)


def test_masked_gradients_raise_alarms(linear_digits):
    model, x, y = linear_digits
    alarms = " | ".join(symptoms(Masked(model), x, y, NormBall(2, 0.5)).alarms)
    assert "the gradient is 0 at 100%" in alarms and "random points reach" in alarms


def test_a_strong_attack_far_below_pgd_raises_an_alarm(linear_digits):
    model, x, y = linear_digits
    ball = NormBall(2, 0.3)
    plain = symptoms(model, x, y, ball)
    close = symptoms(model, x, y, ball, strong=plain.accuracy - 0.05)
    far = symptoms(model, x, y, ball, strong=plain.accuracy - 0.2)
    assert close.alarms == () and "a strong attack leaves" in far.alarms[0]


class Hill(nn.Module):
    """Planted: the second class wins on a narrow hill around .11 only."""

    def forward(self, x):
        t = x[:, :1]
        return torch.cat([torch.zeros_like(t), 4 * torch.exp(-((t - 0.11) ** 2) / 0.005)], 1)


def test_a_loss_that_falls_with_the_radius_raises_an_alarm():
    """Steps of .1 meet the hill, those of .2 in the ball twice as large stride over it."""
    x, y = torch.zeros(4, 1), torch.zeros(4, dtype=torch.long)
    alarms = " | ".join(symptoms(Hill(), x, y, NormBall(2, 0.4)).alarms)
    assert "a ball twice as large lowers the loss" in alarms and "random points reach" in alarms
    assert symptoms(Hill(), x, y, NormBall(2, 0.05)).alarms == ()
