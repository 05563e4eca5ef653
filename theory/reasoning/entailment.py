"""Does a scalar relation between vectors follow from hypotheses, in every dimension?

Labels are split into cases, vectors are reduced to invariants, and what is left is a question
about finitely many real numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sympy import Dummy, Eq, Ne, S, Symbol, expand, expand_mul, fraction, simplify, together
from sympy.core.relational import Ge, Gt, Le, Lt, Relational
from sympy.logic.boolalg import Boolean

from theory import clock
from theory.reasoning.invariants import Reduction, label_cases
from theory.scalars import variables
from theory.vectors import Label

LEVEL_SHARES = {-1: 0.5, 0: 0.6, 1: 0.6, 2: 1.0}  # of the time left, for each helping of facts


@dataclass(frozen=True)
class Entailment:
    """A readable argument and the certificate material behind it."""

    steps: tuple[str, ...]
    data: dict[str, Any] = field(default_factory=dict)


def entailed(given: Any, goal: Any, deadline: float | None = None) -> Entailment | None:
    """A proof that every point of ``given`` satisfies ``goal``, for every d >= 1."""
    alone = _one_variable(given, goal, deadline)
    if alone is not None:
        return alone
    steps: list[str] = []
    certificates = []
    for case in label_cases(goal, *given):
        proof = _in_case([g.xreplace(case) for g in given], goal.xreplace(case), deadline)
        if proof is None:
            return None
        where = ", ".join(f"{y} = {v}" for y, v in case.items())
        steps += [f"case {where}:"] * bool(case) + list(proof.steps)
        certificates.append({"case": {str(y): str(v) for y, v in case.items()}, **proof.data})
    return Entailment(tuple(steps), {"cases": certificates})


def _one_variable(given: Any, goal: Any, deadline: float | None) -> Entailment | None:
    """A goal about one real variable, on the interval that its own hypotheses cut out."""
    from theory.reasoning.one_variable import prove_nonnegative
    from theory.reasoning.slopes import domain_of

    if not isinstance(goal, Relational) or isinstance(goal, Eq) or len(variables(goal)) != 1:
        return None
    (z,) = variables(goal)
    if not isinstance(z, Symbol) or isinstance(z, Label):
        return None
    domain = domain_of(z, [g for g in given if variables(g) == (z,)])
    if domain is None:
        return None
    strict = isinstance(goal, Gt | Lt | Ne)
    gaps = [goal.lhs - goal.rhs] if isinstance(goal, Ne | Ge | Gt) else [goal.rhs - goal.lhs]
    for gap in gaps + ([-gaps[0]] if isinstance(goal, Ne) else []):
        proof = prove_nonnegative(gap, z, domain, strict=strict, deadline=deadline)
        if proof is not None:
            return Entailment((f"{goal} for {z} in {domain}", *proof.steps), dict(proof.data))
    return None


def _in_case(given: list[Any], goal: Any, deadline: float | None) -> Entailment | None:
    from theory.reasoning.inequalities import entails

    if goal is S.true:
        return Entailment((f"{goal} as written",), {"method": "evaluation"})
    reduction = Reduction(given)
    target, hypotheses = reduction.scalar(goal), reduction.hypotheses()
    if target is S.true:
        return Entailment((f"{goal}: true in normal form",), {"method": "normal form"})
    if isinstance(target, Eq) and _is_identity(target, reduction):
        return Entailment((f"{target}: an identity of Gram forms",), {"method": "identity"})
    squared = _squared(target, reduction, hypotheses, deadline)
    if squared is not None:
        return squared
    scaled = _with_products(target, hypotheses, reduction, _share(deadline, 0.5))
    if scaled is not None:
        return scaled
    before: list[Any] | None = None
    until: float | None = None
    for level, share in LEVEL_SHARES.items():
        if deadline is not None and clock.now() > deadline:
            return None
        facts = [*hypotheses, *reduction.background(level)]
        if facts == before and (until is None or clock.now() < until):
            continue  # more time would not help: the last attempt did not use up its own
        before, until = facts, _share(deadline, share)
        proof = entails([f for f in facts if f is not S.true], target, deadline=until)
        if proof is not None:
            return Entailment(
                _plain(f"to show: {target}", *proof.steps),
                {"method": proof.method, **dict(proof.data)},
            )
    return None


def _with_products(
    target: Any, hypotheses: list[Any], reduction: Reduction, deadline: float | None
) -> Entailment | None:
    """epsilon ||theta|| as one number >= 0, where epsilon > 0 occurs in nothing else."""
    from theory.reasoning.inequalities import entails

    facts, goal, notes = hypotheses, target, []
    for q in sorted((s for s in target.free_symbols if s.is_positive), key=str):
        for n in [n for n in reduction.names.values() if n.is_nonnegative and goal.has(n)]:
            product = Dummy(f"{q}*{n}", nonnegative=True)
            changed = [_multiplied_out(f.xreplace({n: product / q})) for f in (goal, *facts)]
            if not any(f.has(q) for f in changed):
                goal, *facts = changed
                notes.append(f"{product} stands for {q}*{n}")
                break
    proof = entails(facts, goal, deadline=deadline) if notes else None
    if proof is None:
        return None
    steps = _plain(f"to show: {target}", *notes, *proof.steps)
    return Entailment(steps, {"method": proof.method, **dict(proof.data)})


def _multiplied_out(f: Any) -> Any:
    return f.func(*map(expand_mul, f.args)) if isinstance(f, Relational) else f


def _squared(
    target: Any, reduction: Reduction, hypotheses: list[Any], deadline: float | None
) -> Entailment | None:
    """N <= b for a compound 2-norm N and b >= 0: compare the squares, N^2 a Gram form."""
    from theory.reasoning.inequalities import entails

    if not isinstance(target, Le | Ge):
        return None
    small, big = target.lts, target.gts
    written_out = reduction.expanded(small**2)
    if not (small.is_nonnegative and big.is_nonnegative) or written_out == small**2:
        return None
    goal = expand(written_out) <= expand(reduction.expanded(big**2))
    facts = [f for f in (*hypotheses, *reduction.background()) if f is not S.true]
    squares = (f"to show: {target}", f"both sides are >= 0, squared: {goal}")
    at_ends = _at_ends(goal, reduction, facts, _share(deadline, 0.2))
    if at_ends is not None:
        return Entailment((*_plain(*squares), *at_ends.steps), at_ends.data)
    proof = entails(facts, goal, deadline=_share(deadline, 0.4))
    if proof is None:
        return None
    steps = _plain(*squares, *proof.steps)
    return Entailment(steps, {"method": proof.method, **dict(proof.data)})


def _at_ends(
    goal: Any, reduction: Reduction, facts: list[Any], deadline: float | None
) -> Entailment | None:
    """Both extreme values of an inner product that the goal is affine in."""
    from theory.reasoning.inequalities import entails
    from theory.reasoning.inner_products import extreme_goals

    for note, goals, known in extreme_goals(goal, reduction, facts):
        proofs = []
        for g in goals:
            proof = entails(known, g, deadline=deadline)
            if proof is None:
                break
            proofs.append((g, proof))
        if len(proofs) == len(goals):
            steps = [note, *(s for g, p in proofs for s in (f"show {g}", *p.steps))]
            data = {"method": "ends of an inner product", "ends": [dict(p.data) for _, p in proofs]}
            return Entailment(_plain(*steps), data)
    return None


def _share(deadline: float | None, part: float) -> float | None:
    now = clock.now()
    return None if deadline is None else now + part * (deadline - now)


def _is_identity(target: Any, reduction: Reduction) -> bool:
    """a = b, or a^2 = b^2 for non-negative a and b, once compound norms are multiplied out."""
    left, right = target.lhs, target.rhs
    differences = [left - right]
    if left.is_nonnegative and right.is_nonnegative:
        differences.append(left**2 - right**2)
    for difference in differences:
        numerator, _ = fraction(together(reduction.expanded(expand(difference))))
        if expand(numerator) == 0:
            return True
    return False


def contradiction(given: Any, deadline: float | None = None) -> Entailment | None:
    """A proof that nothing satisfies ``given``, in any dimension."""
    return entailed(given, S.false, deadline)


def equal_scalars(a: Any, b: Any, given: Any, deadline: float | None = None) -> Entailment | None:
    """A proof of a = b under ``given``."""
    if a == b or simplify(a - b) == 0:
        return Entailment((f"{a} = {b} by simplification",), {"method": "identity"})
    return entailed(given, Eq(a, b), deadline)


def pair_hypotheses(given: Any, wrt: Any, other: Any) -> tuple[Boolean, ...]:
    """The hypotheses at both points of a pair."""
    both = [*given, *(g.xreplace({wrt: other}) for g in given)]
    return tuple(dict.fromkeys(both))


def _plain(*steps: str) -> tuple[str, ...]:
    """Names of norms and inner products without the mark of a dummy symbol."""
    return tuple(s.replace("_norm(", "norm(").replace("_dot(", "dot(") for s in steps)
