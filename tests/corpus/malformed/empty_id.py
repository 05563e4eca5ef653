# expected: expected id to be a name
"""A claim that nobody can name."""

from theory import Claim, Vector, norm

nameless = Claim(id=" ", holds=norm(Vector("theta")) >= 0)
