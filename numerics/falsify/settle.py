"""From an exact point to a refutation: outside, fine, on a kink, or a witness made readable."""

from __future__ import annotations

from dataclasses import dataclass

from numerics.falsify.confirm import Broken, broken, satisfies
from numerics.falsify.kinks import all_nonzero
from numerics.falsify.outcomes import Refutation
from numerics.falsify.problem import Problem
from numerics.falsify.rationalise import long_floats, off_guards
from numerics.falsify.repair_plan import Repairs
from numerics.falsify.repairs import Point
from numerics.falsify.shrink import shrink
from numerics.falsify.witnesses import witness
from theory import clock

TOUCHING = 1e-15  # a violation that longdouble may miss
SHRINKING = 1.5  # seconds


@dataclass
class Settler:
    """Settles exact points of one problem; ``on_kink`` is the first witness at a convention."""

    problem: Problem
    repairs: Repairs
    on_kink: Refutation | None = None

    def settle(self, point: Point, deadline: float) -> Refutation | None:
        """The refutation at an exact point, or next to it where the point lies on a kink."""
        if self.hopeless(point) or not satisfies(self.problem, point):
            return None
        found = broken(self.problem, point, 1024)
        if found is None and not self.smooth_at(point):
            for beside in off_guards(self.problem, point):
                if satisfies(self.problem, beside):
                    point, found = beside, found or broken(self.problem, beside, 1024)
                if found is not None:
                    break
        if found is None or (found.on_kink and self.on_kink is not None):
            return None
        return self._refutation(point, found, deadline)

    def smooth_at(self, point: Point) -> bool:
        """Whether the point certainly lies on no kink that a goal guards against."""
        return all(all_nonzero(g.guards, point) for g in self.problem.goals)

    def _refutation(self, point: Point, found: Broken, deadline: float) -> Refutation | None:
        """The witness, made readable; one on a kink is only kept for want of a better."""
        until = min(deadline, clock.now() + SHRINKING)
        point, found = shrink(self.problem, self.repairs, point, found, until)
        detail = _sentence(self.problem, found)
        hit = Refutation(witness(self.problem, point, found), detail, found.severity, found.on_kink)
        self.on_kink = self.on_kink or (hit if hit.on_kink else None)
        return None if hit.on_kink else hit

    def hopeless(self, point: Point) -> bool:
        """Whether no rounding could hide a violation there, or could hide that it is outside."""
        rows = long_floats(self.problem, [point])
        if self.problem.slack(rows)[0] < -TOUCHING:
            return True
        return bool(self.problem.violation(rows, noise=-1.0)[0] < -TOUCHING)


def _sentence(problem: Problem, found: Broken) -> str:
    where = f" ({found.goal.what})" if found.goal.what else ""
    kink = "; it lies where sign(0) = 0 is used" if found.on_kink else ""
    return (
        f"an exact rational point in dimension {problem.dimension} satisfies the hypotheses and "
        f"violates the statement{where}; confirmed by ball arithmetic{kink}"
    )
