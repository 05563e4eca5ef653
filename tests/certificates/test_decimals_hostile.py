"""Hostile files: one sentence for each, quickly, and never a traceback."""

from __future__ import annotations

import json
import random
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sympy import Abs, exp, symbols

from numerics.certificates.decimals import Malformed, Outcome, check
from numerics.certificates.decimals.__main__ import main
from tests.certificates.decimal_examples import boxed, digest, forged
from theory import Claim, Label, Lipschitz, Signs, Vector, dot, norm, sign

t = symbols("t", real=True)
LIMIT = 20.0  # seconds; most need milliseconds
HONEST = boxed(
    Claim(id="honest", given=[Abs(t) <= 2], holds=exp(t) >= t, dimensions=(1,)),
    [(1, {}, {"t": ("-2", "2")})],
)  # fmt: skip
TEXT = json.dumps(HONEST)
THETA = Vector("theta")
BUSY = boxed(
    Claim(
        id="busy",
        given=[norm(THETA) <= 1, dot(THETA, Signs("s")) * Label("y") <= 3],
        holds=Lipschitz(exp(norm(THETA, 3)) * sign(Signs("s")), THETA, 9),
        dimensions=(1,),
    ),
    [(1, {"y": a, "s": [b]}, {"theta[1]": ("-1", "1")}) for a in ("1", "-1") for b in ("1", "-1")],
)
T = {"symbol": "t", "assume": {"real": True}}
CASE = ("body", "cases", 0)


def op(name: str, *args: Any) -> Any:
    return {"op": name, "args": list(args)}


def nested(name: str, depth: int) -> Any:
    tree: Any = T
    for _ in range(depth):
        tree = op(name, tree)
    return tree


def answer(data: bytes | str, folder: Path) -> str:
    """The sentence; anything but an answer in time is a failure."""
    file = folder / "certificate.json"
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    start = time.process_time()
    try:
        outcome = check(file)
        assert isinstance(outcome, Outcome)
        sentence = outcome.sentence
    except Malformed as reason:
        sentence = f"malformed: {reason}"
    assert time.process_time() - start < LIMIT
    assert sentence.isascii() and "\n" not in sentence and len(sentence) < 600
    return sentence


def refused(data: bytes | str, folder: Path) -> None:
    assert not answer(data, folder).startswith("accepted")


def holding(tree: Any) -> str:
    return json.dumps(forged(HONEST, "statement", "holds", to=tree, rehash=True))


def comparing(scalar: Any) -> str:
    return holding(op("LessThan", scalar, op("exp", T)))


