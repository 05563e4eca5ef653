"""Which hypotheses describe a convex set of some variables, read off a tape.

.. math:: \\{\\theta : c - \\|A\\theta + b\\|_p \\ge 0\\}, \\quad
          \\{\\theta : a^\\top\\theta \\ge c\\}.

A statement about pairs needs the whole segment between two points: only such hypotheses may be
used on it.
"""

from __future__ import annotations

from numerics.certificates.decimals.tape import Tape


class Convexity:
    """Shapes of registers as functions of some inputs, the others held fixed."""

    def __init__(self, tape: Tape, moving: int) -> None:
        self.tape, self.moving = tape, moving

    def depends(self, register: int) -> bool:
        return bool(self.tape.depends[register] & self.moving)

    def affine(self, register: int) -> bool:
        """Whether the register is an affine function."""
        if not self.depends(register):
            return True
        name, args, _ = self.tape.operations[register]
        if name == "mul":
            moving = [a for a in args if self.depends(a)]
            return len(moving) == 1 and self.affine(moving[0])
        return name == "input" or (name == "linear" and all(self.affine(a) for a in args))

    def convex(self, register: int, sign: int = 1) -> bool:
        """Whether sign times the register is a convex function."""
        if self.affine(register):
            return True
        name, args, extra = self.tape.operations[register]
        if name == "linear":
            signs = [sign if q > 0 else -sign for q in extra[0]]
            return all(self.convex(a, s) for a, s in zip(args, signs, strict=True))
        if name in ("max", "min"):
            return (sign > 0) == (name == "max") and all(self.convex(a, sign) for a in args)
        bends_up = name in ("abs", "norm") or (name == "powi" and extra > 0 and extra % 2 == 0)
        return sign > 0 and bends_up and all(self.affine(a) for a in args)

    def convex_set(self, condition: int) -> bool:
        """Whether the condition holds on a convex set."""
        if not self.depends(condition):
            return True
        name, args, _ = self.tape.operations[condition]
        if name == "and":
            return all(self.convex_set(a) for a in args)
        if name in ("nonneg", "pos"):
            return self.convex(args[0], -1)
        if name == "not":
            inner, parts, _ = self.tape.operations[args[0]]
            return inner in ("nonneg", "pos") and self.convex(parts[0])
        return name == "zero" and self.affine(args[0])

    def conjuncts(self, condition: int) -> list[int]:
        """The parts of a conjunction that hold on convex sets."""
        name, args, _ = self.tape.operations[condition]
        if name == "and":
            return [part for a in args for part in self.conjuncts(a)]
        return [condition] if self.convex_set(condition) else []
