"""Verdicts travel through JSON unchanged, and nothing that is not a verdict is read as one."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theory.checked_json import read
from theory.verdicts import Evidence, Sharpness, Status, Verdict, Witness, plain

rationals = st.fractions().map(str)
points = st.dictionaries(st.text(max_size=5), rationals | st.lists(rationals, max_size=3))
numbers = st.floats(0, 1e9).map(lambda x: round(x, 4))
words = st.text(max_size=20)
witnesses = st.builds(
    Witness,
    dimension=st.integers(0, 20),
    values=points,
    lhs=st.none() | words,
    left=st.none() | words,
    limit=st.none() | words,
)
evidence = st.builds(
    Evidence,
    by=words,
    status=st.sampled_from(Status),
    detail=words,
    seconds=numbers,
    steps=st.lists(words, max_size=3).map(tuple),
    data=st.dictionaries(words, st.integers() | words | st.lists(st.booleans()), max_size=3),
)
bounds = st.builds(Sharpness, claimed=words, attained=st.none() | numbers, at=points)


@st.composite
def verdicts(draw: st.DrawFn) -> Verdict:
    status = draw(st.sampled_from(Status))
    grounds = Evidence("drawn", status, "")
    return Verdict(
        *(draw(words) for _ in range(4)),
        status=status,
        domain=draw(words),
        evidence=(*draw(st.lists(evidence, max_size=2)), grounds),
        sharpness=draw(st.none() | bounds),
        witness=draw(st.none() | witnesses),
        seconds=draw(numbers),
        message="why" if status is Status.ERROR else None,
    )


@given(verdicts())
def test_a_verdict_survives_json(verdict: Verdict) -> None:
    assert Verdict.from_json(read(json.dumps(verdict.to_json()), "it")) == verdict


def good() -> dict[str, Any]:
    grounds = (Evidence("e", Status.REFUTED, ""),)
    witness = Witness(1, {"t": ["1/2"]})
    return Verdict(
        "i", "", "", "f", Status.REFUTED, "", grounds, Sharpness("B", 1.0), witness
    ).to_json()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["id"], 3),
        (["id"], "x" * 2_000_000),
        (["status"], "true"),
        (["seconds"], "1"),
        (["seconds"], True),
        (["seconds"], 10**400),
        (["evidence"], {}),
        (["evidence"], [[]]),
        (["evidence", 0, "status"], "sure"),
        (["evidence", 0, "steps"], [1]),
        (["sharpness"], "B"),
        (["sharpness", "attained"], "0.5"),
        (["witness", "dimension"], 1.0),
        (["witness", "dimension"], -1),
        (["witness", "values"], ["1/2"]),
        (["witness", "values", "t"], ["0.5 + 0"]),
        (["witness", "values", "t"], ["1/0"]),
        (["witness", "values", "t"], [0.5]),
        (["witness", "values", "t"], "__import__('os')"),
    ],
)
def test_a_wrong_field_is_refused_by_name(path: list[Any], value: Any) -> None:
    broken = good()
    Verdict.from_json(broken)
    *outer, last = path
    inner: Any = broken
    for key in outer:
        inner = inner[key]
    inner[last] = value
    with pytest.raises(ValueError, match="expected"):
        Verdict.from_json(broken)


@pytest.mark.parametrize("key", ["id", "file", "status", "evidence", "seconds", "domain"])
def test_an_absent_field_is_refused_by_name(key: str) -> None:
    broken = good()
    del broken[key]
    with pytest.raises(ValueError, match=key):
        Verdict.from_json(broken)


@pytest.mark.parametrize(
    "text", ["NaN", "[Infinity]", '{"a": 1, "a": 2}', "{", "[" * 100_000, b"\xff"]
)
def test_what_is_not_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError, match="expected valid JSON"):
        read(text, "it")


@pytest.mark.parametrize(
    "status", [Status.PROVED, Status.CERTIFIED, Status.REFUTED, Status.VACUOUS]
)
def test_a_strong_word_needs_grounds(status: Status) -> None:
    other = (Evidence("e", Status.UNDECIDED, ""),)
    with pytest.raises(ValueError, match="expected evidence"):
        Verdict("i", "", "", "f", status, "", other)


def test_infinities_become_text() -> None:
    assert plain({"a": float("inf"), "b": (1, True, None)}) == {"a": "inf", "b": [1, True, None]}
    json.dumps(Sharpness("B", float("nan")).to_json(), allow_nan=False)
