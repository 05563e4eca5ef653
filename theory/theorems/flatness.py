r"""Flatness in the input against smoothness in the parameters, from both sides.

For an attack on the L2 sphere with M = (||grad_x l||/eps) I - H, mu P <= P M P and M <= nu I, P
across the attack, the curvature that it adds obeys

.. math:: \frac{\sigma^2}{\nu} \le
          \frac{\langle h, C^\top P(PMP)^+PC\,h\rangle}{\|h\|^2} \le \frac{\|C\|^2}{\mu}
          \qquad \text{for } \|PCh\| \ge \sigma\|h\| .

A flatter loss, with smaller gradient and curvature in x, makes M smaller and so has more curvature
in theta, as long as its mixed derivative does not shrink.
**Tight** on both sides: multiples of the identity.   Kinks: none here.
Shapes: h (d,); H, C (d, d); M, mu, nu have the unit of l/x^2.
Source: ours; the relation is from Kanai et al. 2021, general case.
"""

from typing import Any

from sympy import Rational, symbols

from theory import Claim, Vector, dot, identity, norm
from theory.claims import with_mutants
from theory.linear_maps import inverse_on, linear_map, operator_norm
from theory.loewner_order import LoewnerLe

h = Vector("h")
mu, nu, sigma, Ltt, Ltx = symbols("mu nu sigma L_tt L_tx", positive=True)
P, M = linear_map("P", "projection"), linear_map("M", "symmetric")
C, A = linear_map("C"), linear_map("A", "symmetric")
SOURCE = "ours; the relation is from Kanai et al. 2021, general case"

definite, limited = LoewnerLe(mu * P, P @ M @ P), LoewnerLe(M, nu * identity())
mixed = norm(P @ C @ h) >= sigma * norm(h)
weakly = LoewnerLe(-Ltt * identity(), A)
added = C.T @ P @ inverse_on(M, P) @ P @ C


def more_than(constant: Any, form: Any = added) -> Any:
    return dot(h, form @ h) >= constant * norm(h) ** 2


below = Claim(
    id="flatness-adds-curvature",
    title="A mixed derivative of at least sigma adds a curvature of at least sigma^2/nu",
    given=[definite, limited, mixed],
    holds=more_than(sigma**2 / nu),
    source=SOURCE,
    kind="tight",
)
below = with_mutants(
    below,
    below.mutate("a hair more", False, holds=more_than(Rational(1001, 1000) * sigma**2 / nu)),
    below.mutate("with mu", False, holds=more_than(sigma**2 / mu)),
    below.mutate("not squared", False, holds=more_than(sigma / nu)),
    below.mutate("nu squared", False, holds=more_than(sigma**2 / nu**2)),
    below.mutate("any mixed derivative", False, given=[definite, limited]),
    below.mutate("not limited", False, given=[definite, mixed]),
    below.mutate("half", True, holds=more_than(sigma**2 / (2 * nu))),
)


product = Claim(
    id="flatness-needed-for-curvature",
    title="An attack that adds the curvature sigma needs mu <= L_tx^2/sigma",
    given=[
        definite,
        operator_norm(C) <= Ltx,
        norm(h) > 0,
        dot(h, added @ h) >= sigma * norm(h) ** 2,
    ],
    holds=mu * sigma <= Ltx**2,
    source=SOURCE,
    kind="tight",
)
product = with_mutants(
    product,
    product.mutate("a hair less", False, holds=mu * sigma <= Rational(999, 1000) * Ltx**2),
    product.mutate("not squared", False, holds=mu * sigma <= Ltx),
    product.mutate(
        "any mixed derivative", False, given=[definite, norm(h) > 0, *product.given[3:]]
    ),
    product.mutate("no curvature", False, given=product.given[:3]),
    product.mutate("reversed", False, holds=mu * sigma >= Ltx**2),
    product.mutate("twice", True, holds=mu * sigma <= 2 * Ltx**2),
)

kantorovich = Claim(
    id="flatness-product-of-curvatures",
    title="Curvature along a direction times that of the inverse is at least one",
    given=[LoewnerLe(mu * identity(), M)],
    holds=dot(h, M @ h) * dot(h, inverse_on(M, identity()) @ h) >= norm(h) ** 4,
    source="ours",
    kind="tight",
)
kantorovich = with_mutants(
    kantorovich,
    kantorovich.mutate(
        "a hair more",
        False,
        holds=dot(h, M @ h) * dot(h, inverse_on(M, identity()) @ h)
        >= Rational(1001, 1000) * norm(h) ** 4,
    ),
    kantorovich.mutate(
        "from above",
        False,
        holds=dot(h, M @ h) * dot(h, inverse_on(M, identity()) @ h) <= norm(h) ** 4,
    ),
    kantorovich.mutate(
        "inverse alone", False, holds=(dot(h, inverse_on(M, identity()) @ h) >= norm(h) ** 2)
    ),
    kantorovich.mutate(
        "half",
        True,
        holds=dot(h, M @ h) * dot(h, inverse_on(M, identity()) @ h) >= norm(h) ** 4 / 2,
    ),
)
