"""Data sets that come with libraries, and divisions: nothing lost, nothing twice, no leak."""

import doctest
import importlib
import pkgutil
import subprocess
import sys

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

torch = pytest.importorskip("torch")

from numerics.deep import data  # noqa: E402
from numerics.deep.data import Dataset, fold_of, folds, patches, split  # noqa: E402
from numerics.sentences import Malformed  # noqa: E402

torch.set_num_threads(1)


def points(y, group=None, classes=None):
    labels = torch.tensor(y)
    x = torch.arange(len(y), dtype=torch.float32)[:, None]  # every sample tells its position
    marks = None if group is None else torch.tensor(group)
    return Dataset(x, labels, "points", classes or int(labels.max()) + 1, group=marks)


# --- embedded


def test_digits_are_those_of_scikit_learn():
    sklearn = pytest.importorskip("sklearn.datasets")
    found, images = data.load("digits"), sklearn.load_digits().images
    assert found.shape == (1, 8, 8) and len(found) == 1797 and found.classes == 10
    assert np.array_equal(found.x.numpy()[:, 0] * 16, images)
    assert (found.low, found.high) == (0.0, 1.0)
    assert found.digest == data.load("digits").digest


def test_breast_cancer_is_standardised():
    pytest.importorskip("sklearn")
    found = data.load("breast_cancer")
    assert found.shape == (30,) and len(found) == 569 and found.y.unique().tolist() == [0, 1]
    assert found.x.double().mean(0).abs().max() < 1e-6
    assert (found.x.double().std(0, correction=0) - 1).abs().max() < 1e-6
    assert found.low is found.high is None


@pytest.fixture(scope="module")
def photographs():
    pytest.importorskip("skimage")
    return data.load("patches")


def test_every_band_of_every_photograph_gives_equally_many_patches(photographs):
    assert photographs.shape == (3, 32, 32) and photographs.classes == len(patches.PHOTOGRAPHS)
    assert len(torch.bincount(photographs.group).unique()) == 1
    assert photographs.x.min() >= 0 and photographs.x.max() <= 1


def test_no_pixel_is_in_patches_of_two_bands():
    """Count, on every photograph, the bands that a pixel belongs to."""
    pytest.importorskip("skimage")
    for which in patches.PHOTOGRAPHS:
        shape = patches.photograph(which).shape
        owners = np.zeros((patches.BANDS, *shape[:2]), bool)
        for band, corners in enumerate(patches.bands(shape)):
            for row, column in corners:
                assert row + 32 <= shape[0] and column + 32 <= shape[1]
                owners[band, row : row + 32, column : column + 32] = True
        assert owners.sum(0).max() == 1


def test_the_marked_test_part_is_the_last_band_and_the_patches_are_where_they_say(photographs):
    train, test = photographs.parts()
    assert set(train.group.tolist()).isdisjoint(test.group.tolist())
    assert len(test) * patches.BANDS == len(photographs)
    image = patches.photograph("coffee")
    corners = next(patches.bands(image.shape))
    first = patches.cut(image, corners[0]).transpose(2, 0, 1) / 255
    label = patches.PHOTOGRAPHS.index("coffee")
    mine = photographs.x[photographs.y == label][0]
    assert np.allclose(mine.numpy(), first, atol=1e-7)


def test_folds_of_patches_never_part_a_band(photographs):
    for train, test in folds(photographs, 5, seed=3):
        assert set(train.group.tolist()).isdisjoint(test.group.tolist())
        assert len(torch.bincount(test.y).unique()) == 1


# --- divisions

labels = st.lists(st.integers(0, 3), min_size=1, max_size=60).map(lambda y: [0, 1, 2, 3] * 3 + y)


@given(y=labels, k=st.integers(2, 3), seed=st.integers(0, 2**32))
def test_folds_are_a_stratified_partition(y, k, seed):
    dataset = points(y)
    tests = [test for _, test in folds(dataset, k, seed)]
    everything = torch.cat([test.x for test in tests]).flatten().sort().values
    assert torch.equal(everything, dataset.x.flatten())
    counts = torch.stack([torch.bincount(test.y, minlength=4) for test in tests])
    assert int((counts.amax(0) - counts.amin(0)).max()) <= 1
    assert counts.sum(1).max() - counts.sum(1).min() <= 1
    for train, test in folds(dataset, k, seed):
        assert len(train) + len(test) == len(dataset)
        assert not set(train.x.flatten().tolist()) & set(test.x.flatten().tolist())


@given(y=labels, cut=st.floats(0.2, 0.8), seed=st.integers(0, 2**32))
def test_a_split_keeps_every_class_up_to_one_sample(y, cut, seed):
    dataset = points(y)
    parts = split(dataset, (cut, 1 - cut), seed)
    together = torch.cat([part.x for part in parts]).flatten().sort().values
    assert torch.equal(together, dataset.x.flatten())
    counts = torch.bincount(parts[0].y, minlength=4) - cut * torch.bincount(dataset.y)
    assert counts.abs().max() < 1 + 1e-5


def test_folds_are_as_stratified_as_those_of_scikit_learn():
    model_selection = pytest.importorskip("sklearn.model_selection")
    dataset = data.load("digits")
    ours = [torch.bincount(test.y).tolist() for _, test in folds(dataset, 5, 0)]
    theirs = [
        np.bincount(dataset.y[test]).tolist()
        for _, test in model_selection.StratifiedKFold(5).split(dataset.x, dataset.y)
    ]
    assert sorted(map(sum, ours)) == sorted(map(sum, theirs))
    assert np.ptp(ours, axis=0).max() == np.ptp(theirs, axis=0).max() == 1


