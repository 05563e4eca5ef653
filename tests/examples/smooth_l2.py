# smooth_l2.py
from sympy import symbols

from theory import AdversarialLoss, Claim, Label, Lipschitz, NormBall, Vector, logistic, norm

theta, x, y = Vector("theta"), Vector("x"), Label("y")
eps, rho, B = symbols("epsilon rho B", positive=True)
loss = AdversarialLoss(logistic, NormBall(2, eps))

away_from_zero = Claim(
    id="l2-away-from-zero",
    title="The L2 adversarial logistic loss has a Lipschitz gradient away from the origin",
    given=[norm(theta) >= rho, norm(x) <= B],
    holds=Lipschitz(loss.gradient(theta, x, y), wrt=theta, constant=(B + eps) ** 2 / 4 + eps / rho),
    source="Kanai et al. 2021, binary linear case; constant ours",
)
