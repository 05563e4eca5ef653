"""Every figure: drawn on small settings, complete, embedded, captioned with claims that exist."""

import json
import math
import struct
from itertools import pairwise
from pathlib import Path

import pytest

import paper_figures.verdicts
from numerics.library import library
from paper_figures import FigureResult, draw
from paper_figures.catalogue import figures
from paper_figures.record import obtain
from paper_figures.style import PAGE, style
from paper_figures.verdicts import NOT_VERIFIED, Verdicts
from theory.verdicts import Status

NAMES = [
    "canonical_model",
    "curvature_against_eps",
    "entropy_smoothing",
    "flatness_relation",
    "frozen_attack",
    "hoelder_exponent",
    "kink_crossing",
    "lipschitz_constants",
    "loss_landscape",
]
SMALL = {
    "canonical_model": {"samples": 41, "pairs": 4},
    "curvature_against_eps": {"samples": 31},
    "entropy_smoothing": {"samples": 7, "gammas": ["1", "4"], "extent": "1"},
    "flatness_relation": {"seeds": [1, 0], "points": 5},
    "frozen_attack": {"seeds": [0, 1], "points": 4},
    "hoelder_exponent": {
        "exponents": ["1", "2", "5/2", "3", "4", "10", "oo"],
        "shown": ["2", "oo"],
    },
    "kink_crossing": {"samples": 41},
    "lipschitz_constants": {"points": 5, "pair_points": 3, "pairs": 400, "tolerance": 1e-2},
    "loss_landscape": {"cells": 16, "arrows": [4, 6]},
}
KINDS = {".pdf", ".svg", ".png", ".txt", ".json"}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FigureResult]:
    with pytest.MonkeyPatch.context() as patch:
        small_and_unverified(patch)
        return {r.name: r for r in draw([], tmp_path_factory.mktemp("figures"))}


def small_and_unverified(patch: pytest.MonkeyPatch) -> None:
    for name, settings in SMALL.items():
        module = figures()[name]
        patch.setattr(module, "SETTINGS", {**module.SETTINGS, **settings})
    patch.setattr(Verdicts, "_ask", lambda self, claim: "survived")


def data_of(result: FigureResult) -> dict:
    return json.loads(result.files[-1].read_text())["data"]


