"""The promises of the interface, each through the command line, with the real verifier."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from numerics.claim_files import read_file
from tests.laws.witnesses import confirm
from theory.claims import Claim
from theory.verdicts import Witness

ROOT = Path(__file__).parents[1]

EXAMPLE = """\
# smooth_l2.py
from sympy import symbols
from theory import AdversarialLoss, Claim, Label, Lipschitz, NormBall, Vector, logistic, norm

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps, rho, B = symbols("epsilon rho B", positive=True)
loss = AdversarialLoss(logistic, NormBall(2, eps))

away_from_zero = Claim(
    id="l2-away-from-zero",
    title="The L2 adversarial logistic loss has a Lipschitz gradient away from the origin",
    given=[norm(theta) >= rho, norm(x) <= B],
    holds=Lipschitz(loss.gradient(theta, x, y), wrt=theta, constant=(B + eps)**2 / 4 + eps / rho),
    source="Kanai et al. 2021, binary linear case; constant ours",
)
"""
BOX = """\
from sympy import oo, symbols
from theory import *

theta, x, s, y = Vector("theta"), Vector("x"), Signs("s"), Label("y")
eps, B = symbols("epsilon B", positive=True)
gradient = AdversarialLoss(logistic, NormBall(oo, eps)).gradient(theta, x, y)
"""
PLAIN = "from sympy import symbols\nfrom theory import *\nu = Vector('u')\n"

RESULT = {
    *("id", "title", "source", "file", "status", "domain"),
    *("evidence", "sharpness", "witness", "seconds"),
}
RATIONAL = re.compile(r"-?\d+(/\d+)?")


def command(*args: object) -> list[str]:
    return [sys.executable, "-m", "advsmooth", *map(str, args)]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def verified(folder: Path, text: str, *options: str) -> tuple[dict[str, Any], int]:
    """The whole JSON document for a claim file of this text, and the exit status."""
    (folder / "smooth_l2.py").write_text(text)
    done = subprocess.run(
        command("verify", "smooth_l2.py", "--json", "-", "--budget", "30", *options),
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return json.loads(done.stdout), done.returncode


def one(folder: Path, text: str, *options: str) -> tuple[dict[str, Any], int]:
    """The one result of a claim file of this text, and the exit status."""
    document, status = verified(folder, text, *options)
    (result,) = document["results"]
    return result, status


def confirmed(folder: Path, result: dict[str, Any]) -> Witness:
    """The witness, once its numbers are exact and another evaluator sees the violation."""
    witness = Witness.from_json(result["witness"])
    for value in witness.values.values():
        for text in [value] if isinstance(value, str) else value:
            assert RATIONAL.fullmatch(text), text
    path = folder / "smooth_l2.py"
    (claim,) = read_file(path, path.name).claims.values()
    told = {*witness.values, *(witness.path or ())}
    assert told >= {v.name for v in claim.free_variables}
    confirm(claim, witness)
    return witness


def hear_interrupts() -> None:
    """A test run in the background ignores SIGINT, and its children would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_the_example_is_proved_for_every_dimension(tmp_path: Path) -> None:
    document, status = verified(tmp_path, EXAMPLE)
    assert status == 0
    assert set(document) == {"schema", "version", "seed", "results"}
    assert (document["schema"], document["version"], document["seed"]) == (1, "0.1.0", 0)
    (result,) = document["results"]
    assert set(result) == RESULT
    assert result["id"] == "l2-away-from-zero"
    assert result["file"] == "smooth_l2.py"
    assert result["source"] == "Kanai et al. 2021, binary linear case; constant ours"
    assert result["status"] == "proved"
    assert result["domain"] == "every d >= 1, all parameters"
    assert result["witness"] is None
    assert isinstance(result["seconds"], float)
    proofs = [item for item in result["evidence"] if item["status"] == "proved"]
    assert [item["by"] for item in proofs] == ["lipschitz-calculus"]
    assert {"by", "status", "detail", "seconds"} <= set(proofs[0])
    sharpness = result["sharpness"]
    assert set(sharpness) == {"claimed", "attained", "at"}
    assert (
        sharpness["claimed"].replace(" ", "") == "epsilon/rho+(B+epsilon)**2/4"
        or sharpness["claimed"].replace(" ", "") == "(B+epsilon)**2/4+epsilon/rho"
    )
    assert 0.4 < sharpness["attained"] <= 1
    assert set(sharpness["at"]) == {"dimension", "values"}


def test_a_quarter_of_the_turning_is_refuted_by_an_exact_witness(tmp_path: Path) -> None:
    result, status = one(tmp_path, EXAMPLE.replace("eps / rho", "eps/(4*rho)"))
    assert (result["status"], status) == ("refuted", 1)
    witness = confirmed(tmp_path, result)
    names = {"theta", "theta'", "x", "y", "epsilon", "rho", "B"}
    assert set(witness.values) == names
    assert set(result["witness"]) == {"dimension", "values", "lhs", "rhs"}
    assert witness.lhs is not None and witness.rhs is not None
    assert float(witness.lhs) > float(witness.rhs)
    assert all(len(witness.values[name]) == witness.dimension for name in ("theta", "theta'", "x"))


