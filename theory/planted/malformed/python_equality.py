# expected: == and != compare formulas as written
"""Python's == where Eq belongs."""

from theory import Claim, Vector, norm

u, v = Vector("u"), Vector("v")
equal = Claim(id="python-equality", holds=norm(u) == norm(v))
