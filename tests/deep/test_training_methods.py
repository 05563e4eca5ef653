"""Each method against its formula written out by hand, and the laws that all of them obey."""

from __future__ import annotations

import math
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from torch.nn.functional import cross_entropy  # noqa: E402

from numerics.deep.training import Settings, train  # noqa: E402
from numerics.deep.training.batches import Batches  # noqa: E402
from numerics.deep.training.distributed import Processes  # noqa: E402
from numerics.deep.training.method import names  # noqa: E402
from numerics.sentences import Malformed  # noqa: E402
from tests.deep.training_data import blobs, network, weights  # noqa: E402

torch.set_num_threads(1)
LR = 0.5


def settings(method: str, options: dict[str, Any] | None = None, **changes: Any) -> Settings:
    plain = {"epochs": None, "budget_steps": 1, "batch": 16, "radius": 0.1, "attack_steps": 3,
             "lr": LR, "momentum": 0.0, "weight_decay": 0.0, "schedule": "constant",
             "dtype": "float64"}  # fmt: skip
    return Settings(method=method, options=options or {}, **{**plain, **changes})


def fixed(f: Any, x: Any, y: Any, ball: Any, start: Any) -> Any:
    """The attack +radius everywhere: known without solving anything."""
    return torch.full_like(x, ball.radius)


def moved(run: Settings, attack: Any = fixed, kind: str = "plain", data: Any = None) -> Any:
    """The weights after the run, from those of ``network``."""
    return weights(train(run, data or blobs(), model=network(kind), attack=attack).model)


def batch(number: int, delta: float = 0.1) -> tuple[Any, Any]:
    data = blobs()
    x, y = Batches(data.x.double(), data.y, 16, 0, False, Processes()).batch(number)
    return x + delta, y


def gradient(w: Any, x: Any, y: Any, loss: Any = None) -> Any:
    """Of the mean loss at flat weights, by torch.func: another route than the workspace's."""
    model = network().double()
    torch.nn.utils.vector_to_parameters(w, model.parameters())
    total = loss(model) if loss else cross_entropy(model(x), y)
    return torch.cat([g.reshape(-1) for g in torch.autograd.grad(total, list(model.parameters()))])


def start() -> Any:
    return weights(network()).double()


def near(found: Any, expected: Any) -> bool:
    return bool(torch.allclose(found, expected, rtol=0, atol=1e-12))


# --- laws of all methods


@pytest.mark.parametrize("method", names())
def test_every_method_learns_the_blobs(method: str) -> None:
    inner = method in ("entropy_sgd", "moreau_envelope")  # their outer rate: to the mean itself
    options, lr = ({"steps": 5}, 1.0) if inner else ({}, LR)
    run = train(
        settings(method, options, budget_steps=60, radius=0.03, dtype="float32",
                 schedule="cosine", momentum=0.9, lr=lr),
        blobs(spread=0.05), model=network(), validation=blobs(seed=1, spread=0.05),
    )  # fmt: skip
    assert run.history[-1]["clean"] > 0.9  # the nearest centre of a class is right for all
    assert not run.model.training


SAME_AS_AT = [
    ("awp", {"gamma": 0.0}),
    ("sam", {"rho": 0.0}),
    ("sam", {"rho": 0.0, "attack_again": True}),
    ("weight_noise", {"sigma": 0.0}),
    ("ema", {"decay": 0.0}),
]


@pytest.mark.parametrize(("method", "options"), SAME_AS_AT)
def test_a_method_with_its_parameter_at_zero_is_adversarial_training(
    method: str, options: dict[str, Any]
) -> None:
    plain = moved(settings("adversarial", budget_steps=6))
    assert torch.equal(moved(settings(method, options, budget_steps=6)), plain)


@pytest.mark.parametrize(("method", "options"), SAME_AS_AT[:4])
def test_and_with_its_parameter_away_from_zero_it_is_not(
    method: str, options: dict[str, Any]
) -> None:
    changed = {k: v or 0.1 for k, v in options.items()}
    plain = moved(settings("adversarial", budget_steps=6))
    assert not torch.allclose(moved(settings(method, changed, budget_steps=6)), plain, atol=1e-6)


