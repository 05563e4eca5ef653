# expected: expected two vectors or two matrices (scalars: use Eq)
"""Equal of two scalars, where Eq belongs."""

from theory import Claim, Equal, Vector, norm

u = Vector("u")
same = Claim(id="equal-scalars", holds=Equal(norm(u), norm(-u)))
