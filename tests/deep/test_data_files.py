"""The user's files: every format is read as it was written, a damaged file is a sentence."""

import gzip
import io
import os
import pickle
import struct
import sys
import types
import zipfile
import zlib

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

torch = pytest.importorskip("torch")
io_of_scipy = pytest.importorskip("scipy.io")

from numerics.deep import data  # noqa: E402
from numerics.deep.data import files, published  # noqa: E402
from numerics.deep.data.restricted_pickle import loads  # noqa: E402
from numerics.sentences import Malformed  # noqa: E402

torch.set_num_threads(1)
RANDOM = np.random.default_rng(0)
N = 20
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)


def pixels(n=N, shape=(3, 32, 32)):
    return RANDOM.integers(0, 256, (n, *shape), dtype=np.uint8)


def labels(n=N, classes=10):
    return np.arange(n) % classes


# --- one writer a format; each returns the folder or file, its pixels, its labels


def write_cifar10_binary(folder):
    x, y = pixels(6 * N), labels(6 * N)
    names = [f"data_batch_{i}.bin" for i in range(1, 6)] + ["test_batch.bin"]
    for i, name in enumerate(names):
        mine = slice(i * N, (i + 1) * N)
        rows = np.concatenate([y[mine, None].astype(np.uint8), x[mine].reshape(N, -1)], 1)
        (folder / name).write_bytes(rows.tobytes())
    return folder, x, y, N


