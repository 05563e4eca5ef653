"""Entailment between inequalities in several real variables, with checked certificates.

``entails``, ``contradictory`` and ``find_point`` on plain SymPy scalars. Each proof is an exact
identity that a small kernel re-expands, or a text that z3 and cvc5 both refute.
"""

from theory.reasoning.inequalities.engine import contradictory, entails
from theory.reasoning.inequalities.points import find_point
from theory.reasoning.inequalities.proof import EntailmentProof
from theory.reasoning.inequalities.purify import UnsupportedExpression

__all__ = ["EntailmentProof", "UnsupportedExpression", "contradictory", "entails", "find_point"]
