"""E3 and E4: their measurements against second routes, their findings against made-up numbers."""

from __future__ import annotations

import copy
import dataclasses
import math
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("sklearn")
torch.set_num_threads(1)

from torch.func import functional_call, grad, vmap  # noqa: E402
from torch.nn.functional import cross_entropy  # noqa: E402

from numerics.deep.attacks.certified import solve as certified  # noqa: E402
from numerics.deep.curvature.adversarial_hessian import adversarial  # noqa: E402
from numerics.deep.curvature.difference_quotients import gradient_at  # noqa: E402
from numerics.deep.curvature.lanczos import random_unit  # noqa: E402
from numerics.deep.curvature.resolved_step import resolved_step  # noqa: E402
from numerics.deep.curvature.roughness import roughness  # noqa: E402
from numerics.deep.experiment import Context  # noqa: E402
from numerics.deep.experiments import input_flatness, true_curvature  # noqa: E402
from numerics.deep.objective import Objective  # noqa: E402
from numerics.deep.record import plain  # noqa: E402
from numerics.deep.training import Settings, train  # noqa: E402
from numerics.sentences import Malformed  # noqa: E402
from tests.deep.solver import problem  # noqa: E402
from tests.deep.training_data import blobs, network, weights  # noqa: E402

LR, DELTA = 0.5, 0.1


# --- the penalties on the input


def moved(**options: Any) -> Any:
    """The weights after a step of the method from those of ``network``, attack +DELTA."""
    settings = Settings(
        method="flat_input", options=options, budget_steps=1, batch=48, radius=DELTA, lr=LR,
        attack_steps=3, momentum=0.0, weight_decay=0.0, schedule="constant", dtype="float64",
    )  # fmt: skip

    def fixed(f: Any, x: Any, y: Any, ball: Any, start: Any) -> Any:
        return torch.full_like(x, DELTA)

    return weights(train(settings, blobs(), model=network(), attack=fixed).model)


def by_hand(penalty: str, weight: float, power: float = 2.0, width: float = 0.1) -> Any:
    """The same step with per-sample gradients of torch.func."""
    model, data = network().double(), blobs()
    x, y = data.x.double(), data.y
    parameters = dict(model.named_parameters())

    def loss(row: Any, label: Any) -> Any:
        return cross_entropy(functional_call(model, parameters, (row[None],)), label[None])

    losses, slopes = vmap(loss), vmap(grad(loss))
    worst = x + DELTA
    if penalty == "gradient":
        rough = slopes(worst, y).norm(dim=1) ** power
    elif penalty == "curvature":
        unit = slopes(worst, y).detach()
        unit = unit / unit.norm(dim=1, keepdim=True)
        apart = slopes(worst + width * unit, y) - slopes(worst, y)
        rough = (apart / width).norm(dim=1) ** power
    else:
        rough = (losses(worst, y) - losses(x, y) - DELTA * slopes(x, y).sum(1)).abs()
    total = losses(worst, y).mean() + weight * rough.mean()
    found = torch.autograd.grad(total, list(parameters.values()))
    return weights(model) - LR * torch.cat([g.reshape(-1) for g in found])


@pytest.mark.parametrize("penalty", ["gradient", "curvature", "linearity"])
def test_the_penalty_is_the_formula(penalty: str) -> None:
    found = moved(penalty=penalty, weight=2.0)
    assert torch.allclose(found, by_hand(penalty, 2.0), rtol=0, atol=1e-12)
    assert not torch.allclose(found, by_hand(penalty, 1.0), rtol=0, atol=1e-6)
    if penalty != "linearity":  # the norm in place of its square would be seen
        assert not torch.allclose(found, by_hand(penalty, 2.0, power=1.0), rtol=0, atol=1e-6)


def test_without_weight_it_is_adversarial_training() -> None:
    common = {"budget_steps": 6, "batch": 16, "radius": 0.1, "attack_steps": 2}
    runs = [
        train(Settings(method=method, options=options, **common), blobs(), model=network())
        for method, options in (("adversarial", {}), ("flat_input", {"weight": 0.0}))
    ]
    assert torch.equal(weights(runs[0].model), weights(runs[1].model))
    assert runs[0].gradients == runs[1].gradients


