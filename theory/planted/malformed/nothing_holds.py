# expected: expected holds=..., a relation or a statement
"""A claim that claims nothing."""

from theory import Claim

silent = Claim(id="nothing-holds")
