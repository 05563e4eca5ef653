"""Vary a proved claim towards stronger ones; refute those that are false, prove those that are not.

``sharpen(claim, budget, seed)`` ends in a ``Sharpening``, which prints as a table: every variation
with its verdict, the best factor of every term from both sides, and what survived as *candidates
for a sharper theorem*.  A survivor is a question, not an answer, unless a prover answers it.
"""

from numerics.sharpen.report import Enclosure, Sharpening, Variation
from numerics.sharpen.search import sharpen

__all__ = ["Enclosure", "Sharpening", "Variation", "sharpen"]
