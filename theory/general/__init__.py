"""Losses of any differentiable model: known by their values and derivatives at points."""

from theory.general.functions import Function
from theory.general.inner_maximum import ConvexSet, InnerMaximum
from theory.general.local_entropy import LocalEntropy

__all__ = ["ConvexSet", "Function", "InnerMaximum", "LocalEntropy"]
