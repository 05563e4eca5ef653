"""The command line: exit statuses, one sentence a mistake, JSON and nothing else, Ctrl-C.

The verifier is a stand-in that answers as the claim's `source` orders, in every process.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from numerics.latex import latex
from theory import (
    AdversarialLoss,
    Convex,
    Differentiable,
    Equal,
    Label,
    Lipschitz,
    Maximizes,
    NormBall,
    Not,
    Smooth,
    Vector,
    dot,
    logistic,
    norm,
)

ROOT = Path(__file__).parents[1]
HEAD = "from sympy import symbols\nfrom theory import Claim, NormBall, Vector, norm, dot\n"
Write = Callable[..., Path]


def environment() -> dict[str, str]:
    paths = [str(ROOT / "tests" / "stand_in"), str(ROOT)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONWARNINGS": "default"}


def command(*args: object) -> list[str]:
    return [sys.executable, "-m", "advsmooth", *map(str, args)]


def run(*args: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command(*args), cwd=cwd, env=environment(), capture_output=True, text=True, timeout=120
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def claim(order: str, id: str | None = None) -> str:
    """The line of a claim that the stand-in answers as ordered."""
    id = id or order.replace(" ", "-")
    name = "c_" + "".join(c if c.isalnum() else "_" for c in id)
    return f"{name} = Claim(id={id!r}, holds=norm(Vector('t')) >= 0, source={order!r})\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, *lines: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + "".join(lines))
        return path

    return write


def results(text: str) -> dict[str, Any]:
    return {entry["id"]: entry for entry in json.loads(text)["results"]}


# --- exit status


def hear_interrupts() -> None:
    """A test run in the background ignores SIGINT, and its children would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize(
    ("orders", "status"),
    [
        (["proved", "certified"], 0),
        (["proved", "refuted", "undecided"], 1),
        (["vacuous"], 1),
        (["proved", "survived"], 3),
        (["undecided"], 3),
        (["refuted", "error"], 2),
        (["error", "survived"], 2),
        (["raise"], 3),
        (["exit"], 3),
    ],
)
def test_the_exit_status_is_the_worst_news(
    orders: list[str], status: int, write: Write, tmp_path: Path
) -> None:
    write("claims.py", *map(claim, orders))
    assert run("verify", "claims.py", cwd=tmp_path).returncode == status


def test_a_failure_of_the_machinery_is_undecided_and_says_what_failed(
    write: Write, tmp_path: Path
) -> None:
    write("claims.py", claim("raise"), claim("proved"))
    done = run("verify", "claims.py", "--json", "-", cwd=tmp_path)
    found = results(done.stdout)
    assert found["proved"]["status"] == "proved"
    assert found["raise"]["status"] == "undecided"
    assert "ZeroDivisionError: division by zero" in found["raise"]["evidence"][0]["detail"]


@pytest.mark.parametrize(
    "options",
    [
        ["--budget", "0"],
        ["--budget", "-1"],
        ["--budget", "nan"],
        ["--budget", "inf"],
        ["--budget", "soon"],
        ["--jobs", "0"],
        ["--jobs", "1.5"],
        ["--seed", "-1"],
        ["--seed", "x"],
        ["--no-such-option"],
    ],
)
def test_bad_options_are_bad_usage(options: list[str], write: Write, tmp_path: Path) -> None:
    write("claims.py", claim("proved"))
    assert run("verify", "claims.py", *options, cwd=tmp_path).returncode == 2


def test_budget_and_seed_arrive(write: Write, tmp_path: Path) -> None:
    write("claims.py", claim("limits", "it"))
    done = run("verify", "claims.py", "--budget", "2.5", "--seed", "7", "--json", "-", cwd=tmp_path)
    assert list(results(done.stdout)) == ["it:2.5:7"]
    assert json.loads(done.stdout)["seed"] == 7


def test_a_claim_that_ignores_its_budget_is_cut_off(write: Write, tmp_path: Path) -> None:
    write("claims.py", claim("sleep 60", "slow"), claim("proved"))
    done = run("verify", "claims.py", "--budget", "0.2", "--json", "-", cwd=tmp_path)
    found = results(done.stdout)
    assert found["slow"]["status"] == "undecided"
    assert found["slow"]["seconds"] < 30
    assert found["proved"]["status"] == "proved"


# --- malformed input: one sentence with file, line and what was expected

