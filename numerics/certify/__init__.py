"""Certificates of boxes: statements on compact domains, closed box by box.

.. math:: \\text{statement} \\to \\text{scalar goals} \\to \\text{branch and bound in floats}
          \\to \\text{every leaf confirmed by Arb} \\to \\text{certificate}

``certify`` returns ``Certified`` or ``Gap``; only what was confirmed on every exact box is written.
"""

from numerics.certify.certify import Certified, Gap, certify
from numerics.certify.supremum import Supremum, enclose_supremum

__all__ = ["Certified", "Gap", "Supremum", "certify", "enclose_supremum"]
