# expected: expected a relation or a statement
"""A hypothesis that is a number."""

from theory import Claim, Vector, norm

theta = Vector("theta")
number = Claim(id="vector-given", given=[norm(theta)], holds=norm(theta) >= 0)