BAD = {
    "syntax": ("x = (\n", 3, "expected valid Python"),
    "unknown symbol": ("\nc = Claim(id='c', holds=norm(thta) >= 0)\n", 4, "name 'thta'"),
    "p below 1": ("\nball = NormBall(0.5, 1)\n", 4, "expected"),
    "negative radius": ("\n\nball = NormBall(2, -1)\n", 5, "expected"),
    "scalar for vector": (
        "c = Claim(id='c', holds=dot(symbols('a'), Vector('t')) >= 0)\n",
        3,
        "expected",
    ),
    "deep exception": ("def f():\n    raise KeyError('a\\nb')\nf()\n", 4, "KeyError: 'a"),
    "own import": ("import no_such_module\n", 3, "no_such_module"),
    "exit": ("import sys\nsys.exit(0)\n", 4, "exits"),
    "base exception": ("class E(BaseException):\n    pass\nraise E\n", 5, "got E"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_one_sentence(kind: str, write: Write, tmp_path: Path) -> None:
    body, line, expected = BAD[kind]
    write("bad.py", body)
    write("good.py", claim("proved"))
    done = run("verify", "bad.py", "good.py", "--json", "-", cwd=tmp_path)
    found = results(done.stdout)
    message = found["bad.py"]["message"]
    assert done.returncode == 2
    assert done.stderr.count("error: ") == 1 and f"error: {message}\n" in done.stderr
    assert message.startswith(f"bad.py, line {line}: ") and expected in message
    assert "\n" not in message
    assert found["bad.py"]["status"] == "error"
    assert found["proved"]["status"] == "proved"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("none.py", "at least one module-level Claim"),
        ("empty", "found no .py file"),
        ("helpers", "found none in 1 Python files"),
        ("missing.py", "a file or folder that exists"),
        ("sub/missing", "a file or folder that exists"),
        ("notes.txt", "name ends in .py"),
        ("binary.py", "expected valid Python"),
        ("no-such-id", "expected the id of a claim"),
    ],
)
def test_a_target_without_claims_is_one_sentence(
    target: str, expected: str, write: Write, tmp_path: Path
) -> None:
    write("none.py", "x = 1\n")
    write("helpers/help.py")
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("claims")
    (tmp_path / "binary.py").write_bytes(b"\x00\xff\xfe")
    done = run("verify", target, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {target}") and expected in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_second_claim_of_one_id_is_an_error_with_both_lines(write: Write, tmp_path: Path) -> None:
    write("a.py", claim("proved", "twin"))
    write("b.py", "\n", claim("refuted", "twin"))
    done = run("verify", "a.py", "b.py", cwd=tmp_path)
    assert done.returncode == 2
    assert "b.py, line 4" in done.stderr and "a.py, line 3" in done.stderr


def test_a_file_named_twice_or_importing_another_is_verified_once(
    write: Write, tmp_path: Path
) -> None:
    write("a.py", claim("proved", "one"))
    write("b.py", "from a import c_one\n", claim("proved", "two"))
    done = run("verify", ".", "a.py", "--json", "-", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [entry["id"] for entry in json.loads(done.stdout)["results"]] == ["one", "two"]


def test_folders_are_searched_but_not_hidden_ones(write: Write, tmp_path: Path) -> None:
    write("f/deep/a.py", claim("proved", "a"))
    write("f/.hidden/b.py", claim("refuted", "b"))
    write("f/env/lib/c.py", claim("refuted", "c"))
    (tmp_path / "f/env/pyvenv.cfg").write_text("")
    done = run("verify", "f", "--json", "-", cwd=tmp_path)
    assert list(results(done.stdout)) == ["a"]
    assert results(done.stdout)["a"]["file"] == os.path.join("f", "deep", "a.py")


def test_two_folders_may_have_helpers_of_one_name(write: Write, tmp_path: Path) -> None:
    for name in "ab":
        write(f"{name}/helpers.py", f"NAME = {name!r}\n")
        write(
            f"{name}/c.py",
            "from helpers import NAME\n",
            f"{name} = Claim(id=NAME, holds=norm(Vector('t')) >= 0, source='proved')\n",
        )
    done = run("verify", "a/c.py", "b/c.py", "--json", "-", cwd=tmp_path)
    assert list(results(done.stdout)) == ["a", "b"]


# --- JSON


def test_json_on_stdout_is_all_there_is(write: Write, tmp_path: Path) -> None:
    write("claims.py", "print('loading')\n", claim("print"), claim("refuted"))
    done = run("verify", "claims.py", "--json", "-", cwd=tmp_path)
    assert set(json.loads(done.stdout)) == {"schema", "version", "seed", "results"}
    assert "loading" in done.stderr


def test_json_on_stdout_is_all_there_is_with_workers(write: Write, tmp_path: Path) -> None:
    write("claims.py", "print('loading')\n", claim("print raw"), claim("print"), claim("refuted"))
    done = run("verify", "claims.py", "--json", "-", "--jobs", "2", cwd=tmp_path)
    assert [entry["id"] for entry in json.loads(done.stdout)["results"]] == [
        "print-raw",
        "print",
        "refuted",
    ]


def test_the_json_has_the_keys_that_the_interface_names(write: Write, tmp_path: Path) -> None:
    write("claims.py", claim("refuted"))
    done = run("verify", "claims.py", "--json", "out.json", cwd=tmp_path)
    entry = json.loads((tmp_path / "out.json").read_text())["results"][0]
    assert set(entry) == {
        *("id", "title", "source", "file", "status", "domain"),
        *("evidence", "sharpness", "witness", "seconds"),
    }
    assert entry["witness"]["values"]["theta'"] == ["1/2", "-2"]
    assert entry["sharpness"] == {
        "claimed": "B",
        "attained": 0.53,
        "at": {"dimension": 2, "values": {}},
    }
    assert "refuted at d = 2, theta = (1/2, -3)" in done.stdout
    assert "lhs = 1.25, rhs = 1.0" in done.stdout
    assert "1 claim: 1 refuted" in done.stdout


@pytest.mark.parametrize("name", ["missing/out.json", "folder", "claims.py/out.json"])
def test_an_unwritable_result_is_found_before_the_work(
    name: str, write: Write, tmp_path: Path
) -> None:
    write("claims.py", claim("sleep 60"))
    (tmp_path / "folder").mkdir()
    start = time.monotonic()
    done = run("verify", "claims.py", "--json", name, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {name}: expected") and done.stderr.count("\n") == 1
    assert time.monotonic() - start < 50


def test_the_result_replaces_a_file_and_follows_a_link_but_never_a_device(
    write: Write, tmp_path: Path
) -> None:
    write("claims.py", claim("proved"))
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to("real.json")
    assert run("verify", "claims.py", "--json", "link.json", cwd=tmp_path).returncode == 0
    assert (tmp_path / "link.json").is_symlink()
    assert results((tmp_path / "real.json").read_text())["proved"]
    assert run("verify", "claims.py", "--json", os.devnull, cwd=tmp_path).returncode == 0
    assert not Path(os.devnull).is_file()
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".json", ".py"]


# --- workers


def test_workers_change_neither_order_nor_answers(write: Write, tmp_path: Path) -> None:
    write("claims.py", "f = lambda t: t\n", claim("sleep 1"), claim("proved"), claim("refuted"))
    one, two = (
        run("verify", "claims.py", "--json", "-", "--jobs", jobs, cwd=tmp_path) for jobs in (1, 2)
    )
    assert (one.stdout, one.returncode) == (two.stdout, two.returncode)


def test_a_worker_that_dies_takes_no_other_claim_with_it(write: Write, tmp_path: Path) -> None:
    write("claims.py", claim("proved"), claim("die"), claim("certified"))
    done = run("verify", "claims.py", "--jobs", "2", "--json", "-", cwd=tmp_path)
    statuses = {id: entry["status"] for id, entry in results(done.stdout).items()}
    assert statuses == {"proved": "proved", "die": "undecided", "certified": "certified"}
    assert done.returncode == 3


@pytest.mark.skipif(os.name != "posix", reason="sends a signal to a process group")
@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_keeps_what_was_reached_and_leaves_no_worker(
    jobs: int, write: Write, tmp_path: Path
) -> None:
    write("claims.py", claim("proved"), claim("sleep 100", "slow"), claim("sleep 90", "slower"))
    process = subprocess.Popen(
        command("verify", "claims.py", "--json", "out.json", "--jobs", jobs),
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hear_interrupts,
    )
    sleeping = wait_for(jobs, tmp_path)
    time.sleep(1)  # the verdict before them has then arrived
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does it: to the workers as well
    stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in stderr
    assert "interrupted: 2 claims have no verdict" in stderr
    assert "1 claim: 1 proved" in stdout
    assert list(results((tmp_path / "out.json").read_text())) == ["proved"]
    for pid in sleeping:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def wait_for(count: int, folder: Path) -> list[int]:
    """The process ids of that many sleeping claims, once they are asleep."""
    for _ in range(600):
        pids = [int(path.suffixes[0][1:]) for path in folder.glob("*.pid")]
        if len(pids) >= count:
            return pids
        time.sleep(0.1)
    raise TimeoutError(f"expected {count} claims asleep within a minute")


# --- the other commands


@pytest.mark.parametrize("name", ["verify", "list", "show", "sharpen", "check", "figures"])
def test_every_command_explains_itself(name: str, tmp_path: Path) -> None:
    assert run(name, "--help", cwd=tmp_path).stdout.startswith("Usage:")


def test_the_library_loads_and_lists(tmp_path: Path) -> None:
    done = run("list", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_list_tells_open_claims_from_the_library(tmp_path: Path) -> None:
    rows = [line.split() for line in run("list", cwd=tmp_path).stdout.splitlines()[2:]]
    parts = {row[0]: row[1] for row in rows}
    assert parts["l2-away-from-zero"] == "library"
    assert parts["linf-gradient-pairs"] == "open"
    assert set(parts.values()) == {"library", "open"}


def test_show_knows_the_open_claims(tmp_path: Path) -> None:
    text = run("show", "linf-gradient-pairs", cwd=tmp_path).stdout
    assert "theory/open_claims/" in text and "kinks: " in text


def test_show_derives_the_losses_of_a_claim_file(write: Write, tmp_path: Path) -> None:
    loss = "from theory import AdversarialLoss, exponential\n"
    loss += "loss = AdversarialLoss(exponential, NormBall(1, 2))\n"
    write("c.py", loss, "c = Claim(id='c', holds=norm(Vector('t')) >= 0)\n")
    text = run("show", "c.py", cwd=tmp_path).stdout
    assert "exponential loss, NormBall(1, 2)" in text and "attained at: " in text


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("c = Claim(id='c', holds=Lipshitz(norm(t), t, 1))", "did you mean 'Lipschitz'?"),
        ("c = Claim(id='c', holds=norm(t) > 0 and norm(t) < 1)", "expected And(a, b)"),
        ("c = Claim(id='c', holds=t[0] <= norm(t))", "expected no components"),
        ("c = Claim(id='c', holds=norm)", "got norm"),
        ("from sympy import Eq; c = Claim(id='c', holds=Eq(t, t + t))", "expected Equal(u, v)"),
        ("c = Claim(id='c', holds=t != t + t)", "expected Eq(a, b), Ne(a, b)"),
    ],
)
def test_usual_slips_get_advice(line: str, advice: str, write: Write, tmp_path: Path) -> None:
    write("c.py", "t = Vector('t')\n", line + "\n")
    done = run("verify", "c.py", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("error: c.py, line 4: ") and advice in done.stderr


def test_show_prints_statement_hypotheses_and_source(write: Write, tmp_path: Path) -> None:
    parts = "id='c', title='T', source='S', given=[norm(Vector('t')) <= 1]"
    write("c.py", f"c = Claim({parts}, holds=norm(Vector('t')) >= 0)\n")
    text = run("show", "c.py", cwd=tmp_path).stdout
    for part in ("c: T", "source      S", "every d >= 1", "given ", "holds ", "LaTeX "):
        assert part in text


def test_every_kind_of_statement_shows_its_latex() -> None:
    theta, x, y = Vector("theta"), Vector("x"), Label("y")
    loss = AdversarialLoss(logistic, NormBall(2, 1))
    value = loss.value(theta, x, y)
    shown = {
        Equal(theta, x): "= x",
        Lipschitz(value, theta): r"< \infty",
        Smooth(value, theta, 2): r"\leq 2",
        Not(Differentiable(value, theta)): "differentiable",
        Convex(value, theta): "convex",
        Maximizes(loss.attack(theta, y), dot(theta, x), x, NormBall(2, 1)): "NormBall",
        norm(theta) <= 1: r"\leq 1",
    }
    for statement, part in shown.items():
        assert part in latex(statement)


def test_the_report_escapes_what_claims_say(write: Write, tmp_path: Path) -> None:
    write("claims.py", claim("refuted", "<script>alert('x')</script>&"))
    run("verify", "claims.py", "--json", "out.json", cwd=tmp_path)
    done = run("report", "--from", "out.json", "--out", "page", cwd=tmp_path)
    page = (tmp_path / "page" / "index.html").read_text()
    assert done.returncode == 0
    assert "<script" not in page and "&lt;script&gt;" in page
    assert "told &lt;so&gt;" in page and "theta = (1/2, -3)" in page


@pytest.mark.parametrize(
    "text", ["", "[]", '{"schema": 2}', '{"schema": 1, "results": [{}]}', "[" * 100_000, "NaN"]
)
def test_a_report_from_a_bad_result_is_one_sentence(text: str, tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text(text)
    done = run("report", "--from", "in.json", "--out", "page", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("error: in.json: ") and done.stderr.count("\n") == 1


def test_colour_is_for_terminals(write: Write, tmp_path: Path) -> None:
    write("claims.py", claim("refuted"))
    assert "\x1b" not in run("verify", "claims.py", cwd=tmp_path).stdout