@given(sizes=st.lists(st.integers(1, 5), min_size=6, max_size=12), seed=st.integers(0, 99))
def test_no_division_parts_a_group(sizes, seed):
    group = [i for i, size in enumerate(sizes) for _ in range(size)]
    dataset = points([g % 2 for g in group], group)
    number = fold_of(dataset, 3, seed)
    assert all(len(number[dataset.group == g].unique()) == 1 for g in set(group))
    first, second = split(dataset, (0.5, 0.5), seed)
    assert set(first.group.tolist()).isdisjoint(second.group.tolist())


def test_divisions_depend_on_the_seed_and_on_nothing_else():
    dataset = points([0, 1] * 20)
    one, again, other = (fold_of(dataset, 4, seed) for seed in (1, 1, 2))
    assert torch.equal(one, again) and not torch.equal(one, other)
    torch.manual_seed(123)
    assert torch.equal(fold_of(dataset, 4, 1), one)


def test_a_split_may_leave_samples_out():
    parts = split(points([0, 1] * 50), (0.5, 0.1, 0.2))
    assert [len(part) for part in parts] == [50, 10, 20]
    assert len({part.digest for part in parts}) == 3


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (lambda d: folds(d, 1), "expected two folds or more, got 1"),
        (lambda d: folds(d, 5), "expected at least 5 samples or groups of class 0 for 5 folds"),
        (lambda d: split(d, ()), "expected positive fractions"),
        (lambda d: split(d, (0.7, 0.7)), "expected positive fractions of sum 1"),
        (lambda d: split(d, (0.5, -0.1)), "expected positive fractions"),
        (lambda d: split(d, (float("nan"),)), "expected positive fractions"),
        (lambda d: split(d, (0.999999, 1e-6)), "part 1 is"),
        (lambda d: d.parts(), "expected a marked test part"),
    ],
)
def test_an_impossible_division_is_one_sentence(run, expected):
    with pytest.raises(Malformed, match=expected):
        run(points([0, 1] * 4))


# --- the data set itself


def test_the_digest_is_that_of_the_content():
    one, same = points([0, 1, 1]), points([0, 1, 1])
    assert one.digest == same.digest
    assert points([0, 1, 0]).digest != one.digest
    reshaped = Dataset(one.x.view(3, 1, 1), one.y, one.name, 2)
    assert reshaped.digest != one.digest
    nudged = one.x.clone()
    nudged[0] += 1e-7
    assert Dataset(nudged, one.y, one.name, 2).digest != one.digest


def test_the_digest_does_not_depend_on_the_layout_in_memory():
    x = torch.rand(4, 2, 3)
    strided = x.permute(1, 2, 0).contiguous().permute(2, 0, 1)
    y = torch.tensor([0, 1, 0, 1])
    assert Dataset(x, y, "x", 2).digest == Dataset(strided, y, "x", 2).digest


def test_statistics_make_the_normalised_inputs_standard():
    x = torch.rand(50, 3, 4, 4) * torch.tensor([1.0, 2.0, 0.0]).view(3, 1, 1)
    dataset = Dataset(x, torch.tensor([0, 1] * 25), "x", 2)
    mean, std = dataset.statistics()
    standard = (x - mean.view(3, 1, 1)) / std.view(3, 1, 1)
    assert standard.mean((0, 2, 3)).abs().max() < 1e-5
    assert torch.allclose(standard.std((0, 2, 3), correction=0)[:2], torch.ones(2), atol=1e-5)
    assert std[2] == 1


X, Y = torch.rand(4, 2), torch.tensor([0, 1, 0, 1])


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"x": X.double()}, "expected x float32"),
        ({"x": X[0]}, "expected x float32"),
        ({"y": Y.int()}, "y int64"),
        ({"x": X[:3]}, "expected as many labels as samples, got 4 and 3"),
        ({"x": X[:0], "y": Y[:0]}, "expected as many labels"),
        ({"x": X[:, :0]}, "expected samples with entries"),
        ({"y": Y + 1}, "expected labels 0 to 1, got 2 at sample 1"),
        ({"y": Y - 1}, "got -1 at sample 0"),
        ({"classes": 1}, "expected two classes"),
        ({"x": X * float("nan")}, "expected finite"),
        ({"x": X + float("inf")}, "expected finite"),
        ({"x": X + 1, "low": 0.0, "high": 1.0}, r"expected finite values in \[0, 1\]"),
        ({"group": torch.tensor([0])}, "expected one mark a sample"),
    ],
)
def test_a_wrong_data_set_is_not_made(fields, expected):
    with pytest.raises(Malformed, match=expected):
        Dataset(**{"x": X, "y": Y, "name": "wrong", "classes": 2, **fields})


# --- what is installed, what is imported


def test_importing_the_package_and_its_loaders_loads_no_heavy_library():
    code = (
        "import sys, numerics.deep.data as d; d.names(); "
        "print(len({'sklearn', 'skimage', 'scipy.io'} & set(sys.modules)), 'loaded')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr.strip()) == ("0 loaded", "")


@pytest.mark.parametrize(
    ("name", "library"),
    [("digits", "sklearn"), ("breast_cancer", "sklearn"), ("patches", "skimage")],
)
def test_a_missing_library_is_one_sentence(name, library, monkeypatch):
    for module in [m for m in sys.modules if m.partition(".")[0] == library]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(Malformed, match=rf"expected {library}[.\w]* to be installed .*\[deep\]"):
        data.load(name)


def test_the_examples_run():
    for info in pkgutil.iter_modules(data.__path__):
        module = importlib.import_module(f"{data.__name__}.{info.name}")
        assert doctest.testmod(module).failed == 0
    assert doctest.testmod(data).failed == 0
