# any_model.py
from sympy import symbols

from theory import (
    Claim,
    ConvexSet,
    Function,
    InnerMaximum,
    Lipschitz,
    Smooth,
    StronglyConcave,
    Vector,
    gradient,
)

theta, x = Vector("theta"), Vector("x")
mu, L_tt, L_tx = symbols("mu L_tt L_tx", positive=True)
loss = Function("l", "x", "theta")  # any differentiable loss of an input and parameters
value, worst = loss(x, theta), InnerMaximum(loss, "x", ConvexSet("K"))

any_model = Claim(
    id="any-model",
    title="A worst case is smooth where the loss is strongly concave in the attacked input",
    given=[
        StronglyConcave(value, wrt=x, modulus=mu),
        Lipschitz(gradient(value, theta), wrt=theta, constant=L_tt),
        Lipschitz(gradient(value, theta), wrt=x, constant=L_tx),
        Lipschitz(gradient(value, x), wrt=theta, constant=L_tx),
    ],
    holds=Smooth(worst.value(theta), wrt=theta, constant=L_tt + L_tx**2 / mu),
    source="Sinha et al. 2018; any convex set ours",
)
