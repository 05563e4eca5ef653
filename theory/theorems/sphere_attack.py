r"""A worst attack on the L2 sphere: its Jacobian, the Hessian of the maximum, and their bounds.

With H, C as for an interior attack, lambda the multiplier, P = I - delta delta^T/||delta||^2,
M = lambda I - H and P M P >= mu P,

.. math:: D\delta^* = (PMP)^+PC, \qquad
          \nabla^2 l_\epsilon = \nabla^2_{\theta\theta} l + C^\top P(PMP)^+PC ,

the added term lies between C^T P C/nu, for M <= nu I, and ||C||^2/mu; and mu >= lambda + m for
H <= -m I.
**Tight**: H and C multiples of the identity; the formulas are **identities**.
Kinks: none here.   Shapes: theta, x (d,); H, C (d, d).
Source: Kanai et al. 2021, general case; lower bound ours.
"""

from typing import Any

from sympy import Rational, symbols

from theory import Claim, Equal, NormBall, Vector, hessian, identity, jacobian
from theory.claims import with_mutants
from theory.general import Function, InnerMaximum
from theory.general.functions import block
from theory.linear_maps import inverse, inverse_on, linear_map, off, operator_norm
from theory.loewner_order import LoewnerLe

theta = Vector("theta")
mu, nu, lam, m, Ltx, eps = symbols("mu nu lamda m L_tx epsilon", positive=True)
model = Function("l", "x", "theta")
worst = InnerMaximum(model, "x", NormBall(2, eps))
push = worst.inner_gradient(theta)
bend, cross = block(push, "x"), block(push, "theta")
frozen = block(worst.gradient(theta), "theta")
tangent = off(worst.point(theta))
stands = worst.on_the_sphere(theta, eps, lam)
SOURCE = "Kanai et al. 2021, general case"

curved = lam * identity() - bend
regular = LoewnerLe(mu * tangent, tangent @ curved @ tangent)
slope = jacobian(worst.point(theta), theta)


def solved(inner: Any) -> Any:
    return inverse_on(inner, tangent) @ tangent @ cross


moves = Claim(
    id="sphere-attack-jacobian",
    title="How a worst attack on the L2 sphere moves",
    given=[regular, *stands],
    holds=Equal(slope, solved(curved)),
    source=SOURCE,
    kind="identity",
)
moves = with_mutants(
    moves,
    moves.mutate("sign flipped", False, holds=Equal(slope, -solved(curved))),
    moves.mutate("half", False, holds=Equal(slope, solved(curved) / 2)),
    moves.mutate("off the sphere", False, holds=Equal(slope, inverse(curved) @ cross)),
    moves.mutate("stands still", False, holds=Equal(slope, 0 * identity())),
    moves.mutate("inside too", False, given=[regular]),
)

whole = hessian(worst.value(theta), theta)
extra = cross.T @ tangent @ solved(curved)
formula = Claim(
    id="sphere-attack-hessian",
    title="The Hessian of the maximum while the worst attack is on the L2 sphere",
    given=[regular, *stands],
    holds=Equal(whole, frozen + extra),
    source=SOURCE,
    kind="identity",
)
formula = with_mutants(
    formula,
    formula.mutate("sign flipped", False, holds=Equal(whole, frozen - extra)),
    formula.mutate("half", False, holds=Equal(whole, frozen + extra / 2)),
    formula.mutate("attack held fixed", False, holds=Equal(whole, frozen)),
    formula.mutate(
        "off the sphere", False, holds=Equal(whole, frozen + cross.T @ inverse(curved) @ cross)
    ),
    formula.mutate("inside too", False, given=[regular]),
)

P, M = linear_map("P", "projection"), linear_map("M", "symmetric")
C, H, A = linear_map("C"), linear_map("H", "symmetric"), linear_map("A", "symmetric")
definite, small = LoewnerLe(mu * P, P @ M @ P), operator_norm(C) <= Ltx
added = C.T @ P @ inverse_on(M, P) @ P @ C


def added_at_most(constant: Any) -> LoewnerLe:
    return LoewnerLe(added, constant * identity())


upper = Claim(
    id="sphere-attack-curvature-above",
    title="The curvature added by an attack on a sphere or a face is at most ||C||^2/mu",
    given=[definite, small],
    holds=added_at_most(Ltx**2 / mu),
    source=SOURCE,
    kind="tight",
)
upper = with_mutants(
    upper,
    upper.mutate("a hair less", False, holds=added_at_most(Rational(999, 1000) * Ltx**2 / mu)),
    upper.mutate("not squared", False, holds=added_at_most(Ltx / mu)),
    upper.mutate("mu squared", False, holds=added_at_most(Ltx**2 / mu**2)),
    upper.mutate("any C", False, given=[definite]),
    upper.mutate("none", False, holds=added_at_most(0)),
    upper.mutate("twice", True, holds=added_at_most(2 * Ltx**2 / mu)),
)

positive = Claim(
    id="sphere-attack-curvature-positive",
    title="An attack on a sphere or a face adds curvature and takes none away",
    given=[definite],
    holds=LoewnerLe(A, A + added),
    source="ours",
    kind="tight",
)
positive = with_mutants(
    positive,
    positive.mutate("reversed", False, holds=LoewnerLe(A + added, A)),
    positive.mutate("negative", False, given=[LoewnerLe(P @ M @ P, -mu * P)]),
    positive.mutate("by the identity", False, holds=LoewnerLe(A + identity(), A + added)),
    positive.mutate("twice", True, holds=LoewnerLe(A, A + 2 * added)),
)

bounded = LoewnerLe(M, nu * identity())


def added_at_least(factor: Any, through: Any = P) -> LoewnerLe:
    return LoewnerLe(factor * C.T @ through @ C, added)


lower = Claim(
    id="sphere-attack-curvature-below",
    title="The curvature added by an attack on a sphere or a face is at least C^T P C/nu",
    given=[definite, bounded],
    holds=added_at_least(1 / nu),
    source="ours",
    kind="tight",
)
lower = with_mutants(
    lower,
    lower.mutate("a hair more", False, holds=added_at_least(Rational(1001, 1000) / nu)),
    lower.mutate("with mu", False, holds=added_at_least(1 / mu)),
    lower.mutate("every direction", False, holds=added_at_least(1 / nu, identity())),
    lower.mutate("any curvature", False, given=[definite]),
    lower.mutate("half", True, holds=added_at_least(1 / (2 * nu))),
)


def tangential(constant: Any) -> LoewnerLe:
    return LoewnerLe(constant * P, P @ (lam * identity() - H) @ P)


concave = LoewnerLe(H, -m * identity())
modulus = Claim(
    id="sphere-attack-modulus",
    title="On the sphere the multiplier adds to the modulus of strong concavity",
    given=[concave],
    holds=tangential(lam + m),
    source="ours",
    kind="tight",
)
modulus = with_mutants(
    modulus,
    modulus.mutate("a hair more", False, holds=tangential(lam + Rational(1001, 1000) * m)),
    modulus.mutate("twice", False, holds=tangential(lam + 2 * m)),
    modulus.mutate("any loss", False, given=[]),
    modulus.mutate("convex", False, given=[LoewnerLe(m * identity(), H)]),
    modulus.mutate(
        "convex by less", True, given=[LoewnerLe(H, m * identity())], holds=(tangential(lam - m))
    ),
    modulus.mutate("multiplier alone", True, holds=tangential(lam)),
)
