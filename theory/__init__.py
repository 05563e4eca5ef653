"""Claims about adversarial losses: write them, derive their closed forms, prove them.

Importing this package loads SymPy and nothing heavier.
"""

from theory.adversarial_loss import AdversarialLoss
from theory.attack_sets import AttackSet, NormBall, dual_exponent
from theory.calculus import KinkError, gradient, hessian, jacobian
from theory.claims import Claim, Mutant
from theory.everywhere import Everywhere
from theory.general import ConvexSet, Function, InnerMaximum, LocalEntropy
from theory.hypotheses import in_orthant
from theory.linear_maps import inverse, inverse_on, linear_map, off, operator_norm
from theory.loewner_order import LoewnerLe
from theory.losses import MarginLoss, exponential, hinge, logistic, squared_hinge
from theory.matrices import diag, identity, outer
from theory.moduli import StronglyConcave, StronglyConvex, WeaklyConvex
from theory.one_sided import Directional
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
    "ConvexSet",
    "Differentiable",
    "Directional",
    "Equal",
    "Everywhere",
    "Function",
    "InnerMaximum",
    "KinkError",
    "Label",
    "Lipschitz",
    "LocalEntropy",
    "LoewnerLe",
    "MarginLoss",
    "Maximizes",
    "Mutant",
    "NormBall",
    "Not",
    "Signs",
    "Smooth",
    "StronglyConcave",
    "StronglyConvex",
    "Vector",
    "WeaklyConvex",
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
    "inverse",
    "inverse_on",
    "jacobian",
    "linear_map",
    "logistic",
    "norm",
    "off",
    "ones",
    "operator_norm",
    "outer",
    "sign",
    "squared_hinge",
    "unit",
]