def test_running_statistics_belong_to_the_weights_themselves() -> None:
    found = [
        train(settings(m, o, lr=0.0), blobs(), model=network("norm"), attack=fixed).model[1]
        for m, o in (("adversarial", {}), ("awp", {"gamma": 0.5}), ("sam", {"rho": 5.0}))
    ]
    assert all(torch.equal(layer.running_var, found[0].running_var) for layer in found)


# --- losses


def test_trades_is_cross_entropy_plus_beta_times_the_divergence() -> None:
    x, y = batch(0, 0.0)

    def loss(model: Any) -> Any:
        p, q = model(x).softmax(1), model(x + 0.1).softmax(1)
        return cross_entropy(model(x), y) + 3.0 * (p * (p / q).log()).sum(1).mean()

    expected = start() - LR * gradient(start(), x, y, loss)
    assert near(moved(settings("trades", {"beta": 3.0})), expected)


def test_the_attack_of_trades_raises_the_divergence() -> None:
    seen = []

    def watching(f: Any, x: Any, targets: Any, ball: Any, start: Any) -> Any:
        seen.append(bool(torch.allclose(targets, f(x).softmax(1))))
        return start

    moved(settings("trades"), watching)
    assert seen == [True]


# --- weights moved


def test_awp_is_the_gradient_at_relative_perturbations_of_the_weight_matrices() -> None:
    (x, y), w, gamma = batch(0), start(), 0.3
    model, v = network().double(), []
    grads = torch.autograd.grad(cross_entropy(model(x), y), list(model.parameters()))
    for p, g in zip(model.parameters(), grads, strict=True):
        matrix = p.dim() == 2
        v.append((gamma * p.norm() / g.norm() * g if matrix else 0 * g).detach().reshape(-1))
    expected = w - LR * gradient(w + torch.cat(v), x, y)
    assert near(moved(settings("awp", {"gamma": gamma})), expected)


def test_sam_is_the_gradient_at_the_worst_point_of_a_ball_of_weights() -> None:
    (x, y), w, rho = batch(0), start(), 0.3
    g = gradient(w, x, y)
    expected = w - LR * gradient(w + rho * g / g.norm(), x, y)
    assert near(moved(settings("sam", {"rho": rho})), expected)


def test_weight_noise_is_centred_and_relative_to_each_tensor() -> None:
    from numerics.deep.training.methods.weight_noise import WeightNoise

    seen: list[Any] = []
    draw = WeightNoise.noise

    def spy(self: Any) -> Any:
        seen.append(draw(self))
        return seen[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WeightNoise, "noise", spy)
        run = settings(
            "weight_noise", {"sigma": 0.2}, lr=0.0, budget_steps=400, collapse_after=10**6
        )  # nothing is to be learned here
        assert torch.equal(moved(run), start())  # exactly put back, 400 times
    for k, p in enumerate(p.detach() for p in network().double().parameters()):
        drawn = torch.stack([noise[k] for noise in seen])
        size = float(0.2 * p.norm() / math.sqrt(p.numel()))
        # 400 draws of 3 entries at least: 5 standard errors
        assert float(drawn.std()) == pytest.approx(size, rel=5 / math.sqrt(2 * drawn.numel()))
        assert abs(float(drawn.mean())) < 5 * size / math.sqrt(drawn.numel())


# --- inner loops


def by_hand(
    outer: int, steps: int, lr: float, mu: float, keep: float, gamma: float, scoping: float
) -> Any:
    """EnSGD without noise, from the text: momentum zero at every outer step, t counted."""
    c, number = start(), 0
    for t in range(outer):
        w, m, v = c.clone(), c.clone(), torch.zeros_like(c)
        for _ in range(steps):
            x, y = batch(number)
            number += 1
            g = gradient(w, x, y) + gamma * (1 + scoping) ** t * (w - c)
            v = mu * v + g
            w = w - lr * (g + mu * v)
            m = keep * m + (1 - keep) * w
        c = c - LR * (c - m)
    return c


NUMBERS = {"steps": 4, "lr": 0.2, "momentum": 0.9, "keep": 0.75, "gamma": 0.5, "scoping": 0.7}
HAND = (4, 0.2, 0.9, 0.75, 0.5)


@pytest.mark.parametrize("method", ["entropy_sgd", "moreau_envelope"])
def test_ensgd_without_noise_is_the_text_step_by_step(method: str) -> None:
    options = {**NUMBERS, "noise": 0.0} if method == "entropy_sgd" else NUMBERS
    found = moved(settings(method, options, budget_steps=3))
    assert near(found, by_hand(3, *HAND, 0.7))
    # a step counter that never moves, or momentum kept, would be seen
    assert not torch.allclose(found, by_hand(3, *HAND, 0.0), atol=1e-6)


