"""The solvers' own process: one JSON request a line in, one JSON answer a line out.

Run as a script; it imports neither SymPy nor the package, so that it starts fast and can be
killed at any moment.  Request {"solver", "text", "seconds"}; answer {"answer", "core", "model"}.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any


def z3_answer(text: str, seconds: float) -> dict[str, Any]:
    """Satisfiability by z3, with the indices of an unsatisfiable core or a model."""
    import z3

    assertions = z3.parse_smt2_string(text)
    solver = z3.SolverFor("QF_NRA")
    solver.set("timeout", max(1, int(1000 * seconds)))
    solver.add(assertions)
    answer = str(solver.check())
    if answer != "sat":
        return {"answer": answer}
    model = solver.model()
    constants = [d for d in model.decls() if d.arity() == 0]
    return {"answer": answer, "model": {str(d): _number(z3, model[d]) for d in constants}}


def z3_core(text: str, seconds: float) -> dict[str, Any]:
    """The indices of assertions that already contradict each other, according to z3."""
    import z3

    solver = z3.SolverFor("QF_NRA")
    solver.set("timeout", max(1, int(1000 * seconds)))
    for i, assertion in enumerate(z3.parse_smt2_string(text)):
        solver.assert_and_track(assertion, f"core!{i}")
    answer = str(solver.check())
    names = [str(name) for name in solver.unsat_core()] if answer == "unsat" else []
    return {"answer": answer, "core": sorted(int(name.split("!")[1]) for name in names)}


def _number(z3: Any, value: Any) -> str:
    """An exact rational, or a close one for an algebraic number."""
    if not z3.is_rational_value(value):
        value = value.approx(12)
    return f"{value.numerator_as_long()}/{value.denominator_as_long()}"


def cvc5_answer(text: str, seconds: float) -> dict[str, Any]:
    """Satisfiability by cvc5 with cylindrical algebraic coverings."""
    import cvc5

    solver = cvc5.Solver()
    for option, value in (
        ("nl-cov", "true"),
        ("nl-ext", "light"),
        ("tlimit-per", str(max(1, int(1000 * seconds)))),
    ):
        solver.setOption(option, value)
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "problem")
    symbols, answer = parser.getSymbolManager(), ""
    while not (command := parser.nextCommand()).isNull():
        answer = str(command.invoke(solver, symbols)).strip() or answer
    return {"answer": answer}


SOLVERS = {"z3": z3_answer, "z3-core": z3_core, "cvc5": cvc5_answer}


def main() -> None:
    for line in sys.stdin:
        request, start = json.loads(line), time.process_time()
        try:
            answer = SOLVERS[request["solver"]](request["text"], request["seconds"])
        except Exception as error:
            answer = {"answer": "error", "message": f"{type(error).__name__}: {error}"}
        answer["worked"] = time.process_time() - start
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
