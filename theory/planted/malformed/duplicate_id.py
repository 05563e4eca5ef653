# expected: expected an id of its own, but 'twice' is taken
"""Two claims that answer to one id."""

from theory import Claim, Vector, norm

u = Vector("u")
first = Claim(id="twice", holds=norm(u) <= norm(u, 1))
second = Claim(id="twice", holds=norm(u) <= 2 * norm(u, 1))
