"""Records: complete, plain, honest about their sources; read without torch."""

import json
import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from numerics.deep import record
from numerics.deep.record import Record, plain
from paper_figures import draw, experiment_record
from paper_figures.catalogue import figures_of_experiments
from paper_figures.experiment_record import NotRecorded, made_by, recorded

pytest.importorskip("sklearn")

COMMITTED = sorted(path.stem for path in record.RECORDS.glob("*.json"))
NO_TORCH = """
import sys
class NoTorch:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torch":
            raise ModuleNotFoundError("No module named 'torch'", name="torch")
sys.meta_path.insert(0, NoTorch())
"""
EXAMPLE = Record("a", "small", {"n": 3}, {"x": [0.1]}, {"verdict": "inconclusive"}, {"seconds": 1})


def test_a_record_comes_back_as_it_was(tmp_path: Path) -> None:
    EXAMPLE.write(tmp_path / "deep" / "a.json")
    assert record.read(tmp_path / "deep" / "a.json") == EXAMPLE
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["a.json"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"schema": 2}', '{"schema": 1, "scale": "small"}']
)
def test_what_is_no_record_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(ValueError, match="expected the record of an experiment"):
        record.read(tmp_path / "a.json")


def test_numbers_that_json_has_no_word_for_are_refused() -> None:
    assert plain({"a": (1, 2.5)}) == {"a": [1, 2.5]}
    for value in (math.nan, math.inf, {1, 2}, object()):
        with pytest.raises(ValueError, match="expected JSON values"):
            plain({"value": value})


@pytest.mark.parametrize("name", record.names())
def test_scales_are_read_as_they_are_imported(name: str) -> None:
    pytest.importorskip("torch")
    from numerics.deep.experiment import load

    module = load(name)
    assert record.scales(name) == plain(module.SCALES)
    assert record.number(name) == module.NUMBER
    for settings in record.scales(name).values():
        assert {"data", "seeds", "n"} <= set(settings)
    assert record.scales(name)["small"] != record.scales(name)["full"]


def test_sources_are_what_an_experiment_imports() -> None:
    found = {p.relative_to(record.HERE).as_posix() for p in _imported("attack_sensitivity")}
    assert {"attacks/newton.py", "models/mlp.py", "training/methods/natural.py"} <= found
    assert "experiments/linear_models.py" not in found
    assert not found & {"run.py", "record.py"}
    assert len(_imported("linear_models")) < len(_imported("attack_sensitivity"))
    assert record.sources("linear_models") != record.sources("attack_sensitivity")


def _imported(name: str) -> set[Path]:
    return record.imported(record.EXPERIMENTS / f"{name}.py")


@pytest.mark.parametrize("name", COMMITTED)
def test_a_committed_record_is_of_the_small_scale_and_complete(name: str) -> None:
    found = recorded(name)
    assert found.scale == "small"
    assert found.finding["verdict"] in ("borne out", "not borne out", "inconclusive")
    assert {"versions", "device", "threads", "commit", "started", "seconds"} <= set(
        found.provenance
    )
    assert "/" not in json.dumps(found.settings) + found.provenance["device"]


@pytest.mark.parametrize("name", COMMITTED)
def test_the_finding_of_a_committed_record_follows_from_its_numbers(name: str) -> None:
    pytest.importorskip("torch")
    from numerics.deep.experiment import load

    found, module = recorded(name), load(name)
    again = module.finding(found.numbers)
    assert found.finding == {"verdict": again.verdict, "sentence": again.sentence}
    header, rows = module.summary(found.numbers)
    assert rows
    assert all(len(row) == len(header) for row in rows)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Records are looked for in an empty folder."""
    monkeypatch.setattr(record, "RECORDS", tmp_path / "records")
    return tmp_path / "records"


def test_a_figure_without_its_record_is_left_out_or_one_sentence(
    elsewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotRecorded, match="no record, expected one made by advsmooth experiment"):
        draw(["attack_sensitivity"], tmp_path / "out")
    monkeypatch.setattr("paper_figures.drawing.chosen", lambda names: figures_of_experiments())
    said: list[str] = []
    assert draw([], tmp_path / "out", left_out=said.append) == []
    assert len(said) == len(figures_of_experiments())
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.skipif("attack_sensitivity" not in COMMITTED, reason="no record")
def test_a_record_of_other_settings_is_never_drawn(elsewhere: Path, tmp_path: Path) -> None:
    true = record.read(Path(record.__file__).parent / "records" / "attack_sensitivity.json")
    replace(true, settings={**true.settings, "n": 1}).write(elsewhere / "attack_sensitivity.json")
    with pytest.raises(NotRecorded, match="a record of other settings"):
        draw(["attack_sensitivity"], tmp_path / "out")
    true.write(elsewhere / "attack_sensitivity.json")
    (drawn,) = draw(["attack_sensitivity"], tmp_path / "out")
    assert not drawn.recomputed


@pytest.mark.parametrize("name", sorted(figures_of_experiments()))
def test_the_caption_says_how_it_was_measured(name: str, tmp_path: Path) -> None:
    module = figures_of_experiments()[name]
    if module.EXPERIMENT not in COMMITTED:
        pytest.skip("no record")
    (drawn,) = draw([name], tmp_path)
    found, caption = recorded(module.EXPERIMENT), " ".join(drawn.caption.split())
    said = f"{record.number(module.EXPERIMENT)}, {found.finding['verdict']}:"
    assert caption.count(said) == caption.count("Measured on") == 1
    for part in (found.provenance["device"], f"n = {found.settings['n']}", "seeds "):
        assert part in caption
    assert {path.suffix for path in drawn.files} == {".pdf", ".svg", ".png", ".txt", ".json"}


@pytest.mark.skipif("linear_models" not in COMMITTED, reason="no record")
def test_docstrings_are_no_sources() -> None:
    code = 'def f(x):\n    """One.\n    """\n    return "x"  # """\n'
    bare = 'def f(x):\n    return "x"  # """\n'
    assert record._without_docstrings(code) == bare == record._without_docstrings(bare)
    assert record._without_docstrings('"""Of the file."""\nx = 1\n') == "x = 1\n"
    assert record._without_docstrings('def g(): """On its line."""\n') != ""


def test_the_caption_says_when_the_sources_changed() -> None:
    found = recorded("linear_models")
    old = replace(found, provenance={**found.provenance, "sources": "0" * 64})
    now = {**found.provenance, "sources": record.sources("linear_models")}
    assert "The sources have changed since." in made_by(old)
    assert "have changed" not in made_by(replace(found, provenance=now))


def test_figures_and_records_need_no_torch() -> None:
    code = (
        f"{NO_TORCH}\n"
        "from paper_figures.catalogue import figures_of_experiments\n"
        "from numerics.deep import record\n"
        "print(len(figures_of_experiments()), [record.sources(n) for n in record.names()][0])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert experiment_record.NotRecorded.__mro__[1] is ValueError
