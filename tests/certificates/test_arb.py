"""The checker on Arb balls: genuine certificates pass, every change of one is noticed."""

import copy
import hashlib
import json
import subprocess
import sys
import time
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sympy import (
    Abs,
    And,
    Eq,
    Max,
    Ne,
    Or,
    Piecewise,
    Rational,
    Symbol,
    exp,
    log,
    sqrt,
    symbols,
    tanh,
)

from numerics.certificates.arb import Malformed, check
from numerics.certificates.arb.__main__ import main
from numerics.falsify.falsify import falsify
from numerics.falsify.outcomes import Refutation
from theory import (
    Claim,
    Convex,
    Differentiable,
    Equal,
    Label,
    Lipschitz,
    Not,
    Signs,
    Smooth,
    Vector,
    clock,
    dot,
    in_orthant,
    norm,
    unit,
)
from theory.planted import false, nonsmooth
from theory.serial import claim_to_json, digest

t, u, v = symbols("t u v", real=True)
B = Symbol("B", positive=True)
theta, x, y, s = Vector("theta"), Vector("x"), Label("y"), Signs("s")
UNIT = ["t", "-1", "1"]


def certificate(claim: Claim, kind: str, body: Any) -> dict[str, Any]:
    return {
        "certificate": "advsmooth",
        "format": 1,
        "kind": kind,
        "statement": claim_to_json(claim),
        "hash": digest(claim),
        "versions": {"advsmooth": "0"},
        "assumptions": [],
        "body": body,
    }


def case(tree: str, domain: Any, d: int = 1, **signs: Any) -> dict[str, Any]:
    return {"dimension": d, "signs": signs, "domain": domain, "tree": tree}


def box(claim: Claim, *cases: Any, slack: str = "0", rotated: bool = False) -> dict[str, Any]:
    body = {"reductions": ["rotation"] * rotated, "slack": slack, "cases": list(cases)}
    return certificate(claim, "box", body)


def claim(holds: Any, *given: Any, dimensions: Any = None) -> Claim:
    return Claim(id="test", holds=holds, given=given, dimensions=dimensions)


def uniform(depth: int, leaf: str, variables: int = 1, k: int = 0) -> str:
    if depth == 0:
        return leaf
    half = uniform(depth - 1, leaf, variables, (k + 1) % variables)
    return f"{k} {half} {half}"


def corners(sides: list[tuple[Fraction, Fraction]]) -> str:
    """||theta||_1 <= 3/2 where it is plain, else the hypothesis ||theta||_2 <= 1 is false."""
    far = [max(abs(a), abs(b)) for a, b in sides]
    near = [Fraction(0) if a <= 0 <= b else min(abs(a), abs(b)) for a, b in sides]
    if sum(far) <= Fraction(3, 2):
        return "n"
    if sum(c * c for c in near) > 1:
        return "h0"
    k = max((0, 1), key=lambda i: sides[i][1] - sides[i][0])
    a, b = sides[k]
    m = (a + b) / 2
    parts = [[*sides[:k], side, *sides[k + 1 :]] for side in ((a, m), (m, b))]
    return f"{k} {corners(parts[0])} {corners(parts[1])}"


PLANE = [["theta[1]", "-1", "1"], ["theta[2]", "-1", "1"]]
TURNED = [["theta[1]", "0", "1"], ["x[1]", "-1", "1"], ["x[2]", "0", "1"]]
SMALL = Abs(t) <= 1


