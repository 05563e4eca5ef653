"""The scalars, vectors and matrices of a claim at an instance, exact or as balls.

.. math:: l(\\delta^*(\\theta),\\theta),\\quad \\nabla_x l,\\quad A v,\\quad (PMP)^+,\\quad
          \\langle u, v\\rangle,\\quad \\|v\\|_p \\ \\mapsto\\ \\text{numbers}

A maximiser that is not unique is one of its values: ``selection`` says which, ``ties`` keeps how
many there were, so that a caller can try them all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from flint import arb

from numerics.falsify.unknowns.atoms import body_of, map_of
from numerics.falsify.unknowns.entropies import Entropy
from numerics.falsify.unknowns.instances import Concrete, Instance
from numerics.falsify.unknowns.numbers import (
    ONE,
    ZERO,
    Number,
    Undefined,
    is_exact,
    largest,
    power,
    rational,
    smallest,
)
from numerics.falsify.unknowns.p_norms import p_norm, sign_of
from numerics.falsify.unknowns.rational_matrices import (
    Matrix,
    Row,
    added,
    applied,
    diagonal,
    dotted,
    operator_norm_of,
    outer_product,
    product,
    scaled,
    unit_matrix,
)
from theory.general.functions import Partial, Value
from theory.general.inner_maximum import Maximiser, Support
from theory.general.local_entropy import EntropyValue, Mean
from theory.linear_maps import Image, OperatorNorm
from theory.matrices import Diag, MatrixSum, Outer
from theory.scalars import Dot, Norm
from theory.vectors import AbsPower, Hadamard, Ones, Sign, Vector

_BALLS: dict[Any, Callable[[Any], Any]] = {
    sp.exp: lambda a: a.exp(),
    sp.sin: lambda a: a.sin(),
    sp.cos: lambda a: a.cos(),
    sp.tanh: lambda a: a.tanh(),
    sp.cosh: lambda a: a.cosh(),
    sp.sinh: lambda a: a.sinh(),
    sp.atan: lambda a: a.atan(),
}


@dataclass
class Evaluation:
    """At one instance, with one choice among tied maximisers."""

    instance: Instance
    selection: dict[Any, int] = field(default_factory=dict)
    ties: dict[Any, int] = field(default_factory=dict)
    known: dict[Any, Any] = field(default_factory=dict)

    def scalar(self, e: Any) -> Number:
        """A real number; Undefined where it does not exist or is of an unknown kind."""
        if e not in self.known:
            self.known[e] = self._scalar(e)
        return self.known[e]

    def vector(self, v: Any) -> Row:
        """The d coordinates."""
        if v not in self.known:
            self.known[v] = self._vector(v)
        return self.known[v]

    def matrix(self, m: MatrixSum) -> Matrix:
        """The d rows."""
        if m not in self.known:
            self.known[m] = self._matrix(m)
        return self.known[m]

    def _scalar(self, e: Any) -> Number:
        if isinstance(e, sp.Rational):
            return rational(e)
        if e in self.instance.scalars:
            return self.instance.scalars[e]
        if isinstance(e, sp.Add):
            return sum((self.scalar(a) for a in e.args), ZERO)
        if isinstance(e, sp.Mul):
            return self._product(e)
        if isinstance(e, sp.Pow):
            return power(self.scalar(e.base), self.scalar(e.exp))
        return self._of_vectors(e) if isinstance(e, _OF_VECTORS) else self._function(e)

    def _product(self, e: Any) -> Number:
        result: Number = ONE
        for a in e.args:
            result = result * self.scalar(a)
        return result

    def _function(self, e: Any) -> Number:
        args = [self.scalar(a) for a in e.args]
        if isinstance(e, sp.Abs):
            return abs(args[0])
        if isinstance(e, sp.Max | sp.Min):
            return largest(args) if isinstance(e, sp.Max) else smallest(args)
        if isinstance(e, sp.log):
            if not args[0] > 0:
                raise Undefined("logarithm of a number that is not known to be positive")
            return arb(args[0]).log()
        if e is sp.pi or e is sp.E:
            return arb.pi() if e is sp.pi else arb(1).exp()
        if type(e) not in _BALLS:
            raise Undefined(f"no value for {type(e).__name__}")
        return _BALLS[type(e)](arb(args[0]))

    def _of_vectors(self, e: Any) -> Number:
        if isinstance(e, Norm):
            return p_norm(self.vector(e.vector), e.p)
        if isinstance(e, Dot):
            u, v = e.args
            return dotted(self.vector(u), self.vector(v))
        if isinstance(e, Value):
            return self.concrete(e.function).value([self.vector(p) for p in e.points])
        if isinstance(e, OperatorNorm):
            return operator_norm_of(self.matrix(e.args[0]))
        if isinstance(e, Support):
            return self.instance.sets[str(e.args[0])].support(self.vector(e.args[1]))
        return self.entropy(e).value

    def _vector(self, v: Any) -> Row:
        d = self.instance.dimension
        if v in self.instance.vectors:
            return self.instance.vectors[v]
        if isinstance(v, Vector):
            raise Undefined(f"no value for {v}")
        terms = v.terms()
        if len(terms) != 1 or terms[0][1] != v:
            rows = [[self.scalar(c) * x for x in self.vector(a)] for c, a in terms]
            return [sum(column, ZERO) for column in zip(*rows, strict=True)] if rows else [ZERO] * d
        return self._atom(v)

    def _atom(self, v: Any) -> Row:
        if isinstance(v, Partial):
            return self.concrete(v.function).partial(v.slot, [self.vector(p) for p in v.points])
        if isinstance(v, Maximiser):
            return self.maximiser(v)
        if isinstance(v, Mean):
            return self.entropy(v).mean
        if isinstance(v, Image):
            return applied(map_of(v.map, self), self.vector(v.inner))
        if isinstance(v, Ones):
            return [ONE] * self.instance.dimension
        return self._componentwise(v)

    def _componentwise(self, v: Any) -> Row:
        if isinstance(v, Hadamard):
            rows = [self.vector(a) for a in v.args]
            result = rows[0]
            for row in rows[1:]:
                result = [x * y for x, y in zip(result, row, strict=True)]
            return result
        if isinstance(v, Sign):
            return [sign_of(x) for x in self.vector(v.inner)]
        if isinstance(v, AbsPower):
            e = self.scalar(v.exponent)
            if not e > 0:  # |0|^0 is 0 here, which no power of numbers is
                raise Undefined("power with an exponent that is not positive")
            return [power(abs(x), e) for x in self.vector(v.inner)]
        raise Undefined(f"no value for {type(v).__name__}")

    def _matrix(self, m: MatrixSum) -> Matrix:
        d = self.instance.dimension
        total = scaled(unit_matrix(d), ZERO)
        for c, part in m.entries():
            total = added(total, self._part(part), self.scalar(c))
        return total

    def _part(self, part: Any) -> Matrix:
        if isinstance(part, Outer):
            return outer_product(self.vector(part.args[0]), self.vector(part.args[1]))
        if isinstance(part, Diag):
            return diagonal(self.vector(part.args[0]))
        result = unit_matrix(self.instance.dimension)
        for factor in part.args:  # a Word, from left to right
            diagonal_factor = isinstance(factor, Diag)
            step = self._part(factor) if diagonal_factor else map_of(factor, self)
            result = product(result, step)
        return result

    def concrete(self, f: Any) -> Concrete:
        """The concrete function of a Function."""
        if f not in self.instance.functions:
            raise Undefined(f"no function for {f}")
        return self.instance.functions[f]

    def entropy(self, atom: Any) -> Entropy:
        """The local entropy that an atom speaks of."""
        f, gamma = self.concrete(atom.function), self.scalar(atom.gamma)
        if not is_exact(gamma) or not gamma > 0:
            raise Undefined("local entropy: expected a rational gamma > 0")
        return f.entropy(gamma, self.vector(atom.point))

    def maximiser(self, m: Maximiser) -> Row:
        """The selected maximiser; the same for the same values of the other arguments."""
        f, body = self.concrete(m.function), body_of(m, self)
        others = [self.vector(o) for o in m.others]
        if not is_exact(*(x for row in others for x in row)):
            raise Undefined("maximiser at a point that is not rational")
        k = m.function.index(m.slot)
        points = [*others[:k], [ZERO] * self.instance.dimension, *others[k:]]
        found = f.maximisers(m.slot, body, points)
        key = (m.function, m.slot, str(body), str(others))
        if len(found) > 1:
            self.ties[key] = len(found)
        return found[min(self.selection.get(key, 0), len(found) - 1)]


_OF_VECTORS = (Norm, Dot, Value, OperatorNorm, Support, EntropyValue)
