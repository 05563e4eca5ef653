"""Two checkers expand the facts of a proof: they agree, and no token of a fact can be changed."""

from __future__ import annotations

import copy
import json
import random
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from numerics.certificates.arb import facts as arb
from numerics.certificates.arb.outcome import Rejected as RejectedByArb
from numerics.certificates.decimals import facts as decimals
from numerics.certificates.decimals.outcome import Rejected
from numerics.certificates.decimals.polynomials import NotPolynomial, parse
from numerics.certificates.envelope import recorded
from numerics.library import library
from theory import clock
from theory.provers import prove
from theory.verdicts import Status

LIMIT = 15.0  # seconds for a fact made to be slow; both checkers together
FROM = """l2-attack-formula l2-attack-lipschitz l2-gradient-pairs dunkl-williams l2-away-from-zero
mixed-derivative-bounded mixed-derivative-grows l3-2-attack-lipschitz l2-smooth-off-zero
l3-2-smooth-off-zero attack-sharpens-across l2-attack-optimal"""
IDS = FROM.split()
CHECKERS: tuple[Callable[[Any], Any], ...] = (arb.check_facts, decimals.check_facts)


def accepts(fact: Any) -> bool:
    """What both say; they must say the same, and nothing else may come out of them."""
    said = set()
    for check in CHECKERS:
        try:
            check(fact)
            said.add(True)
        except (Rejected, RejectedByArb) as reason:
            assert "\n" not in str(reason) and len(str(reason)) < 300
            said.add(False)
    assert len(said) == 1, fact
    return said.pop()


def products(*terms: Any, equalities: Any = ()) -> dict[str, Any]:
    return {"rule": "products", "products": list(terms), "equalities": list(equalities)}


def term(multiplier: str, *factors: Any, **rest: Any) -> dict[str, Any]:
    return {"multiplier": multiplier, "factors": list(factors), **rest}


def fact(hypotheses: Any, refutation: Any) -> dict[str, Any]:
    return json.loads(json.dumps({"hypotheses": hypotheses, "refutation": refutation}))


