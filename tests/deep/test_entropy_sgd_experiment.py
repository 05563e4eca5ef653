"""E5 at a tiny scale, its design against what it promises, and its finding on made-up numbers."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("sklearn")

from numerics.deep.comparison import difference, log_quotient, strong  # noqa: E402
from numerics.deep.curvature import steepest_step  # noqa: E402
from numerics.deep.curvature.resolved_step import resolved_step  # noqa: E402
from numerics.deep.experiment import Context  # noqa: E402
from numerics.deep.experiments import entropy_sgd as e5  # noqa: E402
from numerics.deep.record import plain  # noqa: E402
from numerics.deep.training import held_out  # noqa: E402
from numerics.deep.training.held_out import divided  # noqa: E402
from numerics.deep.trials import design  # noqa: E402
from numerics.sentences import Malformed  # noqa: E402

torch.set_num_threads(1)
SMALL = e5.SCALES["small"]
TINY: dict[str, Any] = {
    **copy.deepcopy(dict(SMALL)),
    "n": 150,
    "seeds": [0, 1],
    "trials": 4,
    "finalists": 1,
    "factors": {"lr": [0.1, 0.2], "schedule": ["constant", "cosine"]},
    "methods": {
        "AT": {"method": "adversarial"},
        "AT, few steps": {"method": "adversarial", "outer_steps_of": "EnSGD"},
        "AWP": {"method": "awp", "factors": {"options.gamma": [0.001, 0.003]}},
        "EnSGD": {
            "method": "entropy_sgd",
            "fixed": {"schedule": "constant", "lr": 1.0, "options.gamma": 0.03},
            "factors": {"options.steps": [3, 4], "options.lr": [0.1, 0.2]},
        },
        "Moreau envelope": {"method": "moreau_envelope", "as": "EnSGD"},
        "AWP+EnSGD": {"method": "entropy_sgd", "as": "EnSGD", "base": "AWP"},
    },
    "training": {**SMALL["training"], "budget_gradients": 72, "attack_steps": 2, "batch": 64},
    "samples": 3,
    "starts": 1,
    "steps": [0.01],
    "autoattack": {"methods": [], "seeds": []},
    "longer": {"times": 2, "methods": ["AT"]},
}


@pytest.fixture(scope="module", autouse=True)
def one_weak_attack() -> Iterator[None]:
    """PGD in place of APGD-T and AutoAttack, which have their own tests; data read once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(e5, "judged_strongly", weakly)
        patch.setattr(held_out.datasets, "load", cache(held_out.datasets.load))
        yield


def weakly(trained: Any, data: Any, device: str) -> float:
    return held_out.judged_by_pgd(trained, data, device)["pgd"]


@pytest.fixture(scope="module")
def numbers(one_weak_attack: None) -> Any:
    """A run whose smoothness is made up: that of single networks has its own test."""
    with pytest.MonkeyPatch.context() as patch:
        made = {"loss": 1.0, "along": [{"step": 0.01, "moving": 2.0}]}
        patch.setattr(e5, "smoothness", lambda *_: made)
        return plain(e5.run(TINY, Context("entropy_sgd")))


def test_every_method_spends_the_same_and_few_steps_match(numbers: Any) -> None:
    of = numbers["Linf"]
    rows = {(row["method"], row["seed"]): row for row in of["rows"]}
    assert set(rows) == set(itertools.product(TINY["methods"], TINY["seeds"]))
    inner = of["chosen"]["EnSGD"]["options"]["steps"]
    for seed in TINY["seeds"]:
        largest = {"AWP": 4, "EnSGD": 3 * inner, "Moreau envelope": 3 * inner,
                   "AWP+EnSGD": 4 * inner, "AT": 3}  # fmt: skip
        for method, step in largest.items():
            assert 72 - step < rows[method, seed]["gradients"] <= 72
        few = rows["AT, few steps", seed]
        assert few["outer_steps"] == rows["EnSGD", seed]["outer_steps"]
        assert few["gradients"] * inner == rows["EnSGD", seed]["gradients"]
    assert [row["gradients"] for row in of["longer"]] == [144, 144]


def test_the_choice_is_the_best_finalist_and_controls_take_it_over(numbers: Any) -> None:
    of = numbers["Linf"]
    for trials in of["trials"].values():
        assert len(trials) == 4
        (again,) = [one for one in trials if one["again"]]
        assert again["first"]["pgd"] == max(one["first"]["pgd"] for one in trials)
    chosen = of["chosen"]
    assert chosen["Moreau envelope"]["options"] == chosen["EnSGD"]["options"]
    base = chosen["AWP+EnSGD"]["options"]["base"]
    assert base == {"method": "awp", **chosen["AWP"]["options"]}


