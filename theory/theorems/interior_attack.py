r"""A worst attack inside its set: its Jacobian, the Hessian of the maximum, and their bounds.

With H = hess_xx l, C = hess_xtheta l at the worst attack and -H >= mu I,

.. math:: D\delta^* = (-H)^{-1}C, \qquad
          \nabla^2 l_\epsilon = \nabla^2_{\theta\theta} l + C^\top(-H)^{-1}C, \qquad
          0 \preceq C^\top(-H)^{-1}C \preceq \tfrac{\|C\|^2}{\mu} I ,

and C^T (-H)^{-1} C >= C^T C/nu for -H <= nu I.  The Hessian with the attack held fixed is too
small.
**Tight**: l = (a/2) theta^2 + b theta x - (mu/2) x^2; the formulas are **identities**.
Kinks: none here.   Shapes: theta, x (d,); H, C (d, d).
Source: Kanai et al. 2021, general case; lower bound ours.
"""

from typing import Any

from sympy import Rational, symbols

from theory import Claim, Equal, Vector, dot, hessian, identity, jacobian, norm
from theory.claims import with_mutants
from theory.general import Function, InnerMaximum
from theory.general.functions import block
from theory.general.inner_maximum import ConvexSet
from theory.linear_maps import inverse, linear_map, operator_norm
from theory.loewner_order import LoewnerLe

theta, h = Vector("theta"), Vector("h")
mu, nu, Ltt, Ltx = symbols("mu nu L_tt L_tx", positive=True)
model = Function("l", "x", "theta")
worst = InnerMaximum(model, "x", ConvexSet("K"))
push = worst.inner_gradient(theta)
bend, cross = block(push, "x"), block(push, "theta")
frozen = block(worst.gradient(theta), "theta")
stands = worst.in_the_interior(theta)
SOURCE = "Kanai et al. 2021, general case"

concave = LoewnerLe(mu * identity(), -bend)
slope, solved = jacobian(worst.point(theta), theta), inverse(-bend) @ cross
moves = Claim(
    id="interior-attack-jacobian",
    title="An interior worst attack moves by minus the inverse Hessian times the mixed derivative",
    given=[concave, *stands],
    holds=Equal(slope, solved),
    source=SOURCE,
    kind="identity",
)
moves = with_mutants(
    moves,
    moves.mutate("sign flipped", False, holds=Equal(slope, -solved)),
    moves.mutate("half", False, holds=Equal(slope, solved / 2)),
    moves.mutate("stands still", False, holds=Equal(slope, 0 * identity())),
    moves.mutate("on the border too", False, given=[concave]),
    moves.mutate("multiplied out", True, holds=Equal(-bend @ slope, cross)),
)

whole = hessian(worst.value(theta), theta)
extra = cross.T @ solved
formula = Claim(
    id="interior-attack-hessian",
    title="The Hessian of the maximum is a Schur complement while the attack is interior",
    given=[concave, *stands],
    holds=Equal(whole, frozen + extra),
    source=SOURCE,
    kind="identity",
)
formula = with_mutants(
    formula,
    formula.mutate("sign flipped", False, holds=Equal(whole, frozen - extra)),
    formula.mutate("half", False, holds=Equal(whole, frozen + extra / 2)),
    formula.mutate("attack held fixed", False, holds=Equal(whole, frozen)),
    formula.mutate("extra alone", False, holds=Equal(whole, extra)),
    formula.mutate("on the border too", False, given=[concave]),
)

form = dot(h, whole @ h)
underestimated = Claim(
    id="interior-attack-frozen-hessian",
    title="Holding an interior worst attack fixed underestimates the curvature",
    given=[concave, *stands],
    holds=dot(h, frozen @ h) <= form,
    source="ours",
    kind="tight",
)
underestimated = with_mutants(
    underestimated,
    underestimated.mutate("overestimates", False, holds=dot(h, frozen @ h) >= form),
    underestimated.mutate("strictly", False, holds=dot(h, frozen @ h) < form),
    underestimated.mutate("by half", False, holds=2 * dot(h, frozen @ h) <= form),
    underestimated.mutate("extra alone", True, holds=dot(h, extra @ h) >= 0),
)

limits = [operator_norm(cross) <= Ltx, LoewnerLe(frozen, Ltt * identity())]


def at_most(constant: Any) -> Any:
    return form <= constant * norm(h) ** 2


bounded = Claim(
    id="interior-attack-hessian-bound",
    title="The Hessian of the maximum is at most L_tt + L_tx^2/mu at an interior worst attack",
    given=[concave, *stands, *limits],
    holds=at_most(Ltt + Ltx**2 / mu),
    source=SOURCE,
    kind="tight",
)
bounded = with_mutants(
    bounded,
    bounded.mutate("a hair less", False, holds=at_most(Ltt + Rational(999, 1000) * Ltx**2 / mu)),
    bounded.mutate("natural", False, holds=at_most(Ltt)),
    bounded.mutate("extra alone", False, holds=at_most(Ltx**2 / mu)),
    bounded.mutate("not squared", False, holds=at_most(Ltt + Ltx / mu)),
    bounded.mutate("mixed unknown", False, given=[concave, *stands, limits[1]]),
    bounded.mutate("twice", True, holds=at_most(Ltt + 2 * Ltx**2 / mu)),
)

C, H, A = linear_map("C"), linear_map("H", "symmetric"), linear_map("A", "symmetric")
definite, small = LoewnerLe(mu * identity(), -H), operator_norm(C) <= Ltx
added = C.T @ inverse(-H) @ C


def added_at_most(constant: Any) -> LoewnerLe:
    return LoewnerLe(added, constant * identity())


upper = Claim(
    id="interior-attack-curvature-above",
    title="C^T (-H)^-1 C is at most ||C||^2/mu",
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
    upper.mutate("negative", False, holds=added_at_most(0)),
    upper.mutate("twice", True, holds=added_at_most(2 * Ltx**2 / mu)),
)

positive = Claim(
    id="interior-attack-curvature-positive",
    title="The attack adds curvature and takes none away",
    given=[definite],
    holds=LoewnerLe(A, A + added),
    source="ours",
    kind="tight",
)
positive = with_mutants(
    positive,
    positive.mutate("reversed", False, holds=LoewnerLe(A + added, A)),
    positive.mutate("convex in x", False, given=[LoewnerLe(mu * identity(), H)]),
    positive.mutate("by the identity", False, holds=LoewnerLe(A + identity(), A + added)),
    positive.mutate("twice", True, holds=LoewnerLe(A, A + 2 * added)),
)

curved = LoewnerLe(-H, nu * identity())


def added_at_least(factor: Any) -> LoewnerLe:
    return LoewnerLe(factor * C.T @ C, added)


lower = Claim(
    id="interior-attack-curvature-below",
    title="The added curvature is at least C^T C/nu for -H <= nu",
    given=[definite, curved],
    holds=added_at_least(1 / nu),
    source="ours",
    kind="tight",
)
lower = with_mutants(
    lower,
    lower.mutate("a hair more", False, holds=added_at_least(Rational(1001, 1000) / nu)),
    lower.mutate("with mu", False, holds=added_at_least(1 / mu)),
    lower.mutate("squared", False, holds=added_at_least(1 / nu**2)),
    lower.mutate("any curvature", False, given=[definite]),
    lower.mutate("half", True, holds=added_at_least(1 / (2 * nu))),
)