def test_the_noise_of_ensgd_has_the_stated_size() -> None:
    options = {"steps": 1, "keep": 0.0, "lr": 0.25, "momentum": 0.0, "gamma": 0.0}
    quiet = moved(settings("entropy_sgd", {**options, "noise": 0.0}, lr=1.0))
    loud = [
        moved(settings("entropy_sgd", {**options, "noise": 0.2}, lr=1.0, seed=0)) - quiet
    ][0]  # fmt: skip
    # sqrt(.25) .2 = .1 on 83 weights: the standard deviation to 5 standard errors
    assert float(loud.std()) == pytest.approx(0.1, rel=5 / math.sqrt(2 * loud.numel()))


def test_the_moreau_envelope_finds_the_proximal_point() -> None:
    options = {"steps": 600, "lr": 0.3, "keep": 0.0, "gamma": 2.0}
    prox = moved(settings("moreau_envelope", options, batch=48, lr=1.0))
    x, y = blobs().x.double() + 0.1, blobs().y
    stationary = gradient(prox, x, y) + 2.0 * (prox - start())
    assert float(stationary.norm()) < 1e-9
    assert float((prox - start()).norm()) > 1e-3


def test_each_inner_step_has_its_own_batch_and_its_own_attack() -> None:
    seen = []

    def watching(f: Any, x: Any, y: Any, ball: Any, start: Any) -> Any:
        seen.append((x.clone(), f(x).detach()))
        return start

    moved(settings("entropy_sgd", {"steps": 3}), watching)
    assert all(torch.equal(x, batch(k, 0.0)[0]) for k, (x, _) in enumerate(seen))
    assert len(seen) == 3
    again = network().double()(seen[1][0])
    assert not torch.allclose(seen[1][1], again)  # at the moved weights, not at the centre


# --- averages


def trajectory(method: str, options: dict[str, Any], steps: int) -> tuple[Any, Any]:
    """The weights after each step of adversarial training, and the averaged ones at the end."""
    path = [moved(settings("adversarial", budget_steps=k)) for k in range(1, steps + 1)]
    return torch.stack(path), moved(settings(method, options, budget_steps=steps))


def test_swa_is_the_mean_of_late_weights() -> None:
    path, average = trajectory("swa", {"start": 0.5, "every": 1}, 6)
    assert near(average, path[3:].mean(0))
    assert not near(average, path.mean(0))


def test_ema_is_the_stated_recursion() -> None:
    path, average = trajectory("ema", {"decay": 0.3}, 5)
    expected = path[0].clone()  # the first average is the first weights
    for t, w in enumerate(path[1:], start=1):
        d = min(0.3, (1 + t) / (10 + t))
        expected = d * expected + (1 - d) * w
    assert near(average, expected)


def test_statistics_of_averaged_weights_are_estimated_anew() -> None:
    run = train(settings("swa", {"base": "natural"}, budget_steps=6), blobs(),
                model=network("norm"))  # fmt: skip
    hidden = [run.model[0](batch(k, 0.0)[0]) for k in range(6)]
    means = torch.stack([h.mean(0) for h in hidden]).mean(0)
    assert near(run.model[1].running_mean, means)
    assert run.counts.extra > 0 and run.gradients == 6


# --- sentences


@pytest.mark.parametrize(
    ("method", "options", "sentence"),
    [
        ("adverserial", {}, "did you mean 'adversarial'"),
        ("awp", {"gama": 1}, "option 'gama' .did you mean 'gamma'"),
        ("natural", {"beta": 1}, "expected no options"),
        ("awp", {"gamma": -1}, "gamma = -1: expected a number"),
        ("awp", {"base": "entropy_sgd"}, "expected a loss"),
        ("swa", {"base": 3}, "expected a name"),
        ("swa", {"every": 0}, "every = 0"),
        ("entropy_sgd", {"steps": 0}, "steps = 0"),
        ("entropy_sgd", {"keep": 1.5}, "keep = 1.5"),
    ],
)
def test_methods_that_mean_nothing_are_sentences(method: str, options: Any, sentence: str) -> None:
    with pytest.raises(Malformed, match=sentence):
        moved(settings(method, options))