def write_cifar100_binary(folder):
    x, y = pixels(2 * N), labels(2 * N, 100)
    for i, name in enumerate(["train.bin", "test.bin"]):
        mine = slice(i * N, (i + 1) * N)
        coarse = (y[mine, None] // 5).astype(np.uint8)
        rows = np.concatenate([coarse, y[mine, None].astype(np.uint8), x[mine].reshape(N, -1)], 1)
        (folder / name).write_bytes(rows.tobytes())
    return folder, x, y, N


def batch(x, y, key="labels", as_bytes=True):
    found = {"data": x.reshape(len(x), -1), key: [int(v) for v in y], "batch_label": "one"}
    return {k.encode(): v for k, v in found.items()} if as_bytes else found


def write_cifar10_python(folder, protocol=2, as_bytes=True):
    x, y = pixels(6 * N), labels(6 * N)
    for i, name in enumerate([f"data_batch_{i}" for i in range(1, 6)] + ["test_batch"]):
        mine = slice(i * N, (i + 1) * N)
        content = batch(x[mine], y[mine], as_bytes=as_bytes)
        (folder / name).write_bytes(pickle.dumps(content, protocol))
    return folder, x, y, N


def write_cifar100_python(folder):
    x, y = pixels(2 * N), labels(2 * N, 100)
    for i, name in enumerate(["train", "test"]):
        mine = slice(i * N, (i + 1) * N)
        content = batch(x[mine], y[mine], "fine_labels")
        (folder / name).write_bytes(pickle.dumps(content, 4))
    return folder, x, y, N


def idx_bytes(array):
    head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.astype(np.uint8).tobytes()


def write_mnist(folder, end=""):
    x, y = pixels(2 * N, (1, 28, 28)), labels(2 * N)
    for i, part in enumerate(["train", "t10k"]):
        mine = slice(i * N, (i + 1) * N)
        for kind, array in (("images-idx3", x[mine, 0]), ("labels-idx1", y[mine])):
            raw = idx_bytes(array)
            path = folder / f"{part}-{kind}-ubyte{end}"
            path.write_bytes(gzip.compress(raw) if end else raw)
    return folder, x, y, N


def write_mnist_gz(folder):
    return write_mnist(folder, ".gz")


def save_svhn(path, x, y, **options):
    stored = np.where(y == 0, 10, y).astype(np.uint8)[:, None]
    io_of_scipy.savemat(path, {"X": x.transpose(2, 3, 1, 0), "y": stored}, **options)


def write_svhn(folder, **options):
    x, y = pixels(2 * N), labels(2 * N)
    save_svhn(folder / "train_32x32.mat", x[:N], y[:N], **options)
    save_svhn(folder / "test_32x32.mat", x[N:], y[N:], **options)
    return folder, x, y, N


def write_svhn_compressed(folder):
    return write_svhn(folder, do_compression=True)


def write_npz(folder):
    x, y = pixels(2 * N), labels(2 * N)
    parts = {"x_train": x[:N], "y_train": y[:N], "x_test": x[N:], "y_test": y[N:]}
    np.savez_compressed(folder / "mine.npz", **parts)
    return folder / "mine.npz", x, y, N


WRITERS = [
    write_cifar10_binary,
    write_cifar100_binary,
    write_cifar10_python,
    write_cifar100_python,
    write_mnist,
    write_mnist_gz,
    write_svhn,
    write_svhn_compressed,
    write_npz,
]


def name(writer):
    return writer.__name__.removeprefix("write_")


def sentence(path):
    """What `load` says of a file that it must refuse: one line that names what was expected."""
    with pytest.raises(Malformed) as raised:
        data.load(path)
    said = str(raised.value)
    assert "expected" in said and "\n" not in said
    return said


# --- read as written


@pytest.mark.parametrize("write", WRITERS, ids=name)
def test_a_format_is_read_as_it_was_written(write, tmp_path):
    path, x, y, test = write(tmp_path)
    found = data.load(path)
    assert np.array_equal((found.x.numpy() * 255).round().astype(np.uint8), x)
    assert np.array_equal(found.y.numpy(), y)
    assert found.is_test.tolist() == [False] * (len(y) - test) + [True] * test
    assert (found.low, found.high) == (0.0, 1.0)
    assert data.load(str(path)).digest == found.digest
    train, held = found.parts()
    assert (len(train), len(held)) == (len(y) - test, test)


def test_one_content_has_one_digest_in_every_format(tmp_path):
    for kind in ("binary", "python"):
        (tmp_path / kind).mkdir()
    _, x, y, _ = write_cifar10_binary(tmp_path / "binary")
    for i, file in enumerate([f"data_batch_{i}" for i in range(1, 6)] + ["test_batch"]):
        content = batch(x[i * N : (i + 1) * N], y[i * N : (i + 1) * N])
        (tmp_path / "python" / file).write_bytes(pickle.dumps(content, 2))
    assert data.load(tmp_path / "binary").digest == data.load(tmp_path / "python").digest


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("as_bytes", [True, False])
def test_cifar_pickled_by_any_binary_protocol(protocol, as_bytes, tmp_path):
    path, x, *_ = write_cifar10_python(tmp_path, protocol, as_bytes)
    assert np.array_equal((data.load(path).x.numpy() * 255).round(), x)


def test_a_single_svhn_file_has_no_test_part(tmp_path):
    path, _, y, _ = write_svhn(tmp_path)
    found = data.load(path / "test_32x32.mat")
    assert found.is_test is None and found.y.tolist() == y[N:].tolist()


def test_mnist_with_dots_in_the_names(tmp_path):
    path, _, _, _ = write_mnist(tmp_path)
    for file in list(path.iterdir()):
        file.rename(path / file.name.replace("-idx", ".idx"))
    assert len(data.load(path)) == 2 * N


@pytest.mark.parametrize(
    ("x", "shape"),
    [
        (pixels(4, (5, 6)), (1, 5, 6)),
        (pixels(4, (5, 6, 3)), (3, 5, 6)),
        (pixels(4, (3, 5, 6)), (3, 5, 6)),
        (pixels(4, (7,)), (7,)),
    ],
)
def test_npz_of_bytes_in_every_order_of_axes(x, shape, tmp_path):
    np.savez(tmp_path / "a.npz", x=x, y=[0, 1, 0, 1])
    assert data.load(tmp_path / "a.npz").shape == shape


def test_npz_of_floats_is_taken_as_it_is_with_the_box_that_it_states(tmp_path):
    x = RANDOM.normal(size=(4, 3))
    np.savez(tmp_path / "a.npz", x=x.astype(">f8"), y=[[0], [1], [0], [1]])
    found = data.load(tmp_path / "a.npz")
    assert np.array_equal(found.x.numpy(), x.astype(np.float32)) and found.low is None
    np.savez(tmp_path / "b.npz", x=np.clip(x, -1, 1), y=[0, 1, 0, 1], low=-1.0, high=1.0)
    assert (data.load(tmp_path / "b.npz").low, data.load(tmp_path / "b.npz").high) == (-1, 1)


def test_a_published_checksum_is_noted_and_never_required(tmp_path, monkeypatch):
    path, _, _, _ = write_mnist_gz(tmp_path)
    assert data.load(path).note == "checksums unknown"
    for file in path.iterdir():
        monkeypatch.setitem(published.MD5, files._md5(file), "this one")
    assert data.load(path).note == "matches the published checksums"


def test_cifar_that_lost_whole_records_says_so_in_its_note(tmp_path):
    """No format can tell; the number that was published can."""
    path, *_ = write_cifar10_binary(tmp_path)
    assert data.load(path).note == "checksums unknown; 120 images where 60000 were published"


def test_the_published_checksums_are_md5():
    assert all(len(bytes.fromhex(digest)) == 16 for digest in published.MD5)


# --- damaged, foreign and hostile files


def files_of(path):
    return sorted(p for p in (path.iterdir() if path.is_dir() else [path]) if p.is_file())


@pytest.mark.parametrize("write", WRITERS, ids=name)
@pytest.mark.parametrize("keep", [0, 1, 3, 0.48, -20])
def test_a_truncated_file_is_one_sentence(write, keep, tmp_path):
    path, *_ = write(tmp_path)
    target = files_of(path)[-1]
    raw = target.read_bytes()
    target.write_bytes(raw[: int(len(raw) * keep)] if isinstance(keep, float) else raw[:keep])
    assert target.name in sentence(path)


@pytest.mark.parametrize("write", WRITERS, ids=name)
def test_a_missing_file_is_one_sentence(write, tmp_path):
    path, *_ = write(tmp_path)
    gone = files_of(path)[0]
    gone.unlink()
    assert gone.name.removesuffix(".gz") in sentence(path)


@pytest.mark.parametrize("write", WRITERS, ids=name)
def test_noise_instead_of_a_file_is_one_sentence(write, tmp_path):
    path, *_ = write(tmp_path)
    files_of(path)[-1].write_bytes(RANDOM.bytes(5000))
    sentence(path)


@pytest.mark.parametrize("write", WRITERS, ids=name)
def test_a_folder_instead_of_a_file_is_one_sentence(write, tmp_path):
    path, *_ = write(tmp_path)
    target = files_of(path)[-1]
    target.unlink()
    target.mkdir()
    sentence(path)


@SHARED
@given(place=st.floats(0, 1, exclude_max=True), value=st.integers(0, 255), which=st.integers(0, 8))
def test_a_changed_byte_gives_a_data_set_or_a_sentence(place, value, which, tmp_path):
    folder = tmp_path / str(which)
    folder.mkdir(exist_ok=True)
    path, *_ = WRITERS[which](folder)
    target = files_of(path)[-1]
    raw = bytearray(target.read_bytes())
    raw[int(place * min(len(raw), 400))] = value
    target.write_bytes(raw)
    try:
        assert len(data.load(path)) > 0
    except Malformed as problem:
        assert "expected" in str(problem)


@pytest.mark.parametrize("where", ["cifar10", "cifar100", "python", "mnist", "svhn", "npz"])
def test_a_label_beyond_the_classes_is_one_sentence(where, tmp_path):
    if where == "cifar10":
        write_cifar10_binary(tmp_path)
        (tmp_path / "test_batch.bin").write_bytes(b"\xff" + bytes(3072))
    elif where == "cifar100":
        write_cifar100_binary(tmp_path)
        (tmp_path / "test.bin").write_bytes(b"\x00\xff" + bytes(3072))
    elif where == "python":
        write_cifar10_python(tmp_path)
        (tmp_path / "test_batch").write_bytes(pickle.dumps(batch(pixels(1), [255]), 2))
    elif where == "mnist":
        write_mnist(tmp_path)
        wrong = np.full(N, 255)
        (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(idx_bytes(wrong))
    elif where == "svhn":
        write_svhn(tmp_path)
        save_svhn(tmp_path / "test_32x32.mat", pixels(1), np.array([255]))
    else:
        np.savez(tmp_path / "a.npz", x=pixels(3), y=np.array([0, 1, 255], np.uint8))
    said = sentence(tmp_path / "a.npz" if where == "npz" else tmp_path)
    assert "255" in said and "label" in said


class Hostile:
    """Pickled, it asks the reader to run a command."""

    def __init__(self, marker):
        self.command = f"touch {marker}"

    def __reduce__(self):
        return os.system, (self.command,)


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_that_runs_a_command_runs_nothing(protocol, tmp_path):
    marker = tmp_path / "it ran"
    write_cifar10_python(tmp_path)
    content = {**batch(pixels(1), [0]), b"more": Hostile(marker)}
    (tmp_path / "test_batch").write_bytes(pickle.dumps(content, protocol))
    assert "test_batch" in sentence(tmp_path)
    assert not marker.exists()


NUMPY = b"cnumpy.core.multiarray\n_reconstruct\n"


@pytest.mark.parametrize(
    "program",
    [
        b"cos\nsystem\n(S'touch x'\ntR.",
        b"c__builtin__\neval\n.",
        b"\x80\x02cbuiltins\ngetattr\n.",
        b"\x80\x02cnumpy\nload\n.",
        b"\x80\x02cnumpy.testing._private.utils\nrunstring\n.",
        b"\x80\x04\x8c\x02os\x8c\x06system\x93.",
        b"\x80\x04\x8c\x05numpy\x8c\x0fndarray.tofile\x93.",  # a name with a dot
        b"\x80\x02c__builtin__\nobject\n)\x81.",  # NEWOBJ
        b"(i__builtin__\nopen\n.",  # INST
        b"\x80\x02\x82\x01.",  # EXT1
        b"Pabc\n.",  # PERSID
        b"\x80\x02" + NUMPY + b"cnumpy\nndarray\nJ\xff\xff\xff\x7f\x85U\x01b\x87.",
        b"\x80\x02]r\xff\xff\xff\x7f.",  # a memo of two thousand million entries
        b"\x80\x02T\xff\xff\xff\x7fab.",  # a string of two gigabytes that is not there
        b"\x80\x05\x8e\xff\xff\xff\xff\xff\x00\x00\x00ab.",
        b"\x80\x02]a.",
        b"\x80\x02}(K\x01u.",
        b".",
        b"",
    ],
)
def test_a_pickle_of_anything_else_is_one_sentence(program, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Malformed, match=r"^batch: expected"):
        found = loads(program, "batch")
        assert isinstance(found, tuple)  # a stand-in is no array: the loader refuses it
        raise Malformed("batch: expected an array")
    assert not list(tmp_path.iterdir())


def array_pickle(shape=(2, 2), code="u1", order="|", raw=b"abcd", fortran=False):
    """A pickle of one array with any state, consistent or not."""

    class Forged:
        def __reduce__(self):
            return numpy_core._reconstruct, (np.ndarray, (0,), b"b"), State()

    class Type:
        def __reduce__(self):
            return np.dtype, (code, False, True), (3, order, None, None, None, -1, -1, 0)

    State = lambda: (1, shape, Type(), fortran, raw)  # noqa: E731
    numpy_core = np._core.multiarray
    return pickle.dumps({"a": Forged()}, 2)


def test_the_forger_of_arrays_can_write_a_right_one():
    for fortran in (False, True):
        content = array_pickle(fortran=fortran)
        assert np.array_equal(loads(content, "batch")["a"], pickle.loads(content)["a"])


@pytest.mark.parametrize(
    "state",
    [
        {"shape": (2, 3)},
        {"shape": (2**40, 2**40)},
        {"shape": (-2, -2)},
        {"shape": (2.0, 2)},
        {"shape": 4},
        {"code": "O", "raw": [1, 2, 3, 4]},
        {"code": "O"},
        {"code": "V4", "shape": (1,)},
        {"code": "u1,u1", "shape": (2,)},
        {"code": "M8", "shape": ()},
        {"order": "?"},
        {"raw": "abcd"},
        {"raw": None},
    ],
)
def test_an_array_whose_state_does_not_fit_is_one_sentence(state):
    with pytest.raises(Malformed, match=r"^batch: expected a whole pickle"):
        loads(array_pickle(**state), "batch")


@given(array=st.sampled_from(["u1", "i4", ">i4", "f8", ">f8", "f4", "?"]).flatmap(
    lambda code: st.tuples(st.just(code), st.integers(1, 4), st.integers(1, 3))
), protocol=st.integers(2, 5), fortran=st.booleans())  # fmt: skip
def test_arrays_of_numbers_come_back_as_numpy_reads_them(array, protocol, fortran):
    code, rows, columns = array
    made = np.arange(rows * columns).reshape(rows, columns).astype(code)
    made = np.asfortranarray(made) if fortran else made
    found = loads(pickle.dumps({"a": made}, protocol), "batch")["a"]
    assert np.array_equal(found, made) and found.dtype == made.dtype


@given(raw=st.binary(max_size=60))
def test_no_bytes_break_the_reader_of_pickles(raw):
    try:
        loads(b"\x80\x02" + raw + b".", "batch")
    except Malformed as problem:
        assert str(problem).startswith("batch: expected")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ([1, 2], "expected a pickled dictionary, got list"),
        ({b"labels": [0]}, "expected 'data' of bytes, shape (n, 3072), got none"),
        ({b"data": pixels(2).reshape(2, -1)}, "expected 'labels' to be a list of integers"),
        (batch(pixels(2), [0]), "expected 2 labels from 0 to 9, got 1"),
        (batch(pixels(1).astype(float), [0]), "got float64 (1, 3072)"),
        ({**batch(pixels(1), [0]), b"labels": [True]}, "list of integers"),
        ({**batch(pixels(1), [0]), b"labels": [2**70]}, "labels from 0 to 9"),
    ],
)
def test_a_pickle_without_the_right_entries_is_one_sentence(content, expected, tmp_path):
    write_cifar10_python(tmp_path)
    (tmp_path / "test_batch").write_bytes(pickle.dumps(content, 2))
    assert expected in sentence(tmp_path)


