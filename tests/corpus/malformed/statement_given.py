# expected: expected relations or in_orthant(...)
"""A hypothesis that is a statement of another kind."""

from theory import Claim, Convex, Vector, norm

theta = Vector("theta")
convex = Claim(id="statement-given", given=[Convex(norm(theta), theta)], holds=norm(theta) >= 0)
