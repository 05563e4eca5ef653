r"""The usual assumption fails for the model it is about: the mixed derivative is unbounded.

For the natural logistic loss l and theta orthogonal to x,

.. math:: \nabla_x\nabla_\theta\, l = \phi'(m)\,y\,I + \phi''(m)\,x\theta^\top, \qquad
          \|\nabla_x\nabla_\theta\, l\ \theta\| \ge \tfrac14\,\|x\|\,\|\theta\|^2,

so no constant L_theta_x = L_x_theta serves every theta, even for one fixed x (d >= 2).

**Lower bound**, with a **counterexample** and the **upper bound** that does hold.   Kinks: none.
Shapes: theta, x (d,); L_theta_x has the unit of theta times x.
Source: ours; the assumption is from Liu et al. 2020.
"""

from typing import Any

from sympy import Eq, sqrt, symbols

from theory import Claim, Label, Lipschitz, Not, Vector, dot, gradient, jacobian, logistic, norm
from theory.claims import with_mutants

theta, x, y = Vector("theta"), Vector("x"), Label("y")
rho, B = symbols("rho B", positive=True)
natural = logistic(y * dot(theta, x))
in_theta, in_x = gradient(natural, theta), gradient(natural, x)
moved = norm(jacobian(in_theta, x) @ theta)
SOURCE = "ours; the assumption is from Liu et al. 2020"

unbounded = Claim(
    id="mixed-derivative-unbounded",
    title="The input gradient of the natural logistic loss is not Lipschitz in theta",
    holds=Not(Lipschitz(in_x, wrt=theta)),
    source=SOURCE,
    dimensions=(2, 3),
    kind="counterexample",
)
unbounded = with_mutants(
    unbounded,
    unbounded.mutate("on the line", False, dimensions=(1,)),
    unbounded.mutate("bounded parameters", False, given=[norm(theta) <= rho]),
    unbounded.mutate("parameter gradient", False, holds=Not(Lipschitz(in_theta, wrt=theta))),
    unbounded.mutate("parameter gradient in x", True, holds=Not(Lipschitz(in_theta, wrt=x))),
    unbounded.mutate(
        "parameter gradient in bounded x",
        False,
        given=[norm(x) <= B],
        holds=Not(Lipschitz(in_theta, wrt=x)),
    ),
)

size = norm(x) * norm(theta) ** 2 / 4
grows = Claim(
    id="mixed-derivative-grows",
    title="Across x the mixed derivative is at least ||x|| ||theta||/4",
    given=[Eq(dot(theta, x), 0)],
    holds=moved >= size,
    source=SOURCE,
    kind="lower",
)
grows = with_mutants(
    grows,
    grows.mutate("twice", False, holds=moved >= 2 * size),
    grows.mutate("cubed", False, holds=moved >= size * norm(theta)),
    grows.mutate("any theta", False, given=()),
    grows.mutate("both terms", False, holds=moved >= size + norm(theta) / 2),
    grows.mutate(
        "root of both squares", True, holds=Eq(moved, sqrt(size**2 + norm(theta) ** 2 / 4))
    ),
    grows.mutate("strict", False, holds=moved > size),
    grows.mutate("below one", False, holds=moved <= norm(theta)),
)


def bounded_by(constant: Any) -> Lipschitz:
    return Lipschitz(in_theta, wrt=x, constant=constant)


holds_locally = Claim(
    id="mixed-derivative-bounded",
    title="For ||x|| <= B the parameter gradient is (1 + B ||theta||/4)-Lipschitz in x",
    given=[norm(x) <= B],
    holds=bounded_by(1 + B * norm(theta) / 4),
    source="ours",
    kind="upper",
)
holds_locally = with_mutants(
    holds_locally,
    holds_locally.mutate("x unbounded", False, given=()),
    holds_locally.mutate("constant one", False, holds=bounded_by(1)),
    holds_locally.mutate("without the one", False, holds=bounded_by(B * norm(theta) / 4)),
    holds_locally.mutate("an eighth", False, holds=bounded_by(1 + B * norm(theta) / 8)),
    holds_locally.mutate("norm of theta dropped", False, holds=bounded_by(1 + B / 4)),
    holds_locally.mutate("a third", True, holds=bounded_by(1 + B * norm(theta) / 3)),
)
