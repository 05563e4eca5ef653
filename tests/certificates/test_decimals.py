"""The checker in the standard library accepts honest certificates and no forged one."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sympy import Abs, And, Max, Ne, Or, Piecewise, Rational, exp, log, oo, sqrt, symbols, tanh

from numerics.certificates.decimals import Malformed, check, check_value
from numerics.falsify import Refutation, falsify
from tests.certificates.decimal_examples import boxed, forged, witnessed
from theory import (
    Claim,
    Convex,
    Differentiable,
    Equal,
    Label,
    Lipschitz,
    Maximizes,
    NormBall,
    Not,
    Signs,
    Smooth,
    Vector,
    clock,
    dot,
    hadamard,
    in_orthant,
    logistic,
    norm,
    ones,
    unit,
)

theta, x, u, v, delta = (Vector(n) for n in ("theta", "x", "u", "v", "delta"))
y, s = Label("y"), Signs("s")
t, z = symbols("t z", real=True)
B, eps = symbols("B epsilon", positive=True)
BALL = [norm(theta) <= 1]
HALF = Rational(1, 2)
SQUARE = {"theta[1]": ("-1", "1"), "theta[2]": ("-1", "1")}
LINE = {"t": ("-2", "2")}
PLANE = {"u[1]": ("0", "1"), "v[1]": ("-1", "1"), "v[2]": ("0", "1")}
SMALL = [Abs(t) <= 2]


def claim(holds: Any, given: Any = (), dimensions: Any = None) -> Claim:
    return Claim(id="claim", holds=holds, given=given, dimensions=dimensions)


def scalar(holds: Any, given: Any = SMALL, domain: Any = None, **options: Any) -> Any:
    return boxed(claim(holds, given), [(1, {}, domain or LINE)], rotation=True, **options)


def planar(holds: Any, given: Any = BALL, domain: Any = None) -> Any:
    return boxed(claim(holds, given, (2,)), [(2, {}, domain or SQUARE)])


BOXES: dict[str, Any] = {
    "exponential": lambda: scalar(exp(t) >= 1 + t - Rational(1, 100), slack="1/1000"),
    "strict": lambda: scalar(exp(t) > t),
    "two scalars": lambda: boxed(
        claim(sqrt(1 + t**2 + z**2) * exp(-t * z / 4) >= t * z / 9, [Abs(t) <= 2, z**2 <= 4]),
        [(1, {}, {"z": ("-2", "2"), "t": ("-2", "2")})],
        slack="1/1000",
        rotation=True,
    ),
    "vector": lambda: planar(
        norm(theta, 1) <= Rational(3, 2) * B + HALF,
        [norm(theta) <= B, B <= 1],
        {"B": ("0", "1"), **SQUARE},
    ),
    "Lipschitz": lambda: scalar(
        Lipschitz(tanh(t), t, Rational(4, 5)), [t >= HALF, t <= 3], {"t": ("1/2", "3")}
    ),
    "Lipschitz vector": lambda: planar(Lipschitz(exp(dot(theta, ones())) * x,
                                                 theta, 30),
                                       [*BALL, norm(x, oo) <= 1],
                                       {**SQUARE, "x[1]": ("-1", "1"), "x[2]": ("-1", "1")}),
    "Smooth": lambda: boxed(
        claim(Smooth(log(1 + exp(norm(theta) ** 2 / 2)), theta, 2), BALL),
        [(2, {}, {"theta[1]": ("0", "1")})],
        rotation=True,
    ),
    "Convex": lambda: planar(Convex(exp(norm(theta) ** 2) - dot(theta, ones()), theta)),
    "or, and": lambda: scalar(Or(And(exp(t) >= 1, t >= -1), t < Rational(1, 10))),
    "different": lambda: scalar(Ne(exp(t), t)),
    "not": lambda: scalar(~(exp(t) <= t) & ~And(t > 3, t < 4)),
    "labels": lambda: boxed(
        claim(log(1 + exp(-y * t)) >= -y * t, SMALL),
        [(1, {"y": sign}, LINE) for sign in ("1", "-1")],
        rotation=True,
    ),
    "signs": lambda: boxed(
        claim(dot(s, theta) >= -(y + 2) / 9,
              [in_orthant(theta, s), norm(theta, oo) <= 1, y * B <= 0, B <= 1], (1, 2)),
        [(d, {"y": a, "s": [str(k) for k in p]},
          {"B": ("0", "1"), **{f"theta[{i + 1}]": ("0", "1") if p[i] > 0 else ("-1", "0")
                               for i in range(d)}})
         for a in ("1", "-1") for d, p in [(1, (1,)), (1, (-1,)), (2, (1, 1)), (2, (1, -1)),
                                           (2, (-1, 1)), (2, (-1, -1))]],
    ),
    "rotation": lambda: boxed(
        claim(dot(u, v) <= norm(u) * norm(v) + Rational(1, 10), [norm(u) <= 1, norm(v) <= 1]),
        [(2, {}, PLANE)],
        rotation=True,
    ),
    "pieces": lambda: scalar(Piecewise((t**2, t >= 0), (-t, True)) + Max(t, 1) >= Rational(9, 10)),
    "hypothesis": lambda: planar(norm(theta, 1) <= Rational(3, 2)),
}  # fmt: skip


@cache
def _box(name: str) -> Any:
    return BOXES[name]()


def box(name: str) -> Any:
    return forged(_box(name), "assumptions", to=[])


def verdict(certificate: Any) -> bool:
    """Accepted or not; a file that is no certificate is not accepted either."""
    try:
        outcome = check_value(certificate)
    except Malformed as reason:
        assert "\n" not in str(reason)
        return False
    assert outcome.sentence and "\n" not in outcome.sentence
    assert outcome.accepted == outcome.sentence.startswith("accepted")
    return outcome.accepted


CASE = ("body", "cases", 0)


@pytest.mark.parametrize("name", BOXES)
def test_an_honest_box_is_accepted(name: str) -> None:
    assert check_value(_box(name)).accepted


@pytest.mark.parametrize("name", BOXES)
def test_a_forged_box_is_rejected(name: str) -> None:
    honest = box(name)
    tree = honest["body"]["cases"][0]["tree"]
    last = honest["body"]["cases"][0]["domain"][-1]
    forgeries = {
        "slack raised": forged(honest, "body", "slack", to="1000"),
        "slack negative": forged(honest, "body", "slack", to="-1"),
        "domain shrunk": forged(honest, *CASE, "domain", -1, to=[last[0], last[1], "1/1000"]),
        "variable dropped": forged(honest, *CASE, "domain", to=lambda d: d[:-1]),
        "variable twice": forged(honest, *CASE, "domain", to=lambda d: [*d, d[-1]]),
        "tree cut": forged(honest, *CASE, "tree", to=f"0 {tree}"),
        "tree too long": forged(honest, *CASE, "tree", to=f"{tree} n"),
        "tree empty": forged(honest, *CASE, "tree", to=""),
        "unknown split": forged(honest, *CASE, "tree", to=f"99 {tree} {tree}"),
        "unknown hypothesis": forged(honest, *CASE, "tree", to="h99"),
        "unknown token": forged(honest, *CASE, "tree", to=f"{tree} "),
        "case removed": forged(honest, "body", "cases", to=lambda c: c[1:]),
        "case doubled": forged(honest, "body", "cases", to=lambda c: [*c, c[0]]),
        "wrong dimension": forged(honest, *CASE, "dimension", to=3),
        "unknown sign": forged(honest, *CASE, "signs", to={"w": "1"}),
        "hash changed": forged(honest, "hash", to="0" * 64),
        "hypotheses dropped": forged(honest, "statement", "given", to=[]),
        "hypotheses dropped, rehashed": forged(honest, "statement", "given", to=[], rehash=True),
        "never holds": forged(honest, "statement", "holds", to={"truth": False}, rehash=True),
        "dimensions changed": forged(honest, "statement", "dimensions", to=[5], rehash=True),
    }
    accepted = [what for what, forgery in forgeries.items() if verdict(forgery)]
    if honest["body"]["reductions"]:
        # Rotated cases cover every dimension, so any list of dimensions will do.
        accepted.remove("dimensions changed")
    assert accepted == []


FALSE_TWINS: dict[str, Any] = {
    "exponential": exp(t) >= 1 + t + Rational(1, 100),
    "strict": exp(t) > t + 1,
    "Lipschitz": Lipschitz(tanh(t), t, Rational(3, 4)),
    "Smooth": Smooth(log(1 + exp(norm(theta) ** 2 / 2)), theta, HALF),
    "Convex": Convex(exp(-(norm(theta) ** 2)), theta),
    "vector": norm(theta, 1) <= Rational(4, 3) * B,
    "rotation": dot(u, v) <= norm(u) * norm(v) - Rational(1, 10),
    "pieces": Piecewise((t**2, t >= 0), (-t, True)) + Max(t, 1) >= Rational(11, 10),
    "labels": log(1 + exp(-y * t)) >= y * t,
    "hypothesis": norm(theta, 1) <= Rational(7, 5),
    "or, and": Or(And(exp(t) >= 1, t >= 1), t < Rational(1, 10)),
}


@pytest.mark.parametrize("name", FALSE_TWINS)
def test_a_false_statement_with_a_right_hash_is_rejected(name: str) -> None:
    from theory.serial import encode

    tree = json.loads(json.dumps(encode(FALSE_TWINS[name])))
    assert not verdict(forged(box(name), "statement", "holds", to=tree, rehash=True))
    assert not verdict(forged(box(name), "statement", "holds", to=tree))


def test_every_token_matters() -> None:
    """No leaf of an honest tree can be another leaf that shows nothing, nor be left out."""
    honest = box("hypothesis")
    words = honest["body"]["cases"][0]["tree"].split()
    wrong = [k for k, w in enumerate(words) if w == "h0"][:20]
    assert wrong
    for k in wrong:
        changed = [*words[:k], "n", *words[k + 1 :]]
        assert not verdict(forged(honest, *CASE, "tree", to=" ".join(changed)))
    for k in range(0, len(words), 7):
        left_out = " ".join([*words[:k], *words[k + 1 :]])
        assert not verdict(forged(honest, *CASE, "tree", to=left_out))


def test_sign_cases_must_be_exhaustive() -> None:
    honest = box("labels")
    assert not verdict(forged(honest, "body", "cases", 1, "signs", to={"y": "1"}))
    assert not verdict(forged(honest, "body", "cases", 1, "signs", to={"y": "0"}))
    assert not verdict(forged(honest, "body", "cases", 1, "signs", to={}))


def test_a_rotation_needs_a_statement_without_axes() -> None:
    flat = box("vector")
    assert not verdict(forged(flat, "body", "reductions", to=["rotation"]))
    assert not verdict(forged(box("rotation"), "body", "reductions", to=[]))
    assert not verdict(forged(box("rotation"), *CASE, "dimension", to=3))
    whole = forged(box("rotation"), *CASE, "domain", to=lambda d: [*d, ["u[2]", "0", "0"]])
    assert not verdict(whole)
    negative = forged(box("rotation"), *CASE, "domain", 2, to=["v[2]", "1/2", "1"])
    assert not verdict(negative)


def test_a_hypothesis_that_is_not_convex_is_not_used_on_pairs() -> None:
    """|t| >= 1 leaves two pieces, and a segment between them passes through 0."""
    step = Lipschitz(sqrt(Abs(t)), t, 1)
    honest = claim(step, [Abs(t) >= 1, Abs(t) <= 2])
    with pytest.raises(AssertionError, match="no leaf"):
        boxed(honest, [(1, {}, LINE)], rotation=True)
    right = claim(step, [t >= 1, t <= 2])
    assert verdict(boxed(right, [(1, {}, {"t": ("1", "2")})], rotation=True))


def test_kinks_refuse_second_derivatives_and_jumps_refuse_first_ones() -> None:
    for f in (Smooth(Abs(t), t, 5), Lipschitz(Piecewise((0, t < 0), (1, True)), t, 5),
              Smooth(Piecewise((0, t < 0), (t**2, True)), t, 5),
              Lipschitz(sqrt(Abs(t)), t, 10**6)):  # fmt: skip
        with pytest.raises(AssertionError, match="no leaf"):
            scalar(f)


def test_kinds_without_boxes_and_missing_constants_are_rejected() -> None:
    for holds in (
        Differentiable(exp(t), t),
        Lipschitz(exp(t), t),
        Not(Convex(-(t**2), t)),
        Equal(u, u),
        Maximizes(u, dot(delta, u), delta, NormBall(2, 1)),
    ):
        certificate = witnessed(claim(holds, SMALL), FAKE)
        body = {"reductions": ["rotation"], "slack": "0", "cases": []}
        assert not verdict({**certificate, "kind": "box", "body": body})
        assert not verdict(certificate)


class _Fake:
    def to_json(self) -> dict[str, Any]:
        return {"dimension": 1, "values": {"t": "0"}, "lhs": "1", "rhs": "2"}


FAKE: Any = _Fake()


# Witnesses.

WITNESSES: dict[str, Claim] = {
    "relation": claim(log(1 + exp(-t)) <= exp(-t) / 2),
    "vectors": claim(norm(u) + norm(v) <= norm(u + v)),
    "tied": claim(Abs(t) <= t, [Ne(t, 0)]),
    "equality": claim(Equal(unit(theta), theta), [norm(theta) > 0]),
    "Lipschitz": claim(Lipschitz(tanh(t), t, HALF)),
    "Lipschitz vector": claim(Lipschitz(unit(theta), theta, 1), [norm(theta) >= HALF]),
    "Smooth": claim(Smooth(exp(t), t, 1)),
    "Smooth kink": claim(Smooth(norm(theta, 1), theta, 1), [norm(theta) <= 1]),
    "Convex": claim(Convex(dot(theta, x) ** 2 - norm(theta) ** 2, theta), [norm(x) <= 1, *BALL]),
    "better": claim(
        Maximizes(eps * y * unit(theta), logistic(y * dot(theta, x + delta)), delta,
                  NormBall(2, eps)),
        [norm(theta) > 0],
    ),
    "outside": claim(
        Maximizes(2 * eps * hadamard(s, s), dot(delta, s), delta, NormBall(oo, eps))
    ),
    "kink": claim(Differentiable(Max(t, 1 - t, t**2 - 1), t)),
    "kink of a norm": claim(Differentiable(norm(theta, oo), theta), [norm(theta) > HALF]),
}  # fmt: skip


@cache
def _witness(name: str) -> Any:
    found = falsify(WITNESSES[name], 0, clock.now() + 20)
    assert isinstance(found, Refutation), found
    return witnessed(WITNESSES[name], found.witness)


def witness(name: str) -> Any:
    return forged(_witness(name), "assumptions", to=[])


PLACE = ("body", "witness")


@pytest.mark.parametrize("name", WITNESSES)
def test_an_honest_witness_is_accepted(name: str) -> None:
    outcome = check_value(_witness(name))
    assert outcome.accepted, (outcome.sentence, _witness(name)["body"])


@pytest.mark.parametrize("name", WITNESSES)
def test_a_forged_witness_is_rejected(name: str) -> None:
    honest = witness(name)
    inside = honest["body"]["witness"]
    shown = "left" if "left" in inside else "lhs"
    first = sorted(inside["values"])[0]

    def moved(value: Any) -> Any:
        if isinstance(value, list):
            return [f"{1234567 + 89 * k}/1000" for k in range(len(value))]
        return "1234567/1000"

    forgeries = {
        "value changed": forged(honest, *PLACE, "values", to=lambda a: {k: moved(c) for k, c in
                                                                       a.items()}),
        "value dropped": forged(honest, *PLACE, "values", to=lambda a: {k: a[k] for k in a
                                                                       if k != first}),
        "value too many": forged(honest, *PLACE, "values", to=lambda a: {**a, "w": "1"}),
        "lhs changed": forged(honest, *PLACE, shown, to="123.456"),
        "lhs a little off": forged(honest, *PLACE, shown, to=lambda a: a + "00001"
                                   if "." in a else "1.0001"),
        "lhs no number": forged(honest, *PLACE, shown, to="nan"),
        "dimension changed": forged(honest, *PLACE, "dimension", to=7),
        "dimension true": forged(honest, *PLACE, "dimension", to=True),
        "hash changed": forged(honest, "hash", to="f" * 64),
        "path": forged(honest, *PLACE, to=lambda w: {**w, "path": {"t": "t"}, "limit": "oo"}),
        "half a kink": forged(honest, *PLACE, to=lambda w: {"h": ["1"], **w, "left": "5/2"}),
        "no such dimension": forged(honest, "statement", "dimensions", to=[11], rehash=True),
        "never": forged(honest, "statement", "given", to=[{"truth": False}], rehash=True),
    }  # fmt: skip
    if name in ("kink", "relation", "tied", "Lipschitz", "Smooth"):
        del forgeries["dimension changed"]  # there is no vector: any dimension will do
    accepted = [what for what, forgery in forgeries.items() if verdict(forgery)]
    if "lhs a little off" in accepted:  # one digit beyond the last is no change
        accepted.remove("lhs a little off")
    assert accepted == []


def test_values_a_little_off_are_noticed() -> None:
    honest = witness("vectors")
    text = honest["body"]["witness"]["lhs"]
    wrong = f"{float(text) * (1 + 1e-7):.15f}"
    assert not verdict(forged(honest, *PLACE, "lhs", to=wrong))
    sides = honest["body"]["witness"]
    swapped = forged(honest, *PLACE, to={**sides, "lhs": sides["rhs"], "rhs": sides["lhs"]})
    assert not verdict(swapped)


@pytest.mark.parametrize("name", ["relation", "vectors", "Lipschitz", "Convex", "kink"])
def test_a_witness_against_a_true_statement_is_rejected(name: str) -> None:
    from theory.serial import encode

    true = {
        "relation": log(1 + exp(-t)) <= exp(-t),
        "vectors": norm(u + v) <= norm(u) + norm(v),
        "Lipschitz": Lipschitz(tanh(t), t, 1),
        "Convex": Convex(dot(theta, x) ** 2, theta),
        "kink": Differentiable(t**2, t),
    }[name]
    tree = json.loads(json.dumps(encode(true)))
    assert not verdict(forged(witness(name), "statement", "holds", to=tree, rehash=True))


def test_assumptions_labels_and_hypotheses_are_checked_at_a_witness() -> None:
    honest = witness("better")
    for name, value in [("epsilon", "-1"), ("epsilon", "0"), ("y", "2"), ("y", "1/2")]:
        assert not verdict(forged(honest, *PLACE, "values", name, to=value))
    zero = ["0"] * honest["body"]["witness"]["dimension"]
    assert not verdict(forged(honest, *PLACE, "values", "theta", to=zero))
    far = ["9"] * len(zero)
    assert not verdict(forged(honest, *PLACE, "values", "delta", to=far))
    outside = witness("Lipschitz vector")
    tiny = ["1/1000"] * outside["body"]["witness"]["dimension"]
    assert not verdict(forged(outside, *PLACE, "values", "theta'", to=tiny))


def test_proofs_are_left_to_others() -> None:
    certificate = {**witness("relation"), "kind": "proof", "body": {"evidence": []}}
    assert isinstance(verdict(certificate), bool)


# Running it.


def run(*files: Path, python: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *python, "-m", "numerics.certificates.decimals", *map(str, files)]
    root = Path(__file__).parents[2]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60)


def test_the_command_needs_nothing_installed_and_tells_by_its_status(tmp_path: Path) -> None:
    good, bad, ugly = (tmp_path / name for name in ("good.json", "bad.json", "ugly.json"))
    good.write_text(json.dumps(box("exponential")))
    bad.write_text(json.dumps(forged(box("exponential"), "hash", to="0")))
    ugly.write_text("{")
    for files, status in [((good,), 0), ((good, bad), 1), ((good, bad, ugly), 2), ((), 2)]:
        # -I -S: no site-packages at all.
        result = subprocess.run(
            [sys.executable, "-I", "-S", "-c",
             "import sys; sys.path.insert(0, '.'); "
             "from numerics.certificates.decimals.__main__ import main; sys.exit(main())",
             *map(str, files)],
            cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert (result.returncode, result.stderr) == (status, "")
    assert run(good).stdout.splitlines()[0].endswith("the statement holds on every box")


def test_only_the_standard_library_is_imported() -> None:
    code = (
        "import sys; before = set(sys.modules); import numerics.certificates.decimals; "
        "names = {m.partition('.')[0] for m in set(sys.modules) - before}; "
        "print(*sorted(names - set(sys.stdlib_module_names)))"
    )
    root = Path(__file__).parents[2]
    result = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert result.stdout.split() == ["numerics"]


def test_a_thousand_boxes_take_about_a_second() -> None:
    def full(k: int, depth: int) -> str:
        return "c" if depth == 0 else f"{k} {full(1 - k, depth - 1)} {full(1 - k, depth - 1)}"

    f = sqrt(1 + t**2) * exp(-t * z / 4)
    holds = sqrt(1 + t**2 + z**2) * exp(-t * z / 4) + exp(t - z) / 5 >= Rational(95, 100) * f
    certificate = scalar(exp(t) >= t - 9)
    other = boxed(claim(holds, [Abs(t) <= 3, Abs(z) <= 3]), [], rotation=True)
    domain = [["t", "-3", "3"], ["z", "-3", "3"]]
    entry = {"dimension": 1, "signs": {}, "domain": domain, "tree": full(0, 10)}
    other["body"] = {**certificate["body"], "cases": [entry]}
    start = time.process_time()
    assert check_value(other).accepted
    assert time.process_time() - start < 6  # measured 0.8


def test_check_reads_a_file(tmp_path: Path) -> None:
    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(witness("relation")))
    outcome = check(file)
    assert outcome.accepted and any("SHA-256" in fact for fact in outcome.facts)
