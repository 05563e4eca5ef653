"""The closed forms of an adversarial loss, derived step by step and checked as they are made.

.. math:: \\max_{\\delta\\in K} \\phi(y\\langle\\theta, x+\\delta\\rangle)
          \\to u(\\theta) \\to \\nabla l_\\epsilon \\to \\nabla^2 l_\\epsilon
          \\to \\text{kinks, jumps}
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Expr, S

from theory import clock
from theory.adversarial_loss import AdversarialLoss
from theory.attack_sets import NormBall, dual_exponent
from theory.claims import Claim
from theory.directional import directional_derivative, gradient_jump
from theory.general.atoms import about_unknowns
from theory.scalars import dot, norm
from theory.statements import Maximizes
from theory.vectors import Label, Vector

THETA, X, Y, DELTA, H = Vector("theta"), Vector("x"), Label("y"), Vector("delta"), Vector("h")


@dataclass(frozen=True)
class Step:
    """One line of a derivation; ``checked`` says which engine confirmed it, if one did."""

    title: str
    formula: Any
    checked: str = ""

    def __str__(self) -> str:
        mark = f"   [{self.checked}]" if self.checked else ""
        return f"{self.title}: {self.formula}{mark}"


def derive(loss: AdversarialLoss, seconds: float = 20.0) -> Iterator[Step]:
    """The derivation of one adversarial loss, in the order in which a paper would write it."""
    phi = loss.loss
    yield Step("loss of the margin", f"phi(m) = {phi.phi}")
    yield Step("phi is", f"{phi.monotonicity()}, {phi.convexity()}", "one-variable")
    yield from _inner_maximum(loss, seconds)
    yield Step("adversarial margin", f"u = {loss.margin(THETA, X, Y)}")
    yield Step("adversarial loss", loss.value(THETA, X, Y))
    yield Step("slopes", f"phi'(m) = {phi.derivative(1)},  phi''(m) = {phi.derivative(2)}")
    yield Step("gradient off the kinks", loss.gradient(THETA, X, Y))
    yield Step("Hessian off the kinks", loss.hessian(THETA, X, Y))
    yield Step("kinks", loss.kinks(THETA))
    yield from _at_kinks(loss)


def _inner_maximum(loss: AdversarialLoss, seconds: float) -> Iterator[Step]:
    attack = loss.attack(THETA, Y)
    away = [norm(THETA) > 0]
    yield Step(
        "upper bound",
        f"<-y*theta, delta> <= {loss.attack_set.support(-Y * THETA)} for delta in "
        f"{loss.attack_set}" + _hoelder(loss),
    )
    objective = loss.loss(Y * dot(THETA, X + DELTA))
    claim = Claim(
        id="inner-maximum",
        given=away,
        holds=Maximizes(attack, objective, wrt=DELTA, over=loss.attack_set),
    )
    yield Step("attained at", f"delta* = {attack}", _confirmed(claim, seconds))


def _hoelder(loss: AdversarialLoss) -> str:
    ball = loss.attack_set
    if not isinstance(ball, NormBall):
        return ""
    return f" (Hoelder with 1/p + 1/q = 1, p = {ball.p}, q = {dual_exponent(ball.p)})"


def _confirmed(claim: Claim, seconds: float) -> str:
    from theory.provers import prove
    from theory.verdicts import Status

    found = prove(claim, clock.now() + seconds)
    proofs = [e.by for e in found if e.status is Status.PROVED]
    return f"proved by {proofs[0]}" if proofs else "not confirmed"


def _at_kinks(loss: AdversarialLoss) -> Iterator[Step]:
    value = loss.value(THETA, X, Y)
    try:
        slope = directional_derivative(value, THETA, H)
        jumps = gradient_jump(value, THETA, H)
    except ValueError as reason:
        yield Step("one-sided derivatives", f"not derived: {reason}")
        return
    yield Step("directional derivative", f"l'(theta; h) = {slope}")
    if loss.loss.convexity() in ("convex", "affine"):
        yield Step("subdifferential", "all g with <g, h> <= l'(theta; h) for every h")
    for atom, jump in jumps.items():
        yield Step(f"jump of the gradient at the kinks of {atom}, direction h", jump)
        yield Step("size of the jump", _size(jump))


def _size(jump: Any) -> Expr:
    size = norm(jump)
    return size if size != S.Zero else S.Zero


def explain(claim: Claim) -> list[str]:
    """The derivations behind a claim: of its adversarial losses, or of its facts at points."""
    if about_unknowns(claim):
        return _at_points(claim)
    lines: list[str] = []
    for loss in claim.about:
        lines.append(f"{loss.loss.name} loss, {loss.attack_set}")
        lines += [str(step) for step in derive(loss)]
    return lines


def _at_points(claim: Claim) -> list[str]:
    """Formulas of implicit derivatives, what the hypotheses say at points, what is to be shown."""
    from theory.general.at_points import Unsuitable, at_points
    from theory.general.implicit import solved

    lines = [step for _, _, argument in solved(claim) for step in argument]
    try:
        plain = at_points(claim)
    except Unsuitable as reason:
        return [*lines, str(reason)]
    cited = dict.fromkeys((*plain.assumptions, *(a for g in plain.grounds.values() for a in g)))
    lines += [f"taken from outside, where used: {a}" for a in cited]
    facts = plain.because.values()
    return [*lines, *plain.steps, *facts, *(f"to show: {r}" for r in plain.relations)]