def test_half_of_the_turning_is_never_refuted(tmp_path: Path) -> None:
    result, status = one(tmp_path, EXAMPLE.replace("eps / rho", "eps/(2*rho)"), "--budget", "12")
    assert result["status"] in ("proved", "certified", "survived", "undecided")
    assert status == (0 if result["status"] in ("proved", "certified") else 3)


@pytest.mark.parametrize("constant", ["1000", "10**6 * (B + eps)**2", "None"])
def test_the_box_gradient_has_no_lipschitz_constant(constant: str, tmp_path: Path) -> None:
    claim = f"holds=Lipschitz(gradient, wrt=theta, constant={constant})"
    result, status = one(tmp_path, BOX + f"c = Claim(id='c', given=[norm(x) <= B], {claim})\n")
    assert (result["status"], status) == ("refuted", 1)
    witness = confirmed(tmp_path, result)
    assert (witness.path is not None and witness.limit == "oo") == (constant == "None")


def in_an_orthant(constant: str) -> str:
    holds = f"holds=Lipschitz(gradient, wrt=theta, constant={constant})"
    return BOX + f"c = Claim(id='c', given=[in_orthant(theta, s)], {holds})\n"


def test_in_one_orthant_the_box_gradient_has_its_constant(tmp_path: Path) -> None:
    result, status = one(tmp_path, in_an_orthant("norm(y*x - eps*s)**2 / 4"))
    assert (result["status"], status) == ("proved", 0)
    assert result["domain"] == "every d >= 1, all parameters"


def test_in_one_orthant_the_l2_constant_is_too_small(tmp_path: Path) -> None:
    result, status = one(tmp_path, in_an_orthant("(norm(x) + eps)**2 / 4"))
    assert (result["status"], status) == ("refuted", 1)
    assert confirmed(tmp_path, result).dimension >= 2


def test_a_kink_is_a_point_a_direction_and_two_slopes(tmp_path: Path) -> None:
    holds = "Differentiable(norm(u), u)"
    result, status = one(tmp_path, PLAIN + f"c = Claim(id='c', holds={holds})\n")
    assert (result["status"], status) == ("refuted", 1)
    assert set(result["witness"]) == {"dimension", "values", "h", "left", "right"}
    confirmed(tmp_path, result)


@pytest.mark.parametrize(
    ("relation", "expected", "code"),
    [
        ("norm(u) >= 0", "proved", 0),
        ("norm(u) < 0", "refuted", 1),
        ("symbols('r', positive=True) > 0", "proved", 0),
        ("symbols('r', positive=True) <= 0", "refuted", 1),
    ],
)
def test_a_relation_that_is_settled_as_written_gets_its_verdict(
    relation: str, expected: str, code: int, tmp_path: Path
) -> None:
    result, status = one(tmp_path, PLAIN + f"c = Claim(id='c', holds={relation})\n")
    assert (result["status"], status) == (expected, code)


def test_a_settled_relation_over_nothing_is_vacuous(tmp_path: Path) -> None:
    given = "given=[norm(u) <= -1]"
    result, status = one(tmp_path, PLAIN + f"c = Claim(id='c', {given}, holds=norm(u) >= 0)\n")
    assert (result["status"], status) == ("vacuous", 1)


def test_exit_status_3_where_nobody_could_tell(tmp_path: Path) -> None:
    """(t^2 - 2)^2 is 0 at irrational points only: no rational witness, and yet no theorem."""
    body = "t = symbols('t', real=True)\nc = Claim(id='c', holds=(t**2 - 2)**2 > 0)\n"
    result, status = one(tmp_path, PLAIN + body)
    assert result["status"] in ("survived", "undecided")
    assert status == 3


# A claim that leaves a file behind as soon as somebody works on it, and takes long to decide.
SLOW = """
import pathlib
loaded = False


class Marked(Claim):
    @property
    def free_variables(self):
        if loaded:
            pathlib.Path("started").touch()
        return super().free_variables


slow = Marked(
    id="slow",
    given=away_from_zero.given,
    holds=Lipschitz(loss.gradient(theta, x, y), wrt=theta, constant=(B + eps)**2/4 + eps/(2*rho)),
)
loaded = True
"""


@pytest.mark.skipif(os.name != "posix", reason="sends a signal to a process group")
def test_ctrl_c_shows_the_verdicts_reached(tmp_path: Path) -> None:
    (tmp_path / "smooth_l2.py").write_text(EXAMPLE + SLOW)
    process = subprocess.Popen(
        command("verify", "smooth_l2.py", "--json", "-", "--budget", "200"),
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hear_interrupts,
    )
    try:
        wait_for(tmp_path / "started", process)
        os.killpg(process.pid, signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "Traceback" not in stderr
    assert "interrupted: 1 claims have no verdict" in stderr
    results = json.loads(stdout)["results"]
    assert [(r["id"], r["status"]) for r in results] == [("l2-away-from-zero", "proved")]


def wait_for(path: Path, process: subprocess.Popen[str]) -> None:
    for _ in range(1200):
        if path.exists():
            return
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.1)
    raise TimeoutError(f"expected {path.name} within two minutes")


def test_the_example_is_a_claim() -> None:
    scope: dict[str, Any] = {}
    exec(EXAMPLE, scope)
    assert isinstance(scope["away_from_zero"], Claim)