def genuine() -> dict[str, dict[str, Any]]:
    one = (Fraction(-1), Fraction(1))
    pair = [["u", "-1", "1"], ["v", "-1", "1"]]
    found = {
        "exp centred": box(
            claim(exp(t) >= t + Rational(9, 10), SMALL), case(uniform(3, "c"), [UNIT])
        ),
        "exp natural": box(
            claim(exp(t) >= t + Rational(9, 10), SMALL), case(uniform(7, "n"), [UNIT])
        ),
        "slack": box(
            claim(exp(t) > t + Rational(1, 2), t**2 <= 1),
            case(uniform(3, "c"), [UNIT]),
            slack="1/5",
        ),
        "two scalars": box(
            claim(u * v <= u**2 / 2 + v**2 / 2 + Rational(1, 5), Abs(u) <= 1, v <= 1, v >= -1),
            case(uniform(6, "c", 2), pair),
        ),
        "vector": box(
            claim(norm(theta, 1) <= 2, norm(theta) <= B, B <= 1, dimensions=(2,)),
            case("n", [*PLANE, ["B", "0", "1"]], 2),
        ),
        "thirds": box(
            claim(norm(theta, 3) <= 1, norm(2 * theta) ** 2 <= Rational(4, 9), dimensions=(1, 2)),
            case("n", [["theta[1]", "-1/3", "1/3"]]),
            case("n", [["theta[1]", "-1/3", "1/3"], ["theta[2]", "-1/3", "1/3"]], 2),
        ),
        "hypothesis": box(
            claim(norm(theta, 1) <= Rational(3, 2), norm(theta) <= 1, dimensions=(2,)),
            case(corners([one, one]), PLANE, 2),
        ),
        "tanh": box(claim(Lipschitz(tanh(2 * t), t, 2), SMALL), case("n", [UNIT])),
        "tanh slope": box(
            claim(Lipschitz(tanh(2 * t), t, 1), t <= 1, t >= Rational(1, 2)),
            case("n", [["t", "1/2", "1"]]),
            slack="1/8",
        ),
        "ramp": box(claim(Lipschitz(Max(0, 1 - 2 * t), t, 2), SMALL), case("n", [UNIT])),
        "smooth": box(claim(Smooth(log(1 + exp(t)), t, 1), SMALL), case(uniform(3, "n"), [UNIT])),
        "smooth plane": box(
            claim(Smooth(norm(theta) ** 2 + theta_product(), theta, 4), dimensions=(2,)),
            case("n", PLANE, 2),
        ),
        "convex": box(claim(Convex(exp(t) + t**2, t), SMALL), case("n", [UNIT])),
        "convex turned": box(
            claim(Convex(norm(theta) ** 2, theta), norm(theta) <= 1),
            case("n", [["theta[1]", "0", "1"]], 2),
            rotated=True,
        ),
        "or": box(claim(Or(t <= 0, exp(t) >= 1), SMALL), case("0 n n", [UNIT])),
        "and": box(claim(And(t <= 2, t > -2), SMALL), case("n", [UNIT])),
        "unequal": box(claim(Ne(t, 2), SMALL), case("n", [UNIT])),
        "label": box(
            claim(y * t <= 1, SMALL), case("n", [UNIT], y="1"), case("0 n n", [UNIT], y="-1")
        ),
        "signs": box(
            claim(dot(s, theta) <= 2, norm(theta, 4) <= 1, dimensions=(2,)),
            *(case("n", PLANE, 2, s=[a, b]) for a in ("1", "-1") for b in ("1", "-1")),
        ),
        "rotation": box(
            claim(dot(theta, x) * y <= 1, norm(theta) <= 1, norm(x) <= 1),
            case("n", TURNED, 2, y="1"),
            case("n", TURNED, 2, y="-1"),
            rotated=True,
        ),
        "rotated slope": box(
            claim(Lipschitz(norm(theta) * theta, theta, 3), norm(theta) <= 1),
            case(uniform(4, "n"), [["theta[1]", "0", "1"]], 2),
            rotated=True,
        ),
        "piecewise": box(
            claim(Piecewise((t, t > 0), (0, True)) >= 0, SMALL), case("0 n n", [UNIT])
        ),
        "sign": box(claim(B <= 3, B <= 2), case("n", [["B", "0", "2"]])),
        "equation": box(claim(u < 1, Eq(3 * u, 1)), case("n", [["u", "1/3", "1/3"]])),
    }
    return found


def theta_product() -> Any:
    return norm(theta + x) ** 2 - norm(theta) ** 2 - norm(x) ** 2


def plane_of_two() -> dict[str, Any]:
    domain = [*PLANE, ["x[1]", "-1", "1"], ["x[2]", "-1", "1"]]
    body = claim(
        Smooth(norm(theta) ** 2 + theta_product(), theta, Rational(5, 2)),
        norm(theta) <= 1,
        norm(x) <= 1,
        dimensions=(2,),
    )
    return box(body, case("n", domain, 2))


GENUINE = {**genuine(), "smooth plane": plane_of_two()}