def test_npz_with_an_object_array_is_refused_and_runs_nothing(tmp_path):
    marker = tmp_path / "it ran"
    hostile = np.array([Hostile(marker)], object)
    np.savez(tmp_path / "a.npz", x=pixels(2), y=[0, 1], z=hostile)
    assert "expected numbers in z.npy, got object" in sentence(tmp_path / "a.npz")
    assert not marker.exists()


def npy_header(shape, descr="|u1"):
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}"
    text += " " * (-(len(text) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


@pytest.mark.parametrize("shape", [(2**40, 4), (2**31, 2**31), (10, 10), (-1, 4), "'no'"])
def test_npz_whose_header_promises_more_than_there_is(shape, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("x.npy", npy_header(shape) + bytes(8))
    sentence(tmp_path / "a.npz")


@pytest.mark.parametrize(
    ("arrays", "expected"),
    [
        ({"x": pixels(2)}, "expected x and y"),
        ({"a": pixels(2), "b": [0, 1]}, "got a, b"),
        ({"x": pixels(2), "y": [0.0, 1.0]}, "expected y of integers"),
        ({"x": pixels(2), "y": [[0, 1]]}, "expected y of integers"),
        ({"x": pixels(2), "y": [0, 1, 0]}, "as many labels as samples"),
        ({"x": pixels(2), "y": [1, 2]}, "without a gap"),
        ({"x": pixels(2), "y": [0, 0]}, "without a gap"),
        ({"x": pixels(2, (4, 4, 4)), "y": [0, 1]}, "expected 1 or 3 channels"),
        ({"x": pixels(2, (3, 4, 3)), "y": [0, 1]}, "either the second place or the last"),
        ({"x": pixels(2).astype(int), "y": [0, 1]}, "expected x of uint8"),
        ({"x": np.ones(2), "y": [0, 1]}, "expected x of uint8"),
        ({"x": np.full((2, 1), np.nan), "y": [0, 1]}, "expected finite"),
        ({"x": np.full((2, 1), 1e300), "y": [0, 1]}, "expected finite"),
        ({"x": np.full((2, 1), 2.0), "y": [0, 1], "low": 0, "high": 1}, "values in [0, 1]"),
        ({"x": pixels(2), "y": [0, 1], "low": -1}, "expected no low and high"),
        ({"x": np.ones((2, 1)), "y": [0, 1], "low": [0, 1]}, "single numbers"),
        (
            {"x_train": pixels(2), "y_train": [0, 1], "x_test": np.ones((2, 2)), "y_test": [0, 1]},
            "one kind and shape",
        ),
    ],
)
def test_npz_with_wrong_arrays_is_one_sentence(arrays, expected, tmp_path):
    np.savez(tmp_path / "a.npz", **arrays)
    assert expected in sentence(tmp_path / "a.npz")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (idx_bytes(labels())[:-1], "expected 20 bytes after the header, got 19"),
        (idx_bytes(labels()) + b"\0", "got more"),
        (b"\0\0\x0d\1" + idx_bytes(labels())[4:], "expected an IDX file of bytes"),
        (b"\0\0\x08\1\xff\xff\xff\xff", "its header says 4294967295"),
        (b"\0\0\x08\1\0\0\0\0", "its header says 0"),
        (idx_bytes(labels(N + 1)), "expected 20 labels as in t10k-images-idx3-ubyte.gz, got 21"),
        (idx_bytes(pixels(N, (2, 2))), "with 1 dimension"),
    ],
)
def test_a_wrong_idx_file_is_one_sentence(raw, expected, tmp_path):
    write_mnist_gz(tmp_path)
    (tmp_path / "t10k-labels-idx1-ubyte.gz").write_bytes(gzip.compress(raw))
    assert expected in sentence(tmp_path)


def test_a_bomb_of_gzip_is_not_unpacked(tmp_path):
    """A header of 4 labels, then a gigabyte of zeros in a megabyte: one byte too many is enough."""
    write_mnist_gz(tmp_path)
    packer = zlib.compressobj(1, wbits=31)
    raw = packer.compress(idx_bytes(np.arange(4)))
    block = bytes(2**20)
    raw += b"".join(packer.compress(block) for _ in range(64)) + packer.flush()
    (tmp_path / "t10k-labels-idx1-ubyte.gz").write_bytes(raw)
    assert "got more" in sentence(tmp_path)


def test_a_file_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    path, *_ = write_cifar100_binary(tmp_path)
    with (path / "test.bin").open("r+b") as stream:
        stream.truncate(files.LARGEST + 1)  # a hole: it takes no space
    assert f"expected 1 to {files.LARGEST} bytes" in sentence(path)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"X": pixels(2), "y": [1, 2]}, "expected X of bytes, shape (32, 32, 3, n)"),
        ({"X": np.zeros((32, 32, 3, 2))}, "expected the variables X and y"),
        ({"X": np.zeros((32, 32, 3, 2)), "y": [1, 2]}, "got double"),
        ({"X": np.zeros((32, 32, 3, 2), np.uint8), "y": [1]}, "its header says 2 and"),
        ({"X": np.zeros((32, 32, 3, 2), np.uint8), "y": [0, 1]}, "expected labels 1 to 10, got 0"),
        ({"X": np.zeros((32, 32, 3, 2), np.uint8), "y": [1.5, 1]}, "got 1.5"),
        ({"X": np.zeros((32, 32, 3, 2), np.uint8), "y": ["a", "b"]}, "expected 2 numbers in y"),
    ],
)
def test_a_wrong_mat_file_is_one_sentence(variables, expected, tmp_path):
    io_of_scipy.savemat(tmp_path / "a.mat", variables)
    assert expected in sentence(tmp_path / "a.mat")