FILES: dict[str, bytes | str] = {
    "empty": "",
    "not JSON": "advsmooth",
    "not UTF-8": TEXT.encode()[:-1] + b"\xff}",
    "UTF-16": TEXT.encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf" + TEXT.encode(),
    "two values": TEXT + TEXT,
    "cut": TEXT[:-20],
    "key twice": TEXT[:-1] + ', "format": 1}',
    "inner key twice": TEXT.replace('"slack": "0"', '"slack": "0", "slack": "0"'),
    "list": "[]",
    "number": "1",
    "null": "null",
    "brackets": "[" * 100_000,
    "braces": '{"a":' * 100_000,
    "closed brackets": "[" * 100_000 + "]" * 100_000,
    "many parts": "[" + "1," * 3_000_000 + "1]",
    "many keys": "{" + ",".join(f'"{k}":1' for k in range(300_000)) + ',"299999":1}',
    "open string": '{"certificate": "' + "a" * 1_000_000,
    "escaped string": '{"certificate": "' + "\\\\" * 1_000_000,
    "surrogate": TEXT.replace('"honest"', '"\\ud800"').replace('"box"', '"\\udfff"'),
    "control characters": TEXT.replace('"kind": "box"', '"kind": "\\u001b[2J\\n"'),
    "NaN": TEXT.replace('"format": 1', '"format": NaN'),
    "infinity": TEXT.replace('"format": 1', '"format": -Infinity'),
    "float": TEXT.replace('"format": 1', '"format": 1.0'),
    "true for 1": TEXT.replace('"format": 1', '"format": true'),
    "long integer": TEXT.replace('"format": 1', '"format": ' + "1" * 100_000),
    "other format": TEXT.replace('"format": 1', '"format": 2'),
    "other name": TEXT.replace('"certificate": "advsmooth"', '"certificate": "x"'),
    "other kind": TEXT.replace('"kind": "box"', '"kind": "oracle"'),
    "unknown key": json.dumps({**HONEST, "extra": 1}),
    "missing key": json.dumps({k: v for k, v in HONEST.items() if k != "versions"}),
    "statement a list": json.dumps({**HONEST, "statement": []}),
    "body a list": json.dumps({**HONEST, "body": []}),
    "assumptions not text": json.dumps({**HONEST, "assumptions": [1]}),
    "given an object": json.dumps(forged(HONEST, "statement", "given", to={}, rehash=True)),
    "holds null": holding(None),
    "holds text": holding("0"),
    "holds a scalar": holding(T),
    "unknown op": comparing(op("__import__", "os")),
    "builtin": comparing(op("eval", "1")),
    "wrong arity": comparing(op("exp", T, T)),
    "no arguments": comparing(op("Add")),
    "args an object": comparing({"op": "exp", "args": {"0": T}}),
    "op a number": comparing({"op": 1, "args": []}),
    "op with more keys": comparing({"op": "exp", "args": [T], "kwargs": {}}),
    "bare pair": comparing(op("ExprCondPair", T, {"truth": True})),
    "odd piece": comparing(op("Piecewise", T)),
    "number in JSON": comparing(3),
    "boolean scalar": comparing(True),
    "fraction over 0": comparing("1/0"),
    "decimal point": comparing("1.5"),
    "spaces": comparing(" 1"),
    "other digits": comparing("\u0661"),
    "underscore": comparing("1_000"),
    "infinite": comparing({"number": "oo"}),
    "nan": comparing({"number": "nan"}),
    "long number": comparing("1" * 10_001),
    "huge number": comparing("1" * 5_000_000),
    "vector for scalar": comparing({"vector": "v"}),
    "name twice": holding(op("LessThan", {"symbol": "t", "assume": {}}, op("exp", T))),
    "name with brackets": comparing({"symbol": "t[1]", "assume": {"real": True}}),
    "name with prime": comparing({"symbol": "t'", "assume": {"real": True}}),
    "name a number": comparing({"symbol": 7, "assume": {"real": True}}),
    "assume a list": comparing({"symbol": "w", "assume": []}),
    "unknown assumption": comparing({"symbol": "w", "assume": {"prime": True}}),
    "assumed 1": comparing({"symbol": "w", "assume": {"real": 1}}),
    "not real": comparing({"symbol": "w", "assume": {"real": False}}),
    "integer": comparing({"symbol": "w", "assume": {"integer": True}}),
    "norm below 1": comparing(op("Norm", op("Ones"), "1/2")),
    "unknown statement": holding({"kind": "Halts", "f": T}),
    "statement without wrt": holding({"kind": "Convex", "f": T}),
    "wrt a number": holding({"kind": "Convex", "f": T, "wrt": "1"}),
    "wrt a label": holding({"kind": "Convex", "f": T, "wrt": {"label": "y"}}),
    "constant of wrt": holding({"kind": "Lipschitz", "f": T, "wrt": T, "constant": T}),
    "deep tree": comparing(nested("exp", 95)),
    "deeper tree": holding(nested("Not", 95)),
    "zero to minus one": comparing(op("Pow", "0", "-1")),
    "huge exponent": comparing(op("Pow", T, "1000000000")),
    "huge root": comparing(op("Pow", T, "1/1000000000")),
    "huge constant": comparing(op("Pow", "1" * 9_000, "999999")),
    "tower": comparing(op("Pow", op("Pow", op("Pow", "9", "999"), "999"), "999")),
    "product of long numbers": comparing(op("Mul", *["7" * 9_000 + f"{k}" for k in range(100)])),
    "sum of long fractions": comparing(
        op("Add", *[f"1/{10**3000 + 2 * k + 1}" for k in range(100)])
    ),
    "overflow": comparing(op("exp", op("exp", op("exp", op("Mul", "9", T))))),
    "huge norm exponent": comparing(op("Norm", op("Ones"), "99999999/7")),
    "dimension true": json.dumps(forged(HONEST, *CASE, "dimension", to=True)),
    "dimension 0": json.dumps(forged(HONEST, *CASE, "dimension", to=0)),
    "dimension huge": json.dumps(forged(HONEST, *CASE, "dimension", to=10**15)),
    "dimensions huge": json.dumps(forged(HONEST, "statement", "dimensions", to=[17], rehash=True)),
    "dimensions empty": json.dumps(forged(HONEST, "statement", "dimensions", to=[], rehash=True)),
    "dimensions true": json.dumps(
        forged(HONEST, "statement", "dimensions", to=[True], rehash=True)
    ),
    "many signs": json.dumps(
        forged(HONEST, "statement", to=lambda s: {
            **s, "dimensions": [16],
            "holds": op("LessThan", op("Dot", {"signs": "s"}, {"signs": "r"}), "16")}, rehash=True)
    ),
    "million tokens": json.dumps(forged(HONEST, *CASE, "tree", to=" ".join(["n"] * 1_000_000))),
    "million splits": json.dumps(forged(HONEST, *CASE, "tree", to=" ".join(["0"] * 1_000_000))),
    "deep path": json.dumps(forged(HONEST, *CASE, "tree", to="0 n " * 5000 + "n")),
    "deeper path": json.dumps(forged(HONEST, *CASE, "tree", to="0 " * 5000 + "n " * 5000 + "n")),
    "five million tokens": json.dumps(forged(HONEST, *CASE, "tree", to="0 " * 5_000_000)),
    "spaces in tree": json.dumps(forged(HONEST, *CASE, "tree", to=" " * 100_000)),
    "long token": json.dumps(forged(HONEST, *CASE, "tree", to="9" * 1_000_000)),
    "tabs": json.dumps(forged(HONEST, *CASE, "tree", to="n\t")),
    "tree a list": json.dumps(forged(HONEST, *CASE, "tree", to=["n"])),
    "slack a float": TEXT.replace('"slack": "0"', '"slack": 0.0'),
    "slack a number": TEXT.replace('"slack": "0"', '"slack": 0'),
    "interval turned": json.dumps(forged(HONEST, *CASE, "domain", to=[["t", "2", "-2"]])),
    "interval of three": json.dumps(forged(HONEST, *CASE, "domain", to=[["t", "-2", "2", "2"]])),
    "domain name a list": json.dumps(forged(HONEST, *CASE, "domain", to=[[["t"], "-2", "2"]])),
    "infinite interval": json.dumps(forged(HONEST, *CASE, "domain", to=[["t", "-oo", "oo"]])),
    "reductions unknown": json.dumps(forged(HONEST, "body", "reductions", to=["magic"])),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_gets_one_sentence(name: str, tmp_path: Path) -> None:
    refused(FILES[name], tmp_path)


def test_the_honest_file_is_accepted(tmp_path: Path) -> None:
    assert answer(TEXT, tmp_path).startswith("accepted")


def test_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "certificate.json"
    with file.open("wb") as handle:
        handle.truncate(2 << 30)  # two gigabytes of nothing, on no disk
    with pytest.raises(Malformed, match="at most 64 MiB"):
        check(file)


def test_a_folder_and_a_missing_file_are_malformed(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing", Path("a\0b")):
        with pytest.raises(Malformed):
            check(path)


def test_the_command_survives_every_hostile_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("empty", "surrogate", "control characters", "unknown op", "brackets"):
        file = tmp_path / "\u00e9.json"
        data = FILES[name]
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        assert main([str(file)]) in (1, 2)
        assert capsys.readouterr().out.isascii()


def test_a_long_number_of_the_allowed_length_is_read(tmp_path: Path) -> None:
    """int() of more than 4300 digits is refused by Python itself; the reader has its own way."""
    long = comparing("-" + "1" * 9_999)
    assert answer(long, tmp_path).startswith("accepted")


def test_nothing_is_evaluated(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    code = f"__import__('pathlib').Path({str(marker)!r}).touch()"
    for tree in (code, op("Add", code), op(code), {"symbol": code, "assume": {}}):
        refused(comparing(tree), tmp_path)
    assert not marker.exists()


def places(tree: Any) -> list[tuple[Any, ...]]:
    """The paths to every value inside a JSON value."""
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
    found: list[tuple[Any, ...]] = []
    for key, value in pairs:
        found.append((key,))
        if isinstance(value, dict | list):
            found += [(key, *rest) for rest in places(value)]
    return found


@pytest.mark.parametrize("seed", range(8))
def test_random_changes_get_an_answer(seed: int, tmp_path: Path) -> None:
    """Parts of two certificates exchanged at random, with the hash made right again."""
    rng, donors = random.Random(seed), [HONEST, BUSY]
    for _ in range(40):
        target, donor = rng.choice(donors), rng.choice(donors)
        for _ in range(rng.randint(1, 3)):
            part: Any = donor
            for key in rng.choice(places(donor)):
                part = part[key]
            rehash = rng.random() < 0.9
            target = forged(target, *rng.choice(places(target)), to=part)
            if rehash and isinstance(target.get("statement"), dict):
                with suppress(KeyError):
                    target["hash"] = digest(target["statement"])
        answer(json.dumps(target), tmp_path)


def test_the_hash_is_that_of_the_statement() -> None:
    assert HONEST["hash"] == digest(HONEST["statement"])