X, MINUS_X, NO_X = ["x", ">"], ["-x", ">"], ["x", "!="]
EITHER = {"some": [["y - 1", ">="], {"every": [["y", "="], ["z", ">"]]}]}
CONTRADICTION = products(term("1", X), term("1", MINUS_X))
GOOD = {
    "two signs": fact([X, MINUS_X], CONTRADICTION),
    "a square": fact([["-x**2 - 1", ">="]],
                     products(term("1", ["-x**2 - 1", ">="]), term("1", square="x"), term("1"))),
    "an equation": fact([["x - 2", "="], ["1 - x", ">="]], products(
        term("1", ["1 - x", ">="]), term("1"),
        equalities=[{"of": ["x - 2", "="], "cofactor": "1"}])),
    "an inequation twice": fact([NO_X, ["-x**2", ">="]],
                                products(term("1", NO_X, NO_X), term("1", ["-x**2", ">="]))),
    "fractions": fact([["3*x/2 - 5/7", ">"], ["-3*x", ">"]],
                      products(term("2", ["3*x/2 - 5/7", ">"]), term("1", ["-3*x", ">"]),
                               term("10/7"))),
    "cases": fact([EITHER, ["-y", ">="], ["-z", ">"]], {
        "rule": "cases", "clause": EITHER, "branches": [
        products(term("1", ["y - 1", ">="]), term("1", ["-y", ">="]), term("1")),
        products(term("1", ["z", ">"]), term("1", ["-z", ">"]))]}),
    "no case": fact([{"some": []}], {"rule": "cases", "clause": {"some": []}, "branches": []}),
    "signs of what is not 0": fact(
        [NO_X, ["-x**2", ">="]],
        {"rule": "cases", "clause": {"some": [X, MINUS_X]}, "branches": [
            products(term("1", X, X), term("1", ["-x**2", ">="])),
            products(term("1", MINUS_X, MINUS_X), term("1", ["-x**2", ">="]))]}),
    "a lemma": fact([["x - 1", ">="], ["-x", ">="]], {
        "rule": "lemma", "literal": X,
        "because": products(term("1", ["-x", ">="]), term("1", ["x - 1", ">="]), term("1")),
        "then": products(term("1", X), term("1", ["-x", ">="]))}),
    "two solvers": fact([X, MINUS_X], {"rule": "smt", "formulas": [X, MINUS_X],
                                       "answers": {"z3": "unsat", "cvc5": "unsat"}}),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_facts_that_hold(name: str) -> None:
    assert accepts(GOOD[name])


# --- recorded facts


@pytest.fixture(scope="module")
def proofs() -> dict[str, Any]:
    tasks = {task.id: task for task in library().tasks}
    found = {}
    for name in IDS:
        for evidence in prove(tasks[name].claim(), clock.now() + 30):
            if evidence.status is Status.PROVED:
                found[name] = json.loads(json.dumps(recorded(evidence)))
    return found


def test_the_facts_of_the_library_hold(proofs: dict[str, Any]) -> None:
    assert set(proofs) == set(IDS)
    counts = []
    for evidence in proofs.values():
        assert accepts(evidence)
        identities, answers = arb.check_facts(evidence)
        count = decimals.check_facts(evidence)
        assert (identities, answers) == (count.identities, count.answers)
        counts.append(identities)
    assert sum(counts) > 30


# --- one token changed

TOKEN = re.compile(r"[0-9]+|[A-Za-z_]\w*|\*\*|[-+*/]")


def changed_tokens(text: str) -> Iterator[str]:
    """The text with one token changed: a number, a name, a sign."""
    for match in TOKEN.finditer(text):
        word = match[0]
        if word.isdecimal():
            other = str(int(word) + 1)
        else:
            other = {"+": "-", "-": "+", "*": "+", "/": "*", "**": "*"}.get(word, word + "_")
        yield text[: match.start()] + other + text[match.end() :]


def changes(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every place in a refutation that means something, with something else for it."""
    if isinstance(tree, str):
        if tree in ("=", "!=", ">=", ">"):
            yield from ((path, op) for op in ("=", "!=", ">=", ">", "<", "") if op != tree)
        elif path[-1] == "rule" or tree == "unsat":
            yield path, "sat"
        else:
            yield from ((path, text) for text in changed_tokens(tree))
    elif isinstance(tree, dict):
        for key, value in tree.items():
            if key not in arb.COMMENTS or key in ("rule", "answers"):
                yield from changes(value, (*path, key))
    elif isinstance(tree, list):
        for k, value in enumerate(tree):
            yield from changes(value, (*path, k))
        if path and path[-1] in ("branches", "products", "equalities") and tree:
            yield path, tree[1:]
            yield path, [*tree, tree[0]]


def with_change(problem: Any, path: tuple[Any, ...], value: Any) -> Any:
    result = copy.deepcopy(problem)
    place = result["refutation"]
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return result


@pytest.mark.parametrize("name", GOOD)
def test_every_changed_token_of_a_small_fact_is_noticed(name: str) -> None:
    problem = GOOD[name]
    for path, value in changes(problem["refutation"]):
        start = time.process_time()
        assert not accepts(with_change(problem, path, value)), (path, value)
        assert time.process_time() - start < 1


def test_changed_tokens_of_recorded_facts_are_noticed(proofs: dict[str, Any]) -> None:
    rng = random.Random(0)
    problems = [p for e in proofs.values() for p in e["data"].get("facts", ())]
    for problem in problems:
        # Whether another relation is known as well depends on the proof.
        found = [c for c in changes(problem["refutation"]) if c[1] not in arb.RELATIONS]
        for path, value in rng.sample(found, min(40, len(found))):
            start = time.process_time()
            assert not accepts(with_change(problem, path, value)), (path, value)
            assert time.process_time() - start < 1


@pytest.mark.parametrize("name", [name for name in GOOD if name != "two solvers"])
def test_every_hypothesis_of_a_small_fact_is_needed(name: str) -> None:
    hypotheses = GOOD[name]["hypotheses"]
    for k in range(len(hypotheses)):
        less = [h for j, h in enumerate(hypotheses) if j != k]
        assert not accepts(fact(less, GOOD[name]["refutation"]))


# --- facts that are none

ONE = term("1")
P = 2**61 - 1  # numbers that differ by it have one hash
HOSTILE: dict[str, Any] = {
    "nothing": fact([X], None),
    "no products": fact([X], products()),
    "nothing positive": fact([["x", ">="]], products(term("1", square="0"))),
    "weight 0": fact([X, MINUS_X], products(term("0", X), term("1", MINUS_X))),
    "negative weight": fact([X], products(term("1", X), term("-1", X))),
    "weight with a variable": fact([X, MINUS_X], products(term("x", X), term("1", MINUS_X))),
    "square that is no text": fact([X], products(term("1", X, square=False), ONE)),
    "odd inequation": fact([NO_X], products(term("1", NO_X), term("1", NO_X))),
    "clause that is not known": fact(
        [X], {"rule": "cases", "clause": {"some": []}, "branches": []}),
    "conjunction for a clause": fact(
        [{"every": []}], {"rule": "cases", "clause": {"every": []}, "branches": []}),
    "signs of what may be 0": fact(
        [], {"rule": "cases", "clause": {"some": [X, MINUS_X]},
             "branches": [products(term("1", X)), products(term("1", MINUS_X))]}),
    "lemma that is a clause": fact(
        [X], {"rule": "lemma", "literal": {"some": []}, "because": ONE, "then": ONE}),
    "disjunction as a factor": fact([{"some": [X]}], products(term("1", {"some": [X]}))),
    "a term that is a text": fact([X], products("abc")),
    "a relation that is a list": fact([["x", ["="]]], products(ONE)),
    "hypotheses that are none": fact({"a": 1}, products(ONE)),
    "formula of two words": fact([{"every": [], "some": []}], products(ONE)),
    "one solver": fact([X, MINUS_X], {"rule": "smt", "formulas": [X], "answers": {"z3": "unsat"}}),
    "code": fact([["__import__('os').system('true')", ">"]], products(ONE)),
    "attribute": fact([["x.__class__", ">"]], products(ONE)),
    "brackets": fact([["(x + 1)*(x - 1)", ">"]], products(ONE)),
    "powers of powers": fact([["((((9**64)**64)**64)**64)**64", ">"]], products(ONE)),
    "tower": fact([["9**9**9**9", ">"]], products(ONE)),
    "power of a number": fact([["9**999", ">"]], products(ONE)),
    "huge power": fact([["x**99999999", ">"]], products(ONE)),
    "negative power": fact([["x**-1", ">"]], products(ONE)),
    "division by 0": fact([["1/0", ">"]], products(ONE)),
    "division by a variable": fact([["1/x", ">"]], products(ONE)),
    "hexadecimal": fact([["0x10", ">"]], products(ONE)),
    "float": fact([["1.5", ">"]], products(ONE)),
    "exponent": fact([["1e5", ">"]], products(ONE)),
    "underscore": fact([["1_0", ">"]], products(ONE)),
    "other digits": fact([["\u0661", ">"]], products(ONE)),
    "ligature": fact([["\ufb01 - fi", ">"]], products(term("1", ["\ufb01 - fi", ">"]))),
    "surrogate": fact([["x\udfff", ">"]], products(ONE)),
    "line end": fact([["x\n", ">"]], products(ONE)),
    "empty text": fact([["", ">"]], products(ONE)),
    "long number": fact([["1" * 5_000, ">"]], products(ONE)),
    "long text": fact([["x" + " + x" * 100_000, ">"]], products(ONE)),
    "signs": fact([["-" * 50_000 + "x", ">"]], products(ONE)),
    "open brackets": fact([["(" * 50_000, ">"]], products(ONE)),
    "long coefficient": fact([["*".join(["9" * 1999] * 45), ">"]], products(ONE)),
    "coefficient that grows": fact([], products(*[term("9" * 1999, square="9" * 1999)] * 200)),
    "wide squares": fact([], products(
        *[term("1", square=" + ".join(f"x{i % 150}**{i}" for i in range(900)))] * 400)),
    "product of 150 sums": fact([[f"x{i} + 1", ">"] for i in range(150)], products(
        term("1", *[[f"x{i} + 1", ">"] for i in range(150)]))),
    "many factors": fact([X], products(term("1", *[X] * 20_000))),
    "many terms": fact([X], products(*[term("1", X)] * 60_000)),
    "many names": fact([[" + ".join(f"x{i}" for i in range(190)) + f" + {k}", ">"]
                        for k in range(1000)], products(ONE)),
    "numbers of one hash": fact([[str(k * P + 1), ">"] for k in range(20_000)], products(ONE)),
    "many nodes": fact([{"some": [X] * 21_000}], {
        "rule": "cases", "clause": {"some": [X] * 21_000},
        "branches": [products(term("1", X), term("1", X))] * 21_000}),
}  # fmt: skip


def nested(depth: int, outer: str) -> Any:
    formula: Any = X
    for _ in range(depth):
        formula = {outer: [formula]}
    return formula


HOSTILE["deep formula"] = fact([nested(150, "every"), MINUS_X], CONTRADICTION)
HOSTILE["deep clause"] = fact([nested(150, "some"), MINUS_X], CONTRADICTION)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_fact_is_rejected_soon(name: str) -> None:
    start = time.process_time()
    assert not accepts(HOSTILE[name])
    assert time.process_time() - start < LIMIT


def test_facts_are_found_at_any_depth() -> None:
    bad = fact([X], CONTRADICTION)
    for wrap in ([bad], {"a": {"b": [1, bad]}}, [GOOD["cases"], {**GOOD["a lemma"], "more": bad}]):
        assert not accepts(wrap)
    assert accepts([GOOD["cases"], {"a": GOOD["a lemma"]}]) and accepts([])


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("x*y - y*x + 1/2", "3/6"),
        ("-x**2*y + x*y*x", "0"),
        ("2/4*x**1*3", "3*x/2"),
        ("x**0", "1"),
        ("lambda_ - lambda_ + a1", "a1"),
    ],
)
def test_texts_of_one_polynomial(text: str, other: str) -> None:
    assert parse(text) == parse(other) and hash(parse(text)) == hash(parse(other))


@pytest.mark.parametrize("text", ["", "+x", "x y", "2x", "x**", "x*", "x -", "x//2", "x**y", "--x"])
def test_texts_of_no_polynomial(text: str) -> None:
    with pytest.raises(NotPolynomial):
        parse(text)
