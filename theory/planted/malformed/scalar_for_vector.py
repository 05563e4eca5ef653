# expected: norm: expected a vector, got epsilon
"""A scalar where a vector belongs."""

from sympy import symbols

from theory import Claim, norm

eps = symbols("epsilon", positive=True)
scalar = Claim(id="scalar-for-vector", holds=norm(eps) <= eps)
