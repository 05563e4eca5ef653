"""Claims about adversarial losses: write them, derive their closed forms, prove them.

Importing this package loads SymPy and nothing heavier.
"""

from theory.adversarial_loss import AdversarialLoss
from theory.attack_sets import AttackSet, NormBall, dual_exponent
from theory.calculus import KinkError, gradient, hessian, jacobian
from theory.claims import Claim, Mutant
from theory.hypotheses import in_orthant
from theory.losses import MarginLoss, exponential, hinge, logistic, squared_hinge
from theory.matrices import diag, identity, outer
from theory.scalars import dot, norm
from theory.statements import (
    Convex,
    Differentiable,
    Equal,
    Lipschitz,
    Maximizes,
    Not,
    Smooth,
)
from theory.vectors import (
    Label,
    Signs,
    Vector,
    absolute,
    hadamard,
    ones,
    sign,
    unit,
)

__all__ = [
    "AdversarialLoss",
    "AttackSet",
    "Claim",
    "Convex",
    "Differentiable",
    "Equal",
    "KinkError",
    "Label",
    "Lipschitz",
    "MarginLoss",
    "Maximizes",
    "Mutant",
    "NormBall",
    "Not",
    "Signs",
    "Smooth",
    "Vector",
    "absolute",
    "diag",
    "dot",
    "dual_exponent",
    "exponential",
    "gradient",
    "hadamard",
    "hessian",
    "hinge",
    "identity",
    "in_orthant",
    "jacobian",
    "logistic",
    "norm",
    "ones",
    "outer",
    "sign",
    "squared_hinge",
    "unit",
]