def outcome(tmp_path: Path, value: Any) -> Any:
    path = tmp_path / "certificate.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return check(path)


@pytest.mark.parametrize("name", GENUINE)
def test_genuine_boxes(name: str, tmp_path: Path) -> None:
    found = outcome(tmp_path, GENUINE[name])
    assert found.accepted, found.sentence
    assert any("leaves" in fact for fact in found.facts)


def rehashed(value: dict[str, Any]) -> dict[str, Any]:
    tree = {k: value["statement"][k] for k in ("dimensions", "given", "holds")}
    text = json.dumps(tree, sort_keys=True, separators=(",", ":"))
    value["hash"] = hashlib.sha256(text.encode()).hexdigest()
    return value


def changed(name: str, change: Any) -> dict[str, Any]:
    value = copy.deepcopy(GENUINE[name])
    change(value, value["body"], value["body"]["cases"])
    return value


def _set(key: str, entry: Any) -> Any:
    return lambda value, body, cases: cases[0].__setitem__(key, entry)


def _replace(old: str, new: str, again: bool) -> Any:
    def change(value: dict[str, Any], body: Any, cases: Any) -> None:
        text = json.dumps(value["statement"])
        assert old in text
        value["statement"] = json.loads(text.replace(old, new))
        if again:
            rehashed(value)

    return change


def _domain(row: int, column: int, entry: str) -> Any:
    return lambda value, body, cases: cases[0]["domain"][row].__setitem__(column, entry)


TAMPERED: dict[str, tuple[str, Any]] = {
    "slack": ("slack", lambda value, body, cases: body.update(slack="1/2")),
    "bound": ("exp centred", _domain(0, 2, "99/100")),
    "lower bound": ("exp centred", _domain(0, 1, "-1/2")),
    "thirds": ("thirds", _domain(0, 2, "3333333333/10000000000")),
    "missing variable": ("vector", lambda value, body, cases: cases[0]["domain"].pop()),
    "other variable": ("vector", _domain(2, 0, "C")),
    "tree cut": ("exp centred", _set("tree", uniform(3, "c")[:-2])),
    "tree longer": ("exp centred", _set("tree", uniform(3, "c") + " n")),
    "empty tree": ("exp centred", _set("tree", "")),
    "two spaces": ("exp centred", _set("tree", "0  c c")),
    "token": ("exp centred", _set("tree", uniform(3, "c").replace("c", "x"))),
    "split of nothing": ("exp centred", _set("tree", uniform(3, "c").replace("0", "1"))),
    "leaf": ("exp centred", _set("tree", uniform(3, "n"))),
    "hypothesis": ("exp centred", _set("tree", uniform(3, "h0"))),
    "no such hypothesis": ("exp centred", _set("tree", uniform(3, "h7"))),
    "centred derivative": ("tanh", _set("tree", "c")),
    "case removed": ("label", lambda value, body, cases: cases.pop()),
    "case doubled": ("label", lambda value, body, cases: cases.append(cases[0])),
    "sign doubled": ("signs", lambda value, body, cases: cases[1].update(signs=cases[0]["signs"])),
    "dimension removed": ("thirds", lambda value, body, cases: cases.pop()),
    "label unnamed": ("label", _set("signs", {})),
    "no rotation": ("rotation", lambda value, body, cases: body.update(reductions=[])),
    "rotation of signs": ("signs", lambda value, body, cases: body.update(reductions=["rotation"])),
    "rotation too small": ("convex turned", _set("dimension", 1)),
    "hash": ("exp centred", lambda value, body, cases: value.update(hash="0" * 64)),
    "statement": ("exp centred", _replace("9/10", "99/100", False)),
    "false statement": ("exp centred", _replace("9/10", "11/10", True)),
    "false constant": ("tanh", _replace('"constant": "2"', '"constant": "19/10"', True)),
    "hypothesis weakened": ("vector", _replace('"B", "assume": {"positive": true}}, "1"',
                                               '"B", "assume": {"positive": true}}, "2"', True)),
    "assumption dropped": ("sign", _replace('"positive"', '"real"', True)),
    "unknown assumption": ("vector", _replace('"positive"', '"integer"', True)),
    "null constant": ("tanh", _replace('"constant": "2"', '"constant": null', True)),
    "equation": ("unequal", _replace("Unequality", "Equality", True)),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERED)