def test_a_mat_file_of_version_7_3_is_one_sentence(tmp_path):
    head = b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM"
    (tmp_path / "a.mat").write_bytes(head + bytes(512))
    assert "version 5, not 7.3" in sentence(tmp_path / "a.mat")


def test_a_mat_file_whose_header_promises_gigabytes(tmp_path):
    path = tmp_path / "a.mat"
    save_svhn(path, pixels(2), np.array([1, 2]))
    raw = path.read_bytes().replace(
        struct.pack("<4i", 32, 32, 3, 2), struct.pack("<4i", 32, 32, 3, 2**30)
    )
    path.write_bytes(raw)
    assert "its header says 1073741824" in sentence(path)


# --- the wrong path


def test_a_wrong_folder_is_one_sentence_that_says_which_may_be_meant(tmp_path):
    inner = tmp_path / "cifar-10-batches-bin"
    inner.mkdir()
    assert "expected" in sentence(tmp_path)
    write_cifar10_binary(inner)
    assert f"did you mean {str(inner)!r}?" in sentence(tmp_path)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("digit", "did you mean 'digits'"),
        ("", "expected"),
        ("nowhere/at/all.npz", "or a path"),
        ("a\0b", "or a path"),
        ("a" * 5000, "expected a readable path"),
    ],
)
def test_a_path_that_is_none_is_one_sentence(path, expected):
    assert expected in sentence(path)


