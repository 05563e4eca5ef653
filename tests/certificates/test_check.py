"""From `verify --certificates` to `check`: what is written is accepted, what is changed is not."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from advsmooth import main
from numerics.certificates import replay
from theory import Claim, Vector, norm
from theory.serial import Malformed, claim_to_json, decode, digest

ROOT = Path(__file__).parents[2]
LEMMAS = "l2-hessian-bound"  # a claim of the library that brings lemmas along
CLAIMS = """
from sympy import Abs, Rational, sin, symbols
from theory import Claim, Differentiable, Not, Vector, dot, norm
a, b = symbols("a b", real=True)
u, v = Vector("u"), Vector("v")
box = [Abs(a) <= 3, Abs(b) <= 3]
held = Claim(id="held", given=box, holds=sin(a) + a * b / 9 <= Rational(9, 5))
broken = Claim(id="broken", holds=norm(u, 1) <= norm(u))
kinked = Claim(id="kinked", holds=Not(Differentiable(norm(u), u)))
shown = Claim(id="two norms", given=[norm(u) <= 1, norm(v) <= 2], holds=dot(u, v) <= 2,
              assumptions=["nothing\\nat all"])
"""
Certificate = dict[str, Any]


def check(*files: Path) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, files)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificates of a claim file and of a claim of the library."""
    here = tmp_path_factory.mktemp("certificates")
    (here / "claims.py").write_text(CLAIMS)
    command = ["verify", "claims.py", LEMMAS, "--certificates", "out"]
    done = subprocess.run(
        [sys.executable, "-m", "advsmooth", *command],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 1 and "5 certificates in out" in done.stderr, done.stdout
    return here / "out"


@pytest.fixture(scope="module")
def files(folder: Path) -> dict[str, Path]:
    return {json.loads(f.read_text())["statement"]["id"]: f for f in folder.glob("*.json")}


@pytest.fixture(scope="module")
def proof(files: dict[str, Path]) -> Certificate:
    found: Certificate = json.loads(files["two norms"].read_text())
    return found


def test_what_is_written_is_accepted(files: dict[str, Path]) -> None:
    done = check(*files.values())
    assert done.exit_code == 0, done.output
    for name, word in [("held", "certified"), ("broken", "refuted"), ("kinked", "proved")]:
        assert f"{files[name]}: accepted: {name} is {word}\n" in done.output
    assert f"accepted: {LEMMAS} is proved\n" in done.output
    assert "proved again by " in done.output
    assert "assumed, not checked: nothing\\nat all\n" in done.output


def test_the_claims_are_of_the_kinds_that_are_meant(files: dict[str, Path]) -> None:
    kinds = {name: json.loads(file.read_text())["kind"] for name, file in files.items()}
    shown = {name: "proof" for name in ("two norms", "kinked", LEMMAS)}
    assert kinds == {"held": "box", "broken": "witness", **shown}
    assert json.loads(files[LEMMAS].read_text())["body"]["lemmas"]


def test_the_exit_status_is_the_worst_news(files: dict[str, Path], tmp_path: Path) -> None:
    good, bad, ugly = files["held"], tmp_path / "bad.json", tmp_path / "ugly.json"
    bad.write_text(good.read_text().replace('"hash": "', '"hash": "0'))
    ugly.write_text("{")
    assert [check(*f).exit_code for f in [(good,), (good, bad), (bad, ugly, good)]] == [0, 1, 2]
    done = check(ugly, bad, good)
    assert done.output.count("rejected: ") == 1 and done.output.count("error: ") == 1
    assert f"{good}: accepted: " in done.output


def test_without_a_file_there_is_a_usage_line() -> None:
    assert check().exit_code == 2 and "Usage: " in check().output


# --- a changed proof

IDENTITY = ("body", "evidence", 0, "data", "facts", 0, "refutation")


def at(tree: Any, *path: Any) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def rehashed(certificate: Certificate) -> Certificate:
    tree = {k: certificate["statement"][k] for k in ("dimensions", "given", "holds")}
    text = json.dumps(tree, sort_keys=True, separators=(",", ":"))
    certificate["hash"] = hashlib.sha256(text.encode()).hexdigest()
    return certificate


def another_coefficient(proof: Certificate) -> None:
    first = at(proof, *IDENTITY, "products", 0)
    first["multiplier"] = "2"


def another_sign(proof: Certificate) -> None:
    first = at(proof, *IDENTITY, "products", 0)
    first["multiplier"] = "-" + first["multiplier"]


def another_hypothesis(proof: Certificate) -> None:
    used = at(proof, *IDENTITY, "products", 0, "factors", 0)
    at(proof, *IDENTITY[:-1], "hypotheses").remove(used)


def a_product_less(proof: Certificate) -> None:
    at(proof, *IDENTITY, "products").pop()


def another_rule(proof: Certificate) -> None:
    at(proof, *IDENTITY)["rule"] = "obvious"


def a_false_answer(proof: Certificate) -> None:
    hypotheses = at(proof, *IDENTITY[:-1], "hypotheses")
    answers = {"z3": "unsat", "cvc5": "unknown"}
    at(proof, *IDENTITY[:-1])["refutation"] = {
        "rule": "smt",
        "formulas": hypotheses,
        "answers": answers,
    }


def a_case_dropped(proof: Certificate) -> None:
    clause = {"some": [["norm_u - 1", ">"], ["1 - norm_u", ">="]]}
    at(proof, *IDENTITY[:-1])["hypotheses"].append(clause)
    refutation = at(proof, *IDENTITY)
    at(proof, *IDENTITY[:-1])["refutation"] = {
        "rule": "cases",
        "clause": clause,
        "branches": [refutation],
    }


def another_hash(proof: Certificate) -> None:
    proof["hash"] = "0" * 64


def another_statement(proof: Certificate) -> None:
    """The bound 2 becomes 1: false, with a hash of its own."""
    text = json.dumps(proof["statement"]["holds"])
    proof["statement"]["holds"] = json.loads(text.replace('"2"]', '"1"]', 1))
    assert proof["statement"]["holds"] != json.loads(text)
    rehashed(proof)


def a_hypothesis_of_the_statement_less(proof: Certificate) -> None:
    proof["statement"]["given"].pop()
    rehashed(proof)


def a_lemma_that_is_false(proof: Certificate) -> None:
    another_statement(proof)
    proof["body"]["lemmas"] = [{"truth": False}, proof["statement"]["holds"]]


CHANGES: list[Callable[[Certificate], None]] = [
    another_coefficient,
    another_sign,
    another_hypothesis,
    a_product_less,
    another_rule,
    a_false_answer,
    a_case_dropped,
    another_hash,
    another_statement,
    a_hypothesis_of_the_statement_less,
    a_lemma_that_is_false,
]


def refused(text: str | bytes, tmp_path: Path, status: int) -> str:
    """The one sentence on a file that is not accepted."""
    file = tmp_path / "certificate.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    done = check(file)
    assert done.exit_code == status and done.output.count("\n") == 1, done.output
    assert done.output.startswith(f"error: {file}: " if status == 2 else f"{file}: rejected: ")
    assert isinstance(done.exception, SystemExit) and len(done.output) < 500
    return done.output


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_changed_proof_is_rejected(
    change: Callable[[Certificate], None],
    proof: Certificate,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(replay, "SECONDS", 5.0)
    changed = copy.deepcopy(proof)
    change(changed)
    assert changed != proof
    refused(json.dumps(changed), tmp_path, 1)


def test_facts_about_something_else_are_not_taken_for_those_of_the_proof(
    proof: Certificate, tmp_path: Path
) -> None:
    """The statement is proved again, whatever the file says; the reader is told."""
    other = copy.deepcopy(proof)
    other["body"]["evidence"] = []
    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(other))
    done = check(file)
    assert done.exit_code == 0 and "with other facts (1 identities" in done.output


# --- a stranger's statement


def op(name: str, *args: Any) -> dict[str, Any]:
    return {"op": name, "args": list(args)}


def symbol(name: str, **assumptions: bool) -> dict[str, Any]:
    return {"symbol": name, "assume": assumptions or {"real": True}}


T = symbol("t")


def claimed(holds: Any, **statement: Any) -> str:
    """A proof without facts of any statement."""
    parts = {"id": "x", "title": "", "source": "", "dimensions": None, "given": [], "holds": holds}
    body = {"lemmas": [], "evidence": []}
    head = {"certificate": "advsmooth", "format": 1, "kind": "proof", "assumptions": []}
    tree = {**head, "versions": {}, "statement": {**parts, **statement}, "body": body}
    return json.dumps(rehashed(tree))


def towers(height: int) -> Any:
    return op("Pow", towers(height - 1), "999") if height else T


FALSE: dict[str, Any] = {
    "plainly": op("LessThan", "1", "0"),
    "in one place": op("GreaterThan", op("Pow", T, "2"), "1"),
    "undefined": op("GreaterThan", op("Pow", op("Add", T, op("Mul", "-1", T)), "-1"), "0"),
    "a contradiction": op("LessThan", "1", symbol("z", positive=True, negative=True)),
    "an integer in between": op(
        "Or",
        op("LessThan", symbol("n", integer=True), "0"),
        op("StrictGreaterThan", symbol("n", integer=True), "0"),
    ),
    "a huge power": op("LessThan", op("Pow", "10", str(10**9)), "1"),
    "a huge logarithm": op("LessThan", op("exp", op("Mul", str(10**12), op("log", "2"))), "1"),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_false_statement_is_never_proved(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "SECONDS", 3.0)
    refused(claimed(FALSE[name]), tmp_path, 1)


def test_a_statement_that_keeps_sympy_busy_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "SECONDS", 1.0)
    monkeypatch.setattr(replay, "GRACE", 4.0)
    busy = op("Max", *[op("Add", op("Mul", str(k), T), str(k * k)) for k in range(4000)])
    start = time.monotonic()
    assert "no end" in refused(claimed(op("LessThan", busy, "1")), tmp_path, 1)
    assert time.monotonic() - start < 30


STRANGE: dict[str, Any] = {
    "unknown assumption": claimed(op("LessThan", symbol("t", lucky=True), "1")),
    "operation with a key more": claimed({**op("LessThan", "0", "1"), "kwargs": {}}),
    "arguments as a text": claimed({"op": "LessThan", "args": "01"}),
    "pieces without conditions": claimed(op("LessThan", op("Piecewise", "1"), "1")),
    "id that is a number": claimed(op("LessThan", "0", "1"), id=3),
    "dimension true": claimed(op("LessThan", "0", "1"), dimensions=[True]),
    "deep": claimed(op("LessThan", towers(99), "1")),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_statement_gets_one_sentence(name: str, tmp_path: Path) -> None:
    file = tmp_path / "certificate.json"
    file.write_text(STRANGE[name])
    done = check(file)
    assert done.exit_code in (1, 2) and done.output.count("\n") == 1
    assert isinstance(done.exception, SystemExit)


@pytest.mark.parametrize(
    "tree",
    [
        op("Pow", "10", str(10**9)),
        op("Pow", op("Pow", op("Pow", "9", "999"), "999"), "999"),
        op("Pow", "2", f"{10**12 + 1}/2"),
        op("Pow", op("Mul", "2", T), str(10**9)),
        op("exp", op("Mul", str(10**12), op("log", "2"))),
        op("AbsPower", {"vector": "v"}, str(10**9)),
        op("Add", {"vector": "v"}, "1"),
        op("Piecewise", "1", "2"),
        op("Piecewise", op("ExprCondPair", "1", "2")),
        {"op": "Add", "args": "12"},
        {"op": ["Add"], "args": []},
        {"number": ["oo"]},
        {"truth": 1},
        {**T, "more": 1},
        symbol("t", positive=True, negative=True),
        symbol("t", lucky=True),
        {"kind": "Lipschitz", "f": T},
        {"kind": ["Lipschitz"], "f": T},
        {"support": None},
        {"ball": [], "radius": []},
    ],
    ids=json.dumps,
)
def test_what_sympy_should_not_see_is_refused_before(tree: Any) -> None:
    start = time.process_time()
    with pytest.raises(Malformed) as refusal:
        decode(tree)
    assert "\n" not in str(refusal.value) and len(str(refusal.value)) < 400
    assert time.process_time() - start < 2


def test_long_numbers_are_written_and_read() -> None:
    claim = Claim(id="long", holds=norm(Vector("u")) >= -(10**6000))
    assert decode(claim_to_json(claim)["holds"]) == claim.holds


def test_nothing_is_evaluated(proof: Certificate, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    code = f"__import__('os').system('touch {marker}')"

    def everywhere(tree: Any, key: str = "") -> Any:
        if isinstance(tree, dict):
            return {k: everywhere(v, k) for k, v in tree.items()}
        if isinstance(tree, list):
            return [everywhere(v, key) for v in tree]
        return code if isinstance(tree, str) else tree

    def places(tree: Any, path: tuple[Any, ...] = ()) -> Any:
        pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
        for key, value in pairs:
            if isinstance(value, dict | list):
                yield from places(value, (*path, key))
            elif isinstance(value, str):
                yield (*path, key)

    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(everywhere(proof)))
    assert check(file).exit_code == 2
    harmless = {"title", "source", "by", "detail", "steps", "versions", "assumptions", "method"}
    harmless |= {"variables", "id", "substitution", "target", "polynomial"}
    for path in places(proof):
        if harmless & set(path):
            continue
        changed = copy.deepcopy(proof)
        at(changed, *path[:-1])[path[-1]] = code
        file.write_text(json.dumps(rehashed(changed) if path[0] == "statement" else changed))
        assert check(file).exit_code in (1, 2), path
    commented = copy.deepcopy(proof)
    commented["versions"] = commented["statement"]["title"] = code
    commented["versions"] = {code: code}
    commented["statement"]["id"] = commented["statement"]["source"] = code
    commented["body"]["evidence"][0]["steps"] = [code]
    file.write_text(json.dumps(commented))
    assert check(file).exit_code == 0
    assert not marker.exists()


# --- files that are no certificates


def test_malformed_files_get_one_sentence(proof: Certificate, tmp_path: Path) -> None:
    text = json.dumps(proof)
    for bad in (
        "",
        "null",
        text[:-20],
        text + text,
        text.replace('"kind"', '"kind": "proof", "kind"', 1),
        text.replace('"format": 1', '"format": NaN'),
        text.replace('"format": 1', '"format": 1.0'),
        text.replace('"format": 1', '"format": true'),
        text.replace('"format": 1', '"format": 2'),
        text.replace('"format": 1', '"format": ' + "1" * 100_000),
        text.replace('"lemmas": []', '"lemmas": ' + "[" * 100_000),
        "[" * 100_000 + "]" * 100_000,
        text.encode("utf-16"),
        text.encode() + b"\xff",
        json.dumps({**proof, "comment": ""}),
        json.dumps({k: v for k, v in proof.items() if k != "hash"}),
        json.dumps({**proof, "kind": "oracle"}),
        json.dumps({**proof, "body": {**proof["body"], "more": 1}}),
    ):
        refused(bad, tmp_path, 2)


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "certificate.json"
    with file.open("wb") as handle:
        handle.truncate(2 << 30)  # two gigabytes of nothing, on no disk
    done = check(file)
    assert done.exit_code == 2 and "at most 64 MiB" in done.output


def test_a_huge_number_is_one_sentence(tmp_path: Path) -> None:
    refused(b"1" * (60 << 20), tmp_path, 2)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system")
def test_pipes_devices_and_folders_do_not_keep_us_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    names = [tmp_path / "pipe", tmp_path, Path("/dev/zero"), tmp_path / "none", Path("a\0b")]
    for name in names:
        done = check(name)
        assert done.exit_code == 2 and done.output.count("\n") == 1, done.output


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all files")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    file = tmp_path / "certificate.json"
    file.write_text("{}")
    file.chmod(0)
    assert check(file).exit_code == 2


def test_a_link_to_a_certificate_is_one(files: dict[str, Path], tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(files["held"])
    assert check(link).exit_code == 0


def test_the_text_of_a_stranger_stays_on_its_line(proof: Certificate, tmp_path: Path) -> None:
    loud = copy.deepcopy(proof)
    loud["statement"]["id"] = "\x1b[2J\nother.json: accepted: \ud800"
    loud["assumptions"] = ["\x1b[31m\nanother.json: accepted"]
    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(loud))
    done = check(file)
    assert done.exit_code == 0 and "\x1b" not in done.output
    assert [line for line in done.output.splitlines() if "other.json" in line[:12]] == []


# --- writing


IDS = ("a b", "a:b", "a-b", "../a-b", "..", "é")


def test_names_of_files_are_plain_and_differ() -> None:
    from numerics.certificates.envelope import file_name

    holds = norm(Vector("u")) >= 0
    names = [
        file_name(Claim(id=i, holds=holds)) for i in ("a b", "a:b", "a-b", "../a-b", "..", "é")
    ]
    assert len(set(names)) == len(names)
    assert all(name.strip(".") == name and name.isascii() and "/" not in name for name in names)


def test_a_certificate_holds_no_floats_and_no_long_integers() -> None:
    from numerics.certificates.envelope import recorded
    from theory.verdicts import Evidence, Status

    data = {"seconds": 0.5, "big": 10**30, "flag": True, "facts": [{"n": 2}]}
    item = recorded(Evidence("me", Status.PROVED, "so", steps=("s",), data=data))
    assert item["data"] == {
        "seconds": "0.5",
        "big": str(10**30),
        "flag": True,
        "facts": [{"n": "2"}],
    }


def test_the_hash_is_that_of_the_statement(proof: Certificate) -> None:
    from theory.serial import claim_from_json

    assert digest(claim_from_json(proof["statement"])) == proof["hash"]
    assert rehashed(copy.deepcopy(proof)) == proof


def test_an_identity_of_equal_sides_reads_back() -> None:
    """Eq(a, a) stays what it is: the library states such identities."""
    from sympy import Eq

    from theory.serial import claim_from_json

    u = norm(Vector("u"))
    claim = Claim(id="same", holds=Eq(u, u, evaluate=False))
    again = claim_from_json(claim_to_json(claim))
    assert again.holds == claim.holds and digest(again) == digest(claim)