def test_tampered_boxes(name: str, tmp_path: Path) -> None:
    source, change = TAMPERED[name]
    found = outcome(tmp_path, changed(source, change))
    assert not found.accepted
    assert found.sentence.startswith("rejected: ") and "\n" not in found.sentence


UNSOUND = {
    "undefined": box(claim(log(t) <= 1, SMALL), case("n", [UNIT])),
    "root of a negative": box(claim(sqrt(t) <= 2, SMALL), case("n", [UNIT])),
    "undefined at an end": box(claim(1 / u >= 0, u >= 0, u <= 1), case("n", [["u", "0", "1"]])),
    "jump": box(claim(Lipschitz(Piecewise((0, t < 0), (1, True)), t, 5), SMALL), case("n", [UNIT])),
    "jump at a split": box(
        claim(Lipschitz(Piecewise((0, t < 0), (1, True)), t, 5), SMALL), case("0 n n", [UNIT])
    ),
    "kink at a split": box(claim(Smooth(Abs(t), t, 5), SMALL), case("0 n n", [UNIT])),
    "concave kink at a split": box(claim(Convex(-Abs(t), t), SMALL), case("0 n n", [UNIT])),
    "domain with a hole": box(
        claim(Lipschitz(Abs(t), t, Rational(1, 2)), SMALL, Abs(t) >= Rational(1, 2)),
        case("0 0 n h1 0 h1 n", [UNIT]),
    ),
    "hole in a convex claim": box(
        claim(Convex(-Abs(t), t), SMALL, t**2 >= Rational(1, 4)), case("0 0 n h1 0 h1 n", [UNIT])
    ),
    "rotation in one dimension too few": box(
        claim(Lipschitz(unit(theta), theta, Rational(1, 2)), norm(theta) <= 1),
        case("n", [["theta[1]", "1", "1"]], 1),
        rotated=True,
    ),
    "nothing derived": box(claim(t <= 2), case("n", [UNIT])),
    "open orthant is not bounded": box(
        claim(norm(theta) <= 2, in_orthant(theta, s), dimensions=(1,)),
        case("n", [["theta[1]", "-1", "1"]], s=["1"]),
        case("n", [["theta[1]", "-1", "1"]], s=["-1"]),
    ),
    "negation": box(claim(Not(t <= 2), SMALL), case("n", [UNIT])),
    "differentiable": box(claim(Differentiable(t, t), SMALL), case("n", [UNIT])),
}


@pytest.mark.parametrize("name", UNSOUND)
def test_unsound_boxes(name: str, tmp_path: Path) -> None:
    assert not outcome(tmp_path, UNSOUND[name]).accepted


# --- witnesses

FALSE = {
    "relation": false.reversed_norms,
    "equal": false.direction_is_sign,
    "lipschitz": false.wrong_orthant_constant,
    "smooth": claim(Smooth(log(1 + exp(t)), t, Rational(1, 5))),
    "convex": false.convex_margin,
    "better": false.attack_helps,
    "outside": false.box_attack_in_ball,
    "kink": nonsmooth.two_norm,
    "strict": claim(exp(t) > 1 + t),
}


@pytest.fixture(scope="module")
def witnesses() -> dict[str, dict[str, Any]]:
    found = {}
    for name, statement in FALSE.items():
        result = falsify(statement, 1, clock.now() + 10)
        assert isinstance(result, Refutation), name
        body = {"witness": result.witness.to_json()}
        found[name] = certificate(statement, "witness", body)
    return found


@pytest.mark.parametrize("name", FALSE)
def test_genuine_witnesses(name: str, witnesses: Any, tmp_path: Path) -> None:
    found = outcome(tmp_path, witnesses[name])
    assert found.accepted, found.sentence


def _elsewhere(witness: dict[str, Any]) -> None:
    """Another point; a kink at 0 is left, everything else goes there."""
    fill = "5" if "h" in witness else "0"
    for name, entry in witness["values"].items():
        vector = isinstance(entry, list)
        witness["values"][name] = [fill] * len(entry) if vector else "1"


def _drop(witness: dict[str, Any]) -> None:
    witness["values"].pop(min(witness["values"]))


