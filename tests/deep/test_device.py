"""Measurements are seeded and exact to their type, and leave every setting as it was."""

import os
import random

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from numerics.deep import device  # noqa: E402
from numerics.sentences import Malformed  # noqa: E402


def settings() -> list[object]:
    places = [place.fp32_precision for place in device._precisions()]
    cudnn = torch.backends.cudnn
    return [
        *places,
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
        cudnn.deterministic,
        cudnn.benchmark,
        cudnn.allow_tf32,
        torch.backends.cuda.matmul.allow_tf32,
        torch.get_float32_matmul_precision(),
        os.environ.get(device.WORKSPACE),
    ]


def draws() -> list[float]:
    return [float(torch.rand(())), float(np.random.rand()), random.random()]


@pytest.fixture
def put_back():
    yield
    torch.set_float32_matmul_precision("highest")
    torch.backends.cudnn.benchmark = False
    torch.use_deterministic_algorithms(False)


def test_one_seed_gives_one_stream_and_another_another():
    def drawn(seed: int) -> list[float]:
        with device.measuring(seed) as generator:
            return [*draws(), float(torch.rand((), generator=generator))]

    assert drawn(1) == drawn(1)
    assert not set(drawn(1)) & set(drawn(2))


def test_the_global_streams_go_on_as_if_nothing_had_happened():
    def three(between: bool) -> list[float]:
        torch.manual_seed(5), np.random.seed(5), random.seed(5)
        if between:
            with device.measuring(1):
                draws()
        return draws()

    assert three(True) == three(False)


@pytest.mark.parametrize("precision", ["highest", "high"])
def test_every_setting_is_put_back_also_after_an_exception(precision, put_back):
    torch.set_float32_matmul_precision(precision)
    torch.backends.cudnn.benchmark = True
    torch.use_deterministic_algorithms(True, warn_only=True)
    before = settings()
    with pytest.raises(ZeroDivisionError), device.measuring():
        assert settings() != before
        raise ZeroDivisionError
    assert settings() == before


@pytest.mark.parametrize("precision", ["highest", "high"])
def test_within_there_is_no_tf32_and_only_deterministic_algorithms(precision, put_back):
    torch.set_float32_matmul_precision(precision)
    with device.measuring():
        assert {place.fp32_precision for place in device._precisions()} == {"ieee"}
        assert not torch.backends.cudnn.allow_tf32
        assert not torch.backends.cuda.matmul.allow_tf32
        assert torch.get_float32_matmul_precision() == "highest"
        assert torch.are_deterministic_algorithms_enabled()
        assert os.environ[device.WORKSPACE] == ":4096:8"


def test_a_setting_made_through_the_newer_switches_alone_is_put_back():
    """Torch then refuses to read the older ones; that must not stop a measurement."""
    conv = torch.backends.cudnn.conv
    kept = conv.fp32_precision
    conv.fp32_precision = "ieee"
    try:
        before = [place.fp32_precision for place in device._precisions()]
        with device.measuring():
            pass
        assert [place.fp32_precision for place in device._precisions()] == before
    finally:
        conv.fp32_precision = kept


def test_measurements_nest():
    before = settings()
    with device.measuring(1):
        first = torch.rand(3)
        with device.measuring(1):
            assert torch.equal(torch.rand(3), first)
        assert torch.are_deterministic_algorithms_enabled()
    assert settings() == before


def test_a_seeded_generator_leaves_the_global_stream_alone():
    torch.manual_seed(7)
    expected = torch.rand(2)
    torch.manual_seed(7)
    torch.rand(5, generator=device.seeded(7))
    assert torch.equal(torch.rand(2), expected)


def test_the_description_holds_plain_values():
    found = device.describe("cpu")
    assert found["device"] == "cpu" and found["torch"] == torch.__version__
    assert {type(value) for value in found.values()} <= {str, int, type(None)}


@pytest.mark.parametrize("name", ["gpu", "mps", "cuda:99", "", "cpu cuda"])
def test_a_device_that_is_none_is_one_sentence(name):
    with pytest.raises(Malformed, match="expected"):
        device.found(name)


def test_auto_is_a_device_that_works():
    assert torch.ones(2, device=device.found("auto")).sum() == 2
