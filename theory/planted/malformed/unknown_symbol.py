# expected: name 'epsilon' is not defined
"""A claim with an unknown symbol."""

from theory import Claim, Vector, norm

unknown = Claim(id="unknown-symbol", holds=norm(Vector("theta")) <= epsilon)  # type: ignore  # noqa
