r"""A worst attack on a face of a box: free coordinates move, and a vertex adds nothing.

With P the projection on the free coordinates, H, C as for an interior attack and -PHP >= mu P,

.. math:: D\delta^* = (-PHP)^+PC, \qquad
          \nabla^2 l_\epsilon = \nabla^2_{\theta\theta} l + C^\top P(-PHP)^+PC ;

at a vertex P = 0: the formulas say that the attack stands still and adds nothing.
**Identity**, both formulas.
Kinks: none while the face stays.   Shapes: theta, x (d,); H, C (d, d).
Source: Kanai et al. 2021, general case; formulas ours.
"""

from sympy import oo, symbols

from theory import Claim, Equal, NormBall, Vector, hessian, identity, jacobian
from theory.claims import with_mutants
from theory.general import Function, InnerMaximum
from theory.general.functions import block
from theory.linear_maps import inverse_on, linear_map
from theory.loewner_order import LoewnerLe

theta = Vector("theta")
mu, eps = symbols("mu epsilon", positive=True)
model = Function("l", "x", "theta")
worst = InnerMaximum(model, "x", NormBall(oo, eps))
push = worst.inner_gradient(theta)
bend, cross = block(push, "x"), block(push, "theta")
frozen = block(worst.gradient(theta), "theta")
P = linear_map("P", "projection")
SOURCE = "ours; the question is from Kanai et al. 2021, general case"

concave = LoewnerLe(mu * P, P @ -bend @ P)
stands = worst.on_a_face(theta, P)
slope, solved = jacobian(worst.point(theta), theta), inverse_on(-bend, P) @ P @ cross
moves = Claim(
    id="face-attack-jacobian",
    title="On a face of the box the free coordinates of the worst attack move, the others stand",
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
    moves.mutate("on other faces too", False, given=[concave]),
)

whole = hessian(worst.value(theta), theta)
extra = cross.T @ P @ solved
formula = Claim(
    id="face-attack-hessian",
    title="The Hessian of the maximum while the worst attack is on a face of the box",
    given=[concave, *stands],
    holds=Equal(whole, frozen + extra),
    source=SOURCE,
    kind="identity",
)
formula = with_mutants(
    formula,
    formula.mutate("sign flipped", False, holds=Equal(whole, frozen - extra)),
    formula.mutate("attack held fixed", False, holds=Equal(whole, frozen)),
    formula.mutate("half", False, holds=Equal(whole, frozen + extra / 2)),
    formula.mutate("on other faces too", False, given=[concave]),
)