def test_a_part_alone_gives_the_same_numbers_and_a_certified_quotient(numbers: Any) -> None:
    chosen = numbers["Linf"]["chosen"]
    case = e5._final_cases(TINY, "Linf", {"AT": chosen["AT"]})["Linf, AT, seed 1"]
    alone = plain(e5.final(device="cpu", **case))
    row = next(r for r in numbers["Linf"]["rows"] if (r["method"], r["seed"]) == ("AT", 1))
    assert {k: alone[k] for k in row if k not in ("loss", "along")} == {
        k: v for k, v in row.items() if k not in ("loss", "along")
    }
    (step,) = alone["along"]
    assert alone["top_converged"] and step["samples"] + step["beaten"] + step["unconverged"] == 3
    # on a short step the held attack's quotient is the eigenvalue of its direction
    short = e5._final_cases({**TINY, "steps": [1e-5]}, "Linf", {"AT": chosen["AT"]})
    found = e5.final(device="cpu", **short["Linf, AT, seed 1"])
    assert found["along"][0]["held"] == pytest.approx(found["top_frozen"], rel=1e-3)


def test_steps_are_in_units_of_the_parameters_length(
    numbers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []

    def recorded(*args: Any, **kwargs: Any) -> Any:
        taken.append(args[6])
        return resolved_step(*args, **kwargs)

    monkeypatch.setattr(steepest_step, "resolved_step", recorded)
    chosen = numbers["Linf"]["chosen"]
    case = e5._final_cases({**TINY, "steps": [0.1, 0.01]}, "Linf", {"AT": chosen["AT"]})
    row = e5.final(device="cpu", **case["Linf, AT, seed 0"])
    assert taken == pytest.approx([0.1 * row["length"], 0.01 * row["length"]], rel=1e-9)


def test_table_and_finding_of_a_run(numbers: Any) -> None:
    header, rows = e5.summary(numbers)
    assert [row[0] for row in rows] == [*TINY["methods"], "AT, longer"]
    assert {len(row) for row in rows} == {len(header)}
    assert "equal gradients" in e5.finding(numbers).sentence


def test_a_run_that_stops_is_a_row_without_numbers() -> None:
    plan = {"method": "adversarial", "options": {}, "lr": 1e30}
    case = e5._final_cases(TINY, "Linf", {"AT": plan})["Linf, AT, seed 0"]
    row = e5.final(device="cpu", **case)
    assert "expected finite" in row["stopped"] and "strong" not in row
    common = {k: case[k] for k in ("data", "n", "marked", "validation", "folds", "training")}
    tried = e5.trial(device="cpu", **common, plan=plan, seed=0, strong=True)
    assert tried["strong"] == 0 and tried["stopped"]


# --- the division and the design


def test_validation_is_never_tested_and_folds_cover_the_rest() -> None:
    parts = [divided("digits", 1797, False, 0.2, 5, fold) for fold in range(5)]
    digests = {validation.digest for _, validation, _ in parts}
    assert len(digests) == 1
    seen = torch.cat([parts[0][1].x, *(test.x for _, _, test in parts)]).flatten(1)
    assert len(seen) == 1797
    assert len(torch.unique(seen, dim=0)) == len(
        torch.unique(torch.cat([parts[0][0].x, parts[0][1].x, parts[0][2].x]).flatten(1), dim=0)
    )


def test_the_full_scale_asks_for_marked_data() -> None:
    with pytest.raises(Malformed, match="marked test part"):
        divided("digits", 60000, True, 0.1, 5, 0)


@pytest.mark.parametrize("scale", ["small", "full"])
def test_every_method_gets_a_balanced_design(scale: str) -> None:
    settings = e5.SCALES[scale]
    for spec in settings["methods"].values():
        if "as" in spec:
            continue
        factors = e5._factors(settings, spec)
        rows = design(factors, settings["trials"])
        assert len(rows) == 9
        for a, b in itertools.combinations(factors, 2):
            assert len({(row[a], row[b]) for row in rows}) == 9
        for row in rows:
            plan = e5._plan(settings, spec, row, {"EnSGD": {"options": {"steps": 20}}})
            norm = next(iter(settings["norms"]))
            e5.settings_of(e5._training(settings, norm), plan, 0)


def test_a_design_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="expected the square"):
        design({"a": [1, 2, 3], "b": [1, 2]}, 9)


