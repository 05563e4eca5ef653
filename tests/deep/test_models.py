"""The networks: sizes and costs against the literature, smoothness against their declaration."""

import doctest
import importlib
import math
import pkgutil

import pytest

torch = pytest.importorskip("torch")

from torch.utils.flop_counter import FlopCounterMode  # noqa: E402

from numerics.deep import models  # noqa: E402
from numerics.deep.models.activations import KINKED, SMOOTH, activation, is_smooth  # noqa: E402
from numerics.deep.models.normalisation import Normalise  # noqa: E402
from numerics.sentences import Malformed  # noqa: E402

torch.set_num_threads(1)
CIFAR = (3, 32, 32)
SMALL = {
    "mlp": {"widths": (5,)},
    "cnn": {"channels": (3, 4), "hidden": 5},
    "preact_resnet18": {"width": 4},
    "wide_resnet34_10": {"depth": 10, "widening": 1},
}


def small(name, shape=(3, 8, 8), classes=4, **settings):
    torch.manual_seed(0)
    return models.build(name, shape, classes, **SMALL[name], **settings)


def forward_flops(model, shape):
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model.eval()(torch.zeros(1, *shape))
    return counter.get_total_flops()


def conv(before, after, kernel):
    return before * after * kernel**2


def test_there_is_a_small_version_of_every_model():
    assert sorted(SMALL) == models.names()


@pytest.mark.parametrize("name", sorted(SMALL))
@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 32, 32), (1, 28, 28), (3, 9, 13)])
def test_any_image_gives_one_output_a_class(name, shape):
    assert small(name, shape)(torch.rand(2, *shape)).shape == (2, 4)


def test_preact_resnet18_has_the_known_size_and_cost():
    """1.111 GFLOP an image, a product and a sum counted as two."""
    model = models.build("preact_resnet18", CIFAR, 10)
    assert models.size(model) == 11_172_170
    assert forward_flops(model, CIFAR) == pytest.approx(1.111e9, rel=1e-3)


def test_preact_resnet18_has_the_size_that_a_count_by_hand_gives():
    total, before = conv(3, 64, 3), 64
    for after, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
        total += conv(before, after, 3) + 3 * conv(after, after, 3)
        total += conv(before, after, 1) if stride == 2 else 0
        total += 2 * (before + after + after + after)  # two numbers a channel and normalisation
        before = after
    total += 2 * 512 + 512 * 10 + 10
    assert models.size(models.build("preact_resnet18", CIFAR, 10)) == total


def test_wide_resnet34_10_has_the_known_size_and_cost():
    """46.2 M parameters; 306 GFLOP for PGD-10 training are 23 forward passes of 13.3."""
    model = models.build("wide_resnet34_10", CIFAR, 10)
    assert models.size(model) == 46_160_474
    assert 23 * forward_flops(model, CIFAR) == pytest.approx(306e9, rel=2e-3)


@pytest.mark.parametrize("classes", [10, 100])
def test_the_default_mlp_is_64_128_128_classes(classes):
    model = models.build("mlp", (1, 8, 8), classes)
    linear = [part for part in model if isinstance(part, torch.nn.Linear)]
    assert [part.in_features for part in linear] == [64, 128, 128]
    assert linear[-1].out_features == classes


@pytest.mark.parametrize("name", sorted(SMALL))
def test_a_model_normalises_its_inputs_itself(name):
    plain, x = small(name).eval(), torch.rand(2, 3, 8, 8)
    normalised = small(name, mean=(0.1, 0.2, 0.3), std=(0.5, 1.0, 2.0)).eval()
    shift, scale = torch.tensor([0.1, 0.2, 0.3]), torch.tensor([0.5, 1.0, 2.0])
    by_hand = (x - shift.view(3, 1, 1)) / scale.view(3, 1, 1)
    assert torch.allclose(normalised(x), plain(by_hand), atol=1e-6)
    assert not torch.allclose(normalised(x), plain(x), atol=1e-3)
    assert models.size(normalised) == models.size(plain)
    assert "0.mean" in normalised.state_dict()


@pytest.mark.parametrize("name", sorted(SMALL))
def test_double_and_back_through_the_state(name):
    model, other = small(name).double(), small(name, mean=0.3).double()
    x = torch.rand(2, 3, 8, 8, dtype=torch.float64)
    other.load_state_dict(model.state_dict())
    assert torch.equal(model.eval()(x), other.eval()(x))
    assert model(x).dtype == torch.float64