def _stated(witness: dict[str, Any]) -> None:
    key = "lhs" if "lhs" in witness else "right"
    witness[key] = str(float(witness[key]) * 1.001 + 0.001)


CHANGES = {
    "values": _elsewhere,
    "stated": _stated,
    "dimension": lambda w: w.update(dimension=17),
    "next dimension": lambda w: w.update(
        dimension=w["dimension"] + 1, values={**w["values"], "t": ["1"]}
    ),
    "dropped": _drop,
    "added": lambda w: w["values"].update(extra="1"),
    "path": lambda w: w.update(path={"t": "t"}, limit="oo"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", FALSE)
def test_tampered_witnesses(name: str, change: str, witnesses: Any, tmp_path: Path) -> None:
    if (name, change) == ("strict", "values"):
        pytest.skip("every other point is one with a true statement")
    value = copy.deepcopy(witnesses[name])
    CHANGES[change](value["body"]["witness"])
    try:
        assert not outcome(tmp_path, value).accepted
    except Malformed as reason:  # a list for a number
        assert "\n" not in str(reason)


def point(statement: Claim, d: int = 1, values: Any = None, **rest: Any) -> dict[str, Any]:
    witness = {"dimension": d, "values": values or {}, **rest}
    return certificate(statement, "witness", {"witness": witness})


FOREIGN = {
    "true": point(claim(t**2 >= 0), values={"t": "3"}),
    "undefined": point(claim(log(t) >= 0), values={"t": "-1"}),
    "undefined direction": point(
        claim(Equal(unit(theta), 0 * theta)), values={"theta": ["0"]}
    ),
    "against an assumption": point(claim(B >= 0), values={"B": "-1"}),
    "no label": point(claim(y**3 + y * t <= 5), values={"y": "7", "t": "0"}),
    "against a hypothesis": point(claim(t <= 1, t <= 2), values={"t": "3"}),
    "hypothesis that may be equal": point(
        claim(t <= 1, exp(t) <= exp(Rational(3, 2))), values={"t": "1501/1000"}
    ),
    "negation": point(claim(Not(t <= 1)), values={"t": "0"}),
    "segment outside": point(
        claim(Convex(-Abs(t), t), Abs(t) >= 1), values={"t": "-1", "t'": "1"}
    ),
    "boundary": point(
        claim(Differentiable(Abs(t), t), t >= 0), values={"t": "0"}, h=["1"], left="-1", right="1"
    ),
    "no kink": point(
        claim(Differentiable(t * Abs(t), t)), values={"t": "0"}, h=["1"], left="-1", right="1"
    ),
    "kink of a relation": point(claim(t <= 1), values={"t": "2"}, h=["1"]),
    "infinite slope": point(
        claim(Differentiable(sqrt(Abs(t)), t)), values={"t": "0"}, h=["1"], left="-oo", right="oo"
    ),
    "no constant": point(claim(Lipschitz(t**2, t)), values={"t": "0", "t'": "1"}),
    "wrong dimension": point(claim(norm(theta) <= 1, dimensions=(1,)), 2, {"theta": ["3", "0"]}),
}  # fmt: skip


@pytest.mark.parametrize("name", FOREIGN)
def test_no_witness(name: str, tmp_path: Path) -> None:
    assert not outcome(tmp_path, FOREIGN[name]).accepted


def test_equal_irrational_sides_are_recognised(tmp_path: Path) -> None:
    strict = claim(log(1 + exp(t)) > log(2))
    assert outcome(tmp_path, point(strict, values={"t": "0"})).accepted
    assert not outcome(
        tmp_path, point(claim(log(1 + exp(t)) >= log(2)), values={"t": "0"})
    ).accepted


# --- hostile files

GOOD = GENUINE["exp centred"]
TEXT = json.dumps(GOOD)
DEEP = "[" * 100_000 + "]" * 100_000


def with_body(**entries: Any) -> dict[str, Any]:
    return {**GOOD, "body": {**GOOD["body"], **entries}}


def with_case(**entries: Any) -> dict[str, Any]:
    return with_body(cases=[{**GOOD["body"]["cases"][0], **entries}])


def with_holds(tree: Any, given: Any = ()) -> dict[str, Any]:
    statement = {**GOOD["statement"], "holds": tree, "given": list(given)}
    return rehashed({**GOOD, "statement": statement})


def op(name: str, *args: Any) -> dict[str, Any]:
    return {"op": name, "args": list(args)}


T = {"symbol": "t", "assume": {"real": True}}
MALFORMED = {
    "nothing": "",
    "a number": "1",
    "cut": TEXT[:-5],
    "deep": TEXT.replace('"versions"', f'"more": {DEEP}, "versions"'),
    "deep objects": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "open brackets": "[" * 1_000_000,
    "open string": '"' + "\\" * 999_999,
    "duplicate": TEXT.replace('"kind"', '"kind": "box", "kind"', 1),
    "float": TEXT.replace('"format": 1', '"format": 1.0'),
    "nan": TEXT.replace('"format": 1', '"format": NaN'),
    "infinity": TEXT.replace('"format": 1', '"format": -Infinity'),
    "boolean": TEXT.replace('"format": 1', '"format": true'),
    "long integer": TEXT.replace('"format": 1', '"format": ' + "1" * 20_000),
    "long allowed integer": TEXT.replace('"format": 1', '"format": ' + "1" * 9_000),
    "long rational": json.dumps(with_holds(op("LessThan", T, "9" * 20_000))),
    "zero denominator": json.dumps(with_holds(op("LessThan", T, "1/0"))),
    "unknown key": json.dumps({**GOOD, "comment": ""}),
    "missing key": json.dumps({k: v for k, v in GOOD.items() if k != "hash"}),
    "unknown kind": json.dumps({**GOOD, "kind": "eval"}),
    "unknown operation": json.dumps(with_holds(op("__import__", "1"))),
    "operation of a wrong type": json.dumps(with_holds(op(["Add"], "1"))),  # type: ignore[arg-type]
    "wrong arity": json.dumps(with_holds(op("LessThan", T))),
    "wrong sort": json.dumps(with_holds(op("LessThan", T, {"vector": "theta"}))),
    "not a condition": json.dumps(with_holds(op("Add", T, "1"))),
    "args no list": json.dumps(with_holds({"op": "LessThan", "args": {"0": T, "1": T}})),
    "number as JSON": json.dumps(with_holds(op("LessThan", T, 1))),
    "code as number": json.dumps(with_holds(op("LessThan", T, "__import__('os')"))),
    "unicode digits": json.dumps(with_holds(op("LessThan", T, "١"))),
    "two variables of one name": json.dumps(
        with_holds(op("LessThan", T, {"symbol": "t", "assume": {"positive": True}}))
    ),
    "primed name": json.dumps(with_holds(op("LessThan", {**T, "symbol": "t[1]"}, "1"))),
    "boolean dimension": json.dumps(with_case(dimension=True)),
    "cases no list": json.dumps(with_body(cases={})),
    "unknown reduction": json.dumps(with_body(reductions=["magic"])),
    "negative slack": json.dumps(with_body(slack="-1")),
    "empty interval": json.dumps(
        with_case(domain=[["t", "1", "-1"]])
    ),
    "nested negation": json.dumps(
        with_holds({"kind": "Not", "statement": {"kind": "Not", "statement": {"truth": True}}})
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_files(name: str, tmp_path: Path) -> None:
    start = time.process_time()
    with pytest.raises(Malformed) as reason:
        outcome(tmp_path, MALFORMED[name])
    assert "\n" not in str(reason.value) and len(str(reason.value)) < 300
    assert time.process_time() - start < 5


def tower(height: int) -> Any:
    tree: Any = T
    for _ in range(height):
        tree = op("Pow", tree, "1000000")
    return tree


def exponentials(height: int) -> Any:
    tree: Any = "1000"
    for _ in range(height):
        tree = op("exp", tree)
    return tree


HOSTILE = {
    "huge dimension": with_case(dimension=10**9),
    "huge claimed dimension": rehashed(
        {**GOOD, "statement": {**GOOD["statement"], "dimensions": [10**6]}}
    ),
    "huge exponent": with_holds(op("LessThan", op("Pow", T, "9" * 9000), "1")),
    "tower of powers": with_holds(op("LessThan", tower(40), "0")),
    "tower of exponentials": with_holds(op("LessThan", exponentials(40), "0")),
    "long product": with_holds(op("LessThan", op("Mul", *["9" * 9000] * 500), "0")),
    "long sum": with_holds(
        op("LessThan", op("Add", *[f"1/{10**3000 + 2 * k + 1}" for k in range(300)]), "0")
    ),
    "long tree": with_case(tree="0 " * 1_000_000 + "c"),
    "very long tree": with_case(tree="0 c " * 1_500_000 + "c"),
    "deep tree": with_case(tree="0 " * 3000 + "c " * 3001),
    "many labels": with_holds(
        op("LessThan", op("Add", *[{"label": f"y{k}"} for k in range(400)]), "1000")
    ),
    "not a real number": with_holds(op("LessThan", T, {"number": "oo"})),
    "odd exponent of a norm": with_holds(
        op("LessThan", op("Norm", {"vector": "theta"}, "1/2"), "1")
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_certificates(name: str, tmp_path: Path) -> None:
    start = time.process_time()
    found = outcome(tmp_path, HOSTILE[name])
    assert not found.accepted and "\n" not in found.sentence and len(found.sentence) < 300
    assert time.process_time() - start < 10


def test_hostile_witnesses(tmp_path: Path) -> None:
    def at(tree: Any, value: str) -> Any:
        statement = {**GOOD["statement"], "holds": op("LessThan", tree, "0"), "given": []}
        witness = {"witness": {"dimension": 1, "values": {"t": value}}}
        return rehashed({**GOOD, "statement": statement, "kind": "witness", "body": witness})

    start = time.process_time()
    assert not outcome(tmp_path, at(op("Mul", "-1", exponentials(40)), "1")).accepted
    outcome(tmp_path, at(tower(40), "9" * 9000 + "/7"))
    outcome(tmp_path, at(op("sin", tower(3)), "-1"))
    with pytest.raises(Malformed):
        outcome(tmp_path, at(T, "9" * 20_000))
    assert time.process_time() - start < 10


def _places(value: Any, where: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    return [where, *(p for k in keys for p in _places(value[k], (*where, k)))]


def _at(value: Any, place: tuple[Any, ...]) -> Any:
    for key in place:
        value = value[key]
    return value


@pytest.mark.parametrize("seed", range(10))
def test_random_changes_never_raise(seed: int, tmp_path: Path) -> None:
    """Any entry replaced by any other, the hash made right: an outcome or Malformed."""
    random = Random(seed)
    pool = [*GENUINE.values(), *UNSOUND.values(), *FOREIGN.values()]
    for _ in range(40):
        value = copy.deepcopy(random.choice(pool))
        place = random.choice([p for p in _places(value) if p])
        other = random.choice(pool)
        new = copy.deepcopy(_at(other, random.choice(_places(other))))
        _at(value, place[:-1])[place[-1]] = new
        with suppress(KeyError, TypeError):  # no statement is left
            rehashed(value)
        with suppress(Malformed):
            assert "\n" not in outcome(tmp_path, value).sentence


def test_bytes_and_sizes(tmp_path: Path) -> None:
    path = tmp_path / "bytes.json"
    path.write_bytes(TEXT.encode()[:50] + b"\xff\xfe" + TEXT.encode()[50:])
    with pytest.raises(Malformed, match="UTF-8"):
        check(path)
    with path.open("wb") as file:
        file.truncate(2**30)
    with pytest.raises(Malformed, match="at most"):
        check(path)
    with pytest.raises(Malformed, match="readable"):
        check(tmp_path / "absent.json")


def test_exit_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad, broken = (tmp_path / n for n in ("good", "bad", "broken"))
    good.write_text(TEXT)
    bad.write_text(json.dumps({**GOOD, "hash": "0"}))
    broken.write_text("{")
    assert main([str(good)]) == 0
    assert main([str(good), str(bad)]) == 1
    assert main([str(good), str(bad), str(broken)]) == 2
    assert "Traceback" not in capsys.readouterr().out


def test_imports_nothing_of_the_producer(tmp_path: Path) -> None:
    path = tmp_path / "good.json"
    path.write_text(TEXT)
    program = (
        "import sys; from numerics.certificates.arb.__main__ import main; "
        f"code = main([{str(path)!r}]); "
        "heavy = {'sympy', 'numpy', 'theory', 'scipy', 'mpmath'} & set(sys.modules); "
        "sys.exit(code or len(heavy))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
