"""EntropySGD's smoothed loss in one dimension, its relatives, and rigorous enclosures of them.

``LocalEntropy`` and its zero-temperature limit ``MoreauEnvelope`` smooth a loss in its parameter,
``SoftAttack`` in the attack; ``constants`` is what theorems say of the curvature, ``hunt`` looks
for a counterexample to the constant that is only conjectured.
"""

from numerics.local_entropy.local_entropy import EntropyValue, LocalEntropy
from numerics.local_entropy.moreau_envelope import EnvelopeValue, MoreauEnvelope
from numerics.local_entropy.soft_attack import SoftAttack, SoftValue
from numerics.local_entropy.tilted import NotIntegrable

__all__ = [
    "EntropyValue",
    "EnvelopeValue",
    "LocalEntropy",
    "MoreauEnvelope",
    "NotIntegrable",
    "SoftAttack",
    "SoftValue",
]
