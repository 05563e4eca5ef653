"""A certificate checker on Arb balls: the standard library and python-flint, nothing else.

.. math:: \\text{file} \\mapsto \\text{accepted} \\mid \\text{rejected, with one sentence}

It shares no code with the program that writes certificates, nor with the other checker.
"""

from numerics.certificates.arb.check import check
from numerics.certificates.arb.outcome import Malformed, Outcome

__all__ = ["Malformed", "Outcome", "check"]
