"""Convex sets of perturbations, one family a file, each given by its support function."""

from theory.attack_sets.norm_ball import NormBall, dual_exponent
from theory.attack_sets.support_function import AttackSet

__all__ = ["AttackSet", "NormBall", "dual_exponent"]
