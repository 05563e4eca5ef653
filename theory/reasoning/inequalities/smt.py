"""Two solvers on one text: a refutation counts only if z3 and cvc5 both answer unsat.

Wrong answers of either are on record (z3#7174, cvc5#12926), so neither is trusted alone.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sympy.polys.rings import PolyElement, PolyRing

from theory import clock
from theory.reasoning.inequalities.formulas import Every, Formula, Literal

_GRACE = 1.0  # seconds a solver may overrun its own limit before its process is killed


class _Worker:
    """A process that runs the solvers; restarted after a kill, never shared across a fork."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.lock = threading.Lock()
        self.process = subprocess.Popen(
            [sys.executable, "-I", str(Path(__file__).with_name("worker.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def ask(self, request: Mapping[str, Any], limit: float) -> dict[str, Any]:
        with self.lock:
            stdin, stdout = self.process.stdin, self.process.stdout
            assert stdin is not None and stdout is not None
            try:
                stdin.write(json.dumps(request).encode() + b"\n")
                stdin.flush()
                if not select.select([stdout], [], [], limit)[0]:
                    self.close()
                    return {"answer": "timeout"}
                return dict(json.loads(stdout.readline()))
            except BaseException:
                self.close()  # an answer left in the pipe must never meet the next question
                raise

    def alive(self) -> bool:
        return self.owner == os.getpid() and self.process.poll() is None

    def close(self) -> None:
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()


_worker: _Worker | None = None


def ask(solver: str, text: str, seconds: float) -> dict[str, Any]:
    """What one solver says about a text; any failure is an answer other than sat and unsat."""
    global _worker
    try:
        if _worker is None or not _worker.alive():
            _worker = _Worker()
            atexit.register(_worker.close)
            _worker.ask({"solver": "none", "text": "", "seconds": 0}, 30.0)  # start-up time
        limit = clock.on_the_wall(seconds)
        start = time.monotonic()
        answer = _worker.ask({"solver": solver, "text": text, "seconds": limit}, limit + _GRACE)
        clock.waited(answer.get("worked", time.monotonic() - start))
        return answer
    except (OSError, ValueError) as error:
        _worker = None
        return {"answer": "error", "message": str(error)}


def refutation(
    ring: PolyRing, formulas: Sequence[Formula], seconds: float
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """(certificate, z3's first answer); the certificate is None unless both say unsat."""
    first = ask("z3", problem_text(ring, formulas), seconds)
    if first["answer"] != "unsat":
        return None, first
    agreed = _agreed(ring, formulas, seconds)
    if agreed is None and (core := _core(ring, formulas, seconds)):
        agreed = _agreed(ring, core, seconds)
    return agreed, first


def _agreed(ring: PolyRing, formulas: Sequence[Formula], seconds: float) -> dict[str, Any] | None:
    text = problem_text(ring, formulas)
    answers = {}
    for solver in ("z3", "cvc5"):
        answers[solver] = ask(solver, text, seconds)["answer"]
        if answers[solver] != "unsat":
            return None
    return {"rule": "smt", "formulas": tuple(formulas), "text": text, "answers": answers}


def _core(ring: PolyRing, formulas: Sequence[Formula], seconds: float) -> list[Formula]:
    """The assertions of z3's core, when fewer: a weaker problem, often easier for cvc5."""
    answer = ask("z3-core", problem_text(ring, formulas), seconds)
    core = answer.get("core") or []
    return [formulas[i] for i in core] if len(core) < len(formulas) else []


def problem_text(ring: PolyRing, formulas: Sequence[Formula]) -> str:
    """SMT-LIB text that asks whether the formulas have a common real solution."""
    names = [str(g) for g in ring.symbols]
    used = {i for f in formulas for p in _values(f) for m in p for i, e in enumerate(m) if e}
    lines = ["(set-logic QF_NRA)"]
    lines += [f"(declare-const {names[i]} Real)" for i in sorted(used)]
    lines += [f"(assert {formula_text(f, names)})" for f in formulas]
    return "\n".join([*lines, "(check-sat)", ""])


def _values(formula: Formula) -> list[PolyElement]:
    if isinstance(formula, Literal):
        return [formula.value]
    return [p for part in formula.parts for p in _values(part)]


def formula_text(formula: Formula, names: Sequence[str]) -> str:
    if isinstance(formula, Literal):
        p = polynomial_text(formula.value, names)
        return f"(not (= {p} 0))" if formula.op == "!=" else f"({formula.op} {p} 0)"
    if not formula.parts:
        return "true" if isinstance(formula, Every) else "false"
    word = "and" if isinstance(formula, Every) else "or"
    return f"({word} {' '.join(formula_text(part, names) for part in formula.parts)})"


def polynomial_text(p: PolyElement, names: Sequence[str]) -> str:
    terms = [_term_text(monomial, c, names) for monomial, c in p.terms()]
    if not terms:
        return "0"
    return terms[0] if len(terms) == 1 else f"(+ {' '.join(terms)})"


def _term_text(monomial: Sequence[int], c: Any, names: Sequence[str]) -> str:
    size = f"{abs(c.numerator)}"
    if c.denominator != 1:
        size = f"(/ {size} {c.denominator})"
    number = f"(- {size})" if c.numerator < 0 else size
    powers = [name for name, e in zip(names, monomial, strict=True) for _ in range(e)]
    return number if not powers else f"(* {' '.join([number, *powers])})"