def test_passes_are_counted() -> None:
    settings = Settings(
        method="flat_input", options={"penalty": "curvature"}, budget_steps=2, attack_steps=4
    )
    assert train(settings, blobs(), model=network()).gradients == 2 * (4 + 3)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"penalty": "gradeint"}, "did you mean 'gradient'"),
        ({"weight": -1.0}, "weight = -1.0"),
        ({"width": 0.0}, "width = 0.0"),
    ],
)
def test_penalties_that_mean_nothing_are_sentences(options: Any, sentence: str) -> None:
    with pytest.raises(Malformed, match=sentence):
        moved(**options)


# --- roughness


@pytest.fixture(scope="module")
def solved() -> Any:
    objective, x, y = problem("mlp")
    theta = objective.theta()
    return objective, theta, x, y, certified(objective, theta, x, y, 2.0, 0.3)


def dense(product: Any, size: int) -> Any:
    return torch.stack([product(row) for row in torch.eye(size).double()])


def test_roughness_is_that_of_the_dense_matrices(solved: Any) -> None:
    objective, theta, x, y, solution = solved
    found, v = roughness(objective, theta, x, y, solution, probes=400)
    hessian = adversarial(objective, theta, x, y, solution)
    held, added = (dense(lambda u, k=k: hessian.parts(u)[k], theta.numel()) for k in (0, 1))
    tops = [float(torch.linalg.eigvalsh((m + m.mT) / 2)[-1]) for m in (held, held + added, added)]
    assert [found.frozen, found.true, found.added] == pytest.approx(tops, rel=2e-3)
    assert found.frozen < found.true
    assert found.added_along == pytest.approx(float(v @ added @ v), rel=1e-9)
    assert abs(found.added_trace - float(added.trace())) < 5 * found.added_trace_error
    assert found.samples == len(x) and found.left_out == 0 and found.converged


def test_irregular_samples_are_left_out_and_counted(solved: Any) -> None:
    objective, theta, x, y, solution = solved
    gap = solution.gap.clone()
    gap[0] = 0.0
    tied = dataclasses.replace(solution, gap=gap)
    found, _ = roughness(objective, theta, x, y, tied)
    assert (found.samples, found.left_out) == (len(x) - 1, 1)


# --- a step with the attack solved anew


def test_a_short_step_is_the_hessian_along_it(solved: Any) -> None:
    objective, theta, x, y, solution = solved
    v = random_unit(theta, 3)
    found = resolved_step(objective, theta, x, y, solution, v, 1e-5)
    held, added = adversarial(objective, theta, x, y, solution).parts(v)
    assert found.held == pytest.approx(float(v @ held), rel=1e-3)
    assert found.moving == pytest.approx(float(v @ (held + added)), rel=1e-3)
    assert float(v @ added) > 0.01 * abs(float(v @ held))  # so that both would be told apart
    assert (found.far, found.beaten, found.unconverged) == (0, 0, 0)


def test_a_first_attack_that_is_beaten_is_left_out(solved: Any) -> None:
    objective, theta, x, y, solution = solved
    delta, value = solution.delta.clone(), solution.value.clone()
    delta[1] = -delta[1]  # no maximiser
    value[1] = float(objective.losses(theta, x + delta, y)[1])
    wrong = dataclasses.replace(solution, delta=delta, value=value)
    found = resolved_step(objective, theta, x, y, wrong, random_unit(theta), 1e-4)
    assert (found.beaten, found.samples) == (1, len(x) - 1)


def test_a_step_under_linf_counts_flips() -> None:
    """A linear model whose step crosses theta_1 = 0: one coordinate flips in every sample."""
    model = torch.nn.Linear(3, 2, bias=False).double()
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[0.0, 0.0, 0.0], [0.1, 1.0, -1.0]]))
    objective, x = Objective(model), torch.tensor([[0.1, 0.2, 0.3], [0.2, -0.1, 0.0]]).double()
    y, theta = torch.tensor([0, 0]), objective.theta()
    v = torch.zeros_like(theta)
    v[3] = -1.0
    solution = certified(objective, theta, x, y, math.inf, 0.3)
    found = resolved_step(objective, theta, x, y, solution, v, 0.2)
    assert (found.flips, found.far) == (2, 2)
    end = theta + 0.2 * v
    there = certified(objective, end, x, y, math.inf, 0.3)
    change = gradient_at(objective, end, x, y, there.delta) - gradient_at(
        objective, theta, x, y, solution.delta
    )
    assert found.moving == pytest.approx(float(change @ v) / 0.2, rel=1e-9)
    assert found.moving > found.held


