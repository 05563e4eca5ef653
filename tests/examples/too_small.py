# too_small.py
from sympy import symbols

from theory import AdversarialLoss, Claim, Label, Lipschitz, NormBall, Vector, logistic, norm

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps, rho, B = symbols("epsilon rho B", positive=True)
loss = AdversarialLoss(logistic, NormBall(2, eps))

quarter = Claim(
    id="l2-quarter-of-the-turning",
    title="The same, with a quarter of the second term: false",
    given=[norm(theta) >= rho, norm(x) <= B],
    holds=Lipschitz(
        loss.gradient(theta, x, y), wrt=theta, constant=(B + eps) ** 2 / 4 + eps / (4 * rho)
    ),
    source="a mistake, on purpose",
)