@pytest.mark.parametrize("name", sorted(SMALL))
def test_the_gradient_of_a_smooth_network_has_a_taylor_remainder_of_order_two(name):
    """Finite differences of the gradient meet Hessian products; relu is the contrast below."""
    x = torch.rand(3, 3, 8, 8, dtype=torch.float64)
    model = small(name, activation="softplus").double().eval()
    direction = torch.randn(
        x.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1)
    )

    def gradient(at):
        at = at.detach().requires_grad_()
        return torch.autograd.grad(model(at).square().sum(), at, create_graph=True)[0], at

    value, at = gradient(x)
    (product,) = torch.autograd.grad((value * direction).sum(), at)

    def remainder(h):
        return float((gradient(x + h * direction)[0] - value - h * product).detach().norm())

    errors = [remainder(1e-2), remainder(1e-3)]
    assert math.log10(errors[0] / errors[1]) == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("name", sorted({**SMOOTH, **KINKED}))
def test_an_activation_is_smooth_where_it_says_so(name):
    """The largest change of the slope over a step h: of order h if smooth, 1 at a kink."""
    h = 1e-4
    t = torch.arange(-45.0, 45.0, h, dtype=torch.float64).requires_grad_()
    (slope,) = torch.autograd.grad(activation(name)(t).sum(), t)
    assert (float(slope.diff().abs().max()) < 2 * h) == is_smooth(name)


def test_torchs_own_softplus_jumps_and_ours_does_not():
    def jump(module, at):
        sides = torch.tensor([at - 1e-12, at + 1e-12], dtype=torch.float64, requires_grad=True)
        (slope,) = torch.autograd.grad(module(sides).sum(), sides)
        return float(slope[1] - slope[0])

    assert jump(torch.nn.Softplus(), 20.0) > 1e-9
    assert abs(jump(activation("softplus"), 20.0)) < 1e-15
    assert abs(jump(activation("softplus"), 40.0)) < 1e-15


@pytest.mark.parametrize("name", sorted(set(SMALL) - {"mlp"}))
def test_a_network_for_images_refuses_vectors_and_tiny_images(name):
    for shape in ((64,), (3, 4, 4), (2, 3, 32, 32)):
        with pytest.raises(Malformed, match="expected images"):
            models.build(name, shape, 10)


@pytest.mark.parametrize(
    ("arguments", "settings", "expected"),
    [
        (("resnet18", CIFAR, 10), {}, "did you mean 'preact_resnet18'"),
        (("mlp", CIFAR, 10), {"activation": "silo"}, "did you mean 'silu'"),
        (("mlp", CIFAR, 10), {"width": 3}, "expected settings among activation, widths"),
        (("mlp", CIFAR, 10), {"widths": (0,)}, "expected positive integers"),
        (("mlp", (), 10), {}, "expected a shape"),
        (("mlp", CIFAR, 1), {}, "expected two classes"),
        (("mlp", CIFAR, 10), {"std": 0.0}, "std: expected positive"),
        (("mlp", CIFAR, 10), {"mean": (0.1, 0.2)}, "mean: expected a number, 3 of them"),
        (("mlp", CIFAR, 10), {"mean": float("nan")}, "mean: expected finite"),
        (("cnn", CIFAR, 10), {"channels": ()}, "expected positive integers"),
        (("wide_resnet34_10", CIFAR, 10), {"depth": 12}, "expected 6 b"),
    ],
)
def test_a_mistake_is_one_sentence(arguments, settings, expected):
    with pytest.raises(Malformed, match=expected) as raised:
        models.build(*arguments, **settings)
    assert "\n" not in str(raised.value)


def test_normalisation_by_an_image_of_means():
    shape, mean = (2, 3, 3), torch.rand(2, 3, 3)
    assert torch.allclose(Normalise(shape, mean)(mean[None]), torch.zeros(1, *shape))


def test_the_examples_run():
    for info in pkgutil.iter_modules(models.__path__):
        module = importlib.import_module(f"{models.__name__}.{info.name}")
        assert doctest.testmod(module).failed == 0
    assert doctest.testmod(models).failed == 0
