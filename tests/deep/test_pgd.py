"""PGD: equal to another implementation, exact on linear models, and without a trace."""

import math

import pytest

torch = pytest.importorskip("torch")
# ruff: noqa: E402 - what follows needs torch
datasets = pytest.importorskip("sklearn.datasets")

from torch import nn

from numerics.deep.attacks.ball_and_box import BallAndBox
from numerics.deep.attacks.linear import attack, robust, worst_margins
from numerics.deep.attacks.norm_balls import NormBall
from numerics.deep.attacks.pgd import pgd
from numerics.sentences import Malformed


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def digits():
    """120 digits as images in [0, 1], and a small trained convolutional network."""
    found = datasets.load_digits()
    x = torch.tensor(found.images[:120] / 16, dtype=torch.float32)[:, None]
    y = torch.tensor(found.target[:120])
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.SiLU(), nn.AvgPool2d(2),
        nn.Dropout(0.1), nn.Flatten(), nn.Linear(128, 10),
    )  # fmt: skip
    optimiser = torch.optim.Adam(model.parameters(), 1e-2)
    for _ in range(40):
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimiser.step()
    return x, y, model


def loss(model, x, y):
    with torch.no_grad():
        return float(nn.functional.cross_entropy(model.eval()(x), y))


@pytest.mark.parametrize(("p", "radius", "step"), [(math.inf, 0.1, 0.03), (2, 0.75, 0.2)])
def test_equal_to_torchattacks(digits, p, radius, step, monkeypatch):
    torchattacks = pytest.importorskip("torchattacks")
    x, y, model = digits
    ball = NormBall(p, radius)
    if p == 2:
        # torchattacks clips after the ball; our exact projection is another attack: compare the
        # two where the box does not matter
        x = x * 0.1 + 0.45
        radius, step, ball = 0.2, 0.05, NormBall(2, 0.2)
        theirs = torchattacks.PGDL2(model.eval(), eps=radius, alpha=step, steps=10,
                                    random_start=False)(x, y)  # fmt: skip
    else:
        theirs = torchattacks.PGD(model.eval(), eps=radius, alpha=step, steps=10,
                                  random_start=False)(x, y)  # fmt: skip
    ours = x + pgd(model, x, y, ball, 10, step, box=(0.0, 1.0))
    assert loss(model, ours, y) == pytest.approx(loss(model, theirs, y), rel=1e-4)
    assert loss(model, ours, y) > 1.2 * loss(model, x, y)


def test_no_trace_is_left(digits):
    x, y, model = digits
    model.train()
    model[1].eval()  # a mixed mode, and one parameter already frozen
    frozen = model[0].bias.requires_grad_(False)
    for p in model.parameters():
        p.grad = None
    before = {k: v.clone() for k, v in model.state_dict().items()}
    state = torch.random.get_rng_state()
    pgd(model, x, y, NormBall(2, 0.5), 3, 0.2, start=torch.Generator().manual_seed(0))
    assert all(p.grad is None for p in model.parameters())
    assert model.training and not model[1].training and model[4].training
    assert [p.requires_grad for p in model.parameters()].count(False) == 1
    assert all(torch.equal(v, before[k]) for k, v in model.state_dict().items())
    assert torch.equal(state, torch.random.get_rng_state())
    frozen.requires_grad_(True)
    model.eval()


def test_the_flags_return_when_the_model_fails(digits):
    x, y, model = digits
    model.train()
    with pytest.raises(RuntimeError):
        pgd(model, x[:, :, :3], y, NormBall(2, 0.5), 3, 0.2)
    assert model.training and all(p.requires_grad for p in model.parameters())
    model.eval()


@pytest.mark.parametrize("p", [1.0, 1.5, 2.0, math.inf])
def test_random_starts_are_reproducible_and_inside(digits, p):
    x, y, model = digits
    ball = NormBall(p, 0.4)

    def found(seed, steps):
        start = torch.Generator().manual_seed(seed)
        return pgd(model, x, y, ball, steps, 0.1, box=(0.0, 1.0), start=start)

    assert torch.equal(found(1, 3), found(1, 3))
    assert not torch.equal(found(1, 0), found(2, 0))
    for delta in (found(1, 0), found(1, 3)):
        assert float(ball.size(delta).max()) <= 0.4 * (1 + 1e-5)
        assert float((x + delta).min()) >= -1e-6 and float((x + delta).max()) <= 1 + 1e-6


