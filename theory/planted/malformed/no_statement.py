# expected: expected a relation or a statement, got norm(theta)
"""A number where a statement belongs."""

from theory import Claim, Vector, norm

number = Claim(id="no-statement", holds=norm(Vector("theta")))