def test_an_archive_is_to_be_unpacked(tmp_path):
    (tmp_path / "cifar-10-python.tar.gz").write_bytes(b"\x1f\x8b")
    assert "did you unpack the archive?" in sentence(tmp_path / "cifar-10-python.tar.gz")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all files")
def test_a_file_that_may_not_be_read_is_one_sentence(tmp_path):
    path, *_ = write_npz(tmp_path)
    path.chmod(0)
    assert "expected a readable file" in sentence(path)


def test_a_new_loader_is_found_by_lying_in_the_folder(monkeypatch):
    loader = types.SimpleNamespace(
        NAMES=("mine",), FORMAT="", reads=lambda path: False, load=lambda name: name.upper()
    )
    monkeypatch.setattr(data, "_loaders", lambda: [loader])
    assert data.names() == ["mine"] and data.load("mine") == "MINE"


def test_every_writer_of_this_file_writes_what_another_library_reads(tmp_path):
    """The writers are not judged by the loaders alone."""
    path, x, _, _ = write_npz(tmp_path)
    with np.load(path) as found:
        assert np.array_equal(found["x_train"], x[:N])
    write_svhn(tmp_path)
    assert io_of_scipy.loadmat(tmp_path / "test_32x32.mat")["X"].shape == (32, 32, 3, N)
    assert sys.byteorder in ("little", "big") and io.BytesIO(idx_bytes(labels())).read(4)[3] == 1