# --- the experiments

TRAINING = {"epochs": 1, "attack_steps": 1, "batch": 128, "lr": 0.1}
TINY = {
    true_curvature: {
        "data": "breast_cancer", "seeds": [0], "radii": [0.1, 0.2], "training": TRAINING,
        "checkpoints": [1], "n": 4, "starts": 2, "steps": [0.01],
    },
    input_flatness: {
        "data": "breast_cancer", "seeds": [0], "radius": 0.3, "weights": {"gradient": [0.5, 1.0]},
        "training": TRAINING, "shorter": [2], "n": 4, "bounded": 1, "starts": 2, "step": 0.01,
    },
}  # fmt: skip


@pytest.fixture(scope="module", params=TINY, ids=lambda module: module.NUMBER)
def done(request: pytest.FixtureRequest) -> Any:
    module = request.param
    return module, plain(module.run(TINY[module], Context(module.__name__)))


def test_tiny_experiments_run_and_say_something(done: Any) -> None:
    module, numbers = done
    header, rows = module.summary(numbers)
    assert rows and all(len(row) == len(header) for row in rows)
    assert len(module.finding(numbers).sentence) > 50


def test_a_part_run_alone_gives_the_same_numbers(done: Any) -> None:
    module, numbers = done
    one = numbers["networks"][-1]
    if module is true_curvature:
        names = ("data", "training", "checkpoints", "n", "starts", "steps")
        which = {k: one[k] for k in ("attack", "radius", "seed")}
    else:
        names = ("data", "radius", "training", "n", "bounded", "starts", "step")
        which = {k: one[k] for k in ("penalty", "weight", "seed")}
    common = {k: TINY[module][k] for k in names}
    assert plain(module.network("cpu", **common, **which)) == one


def test_matched_radii_give_the_same_loss(done: Any) -> None:
    module, numbers = done
    if module is true_curvature:
        d = 30
        for l2, linf in zip(numbers["radii"]["L2"], numbers["radii"]["Linf"], strict=True):
            assert linf < l2 < linf * math.sqrt(d)  # between the balls in and around the box


def test_matching_finds_the_radius_or_says_between_which_it_looked() -> None:
    at_two = true_curvature._root(lambda log_radius: log_radius - math.log(2), 0.5, 8)
    assert at_two == pytest.approx(2, rel=1e-3)
    with pytest.raises(Malformed, match=r"0\.368 and 0\.368 times .* radius 0\.5 and 8, expected"):
        true_curvature._root(lambda _: -1.0, 0.5, 8)


# --- findings


def curvature_numbers(l2: float, linf: float, spread: float = 0.0) -> dict[str, Any]:
    """Networks whose true curvature is a multiple of the frozen one, the same along the step."""

    def row(factor: float, seed: int) -> dict[str, Any]:
        ratio = factor * (1 + spread * (-1) ** seed)
        along = {"step": 0.01, "moving": ratio, "held": 1.0, "far": 0, "samples": 4}
        return {"epoch": 1, "loss": 1.0, "frozen": 1.0, "true": ratio, "along": [along],
                "added_along": ratio - 1, "frozen_trace": 2.0, "added_trace": 1.0, "samples": 4,
                "left_out": 0}  # fmt: skip

    networks = [
        {"attack": attack, "radius": radius, "seed": seed, "rows": [row(factor * radius, seed)],
         "test": {"clean": 0.9, "robust": 0.5}}
        for attack, factor in (("L2", l2), ("Linf", linf))
        for radius in (1.0, 2.0)
        for seed in range(4)
    ]  # fmt: skip
    return {"radii": {"Linf": [1.0, 2.0], "L2": [1.0, 2.0]}, "networks": networks}


@pytest.mark.parametrize(
    ("numbers", "verdict"),
    [
        (curvature_numbers(1.5, 1.2, 0.1), "borne out"),
        (curvature_numbers(1.5, 0.3, 0.1), "not borne out"),
        (curvature_numbers(1.5, 1.2, 0.9), "inconclusive"),
    ],
)
def test_the_finding_on_curvature_follows_the_numbers(numbers: Any, verdict: str) -> None:
    found = true_curvature.finding(numbers)
    assert found.verdict == verdict
    # doubling the radius doubles the made-up ratio, for every seed
    assert "per doubling of the radius the ratio of eigenvalues changes by 2.00" in found.sentence


