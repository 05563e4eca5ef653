"""Binary linear classifiers in floating point: derived formulas as numpy, and what they measure."""

from numerics.linear.hoelder import base_points, hoelder_exponent, modulus_of_continuity
from numerics.linear.jumps import gradient_jump
from numerics.linear.lipschitz import PairBound, random_pair_bound
from numerics.linear.losses import LinearLoss, adversarial_loss, natural_loss
from numerics.linear.lowering import lower

__all__ = [
    "LinearLoss",
    "PairBound",
    "adversarial_loss",
    "base_points",
    "gradient_jump",
    "hoelder_exponent",
    "lower",
    "modulus_of_continuity",
    "natural_loss",
    "random_pair_bound",
]