# --- the finding, on made-up numbers


def made_up(gain: float, factor: float, spread: float = 0.01) -> dict[str, Any]:
    wobble = (-1, 0.5, 0, 1, -0.5)
    rows = [
        {"method": method, "seed": s, "stopped": None, "clean": 0.9, "pgd": 0.7, "loss": 0.5,
         "outer_steps": 10, "strong": 0.6 + (gain + spread * wobble[s]) * (method == "EnSGD"),
         "along": [{"step": 0.01, "moving": factor ** (method == "EnSGD") * (1 + 0.01 * s)},
                   {"step": 0.001, "moving": 1.0}]}
        for method in ("AT", "EnSGD", "EMA", "AT, few steps", "Moreau envelope")
        for s in range(5)
    ]  # fmt: skip
    return {"Linf": {"rows": rows, "longer": [], "longer_budget": 0, "chosen": {}, "trials": {}}}


@pytest.mark.parametrize(
    ("gain", "factor", "verdict"),
    [
        (0.05, 0.5, "borne out"),
        (-0.05, 0.5, "not borne out"),
        (0.05, 2.0, "not borne out"),
        (0.001, 0.5, "inconclusive"),
    ],
)
def test_finding(gain: float, factor: float, verdict: str) -> None:
    found = e5.finding(made_up(gain, factor))
    assert found.verdict == verdict
    assert f"{100 * gain:+.1f} [" in found.sentence and f"{factor:.2f} [" in found.sentence


def test_one_norm_against_it_is_enough() -> None:
    both = {**made_up(0.05, 0.5), "L2": made_up(-0.05, 0.5)["Linf"]}
    assert e5.finding(both).verdict == "not borne out"


def test_a_stopped_run_is_left_out_of_the_pairs_and_named() -> None:
    numbers = made_up(0.05, 0.5)
    row = next(r for r in numbers["Linf"]["rows"] if r["method"] == "EnSGD")
    row |= {"stopped": "collapsed"}
    assert difference(numbers["Linf"]["rows"], "EnSGD", "AT", strong)[0].n == 4
    assert "1 of 25 runs stopped" in e5.finding(numbers).sentence


def test_a_quotient_without_a_sign_is_refused() -> None:
    with pytest.raises(ValueError, match="positive quotient"):
        log_quotient({"method": "AT", "seed": 0, "along": [{"step": 0.01, "moving": -1.0}]})


def test_what_autoattack_takes_beyond_is_said() -> None:
    numbers = made_up(0.05, 0.5)
    assert "AutoAttack" not in e5.finding(numbers).sentence
    for less, row in zip((0.0, 0.02), numbers["Linf"]["rows"], strict=False):
        row["autoattack"] = row["strong"] - less
    said = "AutoAttack takes 0.0 to 2.0 points beyond APGD-T at 2 networks."
    assert said in e5.finding(numbers).sentence
    table = pytest.importorskip("paper_figures.accuracy_table")
    cells = {row[0]: row[4] for row in table.lines(numbers["Linf"])}
    assert cells["AT"] == "\N{MINUS SIGN}1.0" and cells["EnSGD"] == ""


# --- the figures, on made-up numbers


def test_the_table_ranks_and_keeps_every_method() -> None:
    table = pytest.importorskip("paper_figures.accuracy_table")
    of = made_up(0.05, 0.5)["Linf"]
    cells = table.lines({**of, "longer": of["rows"]})
    assert cells[0][0] == "EnSGD" and cells[0][5].startswith("+5.0 [")
    assert {row[0] for row in cells[:5]} == {row["method"] for row in of["rows"]}
    assert [row[0] for row in cells[5:]].count("AT, longer") == 1
    assert {len(row) for row in cells} == {len(table.HEADER)} == {len(table.PLACES)}


@pytest.mark.parametrize("name", ["accuracy_table", "entropy_sgd_training"])
def test_a_stopped_run_is_named_and_does_not_hinder_a_figure(name: str) -> None:
    module = pytest.importorskip(f"paper_figures.{name}")
    numbers = {**made_up(0.05, 0.5), "L2": made_up(-0.05, 0.5)["Linf"]}
    row = next(r for r in numbers["Linf"]["rows"] if r["method"] == "EMA")
    row |= {"stopped": "collapsed"}
    module.plot(numbers).draw_without_rendering()
    if name == "accuracy_table":
        assert "EMA, seed 0, stopped: collapsed." in module.caption(numbers)