def flat_numbers(
    powers: dict[str, float], spread: float = 0.0, by_loss: float = 0.0
) -> dict[str, Any]:
    """Input gradient 1/(1 + weight), top eigenvalue its power.

    Penalties double the loss, shorter training raises it to 4, the eigenvalue with it by a power.
    """

    def one(kind: str, weight: float, power: float, seed: int, loss: float = 1.0) -> dict[str, Any]:
        slope = 1 / (1 + weight)
        noise = 1 + (spread * (-1) ** seed if weight else 0.0)
        rise = loss**by_loss if kind == "none" else 1.0
        tops = {name: slope**power * noise * rise for name in ("true", "frozen", "added")}
        return {
            "penalty": kind, "weight": weight, "seed": seed, "loss": loss, "test": {"robust": 0.5},
            "flatness": {"gradient": slope, "curvature": slope, "linearity": slope},
            "roughness": {**tops, "along": {"moving": 1.0 + weight}},
            "bounds": {"cross": [1.0 + weight, 1.0 + weight], "hold": 3, "samples": 4,
                       "lower": 0.0, "upper": 9.0},
        }  # fmt: skip

    networks = [one("none", 0.0, 0.0, seed) for seed in range(4)]
    networks += [
        one(kind, weight, power, seed, 2.0)
        for kind, power in powers.items()
        for weight in (1.0, 3.0)
        for seed in range(4)
    ]
    shorter = [one("none", 0.0, 0.0, seed, 4.0) for seed in range(4)]
    weights = {kind: [1.0, 3.0] for kind in powers}
    return {"weights": weights, "networks": networks, "shorter": shorter}


@pytest.mark.parametrize(
    ("numbers", "verdict"),
    [
        (flat_numbers({"gradient": -1.0, "curvature": -0.5}, 0.05), "borne out"),
        (flat_numbers({"gradient": -1.0, "curvature": 0.5}, 0.05), "not borne out"),
        (flat_numbers({"gradient": -1.0, "curvature": -0.1}, 0.5), "inconclusive"),
        # smoother at equal length, but what training to the same loss gives is smoother still
        (flat_numbers({"gradient": 0.5}, 0.05, by_loss=-2.0), "inconclusive"),
        (flat_numbers({"gradient": -0.5}, 0.05, by_loss=2.0), "inconclusive"),
    ],
)
def test_the_finding_on_flatness_follows_the_numbers(numbers: Any, verdict: str) -> None:
    found = input_flatness.finding(numbers)
    assert found.verdict == verdict
    n = len(numbers["networks"])
    assert f"Both bounds hold at {3 * n} of {4 * n} samples" in found.sentence


def test_networks_are_compared_at_equal_loss() -> None:
    """Weight 3: 4^(-power) at loss 2; without penalty the eigenvalue is loss^3, log-linear."""
    numbers = flat_numbers({"gradient": -0.5}, by_loss=3.0)
    found = input_flatness.change_at_equal_loss(numbers, "gradient", "true")
    assert found is not None and found.mean == pytest.approx(math.log(4**0.5 / 2**3))
    far = {**numbers, "shorter": []}  # nobody trained to that loss
    assert input_flatness.change_at_equal_loss(far, "gradient", "true") is None
    assert "at equal adversarial loss unknown" in input_flatness.finding(far).sentence
    assert input_flatness.finding(far).verdict == "inconclusive"


def test_slopes_and_ranks_are_those_of_the_made_up_networks() -> None:
    numbers = flat_numbers({"gradient": -0.7})
    assert input_flatness.slope(numbers, "gradient", "true").mean == pytest.approx(-0.7)
    ranks = input_flatness.rank_correlation(numbers, "gradient", "input gradient")
    assert (ranks.mean, ranks.low, ranks.high) == (-1.0, -1.0, -1.0)


def test_findings_do_not_change_their_numbers(done: Any) -> None:
    module, numbers = done
    before = copy.deepcopy(numbers)
    module.finding(numbers)
    module.summary(numbers)
    assert numbers == before