def test_exact_projection_is_no_worse_than_ball_then_clip(digits):
    x, y, model = digits
    ball = NormBall(2, 0.75)

    class BallThenClip(BallAndBox):
        """The planted shortcut."""

        def project(self, delta):
            return self.ball.project(delta).clamp(self.down, self.up)

    exact = pgd(model, x, y, ball, 20, 0.15, box=(0.0, 1.0))
    shortcut = torch.zeros_like(x)
    for _ in range(20):
        g = gradient(model, x + shortcut, y)
        shortcut = BallThenClip(ball, x, 0.0, 1.0).project(shortcut + 0.15 * ball.dual_direction(g))
    assert loss(model, x + exact, y) > loss(model, x + shortcut, y)


def gradient(model, point, y):
    point = point.clone().requires_grad_(True)
    value = nn.functional.cross_entropy(model(point), y, reduction="sum")
    return torch.autograd.grad(value, point)[0]


def test_bfloat16_keeps_the_type_of_the_iterate(digits):
    x, y, model = digits
    ball = NormBall(math.inf, 0.1)
    half = pgd(model, x, y, ball, 5, 0.03, autocast=torch.bfloat16)
    full = pgd(model, x, y, ball, 5, 0.03)
    assert half.dtype == torch.float32
    assert loss(model, x + half, y) == pytest.approx(loss(model, x + full, y), rel=0.05)


@pytest.mark.parametrize("p", [1.0, 1.5, 2.0, 3.0, math.inf])
def test_closed_form_of_linear_models(p):
    generator = torch.Generator().manual_seed(0)
    model = nn.Linear(6, 2).double()
    weight, bias = model.weight.detach(), model.bias.detach()
    x = torch.randn(20, 6, generator=generator, dtype=torch.double)
    y = torch.randint(0, 2, (20,), generator=generator)
    ball = NormBall(p, 0.7)
    exact = attack(weight, x, y, ball)
    found = pgd(model, x, y, ball, 80, 0.1)
    margins = worst_margins(weight, bias, x, y, ball).amin(1)
    outputs = model(x + exact)
    attained = outputs.gather(1, y[:, None]) - outputs.gather(1, 1 - y[:, None])
    torch.testing.assert_close(attained[:, 0].detach(), margins)
    assert loss(model, x + found, y) <= loss(model, x + exact, y) + 1e-12
    assert loss(model, x + found, y) == pytest.approx(loss(model, x + exact, y), rel=1e-2)
    assert robust(weight, bias, x, y, ball).tolist() == (margins > 0).tolist()


def test_margins_of_several_classes_against_samples():
    generator = torch.Generator().manual_seed(0)
    weight = torch.randn(4, 3, generator=generator, dtype=torch.double)
    bias, x = torch.zeros(4, dtype=torch.double), torch.ones(4, 3, dtype=torch.double)
    y, ball = torch.arange(4), NormBall(2, 0.5)
    worst = worst_margins(weight, bias, x, y, ball)
    sampled = torch.full_like(worst, math.inf)
    for _ in range(2000):
        z = (x + ball.uniform(x, generator)) @ weight.T
        margins = (z.gather(1, y[:, None]) - z).scatter(1, y[:, None], math.inf)
        sampled = torch.minimum(sampled, margins)
    finite = torch.isfinite(worst)
    assert bool((worst <= sampled)[finite].all())
    assert float((sampled - worst)[finite].max()) < 0.25


X, Y = torch.zeros(2, 3), torch.tensor([0, 1])


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        (torch.zeros(3), Y, "expected floating point numbers of shape"),
        (X.long(), Y, "expected floating point"),
        (X, Y[:1], "expected 2 integer labels"),
        (X, torch.zeros(2), "integer labels"),
        (X / 0, Y, "NaN or infinity"),
    ],
)
def test_wrong_batches_are_refused(x, y, said):
    with pytest.raises(Malformed, match=said):
        pgd(nn.Linear(3, 2), x, y, NormBall(2, 1.0), 2, 0.1)


def test_wrong_starts_steps_and_models_are_refused():
    ball, model = NormBall(2, 1.0), nn.Linear(3, 2)
    with pytest.raises(Malformed, match="expected that of x"):
        pgd(model, X, Y, ball, 2, 0.1, start=torch.zeros(2, 4))
    with pytest.raises(Malformed, match="expected two numbers >= 0"):
        pgd(model, X, Y, ball, -1, 0.1)
    with pytest.raises(Malformed, match="NaN or infinite"):
        pgd(lambda x: model(x) * math.nan, X, Y, ball, 2, 0.1)
    with pytest.raises(Malformed, match="expected 2"):
        attack(torch.zeros(3, 3), X, Y, ball)


def test_a_ball_of_radius_zero():
    assert float(pgd(nn.Linear(3, 2), X, Y, NormBall(2, 0.0), 2, 0.1).abs().max()) == 0