def test_the_figures_are_found_by_looking() -> None:
    assert list(figures()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_all_files_are_written(drawn: dict[str, FigureResult], name: str) -> None:
    result = drawn[name]
    assert {path.suffix for path in result.files} == KINDS
    assert all(path.stat().st_size > 500 for path in result.files)
    assert not list(result.files[0].parent.glob(".*"))
    assert str(result).endswith(f"{name}.{{pdf,svg,png,txt,json}}")


@pytest.mark.parametrize("name", NAMES)
def test_fonts_are_embedded(drawn: dict[str, FigureResult], name: str) -> None:
    pdf, svg = (path.read_bytes() for path in drawn[name].files[:2])
    assert pdf.startswith(b"%PDF")
    assert b"/FontFile2" in pdf
    assert b"/Type3" not in pdf
    assert b"<text" not in svg
    assert b"<path" in svg


@pytest.mark.parametrize("name", NAMES)
def test_the_png_has_print_width_at_300_dpi(drawn: dict[str, FigureResult], name: str) -> None:
    png = drawn[name].files[2].read_bytes()
    width, height = struct.unpack(">II", png[16:24])
    assert width == round(PAGE * 300)
    assert 0.2 < height / width < 0.6


@pytest.mark.parametrize("name", NAMES)
def test_the_caption_names_the_claims_with_their_verdicts(
    drawn: dict[str, FigureResult], name: str
) -> None:
    caption = drawn[name].files[3].read_text()
    assert caption.startswith(figures()[name].TITLE)
    assert max(map(len, caption.splitlines())) <= 100
    assert drawn[name].verdicts
    for claim in figures()[name].CLAIMS:
        assert f"  {claim}: survived\n" in caption


@pytest.mark.parametrize("name", NAMES)
def test_the_claims_of_a_figure_are_in_the_library(name: str) -> None:
    known = {task.id for task in library().tasks}
    assert set(figures()[name].CLAIMS) <= known


@pytest.mark.parametrize("name", NAMES)
def test_the_record_says_where_its_numbers_come_from(
    drawn: dict[str, FigureResult], name: str
) -> None:
    record = json.loads(drawn[name].files[-1].read_text())
    provenance = record["provenance"]
    assert set(provenance) == {"versions", "settings", "sources"}
    assert {"python", "numpy", "sympy"} <= set(provenance["versions"])
    assert provenance["settings"] == {**figures()[name].SETTINGS, **SMALL[name]}
    assert len(provenance["sources"]) == 64


def test_slopes_and_jumps_are_as_predicted(drawn: dict[str, FigureResult]) -> None:
    for line in data_of(drawn["kink_crossing"])["lines"]:
        for kind in ("slope", "jump"):
            value = line[kind]
            assert value["measured"] == pytest.approx(value["predicted"], rel=1e-6)
        # The curves themselves, not only their ends: odd under L2, apart by the jump under Linf.
        assert line["L2"] == pytest.approx([-v for v in line["L2"][::-1]], abs=1e-12)
        middle = len(line["Linf"]) // 2
        gap = line["Linf"][middle] - line["Linf"][middle - 1]
        assert gap == pytest.approx(line["jump"]["predicted"], rel=0.1)


def test_exponents_are_as_predicted(drawn: dict[str, FigureResult]) -> None:
    for row in data_of(drawn["hoelder_exponent"])["rows"]:
        assert row["measured"] == pytest.approx(row["theory"], rel=0.02, abs=1e-4)


def test_constants_are_in_order(drawn: dict[str, FigureResult]) -> None:
    data = data_of(drawn["lipschitz_constants"])
    for panel in data["panels"]:
        for k, low in enumerate(panel["lower"]):
            assert low <= panel["upper"][k] <= low * 1.01
            assert low <= panel["pointwise"][k] < panel["pairwise"][k]
        for r, ratio in zip(data["pair_r"], panel["pairs"], strict=True):
            at = [math.isclose(r, other) for other in data["r"]].index(True)
            assert 0.95 * panel["lower"][at] < ratio <= panel["upper"][at] * (1 + 1e-6)


def test_curvature_has_the_listed_values(drawn: dict[str, FigureResult]) -> None:
    data = data_of(drawn["curvature_against_eps"])
    printed = [0.1966, 0.1665, 0.1226, 0.0588, 0.0154, 0]
    assert [c for _, c in data["listed"]] == pytest.approx(printed, abs=5.1e-5)
    for row in data["tangential"]:
        rising = [c for c, u in zip(row["curvature"], row["margin"], strict=True) if u >= 0]
        assert rising == sorted(rising)


def test_kinks_are_where_the_theory_says(drawn: dict[str, FigureResult]) -> None:
    panels = data_of(drawn["loss_landscape"])["panels"]
    assert [len(panels[name]["kinks"]) for name in ("natural", "L2", "Linf", "L1")] == [0, 1, 2, 2]
    assert panels["Linf"]["minimiser"][1] == pytest.approx(0, abs=2e-4)
    first, second = panels["L1"]["minimiser"]
    assert first == pytest.approx(second, abs=2e-4)
    assert "on a kink: Linf, L1" in " ".join(drawn["loss_landscape"].caption.split())


def test_the_canonical_constants_are_attained(drawn: dict[str, FigureResult]) -> None:
    data = data_of(drawn["canonical_model"])
    a, b, epsilon = data["constants"]
    exact = [a + b**2 / mu for mu in data["mu"]]
    assert data["measured"] == pytest.approx(exact, rel=1e-12)
    theta, last = data["theta"], data["curves"][-1]
    assert last["mu"] == 0
    k = theta.index(0.0)
    jump = last["gradient"][k + 1] - last["gradient"][k - 1] - a * (theta[k + 1] - theta[k - 1])
    assert jump == pytest.approx(2 * epsilon * b, rel=1e-12)


def test_flat_networks_are_sharp_and_saturated_classifiers_are_not(
    drawn: dict[str, FigureResult],
) -> None:
    data = data_of(drawn["flatness_relation"])
    for rows in [*data["networks"], data["linear"]]:
        assert all(row["certified"] for row in rows)
        assert all(row["lower"] <= row["true"] <= row["upper"] for row in rows)
    for rows in data["networks"]:  # from flat to steep
        assert rows[0]["slope"] < 1e-2 * rows[-1]["slope"]
        assert rows[0]["true"] > 100 * rows[-1]["true"]
    for now, then in pairwise(data["linear"]):
        assert all(then[name] < now[name] for name in ("slope", "second", "added"))


def test_a_fixed_attack_underestimates_by_the_listed_amounts(
    drawn: dict[str, FigureResult],
) -> None:
    data = data_of(drawn["frozen_attack"])
    for row, printed in zip(
        data["listed"], [(0.1325, 2.584), (0.1303, 0.3372), (0.0341, 0.0372)], strict=True
    ):
        assert row[1:] == pytest.approx(printed, rel=2e-3)
    for fixed, true, certified in [*data["linear"], *(r for n in data["networks"] for r in n)]:
        assert certified
        assert fixed < true


def test_entropy_is_smooth_where_the_envelope_is_not(drawn: dict[str, FigureResult]) -> None:
    rows = data_of(drawn["entropy_smoothing"])["rows"]
    middle = len(rows["concave"]["f"]) // 2
    listed = [row["curves"][0]["curvature"][middle] for row in rows.values()]
    assert listed == pytest.approx([0.40315204, -1.2876], abs=1e-4)
    assert rows["concave"]["envelope"]["slope"][middle] == pytest.approx([1, -1], abs=1e-5)
    for row in rows.values():
        assert all(abs(c) <= 1.3 for curve in row["curves"] for c in curve["curvature"])


def test_a_record_is_read_again_until_something_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_and_unverified(monkeypatch)
    name = "kink_crossing"
    (first,) = draw([name], tmp_path)
    files = {path.suffix: path.read_bytes() for path in first.files}
    (second,) = draw([name], tmp_path)
    (forced,) = draw([name], tmp_path, recompute=True)
    assert (first.recomputed, second.recomputed, forced.recomputed) == (True, False, True)
    assert files == {path.suffix: path.read_bytes() for path in forced.files}
    module, record = figures()[name], first.files[-1]
    assert not obtain(module, record, recompute=False)[1]
    monkeypatch.setattr(module, "SETTINGS", {**module.SETTINGS, "epsilon": 0.2})
    assert obtain(module, record, recompute=False)[1]
    record.write_text("{")
    assert obtain(module, record, recompute=False)[1]


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"expected one of {', '.join(NAMES)}") as caught:
        draw(["kink_crosing"], tmp_path / "out")
    assert "did you mean 'kink_crossing'" in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_to_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    for place in (tmp_path / "taken", tmp_path / "taken" / "below"):
        with pytest.raises(OSError, match="expected a folder that can be written to") as caught:
            draw(["kink_crossing"], place)
        assert str(place) in str(caught.value)
        assert "\n" not in str(caught.value)


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_and_unverified(monkeypatch)

    def broken(data: object) -> None:
        raise RuntimeError("cannot draw")

    monkeypatch.setattr(figures()["kink_crossing"], "plot", broken)
    with pytest.raises(RuntimeError, match="cannot draw"):
        draw(["kink_crossing"], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_claim_is_verified_once_a_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(self: Verdicts, claim: str) -> str:
        asked.append(claim)
        return "proved"

    monkeypatch.setattr(Verdicts, "_ask", ask)
    verdicts = Verdicts()
    assert [verdicts.word("a"), verdicts.word("b"), verdicts.word("a")] == ["proved"] * 3
    assert asked == ["a", "b"]


def test_a_verdict_is_never_invented(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Verdicts().word("no-such-claim") == NOT_VERIFIED
    word = Verdicts(budget=5.0).word("linf-differentiable-in-orthant")
    assert word in {status.value for status in Status}
    find = "paper_figures.verdicts.importlib.util.find_spec"
    monkeypatch.setattr(find, lambda name: None)
    assert Verdicts().word("linf-differentiable-in-orthant") == NOT_VERIFIED
    assert paper_figures.verdicts.SEED == 0


def test_the_style_embeds_and_is_plain_data() -> None:
    assert style()["pdf.fonttype"] == 42
    assert style()["svg.fonttype"] == "path"
    assert type(style()) is dict
