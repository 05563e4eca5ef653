"""A tape bound to an arithmetic: constants made once, operations looked up once.

.. math:: \\text{inputs} \\mapsto (v_0, \\dots, v_n), \\qquad v_k = \\text{None where undefined}.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from numerics.certificates.arb.tape import Tape


class Program:
    """A tape bound to an arithmetic: ``run(inputs)`` gives the value of every slot."""

    def __init__(self, tape: Tape, arithmetic: Any, roots: Iterable[int]) -> None:
        self.arithmetic = arithmetic
        self.demanded = tape.demanded()
        self._blank: list[Any] = [None] * len(tape.steps)
        self._inputs: list[tuple[int, int]] = []
        self._steps: list[tuple[int, Any, tuple[int, ...], Any]] = []
        for slot in tape.live([*roots, *self.demanded]):
            op, args, extra = tape.steps[slot]
            if op == "const":
                self._blank[slot] = arithmetic.const(extra)
            elif op == "var":
                self._inputs.append((slot, extra))
            else:
                bound = arithmetic.prepare(op, extra)
                self._steps.append((slot, getattr(arithmetic, op), args, bound))

    def __len__(self) -> int:
        return len(self._steps) + 1

    def run(self, inputs: Sequence[Any] | Mapping[int, Any]) -> list[Any]:
        """The values, None where undefined."""
        values = self._blank.copy()
        for slot, index in self._inputs:
            values[slot] = inputs[index]
        for slot, method, where, extra in self._steps:
            args = [values[k] for k in where]
            if None not in args:
                values[slot] = method(extra, args if where else values)
        return values

    def defined(self, values: Sequence[Any]) -> bool:
        """Whether everything outside the pieces of Piecewise has a value."""
        return all(values[s] is not None for s in self.demanded)
