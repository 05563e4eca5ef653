"""Rigorous numbers for plain SymPy scalars: balls, wide ranges, exact zero tests, decisions.

``enclose`` returns an Arb ball that contains the value, ``range_of`` an outward-rounded interval
on a possibly unbounded domain, ``decide`` the truth of a relation at an exact point. An undefined
value is ``nan`` (or ``None``); it never becomes a finite ball or a truth value.
"""

from theory.enclosure.balls import enclose
from theory.enclosure.decide import decide
from theory.enclosure.evaluate import Unsupported
from theory.enclosure.exact import is_exactly_zero
from theory.enclosure.ranges import Range, range_of
from theory.enclosure.series import derivatives

__all__ = [
    "Range",
    "Unsupported",
    "decide",
    "derivatives",
    "enclose",
    "is_exactly_zero",
    "range_of",
]
